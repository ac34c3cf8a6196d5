"""What a field of a condition's form is for, with an example: each is a text that ships."""

from django.utils.translation import gettext_lazy as _

CONDITION = {
    "title": _("The heading of the page. For example: Back pain"),
    "slug": _(
        "Last part of the page's address. For example: back-pain. Do not change it once the page "
        "is public."
    ),
    "medical_name": _("What doctors call it. For example: lumbar disc herniation"),
    "summary": _(
        "Two short sentences. They stand under the title and in search results. For example: "
        "Keep moving as much as you can, and get help early if it stops you."
    ),
    "warning_lead": _(
        "Fills the gap in “Call 911 if you have … and:”. For example: back or leg pain. Empty: the "
        "words of its first area."
    ),
    "what_it_is": _("One or two sentences. For example: Pain in the lower or the upper back."),
    "feels_in_short": _("One or two sentences. For example: An ache or a stiff back, or a spasm."),
    "what_helps": _(
        "What sources speak for, as the treatments below do. For example: Heat may help a little, "
        "for a short time."
    ),
    "gets_better": _(
        "How soon, with a source; say so if nobody knows. For example: Most women get well within "
        "six months of the birth [@pgp-2020]."
    ),
    "do_today": _(
        "The one or two things that help most. For example: Move each day, little and often."
    ),
    "not_for_therapy": _(
        "Who needs somebody else first, and whom. For example: It is rare, but it can do lasting "
        "harm: do not wait for a visit with us."
    ),
    "do_now": _(
        "Two lists, under **Do** and **Do not**. For example: - Keep moving as much as you can. "
        "Short walks count."
    ),
    "about": _(
        "What it is in the body, and how common it is, with sources. For example: Your back is "
        "your body's main support."
    ),
    "feels_like": _(
        "A list of what people feel. For example: You may notice one or more of these: - stiffness"
    ),
    "causes_text": _(
        "Stands over the causes below. For example: What that is can differ, but the first steps "
        "are much the same."
    ),
    "therapy": _(
        "What a therapist does, and why. For example: We test this again as you go on, so that we "
        "see at once if something changes."
    ),
    "first_visit": _("For example: Your first visit lasts about 45 minutes."),
    "evidence_text": _(
        "Who was studied, how many, and what came of it, each with its source. For example: One US "
        "trial had 220 adults who had had sciatica for less than 90 days [@fritz-2021]."
    ),
    "treatments_text": _(
        "Stands over the treatments below. For example: You may get one of these or several."
    ),
    "does_not_help": _(
        "Stands over what is “not advised” above. For example: You may still see them in ads."
    ),
    "prevention_text": _(
        "Stands over the tips. For example: No one can promise that it will not, but these habits "
        "can help."
    ),
    "tips": _("Habits that other pages tell of too. The page shows those that are ticked."),
    "related_conditions": _("Pages to read next."),
    "related_articles": _("Articles to read next."),
}
CAUSE = {
    "group": _("“Linked with it”: often found with it, and not shown to cause it."),
    "title": _("For example: Slow change with age"),
    "text": _(
        "One or two sentences, with a source. For example: In sport it can come from twisting, as "
        "in javelin, hockey or golf."
    ),
}
WARNINGS = _(
    "Lines of every page and of its areas stand on it already: below are those of this page alone. "
    "Each ends the sentence on its card. For example, “Call 911 if you have knee pain and:” by "
    "“the knee or the kneecap is out of shape or out of place”."
)
URGENCY_LINE = {
    "text": _(
        "Ends a sentence such as “… if you have knee pain and:”. For example: the knee or the "
        "kneecap is out of shape or out of place"
    ),
}
VERDICT = {
    "verdict": _(
        "What the sources say for this condition, in one line. They may disagree: say so. For "
        "example: May help, best together with exercise. Empty: no source speaks of it."
    ),
}
