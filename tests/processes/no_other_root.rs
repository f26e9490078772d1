//! Nothing but the build brings a root: no variable, file, request, header or database row does. Mallory has keys of her own,
//! a trust list that they sign and a license for nine hundred Creators, and tries every place she can think of.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use entitlement::{Roots, SecretKey, open_entitlement, open_trust_list};
use serde_json::{Value, json};

use crate::builds::{Build, jwk_set};
use crate::files::form;
use crate::house::{House, ending};
use crate::http::{Answer, Client};
use crate::installed::{Installed, rows, sqlite};
use crate::vendor::{self, Vendor, draft, edited, resigned_under};

const SEATS: &[(&str, u32)] = &[("viewer", 3), ("creator", 2)];
const WISHES: &[(&str, u32)] = &[("viewer", 900), ("creator", 900)];
const PREVIEWS: &str = "/api/v1/license-previews";
const JSON: (&str, &str) = ("content-type", "application/json");
const FORM: (&str, &str) = ("content-type", "multipart/form-data; boundary=seam");

/// Somebody with keys that no root vouches for.
struct Mallory {
    keys: Vendor,
    license: String,
    list: String,
    roots: String,
}

impl Mallory {
    /// With names of her own, or with those of the demonstration.
    fn called(root: &str, signer: &str) -> Self {
        let keys = Vendor { root: vendor::own_key(root, 71), demo: vendor::own_key(signer, 72) };
        let license = keys.license(&draft(2, WISHES));
        let list = keys.trust(|list| list.version = 9);
        let roots = jwk_set(&[&keys.root]);
        Self { keys, license, list, roots }
    }

    fn new() -> Self {
        Self::called("mallory", "mallory-signs")
    }

    /// One who calls her keys as the demonstration does.
    fn imposter() -> Self {
        Self::called("demo-root", "demo")
    }
}

fn refusal(mallory: &Mallory) -> (i32, &'static str) {
    // A known name leads to the key that bears it, and there the signature is wrong.
    if mallory.keys.root.kid().as_str() == "demo-root" {
        (10, "license-signature")
    } else {
        (11, "license-key-unknown")
    }
}

/// Her license is refused through both doors, with her list beside it and without, and nothing has changed.
fn nothing_gets_in(house: &House, mallory: &Mallory) {
    let serving = house.serve();
    let admin = serving.admin();
    let before = Installed::of(house, &admin);
    assert_eq!(before.seats(), &json!({"viewer": 3, "creator": 2}));
    let (exit, code) = refusal(mallory);
    let license = house.write("mallory.json", mallory.license.as_bytes());
    let list = house.write("mallory-list.json", mallory.list.as_bytes());
    for verb in ["preview", "import"] {
        for more in [&[][..], &["--trust", &list]] {
            let output = house.run(&[&["license", verb, &license], more].concat());
            assert_eq!(ending(&output), (Some(exit), code.to_owned()), "{verb} {more:?}");
        }
    }
    let both = form(&[("license", mallory.license.as_bytes()), ("trust", mallory.list.as_bytes())]);
    for (kind, body) in [(JSON, mallory.license.clone().into_bytes()), (FORM, both)] {
        refused(&admin.upload_with(PREVIEWS, &[kind], body), 422, code);
    }
    assert_eq!(Installed::of(house, &admin), before);
}

fn refused(answer: &Result<Answer, ureq::Error>, status: u16, code: &str) {
    let answer = answer.as_ref().expect("an answer");
    assert_eq!((answer.status, answer.code()), (status, code), "{}", answer.body);
}

/// Nor does it activate a portal that has no license yet, in the same surroundings.
fn nothing_activates(house: &House, mallory: &Mallory) {
    let (exit, code) = refusal(mallory);
    let list = house.write("mallory-list.json", mallory.list.as_bytes());
    for more in [&[][..], &["--trust", &list]] {
        assert_eq!(ending(&house.activation(&mallory.license, more)), (Some(exit), code.to_owned()), "{more:?}");
    }
}

#[test]
fn keys_of_ones_own_are_refused_whatever_they_are_called() {
    let house = House::activated("root-none", SEATS);
    for mallory in [Mallory::new(), Mallory::imposter()] {
        nothing_gets_in(&house, &mallory);
    }
}

/// The names in capitals on the lines of the program that look at the environment.
fn variables_in_the_source() -> BTreeSet<String> {
    let mut folders: Vec<PathBuf> = ["portal", "store", "files", "entitlement", "catalog", "rules", "errors"]
        .map(|name| Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates").join(name))
        .into();
    let mut names = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|end| end == "rs") {
                let text = fs::read_to_string(&entry).expect("a source");
                let lines = text.lines().filter(|line| line.contains("env"));
                let words = lines.flat_map(|line| line.split('"').skip(1).step_by(2));
                let is_name = |word: &str| {
                    word.len() > 2 && word.bytes().all(|byte| b"_".contains(&byte) || byte.is_ascii_uppercase())
                };
                names.extend(words.filter(|word| is_name(word)).map(str::to_owned));
            }
        }
    }
    names
}

