//! What stock tools sign with a key that is trusted opens, whatever order their headers have.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use entitlement::{CatalogDigest, LeaseError};
use serde_json::{Value, json};
use tests::desk::{Said, Subject, subjects};
use tests::make_vectors::samples;

/// The kinds that a vendor with tools of his own would sign, and the portal's, which any program may have.
const FILES: [&str; 5] = [
    "a trust list",
    "an entitlement with every member",
    "a catalog",
    "an activation request",
    "a lease on its computer",
];

/// A tool as it is called, before the key, its name, the kind and the payload.
pub struct Signer<'a> {
    pub name: &'a str,
    pub program: &'a Path,
    pub before: &'a [&'a str],
    /// Members of the header in the order in which the tool writes them.
    pub header: &'a str,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A secret key in PEM (RFC 8410, 7) of the first version, which every tool reads: sixteen fixed bytes before the seed.
fn key_file(seed: &[u8; 32]) -> String {
    let mut der = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec();
    der.extend_from_slice(seed);
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der))
}

/// Signs the payload of a file. A JWS in compact form becomes the object that a file is.
fn signed(signer: &Signer<'_>, folder: &Path, subject: &Subject) -> Value {
    let (pem, payload) = (folder.join("signer.txt"), folder.join("payload.json"));
    std::fs::write(&pem, key_file(&subject.key.seed)).expect("a key file");
    std::fs::write(&payload, subject.payload.compact()).expect("a payload");
    let mut command = Command::new(signer.program);
    command.args(signer.before).arg(&pem).args([&subject.key.kid, subject.kind.typ()]).arg(&payload);
    let output = command.current_dir(root()).stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("`{}`: {error}", signer.program.display()));
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(output.status.success(), "{}: {}", signer.name, String::from_utf8_lossy(&output.stderr));
    match said.trim().split('.').collect::<Vec<_>>()[..] {
        [protected, payload, signature] => {
            json!({"payload": payload, "protected": protected, "signature": signature})
        }
        _ => serde_json::from_str(&said).expect("a flattened JWS"),
    }
}

fn code(answer: Result<Said, LeaseError>) -> &'static str {
    answer.map_or_else(|error| error.code(), |_| "opened")
}

/// Every file of the tool opens and says what was to be said; with one bit of any of its three parts turned it does not.
pub fn signs_what_we_open(signer: &Signer<'_>) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("interop-signed-{}", signer.name));
    std::fs::create_dir_all(&folder).expect("a folder");
    let subjects: Vec<Subject> = subjects().into_iter().filter(|subject| FILES.contains(&subject.name)).collect();
    assert_eq!(subjects.len(), FILES.len());
    for subject in &subjects {
        let file = signed(signer, &folder, subject);
        let place = format!("{} of {}", subject.name, signer.name);
        let header = crate::cases::decoded(&file["protected"]);
        let wanted = signer.header.replace("KID", &subject.key.kid).replace("TYP", subject.kind.typ());
        assert_eq!(String::from_utf8_lossy(&header), wanted, "{place}");
        let answer = subject.open(file.to_string().as_bytes());
        assert_eq!(answer.as_ref(), Ok(&subject.said()), "{place}");
        if let Ok(Said::Catalog(bytes)) = &answer {
            assert_eq!(CatalogDigest::of(bytes), CatalogDigest::of(samples::CATALOG.as_bytes()));
        }
        for (member, at) in [("payload", 10), ("signature", 0), ("signature", 40)] {
            let mut tampered = file.clone();
            tampered[member] = crate::cases::flipped(&tampered[member], at);
            let refused = code(subject.open(tampered.to_string().as_bytes()));
            // A request brings its own key, so that its payload is read first.
            let early = subject.name == "an activation request" && member == "payload";
            assert!(refused == "license-signature" || early && refused != "opened", "{place}: {member}: {refused}");
        }
    }
}
