# Every target sets up what it needs: a virtual environment in .venv with pinned packages.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# Time limits are part of what is tested, and two test processes share the machine's cores with
# the graders that they start: what fails then is run once more, alone, and must pass.
AGAIN := $(BIN)/python -m pytest --last-failed --last-failed-no-failures none

.PHONY: demo test classes lab bench lint setup clean

demo: $(READY)  ## build, simulate a class, grade it with nbgrader, show marks and report
	$(BIN)/course demo

test: $(READY)  ## everything that must hold
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/course lint
	$(BIN)/python -m pytest --numprocesses 2 --dist loadscope --no-loadscope-reorder --durations 25 || $(AGAIN)

classes: $(READY)  ## every lesson's whole class: after a lesson or the grader was changed
	$(BIN)/python -m pytest --numprocesses 2 --dist loadscope tests/test_whole_class.py --whole-classes

lab: $(READY)  ## open JupyterLab at the lessons
	$(BIN)/course lab

bench: $(READY)  ## measure and write BENCHMARKS.md
	$(BIN)/python -m tests.bench

setup: $(READY)  ## only set up

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:  ## remove the environment and what a demo wrote, never a real class
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
