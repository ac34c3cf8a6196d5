"""`make audit`: every page of a running demo before the checkers that `make test` has no time for.

    python -m tests.audit

First each checker must flag its planted page: one that is silent is broken. Then it is asked about
the site. Ends with 1 where anything is amiss.
"""

import sys
import time
from collections.abc import Callable

from tests.audit import checkers, lighthouse, planted
from tests.audit.demo import running_demo
from tests.audit.front import https_front
from tests.audit.pages import Page, one_of_each_kind, walk

SHOWN = 25  # lines of one checker; the rest is counted
CHECKERS: dict[str, Callable[[str, list[Page]], list[str]]] = {
    "Nu validator": checkers.nu,
    "html-validate": checkers.html_validate,
    "links and fragments": checkers.links,
    "JSON-LD types": checkers.json_ld,
}


def main() -> int:
    """Exit status: 0 where every checker works and finds nothing."""
    began = time.monotonic()
    say("Planted faults:")
    if silent := planted.overlooked(CHECKERS):
        say("\n".join(f"  NOT FLAGGED by {name}" for name in silent))
        return 1
    say("  each checker flags its own")
    with running_demo() as demo:
        pages = walk(demo.url)
        misses = audit(demo.url, pages)
        with https_front(demo.url) as front:
            misses += measure(front, one_of_each_kind(pages))
    say(f"{misses} misses in {time.monotonic() - began:.0f} seconds")
    return 1 if misses else 0


def audit(url: str, pages: list[Page]) -> int:
    """Ask each checker about all pages; gives the number of messages."""
    say(f"{len(pages)} addresses:")
    total = 0
    for name, check in CHECKERS.items():
        found = check(url, pages)
        say(f"  {name:20} {len(found)}")
        say_each(found)
        total += len(found)
    return total


def measure(url: str, kinds: dict[str, Page]) -> int:
    """Lighthouse on one page of each kind, the largest; gives the number of misses."""
    say(f"{len(kinds)} kinds of page, median of {lighthouse.RUNS}:")
    say(f"  {lighthouse.HEADING}  page")
    total = 0
    for page in kinds.values():
        result = lighthouse.measure(url, page)
        misses = lighthouse.misses(result)
        say(f"  {lighthouse.line(result)}  {page.path}")
        say_each(misses)
        total += len(misses)
    return total


def say_each(lines: list[str]) -> None:
    for line in lines[:SHOWN]:
        say(f"    {line}")
    if len(lines) > SHOWN:
        say(f"    … and {len(lines) - SHOWN} more")


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
