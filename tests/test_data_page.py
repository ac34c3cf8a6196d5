"""docs/data.md: every model has a kind, every line of the log is told of."""

import ast
import configparser
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client

TOP = Path(__file__).parent.parent
PAGE = (TOP / "docs/data.md").read_text()
KINDS = ["public", "inside", "staff", "patient", "secret"]
LABEL = re.compile(r"`(\w+\.[A-Z]\w+)`")
LINE = re.compile(r"^\| `([\w.]+)` \| `(.*?)` \|", re.MULTILINE)
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
UNITS = sorted((TOP / "deploy").glob("*.service"))


def kinds(page):
    """The models of each kind, as the second table has them."""
    rows = re.findall(r"^\| (\w+) \| ([^|]*) \|$", page, re.MULTILINE)
    return {kind: LABEL.findall(models) for kind, models in rows if kind in KINDS}


def told_wrong(page, labels):
    """Models that have no kind, two kinds, or are none; what ships as content is public."""
    named = [label for models in kinds(page).values() for label in models]
    left = {each for each in labels if not each.startswith("conditions.")} - set(named)
    return sorted({*left, *(set(named) - set(labels))} | {x for x in named if named.count(x) > 1})


def labels():
    return {model._meta.label for model in apps.get_models()}


def test_every_model_has_one_kind():
    assert list(kinds(PAGE)) == KINDS
    assert told_wrong(PAGE, labels()) == []


@pytest.mark.parametrize(
    ("page", "more", "found"),
    [
        (PAGE, {"booking.New"}, ["booking.New"]),
        (PAGE.replace("`booking.Look` ", ""), set(), ["booking.Look"]),
        (PAGE.replace("`booking.Look`", "`booking.Look` `auth.User`"), set(), ["auth.User"]),
    ],
)
def test_a_model_without_one_is_found(page, more, found):
    assert told_wrong(page, labels() | more) == found


def test_every_kind_says_who_reads_it_and_how_it_is_kept():
    table = PAGE.split("| --- |")[1].splitlines() if "| --- |" in PAGE else PAGE.splitlines()
    rows = [line for line in PAGE.splitlines() if re.match(r"\| (\w+) \|.*\|.*\|.*\|.*\|", line)]
    full = [row for row in rows if row.split(" | ")[0].strip("| ") in KINDS]

    assert len(table) > 0
    assert [row.split(" | ")[0].strip("| ") for row in full] == KINDS
    assert all(len([cell for cell in row.split("|") if cell.strip()]) == 5 for row in full)


def lines(name, source):
    """What a module logs: its name and the beginning of each line."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=("logger" | "log")), attr=level),
                args=[ast.Constant(value=str(words)), *_],
            ) if level in LEVELS:
                yield name, words.split("%")[0]


def logged():
    for app in ("booking", "clinic_site", "conditions"):
        for path in (TOP / app).rglob("*.py"):
            name = ".".join(path.relative_to(TOP).with_suffix("").parts)
            yield from lines(name, path.read_text())


def untold(found):
    told = LINE.findall(PAGE)
    return sorted(
        (name, words)
        for name, words in found
        if not any(name == known and words.startswith(begins) for known, begins in told)
    )


def test_every_line_of_the_log_is_told_of():
    found = set(logged())

    assert untold(found) == []
    known = {name for name, _words in found}
    assert {name for name, _begins in LINE.findall(PAGE)} - known == set()


def test_a_line_that_nobody_told_of_is_found():
    planted = list(lines("booking.enquiries", "logger.info('New: %s', 1); logger.name('x')"))

    assert untold(planted) == [("booking.enquiries", "New: ")]


def test_lines_go_to_stderr_and_to_nobody_else():
    handlers = settings.LOGGING["handlers"]

    assert {name: each["class"] for name, each in handlers.items()} == {
        "stderr": "logging.StreamHandler"
    }


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_the_site_cannot_change_its_own_log(unit):
    """The journal has what a service writes; its user is no other, and writes to VAR_DIR alone."""
    words = configparser.RawConfigParser(strict=False)
    words.optionxform = str
    words.read(unit)
    service = words["Service"]

    assert (service["User"], service["ProtectSystem"]) == ("clinic", "strict")
    assert "StandardError" not in service
    assert "ReadWritePaths" not in service
    assert "/var/log" not in service.get("StateDirectory", "")


def test_the_log_is_sent_to_another_machine_encrypted():
    words = configparser.RawConfigParser()
    words.optionxform = str
    words.read(TOP / "deploy/journal-upload.conf")
    upload = words["Upload"]

    assert upload["URL"].startswith("https://")
    assert {"ServerKeyFile", "ServerCertificateFile", "TrustedCertificateFile"} <= set(upload)


CANARY = "zebulon.quixwater@example.org"


def refused(caplog):
    return [it.getMessage() for it in caplog.records if it.name.endswith("middleware.refused")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "sent", "line"),
    [
        ("/admin/login/", {}, "Refused: forged, or not allowed (admin:login)"),
        ("/contact/question/", {}, "Refused: forged, or not allowed (booking:question)"),
        ("/book/", {"CONTENT_LENGTH": "2000000"}, "Refused: too much at once (no page)"),
        ("/?a=%00", {}, "Refused: what is no request of ours (no page)"),
    ],
)
def test_what_a_guard_refuses_is_logged_and_nothing_that_was_typed(caplog, path, sent, line):
    client = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    client.post(path, {"name": CANARY}, **sent)

    assert len(refused(caplog)) == 1
    assert refused(caplog)[0].startswith(line.split(" (")[0])
    assert CANARY not in caplog.text


@pytest.mark.django_db
def test_what_a_limit_refuses_is_logged(caplog, settings):
    settings.TRIES_BY_NETWORK = 0
    client = Client(headers={"host": "127.0.0.1"})
    client.post("/admin/login/", {"username": CANARY, "password": "x"})

    assert [line.split(" (")[0] for line in refused(caplog)] == ["Refused: too often"]
    assert CANARY not in caplog.text


@pytest.mark.django_db
def test_what_is_not_refused_is_not(caplog, client):
    for path in ("/healthz", "/nowhere/", "/admin/"):
        client.get(path)

    assert refused(caplog) == []
