# make demo | make test | make test-release | make lint | make bench | make simulate | make fuzz | make sanitize | make chaos | make tryton | make test-odoo | make release
# Everything a fresh Debian 12 with a Swift 6.3 toolchain needs is installed by `make setup`, which the others call.

SHELL := /bin/bash
DEBIAN_PACKAGES := libcurl4-openssl-dev libssl-dev libsqlite3-dev libxml2-dev
TEST_PACKAGES := openssl sqlite3 procps strace nginx-light libxml2-utils openjdk-17-jdk-headless python3-venv jq
ODOO_PACKAGES := postgresql-15 postgresql-client-15 curl
# What judges our EDIFACT files: an engine from PyPI that knows nothing of us.
EDIFACT_JUDGE := .build/edifact-judge
# They load the machine for a minute or two: beside them, others would take too long for their deadlines.
HEAVY_TESTS := ^((DocumentsTests|PowerLossTests|SimulationTests)\.|EngineTests\.JudgedDocumentsTests)
# They kill programs at random moments, and what they ask of those programs' time doesn't hold beside anything that loads the machine.
CHAOS_TESTS := ^ChaosTests\.
# They kill programs at moments which they see in Tryton's database, so they need the machine for themselves.
TRYTON_TESTS := ^(SinksTests|EndToEndTests)\.Tryton
# What waits for sockets, processes and deadlines has the machine to itself and its like: a thousand tests begin at once.
TIMED_TESTS := ^(EndToEndTests|EngineTests|TransportTests|CloudSuiteTests|DeliveryTests|PluginHostTests|WebServerTests)\.
SINK_TESTS := ^(SinksTests|SinkTestingTests)\.
# As it is installed: with Swift's libraries in it, which also saves a tenth of the memory.
RELEASE_BUILD := swift build -c release --static-swift-stdlib
FORMAT := --configuration config/swift-format.json -r Package.swift Sources Tests

.PHONY: setup setup-tests setup-erp build demo test test-release lint format imports bench simulate fuzz sanitize chaos tryton test-odoo release clean

setup:
	@missing=""; for package in $(DEBIAN_PACKAGES) $(EXTRA_PACKAGES); do \
	  dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; done; \
	if [ -n "$$missing" ]; then \
	  echo "Installing Debian packages:$$missing"; \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -q && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -q -y --no-install-recommends $$missing; \
	fi
	@command -v swift >/dev/null || { echo "There is no swift on the PATH; Swift 6.3 or later is needed (https://www.swift.org/install)." >&2; exit 1; }

setup-tests:
	@$(MAKE) --no-print-directory setup EXTRA_PACKAGES="$(TEST_PACKAGES)"
	@test -e $(EDIFACT_JUDGE)/ready || { python3 -m venv $(EDIFACT_JUDGE) && \
	  $(EDIFACT_JUDGE)/bin/pip install -q bots-ediint==3.3.1 'Django<3' && touch $(EDIFACT_JUDGE)/ready; }

# A real Tryton from PyPI, kept in $CROSSDOCK_ERP_CACHE, by default .build/erp; 80 s the first time.
setup-erp: setup-tests
	@Tests/ERP/tryton/up --prepare

build: setup
	swift build

# make demo SINK=ezcards shows a shop that sells digital codes, SINK=khumbu a restaurant whose POS tells by webhook.
demo: build
	@.build/debug/crossdock demo --folder demo-run $(if $(SINK),--sink $(SINK),--fixtures Fixtures/cloudsuite)

# Of all tests beginning at once, those with deadlines would starve; of those that load the machine, four are enough.
# What failed is said once more at the end, since a run prints thousands of lines.
define run-tests
@set -o pipefail; export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=$(or $(2),16); swift test --skip-build --disable-xctest $(1) 2>&1 | tee .build/tests.log || { status=$$?; \
  printf '\nWhat failed:\n'; grep -E 'recorded an issue|^↳|error:|Test run with' .build/tests.log; exit $$status; }
endef

