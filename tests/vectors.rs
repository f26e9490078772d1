//! The golden files through the verifier: each opens and says what the index says, or is refused for its own reason.
//!
//! A later version must give the same answers to the same files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use entitlement::{
    Admission, Entitlement, Identity, Lease, LeaseError, Moment, OpenError, Place, Roots, SecretKey, TermState,
    TrustList, Use, open_activation_request, open_catalog, open_entitlement, open_lease, open_return_code,
    open_trust_list, peek_kind, seal_activation_request, seal_catalog, seal_entitlement, seal_lease, seal_return_code,
    seal_trust_list,
};
use tests::make_vectors::{self, Entry, Index, LeaseFacts, Opened, PlaceFacts};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn cases() -> Vec<Entry> {
    let index: Index = serde_json::from_slice(&read("index.json")).expect("the index is of its form");
    index.cases
}

/// The file of a case, after its recipe.
fn bytes(case: &Entry) -> Vec<u8> {
    let mut bytes = read(&case.file);
    if let Some(recipe) = &case.recipe {
        let size = recipe.strip_prefix("pad-to-").expect("the one recipe there is");
        bytes.resize(size.parse().expect("a size"), b' ');
    }
    bytes
}

fn roots(case: &Entry) -> Roots {
    Roots::from_jwk_set(&read(case.roots.as_ref().expect("the roots are named"))).expect("a root set")
}

fn trust(case: &Entry) -> TrustList {
    let list = read(case.trust.as_ref().expect("the trust list is named"));
    open_trust_list(&list, &roots(case), now(case)).unwrap_or_else(|error| panic!("{}: {error}", case.name))
}

fn now(case: &Entry) -> Moment {
    case.now.parse().expect("an instant")
}

/// Opens the file as the index says.
fn open(case: &Entry) -> Result<Opened, LeaseError> {
    let bytes = bytes(case);
    match case.kind.as_str() {
        "trust" => Ok(open_list(case, &bytes)?),
        "entitlement" => {
            let trust = trust(case);
            let file = open_entitlement(&bytes, &trust, usage(case), now(case))?;
            let admission = case.place.as_ref().map(|facts| file.admit(&place(facts))).transpose()?;
            Ok(says(&file, &trust, now(case), admission))
        }
        "catalog" => {
            let catalog = open_catalog(&bytes, &trust(case))?;
            Ok(Opened { identity: identity(&bytes), sha256: Some(catalog.digest().to_string()), ..Opened::default() })
        }
        "portal" => {
            let request = open_activation_request(&bytes, now(case))?;
            Ok(Opened { identity: identity(&bytes), portal: Some(request.portal().to_string()), ..Opened::default() })
        }
        "lease" => open_lease(&bytes, &license(case), now(case), case.device.as_deref())
            .map(|lease| lease_says(&lease, now(case))),
        "return" => {
            let text = std::str::from_utf8(&bytes).expect("UTF-8");
            let code = open_return_code(text, &lease(case))?;
            let (signed, _) = text.trim().rsplit_once('.').expect("three parts");
            let identity = Identity::of(signed.as_bytes()).to_string();
            Ok(Opened { identity, returned: Some(code.lease().to_string()), ..Opened::default() })
        }
        other => panic!("{}: `kind` is {other}", case.name),
    }
}

fn usage(case: &Entry) -> Use {
    match case.usage.as_deref() {
        Some("importing") => Use::Importing,
        Some("installed") => Use::Installed,
        other => panic!("{}: `use` is {other:?}", case.name),
    }
}

/// The entitlement that a lease is opened under.
fn license(case: &Entry) -> Entitlement {
    let file = read(case.entitlement.as_ref().expect("the entitlement is named"));
    let opened = open_entitlement(&file, &trust(case), usage(case), now(case));
    opened.unwrap_or_else(|error| panic!("{}: {error}", case.name))
}

/// The lease that a return code gives back.
fn lease(case: &Entry) -> Lease {
    let file = read(case.lease.as_ref().expect("the lease is named"));
    open_lease(&file, &license(case), now(case), None).unwrap_or_else(|error| panic!("{}: {error}", case.name))
}

