//! Files that are not what they should be: each has its own code, sentence and exit.

use std::fs::File;

use serde_json::Value;

use crate::harness::{Said, Scratch, done};

fn ended(said: &Said) -> (i32, &str) {
    (said.code, said.error())
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    let scratch = Scratch::issued();
    scratch.write("empty.json", b"");
    scratch.write("latin.json", b"{\"about\": \"K\xf6ln\"}");
    scratch.write("cut.json", &scratch.read("license.json").as_bytes()[..400]);
    scratch.write("spaces.json", b" \n \n");
    done(File::create(scratch.path("huge.json")).and_then(|file| file.set_len(1 << 30)));
    for (file, code, error) in [
        ("absent.json", 5, "file-not-found"),
        ("desk", 5, "file-is-directory"),
        // A file that opens and whose first byte cannot be read, whoever asks.
        ("/proc/self/mem", 5, "file-unreadable"),
        ("empty.json", 12, "license-empty"),
        ("spaces.json", 12, "license-empty"),
        ("huge.json", 12, "license-too-large"),
        ("/dev/zero", 12, "license-too-large"),
        ("latin.json", 12, "license-not-utf8"),
        ("cut.json", 12, "license-malformed"),
        ("order.toml", 12, "license-malformed"),
        ("desk/trust.json", 12, "license-wrong-kind"),
    ] {
        assert_eq!(ended(&scratch.verify(file)), (code, error), "{file}");
        let as_trust = scratch.run(&["--dir", "desk", "license", "verify", "license.json", "--trust", file]);
        if file != "desk/trust.json" {
            assert_eq!(ended(&as_trust), (code, error), "{file}");
        }
    }
}

#[test]
fn a_refused_file_is_named_with_what_is_wrong_and_what_to_do() {
    let scratch = Scratch::issued();
    assert_eq!(
        scratch.verify("absent.json").err,
        "error: There is no file `absent.json`.\n  Check the name and the folder.\n  (file-not-found)\n"
    );
    assert_eq!(
        scratch.verify("desk/trust.json").err,
        "error: `desk/trust.json` is refused: the file is of the kind `trust list`; needed is the kind `entitlement`.\n  \
         Give the file of the kind named; trust lists, catalogs and entitlements are different files.\n  \
         (license-wrong-kind)\n"
    );
}

/// The issued file after one edit of its outer members.
fn edited(scratch: &Scratch, edit: impl FnOnce(&mut Value)) -> Said {
    let mut file = scratch.json("license.json");
    edit(&mut file);
    scratch.write("edited.json", format!("{file:#}").as_bytes());
    scratch.verify("edited.json")
}

#[test]
fn an_edited_file_is_refused_and_a_reformatted_one_is_not() {
    let scratch = Scratch::issued();
    assert_eq!(edited(&scratch, |_| ()).code, 0);
    let summary = edited(&scratch, |file| file["about"]["user_types"]["viewer"] = 26.into());
    assert_eq!(ended(&summary), (15, "license-summary-edited"));
    let payload = edited(&scratch, |file| {
        let text = file["payload"].as_str().unwrap_or_default();
        let swapped = if text.ends_with('A') { "B" } else { "A" };
        file["payload"] = format!("{}{swapped}", &text[..text.len() - 1]).into();
    });
    assert_eq!(ended(&payload), (10, "license-signature"));
    let extra = edited(&scratch, |file| file["more"] = true.into());
    assert_eq!(extra.code, 12);
}

#[test]
fn a_file_of_another_vendor_is_refused() {
    let (ours, theirs) = (Scratch::issued(), Scratch::empty());
    theirs.write("pass", b"x\n");
    let init = [
        "--dir",
        "desk",
        "init",
        "--vendor",
        "V",
        "--from",
        "2020-01-01",
        "--until",
        "2999-01-01",
        "--passphrase-file",
        "pass",
    ];
    assert_eq!(theirs.run(&init).code, 0);
    let foreign = theirs.path("desk");
    let foreign = foreign.to_string_lossy();
    // The key has the same name there, so that only the signature tells.
    let said = ours.run(&["--dir", &foreign, "license", "verify", "license.json"]);
    assert_eq!(ended(&said), (10, "license-signature"));
    let trust = format!("{foreign}/trust.json");
    assert_eq!(ended(&ours.run(&["--dir", "desk", "trust", "verify", &trust])), (10, "license-signature"));
}

