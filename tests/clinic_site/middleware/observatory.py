"""The rules of MDN's HTTP Observatory, as far as an answer itself tells, with its points for each.

One starts with 100 (the table in its source, src/grader/charts.js). Whether the host is on the
list of preloaded ones, which gives 5 more, and the certificate are beyond an answer.
"""

from http.cookies import SimpleCookie

from django.http import HttpResponse

HALF_A_YEAR = 15_768_000  # seconds
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
OF_ONE_SITE = {"same-origin", "same-site"}
UNSAFE = {"'unsafe-inline'", "'unsafe-eval'", "data:", "http:", "https:", "*"}

Policy = dict[str, set[str]]


def score(response: HttpResponse) -> int:
    """Points of an answer over https, with the cookies that it sets."""
    said = {name.lower(): value for name, value in response.headers.items()}
    policy = read(said.get("content-security-policy", ""))
    return (
        100
        + of_policy(policy)
        + of_frames(policy, said.get("x-frame-options", ""))
        + of_cookies(response.cookies)
        + of_transport(said.get("strict-transport-security", ""))
        + (5 if said.get("referrer-policy") in PRIVATE else 0)
        + (10 if said.get("cross-origin-resource-policy") in OF_ONE_SITE else 0)
        + (0 if said.get("x-content-type-options") == "nosniff" else -5)
    )


def read(header: str) -> Policy:
    """The sources of a policy's directives."""
    parts = [part.split() for part in header.split(";") if part.split()]
    return {name: set(sources) for name, *sources in parts}


def of_policy(policy: Policy) -> int:
    """Nothing unsafe gives 5, with nothing allowed by default and forms kept at home 10; anything
    unsafe takes 20, none at all 25.
    """
    if not policy:
        return -25
    if any(sources & UNSAFE for sources in policy.values()):
        return -20
    at_home = policy.get("form-action", set()) in ({"'self'"}, {"'none'"})
    return 10 if policy.get("default-src") == {"'none'"} and at_home else 5


def of_frames(policy: Policy, older: str) -> int:
    if "frame-ancestors" in policy:
        return 5
    return 0 if older in ("DENY", "SAMEORIGIN") else -20


def of_cookies(cookies: SimpleCookie) -> int:
    """Each over https alone and not from other sites gives 5, no cookie 0; others take 20, 40."""
    if not cookies:
        return 0
    if not all(cookie["secure"] for cookie in cookies.values()):
        return -40
    kept = all(cookie["samesite"] in ("Lax", "Strict") for cookie in cookies.values())
    return 5 if kept else -20


def of_transport(header: str) -> int:
    ages = [
        part.strip().removeprefix("max-age=") for part in header.split(";") if "max-age" in part
    ]
    if not ages:
        return -20
    return 0 if int(ages[0]) >= HALF_A_YEAR else -10
