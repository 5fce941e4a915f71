# Each target makes what it needs; nothing is installed outside .venv/, .venv-compare/ and .venv-terraform/.
# A lock's hash list is the stamp: change a lock and the environment follows.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
COMPARE := .venv-compare
TERRAFORM := .venv-terraform
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
STORE ?= out
ENVIRONMENT ?= dev
.DEFAULT_GOAL := help

.PHONY: help run test test-s3 test-compare lint packages terraform terraform-there account deploy e2e cloud format bench lock bundled bundled-history resource-types aliases clean

help: ## Explain the targets
	@echo 'Usage: make TARGET [PYTHON=python3.13] [STORE=out]'
	@echo
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp ## Read the tree that ships with the package and write the reports below STORE
	@$(BIN)/aws-ssm-fetcher run --store "$(STORE)"

test: $(VENV)/dev.stamp ## Run the tests
	$(BIN)/python -m pytest --numprocesses 4 --dist worksteal

test-s3: $(VENV)/dev.stamp ## Run the tests of the store against a real S3 server, started for them
	tools/rados_gateway.sh $(BIN)/python -m pytest -m real_s3

test-compare: $(COMPARE)/stamp ## Run the tests of our arithmetic against numpy, pandas and scipy, installed for them
	$(COMPARE)/bin/python -m pytest -m compare tests/comparison

lint: $(VENV)/dev.stamp ## Check style, types and the direction of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

packages: $(VENV)/dev.stamp ## Build the Lambda packages in dist/ and check them
	$(BIN)/python tools/build_packages.py
	$(BIN)/python tools/check_packages.py

terraform: terraform-there $(VENV)/dev.stamp $(TERRAFORM)/stamp ## Check terraform/, its tests and its policies, without an account
	$(BIN)/python tools/check_terraform.py --policies .cache/policies
	$(TERRAFORM)/bin/python tools/lint_policies.py .cache/policies
	$(TERRAFORM)/bin/checkov --directory terraform --framework terraform --skip-path '/tests/' --skip-download --quiet --compact

account: terraform-there $(VENV)/run.stamp ## Say into which account and region deploy would go, and what is missing
	@$(BIN)/python tools/account.py --environment $(ENVIRONMENT)

deploy: terraform-there $(VENV)/run.stamp ## Deploy the packages with Terraform: make deploy ENVIRONMENT=dev
	@$(BIN)/python tools/account.py --environment $(ENVIRONMENT) --packages dist
	terraform -chdir=terraform/environments/$(ENVIRONMENT) init $(if $(wildcard terraform/environments/backend.hcl),-backend-config=../backend.hcl)
	terraform -chdir=terraform/environments/$(ENVIRONMENT) apply

terraform-there:
	@command -v terraform >/dev/null \
	  || { echo 'Terraform is missing: install version 1.10 or newer and try again' >&2; exit 1; }

e2e: terraform-there $(VENV)/dev.stamp ## Apply three environments to a cloud on this machine, run them, destroy them (4 minutes)
	$(BIN)/python -m pytest -m e2e tests/e2e -vv

cloud: $(VENV)/dev.stamp ## Open a cloud on this machine, the functions deployed, until Ctrl-C
	@$(BIN)/python tools/play_cloud.py

format: $(VENV)/dev.stamp ## Lay the code out and mend what can be mended safely
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(VENV)/dev.stamp ## Measure a run stage by stage, and the reading of AWS against a server here (5 minutes)
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/process.py
	$(BIN)/python benchmarks/cold_import.py
	$(BIN)/python benchmarks/functions.py
	$(BIN)/python benchmarks/history.py
	$(BIN)/python benchmarks/read_tree.py

lock: $(VENV)/dev.stamp ## Pin the newest dependencies, with hashes
	$(PIP) install uv
	for name in run dev compare terraform; do \
	  $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
	    requirements/$$name.in --output-file requirements/$$name.txt || exit 1; \
	done

bundled: $(VENV)/dev.stamp ## Make the shipped tree anew from the pinned release that carries it
	$(BIN)/python tools/refresh_bundled_tree.py

bundled-history: $(VENV)/dev.stamp ## Make the shipped past anew from the pinned releases (2 minutes, downloads 183 MB)
	$(BIN)/python tools/refresh_bundled_history.py

resource-types: $(VENV)/dev.stamp ## Make the shipped resource types anew from the pinned release that carries them
	$(BIN)/python tools/refresh_resource_types.py

aliases: $(VENV)/dev.stamp ## Make the table of names anew from botocore and tools/aliases.toml
	$(BIN)/python tools/refresh_aliases.py

clean: ## Remove the environment, the caches and out/
	rm -rf $(VENV) $(COMPARE) $(TERRAFORM) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache out
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'Python 3.11 or newer is needed: make PYTHON=python3.13 …' >&2; exit 1; }
	@echo 'Making the environment in $(VENV)/ (once) …' >&2
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@$(PIP) install --require-hashes --requirement requirements/run.txt
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/run.stamp
	@echo 'Adding what checks and tests need to $(VENV)/ (once; it takes a while) …' >&2
	@$(PIP) install --require-hashes --requirement requirements/dev.txt
	@touch $@

$(COMPARE)/stamp: requirements/compare.txt pyproject.toml
	@echo 'Making the environment in $(COMPARE)/ (once) …' >&2
	@$(PYTHON) -m venv $(COMPARE)
	@$(COMPARE)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement $<
	@$(COMPARE)/bin/python -m pip --disable-pip-version-check --quiet install --no-build-isolation --no-deps --editable .
	@touch $@

$(TERRAFORM)/stamp: requirements/terraform.txt
	@echo 'Making the environment in $(TERRAFORM)/ (once) …' >&2
	@$(PYTHON) -m venv $(TERRAFORM)
	@$(TERRAFORM)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement $<
	@touch $@
