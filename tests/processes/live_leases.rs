//! A lease from a running, bound portal: the stock tools of three languages walk from the root to it, each alone, and
//! refuse it when any link, the term or the computer is another one.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use client::{Device, DeviceKey, OfflineFiles, Portal};
use entitlement::{Label, Name, Roots, SecretKey};

use crate::house::House;
use crate::product_line::{self, PASSWORD, STANDARD, told};
use crate::vendor::{Vendor, flipped};

/// A verifier of `examples`, as it is started.
struct Verifier {
    name: &'static str,
    program: PathBuf,
    script: Option<&'static str>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The three of them. `cargo xtask test --only tools` installs what they need.
fn verifiers() -> [Verifier; 3] {
    let python = root().join(".tools/python/bin/python");
    let jose = root().join("examples/verify/node/node_modules/jose");
    for tool in [&python, &jose] {
        assert!(tool.exists(), "`{}` is missing; `cargo xtask test --only tools` installs it", tool.display());
    }
    let build = ["build", "--quiet", "--locked", "-p", "examples", "--bin", "verify-lease"];
    let built = Command::new(env!("CARGO")).args(build).current_dir(root()).stdin(Stdio::null()).status();
    assert!(built.expect("cargo runs").success(), "verify-lease does not build");
    let rust = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../debug/verify-lease");
    [
        Verifier { name: "Rust", program: rust, script: None },
        Verifier { name: "Python", program: python, script: Some("examples/verify/python/lease.py") },
        Verifier { name: "Node", program: "node".into(), script: Some("examples/verify/node/lease.mjs") },
    ]
}

/// What a verifier is given: the texts of lease, license, trust list and roots, the computer and the instant.
#[derive(Clone)]
struct Given {
    files: [String; 4],
    device: String,
    instant: String,
}

const LEASE: usize = 0;
const LICENSE: usize = 1;
const TRUST: usize = 2;
const ROOTS: usize = 3;

impl Given {
    fn with(&self, link: usize, text: String) -> Self {
        let mut changed = self.clone();
        changed.files[link] = text;
        changed
    }
}

impl Verifier {
    fn asked(&self, folder: &Path, given: &Given) -> Output {
        let mut command = Command::new(&self.program);
        command.args(self.script).current_dir(root()).stdin(Stdio::null());
        for (name, text) in ["lease", "license", "trust", "roots"].iter().zip(&given.files) {
            let file = folder.join(format!("{name}.json"));
            std::fs::write(&file, text).expect("a file");
            command.arg(file);
        }
        let output = command.arg(&given.device).arg(&given.instant).output();
        output.unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }
}

/// Bo takes Pro offline over the network, by the client that products use; what the computer keeps.
fn taken_offline(house: &House) -> (OfflineFiles, entitlement::Moment, String) {
    told(&house.run(&["add-on", "assign", STANDARD, "bo", "--with", "arcgis-pro-extension"]));
    let serving = house.serve();
    product_line::signed_in(house, &serving, "bo");
    let bo = Portal::at(&serving.address).expect("an address").sign_in("bo", PASSWORD).expect("bo is let in");
    let key = DeviceKey::generate().expect("a key");
    let device = Device::new(Label::parse("pc-0001").expect("an id"), Name::parse("Field").expect("a name"), key);
    let checkout = bo.check_out(&"arcgis-pro".parse().expect("an id"), &device).expect("a lease");
    (bo.files_of(&checkout.lease).expect("the files beside it"), checkout.until, bo.member().to_owned())
}

#[test]
fn three_languages_walk_to_a_lease_of_a_running_portal_and_refuse_each_of_six_changes() {
    let (house, _) = product_line::house("live-leases");
    let (kept, until, bo) = taken_offline(&house);
    let vendor = Vendor::demonstration();
    let impostor = SecretKey::from_seed(vendor.root.kid().clone(), &[9; 32]);
    let other_root = Roots::new(vec![impostor.public()]).expect("a root set").to_jwk_set();
    let given = Given {
        files: [kept.lease, kept.license, kept.trust, vendor.roots().to_jwk_set()],
        device: "pc-0001".to_owned(),
        instant: until.plus_seconds(-1).to_string(),
    };
    let changed = |link: usize| given.with(link, flipped(&given.files[link], "payload", 40));
    let signature = ["signature", "is not what the key"].as_slice();
    let six = [
        ("another root of that name", given.with(ROOTS, other_root), signature),
        ("a bit of the trust list", changed(TRUST), signature),
        ("a bit of the license", changed(LICENSE), signature),
        ("a bit of the lease", changed(LEASE), signature),
        ("its end", Given { instant: until.to_string(), ..given.clone() }, ["ended", "\"exp\""].as_slice()),
        ("another computer", Given { device: "pc-0002".to_owned(), ..given.clone() }, &["is for the computer"]),
    ];
    for verifier in verifiers() {
        let genuine = verifier.asked(&house.folder, &given);
        let said = String::from_utf8_lossy(&genuine.stdout).into_owned();
        assert!(genuine.status.success(), "{}: {}", verifier.name, String::from_utf8_lossy(&genuine.stderr));
        for word in [bo.as_str(), "arcgis-pro", "standard", "arcgis-pro-extension", "offline"] {
            assert!(said.contains(word), "{}: no `{word}` in `{said}`", verifier.name);
        }
        assert!(said.contains(&until.unix().to_string()), "{}: {said}", verifier.name);
        for (what, given, words) in &six {
            let refused = verifier.asked(&house.folder, given);
            let complaint = String::from_utf8_lossy(&refused.stderr).to_lowercase();
            let is_named = complaint.contains("refused: ") && words.iter().any(|word| complaint.contains(word));
            let is_silent = refused.stdout.is_empty() && refused.status.code() == Some(1);
            assert!(is_named && is_silent, "{} on {what}: {} `{complaint}`", verifier.name, refused.status);
        }
    }
}
