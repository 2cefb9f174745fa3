# One interface to everything. `make` alone lists what there is.

PYTHON ?= python3
UV ?= uv
NPM ?= npm
WORKERS ?= 2

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
DOCS_OUT := docs/_build/html
NODE := web/node_modules
AUDIT := web/audit/node_modules
APP := src/gradatim/server/app/index.html
DEMO := demo-out/server

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo demo-files app serve test test-long audit check docs bench lock clean run-env server-env dev-env postgres chromium

help: ## list these commands
	@echo 'Gradatim: what make can do'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

demo: demo-files server-env app ## show the whole path on an example prescription, then the app with a made-up person
	@printf '\n6. The app, with the same made-up person; nothing in it is real, and the next time it begins anew\n'
	@if $(BIN)/gradatim pair --data $(DEMO) >/dev/null 2>&1; then \
		echo 'A demonstration runs already; this one is beside it.'; exec $(BIN)/gradatim serve --demo --code 2>/dev/null; fi; \
	rm -rf $(DEMO); echo 'A further code for it: $(BIN)/gradatim pair --data $(DEMO)'; \
	$(BIN)/gradatim serve --demo --data $(DEMO) --code 2>$(DEMO).log || { code=$$?; cat $(DEMO).log; exit $$code; }

demo-files: run-env ## the same, without the app
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh examples/demo.sh

app: $(APP) ## build the app

serve: server-env ## a server for this household, on this machine only
	@if command -v $(NPM) >/dev/null; then $(MAKE) --no-print-directory app; \
		else echo 'There is no Node here, so there is the plain page and no app.'; fi
	@exec $(BIN)/gradatim serve

test: check app postgres chromium ## everything that must hold before a change goes in
	@echo '== web: vitest'
	@said=$$(cd web && NO_COLOR=1 $(NPM) run --silent test 2>&1) || { printf '%s\n' "$$said"; exit 1; }; printf '%s\n' "$$said" | grep '^ *Tests '
	@echo '== tests'
	@$(BIN)/python -m pytest -q -n $(WORKERS)
	@echo '== tests of the server, once more on PostgreSQL'
	@$(BIN)/python -m tests.server.postgres -- $(BIN)/python -m pytest -q -n $(WORKERS) -m 'not long and not one_database' tests/server
	@$(MAKE) --no-print-directory docs
	@echo '== all good'

test-long: dev-env postgres ## the tests that take minutes
	@echo '== long tests'
	@$(BIN)/python -m pytest -q -n $(WORKERS) -m long || [ $$? -eq 5 ]  # 5: there are none
	@echo '== long tests of the server, once more on PostgreSQL'
	@$(BIN)/python -m tests.server.postgres -- $(BIN)/python -m pytest -q -n $(WORKERS) -m 'long or one_database' tests/server

audit: dev-env app chromium $(AUDIT)/.made ## Lighthouse and pa11y on every screen of the app (minutes)
	@$(BIN)/python -m tests.browser.audit $(SCREENS)

# A stage names itself, says nothing when it passes, and shows all it said when it fails.
define stage
	@echo '== $(1)'
	@said=$$($(2) 2>&1) || { printf '%s\n' "$$said"; exit 1; }
endef

check: dev-env $(NODE)/.made ## style, format, types, floors, dependencies
	$(call stage,style: ruff check,$(BIN)/ruff check .)
	$(call stage,format: ruff format,$(BIN)/ruff format --check .)
	$(call stage,types: mypy,$(BIN)/mypy)
	$(call stage,floors: import-linter,$(BIN)/lint-imports)
	$(call stage,dependencies: deptry,$(BIN)/deptry .)
	$(call stage,web: biome,cd web && $(NPM) run --silent check:style)
	$(call stage,web: svelte-check,cd web && $(NPM) run --silent check:types)

docs: dev-env ## build the manual; a warning is a failure
	@echo '== docs'
	@$(BIN)/sphinx-build -W --keep-going -q -b html docs $(DOCS_OUT)
	@echo 'open $(DOCS_OUT)/index.html'

bench: dev-env ## measure speed
	@$(BIN)/python bench/run.py

# The development lock is resolved first and the smaller one agrees with it. To move to newer versions: make lock UPGRADE=--upgrade
RESOLVE = $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --no-header $(UPGRADE)
COMPILE = $(RESOLVE) pyproject.toml

