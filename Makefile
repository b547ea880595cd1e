# Govern's commands. `make help` lists them.
PORT ?= 8000
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes

.DEFAULT_GOAL := help
.PHONY: help run test lint e2e bench lock clean

help: ## List the commands
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Govern needs Python 3.11 or newer; name one with PYTHON=…")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements/install.txt pyproject.toml | $(BIN)/python
	@echo "Installing what Govern needs (once) …"
	@$(PIP) --requirement requirements/install.txt
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.developing: requirements/dev.txt $(VENV)/.installed
	@echo "Installing what tests need (once) …"
	@$(PIP) --requirement requirements/dev.txt
	@touch $@

run: $(VENV)/.installed ## Serve the demo organisation on http://127.0.0.1:8000 (PORT= for another)
	@GOVERN_ORGANISATION="$${GOVERN_ORGANISATION:-Harbour Mutual}" $(BIN)/govern demo --if-empty
	@GOVERN_ORGANISATION="$${GOVERN_ORGANISATION:-Harbour Mutual}" $(BIN)/govern serve --port $(PORT)

test: $(VENV)/.developing ## Run the whole test suite
	@$(BIN)/python -m pytest -n auto --dist loadgroup

lint: $(VENV)/.developing ## Types, style, imports
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

e2e: $(VENV)/.developing ## Browser tests (needs Chromium)
	@$(BIN)/python -m pytest tests/browser -m browser

bench: $(VENV)/.developing ## Build 200 systems once and print figures and ratios
	@$(BIN)/python -m bench

lock: $(VENV)/.developing ## Renew the lock files from requirements/*.in
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet uv
	@for part in install dev; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --upgrade requirements/$$part.in --output-file requirements/$$part.txt; done

clean: ## Remove the environment and the demo's data
	@rm -rf $(VENV) var
