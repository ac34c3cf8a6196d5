"""The message that tells somebody without a visit what they asked for, and how to leave."""

from dataclasses import replace

import pytest
from django.core import mail

from booking.earlier import waitlist
from booking.messages.kinds import WishToPatient
from booking.models import OutgoingEmail
from booking.visits import tokens
from tests.builders import (
    ANY_DAY,
    NOW,
    PATIENT,
    ask_without_visit,
    make_location,
    make_therapist,
    wait_without_visit,
)
from tests.reading import Words
from tests.worker import send_due

pytestmark = pytest.mark.django_db

TEXT = """\
You are on the earlier-time list
You have no visit yet. We write to you here when a time that suits you is free.

What: Initial consultation, 45 minutes
Days: Mon, Tue, Wed, Thu, Fri
Time of day: any time of day
With: {whom}
We look until: Tuesday, January 26
Telephone: (212) 555-0143

We keep a free time for you for 60 minutes. Then we ask the next person.

To see this or leave the list, open this link:
{link}
The link is yours alone: whoever has it can take you off the list.

If you may be having an emergency, call 911 or go to an emergency room now. Do not write to us.

Is this not for you? Someone may have typed your address by mistake. Call (212) 555-0143.

Willow Street Physical Therapy
"""


def states():
    rows = OutgoingEmail.objects.filter(kind="wish").order_by("pk")
    return list(rows.values_list("state", flat=True))


def test_the_place_that_was_asked_for_is_said():
    place = make_location("oak-avenue", name="Oak Avenue")
    wait_without_visit(wish=replace(ANY_DAY, location_id=place.pk))
    send_due(NOW)
    [found] = mail.outbox

    assert "\nWith: Anyone\nWhere: Oak Avenue\nWe look until:" in found.body
    assert "Where Oak Avenue We look" in " ".join(Words(found.alternatives[0][0]).words)


@pytest.mark.parametrize("chosen", [False, True])
def test_what_was_asked_for_is_said_without_personal_data(settings, chosen):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    ana = make_therapist()
    wish = replace(ANY_DAY, therapist_id=ana.pk) if chosen else ANY_DAY
    entry = wait_without_visit(wish=wish)
    assert send_due(NOW) == 1
    [found] = mail.outbox
    link = f"http://127.0.0.1:8000/wish/{tokens.make(entry)}/"
    whom = "Ana Ruiz, PT, DPT" if chosen else "Anyone"

    assert found.body == TEXT.format(link=link, whom=whom)
    assert (found.subject, found.to, found.reply_to) == (
        "Willow Street Physical Therapy: your place on the earlier-time list",
        ["rosa@example.org"],
        ["desk@clinic.example"],
    )
    assert found.extra_headers["Message-ID"] == f"<wish.0.{entry.uuid.hex}@127.0.0.1>"
    assert [word for word in ("Rosa", "Marquez", "0199") if word in str(found.message())] == []
    [html] = found.alternatives
    words = Words(html.content)
    assert words.addresses == ["tel:+12125550143", link]
    assert words.tags.isdisjoint({"img", "script", "link", "iframe"})
    said = " ".join(words.words)
    for line in [
        "You have no visit yet. We write to you here when a time that suits you is free.",
        "What Initial consultation, 45 minutes",
        "Days Mon, Tue, Wed, Thu, Fri",
        "Time of day any time of day",
        f"With {whom}",
        "We look until Tuesday, January 26",
        "Telephone (212) 555-0143",
        "We keep a free time for you for 60 minutes. Then we ask the next person.",
        "The link is yours alone: whoever has it can take you off the list.",
        "call 911",
    ]:
        assert line in said


def left(entry):
    waitlist.leave(wish=entry, now=NOW)


def corrected(_entry):
    wait_without_visit()


@pytest.mark.parametrize("change", [left, corrected])
def test_a_wish_that_is_over_is_not_written_about(change):
    change(wait_without_visit())
    send_due(NOW)

    assert states() == ["superseded", *(["sent"] if change is corrected else [])]


def test_without_asking_whether_it_waits_it_is_written_about(monkeypatch):
    monkeypatch.setattr(WishToPatient, "is_over", lambda *_arguments: False)
    left(wait_without_visit())
    send_due(NOW)

    assert states() == ["sent"]


def test_who_has_not_confirmed_is_asked_to_press_the_button():
    entry = ask_without_visit()
    send_due(NOW)
    [found] = mail.outbox
    link = f"http://127.0.0.1:8000/wish/{tokens.make(entry)}/"
    html = Words(found.alternatives[0][0])

    assert found.body.startswith(
        "Shall we look for a time for you?\n"
        "You asked us to look for a free time. Open this link and press the button there: "
        f"then we start. You have no visit yet.\n\n{link}\n"
    )
    assert "\nThe link waits until: Monday, November 30, noon\n" in found.body
    assert html.addresses == [link, "tel:+12125550143", link]
    said = " ".join(html.words)
    assert "Yes, look for a time" in said
    assert "The link waits until Monday, November 30, noon" in said
    assert [word for word in ("Rosa", "Marquez", "0199") if word in str(found.message())] == []


@pytest.mark.parametrize("wishes", [1, 3])
def test_a_message_takes_a_fixed_number_of_queries(django_assert_num_queries, wishes):
    for number in range(wishes):
        wait_without_visit(replace(PATIENT, name=f"Rosa {number}"))
    # As any message, and whether it still waits.
    with django_assert_num_queries(1 + 11 * wishes):
        send_due(NOW)
