# SPDX-License-Identifier: Apache-2.0
# `make help` lists what there is. Every target does its own set-up; nothing has to be installed by hand
# besides Python 3.11 or newer and, for what needs a management cluster, Go.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV    := .venv
BIN     := $(VENV)/bin
STAMP   := $(VENV)/.installed
LINK    := build/ansible_collections/capi/scvmm
PYTEST  := $(BIN)/python -m pytest --durations=12 --durations-min=20
# Tests wait a third of their time: one worker more than there are cores keeps these busy.
WORKERS := $(shell echo $$(( $$(nproc 2>/dev/null || echo 2) + 1 )))
# What decides and does no input or output: every branch of it is run by its own tests. These come first and alone are
# traced, for tracing doubles what Python takes.
PURE       := --cov-branch --cov=capi_scvmm.kinds --cov=capi_scvmm.plan --cov=capi_scvmm.status --cov-report=
PURE_TESTS := $(filter-out $(addprefix tests/controller/test_,machine_states.py runs_preload.py silent_server.py workload.py), \
                $(wildcard tests/kinds/test_kinds_*.py tests/controller/test_*.py))

export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/build
export ANSIBLE_HOME := $(CURDIR)/build/ansible-home
export PYTHONPATH := $(CURDIR)/tests:$(CURDIR)/controller
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Tests start our programs hundreds of times: compiled once is enough, whatever the caller's environment says.
export PYTHONDONTWRITEBYTECODE :=
export PYTHONPYCACHEPREFIX := $(CURDIR)/build/pycache

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  \033[1mmake %-15s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- set-up -----------------------------------------------------------------------------------------------------------

$(STAMP): constraints.txt pyproject.toml
	@python=$$(for name in $${PYTHON:-} python3 python3.11 python3.12 python3.13; do \
	    "$$name" -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && command -v "$$name" && break; \
	  done | head -1); \
	if [ -z "$$python" ]; then echo "make: Python 3.11, 3.12 or 3.13 is needed; install one or name it: make PYTHON=/path/to/python" >&2; exit 1; fi; \
	echo "Setting up $(VENV) with $$("$$python" --version)"; \
	"$$python" -m venv $(VENV) || { echo "make: $$python cannot make a virtual environment (Debian: install python3-venv)" >&2; exit 1; }
	@# constraints.txt is complete: with --no-deps no newer release of a package that is named with an extra is considered.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r constraints.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(LINK):
	@mkdir -p $(dir $@)
	@ln -sfn ../../.. $@

.PHONY: setup
setup: $(STAMP) | $(LINK) ## Virtual environment with the pinned packages; the collection made visible to it

.PHONY: tools
tools: setup
	@$(BIN)/python tests/tools.py setup

.PHONY: plane
plane: setup ## Build the management plane (etcd, API server, kubeadm, Cluster API) into the user's cache
	@$(BIN)/python -m plane build

# --- the main commands -----------------------------------------------------------------------------------------------

.PHONY: demo
demo: setup plane ## From `kubectl apply` to running VMs and away again, on the simulator (KEEP=1 leaves the cluster running once it is up)
	@$(BIN)/python -m demo $(if $(KEEP),--keep)

# A test that fails while others take its processors is run once more, alone; both results are printed. Exit code 1 means
# that all tests ran: after a crash or an interrupt nothing is repeated.
ALONE   = { test $$? = 1 && echo "Failed beside others. Once more, alone (one that passes now is too sensitive to load, and wants to be mended):" && $(PYTEST) -q -n 0 -x --lf --lfnf=none

.PHONY: test
# Of API servers: their memory is less dear than the processors.
test test-powershell: export GOGC := 400
test: setup ## All tests, and a list of what this machine could not run
	@$(MAKE) --jobs=3 --output-sync=line check tools plane
	@$(PYTEST) -q -n $(WORKERS) --dist worksteal $(PURE) $(PURE_TESTS) || $(ALONE) $(PURE) --cov-append $(PURE_TESTS); }
	@$(BIN)/coverage report --show-missing --skip-covered --fail-under=100
	@$(PYTEST) -q -n $(WORKERS) --dist worksteal $(addprefix --ignore=,$(PURE_TESTS)) || $(ALONE) $(addprefix --ignore=,$(PURE_TESTS)); }
	@$(MAKE) test-powershell

