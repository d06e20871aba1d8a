# Everything a newcomer needs, from nothing but Python 3.11 or newer and the package registry.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
READY := $(VENV)/.ready
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
# One more than there are cores: tests wait for disks, other processes and terminals.
WORKERS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))
# Registers of tests lie in memory where it has room: on a disk a test mostly waits for its syncs.
MEMORY = $(shell test -w /dev/shm && df -Pk /dev/shm | awk 'NR == 2 && $$4 > 4000000 {print "/dev/shm"}')
# Each key derived from a password fills 64 MiB: in large pages that are kept it is the same work,
# without the system fetching sixteen thousand small ones each time and taking them back.
PAGES = glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=268435456
# Tests start programs by the hundred, and each would compile all of its modules anew. In a fresh
# clone every worker would, so they are compiled once before.
PYTEST = PYTHONDONTWRITEBYTECODE= GLIBC_TUNABLES=$(PAGES) $(addprefix TMPDIR=,$(MEMORY)) \
	$(BIN)/python -m pytest

.DEFAULT_GOAL := what
.PHONY: what demo test faults languages kills cover check bench catalogues migration docs pictures snapshots clean

what:
	@echo "make demo            build the program and open a register of invented clients"
	@echo "make test            build what tests need and run them all (TESTS=path for some)"
	@echo "make faults          the tests of faults at every point, which takes long"
	@echo "make languages       walk through all that is drawn, for words of another language"
	@echo "make kills           kill six works at random moments (KILLS=1000 SEED=8), print a table"
	@echo "make cover           run every test and show which lines none reached"
	@echo "make check           lint, layout, types, import contracts, catalogues"
	@echo "make bench QUICK=1   measure against the baselines; without QUICK the full run"
	@echo "make catalogues      collect new messages, compile the translations"
	@echo "make migration       write what follows from a new or longer description of a record"
	@echo "make docs            write the generated pages of docs/ anew"
	@echo "make pictures        draw the pictures of docs/ from the demo anew"
	@echo "make snapshots       draw every screen anew, as tests compare them"
	@echo "make clean           remove what was built, keep every register"

# Built anew when the pins change. A half-built environment has no mark and is completed.
$(RUNTIME): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Kartotēka needs Python 3.11 or newer; say which one: make PYTHON=python3.13" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(INSTALL) -e .
	@touch $@

$(READY): $(RUNTIME)
	$(INSTALL) -e '.[dev]'
	@touch $@

# Whoever only looks at the program waits for none of the tools of those who write it.
demo: $(RUNTIME)
	$(BIN)/kartoteka demo

test: $(READY)
	@$(BIN)/python -m compileall -q crm gdpr migrations tui
	$(PYTEST) $(if $(TESTS),$(TESTS),-n $(WORKERS) --dist worksteal)

# What `make test` tries in short, at every point there is; it takes its time.
faults: $(READY)
	KARTOTEKA_FAULTS=long $(PYTEST) -n $(WORKERS) --dist worksteal tests/faults

# Every screen and box that keys lead to, in Latvian and Italian, which takes its time.
languages: $(READY)
	KARTOTEKA_WALK=long $(PYTEST) -n $(WORKERS) tests/tui/test_languages_walked.py

# The seed is printed: with it a run is repeated.
kills: $(READY)
	$(BIN)/python -m tests.faults.kills $(if $(KILLS),--count $(KILLS)) $(if $(SEED),--seed $(SEED))

cover: $(READY)
	$(PYTEST) -n $(WORKERS) --dist worksteal --cov --cov-report=term-missing:skip-covered

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST) -q tests/house/test_catalogues.py

bench: $(READY)
	$(BIN)/python tests/benchmarks/run.py $(if $(QUICK),--quick)

catalogues: $(READY)
	$(BIN)/python tests/house/catalogues.py

migration: $(READY)
	$(BIN)/python tests/house/kinds.py

docs: $(READY)
	$(BIN)/python tests/house/generated.py

pictures: $(READY)
	$(BIN)/python tests/house/pictures.py

snapshots: $(READY)
	$(PYTEST) -q tests/tui/test_snapshots.py --draw-snapshots

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage*
