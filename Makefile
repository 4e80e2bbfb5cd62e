.DEFAULT_GOAL := help
.PHONY: help test lint run build cover fmt tools clean docs prove proof misbehaving bench bench-compare fuzz release reproducible cross image readme consumers kubernetes

# The race detector needs a C compiler; without one the tests run without it.
RACE := $(if $(filter 1,$(shell go env CGO_ENABLED)),-race)
LINT := go tool -modfile=.ci/tools.mod golangci-lint

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-13s %s\n", $$1, $$2}' Makefile

test: ## Vet, and run every test, the suite against the reference included
	go vet ./... && CONFORMANCE_REFERENCE=true go test $(RACE) -timeout 30m ./...

lint: ## Run the linters (the first time builds them, which takes minutes)
	$(LINT) run

run: ## Judge the reference inside the process
	go run ./cmd/conformance run --reference

build: ## Build bin/conformance
	go build -trimpath -o bin/conformance ./cmd/conformance

FUZZTIME = 60s

fuzz: ## Run every fuzz target for a minute each (FUZZTIME=10s: for less)
	@set -e; for package in $$(go list ./...); do \
	  for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
	    echo "$$package $$target"; go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package; \
	  done; \
	done

cover: ## Show test coverage by package; below 85 % in internal/ is an error
	CONFORMANCE_REFERENCE=true go test -timeout 30m -coverpkg=./... -coverprofile=coverage.out ./... >coverage.log || { grep -v '^ok' coverage.log; exit 1; }
	@awk -f .ci/coverage.awk coverage.out

fmt: ## Format the code
	$(LINT) fmt

tools: ## Fetch and build the linters ahead of time
	$(LINT) version

clean: ## Remove what the other targets made
	rm -rf bin dist coverage.out coverage.log misbehaving.log

# A seed for each day: what a change has to pass today is the same each time that it is tried.
SEED ?= $(shell date -u +%Y%m%d)

prove: ## Try the suite against every defect, every legal variant and 200 mutants of the day
	go run ./cmd/conformance prove
	go run ./cmd/conformance prove --generated 200 --seed $(SEED)

proof: build ## For a release: prove, and write docs/proof.md and internal/proof/proof.json
	bin/conformance prove --summary > proof.tmp && mv proof.tmp internal/proof/proof.json
	bin/conformance prove --markdown > docs/proof.md
	bin/conformance prove --generated 2000 --seed $(SEED) --markdown >> docs/proof.md

docs: ## For a release: write the generated pages of docs/ but the proof
	go run ./cmd/conformance list --markdown > docs/requirements.md
	go run ./cmd/conformance list --pages docs/requirements
	go run ./cmd/conformance init --schema > docs/conformance.schema.json

release: ## Make a release: make release VERSION=v1.2.3 (binaries, SBOM, notes and sums in dist/)
	go run ./internal/release -version "$(VERSION)" -out dist

reproducible: ## Make a release of one platform twice, and compare
	.ci/reproducible

cross: ## Build for the systems that this is not
	CGO_ENABLED=0 GOOS=windows GOARCH=amd64 go vet ./internal/journal ./internal/cli/... ./cmd/conformance
	CGO_ENABLED=0 GOOS=windows GOARCH=amd64 go build ./cmd/conformance ./internal/release
	CGO_ENABLED=0 GOOS=darwin GOARCH=arm64 go build ./cmd/conformance ./internal/release

image: ## Build the image, and try it (docker, podman or buildah)
	.ci/image

readme: ## Take the lines of README.md in an empty directory with only Go
	.ci/readme

consumers: ## Show the outputs to programs of others that read them
	.ci/consumers

kubernetes: ## Show the manifests to a real API server (the first time builds it, which takes minutes)
	.ci/kubernetes

misbehaving: ## Try every target that misbehaves; print the memory and the time of each
	@CONFORMANCE_GREEDY=all go test -timeout 40m -count=1 -v -run '^Test(Greedy|EachMisbehaving)Targets?$$' ./suites >misbehaving.log || { grep -v '^=== ' misbehaving.log; exit 1; }
	@grep ' MB ' misbehaving.log | sed 's/^.*_test.go:[0-9]*: //' | sort -k1,1 && grep -E '^(ok|FAIL)' misbehaving.log

bench: ## Measure the suite, and print the tables of docs/performance.md (takes minutes)
	go run ./internal/bench -write docs/performance.md

BENCHED := ./spec ./internal/jwt ./internal/redact ./internal/report ./suites
COUNT ?= 6
bench-compare: ## Compare the benchmarks with those of another commit: make bench-compare BASE=ref
	@test -n "$(BASE)" || { echo "make bench-compare: say what to compare with, such as BASE=main"; exit 2; }
	rm -rf bench.tmp && mkdir bench.tmp && git worktree add --quiet --detach bench.tmp/base $(BASE)
	cd bench.tmp/base && go test -run '^$$' -bench . -count $(COUNT) $(BENCHED) > ../old.txt; \
	status=$$?; cd ../.. && git worktree remove --force bench.tmp/base && test $$status = 0
	go test -run '^$$' -bench . -count $(COUNT) $(BENCHED) > bench.tmp/new.txt
	go tool -modfile=.ci/bench.mod benchstat bench.tmp/old.txt bench.tmp/new.txt
	rm -rf bench.tmp
