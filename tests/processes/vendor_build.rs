//! What a vendor builds: his own roots, nothing of the demonstration, and a way on when a root is lost.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::json;

use crate::builds::{Build, jwk_set};
use crate::house::{House, ending, program, said};
use crate::installed::rows;
use crate::vendor::{self, Vendor, draft};

const SEATS: &[(&str, u32)] = &[("viewer", 3), ("creator", 2)];
/// More of them, in the file that follows.
const MORE: &[(&str, u32)] = &[("viewer", 4), ("creator", 2)];

fn ended(code: i32, name: &str) -> (Option<i32>, String) {
    (Some(code), name.to_owned())
}

/// An empty folder under the build of these vendors' roots.
fn house_of(name: &str, vendors: &[&Vendor]) -> House {
    let house = House::empty(name);
    let roots: Vec<_> = vendors.iter().map(|vendor| &vendor.root).collect();
    let build = Build::of_roots(&house.folder, "roots", &roots);
    house.under(build)
}

/// A list of that version in which the key of `signer` counts, signed by the root of `vendor`.
fn list(vendor: &Vendor, signer: &Vendor, version: u32) -> String {
    vendor.trust(|list| {
        list.version = version;
        list.keys = vec![vendor::trusted(&signer.demo, "2020-01-01T00:00:00Z", "2100-01-01T00:00:00Z")];
    })
}

/// Imports a license with a trust list beside it.
fn import(house: &House, license: &str, trust: &str) -> Output {
    let (license, trust) =
        (house.write("next.json", license.as_bytes()), house.write("next-trust.json", trust.as_bytes()));
    house.run(&["license", "import", &license, "--trust", &trust])
}

fn assert_success(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}", said(output));
}

/// The viewers that the file in force gives.
fn viewers(house: &House) -> serde_json::Value {
    let shown = house.run(&["license", "show", "--json"]);
    let facts: serde_json::Value = serde_json::from_str(&String::from_utf8_lossy(&shown.stdout)).expect("facts");
    facts["user_types"]["viewer"].clone()
}

#[test]
fn a_vendors_build_refuses_to_be_a_demonstration() {
    let acme = Vendor::own("acme", 61);
    let house = house_of("vendor-demo", &[&acme]);
    let request = house.folder.join("request.json").display().to_string();
    for verb in [&["request", "--out", &request][..], &["serve", "--listen", "127.0.0.1:0"]] {
        assert_eq!(ending(&house.run(&[verb, &["--demo"]].concat())), ended(3, "not-a-demo-build"), "{verb:?}");
    }
    let trust = house.write("trust.json", acme.trust(|_| ()).as_bytes());
    let license = acme.license(&draft(1, SEATS));
    let activated = house.activation(&license, &["--trust", &trust, "--demo"]);
    assert_eq!(ending(&activated), ended(3, "not-a-demo-build"));
    assert!(!house.data().exists() && !Path::new(&request).exists());

    assert_success(&house.activation(&license, &["--trust", &trust]));
    assert_eq!(ending(&house.run(&["serve", "--listen", "127.0.0.1:0", "--demo"])), ended(3, "not-a-demo-build"));
    assert_eq!(house.serve().admin().get("/api/v1/status").expect("an answer").body["compliant"], json!(true));
}

#[test]
fn data_goes_from_no_build_to_one_of_other_roots() {
    let acme = Vendor::own("acme", 61);
    let ours = house_of("vendor-data", &[&acme]);
    let trust = ours.write("trust.json", acme.trust(|_| ()).as_bytes());
    ours.activate(&acme.license(&draft(1, SEATS)), Path::new(&trust));
    let demo = House::activated("vendor-demo-data", SEATS);
    let build = ours.build.clone();
    for house in [ours.under(Build::demonstration()), demo.under(build)] {
        let database = house.data().join(store::FILE);
        let before = fs::read(&database).expect("the database");
        let serve = [&["serve", "--listen", "127.0.0.1:0"], house.build.consent()].concat();
        let request = house.folder.join("foreign-request.json").display().to_string();
        let request = [&["request", "--out", &request], house.build.consent()].concat();
        let license = house.folder.join("license.json").display().to_string();
        let verbs: [&[&str]; 7] = [
            &serve,
            &request,
            &["status"],
            &["member", "list"],
            &["license", "show"],
            &["license", "import", &license],
            &["admin", "reset-password", "admin"],
        ];
        for verb in verbs {
            assert_eq!(ending(&house.run(verb)), ended(3, "data-foreign"), "{verb:?}");
        }
        assert_eq!(fs::read(&database).expect("the database"), before, "the data was touched");
    }
}

