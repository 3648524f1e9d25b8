# Everything that a contributor runs. `make test` installs what the tests need where it can, and says what is
# missing where it cannot.

.PHONY: test lint setup

test: setup lint
	cargo test --locked

lint: setup
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps

setup:
	@command -v cargo >/dev/null || { echo "missing: cargo (install Rust 1.88 or later, https://rustup.rs)" >&2; exit 1; }
	@cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt || { echo "missing: rustfmt" >&2; exit 1; }
	@cargo clippy --version >/dev/null 2>&1 || rustup component add clippy || { echo "missing: clippy" >&2; exit 1; }