#[test]
fn no_variable_brings_a_root() {
    let mallory = Mallory::new();
    let house = House::activated("root-variables", SEATS);
    let roots = house.write("roots.json", mallory.roots.as_bytes());
    let read = variables_in_the_source();
    assert!(read.contains("SEATWARDEN_TRUST_ROOTS") && read.contains("OUT_DIR"), "{read:?}");
    let guessed =
        ["TRUST_ROOTS", "TRUST_LIST", "TRUST", "ROOTS", "ROOT", "DEMO", "DEMO_TRUST", "KEYS", "CONFIG", "DATA"];
    let names = read.into_iter().chain(
        guessed
            .iter()
            .flat_map(|name| [(*name).to_owned(), format!("SEATWARDEN_{name}"), format!("SEATWARDEN_PORTAL_{name}")]),
    );
    let names: BTreeSet<String> = names.collect();
    for value in [roots.clone(), mallory.roots.clone(), house.folder.display().to_string()] {
        let set = |build: Build, name: &String| build.with(name, &value);
        let build = names.iter().fold(Build::demonstration(), set);
        let house = House { folder: house.folder.clone(), build };
        nothing_gets_in(&house, &mallory);
    }
    let build = names.iter().fold(Build::demonstration(), |build, name| build.with(name, &roots));
    nothing_activates(&House::empty("root-variables-new").under(build), &mallory);
}

/// Puts her roots, her list and both keys under every likely name into a folder.
fn strew(folder: &Path, mallory: &Mallory) {
    let settings = |path: &Path| {
        let path = path.display();
        format!("SEATWARDEN_TRUST_ROOTS = \"{path}\"\ntrust_roots = \"{path}\"\nroots = \"{path}\"\ndemo = true\n")
    };
    let jwk = |key: &SecretKey| key.public().to_jwk();
    let roots = folder.join("roots.json");
    for name in ["keys", "trust", "roots", ".seatwarden", ".config/seatwarden", "seatwarden"] {
        let below = folder.join(name);
        fs::create_dir_all(&below).expect("a folder");
        fs::write(below.join("demo-root.root.jwk"), jwk(&mallory.keys.root)).expect("a file");
        fs::write(below.join("demo.signing.jwk"), jwk(&mallory.keys.demo)).expect("a file");
        fs::write(below.join("demo.trust.json"), &mallory.list).expect("a file");
        fs::write(below.join("config.toml"), settings(&roots)).expect("a file");
    }
    for name in ["roots.json", "roots.jwks", "jwks.json", "trust-roots.json", "trusted-roots.json"] {
        fs::write(folder.join(name), &mallory.roots).expect("a file");
    }
    for name in ["trust.json", "demo.trust.json", "trust-list.json", "trust-list.jwt"] {
        fs::write(folder.join(name), &mallory.list).expect("a file");
    }
    for name in ["demo-root.root.jwk", "mallory.jwk", "root.jwk", "portal.jwk"] {
        fs::write(folder.join(name), jwk(&mallory.keys.root)).expect("a file");
    }
    let files =
        ["config", "config.toml", "config.json", "seatwarden.toml", "seatwarden-portal.toml", "portal.toml", ".env"];
    for name in files {
        fs::write(folder.join(name), settings(&roots)).expect("a file");
    }
}

#[test]
fn no_file_beside_the_data_the_program_or_the_caller_brings_a_root() {
    let mallory = Mallory::new();
    let house = House::activated("root-files", SEATS);
    let [program, working, home] = ["program", "working", "home"].map(|name| house.folder.join(name));
    for folder in [&program, &working, &home, &house.data(), &house.folder] {
        fs::create_dir_all(folder).expect("a folder");
        strew(folder, &mallory);
    }
    let build = Build::demonstration().copied_to(&program).started_in(&working);
    let build = build.with("HOME", &home).with("XDG_CONFIG_HOME", home.join(".config"));
    let house = house.under(build.clone());
    nothing_gets_in(&house, &mallory);

    let new = House::empty("root-files-new").under(build);
    strew(&new.folder, &mallory);
    fs::create_dir_all(new.data()).expect("a folder");
    strew(&new.data(), &mallory);
    nothing_activates(&new, &mallory);
}