#[test]
fn the_first_activation_of_a_vendors_build_needs_his_trust_list() {
    let acme = Vendor::own("acme", 61);
    let house = house_of("vendor-first", &[&acme]);
    let license = acme.license(&draft(1, SEATS));
    assert_eq!(ending(&house.activation(&license, &[])), ended(3, "trust-list-missing"));

    // The demonstration's list, a stranger's, and one of a stranger who calls his root as the vendor does.
    let imposter = Vendor { root: vendor::own_key("acme", 99), demo: vendor::own_key("acme-signs", 161) };
    let own_list = fs::read_to_string(vendor::keys().join("demo.trust.json")).expect("a list");
    let foreign = [
        (own_list, ended(11, "license-key-unknown")),
        (list(&Vendor::demonstration(), &acme, 1), ended(11, "license-key-unknown")),
        (list(&Vendor::own("stranger", 62), &acme, 1), ended(11, "license-key-unknown")),
        (list(&imposter, &acme, 1), ended(10, "license-signature")),
    ];
    for (text, expected) in foreign {
        let trust = house.write("trust.json", text.as_bytes());
        assert_eq!(ending(&house.activation(&license, &["--trust", &trust])), expected);
        assert!(!house.data().exists(), "a refused activation left data");
    }
    // The vendor's list does not make the demonstration's licenses good.
    let trust = house.write("trust.json", acme.trust(|_| ()).as_bytes());
    let of_demo = Vendor::demonstration().license(&draft(1, SEATS));
    assert_eq!(ending(&house.activation(&of_demo, &["--trust", &trust])), ended(11, "license-key-unknown"));
    assert_success(&house.activation(&license, &["--trust", &trust]));
    assert_eq!(viewers(&house), json!(3));
}

#[test]
fn either_of_two_roots_signs_a_list() {
    let (first, second) = (Vendor::own("first", 61), Vendor::own("second", 62));
    for (name, by) in [("vendor-either-first", &first), ("vendor-either-second", &second)] {
        let house = house_of(name, &[&first, &second]);
        let trust = house.write("trust.json", list(by, &first, 1).as_bytes());
        assert_success(&house.activation(&first.license(&draft(1, SEATS)), &["--trust", &trust]));
        assert_eq!(viewers(&house), json!(3));
    }
}

#[test]
fn when_a_root_is_lost_the_other_signs_the_next_list_for_the_same_build() {
    let (lost, kept) = (Vendor::own("lost", 61), Vendor::own("kept", 62));
    let house = house_of("vendor-lost", &[&lost, &kept]);
    let trust = house.write("trust.json", list(&lost, &lost, 1).as_bytes());
    house.activate(&lost.license(&draft(1, SEATS)), Path::new(&trust));

    // The second list names a new signing key and revokes the old one, which was lost together with the root.
    let second = kept.trust(|list| {
        list.keys.push(vendor::trusted(&lost.demo, "2020-01-01T00:00:00Z", "2100-01-01T00:00:00Z"));
        list.revoked_keys.insert(lost.demo.kid().clone(), vendor::at("2024-06-01T00:00:00Z"));
    });
    assert_success(&import(&house, &kept.license(&draft(2, MORE)), &second));
    assert_eq!(viewers(&house), json!(4));

    // Whoever found the lost keys signs with them: no file of the revoked key, and no older list brings it back.
    let before = rows(&house);
    let thief = lost.license(&draft(3, &[("viewer", 900), ("creator", 900)]));
    let file = house.write("thief.json", thief.as_bytes());
    assert_eq!(ending(&house.run(&["license", "import", &file])), ended(11, "license-key-revoked"));
    assert_eq!(ending(&import(&house, &thief, &list(&lost, &lost, 1))), ended(14, "trust-list-older"));
    let strangers = Vendor::own("stranger", 63);
    assert_eq!(ending(&import(&house, &thief, &list(&strangers, &lost, 3))), ended(11, "license-key-unknown"));
    assert_eq!(rows(&house), before);
}

