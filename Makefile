# Needs Python 3.11 to 3.13 with venv and Node 20.19 or newer; nothing else. `make help` lists what there is.
# Whatever is missing is set up first, and again when its lock has changed.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo $$name && break; done)
VENV := .venv
RUN := $(VENV)/bin/
MADE := .cache/made
CLIENT := static-client
CODE := api bench cli core demo descriptor tests worker
CLIENT_SOURCES = $(shell find $(CLIENT) -type f \( -path '$(CLIENT)/src/*' -o -path '$(CLIENT)/public/*' \
	-o -path '$(CLIENT)/plugins/*' -o -path '$(CLIENT)/scripts/*' -o -not -path '$(CLIENT)/*/*' \) \
	-not -name '*.test.ts*')

.PHONY: help
help: ## Lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: setup ## The whole product beside a stand-in Jira with issues and reports; prints Ready: <url>
	@exec $(RUN)python -m cli run

.PHONY: serve
serve: setup ## The product alone; prints Ready: <url>
	@exec $(RUN)python -m cli serve

.PHONY: test
test: setup ## Everything: checks, unit, integration, client, browser and fault tests
	@$(RUN)python -m tests

.PHONY: check
check: $(MADE)/python $(MADE)/client ## Lint, format, types, import rules, dead code, generated files; seconds
	@$(RUN)python -m tests check

.PHONY: soak
soak: setup ## Fault, fuzz and load suites at length, with many seeds
	@$(RUN)python -m tests soak

.PHONY: bench
bench: setup ## Every benchmark; writes bench/results.json
	@$(RUN)python -m bench

.PHONY: setup
setup: $(MADE)/python $(MADE)/client $(MADE)/demo $(MADE)/build ## Sets up what is missing and builds the client

.PHONY: lock
lock: ## Renews the locks, Python's for all its versions at once (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --extra local --extra demo pyproject.toml --output-file requirements.txt
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --all-extras pyproject.toml --output-file requirements-dev.txt
	@for folder in $(CLIENT) demo bench bench/api/peer; do \
		(cd $$folder && npm install --package-lock-only --omit-lockfile-registry-resolved --silent); \
		node $(CLIENT)/scripts/complete-lock.mjs $$folder; done

.PHONY: schema
schema: $(MADE)/python ## Writes core/schema.sql, what the migrations make, after a new one
	@$(RUN)python -m tests.schema_file

.PHONY: api
api: setup ## Writes what is generated of the API's description: docs/api.md, docs/openapi.json, the client's types
	@$(RUN)python -m tests.api_document
	@cd $(CLIENT) && npm run --silent generate

.PHONY: statement
statement: $(MADE)/python ## Writes docs/data-storage.md, the public statement with the tests that hold it
	@$(RUN)python -m tests.statement_page

.PHONY: clean
clean: ## Removes what was built and set up; the state of a local product stays
	rm -rf $(VENV) .cache $(CLIENT)/dist $(CLIENT)/node_modules demo/node_modules bench/node_modules bench/api/peer/node_modules

$(MADE)/python: requirements-dev.txt pyproject.toml
	@[[ -n "$(PYTHON)" ]] || { echo 'Sightline needs Python 3.11, 3.12 or 3.13; put one on PATH or set PYTHON.'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo '$(PYTHON) lacks venv; on Debian and Ubuntu: apt install python3-venv'; exit 1; }
	@echo 'Setting up Python packages …'
	@[[ -x $(RUN)python ]] || $(PYTHON) -m venv $(VENV)
	@$(RUN)python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(RUN)python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@mkdir -p $(@D) && touch $@

$(MADE)/client: $(CLIENT)/package-lock.json | $(MADE)/node
	@echo 'Setting up client packages …'
	@cd $(CLIENT) && npm ci --loglevel=error --no-update-notifier --no-audit --no-fund >/dev/null
	@mkdir -p $(@D) && touch $@

$(MADE)/demo: demo/package-lock.json | $(MADE)/node
	@echo 'Setting up the stand-in Jira …'
	@cd demo && npm ci --loglevel=error --no-update-notifier --no-audit --no-fund >/dev/null
	@mkdir -p $(@D) && touch $@

$(MADE)/build: $(MADE)/client $(CLIENT_SOURCES)
	@echo 'Building the client …'
	@cd $(CLIENT) && node_modules/.bin/vite build --logLevel error && node scripts/precompress.mjs
	@mkdir -p $(@D) && touch $@

$(MADE)/node:
	@node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major > 20 || (major == 20 && minor >= 19) ? 0 : 1)' \
		2>/dev/null || { echo 'Sightline needs Node 20.19 or newer on PATH.'; exit 1; }
	@mkdir -p $(@D) && touch $@
