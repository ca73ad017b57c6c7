# Ostiary. `make help` lists what there is; every target sets up what it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
MEASURING_PYTHON ?= /usr/bin/python3 $(PYTHON)

.DEFAULT_GOAL := help
.PHONY: help setup run demo test check format bench bench-documents lock clean

help: ## list the targets
	@echo "Ostiary: make run serves it, make test tests it."
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## install everything into .venv, pinned and verified by hash

$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Ostiary needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 setup"; exit 1; }
	@echo "Setting up $(VENV) (a minute, once) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes -r requirements/dev.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $(READY)

run: $(READY) ## serve API, worker and docs on http://127.0.0.1:8080, and show how to use them
	@$(BIN)/ostiary serve --sandbox

demo: $(READY) ## play whole onboardings against a temporary service: enabled, rejected, retried
	@$(BIN)/ostiary demo

test: $(READY) .venv-s3/.ready ## run every test, with branch coverage of domain and use cases
	@$(BIN)/python -m coverage run -m pytest $(ARGS)
	@$(BIN)/python -m coverage report --fail-under=100

check: $(READY) ## format, lint, types, import contracts, and the tests that keep docs and code in step
	@$(BIN)/ruff format --check src tests bench
	@$(BIN)/ruff check src tests bench
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q tests/conventions

format: $(READY) ## rewrite the code in the project's format
	@$(BIN)/ruff format src tests bench
	@$(BIN)/ruff check --fix-only src tests bench

bench: .venv-measured/.ready .venv-bench/.ready ## measure against the usual way and the targets, as a table (ARGS=--quick)
	@.venv-measured/bin/python -m bench.run $(ARGS)

bench-documents: $(READY) .venv-documents/.ready ## measure how well documents are read (FOLDER=../shared/documents)
	@$(BIN)/python -m bench.documents.run $(FOLDER) $(ARGS)

.venv-documents/.ready: requirements/bench-documents.txt
	@echo "Setting up .venv-documents for other readers (a minute, once) ..."
	@command -v tesseract >/dev/null || echo "passporteye and fastmrz need tesseract: apt install tesseract-ocr"
	@test -x .venv-documents/bin/python || $(PYTHON) -m venv .venv-documents
	@.venv-documents/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench-documents.txt
	@touch .venv-documents/.ready

.venv-s3/.ready: requirements/s3-server.txt
	@echo "Setting up .venv-s3, an S3 server for tests (a minute, once) ..."
	@test -x .venv-s3/bin/python || $(PYTHON) -m venv .venv-s3
	@.venv-s3/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/s3-server.txt
	@touch .venv-s3/.ready

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
	@$(BIN)/python -m pip --python .venv-bench/bin/python install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch .venv-bench/.ready

lock: ## pin the dependencies anew (needs uv)
	@for one in runtime documents dev bench bench-documents bench-screening; do \
		case $$one in \
			runtime) group= ;; \
			documents) group="--extra documents" ;; \
			dev) group="--group dev --extra documents" ;; \
			*) group="--group $$one" ;; \
		esac; \
		uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml $$group \
			-o requirements/$$one.txt; done
	@uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --group s3-server \
		-o requirements/s3-server.txt
	@uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --group build \
		-o requirements/build.txt

clean: ## remove what setup and tests made (never the data folder)
	@rm -rf $(VENV) .venv-bench .venv-measured .measuring-python .venv-documents .venv-s3 .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage
