# The project's commands. `make serve` and `make test` set up all they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NPM := $(BIN)/npm
# What builds the site: mkdocs, properdocs or zensical. The last two have packages of their own.
BUILDER ?= mkdocs
BUILDERS := .venv-builders

export NO_MKDOCS_2_WARNING := 1
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help setup browser serve build build-mkdocs build-properdocs build-zensical test test-long check social pictures bench lock clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 12

setup: $(VENV)/.done node_modules/.done ## Install the locked packages

$(VENV)/.done: requirements.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11, 5) and f"Python 3.11.5 or newer is needed; this is {sys.version.split()[0]}. Try: make PYTHON=python3.12 …")'
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing Python packages …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.txt
	@touch $@

node_modules/.done: package-lock.json $(VENV)/.done
	@echo "Installing Pyodide from npm …"
	@$(NPM) ci --silent --no-audit --no-fund
	@touch $@

browser: setup
	@$(BIN)/python tests/tools/find_browser.py --install

serve: setup ## Serve the site with live reload
	$(BIN)/python -m generator check mkdocs.yml
	$(BIN)/python -m mkdocs serve

build: build-$(BUILDER) ## Build the site into site/; with BUILDER=properdocs or BUILDER=zensical by another builder

build-mkdocs: setup
	$(BIN)/python -m generator check
	$(BIN)/python -m mkdocs build --strict

build-properdocs: setup $(BUILDERS)/.done
	$(BUILDERS)/bin/python -m properdocs build --strict -f mkdocs.yml

build-zensical: setup $(BUILDERS)/.done
	rm -rf site
	$(BUILDERS)/bin/python -m generator prepare
	$(BUILDERS)/bin/python -m zensical build --clean --strict -f mkdocs.prepared.yml
	$(BUILDERS)/bin/python -m generator finish site

$(BUILDERS)/.done: requirements-builders.txt
	@$(PYTHON) -m venv $(BUILDERS)
	@echo "Installing the other builders …"
	@$(BUILDERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-builders.txt
	@touch $@

test: setup browser check ## Run all checks and tests
	$(BIN)/node --test tests/web/*.test.mjs
	$(BIN)/python -m pytest -n auto --dist worksteal

test-long: setup browser ## Run the tests that take long
	$(BIN)/python -m pytest -n auto --dist worksteal -m long

pictures: setup browser ## Take a picture of every state of the desk
	$(BIN)/python -m tests.tools.pictures

bench: setup browser ## Measure the site against the alternatives
	$(BIN)/python -m tests.tools.bench

check: setup ## Lint, types and content
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/node node_modules/typescript/bin/tsc -p tsconfig.json
	$(BIN)/codespell $(addprefix --ignore-words=,$(wildcard docs/_data/words.txt))
	$(BIN)/python -m generator check --strict

social: browser ## Draw the picture for link previews and the icons anew
	$(BIN)/python -m generator.pages.social

lock: setup ## Lock the packages anew after editing *.in or package.json
	$(BIN)/python -m pip install --quiet uv==0.13.9
	$(BIN)/uv pip compile -q --universal --python-version 3.11.5 --generate-hashes --no-annotate --no-header --no-emit-index-url --upgrade requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11.5 --generate-hashes --no-annotate --no-header --no-emit-index-url --upgrade requirements-builders.in -o requirements-builders.txt
	$(BIN)/uv pip compile -q --python-version 3.14 --generate-hashes --no-annotate --no-header --no-emit-index-url --upgrade requirements-pyodide.in -o requirements-pyodide.txt
	$(NPM) install --package-lock-only --omit-lockfile-registry-resolved
	$(NPM) install --package-lock-only --omit-lockfile-registry-resolved --prefix tests/tools/bench

clean: ## Remove everything that was installed or built
	rm -rf $(VENV) $(BUILDERS) mkdocs.prepared.yml node_modules .kit-cache site .mypy_cache .ruff_cache .pytest_cache .hypothesis test-results
