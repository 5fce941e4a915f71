# Each target makes what it needs; nothing is installed outside .venv/ and .venv-*/.
# A lock's hash list is the stamp: change a lock and the environment follows.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
COMPARE := .venv-compare
BROWSER := .venv-browser
TERRAFORM := .venv-terraform
DOCS := .venv-docs
WORKFLOWS := .venv-workflows
ROOT_OF = terraform/environments/$(ENVIRONMENT)
BACKEND := $(if $(wildcard terraform/environments/backend.hcl),-backend-config=../backend.hcl)
SOURCE ?= bundled
IMAGE ?= aws-ssm-data-fetcher
TAG ?= latest
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
STORE ?= out
ENVIRONMENT ?= dev
.DEFAULT_GOAL := help

.PHONY: help run test test-s3 test-compare test-browser chromium-there screenshots diagrams lint packages terraform terraform-there account deploy e2e cloud format bench lock bundled bundled-history resource-types aliases resource-types-history endpoints clean
.PHONY: terraform-newest lock-terraform docs workflows plan show-plan apply-plan first-run new-run validate validate-and-report
.PHONY: data-package release-files draft-release image site

help: ## Explain the targets
	@echo 'Usage: make TARGET [PYTHON=python3.13] [STORE=out]'
	@echo
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp ## Write the reports of the bundled snapshot to STORE
	@$(BIN)/aws-ssm-fetcher run --store "$(STORE)"

test: $(VENV)/dev.stamp ## Run the tests
	$(BIN)/python -m pytest --numprocesses 4 --dist worksteal

test-s3: $(VENV)/dev.stamp ## Test the store against a real S3 server, started here
	tools/rados_gateway.sh $(BIN)/python -m pytest -m real_s3

test-compare: $(COMPARE)/stamp ## Compare our statistics with numpy, pandas and scipy
	$(COMPARE)/bin/python -m pytest -m compare tests/comparison

test-browser: chromium-there $(BROWSER)/stamp ## Run the tests of the page in Chromium, driven by Playwright, installed for them
	$(BROWSER)/bin/python -m pytest --numprocesses 2 --dist worksteal -m browser tests/browser

screenshots: chromium-there $(BROWSER)/stamp ## Make the README's pictures of the page again, from the bundled snapshot
	$(BROWSER)/bin/python tools/screenshots.py

diagrams: chromium-there ## Draw the diagrams of the documentation again, with Mermaid from npm
	$(PYTHON) tools/draw_diagrams.py

chromium-there:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null \
	  || { echo 'Chromium is missing: install it (Debian: apt-get install chromium) and try again' >&2; exit 1; }

lint: $(VENV)/dev.stamp ## Check style, types and the direction of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

packages: $(VENV)/dev.stamp ## Build the Lambda packages in dist/ and check them
	$(BIN)/python tools/build_packages.py
	$(BIN)/python tools/check_packages.py

data-package: $(VENV)/dev.stamp ## Build a distribution of the bundled data alone in dist/: JSON, Parquet, schemas
	$(BIN)/python tools/make_data_package.py

terraform: terraform-there $(VENV)/dev.stamp $(TERRAFORM)/stamp ## Check terraform/, its tests and its policies, without an account
	$(BIN)/python tools/check_terraform.py --policies .cache/policies
	$(TERRAFORM)/bin/python tools/lint_policies.py .cache/policies
	$(TERRAFORM)/bin/checkov --directory terraform --framework terraform --skip-path '/tests/' --skip-download --quiet --compact

terraform-newest: terraform-there $(VENV)/dev.stamp ## Check terraform/ with the newest provider that is allowed
	$(BIN)/python tools/check_terraform.py --newest

lock-terraform: terraform-there ## Select the newest provider that is allowed, with hashes (needs Terraform's registry)
	for root in bootstrap environments/dev environments/staging environments/prod; do \
	  terraform -chdir=terraform/$$root init -upgrade -backend=false && \
	  terraform -chdir=terraform/$$root providers lock -platform=linux_amd64 -platform=linux_arm64 \
	    -platform=darwin_amd64 -platform=darwin_arm64 -platform=windows_amd64 || exit 1; \
	done

docs: $(DOCS)/stamp ## Build the documentation in build/docs, strictly
	$(DOCS)/bin/python -m sphinx --builder html --fail-on-warning --keep-going --quiet docs build/docs
	$(DOCS)/bin/python tools/check_site.py build/docs

workflows: $(WORKFLOWS)/stamp ## Check .github/ with actionlint and zizmor
	$(WORKFLOWS)/bin/actionlint
	$(WORKFLOWS)/bin/zizmor --offline --pedantic --quiet .github

release-files: $(VENV)/dev.stamp ## Build wheel, sdist and what else a release has in release/, twice, and compare
	$(BIN)/python tools/make_release.py

draft-release: $(VENV)/run.stamp ## Draft the release TAG with gh, from release/ and the changelog
	$(BIN)/python tools/draft_release.py --tag "$(TAG)"

image: ## Build the container image for two processors and push it: IMAGE and TAG
	docker buildx build --platform linux/amd64,linux/arm64 --provenance=true --sbom=true --tag "$(IMAGE):$(TAG)" --push .

site: $(VENV)/run.stamp ## Make the site in site/: the page, feeds and JSON of a run from SOURCE
	$(BIN)/python tools/make_site.py --source "$(SOURCE)"

account: terraform-there $(VENV)/run.stamp ## Show the account and region that deploy would use, and what is missing
	@$(BIN)/python tools/account.py --environment $(ENVIRONMENT)

deploy: terraform-there $(VENV)/run.stamp ## Deploy with Terraform, start a run and wait: make deploy ENVIRONMENT=dev
	@$(BIN)/python tools/account.py --environment $(ENVIRONMENT) --packages dist
	@$(if $(PRICES),$(BIN)/python tools/cost.py --environment $(ENVIRONMENT) --prices $(PRICES))
	terraform -chdir=$(ROOT_OF) init $(BACKEND)
	terraform -chdir=$(ROOT_OF) apply
	@$(BIN)/python tools/first_run.py --environment $(ENVIRONMENT)

plan: terraform-there $(VENV)/run.stamp ## Plan a deployment of ENVIRONMENT, to be applied by apply-plan
	@$(BIN)/python tools/account.py --environment $(ENVIRONMENT) --packages dist
	terraform -chdir=$(ROOT_OF) init -lockfile=readonly $(BACKEND)
	terraform -chdir=$(ROOT_OF) plan -out=plan.tfplan

show-plan: terraform-there ## Show the plan, in the summary of a workflow if there is one
	terraform -chdir=$(ROOT_OF) show -no-color plan.tfplan >> "$${GITHUB_STEP_SUMMARY:-/dev/stdout}"

apply-plan: terraform-there ## Apply the plan that plan made
	terraform -chdir=$(ROOT_OF) apply plan.tfplan

first-run: terraform-there $(VENV)/run.stamp ## Start a run of ENVIRONMENT if it has no report, and wait for one
	@$(BIN)/python tools/first_run.py --environment $(ENVIRONMENT)

new-run: terraform-there $(VENV)/run.stamp ## Start a run of ENVIRONMENT in any case and wait for its report
	@$(BIN)/python tools/first_run.py --environment $(ENVIRONMENT) --new

validate: $(VENV)/run.stamp ## Check what ENVIRONMENT has published
	@$(BIN)/python tools/validate.py --environment $(ENVIRONMENT) $(LIMITS)

validate-and-report: $(VENV)/run.stamp ## The same with its alarms, and open or close an issue with gh
	@$(BIN)/python tools/validate.py --environment $(ENVIRONMENT) --alarms --report $(LIMITS)

terraform-there:
	@command -v terraform >/dev/null \
	  || { echo 'Terraform is missing: install version 1.10 or newer and try again' >&2; exit 1; }

e2e: terraform-there $(VENV)/dev.stamp ## Apply three environments to a cloud on this machine, run them, destroy them (10 minutes)
	$(BIN)/python -m pytest -m e2e tests/e2e -vv

cloud: $(VENV)/dev.stamp ## Run a cloud on this machine with the functions deployed, until Ctrl-C
	@$(BIN)/python tools/play_cloud.py

format: $(VENV)/dev.stamp ## Format the code and apply safe fixes
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(VENV)/dev.stamp ## Measure a run by stage, and reading AWS against a local server (5 minutes)
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/process.py
	$(BIN)/python benchmarks/functions.py
	$(BIN)/python benchmarks/history.py
	$(BIN)/python benchmarks/fits.py
	$(BIN)/python benchmarks/read_tree.py

lock: $(VENV)/dev.stamp ## Pin the newest dependencies, with hashes
	$(PIP) install uv
	for name in run dev extras compare browser terraform docs workflows; do \
	  $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
	    requirements/$$name.in --output-file requirements/$$name.txt || exit 1; \
	done

bundled: $(VENV)/dev.stamp ## Make the bundled snapshot again from the pinned release that carries it
	$(BIN)/python tools/refresh_bundled_tree.py

bundled-history: $(VENV)/dev.stamp ## Make the bundled past again from the pinned releases (2 minutes, downloads 183 MB)
	$(BIN)/python tools/refresh_bundled_history.py

resource-types: $(VENV)/dev.stamp ## Make the bundled resource types again from the pinned release that carries them
	$(BIN)/python tools/refresh_resource_types.py

resource-types-history: $(VENV)/dev.stamp ## Make the bundled history of resource types again (3 minutes, downloads 250 MB)
	$(BIN)/python tools/refresh_resource_types_history.py

endpoints: $(VENV)/dev.stamp ## Make the bundled table of endpoints again from the pinned botocore
	$(BIN)/python tools/refresh_endpoints.py

aliases: $(VENV)/dev.stamp ## Make the table of names again from botocore and tools/aliases.toml
	$(BIN)/python tools/refresh_aliases.py

clean: ## Remove the environment, the caches and out/
	rm -rf $(VENV) $(COMPARE) $(BROWSER) $(TERRAFORM) $(DOCS) $(WORKFLOWS) build release site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache out
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

$(BROWSER)/stamp: requirements/browser.txt pyproject.toml
	@echo 'Making the environment in $(BROWSER)/ (once) …' >&2
	@$(PYTHON) -m venv $(BROWSER)
	@$(BROWSER)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement $<
	@$(BROWSER)/bin/python -m pip --disable-pip-version-check --quiet install --no-build-isolation --no-deps --editable .
	@touch $@

$(TERRAFORM)/stamp: requirements/terraform.txt
	@echo 'Making the environment in $(TERRAFORM)/ (once) …' >&2
	@$(PYTHON) -m venv $(TERRAFORM)
	@$(TERRAFORM)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement $<
	@touch $@

$(DOCS)/stamp: requirements/docs.txt
	@echo 'Making the environment in $(DOCS)/ (once) …' >&2
	@$(PYTHON) -m venv $(DOCS)
	@$(DOCS)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement $<
	@touch $@

$(WORKFLOWS)/stamp: requirements/workflows.txt
	@echo 'Making the environment in $(WORKFLOWS)/ (once) …' >&2
	@$(PYTHON) -m venv $(WORKFLOWS)
	@$(WORKFLOWS)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement $<
	@touch $@
