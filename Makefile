# `make demo` and `make test` set up what they need; nothing has to be installed by hand but git, make and python3.
UV_VERSION := 0.13.9
UV := .tools/bin/uv
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow check docs ui night benchmark lock clean

help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/installed ## Install everything into this checkout

demo: .venv/installed ## Run a night on the bundled estate: report, findings, recommendations
	@$(BIN)/costsieve demo

test: .venv/installed .venv-bigquery/installed ## Run the tests; whole nights and the FOCUS validator apart
	@$(BIN)/pytest -n 2 --dist loadscope --no-loadscope-reorder -m "not slow"

test-slow: .venv/installed .venv-bigquery/installed .venv-focus-validator/installed ## Run the slow tests: whole nights through the command line, the FOCUS validator
	@$(BIN)/pytest -n 2 --dist loadscope --no-loadscope-reorder -m slow

check: .venv/installed test test-slow ## Tests, linters, types, import layers, generated documents
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --disable-progress-bar sql
	@$(BIN)/lint-imports

docs: .venv/installed ## Write the generated documents again
	@$(BIN)/python -m docs.generate

ui: .venv/installed ## Open the Dagster UI on the demo estate
	@$(BIN)/costsieve ui --config .demo/costsieve.yaml

night: .venv/installed ## Run tonight's night with costsieve.yaml
	@$(BIN)/costsieve night

benchmark: .venv/installed ## Time scan, roll-up and night on 10 million line items
	@$(BIN)/python -m benchmarks.night

lock: $(UV) ## Resolve the dependencies again
	@$(UV) pip compile pyproject.toml --group dev --python-version 3.13 --universal --generate-hashes --no-header --upgrade -q -o requirements.lock

clean: ## Remove what the targets above have made
	@rm -rf .venv .venv-bigquery .venv-focus-validator .tools .demo

$(UV):
	@python3 -m venv .tools || { echo "python3 has no venv module; install it (Debian: apt-get install python3-venv) and run make again"; exit 1; }
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/installed: requirements.lock pyproject.toml .python-version | $(UV)
	@$(UV) venv --quiet --clear --python "$$(cat .python-version)" .venv
	@$(UV) pip sync --quiet --compile-bytecode --python $(BIN)/python requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.venv-bigquery/installed: tests/emulators/bigquery.lock .python-version | $(UV)
	@$(UV) venv --quiet --clear --python "$$(cat .python-version)" .venv-bigquery
	@$(UV) pip sync --quiet --compile-bytecode --python .venv-bigquery/bin/python tests/emulators/bigquery.lock
	@touch $@

.venv-focus-validator/installed: tests/emulators/focus_validator.lock .python-version | $(UV)
	@$(UV) venv --quiet --clear --python "$$(cat .python-version)" .venv-focus-validator
	@$(UV) pip sync --quiet --compile-bytecode --python .venv-focus-validator/bin/python tests/emulators/focus_validator.lock
	@touch $@
