"""`make mutants`: makes small mistakes in the core, one at a time, and sees whether a test fails.

    python -m tests.mutants                                # every module of modules.toml
    python -m tests.mutants booking/calendars/busy.py …    # these

Ends with 1 where a mistake survives that survivors.toml gives no reason for, or where of all the
mistakes in every module fewer than LEAST_KILLED are killed. What was killed is kept in var/mutants/
while its module stays as it is: remove that to begin anew. SQLite.
"""

import sys
import tomllib
from pathlib import Path

from tests.mutants import session, survivors

MODULES = Path(__file__).with_name("modules.toml")
LEAST_KILLED = 0.92


def main(names: list[str]) -> int:
    """Exit status: 0 where every survivor has its reason and enough were killed."""
    table = tomllib.loads(MODULES.read_text())
    if unknown := [name for name in names if name not in table]:
        say(f"Not in {MODULES.name}: {', '.join(unknown)}.")
        return 1
    session.copy_project()
    counted, red = {}, []
    for name in names or table:
        row = table[name]
        try:
            counted[name] = session.run(name, row["tests"], row.get("database") != "new")
        except session.Red as error:
            red.append(name)
            say(f"{name}: its tests fail without any mistake:\n{error}")
        else:
            say(line(name, counted[name]))
    return int(bool(red)) or verdict(counted, least=0 if names else LEAST_KILLED)


def line(name: str, counts: session.Counts) -> str:
    share = counts.killed / counts.made if counts.made else 1
    return f"{name:42} {counts.killed:4} of {counts.made:4} killed {share:7.3f}"


def verdict(counted: dict[str, session.Counts], least: float) -> int:
    """Say what was found over all modules; the exit status. `least` is the share to be killed."""
    made, killed = (sum(row[column] for row in counted.values()) for column in (0, 1))
    survived = [mistake for row in counted.values() for mistake in row.survived]
    known = survivors.reasons(survivors.REASONS.read_text())
    judged = survivors.judge(survived, known, counted)
    for mistake in judged.unexplained:
        say(f"survived in {mistake.module}:\n  - {mistake.old}\n  + {mistake.new}")
    for mistake in judged.outdated:
        say(f"a reason is given for what does not survive: {mistake.module}: {mistake.new}")
    say(line(f"all {len(counted)} modules", session.Counts(made, killed, [])))
    return int(bool(judged.unexplained or judged.outdated) or killed < least * made)


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
