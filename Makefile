# The project's commands. 'make compare' and 'make test' need Python 3.11 or newer, pip, git and make, nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# Commands that the tests start are compiled once, not each time.
unexport PYTHONDONTWRITEBYTECODE

PAGES := src/napgraph/site

FAST := not oracle and not server and not slow
REST := oracle or server or slow or more or hypothesis

.PHONY: compare test test-rest test-all lint bench browser docs docs-site pictures outlines audit lock dist clean

compare: $(READY)  ## print the comparison of pillars
	@$(BIN)/napgraph compare pillars

test: $(READY) lint  ## check the code and run the tests that need nothing but it
	$(BIN)/python -m pytest -n auto --dist worksteal -m "$(FAST)"

test-rest: $(READY)  ## run the tests that 'make test' leaves out, and with all their examples those that it cuts short
	NAPGRAPH_TESTS=all $(BIN)/python -m pytest -n auto --dist worksteal -m "$(REST)"

test-all: test test-rest  ## run every test

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive src

bench: $(READY)  ## measure, side by side
	$(BIN)/python -m benchmarks

browser: $(PAGES)/vendor/LICENSES.txt  ## fetch what the pages of the site run on, by its lock file (needs npm)

$(PAGES)/vendor/LICENSES.txt: $(filter-out %.py,$(wildcard $(PAGES)/browser/*.*))
	cd $(PAGES)/browser && npm ci --silent && node copy.mjs

docs: $(READY)  ## write the READMEs that are made from the files
	$(BIN)/python tests/readmes.py

docs-site: $(READY)  ## make the documentation as pages, in build/docs; a warning stops it
	$(BIN)/mkdocs build --strict --quiet

pictures: $(READY)  ## make the pictures of the README (needs chromium)
	$(BIN)/napgraph chart heat-map themes -c "Northern Europe" -o docs/pictures/themes.svg
	rm -f docs/pictures/themes.table.csv*
	$(BIN)/napgraph site -o build/site --base https://example.org/
	chromium --headless --no-sandbox --hide-scrollbars --window-size=1280,820 \
	  --screenshot=docs/pictures/norway.png "file://$(CURDIR)/build/site/jurisdiction/nor/index.html"

outlines: $(READY)  ## prepare the outlines of the map
	$(BIN)/python tests/outlines.py

audit:  ## ask what is known against the versions in requirements.lock (needs uv and the network)
	uvx pip-audit --requirement requirements.lock --disable-pip

lock:  ## renew the versions in requirements.lock (needs uv)
	uv pip compile pyproject.toml --all-extras --group dev --generate-hashes --python-version 3.11 --universal -o requirements.lock --custom-compile-command "make lock"

dist: $(READY)  ## build what is released, and list its parts (needs uv and the network)
	rm -rf build dist
	$(BIN)/python -m build --no-isolation
	mkdir -p build
	uv pip compile pyproject.toml --all-extras --generate-hashes --python-version 3.11 --universal --constraint requirements.lock --quiet -o build/parts.txt
	uvx --from cyclonedx-bom==7.5.0 cyclonedx-py requirements build/parts.txt --pyproject pyproject.toml --output-reproducible -o dist/sbom.cdx.json

clean:
	rm -rf $(VENV) build dist $(PAGES)/vendor $(PAGES)/browser/node_modules

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
