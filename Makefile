# make demo    the whole of Shanghai, simulated, at http://127.0.0.1:8000   (ARGS="--scale 0.02 --once --json" and the like)
# make test    every test, on real mosquitto, InfluxDB and Chromium          (ARGS="tests/density -k stays" and the like)
# make check   style, types, import contracts, stale boards: seconds, no service
# make chaos   the long fault tests, about 20 minutes, as root
# make bench   the benchmarks, to bench/results.md                          (ARGS="--only figures" measures a part)
# make pictures  every page of the board on a demo, to docs/pictures   (ARGS="--scale 0.1" and the like)
# make push    the boards, alert rules and data sources to a running Grafana     (ARGS="--dry-run" and the like)
# make lock    the lock files anew, from pyproject.toml
# make proto   the code of the Sparkplug payload anew, from sparkplug_b.proto

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.SILENT:
.PHONY: demo test chaos check bench pictures push lock proto clean

# mosquitto and nginx lie where only an administrator's shell looks.
export PATH := $(PATH):/usr/local/sbin:/usr/sbin:/sbin
# Else each of the many processes of a run compiles the platform anew.
unexport PYTHONDONTWRITEBYTECODE
ARGS ?=
PYTHON ?= python3
BIN := .venv/bin
# A file's tests stay together, so that what they share is made once.
PARALLEL ?= -n 2 --dist loadfile --no-loadscope-reorder
# A worker has a core: threads of its own would only wait for those of the other.
ONE_CORE := POLARS_MAX_THREADS=1 OPENBLAS_NUM_THREADS=1
# What the tests run against; `make demo` needs none of it.
SERVERS := mosquitto mosquitto-clients influxdb nginx-light chromium fonts-noto-cjk docker-compose curl

demo: .venv/installed
	exec $(BIN)/robodensity up --demo $(ARGS)

test: .venv/installed-dev .venv-boards/installed servers
	$(ONE_CORE) $(BIN)/pytest $(PARALLEL) $(ARGS)

chaos: .venv/installed-dev servers
	$(BIN)/pytest -m chaos tests/faults tests/ingest/sparkplug tests/api $(ARGS)

check: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/robodensity boards check
	$(BIN)/pytest tests/ingest/wire/sparkplug/test_generated.py

bench: .venv/installed-dev servers
	deploy/setup/servers wrk
	$(BIN)/python -m bench $(ARGS)

proto: .venv/installed-dev
	$(BIN)/python -m grpc_tools.protoc --proto_path=. --python_out=. --pyi_out=. ingest/wire/sparkplug/sparkplug_b.proto

pictures: .venv/installed-dev servers
	$(BIN)/python -m bench.pictures $(ARGS)

push: .venv-boards/installed
	exec .venv-boards/bin/python -m robodensity boards push $(ARGS)

lock: .venv/installed-dev
	compile="$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11"
	$$compile --extra build pyproject.toml -o requirements.lock
	$$compile --extra build --extra dev pyproject.toml -o requirements-dev.lock
	deploy/setup/extra boards | $$compile -c requirements.lock - -o requirements-boards.lock

.venv/installed: requirements.lock pyproject.toml | .venv/bin/python
	deploy/setup/environment requirements.lock
	touch $@

.venv/installed-dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	deploy/setup/environment requirements-dev.lock
	touch $@ .venv/installed

# grafana-client apart from what the services run on: it brings another urllib3.
.venv-boards/installed: requirements-boards.lock | .venv/bin/python
	$(MAKE) -s $(if $(wildcard .venv/installed),.venv/installed,.venv/installed-dev)
	deploy/setup/boards
	touch $@

.venv/bin/python:
	PYTHON=$(PYTHON) deploy/setup/python

.PHONY: servers
servers:
	deploy/setup/servers $(SERVERS)

clean:
	rm -rf .venv .venv-boards build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
