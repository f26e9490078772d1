//! Compiles the trusted roots in: those that `SEATWARDEN_TRUST_ROOTS` names, or the public demonstration root.
//!
//! A build with the variable holds no demonstration root and no demonstration trust list, so no setting can bring one back.

use std::path::{Path, PathBuf};
use std::{env, fs, process};

fn main() {
    println_cargo("rerun-if-env-changed=SEATWARDEN_TRUST_ROOTS");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let (roots, demo) = match env::var_os("SEATWARDEN_TRUST_ROOTS") {
        Some(named) => (vendors(&here.join("../.."), &PathBuf::from(named)), "None".to_owned()),
        None => demonstration(&here.join("../../keys")),
    };
    write(&out.join("roots.json"), &roots);
    let code = format!(
        "/// The trusted roots, as a JWK Set.\nconst ROOTS: &[u8] = include_bytes!(concat!(env!(\"OUT_DIR\"), \"/roots.json\"));\n\
         /// The trust list of the demonstration, in a demonstration build only.\nconst DEMO_TRUST: Option<&[u8]> = {demo};\n"
    );
    write(&out.join("built_in.rs"), &code);
}

/// The vendor's roots. The public root of the demonstration among them would let anybody sign.
fn vendors(home: &Path, named: &Path) -> String {
    let path = home.join(named);
    let (set, demo) = (read(&path), read(&home.join("keys/demo-root.root.jwk")));
    let public = demo.split("\"x\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    if public.is_empty() || set.contains(public) {
        fail(&path, &std::io::Error::other("the public root of the demonstration is among them"));
    }
    set
}

/// The root of `keys/` as a set of one, and the trust list beside it.
fn demonstration(keys: &Path) -> (String, String) {
    let jwk = read(&keys.join("demo-root.root.jwk"));
    let trust = keys.join("demo.trust.json");
    println_cargo(&format!("rerun-if-changed={}", trust.display()));
    (format!("{{\"keys\":[{}]}}\n", jwk.trim()), format!("Some(include_bytes!({:?}))", trust))
}

fn read(path: &Path) -> String {
    println_cargo(&format!("rerun-if-changed={}", path.display()));
    fs::read_to_string(path).unwrap_or_else(|error| fail(path, &error))
}

fn write(path: &Path, text: &str) {
    if let Err(error) = fs::write(path, text) {
        fail(path, &error);
    }
}

fn println_cargo(line: &str) {
    println!("cargo:{line}");
}

#[expect(clippy::print_stderr, reason = "the build ends here, and must say why")]
fn fail(path: &Path, error: &std::io::Error) -> ! {
    eprintln!("the trusted roots cannot be compiled in: {}: {error}", path.display());
    process::exit(1)
}
