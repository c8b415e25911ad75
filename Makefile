# Two commands matter: `make run` and `make test`. The rest is for people who change the code.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DEV := $(VENV)/.dev
DOCS := $(VENV)/.docs
WEB := web/node_modules/.installed
WEB_DIST := src/synaspis/web_dist
# Each page is one script; the first build empties the folder.
PAGES := report join seat replay edit gallery
PAGE := npx --no-install vite build --logLevel error --mode
CASE ?= europe
RUN_ARGS ?=

.PHONY: run test check docs web web-check browser bench soak clean

run: $(INSTALLED)
	@$(BIN)/synaspis run $(CASE) $(RUN_ARGS)

test: $(DEV)
	@$(BIN)/python -m pytest -n 2 --ignore=tests/test_docs.py --ignore=tests/test_site.py -m "not processes and not long" $(TEST_ARGS)

check: $(DEV) $(DOCS)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/lint-imports --no-cache
	@$(BIN)/python -m pytest -qq tests/test_tidy.py tests/test_docs.py tests/test_site.py
	@$(BIN)/python -m pytest -qq -m processes tests/network tests/cli tests/exercise
	@$(BIN)/python -m pytest -qq -n 2 -m "long and not processes"
	@$(BIN)/python -m tools.cases
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory web-check; \
	else echo "no npm here: the built pages were not compared with web/" >&2; fi

# The documents as a site; a page or an anchor that is not there ends it.
docs: $(DOCS)
	@$(BIN)/zensical build --strict
	@echo "open build/site/index.html"

# The built pages are committed, so that a user needs no Node; these two make them and compare them.
web: $(WEB)
	@cd web && npx --no-install tsc --noEmit && for page in $(PAGES); do $(PAGE) $$page || exit 1; done

web-check: $(WEB)
	@cd web && npx --no-install tsc --noEmit
	@made="$$(mktemp -d)"; tried="$$(mktemp -d)"; trap 'rm -rf "$$made" "$$tried"' EXIT; \
	(cd web && $(PAGE) tests --outDir "$$tried") && node "$$tried/tests.js" && \
	(cd web && for page in $(PAGES); do $(PAGE) $$page --outDir "$$made" || exit 1; done) && \
	diff -rq "$$made" $(WEB_DIST) || { echo "$(WEB_DIST) is not what web/ makes: run 'make web' and commit" >&2; exit 1; }

$(WEB): web/package.json web/package-lock.json
	@echo "installing the tools that build the pages" >&2
	@cd web && npm ci --ignore-scripts --loglevel error
	@touch $@

browser: $(DEV)
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(WEB); fi
	@$(BIN)/python tests/browser/look.py

# The long loads by hand (about an hour); CI runs a hundredth of them: make soak SHARE=0.01
SHARE ?= 1
soak: $(DEV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --prefer-binary --editable '.[dev,soak]'
	@$(BIN)/python -m tests.soak $(SHARE)

bench: $(INSTALLED)
	@$(BIN)/synaspis bench

clean:
	rm -rf $(VENV) runs dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .cache
	rm -rf web/node_modules
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

# The first Python of 3.11 to 3.13 that can make an environment; PYTHON=... overrides the choice.
$(VENV)/bin/python:
	@found=""; for python in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
	  if "$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then \
	    found="$$python"; \
	    if "$$python" -c 'import ensurepip, venv' 2>/dev/null; then break; fi; \
	  fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Synaspis needs Python 3.11, 3.12 or 3.13 (Debian: apt install python3 python3-venv)" >&2; exit 1; \
	fi; \
	echo "making $(VENV) with $$found" >&2; \
	"$$found" -m venv --clear $(VENV) || { rm -rf $(VENV); \
	  echo "making the environment failed; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

$(INSTALLED): $(VENV)/bin/python pyproject.toml
	@echo "installing synaspis and what it needs (about a minute the first time)" >&2
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --prefer-binary --editable .
	@touch $@

$(DEV): $(INSTALLED)
	@echo "installing the tools for tests and checks" >&2
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --prefer-binary --editable '.[dev]'
	@touch $@

$(DOCS): $(INSTALLED)
	@echo "installing the tools that build the documents" >&2
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --prefer-binary --editable '.[docs]'
	@touch $@
