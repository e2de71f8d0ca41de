# Everything a person types here. `make run` needs neither root nor a second service; `make test` may need root once,
# for a browser, and says so when it cannot.

PYTHON ?= python3
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PAGES := tests/browser/node_modules/.installed

.DEFAULT_GOAL := help
.PHONY: help run test lint bench soak fuzz crashes long format clean system-packages

help:
	@echo "make run     start the server (ARGS='--port 9000' is handed on to confserver run)"
	@echo "make test    install what the tests need, then every check and every test (ARGS='-k word' for pytest)"
	@echo "make lint    the checks without the tests"
	@echo "make bench   measure the server (docs/performance.md)"
	@echo "make soak    an hour's churn in minutes: what is kept? (ARGS='--minutes 60' for longer)"
	@echo "make fuzz    invented input for every parser, 30 s each (ARGS='--seconds 300 --only stun')"
	@echo "make crashes kill -9 at random moments, and look what is left (ARGS='--times 50 --seed 1')"
	@echo "make long    tests of minutes: networks that go, crash after crash, a locked disk (root tries all of them)"
	@echo "make format  put the code into the house's shape"
	@echo "make clean   remove what make has made; meetings and settings stay"

run: $(VENV)/.installed
	@exec $(BIN)/confserver run $(ARGS)

# Two at a time where nothing is measured, then one by one those that take the time while a whole server works. That one of
# the two finds nothing to do (5), as with ARGS='-k word', is no failure.
test: lint $(PAGES)
	@$(BIN)/python -m pytest -m "not alone" -n 2 --dist worksteal $(ARGS) || [ $$? -eq 5 ]
	@$(BIN)/python -m pytest -m alone $(ARGS) || [ $$? -eq 5 ]

lint: $(VENV)/.installed-test
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: $(VENV)/.installed-test
	@$(BIN)/python -m benches $(ARGS)

soak: $(VENV)/.installed-test
	@$(BIN)/python -m benches.soak $(ARGS)

fuzz: $(VENV)/.installed-fuzz
	@$(BIN)/python -m fuzz $(ARGS)

crashes: $(VENV)/.installed-test
	@$(BIN)/python -m tests.crashes $(ARGS)

long: $(VENV)/.installed-test $(PAGES)
	@$(BIN)/python -m pytest -m long --log-cli-level=INFO --log-disable=aioice.ice $(ARGS)

format: $(VENV)/.installed-test
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

clean:
	rm -rf $(VENV) tests/browser/node_modules build dist artifacts *.egg-info .hypothesis .import_linter_cache \
		.mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp file behind each step: what is up to date is not looked at again, so the second `make run` starts at once.

$(VENV)/.created:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing. Install it with:" \
		"sudo apt-get install -y python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "confserver needs Python 3.11 or" \
		"newer, this is $$($(PYTHON) --version). Name a newer one: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. Install it with:" \
		"sudo apt-get install -y python3-venv"; exit 1; }
	@echo "Making the virtual environment $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: pyproject.toml | $(VENV)/.created
	@echo "Installing confserver into $(VENV) ..."
	@$(PIP) --editable .
	@touch $@

$(VENV)/.installed-test: pyproject.toml | $(VENV)/.created system-packages
	@echo "Installing confserver and the tools of its tests into $(VENV) ..."
	@$(PIP) --editable '.[test]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-fuzz: $(VENV)/.installed-test
	@echo "Installing the fuzzer into $(VENV) ..."
	@$(PIP) --editable '.[test,fuzz]'
	@touch $@

$(PAGES): tests/browser/package-lock.json | system-packages
	@cd tests/browser && npm ci --silent --no-audit --no-fund
	@touch $@

system-packages:
	@PYTHON=$(PYTHON) tests/tools/system_packages.sh