#[test]
fn roots_can_be_brought_along_instead_of_a_workspace() {
    let scratch = Scratch::issued();
    let roots = scratch.at_desk("key export root-1").out;
    scratch.write("roots.json", roots.as_bytes());
    let verify = ["license", "verify", "license.json", "--trust", "desk/trust.json", "--roots", "roots.json"];
    assert_eq!(scratch.run(&verify).code, 0);
    scratch.write("roots.json", b"{\"keys\":[]}");
    assert_eq!(ended(&scratch.run(&verify)), (3, "key-invalid"));
}

#[test]
fn a_good_file_out_of_its_term_is_described_and_still_no_success() {
    let scratch = Scratch::desk();
    let dated = scratch.read("order.toml").replace("from = 2020-01-01", "from = 2126-01-01\nlast_day = 2126-12-31");
    scratch.write("order.toml", dated.as_bytes());
    assert_eq!(scratch.issue("later.json").code, 0);
    for (now, code, error, state) in [
        ("2125-12-31T23:59:59Z", 21, "license-not-begun", "not-begun"),
        ("2126-01-01", 0, "", "in-term"),
        ("2126-12-31T23:59:59Z", 0, "", "in-term"),
        ("2127-01-01", 20, "license-ended", "ended"),
    ] {
        let said = scratch.run(&["--dir", "desk", "license", "verify", "later.json", "--now", now, "--json"]);
        assert_eq!((ended(&said), &said.json()["state"]), ((code, error), &state.into()), "{now}");
    }
    let early = scratch.at_desk("license verify later.json --now 2019-01-01");
    assert_eq!(ended(&early), (21, "license-issued-ahead"));
}

#[test]
fn inspect_shows_anything_and_vouches_for_nothing() {
    let scratch = Scratch::issued();
    let _ = edited(&scratch, |file| file["signature"] = "A".repeat(86).into());
    let table = scratch.run(&["license", "inspect", "edited.json"]);
    assert_eq!((table.code, table.err.as_str()), (0, "This file was not verified.\n"));
    assert!(
        table
            .out
            .starts_with("UNVERIFIED: anybody can write such a file; only `verify` tells whether it is genuine.\n")
    );
    let json = scratch.run(&["license", "inspect", "edited.json", "--json"]).json();
    assert_eq!((&json["verified"], &json["kind"]), (&false.into(), &"entitlement".into()));
    assert_eq!(json["payload"]["user_types"][0]["count"], 25);
    let trust = scratch.run(&["trust", "show", "desk/trust.json", "--json"]).json();
    assert_eq!((&trust["verified"], &trust["kind"]), (&false.into(), &"trust list".into()));
}

#[test]
fn mistakes_in_an_order_are_named_at_once_and_nothing_is_issued() {
    let scratch = Scratch::desk();
    let order = scratch.read("order.toml").replace("viewer = 25", "viwer = 25").replace("creator = 5", "creator = 0");
    scratch.write("order.toml", order.as_bytes());
    let said = scratch.issue("license.json");
    assert_eq!(said.code, 2);
    assert_eq!(
        said.err,
        "error: The order `order.toml` has 2 mistakes:
  line 5: `user_types` knows no `viwer`; did you mean `viewer`? Valid are: viewer, editor, mobile-worker, creator, \
gis-pro-basic, gis-pro-standard, gis-pro-advanced, insights-analyst, storyteller
  line 6: `creator` is 0; it must be a whole number from 1 to 4294967295
  Correct the lines that are named; every mistake is listed at once.
  (order-invalid)
"
    );
    assert_eq!(scratch.names(""), ["desk", "order.toml", "pass"]);
    assert_eq!(scratch.names("desk/ledger").len(), 0);
    scratch.write("order.toml", b"\xff");
    assert_eq!(ended(&scratch.issue("license.json")), (2, "order-invalid"));
    done(File::create(scratch.path("order.toml")).and_then(|file| file.set_len(1 << 30)));
    assert_eq!(ended(&scratch.issue("license.json")), (2, "order-invalid"));
}
