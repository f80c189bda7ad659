# Liaodan: everything a newcomer needs is one of these commands.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
UV     := uv==0.13.9

.DEFAULT_GOAL := help
.PHONY: help install demo test bench docs lint lock system-packages

help:  ## say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

install: $(STAMP)  ## prepare .venv (quick when nothing changed)

$(STAMP): pyproject.toml deploy/requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (make PYTHON=python3.11)" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed; on Debian install the package python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check $(UV)
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r deploy/requirements.lock
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --editable .
	@touch $(STAMP)

demo: install  ## run the whole product with an emulated WeCom and a demo company
	@$(BIN)/liaodan demo

lint: install  ## style, types, who may import whom
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/deptry .

test: lint system-packages  ## every check; ends with pytest's summary line
	@$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist worksteal

system-packages: install
	@sh deploy/ensure-chromium.sh

bench: install  ## speed, as ratios against floors and peers (ARGS="--only callback")
	@$(BIN)/python -m bench $(ARGS)

docs: install  ## write docs/commands.md, .env.example and the card template anew from the code
	@$(BIN)/python -m docs.generate

lock: install  ## resolve pyproject.toml anew into deploy/requirements.lock
	@$(BIN)/uv lock --quiet && $(BIN)/uv export --quiet --frozen --all-groups --no-emit-project --no-header > deploy/requirements.lock; rm -f uv.lock
