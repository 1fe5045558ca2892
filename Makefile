# fullfunnel. `make demo` to look at it, `make test` to test it, `make help` for the rest. GNU make, Python >= 3.11.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
# The first Python on the path that is new enough; PYTHON=… names another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
  if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input
# Where this is set, each process that a test starts compiles all of our source again, and a server has six.
unexport PYTHONDONTWRITEBYTECODE
# Two processes; each has a data directory of its own. The ten slowest are told.
PYTEST := $(BIN)/python -m pytest -n 2 --dist worksteal -q --durations=10
# One benchmark of `make bar`: the name of a file in benchmarks/.
NAME ?=
MADE_FROM := pyproject.toml build_hooks/assets.py build_hooks/icons.txt package.json package-lock.json

.PHONY: help demo serve test test-deep test-deep-quick check fix format lint types imports bar screens lock install install-test install-deep clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: install ## a believable company to look at, on http://127.0.0.1:8000 (PORT=… changes it)
	@$(BIN)/fullfunnel demo --port $(PORT)

serve: install ## an empty fullfunnel on PORT
	@$(BIN)/fullfunnel serve --port $(PORT)

test: install-test ## all tests but the deep ones (at most 6 minutes on two cores)
	$(PYTEST) -m "not deep"

test-deep: install-deep ## kills, power cuts, long oracles, ClickHouse, real clients, the browser (at most 40 minutes; needs root and Chromium)
	FULLFUNNEL_PAIRS=20000 $(PYTEST) -m deep

test-deep-quick: install-deep
	$(PYTEST) -m "deep(quick=True)"

check: install-test format lint types imports ## format, lint, types, imports, tests; CI adds a quick part of the deep ones
	$(PYTEST) -m "not deep"

fix: install-test ## formats the code and mends what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

format: install-test
	$(BIN)/ruff format --check .

lint: install-test
	$(BIN)/ruff check .

types: install-test
	$(BIN)/mypy

imports: install-test
	$(BIN)/lint-imports

bar: install-deep ## the benchmarks, one line a figure (up to an hour); NAME=funnel runs one
	@for file in $(or $(NAME:%=benchmarks/%.py),$(filter-out benchmarks/__init__.py,$(wildcard benchmarks/*.py))); do \
	  echo "== $$file"; $(BIN)/python $$file || exit 1; done

screens: install-deep ## pictures of every page at 1440 and 390, light and dark, in screens/ (while `make demo` runs)
	@file=$${FULLFUNNEL_DATA_DIR:-data}/demo-sign-in.json; test -f $$file || { echo "start it first, in another terminal: make demo"; exit 1; }; \
	said() { $(BIN)/python -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' $$file $$1; }; \
	$(BIN)/python -m tests.browser.screens --base http://127.0.0.1:$(PORT) --email "$$(said email)" --password "$$(said password)"

lock: install-test ## writes locks/ anew from pyproject.toml
	@command -v uv >/dev/null || test -x $(BIN)/uv || $(PIP) uv
	@PATH="$$PWD/$(BIN):$$PATH"; \
	compile="uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header"; \
	$$compile pyproject.toml -o locks/run.lock; \
	$$compile --group test -c locks/run.lock pyproject.toml -o locks/test.lock; \
	$$compile --group deep -c locks/test.lock -o locks/deep.lock; \
	$$compile --group build -o locks/build.lock

install: $(STAMPS)/run ## only installs, into .venv

install-test: $(STAMPS)/test $(STAMPS)/folds

install-deep: install-test $(STAMPS)/deep

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "fullfunnel needs Python 3.11 or newer, and none was found: install one, or name it: make PYTHON=…"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "if the module venv is missing: apt install python3-venv (Debian, Ubuntu)"; exit 1; }

# Hashes are checked; after that the project itself is installed without asking for anything more.
$(STAMPS)/run: $(VENV)/bin/python locks/build.lock locks/run.lock $(MADE_FROM)
	@mkdir -p $(STAMPS)
	@echo "installing into $(VENV) (a minute or two the first time) …"
	@$(PIP) --require-hashes -r locks/build.lock
	@$(PIP) --require-hashes -r locks/run.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/test: $(STAMPS)/run locks/test.lock
	@$(PIP) --require-hashes -r locks/test.lock
	@touch $@

$(STAMPS)/deep: $(STAMPS)/test locks/deep.lock
	@$(PIP) --require-hashes -r locks/deep.lock
	@touch $@

# Once here, and not by the first tests that need them, in both processes at once.
$(STAMPS)/folds: $(STAMPS)/test $(shell find src/fullfunnel/journeys src/fullfunnel/events/store -name '*.py' -not -path '*/tests/*')
	@echo "compiling the folds (about a minute the first time) …"
	@$(BIN)/python -m tests.kit.folds
	@touch $@

clean: ## removes what was built; never data/
	rm -rf $(VENV) dist build screens .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis src/fullfunnel/core/static/vendor
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
