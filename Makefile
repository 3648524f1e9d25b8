# Everything that a contributor runs. `make test` installs what the tests need where it can, and says what is
# missing where it cannot.

.PHONY: test lint setup page serve setup-page audit sbom reproducible coverage mutants bench-hostile fuzz test-page setup-browser

# The page is built with switches of the compiler that are not stable yet (web/build/src/main.rs), and its size is
# bounded: so the compiler is named. The rest of the project takes any since 1.88.
PAGE_RUST := $(shell rustc --version 2>/dev/null | grep -q '^rustc 1\.95\.' || echo +1.95.0)

test: setup lint
	cargo test --locked
	@if $(MAKE) --no-print-directory setup-page; then $(MAKE) --no-print-directory test-page; \
	else echo "left out: the page and its tests, for want of what is missing above"; fi

# The page as it is published, in a real browser.
test-page: page setup-browser
	cargo build --quiet --locked --bin tokentriage --example page-cases
	node --test --test-reporter=spec --test-concurrency=1 web/tests/*.test.mjs

lint: setup
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps

setup:
	@command -v cargo >/dev/null || { echo "missing: cargo (install Rust 1.88 or later, https://rustup.rs)" >&2; exit 1; }
	@cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt || { echo "missing: rustfmt" >&2; exit 1; }
	@cargo clippy --version >/dev/null 2>&1 || rustup component add clippy || { echo "missing: clippy" >&2; exit 1; }

# The page in one file: dist/index.html.
page: setup-page
	cargo $(PAGE_RUST) run --quiet --locked --manifest-path web/build/Cargo.toml
	node web/build/page.mjs

# The page on loopback, with the headers that hosts should send.
serve: page
	node web/serve.mjs

setup-page: setup
	@command -v node >/dev/null && command -v npm >/dev/null || { echo "missing: Node.js 20 or later, with npm" >&2; exit 1; }
	@cmp -s web/package-lock.json web/node_modules/.installed || { \
		PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm --prefix web ci --ignore-scripts && cp web/package-lock.json web/node_modules/.installed; }
	@rustup $(PAGE_RUST) component add rust-src && rustup $(PAGE_RUST) target add wasm32-unknown-unknown || \
		{ echo "missing: Rust 1.95 by rustup, with rust-src and the target wasm32-unknown-unknown" >&2; exit 1; }

# Chromium and Firefox, where they can be had; the tests say which of them they leave out.
setup-browser:
	@[ -n "$$CHROMIUM" ] || [ -x /usr/bin/chromium ] || [ -x /usr/bin/chromium-browser ] || [ -x /usr/bin/google-chrome ] || \
		$(MAKE) --no-print-directory install-chromium 2>/dev/null || \
		echo "left out: the tests in Chromium (install it, or name one in CHROMIUM)"
	@[ -n "$$FIREFOX" ] || [ -x /usr/bin/firefox-esr ] || [ -x /usr/bin/firefox ] || \
		$(MAKE) --no-print-directory install-firefox-esr 2>/dev/null || \
		echo "left out: the tests in Firefox (install it, or name one in FIREFOX)"

install-%:
	@[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $* >/dev/null

# Licences, bans, sources and known weaknesses of dependencies (deny.toml). The list of weaknesses is fetched; where it
# cannot be, that is said, and the rest is checked all the same. An exception that cargo-deny finds needless can be of
# Cargo.lock, which tests/supply_chain.rs reads.
audit: setup
	@cargo deny --version >/dev/null 2>&1 || cargo install --locked cargo-deny
	cargo deny --locked check --allow unnecessary-skip licenses bans sources
	cargo deny --locked --manifest-path web/build/Cargo.toml --config deny.toml check licenses sources
	@if cargo deny --locked fetch db; then cargo deny --locked check --disable-fetch advisories; \
	else echo "not checked: known weaknesses, because their list (RustSec advisory-db) cannot be fetched" >&2; fi

# The bill of materials of the command and the page (CycloneDX 1.6): dist/tokentriage.cdx.json.
sbom: setup
	@mkdir -p dist
	cargo run --quiet --locked --example sbom > dist/tokentriage.cdx.json

# Two release builds from different folders: the same bytes?
reproducible: setup
	tools/reproducible

# How many lines of the library the tests reach, the command and the tests themselves not counted. Left out are tests that
# send a million inputs or count work: they take long when every line is counted, and reach no line of their own.
COVERAGE_LEAVES_OUT = every_character all_characters_are colours_are csv_has html_has a_foreign_table other_readers_agree \
	twice_the_input a_window_holds no_command_opens
coverage: setup
	@cargo llvm-cov --version >/dev/null 2>&1 || cargo install --locked cargo-llvm-cov
	@rustup component add llvm-tools 2>/dev/null || true
	cargo llvm-cov --locked --lib --test '*' --fail-under-lines 92 \
		--ignore-filename-regex '/src/bin/|/tests/|/tests\.rs$$|/tools/|/examples/|/build\.rs$$' \
		-- $(addprefix --skip ,$(COVERAGE_LEAVES_OUT))

# Changes one place at a time and asks whether a test notices (.cargo/mutants.toml). All places take a day or two; a
# sample of them: make mutants SHARD=0/160. A change can make a loop endless, so memory is bounded.
mutants: setup
	@cargo mutants --version >/dev/null 2>&1 || cargo install --locked cargo-mutants
	@ulimit -v 12582912; CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER=cc CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=cc \
		cargo mutants --output target $(if $(SHARD),--shard $(SHARD) --sharding round-robin)

# Cost under attack: twelve hostile shapes and two ordinary ones, 1 MiB to 256 MiB (some minutes).
bench-hostile: setup
	cargo bench --locked --bench hostile

# Every fuzz target for so many seconds: make fuzz SECONDS=60. What they assert: fuzz/README.md.
SECONDS = 20
fuzz: setup
	@command -v c++ >/dev/null || { echo "missing: a C++ compiler, for libFuzzer" >&2; exit 1; }
	fuzz/run $(SECONDS)
