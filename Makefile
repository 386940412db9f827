# Every command a developer needs; `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PY := .venv/bin/python
SAM := .venv-sam/bin/sam

export SAM_CLI_TELEMETRY := 0

##@ Start
.PHONY: help
help: ## This table
	@awk -F':.*## ' '/^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: setup
setup: .venv/.complete ## Create the environment (Python ≥ 3.11; pip is enough, uv is used when present)

# An installation that was interrupted leaves no mark, so the next command goes on with it.
.venv/.complete: requirements/dev.txt
	@rm -f $@
	@tools/build/setup.sh .venv requirements/dev.txt
	@touch $@

.venv-sam/.complete: requirements/sam.txt
	@rm -f $@
	@tools/build/setup.sh .venv-sam requirements/sam.txt
	@touch $@

# For what is used beside a system that runs: an environment that is there will do, also when the lock has changed since.
# Whoever is on call does not wait for packages.
.PHONY: ready
ready:
	@test -e .venv/.complete || $(MAKE) setup
	@test ! requirements/dev.txt -nt .venv/.complete || \
	  echo "requirements/dev.txt has changed since .venv was made; \`make setup\` brings it up to date." >&2

.PHONY: run
run: setup ## Start the whole system on this machine: local AWS, stacks, sample data [CACHE=dynamodb|redis://…|none CORS=http://localhost:3000]
	@$(PY) -m tools.local run $(if $(CACHE),--cache "$(CACHE)") $(if $(CORS),--cors "$(CORS)")

.PHONY: demo
demo: ready ## Place three orders and watch them live: paid, declined, out of stock
	@$(PY) -m tools.shop.demo

.PHONY: replay
replay: ready ## Replay invoices through the API: make replay FILE=invoices.csv [LIMIT=100]
	@test -n "$(FILE)" || { echo "make replay FILE=invoices.csv [LIMIT=100]" >&2; exit 2; }
	@$(PY) -m tools.shop.replay "$(FILE)" $(if $(LIMIT),--limit $(LIMIT))

.PHONY: tiers
tiers: ## Install the programs that optional tests need: redis-server, Java, npm, Chromium
	@tools/build/tiers.sh

##@ On call: beside the system that runs

.PHONY: logs
logs: ready ## The running local stack's log, its end first, then as it comes: make logs [OF=place_order] [SERVICE=orders] [ORDER=id] [CORR=id] [LEVEL=WARNING] [SINCE=15m] [LINES=200] [FOLLOW=0] [RAW=1]
	@$(PY) -m tools.local logs $(OF) $(if $(SERVICE),--service "$(SERVICE)") $(if $(ORDER),--order "$(ORDER)") \
	  $(if $(CORR),--correlation "$(CORR)") $(if $(LEVEL),--level "$(LEVEL)") $(if $(SINCE),--since "$(SINCE)") \
	  $(if $(LINES),--lines "$(LINES)") $(if $(RAW),--raw) $(if $(filter 0,$(FOLLOW)),,--follow)

.PHONY: mails
mails: ready ## The e-mails that the running local stack has sent
	@$(PY) -m tools.local mails

.PHONY: undelivered
undelivered: ready ## The mails that nobody got and that are not tried any more: make undelivered [TABLE=the notifications'] [LIMIT=100]
	@$(PY) -m tools.operate.undelivered $(if $(TABLE),"$(TABLE)",--local) $(if $(LIMIT),--limit $(LIMIT))

.PHONY: redrive
redrive: ready ## Dead letters: make redrive lists them, make redrive OF=orders.finalize_order puts them back [LOOK=1] [DISCARD="why": away with them]
	@$(PY) -m tools.operate.redelivery redrive $(OF) $(if $(LOOK),--look) $(if $(DISCARD),--discard "$(DISCARD)") $(if $(LIMIT),--limit $(LIMIT))

.PHONY: replay-events
replay-events: ready ## Stored events to one consumer again: make replay-events TO=notifications.notify_sales [AGGREGATE=Order/…] [SINCE=… UNTIL=…]
	@test -n "$(TO)" || { echo "make replay-events TO=<context>.<consumer> [AGGREGATE=Order/<id>] [SINCE=… UNTIL=…] [REBUILD=<run>]" >&2; exit 2; }
	@$(PY) -m tools.operate.redelivery replay-events "$(TO)" $(if $(AGGREGATE),--aggregate "$(AGGREGATE)") $(if $(SINCE),--since "$(SINCE)") $(if $(UNTIL),--until "$(UNTIL)") $(if $(REBUILD),--rebuild "$(REBUILD)")