fn lease_says(lease: &Lease, now: Moment) -> Opened {
    let facts = LeaseFacts {
        lease: lease.id().to_string(),
        member: lease.member().to_string(),
        username: lease.username().map(ToString::to_string),
        product: lease.product().to_string(),
        level: lease.level().map(ToString::to_string),
        extensions: lease.extensions().iter().map(ToString::to_string).collect(),
        device: lease.device().id.to_string(),
        usage: lease.usage().to_string(),
        until: lease.until().to_string(),
    };
    Opened {
        identity: lease.identity().to_string(),
        term_state: Some(state(lease.term_state(now))),
        grants: Some(facts),
        ..Opened::default()
    }
}

fn state(state: TermState) -> String {
    let state = match state {
        TermState::NotBegun => "not-begun",
        TermState::InTerm => "in-term",
        TermState::Ended => "ended",
    };
    state.to_owned()
}

fn open_list(case: &Entry, bytes: &[u8]) -> Result<Opened, OpenError> {
    let list = open_trust_list(bytes, &roots(case), now(case))?;
    let installed = case.place.as_ref().and_then(|facts| facts.trust_list.as_ref());
    let admission = installed
        .map(|list| (list.version, list.identity.parse().expect("an identity")))
        .map(|own| list.admit(Some(own)));
    Ok(Opened {
        identity: list.identity().to_string(),
        version: Some(list.version()),
        admission: admission.transpose()?.map(admitted),
        ..Opened::default()
    })
}

fn identity(bytes: &[u8]) -> String {
    peek_kind(bytes).expect("a file that opened").identity.to_string()
}

fn admitted(admission: Admission) -> String {
    match admission {
        Admission::New => "new".to_owned(),
        Admission::SameAsInstalled => "same-as-installed".to_owned(),
    }
}

fn says(file: &Entitlement, trust: &TrustList, now: Moment, admission: Option<Admission>) -> Opened {
    let allotment = file.at(now);
    Opened {
        identity: file.identity().to_string(),
        admission: admission.map(admitted),
        term_state: Some(state(file.term_state(now))),
        revoked: Some(file.revoked_by(trust)),
        user_types: Some(allotment.user_types().iter().map(|(id, count)| (id.to_string(), *count)).collect()),
        add_ons: Some(allotment.add_ons().iter().map(|(id, count)| (id.to_string(), *count)).collect()),
        ..Opened::default()
    }
}

fn place(facts: &PlaceFacts) -> Place {
    let identity = |text: &str| text.parse::<Identity>().expect("an identity");
    Place {
        portal: facts.portal.as_ref().map(|portal| portal.parse().expect("a portal")),
        catalogs: facts.catalogs.iter().map(|digest| digest.parse().expect("a digest")).collect(),
        highest: facts
            .highest
            .iter()
            .map(|(contract, file)| (contract.parse().expect("a contract"), (file.sequence, identity(&file.identity))))
            .collect(),
        installed: facts.installed.as_ref().map(|file| {
            let iss = entitlement::Name::parse(&file.iss).expect("a name");
            (file.contract.parse().expect("a contract"), iss, file.customer.parse().expect("a customer"))
        }),
    }
}

