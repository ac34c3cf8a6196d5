"""No new migration holds a table that grows with patients while it rewrites or reads all of it.

Held on the SQL that PostgreSQL gets. Every rule is tried on a planted fault.
"""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

# The first number of each app that is held to it: what came before has run where it runs.
SINCE = {"booking": "0300", "conditions": "0100"}
# Tables of a clinic's set-up and of its content: some hundred rows, whatever the years.
SMALL = re.compile(
    r"conditions_\w+|booking_(clinic|closure|insuranceplan|lastdone|location|locationpicture"
    r"|onlinebooking|referralrule|retention|staffplace|therapist|therapist_treats|timeoff"
    r"|visittype|workinghours)"
)
# What is wrong with a statement, by what stands in it. Its table is the first name in quotes
# behind TABLE or ON.
RULES = {
    r"ALTER COLUMN \S+ TYPE\b": "writes every row anew",
    r"ALTER COLUMN \S+ SET NOT NULL\b": "reads every row while nobody else can",
    r"ADD CONSTRAINT (?!.*\bNOT VALID\b)": "reads every row while nobody else can",
    r"ADD COLUMN .*\b(UNIQUE|PRIMARY KEY|STORED|IDENTITY|serial)\b": "writes every row or an index",
    r"CREATE (UNIQUE )?INDEX (?!CONCURRENTLY)": "lets nobody write until the index is built",
    r"^(LOCK|CLUSTER|VACUUM FULL|REINDEX (?!.*CONCURRENTLY))": "holds a whole table",
}
BY_HAND = "-- THIS OPERATION CANNOT BE WRITTEN AS SQL"


def faults(sql):
    """What a migration does to tables that it did not make: "table: what"."""
    statements = [line for line in re.split(r";\s*\n|\n", sql) if line]
    made = set(re.findall(r'CREATE TABLE "(\w+)"', sql))
    found = [fault for each in statements for fault in of_statement(each, made)]
    alters = [table_of(each) for each in statements if each.startswith("ALTER TABLE")]
    held = [table for table in alters if is_guarded(table, made)]
    if BY_HAND in sql and held:
        found.append(f"{held[0]}: is held while rows are written; make it two migrations")
    return found


def of_statement(statement, made):
    table = table_of(statement)
    if not is_guarded(table, made):
        return []
    return [f"{table}: {what}" for rule, what in RULES.items() if re.search(rule, statement)]


def table_of(statement):
    found = re.search(r'(?:TABLE|\bON|CLUSTER|FULL|LOCK) (?:ONLY )?"(\w+)"', statement)
    return found[1] if found else ""


def is_guarded(table, made):
    return bool(table) and table not in made and not SMALL.fullmatch(table)


def new_migrations():
    names = MigrationLoader(None).disk_migrations
    return sorted((app, name) for app, name in names if name >= SINCE.get(app, "~"))


@pytest.mark.only("postgresql")
def test_no_new_migration_holds_a_live_table(db):
    found = {}
    for app, name in new_migrations():
        sql = StringIO()
        call_command("sqlmigrate", app, name, stdout=sql, no_color=True)
        found[f"{app}.{name}"] = faults(sql.getvalue())

    assert {name: what for name, what in found.items() if what} == {}
    assert connection.vendor == "postgresql"


VISITS = 'ALTER TABLE "booking_appointment"'


@pytest.mark.parametrize(
    ("sql", "count"),
    [
        (f'{VISITS} ALTER COLUMN "name" TYPE varchar(300);', 1),
        (f'{VISITS} ALTER COLUMN "name" SET NOT NULL;', 1),
        (f'{VISITS} ADD CONSTRAINT "x" CHECK (NOT ("name" = \'\'));', 1),
        (f'{VISITS} ADD CONSTRAINT "x" CHECK (true) NOT VALID;', 0),
        (f'{VISITS} VALIDATE CONSTRAINT "x";', 0),
        (f'{VISITS} ADD COLUMN "uuid" uuid NULL UNIQUE;', 1),
        (f"{VISITS} ADD COLUMN \"note\" text DEFAULT '' NOT NULL;", 0),
        (f'{VISITS} ADD COLUMN "note" text NULL;\n--\n{BY_HAND}\n--', 1),
        (f"{BY_HAND}", 0),
        ('CREATE INDEX "x" ON "booking_appointment" ("name");', 1),
        ('CREATE INDEX CONCURRENTLY "x" ON "booking_appointment" ("name");', 0),
        ('CREATE UNIQUE INDEX "x" ON "booking_outgoingemail" ("name");', 1),
        ('CREATE TABLE "booking_new" ("id" bigint);\nCREATE INDEX "x" ON "booking_new" ("id");', 0),
        ('CREATE INDEX "x" ON "booking_therapist" ("name");', 0),
        ('ALTER TABLE "conditions_article" ALTER COLUMN "title" TYPE text;', 0),
        ('LOCK TABLE "booking_appointment" IN EXCLUSIVE MODE;', 1),
        ('REINDEX TABLE "booking_appointment";', 1),
        ('REINDEX TABLE CONCURRENTLY "booking_appointment";', 0),
    ],
)
def test_the_rules_know_what_holds_a_live_table(sql, count):
    assert len(faults(f"BEGIN;\n{sql}\nCOMMIT;")) == count


@pytest.mark.only("postgresql")
@pytest.mark.parametrize("name", ["0102_guard_without_overrides", "0190_last_done"])
def test_the_rules_read_what_sqlmigrate_writes(db, name):
    """Two that have run: one held the visits and says why, one made a table of its own."""
    sql = StringIO()
    call_command("sqlmigrate", "booking", name, stdout=sql, no_color=True)

    assert {fault.split(":")[0] for fault in faults(sql.getvalue())} == (
        {"booking_appointment"} if name.startswith("0102") else set()
    )
