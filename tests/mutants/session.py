"""One module at a time: a copy of the project, and the mutation tester at work in it."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path, PurePath
from typing import NamedTuple

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome, WorkerOutcome, WorkItem, WorkResult

from tests.mutants.mistakes import is_made
from tests.mutants.survivors import Mistake, of_diff

TOP = Path(__file__).parents[2]
VAR = TOP / "var" / "mutants"
TREE, DATABASE = VAR / "tree", VAR / "ready.sqlite3"
COSMIC_RAY = Path(sys.executable).with_name("cosmic-ray")
PYTHON = TOP / ".venv" / "bin" / "python"
SKIPPED = WorkResult(worker_outcome=WorkerOutcome.SKIPPED)
ENVIRONMENT = {
    name: text for name, text in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"
} | {"MUTANTS_DATABASE": str(DATABASE)}


class Counts(NamedTuple):
    """How many mistakes a module was given, how many were noticed, and those that were not."""

    made: int
    killed: int
    survived: list[Mistake]


class Red(Exception):
    """The tests of a module fail without any mistake; what pytest said."""


def copy_project() -> None:
    """The project as it is on disk, without what git does not know; and its database."""
    shutil.rmtree(TREE, ignore_errors=True)
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        if (TOP / name).is_file():
            (TREE / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(TOP / name, TREE / name)
    DATABASE.unlink(missing_ok=True)
    make_database = [PYTHON, "-m", "tests.mutants.database"]
    settings = {"DJANGO_SETTINGS_MODULE": "tests.mutants.settings"}
    subprocess.run(make_database, cwd=TREE, env=ENVIRONMENT | settings, check=True)


def run(module: str, tests: list[str], ready_database: bool = True) -> Counts:
    """Make each mistake of the module and run the tests; raises Red where they fail without one.

    What was killed before is believed while the module stays as it is, and what survived is tried
    again.
    """
    source = (TREE / module).read_text()
    name = f"{module}-{hashlib.sha256(source.encode()).hexdigest()[:12]}".replace("/", ".")
    session, config = VAR / f"{name}.sqlite", VAR / f"{name}.toml"
    command = _command(tests, ready_database)
    config.write_text(_config(module, " ".join(command), _time_out(command)))
    before = _killed(session)
    session.unlink(missing_ok=True)
    _tester("init", config, session)
    with use_db(session, mode=WorkDB.Mode.open) as work:
        _prepare(work, source, before)
    _tester("exec", config, session)
    with use_db(session, mode=WorkDB.Mode.open) as work:
        return _counts(module, work)


def _command(tests: list[str], ready_database: bool) -> list[str]:
    """What runs the tests of one module, until the first fails."""
    pytest = [str(PYTHON), "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider"]
    ready = ["--ds=tests.mutants.settings", "--reuse-db"] if ready_database else []
    return [*pytest, *ready, *tests]


def _time_out(command: list[str]) -> int:
    """Seconds after which a run hangs: many times what it takes without a mistake."""
    began = time.monotonic()
    # Compiled files are kept this once, so that no later run compiles what stays as it is.
    kept = ENVIRONMENT | {"PYTHONDONTWRITEBYTECODE": ""}
    found = subprocess.run(command, cwd=TREE, env=kept, capture_output=True, text=True)
    if found.returncode:
        raise Red(found.stdout)
    return 60 + 10 * round(time.monotonic() - began)


def _config(module: str, command: str, time_out: int) -> str:
    values = {
        "module-path": str(PurePath(module)),
        "timeout": float(time_out),
        "excluded-modules": [],
        "test-command": command,
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    return "\n".join(["[cosmic-ray]", *lines, '[cosmic-ray.distributor]\nname = "local"\n'])


def _tester(step: str, config: Path, session: Path) -> None:
    subprocess.run([COSMIC_RAY, step, config, session], cwd=TREE, env=ENVIRONMENT, check=True)


def _key(item: WorkItem) -> tuple[str, int]:
    """Which mistake it is of its module: the operator, and at which of its places."""
    [mutation] = item.mutations
    return mutation.operator_name, mutation.occurrence


def _killed(session: Path) -> dict[tuple[str, int], WorkResult]:
    """What an earlier session of the same source killed."""
    if not session.exists():
        return {}
    with use_db(session, mode=WorkDB.Mode.open) as work:
        return {
            _key(item): result
            for item, result in work.completed_work_items
            if result.test_outcome == TestOutcome.KILLED
        }


def _prepare(work: WorkDB, source: str, before: dict[tuple[str, int], WorkResult]) -> None:
    """Skip what is no mistake that people make, and what was killed before."""
    for item in work.work_items:
        [mutation] = item.mutations
        if not is_made(mutation.operator_name, mutation.start_pos, source):
            work.set_result(item.job_id, SKIPPED)
        elif result := before.get(_key(item)):
            work.set_result(item.job_id, result)


def _counts(module: str, work: WorkDB) -> Counts:
    results = [
        result for _job, result in work.results if result.worker_outcome != WorkerOutcome.SKIPPED
    ]
    survived = [result for result in results if not result.is_killed]
    mistakes = [of_diff(module, result.diff or "") for result in survived]
    return Counts(len(results), len(results) - len(survived), mistakes)
