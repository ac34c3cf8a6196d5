"""Somebody guesses links of e-mails and the cookie of a visit: at random, and near right ones."""

import base64
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.contrib.auth.tokens import default_token_generator  # noqa: E402
from django.utils import timezone  # noqa: E402

from booking.messages.invitations import InvitationTokens  # noqa: E402
from booking.models import Appointment  # noqa: E402
from booking.visits import tokens  # noqa: E402
from tests.faults.rows import Row, told  # noqa: E402
from tests.patients import Answer, Patient  # noqa: E402
from tests.running import Running  # noqa: E402

GUESSES, AT_ONCE, SEED = 10_000, 4, 20261130
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
PREFIXES = ["m", "offer", "wish", "cookie", "reset", "invitation"]
Guess = tuple[str, str]  # which link, and its secret


def right(visit: Appointment, user: User) -> dict[str, str]:
    """A secret of each kind that opens something; of offers and wishes the demo has none."""
    secret = tokens.make(visit)
    invited = User.objects.create(username="new.colleague", email="new@example.org", is_staff=True)
    invited.set_unusable_password()
    invited.save()
    return {
        "m": secret,
        "cookie": secret,
        "reset": f"{whose(user)}/{default_token_generator.make_token(user)}",
        "invitation": f"{whose(invited)}/{InvitationTokens().make_token(invited)}",
    }


def whose(user: User) -> str:
    return base64.urlsafe_b64encode(str(user.pk).encode()).rstrip(b"=").decode()


def guesses(known: dict[str, str], draw: random.Random) -> Iterator[Guess]:
    """By turns a random secret, a right one with a letter changed, cut off, or of another kind."""
    while True:
        kind = draw.choice(PREFIXES)
        secret = known.get(kind, known["m"])
        start, _slash, last = secret.rpartition("/")
        place = draw.randrange(len(last))
        near = [
            "".join(draw.choices(LETTERS, k=len(last))),
            last[:place] + draw.choice(LETTERS.replace(last[place], "")) + last[place + 1 :],
            last[: max(1, place)],
        ]
        text = draw.choice(near)
        yield kind, f"{start}/{text}" if start else text
        if kind in ("offer", "wish"):
            yield kind, known["m"]


def ask(site: Running, guess: Guess) -> Answer:
    kind, secret = guess
    if kind == "cookie":
        return Patient(site.url, {}, {"appointment": secret}).ask("GET", "/appointment/")
    prefix = "admin/reset" if kind in ("reset", "invitation") else kind
    return Patient(site.url, {}).ask("GET", f"/{prefix}/{secret}/")


def is_hit(guess: Guess, answer: Answer, visit: Appointment) -> bool:
    """Links that open something lead on; the cookie shows whose visit it is."""
    if guess[0] == "cookie":
        return visit.reference in answer.page or answer.status != 200
    return answer.status in (301, 302, 303)


def tried(site: Running) -> Iterator[Row]:
    visit = Appointment.objects.filter(status="booked", starts_at__gt=timezone.now()).first()
    assert visit is not None
    known = right(visit, User.objects.get(username="admin"))
    control = {pair[0]: is_hit(pair, ask(site, pair), visit) for pair in known.items()}
    yield Row("right ones that open (the control)", control, dict.fromkeys(known, True))
    asked = list(islice(guesses(known, random.Random(SEED)), GUESSES))
    begun = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda guess: ask(site, guess), asked))
    seconds = time.monotonic() - begun
    both = list(zip(asked, answers, strict=True))
    yield Row("guesses", len(asked))
    yield Row("hits", [guess for guess, answer in both if is_hit(guess, answer, visit)], [])
    statuses = Counter((guess[0], answer.status) for guess, answer in both)
    yield Row("answers by kind and status", dict(sorted(statuses.items())))
    yield Row("guesses a second that the site itself answers", f"{GUESSES / seconds:.0f}")
    pages = {answer.page for guess, answer in both if guess[0] == "m"}
    yield Row("different pages that guessed manage links get", len(pages), 1)


def main() -> int:
    with Running(dict(os.environ)) as site:
        return told(tried(site))


if __name__ == "__main__":
    sys.exit(main())
