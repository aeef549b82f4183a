# The interface of the project. `make demo` and `make test` work in a fresh clone
# on a machine that has python3, make and a package index, with no step before them.

SHELL := /bin/sh
PYTHON ?= python3
UV_VERSION := 0.13.9
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
BIN := .venv/bin
PIN := --require-hashes -c constraints.txt
INSTALL = VIRTUAL_ENV=.venv $(UV) pip install --quiet

export UV_PYTHON_DOWNLOADS = never
export UV_NO_PROGRESS = 1

.PHONY: help demo test coverage test-slow test-spark lint format docs bench pictures calibration mutation wheel constraints clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.uv/bin/uv:
	$(PYTHON) -m venv .uv
	.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.made: | $(filter .uv/bin/uv,$(UV))
	$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
	@touch $@

.venv/.core: pyproject.toml constraints.txt .venv/.made
	$(INSTALL) $(PIN) -r pyproject.toml --group build
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.core
	$(INSTALL) $(PIN) -r pyproject.toml --all-extras --group dev
	@touch $@

.venv/.bench: .venv/.dev
	$(INSTALL) $(PIN) -r pyproject.toml --all-extras --group dev --group bench
	@touch $@

.venv/.spark: .venv/.dev
	$(INSTALL) $(PIN) -r pyproject.toml --all-extras --group dev --group spark
	@touch $@

.venv/.mutation: .venv/.dev
	$(INSTALL) $(PIN) -r pyproject.toml --all-extras --group dev --group mutation
	@touch $@

demo: .venv/.core  ## the main job on real input; pages to open in build/demo/
	$(BIN)/python examples/demo.py build/demo

test: .venv/.dev  ## all tests but the long ones
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

coverage: .venv/.dev  ## the same tests once more, with branch coverage and its gate
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -n 2 --dist loadfile
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

test-slow: .venv/.dev  ## the long tests
	HYPOTHESIS_PROFILE=thorough $(BIN)/python -m pytest -q -m slow

test-spark: .venv/.spark  ## collect over a real local Spark (needs Java)
	SPARK_LOCAL_IP=127.0.0.1 $(BIN)/python -m pytest -q -m spark tests/frames tests/experiments

lint: .venv/.dev  ## ruff, two type checkers, the layers of the house
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/basedpyright --warnings
	$(BIN)/lint-imports

format: .venv/.dev  ## put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: .venv/.dev  ## the documentation, any warning an error; build/docs/index.html
	$(BIN)/python tools/rule_pages.py docs/reference/rules
	$(BIN)/sphinx-build -q -n -W --keep-going -b html docs build/docs

bench: .venv/.bench  ## ratios to the peers, measured in one run
	@for script in benchmarks/bench_*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

pictures: .venv/.dev  ## the documentation images that scripts make
	$(BIN)/python tools/pictures_ost.py

calibration: .venv/.dev  ## false positives and coverage of every method; minutes
	$(BIN)/python tools/calibration.py

mutation: .venv/.mutation  ## mutation score of stats, trees and parsers; hours
	$(BIN)/mutmut run

wheel: .venv/.dev  ## build the wheel and try it alone, without extras
	$(BIN)/python tools/check_wheel.py $(UV)

constraints:  ## pin every dependency anew, with hashes and without addresses
	$(UV) pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
	  pyproject.toml --all-extras --group dev --group bench --group spark --group mutation -o constraints.txt

clean:  ## remove what the other targets made
	rm -rf build dist .venv .uv .coverage .coverage.* docs/reference/rules
