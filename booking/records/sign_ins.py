"""Who signed in and who was refused, kept as it happens."""

from datetime import datetime, timedelta

from booking.models import SignIn
from booking.models.sign_in import HASH_LETTERS
from booking.transactions import retried
from booking.visits import limits

FORM = "sign-in"  # as hashes of it begin
LOCKED, Step = SignIn.Outcome.LOCKED, SignIn.Step
QUARTER = 900  # seconds
KNOWN_FOR = timedelta(days=180)  # a network from which somebody has signed in


@retried
def note(
    *, step: str, outcome: str, user: int | None, name: str, address: str, now: datetime
) -> None:
    """Write down one step of a sign-in: of a user by their key, or of a name that nobody has.

    What costs nothing to try again is written once in a quarter of an hour for each user and
    network, and once for all unknown names of a network: a flood of it fills no table.
    """
    network = network_of(address)
    once = None
    if (step, outcome) == (SignIn.Step.PASSKEY, SignIn.Outcome.WRONG) or outcome == LOCKED:
        name, quarter = "", int(now.timestamp()) // QUARTER
        once = f"{step}:{outcome}:{user}:{network}:{quarter}"
    row = SignIn(
        by_id=user, name=name, at=now, step=step, outcome=outcome, network=network, once=once
    )
    SignIn.objects.bulk_create([row], ignore_conflicts=True)


def is_known(user: int, address: str, now: datetime) -> bool:
    """Whether a user, by their key, has signed in from this network within half a year."""
    right = SignIn.objects.filter(by_id=user, outcome=SignIn.Outcome.RIGHT, at__gt=now - KNOWN_FOR)
    return right.filter(network=network_of(address)).exists()


def network_of(address: str) -> str:
    """A keyed hash of whose connection an address belongs to, as rows have it."""
    return limits.client_key(address, FORM)[:HASH_LETTERS]


def wrong_codes(user: int) -> int:
    """How many codes of app and paper were wrong since a user's second factor was last right."""
    steps = SignIn.objects.filter(by_id=user).exclude(step__in=[Step.PASSWORD, Step.LINK])
    last = steps.filter(outcome=SignIn.Outcome.RIGHT).values_list("at", flat=True).first()
    wrong = steps.filter(outcome=SignIn.Outcome.WRONG, step__in=[Step.APP, Step.RECOVERY])
    return wrong.filter(at__gt=last).count() if last else wrong.count()
