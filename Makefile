# Needs make and Python 3.11 to 3.13 (or uv); `make setup` brings everything else into .venv.

BIN := .venv/bin
READY := .venv/.ready

# Handed to the recipes through the environment, so that quotes and spaces in them are safe.
export MODEL ASK IMAGE

# The tests multiply small matrices on two cores: more threads cost more than they bring.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1
export VECLIB_MAXIMUM_THREADS ?= 1

.PHONY: help setup run test lint type app bench clean

help:
	@echo 'make run     open Facet; MODEL=folder ASK="..." IMAGE=file ask one question instead'
	@echo 'make test    run every check: style, types, contracts, tests'
	@echo 'make lint    style and import contracts only'
	@echo 'make type    types only'
	@echo 'make app     build the bundled program in dist/ and try it'
	@echo 'make bench   measure the engine on this machine'
	@echo 'make clean   remove .venv and everything built'

$(READY): pyproject.toml packaging/setup.sh
	@packaging/setup.sh
	@touch $@

setup: $(READY)

run: $(READY)
	@packaging/run.sh

lint: $(READY)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/lint-imports --no-logo

type: $(READY)
	@$(BIN)/mypy

# The test runner's closing line is the last thing printed.
test: lint type
	@$(BIN)/python -m pytest

# The bundled program in dist/, as an .app on a Mac.
app: $(READY)
	@packaging/build.sh

bench: $(READY)
	@$(BIN)/python -m tests.bench

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis bench-out facet-demo screens
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