.PHONY: test-powershell
test-powershell: setup plane ## What talks to VMM once more, with a real PowerShell behind the simulator (ALL=1: all of it)
	@if $(BIN)/python -c 'from scvmm_sim.wire.pwsh import find_pwsh; find_pwsh()' 2>/dev/null; then \
	    export CAPI_SCVMM_TEST_ENGINE=powershell CAPI_SCVMM_TEST_ALL=$(ALL); \
	    test -n "$(ALL)" || echo "NOT RUN behind PowerShell: the files in ONLY_WITH_ALL of tests/engine.py. Run them with: make test-powershell ALL=1"; \
	    $(PYTEST) -q -n $(WORKERS) --dist worksteal tests/collection tests/playbooks tests/controller || $(ALONE) tests/collection tests/playbooks tests/controller; }; \
	  else echo "SKIPPED the tests behind a real PowerShell: no pwsh on PATH, and \$$PWSH names none"; fi

.PHONY: check
check: setup ## ruff, mypy --strict, import-linter, yamllint, ansible-lint, generated files current
	@$(BIN)/ruff check --quiet controller tests collection
	@$(BIN)/ruff format --check --quiet controller tests collection
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache | tail -2
	@$(BIN)/python -m capi_scvmm.kinds.generate --check
	@$(BIN)/yamllint --strict .
	@$(BIN)/ansible-lint -q --offline --strict

.PHONY: contract
contract: setup ## Cluster API's contract, number by number, with the tests that show it
	@$(BIN)/python -m contract

.PHONY: sanity
sanity: setup ## Ansible's own sanity tests on the collection (`make test` runs them too)
	@$(BIN)/python tests/release/sanity.py

.PHONY: bench
bench: setup plane ## Measure: warm against cold calls, runs of 1, 10, 100 hosts, 50 machines against the floor
	@$(BIN)/python -m bench

.PHONY: vip-failures
vip-failures: setup tools ## Let the holder of a virtual address fail 100 times at random (COUNT=), and print how long clients waited
	@$(BIN)/python -m vip $(or $(COUNT),100)

# --- what is shipped --------------------------------------------------------------------------------------------------

.PHONY: wheel
wheel: setup ## Build the wheel (controller, simulator, collection) into dist/
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist . >/dev/null && ls dist/*.whl

.PHONY: collection
collection: setup ## Build the collection's tarball into dist/
	@$(BIN)/python tests/release/collection_tarball.py dist

.PHONY: release
release: setup ## All that is shipped, into dist/release/: components and templates for clusterctl, wheel, collection (IMAGE=)
	@rm -rf dist/release
	@$(BIN)/python tests/release/clusterctl_release.py dist/release $(IMAGE)
	@$(BIN)/python tests/release/requirements.py dist/release/requirements.txt
	@$(BIN)/python tests/release/collection_tarball.py dist/release
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist/release . >/dev/null && ls dist/release/*.whl

.PHONY: crds
crds: setup ## Write controller/crds/ anew from the kinds
	@$(BIN)/python -m capi_scvmm.kinds.generate

.PHONY: format
format: setup ## Format the Python sources
	@$(BIN)/ruff format --quiet controller tests collection
	@$(BIN)/ruff check --quiet --fix controller tests collection

.PHONY: lock
lock: setup ## Pin all dependencies anew in constraints.txt
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-annotate --no-header \
	    --python-version 3.11 --upgrade --quiet -o constraints.txt

.PHONY: clean
clean: ## Remove the virtual environment and everything built here (not the user's cache)
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .ansible
