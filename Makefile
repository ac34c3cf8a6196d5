# make run · make test · make test-days · make desk-day · make check · make mutants · make audit · make bench · make bench-chain · make bouncer · make proxy · make soak · make faults · make pitr · make screens · make lock
# Needs Python 3.11 or newer with venv, make and git; installs everything else into .venv.
PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes

.DEFAULT_GOAL := run
.PHONY: run test test-days desk-day check mutants audit bench bench-chain bouncer proxy soak faults pitr screens lock chromium compiler

run: .venv/run.stamp
	@exec $(BIN)/python -m clinic_site.launcher

# Every test on both databases, one process for each; any failure on either fails it all.
test: .venv/test.stamp chromium
	$(BIN)/pytest -rfER --dist=each \
		--tx popen//id=sqlite//env:TEST_DB=sqlite \
		--tx popen//id=postgresql//env:TEST_DB=postgresql

# The tests with the clock moved to twelve awkward days, one after another; goes on where it was
# broken off. One of them: make test-days DAY=saturday. Linux only.
test-days: .venv/test.stamp chromium compiler
	$(BIN)/python -m tests.days $(DAY)

# The front desk's whole day in a browser, and what each step takes. Linux only.
desk-day: .venv/test.stamp chromium compiler
	$(BIN)/python -m tests.desk_day

check: .venv/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	find templates -name '*.html' -exec $(BIN)/djade --target-version 5.2 --check {} +
	$(BIN)/mypy
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/django-admin makemigrations --check --dry-run --pythonpath .
	DJANGO_SETTINGS_MODULE=tests.live_settings $(BIN)/django-admin check --deploy --fail-level WARNING --pythonpath .
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/django-admin check_content --pythonpath .

# Small mistakes in the core, one at a time, and whether a test notices; see docs/testing.md.
# Some modules alone: make mutants MODULES="booking/calendars/busy.py booking/visits/tokens.py"
mutants: var/mutants/venv/run.stamp .venv/test.stamp
	var/mutants/venv/bin/python -m tests.mutants $(MODULES)

var/mutants/venv/run.stamp: tests/mutants/requirements.txt | .venv/bin/python
	$(PYTHON) -m venv var/mutants/venv
	var/mutants/venv/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r $<
	@touch $@

# Checkers of whole pages, beside the tests; they need Node 20 or newer with npm, and Java.
audit: tests/audit/node_modules/.package-lock.json .venv/test.stamp chromium
	$(BIN)/python -m tests.audit

tests/audit/node_modules/.package-lock.json: tests/audit/package-lock.json
	@for name in node npm java; do command -v $$name >/dev/null \
		|| { echo "$$name is missing. Run: sudo apt install nodejs npm default-jre-headless"; exit 1; }; done
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' \
		|| { echo "Node 20 or newer is needed for make audit."; exit 1; }
	cd tests/audit && npm ci --silent
	@touch $@

# What pages, a whole journey and bookings cost, as ratios in one run; see docs/testing.md.
bench: .venv/test.stamp
	$(BIN)/python -m tests.benchmarks

# The day of one place among forty, with three hundred therapists: its size, and its queries.
bench-chain: .venv/test.stamp
	DJANGO_SETTINGS_MODULE=tests.settings TEST_DB=sqlite $(BIN)/python -m tests.benchmarks.chain alone

# The site behind PgBouncer in transaction mode. Linux only.
bouncer: .venv/test.stamp
	@PATH="$$PATH:/usr/sbin"; command -v pgbouncer >/dev/null \
		|| { echo "pgbouncer is missing. Run: sudo apt install pgbouncer"; exit 1; }
	$(BIN)/python -m tests.bouncer

# deploy/nginx.conf itself before the site: every kind of answer, its headers, the proxy's own pages.
proxy: .venv/test.stamp
	@PATH="$$PATH:/usr/sbin"; command -v nginx >/dev/null \
		|| { echo "nginx is missing. Run: sudo apt install nginx-light"; exit 1; }
	$(BIN)/python -m tests.proxy

# Bookings, moves and cancellations for so many minutes while workers are killed. Linux only.
soak: .venv/test.stamp
	$(BIN)/python -m tests.soak $(MINUTES) $(DATABASE)
MINUTES := 30
DATABASE := sqlite

# What fails and does not kill: the disk, the clock, mail, one node of two. Linux only. One of them:
# make faults OF=disk. On one database: make faults OF="disk sqlite"
faults: .venv/test.stamp compiler
	$(BIN)/python -m tests.faults $(OF)

# PostgreSQL taken back to a moment between two bookings, as docs/backup.md says.
pitr: .venv/test.stamp
	$(BIN)/python -m tests.pitr

# The picture of the README, anew: docs/screens.png.
screens: .venv/test.stamp chromium
	$(BIN)/python -m tests.screens

# Turn pyproject.toml into the pinned lists; needs uv on the PATH, or puts it into .venv.
lock: .venv/bin/python
	@command -v uv >/dev/null || $(BIN)/python -m pip --disable-pip-version-check install --quiet uv
	PATH="$$PATH:$(BIN)" uv pip compile pyproject.toml $(LOCK) -o requirements.txt
	PATH="$$PATH:$(BIN)" uv pip compile pyproject.toml --extra test $(LOCK) -o tests/requirements.txt
	PATH="$$PATH:$(BIN)" uv pip compile --group mutants $(LOCK) -o tests/mutants/requirements.txt
LOCK := --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --quiet

.venv/bin/python:
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python's venv is missing. Run: sudo apt install python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make run PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.txt | .venv/bin/python
	$(PIP) -r requirements.txt
	@touch $@

# tests/requirements.txt holds all of requirements.txt too.
.venv/test.stamp: tests/requirements.txt | .venv/bin/python
	$(PIP) -r tests/requirements.txt
	@touch $@ .venv/run.stamp

# The browser of the tests: one on the PATH, else Debian's, else Playwright's own.
chromium: .venv/test.stamp
	@for name in chromium chromium-browser google-chrome; do $$name --version >/dev/null 2>&1 && exit 0; done; \
	if [ "$$(id -u)" = 0 ]; then as_root=; else as_root="sudo -n"; fi; \
	{ $$as_root apt-get update -qq && $$as_root apt-get install -qq -y --no-install-recommends chromium \
		&& chromium --version; } >/dev/null 2>&1 \
	|| $(BIN)/playwright install --with-deps chromium

# What moves the clock is fifty lines of C.
compiler:
	@echo 'int main(void) { return 0; }' | cc -x c -o /dev/null - 2>/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ]; then as_root=; else as_root="sudo -n"; fi; \
	{ $$as_root apt-get update -qq && $$as_root apt-get install -qq -y --no-install-recommends gcc libc6-dev; } \
		>/dev/null 2>&1 || { echo "A C compiler is missing. Run: sudo apt install gcc libc6-dev"; exit 1; }
