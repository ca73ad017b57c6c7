# Ostiary. `make help` lists what there is; every target sets up what it needs.

PYTHON ?= python3
PORT ?= 8080
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
RUNS := $(VENV)/.runs
TYPESCRIPT := clients/typescript/node_modules/.ready
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PYTEST = $(BIN)/python -m pytest --dist worksteal

# What is tested when. Every folder of tests is in one of these; `check` runs tests/conventions.
# FAST computes: a worker for each core, and the branches of domain and use cases are counted there.
# The others wait for servers more than they compute: more workers than cores. tests/browser comes first: the first worker
# begins with all of them, so that there is one browser and one service before it (others steal from the end).
# `make test` runs both at once: those that compute take what the others leave of the cores.
FAST = tests/unit tests/property tests/fuzz tests/usecases tests/cli tests/http tests/contract tests/adapters tests/corpus tests/console tests/hosted
INTEGRATION = tests/storage
ACCEPTANCE = tests/browser tests/acceptance
COMPUTING ?= 2
WAITING ?= 4
COVERED = --cov --cov-report=term --cov-fail-under=100
# AGAIN=3: what failed, if it is little, is run again alone three times before it counts (tests/unsteady.py).
AGAIN ?=
UNSTEADY = $(if $(AGAIN),$(BIN)/python -m tests.unsteady $(AGAIN),false)

MEASURING_PYTHON ?= /usr/bin/python3 $(PYTHON)

# Where it is set, every process that a test starts compiles all of the source again: two thirds of what its start takes.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run demo test test-fast test-all check clients check-types check-conventions format bench bench-documents bench-abuse bench-lifecycle screens lock clean generators pin-images

help: ## list the targets
	@echo "Ostiary: make run serves it, make test tests it."
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## install everything into .venv, pinned and verified by hash

$(READY): requirements/dev.txt pyproject.toml
	@$(MAKE_VENV)
	@echo "Setting up $(VENV) with everything, tools of development too (a minute, once) ..."
	@$(PIP) --require-hashes -r requirements/dev.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $(RUNS) $(READY)

# What running needs, and no tools of tests: those come into the same folder when a target needs them. Nothing is
# compiled ahead, since only a small part is ever imported.
$(RUNS): requirements/documents.txt requirements/build.txt pyproject.toml
	@$(MAKE_VENV)
	@echo "Setting up $(VENV) with what running needs (half a minute, once) ..."
	@$(PIP) --no-compile --require-hashes -r requirements/documents.txt -r requirements/build.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $(RUNS)

define MAKE_VENV
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "Ostiary needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }; \
test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	{ echo "No virtual environment could be made. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
endef

run: $(RUNS) ## serve API, worker and docs on http://127.0.0.1:8080 (PORT=9000: another port), and show how to use them
	@$(BIN)/ostiary serve --sandbox --port $(PORT)

demo: $(RUNS) ## play whole onboardings against a temporary service: enabled, rejected, retried
	@$(BIN)/ostiary demo

test: $(READY) .venv-s3/.ready .venv-peers/.ready .node/.ready $(TYPESCRIPT) ## what a change needs, with branch coverage of domain and use cases (ARGS="tests/unit -k x" runs some)
ifdef ARGS
	@$(PYTEST) $(ARGS)
else
	@shown=$$(mktemp); trap 'rm -f $$shown' EXIT; trap 'trap - TERM; kill 0' INT TERM; export TESTS_CACHE=.pytest_cache/waiting; \
	{ $(PYTEST) -o cache_dir=$$TESTS_CACHE -n $(WAITING) -m "not release" $(ACCEPTANCE) $(INTEGRATION) || $(UNSTEADY); } > $$shown 2>&1 & \
	waiting=$$!; unset TESTS_CACHE; computed=0; waited=0; \
	$(PYTEST) -n $(COMPUTING) -m "not release" $(COVERED) $(FAST) || $(UNSTEADY) $(if $(AGAIN),$(COVERED) --cov-append) || computed=$$?; \
	echo "Those that wait were run meanwhile; what they say:"; wait $$waiting || waited=$$?; cat $$shown; test $$computed$$waited = 00
endif

test-fast: $(READY) .venv-s3/.ready .node/.ready ## what one runs at every save, under two minutes
	@$(PYTEST) -q -n $(COMPUTING) -m "not release and not heavy" $(FAST) $(ARGS)

test-all: $(READY) .venv-s3/.ready .venv-second/.ready .venv-peers/.ready .node/.ready $(TYPESCRIPT) ## everything, for a release: storms, every engine, long campaigns, the version before
	@HYPOTHESIS_PROFILE=thorough $(PYTEST) -n $(COMPUTING) $(COVERED) $(FAST) $(ARGS)
	@HYPOTHESIS_PROFILE=thorough $(PYTEST) -n $(COMPUTING) $(INTEGRATION) $(ACCEPTANCE) $(ARGS)

check: $(READY) ## format, lint, types, import contracts, and the tests that keep docs and code in step
	@$(BIN)/ruff format --check src tests bench deploy clients
	@$(BIN)/ruff check src tests bench deploy clients
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target check-types check-conventions

# At the same time, since each takes one core for half a minute.
check-types: $(READY)
	@$(BIN)/mypy

check-conventions: $(READY)
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q tests/conventions

format: $(READY) ## rewrite the code in the project's format
	@$(BIN)/ruff format src tests bench deploy clients
	@$(BIN)/ruff check --fix-only src tests bench deploy clients

messages: $(READY) ## bring new texts into the files of each language, for translation
	@$(BIN)/python -m tests.conventions.messages

clients: $(READY) ## generate what the clients in `clients/` have of the service's own types and operations
	@PYTHONPATH=clients $(BIN)/python -m generation

bench: .venv-measured/.ready .venv-bench/.ready ## measure against the usual way and the targets, as a table (ARGS=--quick)
	@.venv-measured/bin/python -m bench.run $(ARGS)

screens: $(READY) ## take the pictures that the docs show (needs chromium and libfaketime; 2 minutes)
	@$(BIN)/python -m tests.browser.screens docs/pictures $(ARGS)

bench-abuse: .venv-measured/.ready ## measure what honest callers notice of somebody who abuses the service (ARGS=--quick)
	@.venv-measured/bin/python -m bench.abuse $(ARGS)

bench-lifecycle: .venv-measured/.ready ## measure a day's renewals, a preview and reads over very many clients (ARGS=--quick)
	@.venv-measured/bin/python -m bench.lifecycle.run $(ARGS)

generators: $(READY) ## before a release: clients that generators make compile strictly and play an onboarding (needs npm, Java)
	@$(BIN)/python -m bench.generators.run $(ARGS)

bench-documents: $(READY) .venv-documents/.ready ## measure how well documents are read (FOLDER=../shared/documents)
	@$(BIN)/python -m bench.documents.run $(FOLDER) $(ARGS)

pin-images: ## put the digests of today's base images behind their names (ARGS=--check: which have none; needs skopeo, docker or crane)
	@$(PYTHON) deploy/pin_images.py $(ARGS)

.venv-documents/.ready: requirements/bench-documents.txt
	@echo "Setting up .venv-documents for other readers (a minute, once) ..."
	@command -v tesseract >/dev/null || echo "passporteye and fastmrz need tesseract: apt install tesseract-ocr"
	@test -x .venv-documents/bin/python || $(PYTHON) -m venv .venv-documents
	@.venv-documents/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench-documents.txt
	@touch .venv-documents/.ready

.venv-second/.ready: requirements/second-opinion.txt
	@echo "Setting up .venv-second, another verifier of signatures for tests (half a minute, once) ..."
	@test -x .venv-second/bin/python || $(PYTHON) -m venv .venv-second
	@.venv-second/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/second-opinion.txt
	@touch .venv-second/.ready

.venv-s3/.ready: requirements/s3-server.txt
	@echo "Setting up .venv-s3, an S3 server for tests (a minute, once) ..."
	@test -x .venv-s3/bin/python || $(PYTHON) -m venv .venv-s3
	@.venv-s3/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/s3-server.txt
	@touch .venv-s3/.ready

