"""Every no of a service says how it is answered, and why, in words for whoever asked."""

from collections.abc import Iterator

from booking.earlier import by_desk, offers, waitlist
from booking.visits import refusals
from booking.visits.refusals import Refused

ANSWERED = {
    refusals.SlotUnavailable: (409, "taken"),
    refusals.SeriesTaken: (409, "series-taken"),
    refusals.TooLate: (409, "late"),
    refusals.NotAllowed: (409, "status"),
    refusals.VisitsToCome: (409, "to-come"),
    refusals.OtherPlace: (403, "place"),
    refusals.Changed: (409, "changed"),
    refusals.KeyReused: (422, "reused"),
    refusals.OverLimit: (429, "limit"),
    refusals.MailboxFull: (429, "mailbox"),
    refusals.OnlineFull: (429, "full"),
    offers.OfferOver: (409, "over"),
    waitlist.NotOnTheList: (409, "no-list"),
    by_desk.WishChanged: (409, "wish-changed"),
}


def kinds(above: type[Refused] = Refused) -> Iterator[type[Refused]]:
    for kind in above.__subclasses__():
        if kind.__module__.startswith("booking."):
            yield kind
        yield from kinds(kind)


def is_sentence(words: object) -> bool:
    said = str(words)
    return said[:1].isupper() and said.endswith(".")


def test_every_refusal_has_a_status_and_a_code_of_its_own():
    assert {kind: (kind.status, kind.code) for kind in kinds()} == ANSWERED
    assert len({kind.code for kind in kinds()}) == len(ANSWERED)


def test_every_refusal_has_a_sentence_for_whoever_asked():
    silent = [kind for kind in kinds() if not is_sentence(kind.problem)]
    silent += [kind for kind in kinds() if not is_sentence(kind().for_staff)]

    assert silent == []
