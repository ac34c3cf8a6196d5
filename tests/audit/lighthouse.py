"""Lighthouse, as on a phone: what it measures of a page, and what of that is not good enough."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from statistics import median
from typing import Any

from playwright.sync_api import sync_playwright

from tests.audit.checkers import COMMANDS, HERE
from tests.audit.pages import Page
from tests.chromium import FLAGS, NAMES

RUNS = 3  # one run on a busy machine says little
ATTEMPTS = 3  # Chromium on a busy machine at times records no trace
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
# The most that is good enough: milliseconds, and none at all for shifts of the layout.
LIMITS = {
    "largest-contentful-paint": 1000.0,
    "cumulative-layout-shift": 0.0,
    "total-blocking-time": 50.0,
}
OWN_FLAGS = ["--headless", "--ignore-certificate-errors"]  # the proxy's is of its own making
HEADING = "perf  a11y  best  seo    LCP ms    CLS   TBT ms"
NOINDEX = '<meta name="robots" content="noindex">'  # is not to be found: no fault of its own


@dataclass(frozen=True)
class Result:
    """Scores of 100 by category, medians by metric, what was marked down, and whom it asked."""

    scores: dict[str, int]
    metrics: dict[str, float]
    marked_down: list[str]
    third_parties: list[str]


def measure(url: str, page: Page) -> Result:
    """The first run looks at everything, the others at speed alone."""
    skipped = ["--skip-audits", "is-crawlable"] if NOINDEX in page.html else []
    first = run(url + page.path, CATEGORIES, skipped)
    reports = [first, *(run(url + page.path, CATEGORIES[:1], []) for _ in range(RUNS - 1))]
    scores = {name: score(first, name) for name in CATEGORIES}
    scores["performance"] = round(median(score(report, "performance") for report in reports))
    return Result(
        scores,
        {name: median(metric(report, name) for report in reports) for name in LIMITS},
        [fault for name in CATEGORIES[1:] for fault in marked_down(first, name)],
        others_asked(first, url),
    )


def misses(result: Result) -> list[str]:
    """What is short of 100, over a limit, or asked of another host."""
    low = [f"{name}: {value}" for name, value in result.scores.items() if value < 100]
    over = [
        f"{name}: {value:.2f}" for name, value in result.metrics.items() if value > LIMITS[name]
    ]
    asked = [f"third party: {address}" for address in result.third_parties]
    return low + over + result.marked_down + asked


def line(result: Result) -> str:
    """A row of the table under `HEADING`."""
    scores = "".join(f"{value:<6}" for value in result.scores.values())
    paint, shift, blocking = result.metrics.values()
    return f"{scores} {paint:7.0f}  {shift:5.3f}  {blocking:7.0f}"


def run(address: str, categories: list[str], options: list[str]) -> dict[str, Any]:
    """One report. Raises RuntimeError where the page cannot be looked at."""
    command = [str(COMMANDS / "lighthouse"), address, "--output", "json", "--quiet"]
    command += ["--disable-full-page-screenshot", "--only-categories", ",".join(categories)]
    flags = " ".join(f"'{flag}'" if " " in flag else flag for flag in [*OWN_FLAGS, *FLAGS])
    environment = os.environ | {"CHROME_PATH": browser()}
    command += [*options, f"--chrome-flags={flags}"]
    for _attempt in range(ATTEMPTS):
        done = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True)
        if done.returncode == 0:
            return json.loads(done.stdout)
    raise RuntimeError(f"{address}: {done.stderr}")


def browser() -> str:
    """Path of the Chromium that the tests use: one on the PATH, else Playwright's own."""
    if path := next(filter(None, map(shutil.which, NAMES)), None):
        return path
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def score(report: dict[str, Any], category: str) -> int:
    return round(100 * (report["categories"][category]["score"] or 0))


def metric(report: dict[str, Any], name: str) -> float:
    return report["audits"][name]["numericValue"]


def marked_down(report: dict[str, Any], category: str) -> list[str]:
    """Audits that cost the category points."""
    weighed = [each["id"] for each in report["categories"][category]["auditRefs"] if each["weight"]]
    audits = [report["audits"][name] for name in weighed]
    return [
        f"{category}: {audit['title']}"
        for audit in audits
        if audit["score"] is not None and audit["score"] < 1
    ]


def others_asked(report: dict[str, Any], url: str) -> list[str]:
    """Addresses beyond the site that the page asked for."""
    asked = [item["url"] for item in report["audits"]["network-requests"]["details"]["items"]]
    return [address for address in asked if not address.startswith((f"{url}/", "data:"))]
