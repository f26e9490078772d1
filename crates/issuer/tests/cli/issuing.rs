//! From an order to a file, and the ledger between.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{ORDER, Said, Scratch, done};

#[test]
fn an_order_becomes_a_file_that_gives_what_it_says() {
    let scratch = Scratch::desk();
    let issued = scratch.at_desk("license issue order.toml --key signing-1 --order PO-7781 --unbound --passphrase-file pass --out license.json --json");
    assert_eq!((issued.code, issued.err.as_str()), (0, ""));
    let verified = scratch.at_desk("license verify license.json --json");
    assert_eq!((verified.code, verified.err.as_str()), (0, ""));
    let says = verified.json();
    let line = |id: &str, count: u32| json!({ "id": id, "count": count, "from": null, "until": null, "trial": false });
    assert_eq!(says["user_types"], json!([line("viewer", 25), line("creator", 5)]));
    assert_eq!((&says["verified"], &says["state"]), (&json!(true), &json!("in-term")));
    assert_eq!((&says["sequence"], &says["supersedes"], &says["portal"]), (&json!(1), &Value::Null, &Value::Null));
    assert_eq!((&says["vendor"], &says["until"]), (&json!("Example Vendor"), &Value::Null));
    assert_eq!(says["customer"], json!({ "id": "city-of-example", "name": "City of Example" }));

    let ledger = scratch.json("desk/ledger/city-of-example.json");
    assert_eq!((&ledger["last_sequence"], &ledger["last_identity"]), (&json!(1), &says["identity"]));
    let entry = &ledger["issued"][0];
    assert_eq!(
        (&entry["order"], &entry["license"], &entry["key"]),
        (&json!("PO-7781"), &says["license"], &json!("signing-1"))
    );
}

#[test]
fn the_next_file_of_a_contract_follows_the_one_before() {
    let scratch = Scratch::issued();
    let first = scratch.at_desk("license verify license.json --json").json();
    assert_eq!(scratch.issue("second.json").code, 0);
    scratch.write("order.toml", ORDER.replace("\"city-of-example\"\n", "\"county\"\n").as_bytes());
    assert_eq!(scratch.issue("county.json").code, 0);
    let second = scratch.at_desk("license verify second.json --json").json();
    let county = scratch.at_desk("license verify county.json --json").json();
    assert_eq!((&second["sequence"], &second["supersedes"]), (&json!(2), &first["identity"]));
    assert_eq!((&county["sequence"], &county["supersedes"]), (&json!(1), &Value::Null));
    let number = |license: &Value| license["license"].as_str().unwrap_or_default()["SW-2026-".len()..].to_owned();
    assert_eq!((number(&first), number(&second), number(&county)), ("000001".into(), "000002".into(), "000003".into()));
}

#[test]
fn issuers_at_once_never_share_a_sequence() {
    const ISSUERS: usize = 8;
    let scratch = Scratch::desk();
    let mut running = Vec::new();
    for number in 0..ISSUERS {
        let out = format!("{number}.json");
        let arguments = [
            "--dir",
            "desk",
            "license",
            "issue",
            "order.toml",
            "--key",
            "signing-1",
            "--unbound",
            "--passphrase-file",
            "pass",
            "--out",
            &out,
        ];
        running.push(scratch.command(&arguments).spawn().unwrap());
    }
    assert!(running.iter_mut().all(|issuer| issuer.wait().unwrap().success()));
    let files = (0..ISSUERS)
        .map(|number| scratch.run(&["--dir", "desk", "license", "verify", &format!("{number}.json"), "--json"]).json());
    let files = files.collect::<Vec<_>>();
    let sequences = files.iter().filter_map(|file| file["sequence"].as_u64()).collect::<BTreeSet<_>>();
    assert_eq!(sequences, (1..=ISSUERS as u64).collect());
    let identity = |sequence: u64| files.iter().find(|file| file["sequence"] == sequence).map(|file| &file["identity"]);
    for file in files.iter().filter(|file| file["sequence"] != 1) {
        assert_eq!(Some(&file["supersedes"]), identity(file["sequence"].as_u64().unwrap() - 1));
    }
    let licenses = files.iter().map(|file| file["license"].to_string()).collect::<BTreeSet<_>>();
    assert_eq!(licenses.len(), ISSUERS);
}

#[test]
fn a_taken_name_stays_as_it_is_and_no_sequence_is_spent() {
    let scratch = Scratch::desk();
    scratch.write("license.json", b"mine");
    let said = scratch.issue("license.json");
    assert_eq!((said.code, said.error()), (6, "file-exists"));
    assert_eq!(
        said.err,
        "error: The file `license.json` exists already.\n  Choose another name, or move the old file away.\n  (file-exists)\n"
    );
    assert_eq!((scratch.read("license.json").as_str(), scratch.names("desk/ledger").len()), ("mine", 0));
    let nowhere = scratch.issue("nowhere/license.json");
    assert_eq!((nowhere.code, nowhere.error()), (1, "file-unwritable"));
    assert!(!scratch.path("desk/ledger/city-of-example.json").exists());
    assert_eq!(scratch.names(""), ["desk", "license.json", "order.toml", "pass"]);
}

#[test]
fn without_a_name_the_file_is_the_answer() {
    let scratch = Scratch::desk();
    let said = scratch.at_desk("license issue order.toml --key signing-1 --unbound --passphrase-file pass");
    scratch.write("piped.json", said.out.as_bytes());
    assert_eq!((said.code, scratch.verify("piped.json").code), (0, 0));
}

#[test]
fn a_ledger_that_cannot_be_read_stops_everything() {
    for damage in [
        "",
        "{}",
        r#"{"schema":1,"contract":"county","last_sequence":0,"last_identity":null,"issued":[]}"#,
        r#"{"schema":1,"contract":"city-of-example","last_sequence":7,"last_identity":null,"issued":[]}"#,
    ] {
        let scratch = Scratch::desk();
        scratch.write("desk/ledger/city-of-example.json", damage.as_bytes());
        let said = scratch.issue("license.json");
        assert_eq!((said.code, said.error()), (40, "ledger-damaged"), "{damage}");
        assert!(!scratch.path("license.json").exists());
    }
}

#[test]
fn a_bound_file_opens_on_its_portal_only() {
    let scratch = Scratch::desk();
    let key = entitlement::SecretKey::self_named(&[9; 32]);
    let asked = entitlement::Moment::parse("2026-01-01T00:00:00Z").unwrap();
    scratch.write("request.json", entitlement::seal_activation_request(&key, asked).unwrap().as_bytes());
    let issue = scratch.at_desk(
        "license issue order.toml --key signing-1 --portal request.json --passphrase-file pass --out license.json",
    );
    assert_eq!((issue.code, issue.err.as_str()), (0, ""));
    let portal = key.kid().as_str();
    let says =
        scratch.run(&["--dir", "desk", "license", "verify", "license.json", "--portal", portal, "--json"]).json();
    assert_eq!(says["portal"], portal);
    assert_eq!(scratch.json("desk/ledger/city-of-example.json")["issued"][0]["portal"], portal);
    assert_eq!(scratch.verify("license.json").code, 0);
    let other = scratch.at_desk("license verify license.json --portal other");
    assert_eq!((other.code, other.error()), (13, "license-wrong-portal"));
    let not_a_request = scratch.at_desk("license issue order.toml --key signing-1 --portal license.json");
    assert_eq!((not_a_request.code, not_a_request.error()), (12, "license-wrong-kind"));
}

#[test]
fn binding_is_a_choice_that_somebody_makes() {
    let scratch = Scratch::desk();
    let issue = ["--dir", "desk", "license", "issue", "order.toml", "--key", "signing-1"];
    assert_eq!(scratch.run(&issue).code, 2);
    assert_eq!(scratch.run(&[&issue[..], &["--unbound", "--portal", "r.json"]].concat()).code, 2);
    assert_eq!(scratch.names("desk/ledger").len(), 0);
}

#[test]
fn the_demonstration_workspace_issues_every_example_order() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let scratch = Scratch::empty();
    done(std::fs::create_dir(scratch.path("keys")));
    for entry in done(std::fs::read_dir(repository.join("keys"))).flatten().filter(|entry| entry.path().is_file()) {
        done(std::fs::copy(entry.path(), scratch.path("keys").join(entry.file_name())));
    }
    let mut orders = done(std::fs::read_dir(repository.join("examples/orders")))
        .flatten()
        .map(|entry| entry.path())
        .collect::<Vec<_>>();
    orders.sort();
    let names =
        orders.iter().map(|order| order.file_stem().unwrap().to_string_lossy().into_owned()).collect::<Vec<_>>();
    assert_eq!(names, ["add-ons", "first-try", "thirty-seats", "trial"]);
    for (order, name) in orders.iter().zip(names) {
        let out = format!("{name}.json");
        let issue = scratch.run(&[
            "--dir",
            "keys",
            "license",
            "issue",
            &order.to_string_lossy(),
            "--key",
            "demo",
            "--passphrase-file",
            "keys/demo.passphrase",
            "--unbound",
            "--out",
            &out,
        ]);
        assert_eq!((issue.code, issue.err.as_str()), (0, ""), "{name}");
        let verify = |now: &str| scratch.run(&["--dir", "keys", "license", "verify", &out, "--now", now, "--json"]);
        // Opening at a time long before the file was issued would be refused, so the term is what decides here.
        let Said { code, err, .. } = verify(if name == "add-ons" { "2099-01-01" } else { "2126-01-01" });
        assert_eq!(code, if ["add-ons", "first-try"].contains(&name.as_str()) { 0 } else { 20 }, "{name}: {err}");
    }
}