test: setup-erp
	swift build --build-tests
	$(call run-tests,--filter "$(TRYTON_TESTS)",1)
	$(call run-tests,--filter "$(CHAOS_TESTS)",4)
	$(call run-tests,--filter "$(HEAVY_TESTS)",4)
	$(call run-tests,--filter "$(SINK_TESTS)" --skip "$(HEAVY_TESTS)|$(TRYTON_TESTS)")
	$(call run-tests,--filter "$(TIMED_TESTS)" --skip "$(HEAVY_TESTS)|$(TRYTON_TESTS)")
	$(call run-tests,--skip "$(CHAOS_TESTS)|$(HEAVY_TESTS)|$(TRYTON_TESTS)|$(SINK_TESTS)|$(TIMED_TESTS)")

# The program as it is installed: the optimizer has made of right code what only wide-awake tests noticed.
test-release: export CROSSDOCK_PROGRAMS := $(CURDIR)/.build/release
test-release: release setup-tests
	swift build --build-tests
	$(call run-tests,--filter "^EndToEndTests\.(DemoTests|SyncTests|KillTests|ServeTests)",8)

# Kills the connector again and again while it makes orders in a real Tryton; `make test` has the short form. KILLS changes it.
KILLS ?= 50
tryton: setup-erp
	swift build --build-tests
	TRYTON_KILLS=$(KILLS) swift test --skip-build --disable-xctest --filter "$(TRYTON_TESTS)"

# Everything about the Odoo sink over a real Odoo 19, which isn't to be had from PyPI alone: 4 minutes to install it, once; see
# Tests/ERP/odoo/up. KILLS=50 is the long form. RECORD=1 writes anew what `make test` repeats (Fixtures/odoo).
test-odoo: setup-tests
	@$(MAKE) --no-print-directory setup EXTRA_PACKAGES="$(ODOO_PACKAGES)"
	Tests/ERP/odoo/up --prepare
	swift build --build-tests
	ODOO_TESTS=1 $(if $(filter command%,$(origin KILLS)),ODOO_KILLS=$(KILLS)) $(if $(RECORD),ODOO_RECORD=1) \
	  swift test --skip-build --disable-xctest --filter "^(SinksTests|EndToEndTests)\.Odoo"

# The engine under simulated faults, on both cores: make simulate SCHEDULES=1000000 SEED=1 CRASHES=2 PLANTED=20000
SCHEDULES ?= 200000
SEED ?= 1
CRASHES ?= 2
PLANTED ?= 20000
simulate: setup
	$(RELEASE_BUILD) --product crossdock-simulate
	@.build/release/crossdock-simulate --schedules $(SCHEDULES) --seed $(SEED) --crashes $(CRASHES) --planted $(PLANTED) --processes $$(nproc)

lint:
	swift format lint --strict $(FORMAT)

format:
	swift format format -i $(FORMAT)

# Every module a file imports must be a declared dependency of its target.
imports: setup
	swift build --explicit-target-dependency-import-check error

release: setup
	$(RELEASE_BUILD) --product crossdock

# Speed and memory; prints figures, asserts none.
bench: setup
	$(RELEASE_BUILD) --product crossdock
	$(RELEASE_BUILD) --product crossdock-bench
	@.build/release/crossdock-bench
	@.build/release/crossdock-bench pipe
	@.build/release/crossdock-bench limit

# Hostile input for an hour or two; `make test` has the short form. EXECUTIONS, ADDRESS_EXECUTIONS and SEED change it.
fuzz: setup-tests
	@.ci/fuzz

# What reads documents from outside, under the address sanitizer, leaks included: two minutes.
sanitize: setup
	@.ci/sanitize

# Harms the release build in every way there is, and audits what the shop and the ERP have afterwards; ends with 1 on a violation.
# make chaos SEED=7 ONLY=kills repeats one part with one seed: kills, calls (strace), flips, power, disk, overlaps, freeze.
chaos: setup-tests
	$(RELEASE_BUILD) --product crossdock
	$(RELEASE_BUILD) --product crossdock-chaos
	$(RELEASE_BUILD) --product crossdock-strike
	@.build/release/crossdock-chaos --seed $(SEED) $(if $(ONLY),--only $(ONLY))

clean:
	rm -rf .build demo-run