#[test]
fn every_file_is_answered_as_the_index_says() {
    let cases = cases();
    assert!(cases.len() > 1000, "only {} cases", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        match (open(case), &case.opened) {
            (Ok(opened), Some(wanted)) if case.expect == "ok" && opened == *wanted => {}
            (Err(error), None) if error.code() == case.expect => {}
            (Ok(opened), wanted) => wrong.push(format!("{}: {opened:?}, not {} {wanted:?}", case.name, case.expect)),
            (Err(error), _) => wrong.push(format!("{}: {} ({error}), not {}", case.name, error.code(), case.expect)),
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn every_refusal_that_opening_can_give_has_a_file() {
    let given: BTreeSet<String> = cases().into_iter().map(|case| case.expect).filter(|code| code != "ok").collect();
    // States of a good file, which opening leaves to its caller.
    let states = ["license-ended", "license-not-begun", "license-revoked"];
    let names = errors::Code::ALL.iter().map(|code| code.row().name);
    let of_opening =
        names.filter(|name| (name.starts_with("license-") || name.starts_with("lease-")) && !states.contains(name));
    let wanted: BTreeSet<String> = of_opening.chain(["trust-list-older"]).map(str::to_owned).collect();
    assert_eq!(given, wanted);
}

#[test]
fn the_folder_holds_what_the_index_names_and_what_the_generator_writes() {
    let folder = root().join("tests/vectors");
    let listed = make_vectors::listed(&folder).expect("the folder can be read");
    let cases = cases();
    let mut named: BTreeSet<String> = cases.iter().map(|case| case.file.clone()).collect();
    let others = cases.iter().flat_map(|case| [&case.trust, &case.entitlement, &case.lease]);
    named.extend(others.filter_map(Clone::clone));
    named.extend(cases.iter().filter_map(|case| case.roots.clone()));
    named.insert("index.json".to_owned());
    assert_eq!(listed, named);
    let written: BTreeMap<String, Vec<u8>> = make_vectors::files();
    assert!(written.keys().eq(listed.iter()), "the generator writes other files");
    let different: Vec<&String> =
        written.iter().filter(|(path, bytes)| read(path) != **bytes).map(|file| file.0).collect();
    assert_eq!(different, [""; 0], "`cargo run -p tests --bin make-vectors` writes these anew");
}

#[test]
fn every_name_and_every_file_stands_once_and_in_its_folder() {
    let cases = cases();
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "a name stands twice");
    for case in cases.iter().filter(|case| case.recipe.is_none()) {
        let folder = case.file.split('/').next().unwrap_or_default();
        let good = if case.expect == "ok" { ["accept", "trust"] } else { ["refuse", "refuse"] };
        assert!(good.contains(&folder), "{} is in {folder}", case.name);
    }
}

#[test]
fn a_file_of_one_signed_part_has_one_identity_in_every_layout() {
    let cases = cases();
    let sealed = cases.iter().find(|case| case.name == "an-entitlement-as-it-is-sealed").expect("the sealed file");
    let identity = |case: &Entry| case.opened.as_ref().map(|opened| opened.identity.clone());
    let same: Vec<&Entry> = cases.iter().filter(|case| identity(case) == identity(sealed)).collect();
    let layouts: Vec<&&Entry> = same.iter().filter(|case| bytes(case) != bytes(sealed)).collect();
    assert!(layouts.len() >= 11, "{:?}", layouts.iter().map(|case| &case.name).collect::<Vec<_>>());
}

/// The key of a seed of the generator.
fn key(kid: &str, seed: u8) -> SecretKey {
    SecretKey::from_seed(kid.parse().expect("a key id"), &[seed; 32])
}

#[test]
fn sealing_writes_the_golden_files_again() {
    let file = |path: &str| String::from_utf8(read(path)).expect("UTF-8");
    let cases = cases();
    let case = |name: &str| cases.iter().find(|case| case.name == name).expect("a case of that name");
    for name in ["an-entitlement-as-it-is-sealed", "an-entitlement-with-every-member"] {
        let case = case(name);
        let opened = open_entitlement(&read(&case.file), &trust(case), Use::Importing, now(case)).expect("it opens");
        assert_eq!(seal_entitlement(opened.draft(), &key("vendor-2026-a", 0x42)), Ok(file(&case.file)));
    }
    let list = case("the-trust-list-of-most-cases");
    let opened = open_trust_list(&read(&list.file), &roots(list), now(list)).expect("it opens");
    assert_eq!(seal_trust_list(opened.draft(), &key("root-a", 0x41)), Ok(file(&list.file)));
    let catalog = case("a-catalog");
    let opened = open_catalog(&read(&catalog.file), &trust(catalog)).expect("it opens");
    assert_eq!(seal_catalog(opened.bytes(), &key("vendor-2026-a", 0x42)), Ok(file(&catalog.file)));
    let request = case("an-activation-request");
    let opened = open_activation_request(&read(&request.file), now(request)).expect("it opens");
    let portal = SecretKey::self_named(&[0x47; 32]);
    assert_eq!(seal_activation_request(&portal, opened.issued_at()), Ok(file(&request.file)));
    let code = case("a-return-code");
    let opened = lease(code);
    let lease_file = code.lease.as_ref().expect("the lease is named");
    assert_eq!(seal_lease(opened.draft(), &portal), Ok(file(lease_file)));
    let returned = open_return_code(&file(&code.file), &opened).expect("it opens");
    let device = SecretKey::self_named(&[0x4a; 32]);
    assert_eq!(seal_return_code(&opened, &device, returned.issued_at()), Ok(file(&code.file)));
}

#[test]
fn plain_verification_takes_the_signatures_of_small_order_that_opening_refuses() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let vendor = ed25519_dalek::SigningKey::from_bytes(&[0x42; 32]).verifying_key();
    let portal = ed25519_dalek::SigningKey::from_bytes(&[0x47; 32]).verifying_key();
    let identity = std::array::from_fn(|index| u8::from(index == 0));
    let weak = ed25519_dalek::VerifyingKey::from_bytes(&identity).expect("a point");
    for (name, key) in [
        ("an-entitlement-signed-with-an-r-of-small-order", vendor),
        ("an-activation-request-signed-with-an-r-of-small-order", portal),
        ("an-activation-request-under-the-identity-key", weak),
    ] {
        let file: serde_json::Value = serde_json::from_slice(&read(&format!("refuse/{name}.json"))).expect("JSON");
        let text = |member: &str| file[member].as_str().expect("a text").to_owned();
        let signature = URL_SAFE_NO_PAD.decode(text("signature")).expect("base64url");
        let signature = ed25519_dalek::Signature::from_slice(&signature).expect("64 bytes");
        let signed = format!("{}.{}", text("protected"), text("payload"));
        use ed25519_dalek::Verifier as _;
        assert!(key.verify(signed.as_bytes(), &signature).is_ok(), "{name}");
        assert!(key.verify_strict(signed.as_bytes(), &signature).is_err(), "{name}");
    }
}

/// The text below a heading, up to the next one.
fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let (_, below) = text.split_once(&format!("\n## {heading}\n")).expect("the section is there");
    below.split("\n## ").next().unwrap_or_default()
}

#[test]
fn the_worked_lease_of_the_description_is_a_golden_file() {
    let description = fs::read_to_string(root().join("docs/FORMAT.md")).expect("docs/FORMAT.md is there");
    let section = section(&description, "A worked lease");
    let blocks: Vec<&str> = section.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let file = String::from_utf8(read("accept/a-lease-as-it-is-sealed.json")).expect("UTF-8");
    let inspected = peek_kind(file.as_bytes()).expect("it can be looked into");
    assert_eq!(blocks, [file, format!("{}\n", inspected.payload_text)]);
    for text in [
        inspected.identity.to_string(),
        format!(r#"{{"alg":"EdDSA","kid":"{}","typ":"{}"}}"#, inspected.kid, inspected.typ),
        String::from_utf8(read("accept/a-return-code.txt")).expect("UTF-8"),
    ] {
        assert!(section.contains(&text), "the section lacks {text}");
    }
}

#[test]
fn the_worked_vector_of_the_description_is_a_golden_file() {
    let description = fs::read_to_string(root().join("docs/FORMAT.md")).expect("docs/FORMAT.md is there");
    let section = section(&description, "A worked vector");
    let blocks: Vec<&str> = section.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let file = String::from_utf8(read("accept/an-entitlement-as-it-is-sealed.json")).expect("UTF-8");
    let inspected = peek_kind(file.as_bytes()).expect("it can be looked into");
    assert_eq!(blocks, [file, format!("{}\n", inspected.payload_text)]);
    for text in [
        inspected.identity.to_string(),
        format!(r#"{{"alg":"EdDSA","kid":"{}","typ":"{}"}}"#, inspected.kid, inspected.typ),
        inspected.identity.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect(),
        String::from_utf8(read("roots.json")).expect("UTF-8"),
    ] {
        assert!(section.contains(&text), "the section lacks {text}");
    }
}
