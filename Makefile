# Needs Python 3.11+, git and make; everything else is installed from hashed locks into .venv.
#
#   make audit    judge the reference estate in this repository (installs the runtime lock only)
#   make check    lint, format, types, import contracts, the longest files
#   make test     the tests; one of them: make test PYTEST_ARGS='-k merge'
#   make bench    the measurements
#   make docs     write the generated pages and the captured output in the others anew
#   make format   let ruff rewrite what `make check` would complain about
#   make lock     write requirements/*.txt anew; UPGRADE=1 takes newer versions
#   make clean    remove everything made here

PYTHON ?= python3
VENV ?= .venv
AS_OF ?= 2026-11-20
AUDIT_HTML ?= build/audit.html
PYTEST_ARGS ?=
BENCH_ARGS ?=
WORKERS ?= 2

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Wheels only: a source distribution would fetch its own build tools, and those have no hash here.
INSTALL := $(PIP) install --quiet --require-hashes --only-binary :all:
# `-e .` knows its dependencies already: they are in the locks.
INSTALL_SELF := $(PIP) install --quiet --no-deps --no-build-isolation --no-index --editable .

MADE := $(VENV)/made
BASE := $(VENV)/base
DEV := $(VENV)/dev
TOOLS := $(VENV)/lock

.PHONY: help audit check lint format-check types imports longest test bench docs format lock clean
.DELETE_ON_ERROR:

help:
	@sed -n 's/^#   //p' Makefile

$(MADE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "[1/3] virtual environment in $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(BASE): $(MADE) requirements/build.txt requirements/base.txt pyproject.toml
	@echo "[2/3] dependencies from requirements/base.txt, hashes checked"
	@$(INSTALL) -r requirements/build.txt -r requirements/base.txt
	@echo "[3/3] retailctl itself"
	@$(INSTALL_SELF)
	@touch $@

$(DEV): $(MADE) requirements/dev.txt pyproject.toml
	@echo "[2/3] dependencies from requirements/dev.txt, hashes checked"
	@$(INSTALL) -r requirements/dev.txt
	@echo "[3/3] retailctl itself"
	@$(INSTALL_SELF)
	@touch $@

$(TOOLS): $(MADE) requirements/lock.txt
	@$(INSTALL) -r requirements/lock.txt
	@touch $@

# Findings (exit code 1) are what an audit is for; everything else but 0 is a failure of the audit itself.
audit: $(BASE)
	@mkdir -p $(dir $(AUDIT_HTML)) && rm -f $(AUDIT_HTML)
	@code=0; $(BIN)/retailctl audit --as-of $(AS_OF) --output html=$(AUDIT_HTML) . || code=$$?; \
	case $$code in \
		0) meaning="no findings that fail the audit" ;; \
		1) meaning="findings; see above" ;; \
		2) meaning="usage or settings are wrong" ;; \
		3) meaning="incomplete: something could not be read" ;; \
		*) meaning="a bug in retailctl" ;; \
	esac; \
	[ $$code -gt 1 ] || [ -f $(AUDIT_HTML) ] || meaning="but it stopped before the report: see above"; \
	echo; echo "exit code of retailctl audit: $$code ($$meaning)"; \
	if [ -f $(AUDIT_HTML) ]; then echo "HTML report: $(AUDIT_HTML)"; else echo "HTML report: not written"; fi; \
	[ $$code -le 1 ] && [ -f $(AUDIT_HTML) ]

check: lint format-check types imports longest

lint: $(DEV)
	$(BIN)/ruff check .

format-check: $(DEV)
	$(BIN)/ruff format --check .

types: $(DEV)
	$(BIN)/mypy

imports: $(DEV)
	$(BIN)/lint-imports

longest:
	@echo "ten longest files:"
	@git ls-files -z --cached --others --exclude-standard -- '*.py' | xargs -0 wc -l \
		| grep -v ' total$$' | sort -rn | head -10

# Each worker begins with a part of its own, so what a module has made is made once, and takes from the other at the end.
test: $(DEV)
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal $(PYTEST_ARGS)

# BENCH_ARGS: --quick, or the names of measurements.
bench: $(DEV)
	@$(BIN)/python benchmarks/run_all.py $(BENCH_ARGS)

docs: $(DEV)
	$(BIN)/python -m tests.docs.write

format: $(DEV)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# One resolution for every platform and Python from 3.11 on. No index and no download address: where packages come
# from is the business of the machine that installs them, and the hashes hold anywhere.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-config \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

lock: $(TOOLS)
	$(COMPILE) pyproject.toml --output-file requirements/base.txt
	$(COMPILE) --group pyproject.toml:build --output-file requirements/build.txt
	$(COMPILE) pyproject.toml --group pyproject.toml:dev --constraint requirements/base.txt \
		--constraint requirements/build.txt --output-file requirements/dev.txt
	$(COMPILE) --group pyproject.toml:lock --output-file requirements/lock.txt

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
