# Every target works from any clone, also from a folder with spaces in its name: all paths are relative.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo setup setup-run test test-fast test-slow durations room browser contracts check format bench rooms gallery lock clean

PY := .venv/bin/python
WORKERS ?= 2
# One room of the house, as in ROOM=sim/market: its tests lie in the folder of the same name below tests/.
export ROOM ?=
TESTS = $(if $(ROOM),"tests/$$ROOM")
# Python may keep what it compiled: else every worker of every run writes all assertions of all tests anew.
test test-fast test-slow durations: export PYTHONDONTWRITEBYTECODE =
# No index, no annotations, no header: a lock names packages and hashes, not the place they came from.
COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes \
           --no-emit-index-url --no-annotate --no-header --upgrade

help: ## Show this list
	@echo "Platform Lab. Usage: make TARGET"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

demo: setup-run ## Set up, ask how low a commission cap should be, and one question of the dashboard
	@.venv/bin/platform-lab sweep experiment=commission_cap_heights
	@echo
	@.venv/bin/platform-lab compare --brief sector=food_delivery population=town platforms=gradient horizon=standard \
	    'policy=[commission_cap]' replicates=8
	@echo "Explore: .venv/bin/platform-lab dashboard"

setup: ## Make or renew .venv with everything, developers' tools included
	@bash .ci/bootstrap dev

setup-run: # what running needs, and no more
	@bash .ci/bootstrap run

test: $(if $(ROOM),setup,contracts) browser room ## Check who imports whom, run all tests but the slow ones; ROOM=sim/market runs one room's
	@$(PY) -m pytest -n $(WORKERS) --dist worksteal -m "not slow" $(TESTS)

test-fast: setup room ## Some tests of every room, in seconds: the cheapest; last failures first, stops at the first
	@$(PY) -m pytest -n $(WORKERS) --fast -m "not slow" $(if $(ROOM),,--ignore=tests/health) --failed-first --exitfirst $(TESTS)

test-slow: setup room ## Run the slow tests and only these
	@$(PY) -m pytest -n $(WORKERS) -m slow $(TESTS)

durations: setup room ## Measure anew what tests cost, for test-fast to choose from (in tests/durations.json)
	@$(PY) -m pytest -q -m "not slow" --measure $(TESTS)

room: # a room that does not exist is refused
	@if [ -z "$$ROOM" ] || [ -e "tests/$$ROOM" ]; then exit 0; fi; \
	printf 'There are no tests of a room "%s".\n  allowed: %s\n  do:      make test ROOM=sim/market\n' "$$ROOM" \
	    "$$(cd tests && find * -name 'test_*.py' | sed 's|/[^/]*$$||' | sort -u | paste -sd ' ' -)" >&2; exit 2

browser: # what tests of pages need, where it can be had
	@bash .ci/browser

contracts: setup
	@.venv/bin/lint-imports --no-logo

check: contracts ## Formatting, lint, types and import contracts
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/pyright --warnings

format: setup ## Format the code and mend what lint can mend
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

bench: setup ## Measure speed and memory; ratios, not promises
	@$(PY) -m benchmarks

rooms: setup ## Count files of every room, who imports whom, and the files that a question passes
	@$(PY) -m benchmarks rooms

gallery: setup ## Run a few small experiments and draw every figure into docs/gallery
	@$(PY) -m experiments.gallery

lock: setup ## Renew the locked versions in requirements/
	@$(COMPILE) --group installer -o requirements/installer.lock
	@$(COMPILE) pyproject.toml --group build -c requirements/installer.lock -o requirements/run.lock
	@$(COMPILE) pyproject.toml --group dev -c requirements/run.lock -c requirements/installer.lock -o requirements/dev.lock
	@wc -l requirements/*.lock

clean: ## Remove the environment, caches and builds; results in outputs/ stay
	@rm -rf .venv build dist .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
