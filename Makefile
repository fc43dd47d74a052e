# From a fresh checkout, `make figures` rebuilds every verdict and every figure.
# It needs git, make and Python 3.11, 3.12 or 3.13; no root, no account, and no
# network but the package index, once. Plain sh and GNU make 3.81 (macOS) will do.

.DEFAULT_GOAL := help
.PHONY: help figures example report check test test-slow test-all mutants lab notebooks bench lock clean distclean FORCE

# More words for the command behind a target: make test ARGS="-k lock -x"
ARGS ?=

# A Python that is named (make PYTHON=python3.12 test) is used or refused;
# otherwise the first of these that fits is used.
PYTHON ?= python3
NAMED := $(if $(filter file,$(origin PYTHON)),,$(PYTHON))
CANDIDATES := $(if $(NAMED),"$(NAMED)",python3 python3.13 python3.12 python3.11)
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))

# The stamp is written last and says for which folder and Python: an environment
# that was left half-made, moved, copied, or made by another Python is made anew.
STAMP := .venv/.installed
WANTED := |$(CURDIR)|$(if $(NAMED),$(NAMED)|)
ANEW := $(if $(findstring $(WANTED),$(shell cat $(STAMP) 2>/dev/null)),,FORCE)

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

figures: $(STAMP) ## Run every notebook whose inputs changed; verdicts and figures
	@.venv/bin/claims run $(ARGS)
	@.venv/bin/claims report

example: $(STAMP) ## Run, build and check the second audit, examples/us-economy-2024
	@cd examples/us-economy-2024 && for each in run report "check --no-run"; do \
	  ../../.venv/bin/claims $$each || exit $$?; done

report: $(STAMP) ## Build the site from the last run: build/site/index.html
	@.venv/bin/claims report $(ARGS)

check: $(STAMP) ## Compare what came out with the published results
	@.venv/bin/claims check $(ARGS)

# One process for each core, as the system counts them; ARGS="-n 0" for one alone. The tests of a file stay together,
# because they share what is dear to make, and files keep their order: the longest come first.
PYTEST := .venv/bin/pytest -n logical --dist loadfile --no-loadscope-reorder

test: $(STAMP) ## Run the tests but for the slow ones
	@$(PYTEST) -m "not slow" $(ARGS)

test-slow: $(STAMP) ## Run only the slow ones
	@$(PYTEST) -m slow $(ARGS)

test-all: $(STAMP) ## Run all tests: also other Pythons, a cluster, every page, wheels
	@$(PYTEST) $(ARGS)

mutants: $(STAMP) ## Put faults into the engine and see whether a test fails (20 minutes)
	@.venv/bin/python -m bench.mutants $(ARGS)

lab: $(STAMP) ## Open the notebooks in JupyterLab
	@for file in analysis.py notebooks/analysis.py; do [ ! -e $$file ] \
	  || echo "warning: $$file hides the library from the notebooks beside it: rename it" >&2; done
	@.venv/bin/jupyter-lab --ServerApp.root_dir="$(CURDIR)" notebooks/start.ipynb $(ARGS)

notebooks: $(STAMP) ## Renew the cells that the notebooks of the methods share
	@.venv/bin/python -m analysis.notebook.template

bench: $(STAMP) ## Measure against other runners (an hour)
	@.venv/bin/python -m bench.execution $(ARGS)

# The peers of the benchmark are locked apart: nothing else needs them.
bench/peers.lock: bench/peers.in requirements.lock
	@.venv/bin/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --all-extras --constraint requirements.lock \
	  pyproject.toml $< --output-file $@

# By the locked uv, so that everybody resolves alike. One version of a package for
# all Pythons ("fewest"), so that all of them compute with the same numpy.
lock: ## Resolve pyproject.toml into requirements.lock (newest: ARGS=--upgrade)
	@[ -x .venv/bin/uv ] || $(MAKE) $(STAMP)
	@.venv/bin/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --all-extras $(ARGS) \
	  pyproject.toml --output-file requirements.lock
	@.venv/bin/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --group validators $(ARGS) \
	  --output-file requirements-validators.lock
	@echo "requirements.lock: $$(grep -c == requirements.lock) packages"

clean: ## Remove what runs have made: build/ and caches
	@rm -rf build .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache
	@find src tests notebooks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
	@find notebooks -name .ipynb_checkpoints -prune -exec rm -rf {} + 2>/dev/null || true

distclean: clean ## Remove the environment too
	@rm -rf .venv

# ---------------------------------------------------------------- environment