#[test]
fn no_header_and_no_query_of_a_request_brings_a_root() {
    let mallory = Mallory::new();
    let house = House::activated("root-headers", SEATS);
    let serving = house.serve();
    let admin = serving.admin();
    let before = Installed::of(&house, &admin);
    let one_line = mallory.roots.replace('\n', "");
    let jwk = mallory.keys.root.public().to_jwk();
    for name in [
        "trust",
        "roots",
        "jwk",
        "jwks",
        "jku",
        "x5c",
        "x5u",
        "kid",
        "x-trust-roots",
        "x-seatwarden-trust-roots",
        "link",
    ] {
        for value in [one_line.as_str(), &jwk, "demo-root", "https://example.org/roots.json"] {
            let headers = [JSON, (name, value)];
            let answer = admin.upload_with(PREVIEWS, &headers, mallory.license.clone().into_bytes());
            refused(&answer, 422, "license-key-unknown");
            let query: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let path = format!("{PREVIEWS}?{name}={query}");
            refused(
                &admin.upload_with(&path, &[JSON], mallory.license.clone().into_bytes()),
                422,
                "license-key-unknown",
            );
        }
    }
    assert_eq!(Installed::of(&house, &admin), before);
}

#[test]
fn no_member_of_a_body_and_no_part_of_a_form_brings_a_root() {
    let mallory = Mallory::new();
    let house = House::activated("root-members", SEATS);
    let serving = house.serve();
    let admin = serving.admin();
    let before = Installed::of(&house, &admin);
    let roots: Value = serde_json::from_str(&mallory.roots).expect("a JWK Set");
    let list: Value = serde_json::from_str(&mallory.list).expect("a list");
    let good = Vendor::demonstration().license(&draft(2, &[("viewer", 4), ("creator", 2)]));
    let kept = admin.upload(PREVIEWS, "application/json", good.into_bytes()).expect("an answer").text(201, "id");
    for name in ["trust", "roots", "jwk", "jwks", "jku", "x5c", "kid", "header"] {
        for value in [&roots, &roots["keys"][0], &list, &json!("demo-root")] {
            let body = edited(&mallory.license, |outer| outer[name] = value.clone());
            refused(&admin.upload(PREVIEWS, "application/json", body.into_bytes()), 422, "license-malformed");
            let confirmation = json!({"confirm_locked_out": 0, name: value});
            refused(&admin.post(&format!("{PREVIEWS}/{kept}/import"), &confirmation), 422, "validation-failed");
        }
        let parts = [("license", mallory.license.as_bytes()), (name, mallory.roots.as_bytes())];
        // The one part that there is wants a list, and a set of keys is none.
        let (status, code) = if name == "trust" { (422, "license-malformed") } else { (400, "request-malformed") };
        refused(&admin.upload_with(PREVIEWS, &[FORM], form(&parts)), status, code);
    }
    let wrapped = json!({"license": mallory.license, "trust": mallory.list}).to_string();
    refused(&admin.upload(PREVIEWS, "application/json", wrapped.into_bytes()), 422, "license-malformed");
    assert_eq!(Installed::of(&house, &admin), before);
}

#[test]
fn no_header_of_a_signed_file_brings_a_key() {
    let mallory = Mallory::imposter();
    let house = House::activated("root-jws", SEATS);
    let serving = house.serve();
    let admin = serving.admin();
    let before = Installed::of(&house, &admin);
    let jwk: Value = serde_json::from_str(&mallory.keys.root.public().to_jwk()).expect("a JWK");
    let members = [
        ("jwk", jwk),
        ("jku", json!("https://example.org/roots.json")),
        ("x5u", json!("https://example.org/root.pem")),
        ("x5c", json!(["MIIB"])),
        ("x5t#S256", json!("AAAA")),
        ("crit", json!(["b64"])),
        ("b64", json!(true)),
    ];
    for (name, value) in members {
        let with = |file: &str, key: &SecretKey| resigned_under(file, key, |head| head[name] = value.clone(), |_| ());
        let license = with(&mallory.license, &mallory.keys.demo);
        let list = with(&mallory.list, &mallory.keys.root);
        let path = house.write("mallory.json", license.as_bytes());
        let beside = house.write("mallory-list.json", list.as_bytes());
        let malformed = (Some(12), "license-malformed".to_owned());
        assert_eq!(ending(&house.run(&["license", "import", &path])), malformed, "{name}");
        refused(&admin.upload(PREVIEWS, "application/json", license.into_bytes()), 422, "license-malformed");
        // A list is opened before the license, which here is a good one.
        let good = Vendor::demonstration().license(&draft(2, &[("viewer", 4), ("creator", 2)]));
        let path = house.write("good.json", good.as_bytes());
        assert_eq!(ending(&house.run(&["license", "import", &path, "--trust", &beside])), malformed, "{name}");
        let both = form(&[("license", good.as_bytes()), ("trust", list.as_bytes())]);
        refused(&admin.upload_with(PREVIEWS, &[FORM], both), 422, "license-malformed");
    }
    assert_eq!(Installed::of(&house, &admin), before);
}

