# The front door: every command a person types is a target here. `make` alone lists them.

.DEFAULT_GOAL := help
SHELL := /bin/bash

.PHONY: help run run-distributed test check tidy fmt lint build ui contracts bench-start bench-load bench-api images schemathesis compose-test k8s-check clean

help: ## List the targets.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 20

run: ## Build and start the whole chain in one process, on the folder ./mondo (ARGS="--base-port 9000").
	cargo build --release -p govpay-lab
	exec ./target/release/govpay-lab $(ARGS)

run-distributed: ## Start the six services as processes on DATABASE_URL and AMQP_URL.
	cargo build --release --workspace --bins
	exec bash scripts/run-distributed.sh

test: ## Run every test, installing and starting what they need.
	bash scripts/test.sh

check: fmt lint tidy ## What a change must pass besides the tests.

fmt: ## Refuse code that rustfmt would change.
	cargo fmt --all --check

lint: ## Clippy, warnings are errors.
	cargo clippy --workspace --all-targets -- -D warnings

tidy: ## The rules of ARCHITECTURE.md that a program can check.
	cargo run --quiet -p xtask -- tidy

build: ## Build all programs (debug).
	cargo build --workspace --bins

ui: ## Make the embedded assets again from Bootstrap Italia (needs node and npm).
	bash crates/web/ui/build.sh

contracts: ## Write the OpenAPI snapshots of all services into proto-docs/openapi.
	cargo run --quiet -p xtask -- contracts

bench-start: ## Time to the first page and idle memory of the release program.
	bash scripts/bench-start.sh

bench-load: ## Time and memory of a tracciato, beside a bare COPY (ROWS=1000000 RUNS=3 SMALL=10000).
	bash scripts/bench-load.sh

bench-api: ## Requests beside a bare server, and lists of 1,000,000 pendenze beside 10,000 (ROWS=1000000 RUNS=5 SECONDS_EACH=3).
	bash scripts/bench-api.sh

images: ## Build the container image (ENGINE=podman|docker, BASE=image|local, PROFILE=release|debug).
	bash deploy/images.sh

schemathesis: ## Ask the core what its OpenAPI document says, rightly and wrongly (SECONDS_MAX=120 SEED=1).
	bash scripts/schemathesis.sh

compose-test: ## Build the images, start the compose stack and try it.
	bash deploy/compose-test.sh

k8s-check: ## Build the kustomize overlays and check them; no cluster needed.
	bash k8s/check.sh

clean: ## Remove what was built; the worlds stay.
	cargo clean
