//! Keys in tokens (PKCS #11), with the software token of Debian's `softhsm2` in the place of a device.

use std::fs;
use std::path::Path;
use std::process::Command;

use entitlement::{Roots, Use, open_entitlement, open_trust_list};

use crate::house::{ending, said};
use crate::issuer_desk::IssuerDesk;
use crate::vendor;

const PIN: &str = "2718281828";

/// Where Debian puts the library.
const LIBRARIES: &[&str] = &["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"];

fn library() -> &'static str {
    let found = LIBRARIES.iter().find(|library| Path::new(library).exists());
    found.expect("the library of the Debian package `softhsm2` is missing: install softhsm2")
}

/// A desk beside a token `safe` with an Ed25519 key for roots, one for licenses, and a key of another kind.
fn desk(name: &str) -> IssuerDesk {
    let mut desk = IssuerDesk::new(name);
    fs::create_dir(desk.path("tokens")).expect("a folder");
    let configuration = format!("directories.tokendir = {}\nlog.level = ERROR\n", desk.path("tokens").display());
    fs::write(desk.path("softhsm2.conf"), configuration).expect("a configuration");
    desk.environment = vec![("SOFTHSM2_CONF".to_owned(), desk.path("softhsm2.conf").display().to_string())];
    fs::write(desk.path("pin"), format!("{PIN}\n")).expect("a PIN");
    fs::write(desk.path("wrong-pin"), "31415926\n").expect("a PIN");
    let mut make = Command::new(env!("CARGO_BIN_EXE_make-token"));
    make.args([library(), "safe", PIN, "root=ed25519", "vendor=ed25519", "other=p256"]);
    let made = make.envs(desk.environment.clone()).output().expect("a token is made");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    desk
}

/// The address of a key.
fn uri(token: &str, object: &str) -> String {
    format!("pkcs11:token={token};object={object}?module-path={}", library())
}

/// Registers both keys, and has the root of the token publish the signing key of the token.
fn registered(name: &str) -> IssuerDesk {
    let desk = desk(name);
    for (object, id, purpose) in [("root", "card-root", "root"), ("vendor", "card", "signing")] {
        let days = if purpose == "signing" { " --from 2020-01-01 --until 2999-01-01" } else { "" };
        let register = format!("key register {} --id {id} --purpose {purpose}{days}", uri("safe", object));
        desk.good(&format!("{register} --passphrase-file pin"));
    }
    let root = uri("safe", "root");
    desk.good(&format!("trust build --root {root}&pin-source=file:pin --out trust-2.json"));
    desk
}

#[test]
fn a_token_signs_lists_and_licenses_that_a_portal_believes() {
    let desk = registered("token-signs");
    let shown = desk.facts("key show card");
    assert_eq!((&shown["purpose"], &shown["token"]), (&"signing".into(), &uri("safe", "vendor").into()));
    // By its place in the token, and by its name in the workspace.
    let by_place = uri("safe", "vendor");
    desk.good(&format!("license issue order.toml --key {by_place} --unbound --passphrase-file pin --out a.json"));
    desk.good("license issue order.toml --key card --unbound --passphrase-file pin --out b.json");
    desk.good("trust build --root card-root --passphrase-file pin --out trust-3.json");

    let roots = Roots::from_jwk_set(desk.good("key export root-1 card-root").as_bytes()).expect("roots");
    for list in ["trust-2.json", "trust-3.json"] {
        let trust = open_trust_list(desk.read(list).as_bytes(), &roots, vendor::now()).expect("a list that opens");
        assert_eq!(trust.signed_by().as_str(), "card-root");
        for (file, sequence) in [("a.json", 1), ("b.json", 2)] {
            let file = desk.read(file);
            let license = open_entitlement(file.as_bytes(), &trust, Use::Importing, vendor::now()).expect("it opens");
            assert_eq!((license.kid().as_str(), license.sequence()), ("card", sequence));
        }
    }
    // Only the public halves and the addresses lie at the desk.
    for name in ["card.signing", "card-root.root"] {
        assert!(!desk.path(&format!("desk/{name}.pem")).exists() && desk.path(&format!("desk/{name}.jwk")).exists());
    }
    assert_eq!(desk.read("desk/card.signing.token"), format!("{}\n", uri("safe", "vendor")));
}

#[test]
fn what_a_token_does_not_do_is_told_and_nothing_is_issued() {
    let desk = registered("token-refuses");
    let issue =
        |key: &str, more: &str| desk.at(&format!("license issue order.toml --key {key} --unbound --out a.json {more}"));
    let token = uri("safe", "vendor");
    let wrong = issue(&token, "--passphrase-file wrong-pin");
    assert_eq!(ending(&wrong), (Some(4), "pin-wrong".to_owned()));
    assert!(said(&wrong).starts_with("error: The PIN of the token `safe` is wrong."), "{}", said(&wrong));
    let none = issue(&token, "");
    assert_eq!(ending(&none), (Some(8), "passphrase-needed".to_owned()));
    let unregistered = issue(&uri("safe", "nothing"), "--passphrase-file pin");
    assert_eq!(ending(&unregistered), (Some(5), "not-found".to_owned()));
    assert!(said(&unregistered).contains("in the token `safe` as `nothing`: run `key register` first."));
    let pin = format!("{token}&pin-value={PIN}");
    assert_eq!(issue(&pin, "").status.code(), Some(2));
    for output in [wrong, none, unregistered] {
        assert!(!said(&output).contains(PIN) && !said(&output).contains("31415926"), "{}", said(&output));
    }
    // The token is pulled out.
    fs::rename(desk.path("tokens"), desk.path("pulled-out")).expect("it comes out");
    fs::create_dir(desk.path("tokens")).expect("a folder");
    let pulled_out = issue(&token, "--passphrase-file pin");
    assert_eq!(ending(&pulled_out), (Some(5), "token-missing".to_owned()));
    assert!(
        said(&pulled_out).starts_with("error: There is no token `safe`; there are: none.\n"),
        "{}",
        said(&pulled_out)
    );
    assert!(!desk.path("a.json").exists() && !desk.path("desk/ledger/city.json").exists());
}

#[test]
fn a_key_that_is_not_there_or_of_another_kind_is_not_registered() {
    let desk = desk("token-registers");
    let register = |uri: &str, pin: &str| {
        desk.at(&format!("key register {uri} --id card --purpose signing --passphrase-file {pin}"))
    };
    let missing = register(&uri("safe", "nothing"), "pin");
    assert_eq!(ending(&missing), (Some(5), "token-missing".to_owned()));
    let sentence = "error: The token `safe` has no secret key `nothing`; it has: `other`, `root`, `vendor`.\n";
    assert!(said(&missing).starts_with(sentence), "{}", said(&missing));
    let elsewhere = register(&uri("drawer", "vendor"), "pin");
    assert_eq!(ending(&elsewhere), (Some(5), "token-missing".to_owned()));
    assert!(said(&elsewhere).starts_with("error: There is no token `drawer`; there are: `safe` (serial "));
    let other = register(&uri("safe", "other"), "pin");
    assert_eq!(ending(&other), (Some(3), "token-key-unsuitable".to_owned()));
    assert!(said(&other).starts_with("error: The key `other` of the token `safe` is no Ed25519 key.\n"));
    assert_eq!(ending(&register(&uri("safe", "vendor"), "wrong-pin")), (Some(4), "pin-wrong".to_owned()));
    let no_library = register("pkcs11:token=safe;object=vendor?module-path=/nowhere/p11.so", "pin");
    assert_eq!(ending(&no_library), (Some(5), "token-missing".to_owned()));
    assert!(!desk.path("desk/card.signing.jwk").exists());

    assert_eq!(register(&uri("safe", "vendor"), "pin").status.code(), Some(0));
    let again =
        desk.at(&format!("key register {} --id twin --purpose root --passphrase-file pin", uri("safe", "vendor")));
    assert_eq!(ending(&again), (Some(2), "usage".to_owned()));
    assert!(said(&again).starts_with("error: This key is in the workspace already, as the signing key `card`.\n"));
}

#[test]
fn another_key_under_the_same_label_is_not_taken_for_the_registered_one() {
    let desk = registered("token-swapped");
    fs::remove_dir_all(desk.path("tokens")).expect("the token is lost");
    fs::create_dir(desk.path("tokens")).expect("a folder");
    let mut make = Command::new(env!("CARGO_BIN_EXE_make-token"));
    let made = make.args([library(), "safe", PIN, "vendor=ed25519"]).envs(desk.environment.clone()).status();
    assert!(made.expect("a token is made").success());
    let output = desk.at("license issue order.toml --key card --unbound --passphrase-file pin --out a.json");
    assert_eq!(ending(&output), (Some(3), "key-invalid".to_owned()));
    let sentence = "error: The key `vendor` of the token `safe` is another one than the workspace has as `card`.\n";
    assert!(said(&output).starts_with(sentence), "{}", said(&output));
}