LOG := .venv/install.log
PIP_IN := $$(.venv/bin/python -m pip --version >/dev/null 2>&1 && echo .venv/bin/python -m pip \
  || echo "$$(cat .venv/.python) -m pip --python .venv/bin/python")
PIP := $(PIP_IN) --disable-pip-version-check --quiet --retries 2
# uv installs the same lock several times faster than pip. An installed one is
# used as it is, and never fetches a Python of its own.
UV := $$(uv --version >/dev/null 2>&1 && echo uv || echo .venv/bin/uv)
UV_ENV := UV_PYTHON_DOWNLOADS=never

$(STAMP): requirements.lock pyproject.toml $(ANEW)
	@$(if $(ANEW),$(MAKE_VENV))
	@rm -f $@
	@echo "Installing the $$(grep -c == requirements.lock) packages of requirements.lock (the first time a minute) ..."
	@$(INSTALL_LOCK) || { $(SAY_WHY); }
	@$(INSTALL_PROJECT) || { $(SAY_WHY); }
	@$(CHECK) || { echo "requirements.lock does not fit pyproject.toml: run 'make lock'." >&2; exit 1; }
	@printf '|%s|%s|\n' "$(CURDIR)" "$$(cat .venv/.python)" >$@
	@echo "The environment .venv is ready."

FORCE:

# Debian's and Ubuntu's Python comes without ensurepip (package python3-venv): then
# an installed uv makes the environment, or an installed pip works from outside.
MAKE_VENV = python=; \
  for each in $(CANDIDATES); do \
    if "$$each" -c '$(FITS)' >/dev/null 2>&1; then python=$$each; break; fi; \
  done; \
  if [ -z "$$python" ]; then \
    echo "This project needs Python 3.11, 3.12 or 3.13. Tried:" >&2; \
    for each in $(CANDIDATES); do \
      echo "  $$each: $$("$$each" --version 2>&1 | head -n 1 || true)" >&2; \
    done; \
    echo "Install one, or name it: make PYTHON=/path/to/python3.13 $(MAKECMDGOALS)" >&2; exit 1; \
  fi; \
  echo "Making .venv with $$("$$python" --version) ..."; \
  rm -rf .venv; \
  "$$python" -m venv .venv >/dev/null 2>&1 \
    || { rm -rf .venv; $(UV_ENV) uv venv --quiet --python "$$python" .venv 2>/dev/null; } \
    || { "$$python" -m venv --clear --without-pip .venv && "$$python" -m pip --version; } >/dev/null 2>&1 \
    || { echo "$$python cannot make a virtual environment, and there is neither uv nor pip." >&2; \
         echo "On Debian and Ubuntu, install the package python3-venv." >&2; exit 1; }; \
  echo "$$python" >.venv/.python

# uv's own lines of the lock, so that it too is held to its hashes.
INSTALL_LOCK = : >$(LOG); \
  if ! $(UV) --version >/dev/null 2>&1; then \
    sed -n '/^uv==/,/[^\\]$$/p' requirements.lock >.venv/uv.txt; \
    $(PIP) install --require-hashes -r .venv/uv.txt >>$(LOG) 2>&1 || true; \
  fi; \
  $(UV_ENV) $(UV) pip sync --quiet --require-hashes --compile-bytecode \
    --python .venv/bin/python requirements.lock >>$(LOG) 2>&1 \
  || { echo "uv could not; trying pip from the same file (some minutes) ..."; \
       $(PIP) install --no-deps --require-hashes -r requirements.lock >>$(LOG) 2>&1; }

# Editable and without build isolation: the build backend is in the lock too.
INSTALL_PROJECT = \
  $(UV_ENV) $(UV) pip install --quiet --no-deps --no-build-isolation \
    --python .venv/bin/python --editable . >>$(LOG) 2>&1 \
  || $(PIP) install --no-deps --no-build-isolation --editable . >>$(LOG) 2>&1

CHECK = \
  $(UV_ENV) $(UV) pip check --quiet --python .venv/bin/python >>$(LOG) 2>&1 \
  || $(PIP) check >>$(LOG) 2>&1

OFFLINE := name resolution|not known|dns error|newconnectionerror|tcp connect|unreachable|timed out
SAY_WHY = grep -iE '^ *(error|cause)' $(LOG) | tail -n 4 >&2; \
  if grep -qiE '$(OFFLINE)' $(LOG); then \
    echo "Cannot reach the package index. Check the network, then run make again." >&2; \
  else \
    echo "The installation failed: the whole story is in $(LOG)." >&2; \
  fi; exit 1