.PHONY: leaked
leaked: ready ## A secret has leaked: end at once what it made: make leaked OF=signing-secret, or OF=service-secret SERVICE=orders [STACK=name on AWS]
	@test -n "$(OF)" || { echo "make leaked OF=signing-secret [STACK=name], make leaked OF=service-secret SERVICE=orders [STACK=name]" >&2; exit 2; }
	@$(PY) -m tools.operate.leaked $(OF) $(if $(SERVICE),--service "$(SERVICE)") $(if $(STACK),--stack "$(STACK)")

.PHONY: migrate
migrate: ready ## How migrations stand, or run them: make migrate OF=catalog [ARGS="--dry-run --segments 8 --function NAME"]
	@$(PY) -m tools.operate.migrate $(OF) $(ARGS)

.PHONY: rebuild
rebuild: ready ## Rebuild the customers' summaries from every order's events: make rebuild [TABLES="orders customers"]
	@$(PY) -m tools.operate.rebuild $(if $(TABLES),$(TABLES),--local) $(ARGS)

.PHONY: day-one
day-one: ready ## What only an account proves of a deployed stack, as a table: make day-one STACK=tradewind-staging [ARGS="--endpoint-url …"]
	@test -n "$(STACK)" || { echo "make day-one STACK=tradewind-staging" >&2; exit 2; }
	@$(PY) -m tools.operate.day_one "$(STACK)" $(ARGS)

##@ Change it

.PHONY: fmt
fmt: setup ## Format and fix what can be fixed
	@$(PY) -m ruff check --fix --quiet . || true
	@$(PY) -m ruff format .

.PHONY: check
check: setup .venv-sam/.complete ## Lint, types, import contracts, every template
	@$(PY) -m tools.check

.PHONY: test
test: setup ## All tests, stage by stage; skips with their reasons at the end [TIERS=all: a skip is a failure]
	@$(PY) -m tools.check.stages $(ARGS)

.PHONY: quick
quick: ready ## What the change since main can break, in 90 s: lint, types, the tests that it reaches [ARGS="--look --base main"]
	@$(PY) -m tools.check.quick $(ARGS)

.PHONY: check-full
check-full: setup ## What is too long for every change: handlers on plain FastAPI, golden, all mutants, long fuzzing (an hour)
	@PLAIN_FASTAPI=1 $(PY) -m tools.check.stages tests/functions tests/unit/platform $(ARGS)
	@FULL_SIZE=1 $(PY) -m tools.check.stages tests/adapters/catalog/test_migration.py tests/unit/platform/events/test_event_patterns.py tests/unit/platform/test_hostile_requests.py tests/adapters/platform/test_long_walk.py tests/simulation/test_seeds.py tests/unit/tools/measure/bench/test_every_handler.py $(ARGS)
	@$(PY) -m tools.lab.golden
	@$(PY) -m tools.lab.engines --sequences 20000 --seed 1
	@$(PY) -m tools.lab.fuzz --requests 100000 --seed 1
	@$(PY) -m tools.lab.simulation --plans double
	@$(PY) -m tools.check.planted
	@$(PY) -m tools.lab.simulation.mutants --again

.PHONY: golden
golden: setup ## What must not change by accident: answers, OpenAPI, schemas, 200 traces [RECORD=1] [PARTS="answers openapi"]
	@$(PY) -m tools.lab.golden $(if $(RECORD),--record) $(PARTS)

.PHONY: rows
rows: setup ## Which rows of the systems list are used, tested and held, and what the others wait for [ARGS=--plant]
	@$(PY) -m tools.check.rows $(ARGS)

.PHONY: build
build: .venv-sam/.complete setup ## sam build of the root and of every service, with this release's name, and what it weighs
	@stacks=$$($(PY) -m tools.build.stacks); \
	for each in $$stacks; do \
	  echo "sam build --template $${each#*=}"; \
	  $(SAM) build --cached --parallel --cache-dir .aws-sam/cache --template "$${each#*=}" \
	    --build-dir ".aws-sam/services/$${each%%=*}"; \
	done
	@if [ -f template.yaml ]; then $(SAM) build; fi
	@$(PY) -m tools.build.release --stamp
	@$(PY) -m tools.build.weigh

.PHONY: deploy-check
deploy-check: ready ## Whether what was built may be deployed: [ENV=prod] [PARAMETERS="PythonVersion=python3.12 …"]
	@$(PY) -m tools.build.deployable $(if $(ENV),--config-env $(ENV)) \
	  $(if $(PARAMETERS),--parameter-overrides $(PARAMETERS))
	@$(PY) -m tools.check.updates

.PHONY: deploy
deploy: build ## Build, check and sam deploy: [ENV=prod] [PARAMETERS="…", in place of samconfig's] [ARGS=--guided]
	@$(MAKE) deploy-check
	@$(SAM) deploy $(if $(ENV),--config-env $(ENV)) $(if $(PARAMETERS),--parameter-overrides $(PARAMETERS)) $(ARGS)