# Programs of others that meet ours in tests: a host of MCP, and frameworks that receive webhooks.
.venv-peers/.ready: requirements/peers.txt
	@echo "Setting up .venv-peers, programs that meet ours in tests (half a minute, once) ..."
	@test -x .venv-peers/bin/python || $(PYTHON) -m venv .venv-peers
	@.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/peers.txt
	@touch .venv-peers/.ready

# An OpenID provider for tests, from npm. Where there is no npm, what needs it is skipped, and says so.
.node/.ready: tests/servers/identity/package-lock.json
	@command -v npm >/dev/null || { echo "Without npm no test signs in by OpenID: apt install nodejs npm"; exit 0; }; \
		echo "Setting up .node, an OpenID provider for tests (seconds, once) ..."; \
		rm -rf .node && mkdir .node && cp tests/servers/identity/package*.json .node/ && \
		(cd .node && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) && touch .node/.ready

# What the client for TypeScript is built and tested with; Node.js too, where the machine's own is older than 20, as Debian 12's.
$(TYPESCRIPT): clients/typescript/package-lock.json tests/servers/node/package-lock.json
	@command -v npm >/dev/null || { echo "Without npm the client for TypeScript is not tested: apt install nodejs npm"; exit 0; }; \
		echo "Setting up what the client for TypeScript is built with (seconds, once) ..."; \
		(cd clients/typescript && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) && \
		{ node -e 'process.exit(Number(parseInt(process.versions.node) < 20))' || { rm -rf .node20 && mkdir .node20 && \
			cp tests/servers/node/package*.json .node20/ && \
			(cd .node20 && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error); }; } && touch $@

# What is measured, and what it is measured against, run on the same Python: the fastest that is here, since how CPython
# was built makes a third. Made without pip, which Debian's needs another package for; the one in .venv installs there.
.venv-measured/.ready: $(READY) requirements/dev.txt pyproject.toml
	@echo "Setting up .venv-measured on the fastest Python here (a minute, once) ..."
	@test -x .venv-measured/bin/python || $(BIN)/python bench/interpreter.py $(MEASURING_PYTHON) > .measuring-python
	@test -x .venv-measured/bin/python || "$$(cat .measuring-python)" -m venv --without-pip .venv-measured
	@$(BIN)/python -m pip --python .venv-measured/bin/python install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip --python .venv-measured/bin/python install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch .venv-measured/.ready

.venv-bench/.ready: .venv-measured/.ready requirements/bench.txt
	@echo "Setting up .venv-bench for the peers (a minute, once) ..."
	@test -x .venv-bench/bin/python || "$$(.venv-measured/bin/python -c 'import sys; print(sys._base_executable)')" -m venv --without-pip .venv-bench
	@$(BIN)/python -m pip --python .venv-bench/bin/python install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/bench.txt
	@touch .venv-bench/.ready

lock: ## pin the dependencies anew (needs uv)
	@for one in runtime documents dev bench bench-documents bench-screening; do \
		case $$one in \
			runtime) group= ;; \
			documents) group="--extra documents" ;; \
			dev) group="--group dev --extra documents" ;; \
			*) group="--group $$one" ;; \
		esac; \
		uv pip compile --quiet --universal --no-strip-extras --generate-hashes --no-header --python-version 3.11 pyproject.toml $$group \
			-o requirements/$$one.txt; done
	@uv pip compile --quiet --universal --no-strip-extras --generate-hashes --no-header --python-version 3.11 --group s3-server \
		-o requirements/s3-server.txt
	@uv pip compile --quiet --universal --no-strip-extras --generate-hashes --no-header --python-version 3.11 --group second-opinion \
		-o requirements/second-opinion.txt
	@uv pip compile --quiet --universal --no-strip-extras --generate-hashes --no-header --python-version 3.11 --group peers \
		-o requirements/peers.txt
	@uv pip compile --quiet --universal --no-strip-extras --generate-hashes --no-header --python-version 3.11 --group build \
		-o requirements/build.txt

clean: ## remove what setup and tests made (never the data folder)
	@rm -rf $(VENV) .venv-bench .venv-measured .measuring-python .venv-documents .venv-s3 .venv-second .venv-peers .node .node20 clients/typescript/node_modules clients/typescript/dist clients/typescript/dist-tests .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage
