# Every target does its own set-up: a fresh checkout needs no step before `make run` or `make test`.
# Without make (Windows): `py tools/setup.py`, then the commands below with .venv\Scripts\ in front.

.DEFAULT_GOAL := help
BIN := .venv/bin
PY := $(BIN)/python
ARGS ?=
export PYTHONPATH :=
# Programs that the tests start would compile the sources each time.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup run test soak check format bench dist screenshots messages third-party lock audit clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

setup: ## make .venv with the locked packages (and, on Debian, the system libraries)
	@sh tools/setup.sh

run: setup ## start the program; without a display it makes a demo and pictures of it (ARGS="...")
	@$(BIN)/crm-desktop $(ARGS)

test: setup ## run the tests (ARGS="-k name -x")
	$(PY) -m pytest -n 2 --dist worksteal $(ARGS)

soak: setup ## the long proofs: a kill at every call, 1,000 bit flips, full disks, power cuts, a year of clocks (as root: all of them)
	CRM_SOAK=1 $(PY) -m pytest -n 2 --dist worksteal --timeout 3600 tests/soak tests/backup/test_kills.py $(ARGS)

check: setup ## format, lint, types, import contracts, translations, licences
	$(PY) -m tools.check

format: setup ## put the sources into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only --quiet .

bench: setup ## measure speed against bare drivers in the same run (ARGS="--contacts 1000000")
	$(PY) -m benchmarks $(ARGS)

dist: setup ## build the program folder for this platform and let it test itself
	$(PY) -m tools.dist

screenshots: setup ## render the screens to PNG in three languages, light and dark
	$(PY) -m tools.screenshots $(ARGS)

messages: setup ## bring the translation catalogues in line with the sources
	$(PY) -m tools.catalogues update
	$(PY) -m tools.catalogues compile

third-party: setup ## write THIRD-PARTY.md from the installed packages
	$(PY) -m tools.third_party write

lock: setup ## resolve the dependencies again and write both lock files
	$(PY) -m tools.lock

audit: setup ## look the locked packages up in the public list of vulnerabilities (needs the internet)
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements.lock

clean: ## remove what can be made again, .venv included
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
