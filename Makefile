# What a person or a machine runs here. Needs python3 (3.11 or later) with pip, cargo and gcc; everything else goes
# into .venv. All paths are relative, so that a folder with a space in its name does no harm.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PY := .venv/bin/python
WHEELS := dist
SEED ?= 1

# One interpreter for all builds of the binding: cargo would build it anew for another.
export PYO3_PYTHON := $(CURDIR)/$(PY)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export CARGO_TERM_COLOR ?= auto

SOURCES := Cargo.toml Cargo.lock pyproject.toml README.md $(shell find src python -type f \
	-not -name '*.so' -not -name '*.pyc' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help demo test lint rust python smoke test-browser compare bench validity develop docs clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: .venv/installed ## Score the bundled sample and look at it
	@$(PY) -m pressgauge demo
	@$(PY) -c 'import tomllib; p = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
		print(*p["optional-dependencies"]["report"], sep="\n")' > .venv/report.txt
	@$(PY) -m pip install --quiet -r .venv/report.txt >/dev/null 2>&1 || true
	@if $(PY) -c 'import plotly, jinja2' 2>/dev/null; then \
		rm -rf .venv/demo && mkdir .venv/demo && \
		$(PY) -m pressgauge score -q python/pressgauge/sample/news.jsonl -o .venv/demo/scores.parquet \
			--hits .venv/demo/evidence.parquet --text-hash --keep title && \
		$(PY) -m pressgauge report .venv/demo/scores.parquet --hits .venv/demo/evidence.parquet \
			-o demo-report.html --overwrite; \
	else echo "  no report: its extra (plotly, jinja2) could not be installed without a network"; fi

test: lint rust python smoke ## Everything that must hold before a change goes in
	@echo "== all tests passed"

lint: .venv/tools ## Formatting, lints and types of both languages
	@echo "== cargo fmt, clippy"
	@cargo fmt --check
	@cargo clippy --quiet --locked --all-targets -- -D warnings
	@cargo clippy --quiet --locked --all-targets --features io -- -D warnings
	@cargo clippy --quiet --locked --all-targets --features python -- -D warnings
	@echo "== ruff, mypy"
	@$(PY) -m ruff check --quiet
	@$(PY) -m ruff format --check --quiet
	@$(PY) -m mypy --no-error-summary python $(wildcard bench)

rust: .venv/tools ## Tests of the crate
	@echo "== cargo test"
	@cargo test --quiet --locked --features io

python: .venv/installed .venv/tools ## Tests of the package, as installed
	@echo "== stubtest, pytest"
	@$(PY) -m mypy.stubtest pressgauge._native
	@$(PY) -m pytest

smoke: .venv/installed ## The wheel in fresh environments for CPython 3.11, 3.12 and 3.13
	@echo "== wheel"
	@$(PY) tests/smoke_wheel.py $(WHEELS)/*.whl

test-browser: .venv/installed .venv/tools ## The report in a real Chromium, if there is one
	@$(PY) -m pip install --quiet 'playwright>=1.50' || echo "   without playwright"
	@$(PY) tests/browser.py

compare: .venv/installed .venv/tools ## Both engines on the shared corpora
	@$(PY) tests/compare.py

bench: .venv/installed .venv/rivals ## Speed beside rivals; options as in make bench BENCH="--suite plain"
	@$(PY) -m bench --record bench/record $(BENCH)

validity: .venv/installed ## How well the built-in lexicon finds what people labelled; options as in VALIDITY="--half even"
	@$(PY) -m bench.validity $(VALIDITY)

develop: .venv/tools ## An editable installation, to work on the package
	@rm -f .venv/installed
	@VIRTUAL_ENV="$(CURDIR)/.venv" $(PY) -m maturin develop --release --locked --quiet

docs: .venv/installed ## Write docs/cli.md and the pictures of the README anew
	@$(PY) tests/write_docs.py

clean: ## Remove everything that was made
	@rm -rf .venv target dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Without Debian's python3-venv there is no ensurepip: pip then installs itself into the new environment.
.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "pressgauge needs Python 3.11 or later: set PYTHON=/path/to/python3"; exit 2; }
	@echo "== making .venv"
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 || { $(PYTHON) -m venv --clear --without-pip .venv && \
		$(PYTHON) -m pip --python .venv/bin/python install --quiet pip; }

.venv/maturin: .venv/bin/python pyproject.toml
	@$(PY) -m pip install --quiet 'maturin>=1.16,<2'
	@touch $@

.venv/tools: .venv/bin/python .venv/maturin pyproject.toml
	@echo "== installing the tools for tests"
	@$(PY) -c 'import tomllib; p = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
		print(*p["dependencies"], *p["optional-dependencies"]["test"], sep="\n")' > .venv/requirements.txt
	@$(PY) -m pip install --quiet -r .venv/requirements.txt
	@touch $@

# A rival that has no wheel for this machine is left out of the tables, not an error.
.venv/rivals: .venv/bin/python pyproject.toml
	@echo "== installing rivals"
	@$(PY) -c 'import tomllib; p = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
		print(*p["optional-dependencies"]["bench"], sep="\n")' | while read -r one; do \
		$(PY) -m pip install --quiet --only-binary :all: "$$one" || echo "   without $$one"; done
	@touch $@

.venv/installed: .venv/maturin $(SOURCES)
	@echo "== building and installing pressgauge (the first time takes some minutes)"
	@rm -rf $(WHEELS)
	@$(PY) -m maturin build --release --locked --quiet --out $(WHEELS)
	@$(PY) -m pip install --quiet --force-reinstall --no-deps $(WHEELS)/*.whl
	@$(PY) -m pip install --quiet $(WHEELS)/*.whl
	@touch $@
