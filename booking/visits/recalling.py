"""Takes back what a visit's patient has not been sent yet.

What the desk itself does is mailed after WAIT: until then an undo sends nothing. Of a message that
a worker has had in hand nobody knows whether it arrived, so it counts as told.
"""

from datetime import timedelta
from typing import NamedTuple

from booking.models import Appointment, OutgoingEmail
from booking.models.outgoing_email import NEWS

# Long enough to see a slip of the mouse on the board and take it back, and short enough that a
# patient on the telephone finds the e-mail before they hang up.
WAIT = timedelta(minutes=2)


class Recalled(NamedTuple):
    """What became of the messages that tell what a visit is."""

    untold: str  # the kind of what waited, for a worker or for another try; empty if nothing did
    asked: bool  # whether somebody asked for one of those besides, such as the confirmation again
    may_have_left: bool  # whether the patient may know the visit as it is


def recall(row: Appointment) -> Recalled:
    """Drop those of the visit's own sequence that no worker has had in hand.

    Under the visit's lock. One conditional UPDATE, which closes the race with a worker that claims
    one at this moment: it finds nothing to claim, or we find it claimed and count it as told.
    """
    news = row.emails.news(row.sequence)
    waiting = list(news.pending().values_list("kind", "occasion"))
    news.untouched().update(state=OutgoingEmail.State.SUPERSEDED)
    kinds = {kind for kind, _occasion in waiting}
    return Recalled(
        untold=next((kind for kind in NEWS if kind in kinds), ""),
        asked=any(occasion for _kind, occasion in waiting),
        may_have_left=news.may_have_left().exists(),
    )