#[test]
fn a_build_with_roots_that_are_none_serves_nobody() {
    let weak =
        r#"{"keys":[{"crv":"Ed25519","kid":"weak","kty":"OKP","x":"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}"#;
    for (name, set) in [("empty", ""), ("none", r#"{"keys":[]}"#), ("weak", weak), ("an array", "[]")] {
        let house = house_of("vendor-no-roots", &[&Vendor::own("acme", 61)]);
        house.write("roots.jwks", set.as_bytes());
        for verb in [&["serve", "--listen", "127.0.0.1:0"][..], &["request", "--out", "never.json"]] {
            assert_eq!(ending(&house.run(verb)), ended(1, "internal"), "{name}: {verb:?}");
        }
        assert!(!house.data().join(store::FILE).exists(), "{name}: data was made");
    }
}

/// What a compiler or a build script said, when it went well.
fn done(command: &mut Command) -> String {
    let output = command.output().expect("it runs");
    assert!(output.status.success(), "{command:?}\n{}", said(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The compiler beside the cargo of this test.
fn rustc() -> Command {
    let mut rustc = Command::new(Path::new(env!("CARGO")).with_file_name("rustc"));
    rustc.args(["--edition", "2024", "--cap-lints", "allow"]);
    rustc
}

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/portal").join(name)
}

/// The build script of the portal, ready to be run for these roots.
fn build_script(folder: &Path, roots: &Path) -> Command {
    let script = folder.join("build-script");
    if !script.exists() {
        done(rustc().arg(source("build.rs")).arg("-o").arg(&script));
    }
    let mut command = Command::new(script);
    command.env("OUT_DIR", folder).env("CARGO_MANIFEST_DIR", source("")).env("SEATWARDEN_TRUST_ROOTS", roots);
    command
}

/// The portal's own build script and `main.rs`, compiled for these roots and linked with the library that is built already:
/// what `cargo build` does with the variable set, without all the crates below a second time.
fn compiled(folder: &Path, roots: &Path) -> PathBuf {
    let said = done(&mut build_script(folder, roots));
    assert!(said.contains("cargo:rerun-if-env-changed=SEATWARDEN_TRUST_ROOTS\n"), "{said}");
    assert!(said.contains(&format!("cargo:rerun-if-changed={}\n", roots.display())), "{said}");
    let (target, binary) = (program().parent().expect("a target folder"), folder.join("seatwarden-portal"));
    let mut rustc = rustc();
    rustc.arg(source("src/main.rs")).args(["--crate-name", "seatwarden_portal"]);
    rustc.arg("--extern").arg(format!("portal={}", target.join("libportal.rlib").display()));
    rustc.arg("-L").arg(format!("dependency={}", target.join("deps").display()));
    if target.ends_with("release") {
        // Its libraries hold what the last step of that profile reads.
        rustc.args(["-C", "lto=thin"]);
    }
    done(rustc.arg("-o").arg(&binary).env("OUT_DIR", folder));
    binary
}

fn holds(program: &Path, text: &str) -> bool {
    fs::read(program).expect("a program").windows(text.len()).any(|bytes| bytes == text.as_bytes())
}

#[test]
fn the_portal_compiled_for_a_vendor_trusts_his_roots_and_holds_nothing_of_the_demonstration() {
    let (first, second) = (Vendor::own("first", 61), Vendor::own("second", 62));
    let house = House::empty("vendor-compiled");
    let roots = house.write("acme.jwks", jwk_set(&[&first.root, &second.root]).as_bytes());
    let binary = compiled(&house.folder, Path::new(&roots));
    let jwk = |name: &str| -> serde_json::Value {
        serde_json::from_slice(&fs::read(vendor::keys().join(name)).expect("a key")).expect("a JWK")
    };
    let list = fs::read_to_string(vendor::keys().join("demo.trust.json")).expect("a list");
    let list: serde_json::Value = serde_json::from_str(&list).expect("a list");
    for text in [&jwk("demo-root.root.jwk")["x"], &list["payload"], &list["signature"]] {
        let text = text.as_str().expect("a text");
        assert!(holds(program(), text), "the demonstration's build does not hold {text}");
        assert!(!holds(&binary, text), "the vendor's build holds {text}");
    }
    let house = house.under(Build::vendor(binary));
    assert_eq!(ending(&house.run(&["serve", "--listen", "127.0.0.1:0", "--demo"])), ended(3, "not-a-demo-build"));
    let license = first.license(&draft(1, SEATS));
    assert_eq!(ending(&house.activation(&license, &[])), ended(3, "trust-list-missing"));
    let demo = vendor::keys().join("demo.trust.json").display().to_string();
    assert_eq!(ending(&house.activation(&license, &["--trust", &demo])), ended(11, "license-key-unknown"));
    let trust = house.write("trust.json", self::list(&second, &first, 1).as_bytes());
    house.activate(&license, Path::new(&trust));
    let served = house.serve().admin().get("/api/v1/licenses/current").expect("an answer").body;
    assert_eq!((&served["state"], &served["user_types"]["viewer"]), (&json!("in-term"), &json!(3)));
}

#[test]
fn roots_that_cannot_be_read_end_the_build() {
    let house = House::empty("vendor-uncompiled");
    for roots in [house.folder.join("absent.jwks"), house.folder.clone(), PathBuf::new()] {
        let output = build_script(&house.folder, &roots).output().expect("it runs");
        assert_eq!(output.status.code(), Some(1), "{}", roots.display());
        assert!(said(&output).starts_with("the trusted roots cannot be compiled in: "), "{}", said(&output));
        assert!(!house.folder.join("built_in.rs").exists());
    }
}
