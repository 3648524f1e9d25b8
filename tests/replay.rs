//! Feeds the fuzz targets with their seeds and with every input that once broke one of them (`fuzz/README.md`).
#![allow(clippy::disallowed_methods, reason = "reads the inputs")]

#[path = "../fuzz/src/lib.rs"]
#[allow(unreachable_pub, reason = "a library of its own for the fuzzer")]
mod invariants;
mod mint;

use invariants::TARGETS;
use mint::case;
use mint::wrapping::HOLDERS;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, panic};

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The files of a folder below `fuzz`, by name.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

#[test]
fn seeds_and_saved_inputs_hold() {
    let mut failed = Vec::new();
    let mut fed = 0;
    for target in TARGETS {
        for folder in ["seeds", "crashes"] {
            for file in files(&fuzz().join(folder).join(target.name)) {
                let data = fs::read(&file).expect("a readable file");
                fed += 1;
                if panic::catch_unwind(|| (target.run)(&data)).is_err() {
                    failed.push(file.display().to_string());
                }
            }
        }
    }
    assert!(failed.is_empty(), "{} of {fed} inputs break an invariant:\n{}", failed.len(), failed.join("\n"));
    assert!(fed > TARGETS.len(), "the seeds are gone");
}

/// A target that is not built, or has nothing to begin with, looks as if it held.
#[test]
fn every_target_has_its_program_and_seeds() {
    let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
    assert!(names.is_sorted() && TARGETS.iter().all(|target| !target.about.is_empty()));
    #[derive(serde::Deserialize)]
    struct Manifest {
        bin: Vec<Program>,
    }
    #[derive(serde::Deserialize)]
    struct Program {
        name: String,
        path: String,
    }
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).expect("fuzz/Cargo.toml");
    let manifest: Manifest = toml::from_str(&manifest).expect("a manifest");
    let programs: Vec<_> = manifest.bin.iter().map(|program| program.name.as_str()).collect();
    assert_eq!(programs, names);
    let table = fs::read_to_string(fuzz().join("README.md")).expect("fuzz/README.md");
    for Program { name, path } in &manifest.bin {
        let source = fs::read_to_string(fuzz().join(path)).expect("the program of a target");
        assert!(source.contains(&format!("invariants::{name}(data)")), "{path} runs another target");
        assert!(!files(&fuzz().join("seeds").join(name)).is_empty(), "{name} has no seeds");
        assert!(table.contains(&format!("| `{name}` |")), "{name} is not in fuzz/README.md");
    }
    let of_targets: BTreeSet<_> = names.into_iter().collect();
    for folder in ["seeds", "crashes"] {
        for path in files(&fuzz().join(folder)) {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            assert!(of_targets.contains(name.as_str()), "fuzz/{folder}/{name} belongs to no target");
        }
    }
}

/// Tokens and wrappings of the corpus as seeds: made up, and always the same.
#[test]
#[ignore = "writes fuzz/seeds"]
fn write_seeds_of_the_corpus() {
    let write = |target: &str, name: &str, data: &[u8]| {
        let folder = fuzz().join("seeds").join(target);
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join(name), data).expect("a seed");
    };
    let bases = [
        "graph-delegated",
        "graph-app-only",
        "managed-identity",
        "v2-own-api",
        "id-token",
        "client-assertion",
        "github",
        "kubernetes",
        "b2c",
        "actor",
    ];
    for name in bases {
        let parts = mint::base(name, 1_772_359_200);
        let (header, claims) = (parts.header.to_json(), parts.claims.to_json());
        write("json", name, claims.as_bytes());
        write("claims", name, format!("{header}\0{claims}").as_bytes());
        write("compact", name, parts.compact().as_bytes());
        let other = mint::base("graph-delegated", 1_772_355_600);
        write("diff", name, format!("{}\0{}", parts.compact(), other.compact()).as_bytes());
    }
    let token = mint::base("client-assertion", 1_772_359_200).compact();
    for (name, hold) in HOLDERS {
        write("extract", name, hold(&token).as_bytes());
    }
    for name in [
        "refresh-token",
        "authorization-code",
        "old-refresh-token",
        "personal-refresh-token",
        "personal-code",
        "personal-ticket",
        "client-secret",
        "encrypted-token",
        "saml",
        "saml-base64",
    ] {
        write("extract", name, mint::opaque(name).expect("known").as_bytes());
    }
    for (name, hold) in HOLDERS {
        write("window", name, &[&[40, 60, 200, 90], hold(&token).as_bytes()].concat());
    }
    // Of each file of cases the shortest pastes.
    let mut cases = case::all();
    cases.sort_by_key(|case| (case.file.clone(), case.paste().len()));
    for file in cases.chunk_by(|one, other| one.file == other.file) {
        for case in file.iter().take(4) {
            write("paste", &case.name.replace(' ', "-"), &[case.told().as_bytes(), b"\0", &case.paste()].concat());
        }
    }
}
