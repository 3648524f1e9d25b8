//! Builds the module of the page: compiles `web/wasm`, generates its script, optimises and packs it.
//!
//! Written to `target/page`: `module.wasm`, `glue.js` (what calls it), `module.packed` (what the page embeds of it) and
//! `unpack.wasm` (what the page unpacks it with).

#![allow(clippy::disallowed_methods, reason = "a build reads files, runs programs and writes files")]

use lzma_rust2::{LzmaOptions, LzmaWriter};
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use unpack::{lanes, lzma};
use wasm_bindgen_cli_support::Bindgen;

/// Switches of the compiler that are not stable yet (those of Rust 1.95, which the Makefile asks for): a panic ends the
/// program at once, so that nothing has to be kept for its message, and nobody reads what `{:?}` would print.
const RUSTFLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none";

const TARGET: &str = "wasm32-unknown-unknown";

fn main() -> Result<(), Box<dyn Error>> {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("no folder above the build")?;
    let root = web.parent().ok_or("no folder above the page")?;
    let out = root.join("target/page");
    let compiled = compile(web, &out)?;
    let glued = out.join("bindgen");
    Bindgen::new()
        .input_path(compiled.join("tokentriage_wasm.wasm"))
        .bundler(true)?
        .typescript(false)
        .generate(&glued)?;
    std::fs::copy(glued.join("tokentriage_wasm_bg.js"), out.join("glue.js"))?;
    let module = optimise(web, &glued.join("tokentriage_wasm_bg.wasm"), &out.join("module.wasm"))?;
    let unpacker = optimise(web, &compiled.join("unpack.wasm"), &out.join("unpack.wasm"))?;
    let packed = pack(&module)?;
    println!("module: {} bytes, packed {}, and {} that unpack it", module.len(), packed.len(), unpacker.len());
    std::fs::write(out.join("module.packed"), packed)?;
    Ok(())
}

/// Packs with LZMA, its length stated at the beginning, for `web/unpack`; and looks whether that gets the module back.
fn pack(module: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut options = LzmaOptions::with_preset(9);
    options.nice_len = LzmaOptions::NICE_LEN_MAX;
    options.depth_limit = 1 << 10;
    // Code and text of WebAssembly are aligned to nothing.
    options.pb = 0;
    let apart = lanes::lay_apart(module);
    let mut writer = LzmaWriter::new_use_header(Vec::new(), &options, Some(apart.len().try_into()?))?;
    writer.write_all(&apart)?;
    let packed = writer.finish()?;
    let mut parts = vec![0; lzma::length(&packed)];
    lzma::decode(&packed, &mut parts);
    let mut unpacked = vec![0; lanes::length(&parts)];
    lanes::put_together(&parts, &mut unpacked);
    if unpacked == module { Ok(packed) } else { Err("what is packed is not what comes out of it".into()) }
}

/// Compiles the core, and what unpacks it, together with the standard library: as small as they can be, and without the
/// texts of panics. Gives the folder with the modules.
fn compile(web: &Path, out: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(web).args(["build", "--locked", "--profile", "page"]);
    cargo.args(["--package", "tokentriage-wasm", "--package", "tokentriage-unpack"]);
    cargo.args(["--target", TARGET, "-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
    cargo.arg("--target-dir").arg(out.join("cargo"));
    cargo.env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", RUSTFLAGS);
    // What somebody sets for a build of their own must not reach this one.
    for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_TARGET_DIR"] {
        cargo.env_remove(name);
    }
    run(&mut cargo)?;
    Ok(out.join("cargo").join(TARGET).join("page"))
}

/// Optimises with the wasm-opt of npm, and reads what came out: that of Debian breaks the output without a word.
fn optimise(web: &Path, from: &Path, to: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let program = web.join("node_modules/binaryen/bin/wasm-opt");
    let switches = ["-Oz", "--strip-producers", "--strip-target-features"];
    run(Command::new("node").arg(program).args(switches).arg(from).arg("-o").arg(to))?;
    Ok(std::fs::read(to)?)
}

fn run(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let status = command.status().map_err(|error| format!("{command:?}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?}: {status}").into()) }
}
