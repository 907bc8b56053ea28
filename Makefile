# Everything from nothing but Python 3.11 and make: each target first builds .venv from the hash-pinned constraints.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PY := $(BIN)/python
# What pins an environment: when one of these changes, it is brought up to date.
PINS := pyproject.toml scripts/set_up.py
# Two workers, idle ones taking tests from busy ones: a few long tests would keep one busy otherwise.
PYTEST := -n 2 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help demo test bench docs lint style types format reference lock clean

help:
	@echo "make demo       run the tour: who would come to the table over Syria in March 2015; writes the report"
	@echo "make test       run all tests, browser and docs examples included"
	@echo "make lint       ruff and mypy"
	@echo "make docs       build the docs into site/"
	@echo "make bench      speed and memory against plain Python loops"
	@echo "make reference  write the generated pages of docs/reference again"
	@echo "make format     let ruff reformat the code"
	@echo "make lock       write constraints/ again from pyproject.toml (maintainers)"
	@echo "make clean      remove what was built, .venv included"

$(VENV)/demo.stamp: constraints/demo.txt $(PINS)
	$(PYTHON) scripts/set_up.py $(VENV) demo

$(VENV)/dev.stamp: constraints/dev.txt $(PINS)
	$(PYTHON) scripts/set_up.py $(VENV) dev

demo: $(VENV)/demo.stamp
	$(PY) -m detente demo

test: $(VENV)/dev.stamp
	$(PY) scripts/find_chromium.py --install
	@$(PY) -m pytest $(PYTEST)

bench: $(VENV)/dev.stamp
	$(PY) -m benchmarks

docs: export NO_MKDOCS_2_WARNING = 1 # an advertisement
docs: $(VENV)/dev.stamp
	$(PY) scripts/make_reference.py --check
	$(PY) -m mkdocs build --strict --quiet
	@echo "docs: open site/index.html"

lint: style types

style: $(VENV)/dev.stamp
	$(PY) -m ruff check --output-format concise
	$(PY) -m ruff format --check --output-format concise

types: $(VENV)/dev.stamp
	$(PY) -m mypy

format: $(VENV)/dev.stamp
	$(PY) -m ruff check --fix
	$(PY) -m ruff format

reference: $(VENV)/dev.stamp
	$(PY) scripts/make_reference.py

lock: $(VENV)/dev.stamp
	$(PY) -m pip install --quiet uv
	$(PY) scripts/lock.py

clean:
	$(PYTHON) scripts/clean.py
