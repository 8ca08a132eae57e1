# Everything works from a fresh clone: each target makes the virtual environment that it needs.

PYTHON ?= python3
EDGE ?= 1
VENV := .venv
BIN := $(VENV)/bin
UV := uv==0.13.8
WORKERS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); [ $$n -lt 2 ] && n=2; [ $$n -gt 4 ] && n=4; echo $$n)
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --all-extras --universal --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate

ifeq ($(EDGE),0)
DEMO_VENV := $(VENV)/.stamp-server
else
DEMO_VENV := $(VENV)/.stamp-all
endif

.DEFAULT_GOAL := help
.PHONY: help demo up test check lint bench format lock clean

help: ## show this
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

demo: $(DEMO_VENV) ## play the story on this machine, no token needed (EDGE=0 leaves ultralytics out)
	@[ "$(EDGE)" != 0 ] || echo "EDGE=0: ultralytics is left out, so the self-test skips the detector."
	@$(BIN)/siaga demo

up: $(VENV)/.stamp-all ## run everything on this machine against real Telegram (TELEGRAM_TOKEN=…)
	@$(BIN)/siaga up

test: $(VENV)/.stamp-all ## all tests, with a browser fetched for them if there is none
	@.ci/browser
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup

check: lint ## lint, types, import directions, lock file
	$(BIN)/mypy
	$(BIN)/lint-imports
	@cp requirements.lock $(VENV)/requirements.lock && $(COMPILE) -o $(VENV)/requirements.lock >/dev/null
	@diff requirements.lock $(VENV)/requirements.lock \
		|| { echo "requirements.lock is not in step with pyproject.toml: run make lock"; exit 1; }

lint: $(VENV)/.stamp-all ## ruff: format and rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

bench: $(VENV)/.stamp-all ## measure the bars of the design against their baselines
	$(BIN)/python -m tests.bench

format: $(VENV)/.stamp-all ## put the code into form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(VENV)/.stamp-all ## write requirements.lock after a change of dependencies
	$(COMPILE) -o requirements.lock

clean: ## remove the virtual environment and the data of the one-machine stack
	rm -rf $(VENV) .siaga

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 …"; exit 1; }
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check $(UV)

$(VENV)/.stamp-all: pyproject.toml requirements.lock | $(BIN)/uv
	@echo "Installing …"
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --compile-bytecode --quiet -c requirements.lock -e '.[server,edge,dev]'
	@touch $@ $(VENV)/.stamp-server

$(VENV)/.stamp-server: pyproject.toml requirements.lock | $(BIN)/uv
	@echo "Installing, without ultralytics …"
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --compile-bytecode --quiet -c requirements.lock -e '.[server]'
	@touch $@
