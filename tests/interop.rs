//! Stock tools of other languages read our files, and refuse them when they were tampered with.
//!
//! Every case runs through every verifier of `examples/verify` and through the embedded one. `cargo xtask test --only
//! tools` installs what they need.

#[path = "interop/cases.rs"]
mod cases;
#[path = "interop/leases.rs"]
mod leases;
#[path = "interop/signers.rs"]
mod signers;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use cases::Outcome;
use leases::LeaseCase;
use signers::{Signer, signs_what_we_open};

const JSON: &str = "{\"creator\":5,\"viewer\":25}\n";
const LINES: &str = "creator 5\nviewer 25\n";
const LEASE_JSON: &str = concat!(
    r#"{"extensions":["spatial-analyst"],"level":"standard","member":"member-17","product":"arcgis-pro","#,
    r#""until":1799452800,"use":"offline"}"#,
    "\n"
);
const LEASE_LINES: &str =
    "member member-17\nproduct arcgis-pro\nlevel standard\nextension spatial-analyst\nuse offline\nuntil 1799452800\n";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A tool that `cargo xtask test` installs in the tree.
fn installed(path: &str) -> PathBuf {
    let tool = root().join(path);
    assert!(tool.exists(), "`{path}` is missing; `cargo xtask test --only tools` installs it");
    tool
}

/// A program of `examples`.
fn built(program: &str) -> PathBuf {
    let build = ["build", "--quiet", "--locked", "-p", "examples", "--bin", program];
    let built = Command::new(env!("CARGO")).args(build).current_dir(root()).stdin(Stdio::null()).status();
    assert!(built.expect("cargo runs").success(), "{program} does not build");
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("../debug").join(program)
}

/// Runs every case through one verifier; `counts` is what it prints of an untouched file.
fn answers_every_case(name: &str, program: &Path, before: &[&str], counts: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("interop-{name}"));
    let cases = cases::write_all(&folder);
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let mut command = Command::new(program);
            command.args(before).args([&case.file, &case.trust, &case.roots]).current_dir(root()).stdin(Stdio::null());
            let output = command.output().unwrap_or_else(|error| panic!("`{}`: {error}", program.display()));
            difference(case.name, &case.outcome, &output, counts)
        })
        .collect();
    assert!(cases.len() >= 12, "only {} cases", cases.len());
    assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
}

/// What is wrong with an answer, if anything.
fn difference(name: &str, outcome: &Outcome, output: &Output, genuine: &str) -> Option<String> {
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let right = match outcome {
        Outcome::Genuine => output.status.success() && said == genuine,
        Outcome::Refused(words) => {
            let complaint = complained.to_lowercase();
            let named = complaint.contains("refused: ") && words.iter().any(|word| complaint.contains(word));
            output.status.code() == Some(1) && said.is_empty() && named
        }
    };
    (!right).then(|| format!("  {name}: {}, printed `{}`, said `{}`", output.status, said.trim(), complained.trim()))
}

/// Runs every lease through one verifier; `grants` is what it prints of the golden one.
fn answers_every_lease(name: &str, program: &Path, before: &[&str], grants: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("interop-lease-{name}"));
    let answer = |case: &LeaseCase| {
        let mut command = Command::new(program);
        command.args(before).args(&case.files).args([case.device, case.instant]).current_dir(root());
        let output = command.stdin(Stdio::null()).output();
        let output = output.unwrap_or_else(|error| panic!("`{}`: {error}", program.display()));
        difference(case.name, &case.outcome, &output, grants)
    };
    let wrong: Vec<String> = leases::write_all(&folder).iter().filter_map(answer).collect();
    assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
}

#[test]
fn pyjwt_walks_to_a_lease_and_refuses_what_was_changed_on_the_way() {
    let python = installed(".tools/python/bin/python");
    answers_every_lease("pyjwt", &python, &["-B", "examples/verify/python/lease.py"], LEASE_JSON);
}

#[test]
fn jose_on_node_walks_to_a_lease_and_refuses_what_was_changed_on_the_way() {
    installed("examples/verify/node/node_modules/jose");
    answers_every_lease("jose", Path::new("node"), &["examples/verify/node/lease.mjs"], LEASE_JSON);
}

#[test]
fn the_embedded_verifier_walks_to_a_lease_and_refuses_what_was_changed_on_the_way() {
    answers_every_lease("verify-lease", &built("verify-lease"), &[], LEASE_LINES);
}

#[test]
fn openssl_alone_reads_our_files_and_refuses_tampered_ones() {
    answers_every_case("openssl", Path::new("sh"), &["examples/verify/verify.sh"], JSON);
}

#[test]
fn pyjwt_reads_our_files_and_refuses_tampered_ones() {
    let python = installed(".tools/python/bin/python");
    answers_every_case("pyjwt", &python, &["-B", "examples/verify/python/verify_pyjwt.py"], JSON);
}

#[test]
fn joserfc_reads_our_files_and_refuses_tampered_ones() {
    let python = installed(".tools/python/bin/python");
    answers_every_case("joserfc", &python, &["-B", "examples/verify/python/verify_joserfc.py"], JSON);
}

#[test]
fn jwcrypto_reads_our_files_and_refuses_tampered_ones() {
    let python = installed(".tools/python/bin/python");
    answers_every_case("jwcrypto", &python, &["-B", "examples/verify/python/verify_jwcrypto.py"], JSON);
}

#[test]
fn jose_on_node_reads_our_files_and_refuses_tampered_ones() {
    installed("examples/verify/node/node_modules/jose");
    answers_every_case("jose", Path::new("node"), &["examples/verify/node/verify.mjs"], JSON);
}

#[test]
fn the_embedded_verifier_reads_our_files_and_refuses_tampered_ones() {
    answers_every_case("verify-offline", &built("verify-offline"), &[], LINES);
}

#[test]
fn what_openssl_signs_opens_here() {
    signs_what_we_open(&Signer {
        name: "openssl",
        program: Path::new("sh"),
        before: &["tests/interop/signers/openssl.sh"],
        header: r#"{"alg":"EdDSA","typ":"TYP","kid":"KID"}"#,
    });
}

#[test]
fn what_pyjwt_signs_opens_here() {
    signs_what_we_open(&Signer {
        name: "pyjwt",
        program: &installed(".tools/python/bin/python"),
        before: &["-B", "tests/interop/signers/pyjwt.py"],
        header: r#"{"alg":"EdDSA","kid":"KID","typ":"TYP"}"#,
    });
}

#[test]
fn what_joserfc_signs_opens_here() {
    signs_what_we_open(&Signer {
        name: "joserfc",
        program: &installed(".tools/python/bin/python"),
        before: &["-B", "tests/interop/signers/joserfc_flattened.py"],
        header: r#"{"typ":"TYP","kid":"KID","alg":"EdDSA"}"#,
    });
}

#[test]
fn what_jwcrypto_signs_opens_here() {
    signs_what_we_open(&Signer {
        name: "jwcrypto",
        program: &installed(".tools/python/bin/python"),
        before: &["-B", "tests/interop/signers/jwcrypto_flattened.py"],
        header: "{\n \"kid\": \"KID\",\n \"alg\": \"EdDSA\",\n \"typ\": \"TYP\"\n}",
    });
}

#[test]
fn what_jose_on_node_signs_opens_here() {
    installed("examples/verify/node/node_modules/jose");
    signs_what_we_open(&Signer {
        name: "jose",
        program: Path::new("node"),
        before: &["tests/interop/signers/jose.mjs"],
        header: r#"{"typ":"TYP","alg":"EdDSA","kid":"KID"}"#,
    });
}
