//! A lease of a running, bound portal, taken over HTTP and verified in Rust, Python and Node by the programs of `examples`:
//! from the root over the trust list and the license to the lease, and each verifier refuses a change of each link, of the
//! term and of the computer.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entitlement::{Moment, Roots, SecretKey};
use serde_json::{Value, json};

use crate::house::{House, built, told};
use crate::http::Client;
use crate::product_line::{self, STANDARD};
use crate::vendor::{self, Vendor, at, flipped, own_key};

const DEVICE: &str = "pc-0001";

/// What a verifier is given.
#[derive(Clone)]
struct Walk {
    lease: String,
    license: String,
    trust: String,
    roots: String,
    device: &'static str,
    instant: Moment,
}

/// Takes a lease as a computer does, over HTTP; with what vouches for it, at the last second of its term.
fn taken(bo: &Client) -> (Walk, Value) {
    let key = URL_SAFE_NO_PAD.encode(SecretKey::self_named(&[7; 32]).public().as_bytes());
    let computer = json!({"device_id": DEVICE, "computer": "LAPTOP", "device_key": key});
    let made = bo.post("/api/v1/products/arcgis-pro/checkouts", &computer).expect("an answer");
    assert_eq!(made.status, 201, "{}", made.body);
    let until = at(made.body["until"].as_str().expect("an end"));
    let lease = made.body["lease"].as_str().expect("a lease").to_owned();
    let says = entitlement::peek_kind(lease.as_bytes()).expect("a lease").payload_text;
    let says: Value = serde_json::from_str(&says).expect("a payload");
    let files = bo.get(&format!("/api/v1/lease-files/{}", says["license"].as_str().expect("a license")));
    let files = files.expect("an answer").body;
    let text = |name: &str| files[name].as_str().expect("a file").to_owned();
    let roots = Vendor::demonstration().roots().to_jwk_set();
    let (license, trust) = (text("license"), text("trust"));
    (Walk { lease, license, trust, roots, device: DEVICE, instant: until.plus_seconds(-1) }, says)
}

/// A way to verify.
struct Verifier {
    name: &'static str,
    program: PathBuf,
    script: &'static [&'static str],
}

fn verifiers() -> [Verifier; 3] {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let installed = |path: &str| {
        let tool = root.join(path);
        assert!(tool.exists(), "`{path}` is missing; `cargo xtask test --only tools` installs it");
        tool
    };
    let python = installed(".tools/python/bin/python");
    installed("examples/verify/node/node_modules/jose");
    [
        Verifier { name: "rust", program: built("verify-lease"), script: &[] },
        Verifier { name: "python", program: python, script: &["-B", "examples/verify/python/lease.py"] },
        Verifier { name: "node", program: "node".into(), script: &["examples/verify/node/lease.mjs"] },
    ]
}

