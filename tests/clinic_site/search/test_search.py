"""Search finds what people mean, warns first, and keeps nothing of what they look for."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest

from clinic_site.search import index, results, words
from conditions.models import Condition, Exercise, Page, UrgencyLine
from tests import shipped
from tests.builders import make_therapist
from tests.conditions.builders import make_area

# Typed → the page that stands first. `|` parts the words of one page.
TERMS = {
    "/conditions/back-pain/": (
        "back pain|bakc pain|back ache|backache|lumbago|lumbar pain|low back|sore back|back hurts"
        "|tailbone|coccyx|tail bone|Back-Pain|BACK PAINS|my back hurts when I sit"
    ),
    "/conditions/back-pain/#does-not-help": (
        "cupping|posture brace|back brace|belt|TENS|ultrasound|traction|inversion table"
        "|decompression table"
    ),
    "/conditions/sciatica/": (
        "pinched nerve|trapped nerve|nerve pain leg|leg nerve|radiculopathy|radicular|L4|L5|S1"
        "|sciatica|siatica|syatica|ciatica|sciatic|sciatic nerve|cyatica|shooting leg pain"
        "|pain down leg|electric leg|numb leg|tingling foot|pins and needles foot|foot drop"
        "|nerve pain down leg|slipped disc leg pain|L5 S1|numbness in my leg"
    ),
    "/conditions/disc-problems/": (
        "slipped disc|slip disk|herniated|hernated|herniatied|bulging disc|bulge|ruptured disc"
        "|prolapse|disk|torn disc|disc tear|degenerative disc|DDD|dessicated|black disc|worn disc"
        "|disc wear"
        "|herniated disk|prolapsed disc|degenerative disc disease|dessicated disc"
    ),
    "/conditions/lumbar-spinal-stenosis/": (
        "stenosis|stinosis|stenosus|spinal narrowing|narrow canal|shopping cart"
        "|legs heavy walking|claudication|claudacation"
        "|spinal stenosis|narrow spine|pinched spine|neurogenic claudication"
        "|legs give out when I walk|shopping cart sign|leg cramps walking"
    ),
    "/conditions/scoliosis/": (
        "scoliosis|scoliosus|scolosis|skoliosis|curved spine|crooked spine|S curve|uneven hips"
        "|uneven shoulders|rib hump"
        "|crooked back|S-shaped spine"
    ),
    "/conditions/spine-osteoarthritis/": (
        "arthritis|artheritis|arthiritis|osteoarthritis|OA|spondylosis|spondilosis|facet|bone spur"
        "|wear and tear|stiff morning|ankylosing|inflammatory back|AS|spondylitis"
        "|arthritis in back|spinal arthritis|facet arthritis|degenerative joint disease"
        "|bone spurs|back stiffness morning"
    ),
    "/conditions/pregnancy-back-pelvic-pain/": (
        "pregnant|pregnancy|pregnent|expecting|postpartum|after baby|SPD|symphysis|pubic bone"
        "|pelvic girdle|gurdle|SI joint|sacroiliac"
        "|pregnancy back pain|pelvic pain pregnant|symphysis pubis|lightning crotch"
        "|SI joint pain pregnant|tailbone pain pregnant|pubic bone pain|postpartum back pain"
        "|pelvic gurdle"
    ),
    "/conditions/back-strain-sports-injury/": (
        "pulled muscle|pulled back|strain|strane|sprain|threw out back|back went out|spasm"
        "|cramp back|knot|gym injury|deadlift|squat pain|golf back|gymnast|tennis back"
        "|football back|pars|spondylolysis|stress fracture back"
        "|pulled muscle back|threw my back out|back spasm|sprained back|gym back injury"
        "|deadlift back pain|golf back pain|gymnast back pain|charlie horse back"
    ),
    "/conditions/back-surgery-rehab/": (
        "surgery|operation|fusion|laminectomy|lamenectomy|microdiscectomy|disectomy|discectomy"
        "|decompression surgery|failed back|after surgery|post op|rehab|recovery"
        "|back surgery recovery|spinal fusion recovery|laminectomy rehab"
        "|microdiscectomy exercises|rehab after disc surgery|failed back surgery|spinal infusion"
    ),
    "/conditions/upper-back-pain/": (
        "upper back|mid back|middle back|thoracic|thorasic|between shoulder blades"
        "|shoulder blade pain|rhomboid|rib pain|posture|poster|slouch|hunchback|hunch|kyphosis"
        "|kifosis|rounded shoulders|text neck|tech neck|dowager"
        "|pain between shoulder blades|upper back knots|mid back pain|thoracic pain"
        "|desk posture|dowager's hump|rhomboid pain|poor poster"
    ),
    "/articles/prehabilitation/": (
        "prehab|before surgery|pre op|prehabilitation|get ready for surgery"
    ),
    "/articles/active-at-a-desk-job/": (
        "desk|office|sitting|ergonomics|ergonomic|monitor|standing desk|work from home|bifocals"
    ),
    "/articles/aquatic-therapy/": "pool|water|hydrotherapy|aqua|swim|aquatic",
    "/articles/strength-training-for-runners/": (
        "runner|running|marathon|jogging|strength|weights|lifting weights"
    ),
    "/articles/what-physical-therapy-can-do/": (
        "direct access|referral|what is PT|physio|physiotherapy|physical therapist"
        "|phisical therapy|DPT"
    ),
    "/exercises/piriformis-stretch/": (
        "butt stretch|figure four|figure 4|hip stretch|piriformis|pirformis|glute stretch"
    ),
    "/exercises/bird-dog/": "bird dog|birddog|pointer|bird-dog",
    "/exercises/supine-trunk-rotation/": (
        "knee roll|knee drop|windshield wiper|twist lying|trunk rotation"
    ),
    "/exercises/seated-rotation/": "seated twist|chair twist",
    "/exercises/thoracic-extension/": "thoracic extension|chair stretch|bend back over chair",
    "/exercises/shoulder-roll/": "shoulder circles|shoulder roll|shrug",
    "/exercises/shoulder-blade-squeeze/": "scapular squeeze|scapula|shoulder pinch|retraction",
    "/exercises/pelvic-tilt/": "pelvic tilt|pelvic rock|flatten back|hip tilt",
    "/exercises/cat-cow/": "cat cow|cat camel|cat stretch|angry cat",
    "/exercises/knee-to-chest/": "knee hug|knees to chest|single knee",
    "/exercises/bridge/": "bridge|glute bridge|hip lift|hip raise",
    "/exercises/prone-press-up/": "McKenzie|mckenzy|cobra|press up|sphinx|extension exercise",
    "/exercises/dead-bug/": "dead bug|core|abs|brace|bracing|stomach exercise",
    "/exercises/side-plank-knees/": "side plank|plank|oblique",
    "/exercises/sit-to-stand/": "chair stand|sit to stand|chair squat|squat",
    "/exercises/sciatic-nerve-glide/": "nerve floss|flossing|nerve glide|slider|neural",
    "/book/": "make an appointment",
    "/appointment/": "cancel my appointment",
    "/contact/": "where to park|parking|opening times",
    "/privacy/": "privacy|HIPAA",
    "/costs/": "cost|price|fees|insurance|Medicare|good faith estimate|how much does it cost",
    "/nondiscrimination/": "interpreter|translation|complaint",
}
EMERGENCY = (
    "numb groin|saddle|can't pee|can’t pee|cannot urinate|incontinence|pooped myself"
    "|both legs numb|no feeling|chest pain|chest pian|foot drop|I cant pee and my back hurts"
    "|slurred speech|my face droops|can't move my arm|my baby is not moving|coughing up blood"
    "|worst headache of my life|stiff neck and a fever"
)
URGENT = "cancer|tumor|fever|weight loss|night pain|ankylosing|spondylitis"
CARD = re.compile(r'<section class="urgency (\w+)"')
RESULT = re.compile(r'<ul class="list">(.*?)</ul>', re.DOTALL)


@pytest.fixture
def demo(settings):
    """Shipped content shows in the demo alone."""
    settings.DEMO = True


@pytest.fixture
def content(db, demo):
    shipped.load()


def make_condition(slug, state="example", **fields):
    title = slug.replace("-", " ").capitalize()
    defaults = {"title": title, "summary": f"About {title}."} | fields
    return Condition.objects.get_or_create(slug=slug, defaults=defaults | {"state": state})[0]


def make_exercise(slug, state="example"):
    title = slug.replace("-", " ").capitalize()
    defaults = {"title": title, "summary": "A movement.", "repetitions_min": 5, "area": make_area()}
    return Exercise.objects.get_or_create(slug=slug, defaults=defaults | {"state": state})[0]


def page_of(client, query):
    response = client.get("/search/?" + urlencode({"q": query}))
    assert response.status_code == 200
    return response.content.decode()


def found(client, query):
    """Addresses of the results, in order."""
    listed = RESULT.search(page_of(client, query))
    return re.findall(r'<li>\s*<a href="([^"]+)"', listed[1]) if listed else []


def heading(html):
    return unescape(re.search(r'<h2 id="results">\s*(.*?)\s*</h2>', html)[1])


def test_everyday_words_lead_to_the_page_that_answers(content):
    expected = {typed: url for url, line in TERMS.items() for typed in line.split("|")}

    firsts = {typed: [entry.url for entry in index.find(typed)[:1]] for typed in expected}

    assert {t: first for t, first in firsts.items() if first != [expected[t]]} == {}


def test_every_address_of_the_everyday_words_is_a_page(client, content):
    addresses = {url.split("#")[0] for url in words.terms()["pages"]}
    answers = {url: client.get(url).status_code for url in addresses}

    assert {url for url, status in answers.items() if status != 200} == set()


@pytest.mark.parametrize(
    ("typed", "both"),
    [
        (
            "sore bum|sore bums|soer bum",
            {"/conditions/sciatica/", "/exercises/piriformis-stretch/"},
        ),
        (
            "numb foot|my foot is numb|numb feet|numb toes|numbness in my foot",
            {"/conditions/sciatica/", "/conditions/lumbar-spinal-stenosis/"},
        ),
    ],
)
def test_several_pages_may_answer(client, content, typed, both):
    queries = typed.split("|")

    assert {query: set(found(client, query)[:2]) for query in queries} == dict.fromkeys(
        queries, both
    )


def test_red_flag_is_answered_with_the_emergency_card_before_every_answer(client, content):
    html = page_of(client, "numb groin")
    main = html[html.index("<main") : html.index("</main>")]

    assert (
        CARD.findall(main),
        main.index('class="urgency emergency"') < main.index('id="results"'),
        'href="tel:911"' in main,
        'class="button" href="/book/' in main,
    ) == (["emergency"], True, True, False)


@pytest.mark.parametrize("query", EMERGENCY.split("|"))
def test_every_red_flag_calls_for_the_emergency_card(query):
    assert results.warning(query)[0] == "emergency"


@pytest.mark.parametrize(
    ("query", "lead", "holds_saddle"),
    [
        ("numb groin", "back pain", True),
        ("chest pain", "pain", True),
        ("worst headache", "head or neck pain", False),
    ],
)
def test_a_red_flag_is_answered_with_the_lines_of_its_part(
    client, content, query, lead, holds_saddle
):
    html = page_of(client, query)
    card = html[html.index('class="urgency emergency"') :]
    card = card[: card.index("</section>")]

    assert f"if you have {lead} and:" in card
    assert ("your genitals, buttocks or inner thighs" in card, "you have chest pain" in card) == (
        holds_saddle,
        True,
    )


def test_a_red_flag_of_a_part_that_is_gone_is_answered_with_the_lines_of_any(client, db):
    UrgencyLine.objects.create(level="emergency", text="it is bad", state="example")

    assert "if you have pain and:" in page_of(client, "numb groin")


def test_urgent_sign_is_answered_with_its_card(client, content):
    assert CARD.findall(page_of(client, "cancer")) == ["urgent"]


@pytest.mark.parametrize("query", URGENT.split("|"))
def test_every_urgent_sign_calls_for_the_urgent_card(query):
    assert results.warning(query) == ("urgent", [])


@pytest.mark.parametrize(
    "query", ["back pain", "numb leg", "chest stretch", "sciatica", "", "never", "as good as"]
)
def test_other_words_raise_no_alarm(query):
    assert results.warning(query) == ("", [])


def test_nothing_found_offers_the_telephone_and_the_library(client, content):
    html = page_of(client, "xylophone")
    main = html[html.index("<main") : html.index("</main>")]

    assert (
        heading(main),
        re.findall(r'<a class="tap" href="(.*?)"', main),
        '<a class="button" href="tel:+12125550143">Call (212) 555-0143</a>' in main,
    ) == (
        "0 results for “xylophone”",
        ["/conditions/", "/articles/", "/exercises/", "/appointment/"],
        True,
    )


def test_title_and_heading_say_how_many_results_there_are(client, db):
    make_therapist("ana-ruiz")

    html = page_of(client, "ruiz")

    assert (re.findall(r"<title>(.*?) –", html), heading(html), found(client, "riuz")) == (
        ["Search: 1 result"],
        "1 result for “ruiz”",
        ["/team/ana-ruiz/"],
    )


def test_without_words_there_is_a_form_and_no_result(client, db):
    html = client.get("/search/").content.decode()

    assert (re.findall(r"<title>(.*?) –", html), 'id="results"' in html) == (["Search"], False)


@pytest.mark.parametrize("state", ["draft", "example"])
def test_what_is_not_public_is_never_found(client, db, settings, state):
    settings.DEMO = False
    make_condition("frozen-elbow", state=state)
    make_exercise("elbow-circles", state=state)
    Page.objects.create(slug="costs", title="Elbow prices", summary="Elbow.", state=state)
    make_therapist("elbow-expert", active=False)

    assert found(client, "elbow") == []


def test_what_is_public_is_found_by_title_summary_and_heading(client, demo, db):
    page = Page.objects.create(slug="costs", title="Prices", summary="No.", state="example")
    page.sections.create(heading="Elbow plans", text="")
    make_condition("frozen-elbow", state="example")
    make_condition("stiff-arm", state="example", summary="The elbow too.")

    assert found(client, "elbow") == [
        "/conditions/frozen-elbow/",
        "/costs/",
        "/conditions/stiff-arm/",
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_search_asks_the_database_as_often_however_many_rows(
    client, db, demo, django_assert_num_queries, rows
):
    for number in range(rows):
        make_condition(f"elbow-{number}")
        make_exercise(f"elbow-circle-{number}")
        make_therapist(f"elbow-ana-{number}")

    with django_assert_num_queries(17):
        client.get("/search/?q=elbow")


@pytest.mark.parametrize(
    "query",
    [
        *("?q=%F0%9F%A6%B4", "?q=%ED%A0%80", "?q=%FF", "?q=<script>", "?q=%27%22%3B--", "?q=%25_"),
        *("?q=" + "back+" * 999, "?q=" + "a" * 9999, "?q=.*(", "?q=%C3%9F%CC%81", "?q=a&q=b", "?"),
    ],
)
def test_nothing_that_is_typed_breaks_the_page(client, db, query):
    assert client.get("/search/" + query).status_code == 200


def test_words_beyond_the_limit_are_not_read(client, db):
    make_therapist("ana-ruiz")

    assert [found(client, "-" * length + "ruiz") for length in (196, 197)] == [
        ["/team/ana-ruiz/"],
        [],
    ]


def test_what_was_typed_is_shown_as_text(client, db):
    html = page_of(client, '<b>"x"</b>')

    assert (heading(html), "<b>" in html) == ('0 results for “<b>"x"</b>”', False)


def test_search_is_kept_by_nobody_and_sets_no_cookie(client, db):
    response = client.get("/search/?q=sciatica")

    assert (
        response["Cache-Control"],
        dict(response.cookies),
        '<meta name="robots" content="noindex">' in response.content.decode(),
        client.post("/search/").status_code,
    ) == ("no-store", {}, True, 405)


@pytest.mark.parametrize("path", ["/", "/nowhere/", "/search/"])
def test_every_page_offers_a_labelled_search_that_needs_no_script(client, db, path):
    html = client.get(path).content.decode()
    forms = re.findall(
        r'<form role="search" action="/search/" method="get" aria-label="(.*?)">', html
    )
    fields = re.findall(r'<input type="search" name="q" id="(.*?)"', html)
    last = ["Search, at the end of the page"]

    assert (forms, [f'for="{each}"' in html for each in fields]) == (
        last if path == "/" else ["Search", *last],
        [True] * len(forms),
    )
