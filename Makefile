# Each target sets up what it needs from constraints.txt; only Python 3.11+ and make are expected.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO_STAMP := $(VENV)/.installed-demo

.DEFAULT_GOAL := help
.PHONY: help demo run test check bench clean

help:
	@echo "make demo   the real bot on a simulated Discord, with a local web page; no token needed"
	@echo "make run    the bot on Discord, with a token in INTERLUDE_TOKEN or .env"
	@echo "make test   every test          make check  format, lint, types, layers"
	@echo "make bench  speed beside bare discord.py"

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed: install it, then run make again."; exit 2; }
	@"$(PYTHON)" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed; $(PYTHON) is another version. Name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@"$(PYTHON)" -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "Python's venv module is missing. On Debian: apt install python3-venv"; exit 2; }

$(DEMO_STAMP): pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[demo]"
	@touch $@

$(STAMP): pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[demo,dev]"
	@touch $@ $(DEMO_STAMP)

demo: $(DEMO_STAMP)
	@$(BIN)/interlude demo

run: $(DEMO_STAMP)
	@$(BIN)/interlude run

# Each test has databases of its own, and each write waits for the disk: in memory, where there is
# room, the tests take half the time.
MEMORY := $(shell [ -w /dev/shm ] && [ "$$(df -Pk /dev/shm | awk 'NR == 2 { print $$4 }')" -ge 2000000 ] && echo TMPDIR=/dev/shm)

# Compiled modules are kept: each simulated bot loads every extension anew.
test: $(STAMP)
	env -u PYTHONDONTWRITEBYTECODE $(MEMORY) $(BIN)/python -m pytest --numprocesses auto --dist worksteal

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) .interlude .mypy_cache .pytest_cache .ruff_cache build *.egg-info
