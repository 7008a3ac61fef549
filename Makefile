# All there is to do here, for people and for CI. It needs Go, Node, npm and
# make; tests need gcc (for the race detector) and git besides, and a browser,
# which the tool gets from Debian's packages where there is none.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

# The tool is built once, and not run by `go run`, which would not pass on a
# signal, and which inside `GOOS=js go test` would be built for a browser.
TOOL := $(CURDIR)/.cache/bin/build

ADDR ?= 127.0.0.1:5000

# How long each fuzz target runs. Half a minute is for the one who works on it;
# ten (FUZZTIME=10m) is the full run, before a release.
FUZZTIME ?= 30s

# How much is broken in `make chaos`. It prints a SEED, which repeats it.
FAULTS ?= 500

# The environment may hold a NODE of its own: npm puts the path of node there.
REAL_NODE := $(filter hsd,$(NODE))
ifeq ($(origin NODE)$(REAL_NODE),command line)
$(error NODE=$(NODE) is not known: leave it out for the simulated node, or say NODE=hsd for a real one)
endif

# What is linked into the module, and what only tests it from inside: the
# packages that must be well under both GOOS.
JS := GOOS=js GOARCH=wasm
JS_PACKAGES := ./bsock ./bsock/bsocktest ./middleware ./jsbridge/... ./wasm/...

# staticcheck takes a function that only JavaScript calls for one that nobody
# does: it does not know //go:wasmexport.
NOT_UNUSED := -U1000

