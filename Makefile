# Everything runs in .venv, which the first command makes: with uv where it is there, else with pip.
.DEFAULT_GOAL := help
PYTHON ?= python3
PERSONS ?= 10000
BIN := .venv/bin

help: ## Show these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/installed .venv/detector ## Create .venv with the hoeder command in it, and train the text detector

.venv/installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Hoeder needs Python 3.11 or newer; this is $$($(PYTHON) --version). Say which: make PYTHON=python3.12 …"; exit 1; }
	@if command -v uv >/dev/null; then \
		uv venv --quiet --allow-existing --python "$(PYTHON)" .venv && \
		uv pip install --quiet --compile-bytecode --python $(BIN)/python -r requirements.txt && \
		uv pip install --quiet --python $(BIN)/python --no-deps --editable .; \
	else \
		$(PYTHON) -m venv .venv && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .; \
	fi
	@touch $@

spark: .venv/installed ## Add PySpark, for `hoeder anonymize --engine spark` (needs Java 17)
	@if command -v uv >/dev/null; then uv pip install --quiet --python $(BIN)/python -r requirements-spark.txt; \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-spark.txt; fi

detector: .venv/installed ## Train the text detector from the texts in this repository, less than a minute
	@$(BIN)/python -m hoeder.detection.model

.venv/detector: .venv/installed $(wildcard include/hoeder/detection/*.py include/hoeder/detection/training/*)
	@echo "Training the text detector, less than a minute …"
	@$(BIN)/python -m hoeder.detection.model >/dev/null
	@touch $@

demo: setup ## The main job from nothing: inventory, anonymization, retention, report
	@$(BIN)/hoeder demo --persons $(PERSONS)

up: setup ## Start the same servers and leave them running
	@$(BIN)/hoeder stack up --persons $(PERSONS)

down: setup ## Stop them
	@$(BIN)/hoeder stack down

test: setup ## All tests, against real servers
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: setup ## Style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: setup ## Tables of ratios, ours against a limit in the same run
	@$(BIN)/python bench/ledger.py

bench-detection: setup ## Text and columns beside Deduce, Presidio and others
	@$(BIN)/python bench/detection/text.py
	@$(BIN)/python bench/detection/scan.py

bench-anonymization: setup ## Releases beside their peers: what they keep and what they cost
	@$(BIN)/python bench/anonymization.py

bench-retention: setup ## Erasing and planning against what the stores themselves need
	@$(BIN)/python bench/retention.py

bench-marketing: setup ## The marketing gate over a million lines, against only reading them
	@$(BIN)/python bench/marketing.py

bench-rights: setup ## Finding one person, and erasing a thousand, against look-ups and scans
	@$(BIN)/python bench/rights.py

lock: setup ## Make requirements.txt anew from requirements.in
	@uv pip compile --quiet --no-header --no-annotate --no-emit-index-url --universal --python-version 3.11 \
		--upgrade requirements.in -o requirements.txt
	@uv pip compile --quiet --no-header --no-annotate --no-emit-index-url --universal --python-version 3.11 \
		--upgrade requirements-spark.in -o requirements-spark.txt

.PHONY: help setup spark detector demo up down test lint bench bench-detection bench-anonymization bench-retention bench-marketing bench-rights lock
