# make run | make test: each is one command on a fresh machine (Python >= 3.11 with venv, make).
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
SERVICES := DATABASE_URL=$${POSTGRES_TEST_URL:-postgres://postgres@127.0.0.1:5432/postgres} \
	REDIS_URL=$${REDIS_TEST_URL:-redis://127.0.0.1:6379/15} SECRET_KEY=only-for-the-tests
# A process a core; each has its own database.
IN_PARALLEL := --numprocesses=auto --dist=worksteal
PIP_INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: install run test test-faults pictures lock messages

install: .venv/installed

.venv/installed: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP_INSTALL) -r requirements.txt
	touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	$(PIP_INSTALL) -r requirements-dev.txt
	touch $@

# The try-out: SQLite, three background threads, the real data, demo accounts.
run: install
	@$(MANAGE) tryout --port $(PORT)

# The embedded mode (SQLite) with a walk through every page in the browser, then what needs a
# database in the service mode (PostgreSQL, Redis). Without `not shown` the first runs all.
test: .venv/installed-dev
	$(BIN)/pytest $(IN_PARALLEL) -m "not browser and not shown"
	$(BIN)/pytest $(IN_PARALLEL) -m browser
	$(SERVICES) $(BIN)/pytest $(IN_PARALLEL) -m "not browser"

# The tests that need minutes, most of which they wait; each process has its own database, Redis
# and ports.
test-faults: .venv/installed-dev
	$(SERVICES) $(BIN)/pytest --numprocesses=4 --dist=worksteal -m faults tests/services

# Of every page in both languages, at three widths and on paper, in .ci/pictures.
pictures: .venv/installed-dev
	PICTURES=1 $(BIN)/pytest -m browser tests/browser/test_every_page.py

# Static checks for what is unsafe.
.venv/checks/installed: .ci/checks.txt .venv/installed
	$(PYTHON) -m venv .venv/checks
	.venv/checks/bin/pip install --quiet --disable-pip-version-check --require-hashes -r .ci/checks.txt
	touch $@

# Renew the hashed requirements (needs uv) and the translations (needs gettext).
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements.in -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements-dev.in -o requirements-dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header .ci/checks.in -o .ci/checks.txt

messages: .venv/installed
	$(MANAGE) makemessages --all --no-location --no-wrap --ignore .venv --ignore tests
	$(MANAGE) compilemessages --ignore .venv
