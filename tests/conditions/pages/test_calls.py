"""Signs to call somebody else about than 911 or one's doctor stand together."""

from django.template.loader import render_to_string

from conditions.models import UrgencyLine
from conditions.pages.calls import Call, Sign, calls, of_this_card, unless_911
from conditions.pages.urgency import Cards

UNIT, SURGEON = "call your maternity unit or 911", "call your surgeon"


def lines(*texts):
    return [UrgencyLine(text=text) for text in texts]


def test_lines_that_end_alike_make_a_card():
    rows = lines(f"you bleed ({UNIT})", "your chest hurts", f"your belly tightens ({UNIT})")

    signs = [Sign("you bleed", rows[0]), Sign("your belly tightens", rows[2])]
    assert calls(rows) == [Call(UNIT, signs)]
    assert [row.text for row in of_this_card(rows)] == ["your chest hurts"]


def test_line_alone_says_for_itself_whom_to_call():
    rows = lines(f"you bleed ({UNIT})", f"the wound is red ({SURGEON})")

    assert calls(rows) == []
    assert of_this_card(rows) == rows


def test_other_words_in_brackets_stay_where_they_are():
    rows = lines("you cough blood (it may be a clot)", "you cough (it may be a clot)")

    assert (calls(rows), of_this_card(rows)) == ([], rows)


def test_card_of_its_own_says_how_soon():
    emergency = lines(f"you bleed ({UNIT})", f"your belly tightens ({UNIT})")
    urgent = lines(f"the wound is red ({SURGEON})", f"you fell ({SURGEON})")
    cards = {"cards": Cards(lead="pain", emergency=emergency, urgent=urgent)}

    now = render_to_string("conditions/_urgency.html", cards)
    today = render_to_string("conditions/_less_urgent.html", cards)

    assert "<h2>Call your maternity unit or 911 now if:</h2>" in now
    assert "<h3>Call your surgeon today if:</h3>" in today
    assert "(call" not in now + today


def test_signs_for_where_none_calls_for_911_make_a_list_of_their_own():
    ends = ", and no sign calls for 911"
    rows = lines("it wakes you", f"you have a fever{ends}", f"one calf swells{ends}")

    assert (unless_911(rows), of_this_card(rows)) == (
        [Sign("you have a fever", rows[1]), Sign("one calf swells", rows[2])],
        rows[:1],
    )
    assert (unless_911(rows[:2]), of_this_card(rows[:2])) == ([], rows[:2])
