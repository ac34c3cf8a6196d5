"""What this member of staff looked for last: kept in the session, and out of addresses."""

from django.http import HttpRequest, HttpResponseRedirect

from booking.records.forgetting import LOOKED_FOR

LAST = "*"  # in an address: what was looked for last
LONGEST = 200
OF_ANOTHER_LIST = ("q", "p", "after")  # what was found before, and how far it was read


def remember(request: HttpRequest) -> HttpResponseRedirect:
    """Keep what was typed in the session: addresses stay in the history of a shared computer."""
    asked = request.GET.copy()
    for name in OF_ANOTHER_LIST:
        asked.pop(name, None)
    request.session[LOOKED_FOR] = request.POST.get("find", "")[:LONGEST]
    if request.session[LOOKED_FOR].strip():
        asked["q"] = LAST
    return HttpResponseRedirect(f"{request.path}?{asked.urlencode()}")


def words(request: HttpRequest, asked: str) -> str:
    """What `?q=` stands for."""
    return request.session.get(LOOKED_FOR, "") if asked == LAST else asked