impl Verifier {
    /// What it says: whether it believes, and the whole of what it prints.
    fn says(&self, house: &House, walk: &Walk) -> (bool, String) {
        let file = |name: &str, text: &str| house.write(&format!("{}-{name}.json", self.name), text.as_bytes());
        let mut command = Command::new(&self.program);
        command.args(self.script).arg(file("lease", &walk.lease)).arg(file("license", &walk.license));
        command.arg(file("trust", &walk.trust)).arg(file("roots", &walk.roots));
        command.args([walk.device, &walk.instant.to_string()]);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let output = command.current_dir(folder).stdin(Stdio::null()).output().expect("the verifier runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
        match output.status.code() {
            Some(0) => (true, text(&output.stdout)),
            Some(1) if output.stdout.is_empty() => (false, text(&output.stderr)),
            code => panic!("{} ended with {code:?}: {}", self.name, text(&output.stderr)),
        }
    }
}

/// One change and what rust, python and node say of it.
type Change = (&'static str, Walk, [String; 3]);

fn changes(genuine: &Walk, until: Moment) -> Vec<Change> {
    let with = |edit: &dyn Fn(&mut Walk)| {
        let mut walk = genuine.clone();
        edit(&mut walk);
        walk
    };
    let all = |rust: String, python: &str, node: &str| {
        [rust, python.to_owned(), node.to_owned()].map(|said| format!("refused: {said}"))
    };
    let broken = |kid: &str| {
        let rust = format!("the signed part is not what the key `{kid}` signed, or another key of that name signed it");
        all(
            rust,
            "InvalidSignatureError: Signature verification failed",
            "ERR_JWS_SIGNATURE_VERIFICATION_FAILED: signature verification failed",
        )
    };
    let portal = || {
        let protected: Value = serde_json::from_str(&genuine.lease).expect("an envelope");
        let header = URL_SAFE_NO_PAD.decode(protected["protected"].as_str().expect("a header")).expect("base64url");
        let header: Value = serde_json::from_slice(&header).expect("JSON");
        header["kid"].as_str().expect("a key id").to_owned()
    };
    let impostor = Roots::new(vec![own_key("demo-root", 9).public()]).expect("a root set").to_jwk_set();
    vec![
        ("another root of that name", with(&|walk| walk.roots.clone_from(&impostor)), broken("demo-root")),
        ("the trust list", with(&|walk| walk.trust = flipped(&walk.trust, "payload", 40)), broken("demo-root")),
        ("the license", with(&|walk| walk.license = flipped(&walk.license, "payload", 40)), broken("demo")),
        ("the lease", with(&|walk| walk.lease = flipped(&walk.lease, "payload", 40)), broken(&portal())),
        (
            "the term",
            with(&|walk| walk.instant = until),
            all(
                format!("the lease is genuine and ended at {until}"),
                "the lease has ended",
                "ERR_JWT_EXPIRED: \"exp\" claim timestamp check failed",
            ),
        ),
        (
            "the computer",
            with(&|walk| walk.device = "pc-0002"),
            all(
                "the lease is for the computer \"pc-0001\", and this is \"pc-0002\"".to_owned(),
                "the lease is for the computer `pc-0001`, and this is `pc-0002`",
                "Error: the lease is for the computer `pc-0001`, and this is `pc-0002`",
            ),
        ),
    ]
}

#[test]
fn a_lease_of_a_running_portal_verifies_in_three_languages_and_six_changes_are_refused_in_each() {
    let (house, _) = product_line::house("lease-walk");
    told(&house.run(&["add-on", "assign", STANDARD, "bo", "--with", "arcgis-pro-extension"]));
    let serving = house.serve();
    let (genuine, says) = taken(&product_line::signed_in(&house, &serving, "bo"));
    // From here on without a portal.
    drop(serving);
    let (member, until) = (says["sub"].as_str().expect("a member"), genuine.instant.plus_seconds(1));
    let rust = format!(
        "member {member}\nproduct arcgis-pro\nlevel standard\nextension arcgis-pro-extension\nuse offline\nuntil {}",
        until.unix()
    );
    let others = format!(
        r#"{{"extensions":["arcgis-pro-extension"],"level":"standard","member":"{member}","product":"arcgis-pro","until":{},"use":"offline"}}"#,
        until.unix()
    );
    let granted = [rust, others.clone(), others];
    let changes = changes(&genuine, until);
    let mut wrong = Vec::new();
    for (number, verifier) in verifiers().iter().enumerate() {
        for instant in [vendor::now(), genuine.instant] {
            let said = verifier.says(&house, &Walk { instant, ..genuine.clone() });
            if said != (true, granted[number].clone()) {
                wrong.push(format!("{}, untouched at {instant}: {said:?}", verifier.name));
            }
        }
        for (what, walk, refusals) in &changes {
            let said = verifier.says(&house, walk);
            if said != (false, refusals[number].clone()) {
                wrong.push(format!("{}, {what}: {said:?}", verifier.name));
            }
        }
    }
    assert_eq!(changes.len(), 6);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