.PHONY: clean
clean: ## Remove what was built (environments stay)
	@rm -rf .aws-sam build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

##@ Try to break it

.PHONY: sim
sim: setup ## The simulator: make sim SEEDS=2000 | SEED=7 [FAULTS=3] | PLANS=single|double|pairs | PLAN=paid:12b
	@$(PY) -m tools.lab.simulation \
	  $(if $(SEED),--seed $(SEED),$(if $(PLAN),--plan $(PLAN),$(if $(PLANS),--plans $(PLANS),--seeds $(or $(SEEDS),2000)))) \
	  $(if $(FAULTS),--faults $(FAULTS)) $(if $(FIRST),--first $(FIRST)) $(if $(PROCESSES),--processes $(PROCESSES))

.PHONY: seeds
seeds: setup ## The seeds that docs/seeds.toml lacks of this code, in pieces: make seeds [RANGE=0-4999 | TARGET=20000] [MINUTES=30] [LOOK=1]
	@$(PY) -m tools.lab.simulation.ledger $(if $(RANGE),--range $(RANGE)) $(if $(TARGET),--target $(TARGET)) \
	  $(if $(MINUTES),--minutes $(MINUTES)) $(if $(LOOK),--look) $(if $(PROCESSES),--processes $(PROCESSES))

.PHONY: mutants
mutants: setup ## Plant each known bug and have the simulator find it; kept in docs/mutants.toml: make mutants [ARGS="--look | --again"]
	@$(PY) -m tools.lab.simulation.mutants $(ARGS)

.PHONY: engines
engines: setup ## The engine of the simulator against DynamoDB Local and MiniStack: make engines SEQUENCES=100000 [SEED=n]
	@$(PY) -m tools.lab.engines --sequences $(or $(SEQUENCES),2000) --seed $(or $(SEED),0)

.PHONY: fuzz
fuzz: setup ## Bad requests at every handler: make fuzz REQUESTS=100000 [SEED=1] [ROUTES=orders] [ONLY=case]
	@$(PY) -m tools.lab.fuzz --requests $(or $(REQUESTS),10000) --seed $(or $(SEED),1) \
	  $(if $(ROUTES),--routes $(ROUTES)) $(if $(ONLY),--only $(ONLY))

.PHONY: authz
authz: setup ## The authorization matrix: every route, every kind of caller, what they really get
	@$(PY) -m tools.lab.authorization

.PHONY: privileges
privileges: setup ## Least privilege: run what calls functions, then compare the calls with the templates' policies
	@$(PY) -m tools.lab.privileges

##@ Measure

.PHONY: bench
bench: setup ## Every function cold and warm against the floor; writes docs/benchmarks.md [ARGS="--instructions | --only orders"]
	@$(PY) -m tools.measure.bench $(ARGS)

.PHONY: cost
cost: setup ## Dollars per million calls and per million orders; writes docs/cost.md
	@$(PY) -m tools.measure.cost

##@ Write what is derived

.PHONY: new
new: setup ## Begin a use case: make new USE_CASE=orders/list_orders ROUTE="GET /api/v1/orders/all" | EVENT=order.reserved [STACK=admin]
	@test -n "$(USE_CASE)" || { echo 'make new USE_CASE=orders/list_orders ROUTE="GET /api/v1/orders/all" | EVENT=order.reserved [STACK=admin]' >&2; exit 2; }
	@$(PY) -m tools.new "$(USE_CASE)" $(if $(ROUTE),--route "$(ROUTE)") $(if $(EVENT),--event "$(EVENT)") \
	  $(if $(STACK),--stack "$(STACK)")

.PHONY: templates
templates: setup ## Write what follows from the functions, tables and rules of the templates
	@$(PY) -m tools.templates $(ARGS)

.PHONY: docs
docs: setup ## Write the README's generated tables
	@$(PY) -m tools.docs

.PHONY: openapi
openapi: setup ## Assemble the OpenAPI document of the whole API: build/openapi.json
	@$(PY) -m tools.docs.openapi

.PHONY: modules
modules: setup ## Record the modules that each handler loads (review the difference)
	@$(PY) -m tools.check.modules

.PHONY: schemas
schemas: setup ## Record the fingerprints of new event schemas, once they are published
	@$(PY) -m tools.check.schemas

.PHONY: lock
lock: setup ## Resolve the lock files again (needs uv)
	@tools/build/lock.sh

# The targets that `sam build` calls; with `ContextPath: .` SAM finds them here when it builds from the root.
include $(dir $(abspath $(firstword $(MAKEFILE_LIST))))tools/build/sam.mk