lock: ## resolve and hash the dependencies again (needs uv)
	@command -v $(UV) >/dev/null || { echo 'make lock needs uv: install it, or name it with make lock UV=/path/to/uv'; exit 1; }
	@echo '== lock'
	@$(COMPILE) --extra all --group dev -o requirements/dev.lock
	@$(COMPILE) --extra report --group build -c requirements/dev.lock -o requirements/run.lock
	@$(COMPILE) --extra server -c requirements/dev.lock -o requirements/server.lock
	@$(RESOLVE) --group bench -o requirements/bench.lock
	@for lock in run server dev bench; do \
		{ echo '# Exact versions and their hashes. Made by: make lock'; cat requirements/$$lock.lock; } > requirements/$$lock.new \
		&& mv requirements/$$lock.new requirements/$$lock.lock || exit 1; done

clean: ## remove everything that make has made
	rm -rf $(NODE) $(AUDIT) $(dir $(APP)) web/src/server/api.d.ts
	rm -rf $(VENV) demo-out docs/_build build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .benchmarks

# --- the environment: made once, and again only when a lock changes -------------------------------------------

run-env: $(VENV)/.run $(VENV)/.project
server-env: $(VENV)/.server $(VENV)/.project
dev-env: $(VENV)/.dev $(VENV)/.project

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
		echo 'Gradatim needs Python 3.11 or newer, and there is no $(PYTHON) here.'; \
		echo 'On Debian or Ubuntu: sudo apt install python3 python3-venv'; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Gradatim needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1)."; \
		echo 'If a newer one is installed, name it: make $(MAKECMDGOALS) PYTHON=python3.12'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo 'This Python cannot make a virtual environment: its venv package is missing.'; \
		echo 'On Debian or Ubuntu: sudo apt install python3-venv'; exit 1; }
	@echo '== environment: $(VENV)'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.lock | $(BIN)/python
	@echo '== install: what the program needs'
	@$(PIP) --require-hashes -r requirements/run.lock
	@touch $@

$(VENV)/.server: requirements/server.lock $(VENV)/.run | $(BIN)/python
	@echo '== install: what the server needs'
	@$(PIP) --require-hashes -r requirements/server.lock
	@touch $@

$(VENV)/.dev: requirements/dev.lock | $(BIN)/python
	@echo '== install: what development needs (about a minute, once)'
	@$(PIP) --require-hashes -r requirements/dev.lock
	@touch $(VENV)/.run $(VENV)/.server $@

# --- the app: built again only when something of it changed ---------------------------------------------------

$(NODE)/.made: web/package-lock.json web/package.json web/.npmrc
	@command -v node >/dev/null && command -v $(NPM) >/dev/null || { \
		echo 'The app is built with Node 20.19 or newer and npm, and they are not here.'; \
		echo 'On Debian 13 or Ubuntu 25.10 and newer: sudo apt install nodejs npm'; exit 1; }
	@node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' || { \
		echo "The app is built with Node 20.19 or newer; this one is $$(node -v)."; \
		echo 'On Debian 13 or Ubuntu 25.10 and newer: sudo apt install nodejs npm'; exit 1; }
	@echo '== install: what building the app needs (about half a minute, once)'
	@cd web && $(NPM) ci --loglevel=error --no-progress >/dev/null
	@touch $@

$(APP): $(NODE)/.made $(shell find web/src web/public -type f ! -name api.d.ts) web/index.html web/vite.config.ts web/svelte.config.js web/tsconfig.json docs/reference/openapi.json
	$(call stage,app: build,cd web && $(NPM) run --silent build)
	@touch $@

$(AUDIT)/.made: web/audit/package-lock.json web/audit/package.json
	@echo '== install: what audits the app (200 MB, once)'
	@cd web/audit && PUPPETEER_SKIP_DOWNLOAD=1 $(NPM) ci --loglevel=error --no-progress >/dev/null
	@touch $@

# The tests in a browser drive Debian's Chromium.
chromium:
	@command -v chromium >/dev/null || { \
		echo '== install: Chromium, for the tests'; \
		if [ "$$(id -u)" = 0 ]; then as=; else as='sudo -n'; fi; \
		{ $$as apt-get update -qq && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; } || { \
			echo 'The tests need Chromium. On Debian: sudo apt install chromium'; exit 1; }; }

# The tests of the server start a PostgreSQL of their own. Debian's package brings its programs; a cluster that runs is left alone.
postgres:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || { \
		echo '== install: PostgreSQL, for the tests'; \
		if [ "$$(id -u)" = 0 ]; then as=; else as='sudo -n'; fi; \
		{ $$as apt-get update -qq && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null; } || { \
			echo 'The tests need PostgreSQL. On Debian or Ubuntu: sudo apt install postgresql'; exit 1; }; }

# dev.lock holds all of run.lock, so whichever came first is enough here.
$(VENV)/.project: pyproject.toml | $(VENV)/.run
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@