/// Rewrites rows as somebody with the database open would, every digest and column agreeing with what they say.
fn rewrite(house: &House, mallory: &Mallory, lines: &str) {
    let roots = Roots::new(vec![mallory.keys.root.public()]).expect("a root set");
    let list = open_trust_list(mallory.list.as_bytes(), &roots, vendor::now()).expect("a list");
    let license = open_entitlement(mallory.license.as_bytes(), &list, entitlement::Use::Importing, vendor::now());
    let given = json!({
        "list": mallory.list, "list_identity": list.identity().to_string(), "version": list.version(),
        "license": mallory.license, "identity": license.expect("a license").identity().to_string(),
        "fingerprint": roots.fingerprint(),
    });
    sqlite(house, lines, &given);
}

/// Her list in the place of the installed one.
const HER_LIST: &str = "\
db.execute('UPDATE trust_lists SET identity = ?, bytes = ?, version = ?',
           (given['list_identity'], given['list'], given['version']))
db.execute('UPDATE organization SET trust_version = ?', (given['version'],))
";

/// Her license in the place of the installed one.
const HER_LICENSE: &str = "\
db.execute('PRAGMA foreign_keys = OFF')
db.execute('UPDATE entitlements SET identity = ?, bytes = ?, sequence = 2', (given['identity'], given['license']))
db.execute('UPDATE contracts SET identity = ?, sequence = 2', (given['identity'],))
db.execute('UPDATE organization SET entitlement = ?', (given['identity'],))
";

/// The fingerprint of her root in the place of the recorded one.
const HER_ROOTS: &str = "db.execute('UPDATE organization SET root_fingerprint = ?', (given['fingerprint'],))\n";

/// What the portal gives while its installed file does not count, and why.
fn gives_nothing(admin: &Client, code: &str) {
    let current = admin.get("/api/v1/licenses/current").expect("an answer").body;
    assert_eq!((&current["state"], &current["problem"]["code"]), (&json!("refused"), &json!(code)), "{current}");
    let creators = admin.get("/api/v1/user-types/creator").expect("an answer").body;
    assert_eq!((&creators["licensed"], &creators["assigned"]), (&json!(0), &json!(1)), "{creators}");
    refused(&admin.register("eve", "creator"), 403, "creation-blocked-not-compliant");
}

#[test]
fn no_row_of_the_database_brings_a_root() {
    let mallory = Mallory::new();
    let rewrites = [
        ("root-rows-list", HER_LIST.to_owned(), "license-key-unknown"),
        ("root-rows-license", HER_LICENSE.to_owned(), "license-key-unknown"),
        ("root-rows-both", [HER_LIST, HER_LICENSE].concat(), "license-key-unknown"),
    ];
    for (name, lines, code) in rewrites {
        let house = House::activated(name, SEATS);
        rewrite(&house, &mallory, &lines);
        let before = rows(&house);
        let serving = house.serve();
        let admin = serving.admin();
        gives_nothing(&admin, code);
        let license = house.write("mallory.json", mallory.license.as_bytes());
        let list = house.write("mallory-list.json", mallory.list.as_bytes());
        for more in [&[][..], &["--trust", &list]] {
            let output = house.run(&[&["license", "import", &license], more].concat());
            assert_eq!(ending(&output), (Some(11), "license-key-unknown".to_owned()), "{name} {more:?}");
        }
        assert_eq!(rows(&house), before, "{name}");

        // The vendor's next files lead out of it, beside the running portal.
        let way_out = Vendor::demonstration();
        let next = house.write("next.json", way_out.license(&draft(3, SEATS)).as_bytes());
        let list = house.write("next-list.json", way_out.trust(|list| list.version = 10).as_bytes());
        let output = house.run(&["license", "import", &next, "--trust", &list]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(Installed::of(&house, &admin).seats(), &json!({"viewer": 3, "creator": 2}));
    }
}

#[test]
fn a_rewritten_fingerprint_of_roots_closes_the_data() {
    let mallory = Mallory::new();
    for (name, lines) in [
        ("root-fingerprint", HER_ROOTS.to_owned()),
        ("root-fingerprint-and-all", [HER_ROOTS, HER_LIST, HER_LICENSE].concat()),
    ] {
        let house = House::activated(name, SEATS);
        rewrite(&house, &mallory, &lines);
        let before = rows(&house);
        let license = house.write("mallory.json", mallory.license.as_bytes());
        for verb in [&["serve", "--listen", "127.0.0.1:0", "--demo"][..], &["license", "import", &license], &["status"]]
        {
            assert_eq!(ending(&house.run(verb)), (Some(3), "data-foreign".to_owned()), "{name}: {verb:?}");
        }
        assert_eq!(rows(&house), before, "{name}");
    }
}
