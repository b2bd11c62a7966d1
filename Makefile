# Everything here runs on a machine with Python 3.11+ (with venv) and make.
PYTHON ?= python3
PORT   ?= 8000
HOST   ?= 127.0.0.1
BIN     = .venv/bin

.PHONY: help install serve test test-faults test-any bench bench-instructions bench-plans bench-alerts bench-reading bench-intake bench-bundles check format lock openapi image-steps clean

help:            ## list the targets
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

install: .venv/installed   ## create .venv from the hashed lock

serve: install   ## start Wane on 127.0.0.1:8000 (PORT= changes it)
	@$(BIN)/wane serve --host $(HOST) --port $(PORT)

test: .venv/dev  ## install what the tests need, and run them all, two at a time
	@$(BIN)/python -m pytest -n 2 --dist worksteal

test-faults: .venv/dev ## the long form of what kills, fills and disconnects (20 cycles each)
	@WANE_FAULT_CYCLES=20 $(BIN)/python -m pytest -m faults

test-any: .venv/dev ## many made-up requests to every address of openapi.yaml (WANE_ANY_REQUESTS= how many of each kind)
	@WANE_ANY_REQUESTS=$${WANE_ANY_REQUESTS:-200} $(BIN)/python -m pytest -n 2 tests/test_any_request.py

bench: .venv/installed ## what answering costs, with and without the journal, beside a bare endpoint
	@$(BIN)/python -m benchmarks.serving

check: .venv/dev ## ruff, format, mypy strict, knowledge base, openapi.yaml in step
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/wane knowledge check --documents ../shared/documents
	@$(BIN)/wane openapi --check openapi.yaml

format: .venv/dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench-instructions: .venv/installed ## the same counted in instructions, which other load does not change (needs valgrind)
	@$(BIN)/python -m benchmarks.instructions

bench-plans: .venv/installed ## a million taper plans: no invariant broken, and how long one takes (N= for fewer)
	@$(BIN)/python -m benchmarks.plans $(N)

bench-alerts: .venv/installed ## cards per 1,000 calls by rule, over the made-up patients beside the repository
	@$(BIN)/python -m benchmarks.alerts

bench-reading: .venv/installed ## how well doses are read, over the dosage examples beside the repository
	@$(BIN)/python -m benchmarks.reading

bench-intake: .venv/installed ## what reading a request costs beside parsing it
	@$(BIN)/python -m benchmarks.intake

bench-bundles: .venv/installed ## what judging a Bundle of 5 MB costs beside reading it
	@$(BIN)/python -m benchmarks.bundles

openapi: .venv/installed ## write openapi.yaml
	@$(BIN)/wane openapi > openapi.yaml

# uv resolves for every platform and Python version at once; the locks hold names, versions and hashes only.
LOCK = uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet pyproject.toml --group build
lock:            ## renew requirements.lock and requirements-dev.lock (needs uv)
	$(LOCK) $(UPGRADE) -o requirements.lock
	$(LOCK) $(UPGRADE) --group dev -o requirements-dev.lock

.venv/installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

.venv/dev: requirements-dev.lock .venv/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

image-steps: .venv/dev ## take the steps of the Dockerfile by hand in a clean folder, and run its health check
	@$(BIN)/python -m tests.packaging.image_steps

secrets:         ## write the secrets that compose.yaml mounts, once
	@mkdir -m 700 secrets  # the files can be read by the containers' users, the folder by its owner only
	@$(PYTHON) -c 'import secrets; print(secrets.token_hex(24), end="")' > secrets/database_password
	@printf 'postgresql://wane:%s@database/wane' "$$(cat secrets/database_password)" > secrets/database_url
	@$(PYTHON) -c 'import secrets; print(secrets.token_hex(32), end="")' > secrets/pseudonym_key
	@chmod 444 secrets/database_password secrets/database_url secrets/pseudonym_key

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache
