"""Who signed in and who was refused, kept as it happens."""

from datetime import datetime

from booking.models import SignIn
from booking.models.sign_in import HASH_LETTERS
from booking.transactions import retried
from booking.visits import limits

FORM = "sign-in"  # as hashes of it begin
LOCKED = SignIn.Outcome.LOCKED
QUARTER = 900  # seconds


@retried
def note(
    *, step: str, outcome: str, user: int | None, name: str, address: str, now: datetime
) -> None:
    """Write down one step of a sign-in: of a user by their key, or of a name that nobody has.

    What costs nothing to try again is written once in a quarter of an hour for each user and
    network, and once for all unknown names of a network: a flood of it fills no table.
    """
    network = limits.client_key(address, FORM)[:HASH_LETTERS]
    once = None
    if (step, outcome) == (SignIn.Step.PASSKEY, SignIn.Outcome.WRONG) or outcome == LOCKED:
        name, quarter = "", int(now.timestamp()) // QUARTER
        once = f"{step}:{outcome}:{user}:{network}:{quarter}"
    row = SignIn(
        by_id=user, name=name, at=now, step=step, outcome=outcome, network=network, once=once
    )
    SignIn.objects.bulk_create([row], ignore_conflicts=True)