# Tests written for Node, by what they need: nothing, a peer, or a browser.
NODE_TESTS = $(wildcard www/demo/*.test.mjs www/demo/*/*.test.mjs www/*.test.mjs jsbridge/*.test.mjs www/test/bench/*.test.mjs)
INTEROP_TESTS = $(wildcard www/test/interop*.test.mjs www/test/vectors*.test.mjs)
BROWSER_TESTS = $(filter-out $(INTEROP_TESTS),$(wildcard www/test/*.test.mjs))

# What every browser must pass; the others ask for what only Chromium tells.
EVERY_BROWSER_TESTS = $(patsubst %,www/test/%.test.mjs,e2e connection throws load early)

# An installed folder is as new as npm's own record in it.
installed = $(1)/node_modules/.package-lock.json
BIN := www/test/node_modules/.bin

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: tool $(call installed,build/tools) $(call installed,www/demo) ## build and serve the page; ADDR= to listen elsewhere, NODE=hsd for a real node
run: $(if $(REAL_NODE),$(call installed,build/hsd))
	@$(TOOL) demo
	@ADDR="$(ADDR)" $(TOOL) serve $(if $(REAL_NODE),-node $(REAL_NODE))

.PHONY: dist
dist: tool $(call installed,build/tools) $(call installed,www/test) ## make the npm package in www/dist, ready for `npm pack`
	@$(TOOL) dist

.PHONY: test
test: setup lint test-go test-wasm test-node test-interop test-browser test-build ## everything below, after installing what it needs
	@echo "==> all passed"

.PHONY: setup
setup: tool $(call installed,build/tools) $(call installed,www/demo) $(call installed,www/test) $(call installed,www/test/bundlers) $(call installed,build/hsd)
	@echo "==> browser: $$($(TOOL) chrome)"

.PHONY: test-go
test-go: setup ## the Go packages on this machine, with the race detector
	@echo "==> go test -race"
	@go test -race $$(go list ./... | grep -v '/build$$')

.PHONY: test-wasm
test-wasm: setup ## bsock, middleware and the border as WebAssembly, in a headless browser
	@echo "==> go test, $(JS)"
	@$(JS) go test -count=1 -exec "$(TOOL) exec" ./bsock ./middleware ./jsbridge/... ./wasm/...

.PHONY: test-node
test-node: $(call installed,www/demo) $(call installed,www/test) ## the JavaScript that needs no browser
	@echo "==> node --test"
	@node --test $(NODE_TESTS)

.PHONY: test-interop
test-interop: setup ## ours against npm's bsock, both ways
	@echo "==> node --test, against npm's bsock"
	@node --test $(INTEROP_TESTS)

.PHONY: test-browser
test-browser: setup ## the built package and the page in a browser, before a real node
	@$(TOOL) demo
	@$(TOOL) dist
	@echo "==> node --test, in Chromium"
	@chrome="$$($(TOOL) chrome)"; CHROME="$$chrome" node --test --test-concurrency=1 $(BROWSER_TESTS)
	@for name in firefox webkit; do \
	  echo "==> node --test, in $$name"; \
	  $(TOOL) browser $$name node --test --test-concurrency=1 $(EVERY_BROWSER_TESTS); \
	done

.PHONY: test-build
test-build: setup ## the build tool; that builds are reproducible; that the module keeps its budget
	@echo "==> go test ./build"
	@go test -count=1 ./build
	@$(TOOL) reproducible
	@$(TOOL) size

.PHONY: lint
lint: tool $(call installed,www/test) $(call installed,www/demo) ## formatting, vet, staticcheck, jsguard, eslint, tsc
	@echo "==> gofmt"
	@bad="$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go'))"; \
	  if [ -n "$$bad" ]; then echo "these are not formatted, run 'make fmt':"; echo "$$bad"; exit 1; fi
	@echo "==> go vet, for this machine and for js/wasm"
	@go vet ./...
	@$(JS) go vet $(JS_PACKAGES)
	@echo "==> staticcheck, for this machine and for js/wasm"
	@staticcheck="$$(go -C build/tools tool -n staticcheck)"; $$staticcheck ./...; \
	  $(JS) $$staticcheck -checks inherit,$(NOT_UNUSED) $(JS_PACKAGES)
	@echo "==> jsguard"
	@jsguard="$$(go -C build/tools tool -n jsguard)"; $(JS) $$jsguard ./jsbridge/... ./wasm/...
	@echo "==> eslint, tsc, prettier"
	@$(BIN)/eslint --config www/test/eslint.config.mjs --max-warnings 0 .
	@$(BIN)/tsc -p www/test/tsconfig.shipped.json
	@$(BIN)/tsc -p www/test
	@$(BIN)/prettier --check --log-level warn .

.PHONY: fmt
fmt: $(call installed,www/test) ## format all Go and JavaScript
	@gofmt -w $$(git ls-files -co --exclude-standard '*.go')
	@$(BIN)/prettier --write --log-level warn .

.PHONY: fuzz
fuzz: ## run each fuzz target for FUZZTIME (30s; FUZZTIME=10m is the full run)
	@go test -list '^Fuzz' ./bsock/... ./middleware/... \
	  | awk '/^Fuzz/ { names[++n] = $$1 } /^ok/ { for (i = 1; i <= n; i++) print $$2, names[i]; n = 0 }' \
	  | while read -r package name; do \
	      echo "==> $$name of $$package for $(FUZZTIME)"; \
	      go test -run '^$$' -fuzz "^$$name\$$" -fuzztime "$(FUZZTIME)" "$$package"; \
	    done

.PHONY: bench
bench: setup ## speed, start and size beside bsock-middleware's; QUICK=1 for 2 minutes, ONLY=page,size for some
	@$(TOOL) bench

.PHONY: bench-page
bench-page: ## write what the last bench measured into www/PERFORMANCE.md
	@node www/test/bench/document.mjs "$(or $(OUT),.cache/bench)"

.PHONY: profile
profile: setup ## where the time of a CASE of the bench goes, such as event-75b, by function
	@$(TOOL) profile "$(or $(CASE),call)"

.PHONY: soak
soak: setup ## 1,000,000 events and 1,000 reconnections in a page, and what they leave
	@$(TOOL) dist
	@chrome="$$($(TOOL) chrome)"; CHROME="$$chrome" node www/test/soak.mjs

.PHONY: chaos
chaos: setup ## break line and servers FAULTS times (500) under a page that works; SEED= repeats a run
	@$(TOOL) demo
	@$(TOOL) dist
	@chrome="$$($(TOOL) chrome)"; CHROME="$$chrome" FAULTS="$(FAULTS)" node www/test/chaos.mjs

.PHONY: flood
flood: tool ## 10,000 browsers at the app server, 500 of them deaf, and 2,000 strangers; figures in 2 minutes
	@$(TOOL) flood

.PHONY: clean
clean: tool ## remove what was built; installed npm packages stay
	@$(TOOL) clean

.PHONY: tool
tool:
	@env -u GOOS -u GOARCH go build -o $(TOOL) ./build

# npm writes its record before it ends, so the time is set once more after that.
%/node_modules/.package-lock.json: %/package-lock.json
	@echo "==> npm ci in $*"
	@cd $* && npm ci --no-audit --no-fund
	@touch $@
