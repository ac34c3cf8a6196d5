"""Checkers of whole pages. Each takes the site's address and its pages, and gives its messages."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from tests.audit.pages import Page

HERE = Path(__file__).parent
COMMANDS = HERE / "node_modules" / ".bin"
NU = HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
JSON_LD = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
# A module that compiles only where the document, in the place of {}, is of schema.org's types.
TYPED = """\
import type { Graph, Thing, WithContext } from "schema-dts";
export const document: Graph | WithContext<Thing> = {};
"""
TYPESCRIPT = ["--noEmit", "--strict", "--pretty", "false", "--skipLibCheck"]
TYPESCRIPT += ["--module", "nodenext", "--target", "es2022"]
# What browsers have and the validator's list has not: CSS Anchor Positioning (since 2024), and the
# part that is in view at first.
NOT_YET_KNOWN = re.compile(
    "Property “(?:anchor-name|scroll-initial-target)” doesn't exist|“anchor\\(--"
)


def nu(_url: str, pages: list[Page]) -> list[str]:
    """The W3C's validator."""
    options = ["--format", "json", "--stdout", "--exit-zero-always"]
    with as_files(pages) as files:
        report = json.loads(run(["java", "-Xss1m", "-jar", str(NU), *options, *files]))
        return [
            f"{files[message['url'].removeprefix('file:')]}:"
            f"{message.get('lastLine', '')} {message['message']}"
            for message in report["messages"]
            if not NOT_YET_KNOWN.search(message["message"])
        ]


def html_validate(_url: str, pages: list[Page]) -> list[str]:
    config = ["--config", str(HERE / "htmlvalidate.config.mjs"), "--formatter", "json"]
    with as_files(pages) as files:
        report = json.loads(run([str(COMMANDS / "html-validate"), *config, *files]))
        return [
            f"{files[result['filePath']]}:{message['line']} {message['message']}"
            f" ({message['ruleId']})"
            for result in report
            for message in result["messages"]
        ]


def links(url: str, pages: list[Page]) -> list[str]:
    """Links and fragments within the site that lead nowhere; other hosts are not asked."""
    options = ["--check-fragments", "--format", "json", "--concurrency", "4", "--timeout", "60000"]
    elsewhere = ["--skip", f"^(?!{re.escape(url)}/)"]
    starts = [url + page.path for page in pages if page.status == 200]
    report = json.loads(run([str(COMMANDS / "linkinator"), *starts, *options, *elsewhere]))
    return [
        f"{link.get('parent', '').removeprefix(url)}: {link['url'].removeprefix(url)}"
        for link in report["links"]
        if link["state"] == "BROKEN"
    ]


def json_ld(_url: str, pages: list[Page]) -> list[str]:
    """Documents that schema.org's vocabulary, written as types, does not allow."""
    documents = {found: page.path for page in pages for found in JSON_LD.findall(page.html)}
    paths = list(documents.values())
    with TemporaryDirectory(dir=HERE / "node_modules") as folder:
        for number, document in enumerate(documents):
            Path(folder, f"{number}.ts").write_text(TYPED.replace("{}", document))
        files = [str(Path(folder, f"{number}.ts")) for number in range(len(paths))]
        lines = run([str(COMMANDS / "tsc"), *TYPESCRIPT, *files]).splitlines()
    return [with_path(line, paths) for line in lines if "error TS" in line]


def with_path(line: str, paths: list[str]) -> str:
    """TypeScript's message, the page's path in the place of the file's name."""
    match = re.match(r"\S*?(\d+)\.ts\(.*?\): (.*)", line)
    return f"{paths[int(match[1])]}: {match[2][:300]}" if match else line


class Files(dict[str, str]):
    """Path of each page by the file that holds it."""


@contextmanager
def as_files(pages: list[Page]) -> Iterator[Files]:
    """The pages as files, for checkers that read no addresses."""
    with TemporaryDirectory(prefix="clinic-audit-") as folder:
        files = Files()
        for number, page in enumerate(pages):
            file = Path(folder).resolve() / f"{number}.html"
            file.write_text(page.html)
            files[str(file)] = page.path
        yield files


def run(command: list[str]) -> str:
    """What the command prints; a checker that finds something exits with other than 0.

    Into a file: node ends without waiting until a pipe is read, which cuts long reports.
    """
    with TemporaryFile("w+") as output:
        subprocess.run(command, cwd=HERE, stdout=output, stderr=subprocess.DEVNULL)
        output.seek(0)
        return output.read()
