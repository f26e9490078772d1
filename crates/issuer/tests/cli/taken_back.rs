//! Keys, licenses and sequences that the vendor takes back.

use serde_json::json;

use crate::harness::{Said, Scratch};

fn build(scratch: &Scratch, out: &str) -> Said {
    scratch.at_desk(&format!("trust build --root root-1 --passphrase-file pass --out {out}"))
}

fn revoke_key(scratch: &Scratch, key: &str, from: &str) -> Said {
    scratch.run(&["--dir", "desk", "key", "revoke", key, "--reason", "the laptop was stolen", "--from", from])
}

#[test]
fn a_revoked_key_signs_nothing_from_then_on_and_the_next_list_says_so() {
    let scratch = Scratch::issued();
    let said = revoke_key(&scratch, "signing-1", "2025-01-01");
    let license = scratch.license();
    let what = "Revoked the signing key signing-1 from 2025-01-01T00:00:00Z: the laptop was stolen\n";
    assert_eq!(said.out, format!("{what}  ends                    {license}\n"));
    let next = "Next: `trust build`. A portal imports nothing that this key signed, whatever its date: issue those files \
                again with another key.\n";
    assert_eq!(said.err, next);
    let issue = scratch.issue("b.json");
    assert_eq!((issue.code, issue.error()), (11, "key-revoked"));
    let sentence = "error: The key `signing-1` is revoked from 2025-01-01T00:00:00Z (the laptop was stolen) and signs \
                    nothing any more.\n";
    assert!(issue.err.starts_with(sentence), "{}", issue.err);
    assert!(!scratch.path("b.json").exists());

    // Until a list says so, the files are as good as before.
    assert_eq!(scratch.verify("license.json").code, 0);
    let built = build(&scratch, "trust-2.json");
    assert_eq!(
        built.out,
        "Made the trust list version 2 with the keys signing-1: trust-2.json\n  \
         revoked    the key signing-1 from 2025-01-01T00:00:00Z\n"
    );
    assert_eq!(
        (scratch.verify("license.json").code, scratch.verify("license.json").error()),
        (11, "license-key-revoked")
    );
    let list = scratch.at_desk("key list").out;
    assert!(list.contains(", revoked from 2025-01-01T00:00:00Z\n"), "{list}");
    assert_eq!(scratch.at_desk("key rotate signing-1 --to x --passphrase-file pass").error(), "key-revoked");
}

#[test]
fn a_revocation_is_never_weakened_and_may_be_told_earlier() {
    let scratch = Scratch::issued();
    let days = |scratch: &Scratch, day: &str| {
        let said = revoke_key(scratch, "signing-1", day);
        (said.code, said.error().to_owned())
    };
    assert_eq!(days(&scratch, "2998-01-01").0, 0);
    assert_eq!(days(&scratch, "2998-01-01"), (6, "already-revoked".to_owned()));
    assert_eq!(days(&scratch, "2998-06-01"), (6, "already-revoked".to_owned()));
    assert_eq!(build(&scratch, "trust-2.json").code, 0);
    assert_eq!(days(&scratch, "2020-02-01").0, 0);
    let built = build(&scratch, "trust-3.json");
    assert!(built.out.ends_with("  revoked    the key signing-1 from 2020-02-01T00:00:00Z\n"), "{}", built.out);
    // A later list says it still, also where the record is lost.
    std::fs::remove_file(scratch.path("desk/revocations.json")).unwrap();
    assert_eq!(build(&scratch, "trust-4.json").code, 0);
    let list = scratch.at_desk("trust verify trust-4.json --json").json();
    assert_eq!(list["revoked_keys"], json!([{ "kid": "signing-1", "from": "2020-02-01T00:00:00Z" }]));
    let issue = scratch.issue("b.json");
    assert_eq!((issue.code, issue.error()), (11, "key-revoked"));
}

#[test]
fn a_file_from_before_the_revocation_stays_where_it_is_installed() {
    let scratch = Scratch::issued();
    let said = revoke_key(&scratch, "signing-1", "2998-01-01");
    let row = format!("\n  stays where installed   {}\n", scratch.license());
    assert!(said.out.ends_with(&row), "{}", said.out);
}

#[test]
fn a_revoked_root_signs_no_list_and_leaves_the_set_of_the_next_build() {
    let scratch = Scratch::desk();
    let alone = scratch.at_desk("key revoke root-1 --reason lost --from 2026-01-01 --dry-run --json").json();
    assert_eq!((&alone["purpose"], &alone["roots_left"]), (&"root".into(), &json!([])));
    for root in ["root-2", "root-3"] {
        assert_eq!(scratch.at_desk(&format!("key generate --id {root} --purpose root --passphrase-file pass")).code, 0);
    }
    let said = scratch.at_desk("key revoke root-1 --reason lost --from 2026-01-01");
    assert_eq!((said.code, said.out.as_str()), (0, "Revoked the root key root-1 from 2026-01-01T00:00:00Z: lost\n"));
    let next = "No list says that a root is revoked; the next build drops it. Next: `trust build --root root-2`, then build \
                the portals with the roots of `key export root-2 root-3`.\n";
    assert_eq!(said.err, next);
    let by_the_lost = build(&scratch, "trust-2.json");
    assert_eq!((by_the_lost.code, by_the_lost.error()), (11, "key-revoked"));
    let exported = scratch.at_desk("key export root-1 root-2");
    assert_eq!((exported.code, exported.error()), (11, "key-revoked"));
    let by_another = scratch.at_desk("trust build --root root-2 --passphrase-file pass --out trust-2.json");
    assert_eq!(by_another.code, 0, "{}", by_another.err);
    let list = scratch.at_desk("trust verify trust-2.json --json").json();
    assert_eq!((&list["signed_by"], &list["revoked_keys"]), (&"root-2".into(), &json!([])));
    std::fs::write(scratch.path("roots.json"), scratch.at_desk("key export root-2 root-3").out).unwrap();
    let next_build = |file: &str| scratch.at_desk(&format!("trust verify {file} --roots roots.json")).code;
    assert_eq!((next_build("trust-2.json"), next_build("desk/trust.json")), (0, 11));
}

#[test]
fn a_revoked_license_ends_with_the_next_list() {
    let scratch = Scratch::issued();
    let license = scratch.license();
    let revoke = |id: &str| scratch.run(&["--dir", "desk", "license", "revoke", id, "--reason", "paid back"]);
    let unknown = revoke("SW-1999-000001");
    assert_eq!((unknown.code, unknown.error()), (5, "not-found"));
    let known = format!("error: This desk has issued no license `SW-1999-000001`; its ledger has: {license}.\n");
    assert!(unknown.err.starts_with(&known), "{}", unknown.err);
    let said = revoke(&license);
    assert_eq!(said.out, format!("Revoked the license {license} (sequence 1 of city-of-example): paid back\n"));
    assert_eq!(said.err, "Next: `trust build`, and give the list to the portals; until then nothing changes there.\n");
    let again = revoke(&license);
    assert_eq!((again.code, again.error()), (6, "already-revoked"));
    assert_eq!(scratch.verify("license.json").code, 0);
    assert!(build(&scratch, "trust-2.json").out.ends_with(&format!("\n  revoked    the license {license}\n")));
    let ended = scratch.verify("license.json");
    assert_eq!((ended.code, ended.error()), (20, "license-revoked"));
}

#[test]
fn the_earlier_files_of_a_contract_are_withdrawn_by_their_sequence() {
    let scratch = Scratch::issued();
    assert_eq!(scratch.issue("second.json").code, 0);
    let withdraw = |contract: &str, below: &str| {
        scratch.run(&["--dir", "desk", "license", "withdraw", contract, "--below", below, "--reason", "fewer seats"])
    };
    let slip = withdraw("city-of-example", "20");
    assert_eq!((slip.code, slip.error()), (2, "usage"));
    assert_eq!(withdraw("city-of-example", "1").code, 2);
    let unknown = withdraw("city-of-nowhere", "2");
    assert_eq!((unknown.code, unknown.error()), (5, "not-found"));
    assert!(unknown.err.contains("; its ledger has: city-of-example.\n"), "{}", unknown.err);
    let said = withdraw("city-of-example", "2");
    let rows = format!("\n  ends                    {}\n", scratch.license());
    assert_eq!(said.out, format!("Withdrew the files of city-of-example below sequence 2: fewer seats{rows}"));
    assert_eq!(withdraw("city-of-example", "2").error(), "already-revoked");
    let built = build(&scratch, "trust-2.json");
    assert!(built.out.ends_with("\n  withdrawn  the files of city-of-example below sequence 2\n"), "{}", built.out);
    assert_eq!(scratch.verify("license.json").error(), "license-revoked");
    assert_eq!(scratch.verify("second.json").code, 0);
    assert_eq!(withdraw("city-of-example", "3").code, 0);
    let built = build(&scratch, "trust-3.json");
    assert!(built.out.ends_with(" below sequence 3 (was 2)\n"), "{}", built.out);
    let list = scratch.at_desk("trust verify trust-3.json --json").json();
    assert_eq!(list["min_sequence"], json!({ "city-of-example": 3 }));
    let shown = scratch.at_desk("trust verify trust-3.json").out;
    assert!(shown.ends_with("\n  withdrawn the files of city-of-example below sequence 3\n"), "{shown}");
}

#[test]
fn a_damaged_record_stops_the_desk_instead_of_forgetting() {
    let scratch = Scratch::issued();
    for (text, _why) in
        [("{", "cut off"), ("{\"schema\": 2, \"keys\": {}, \"licenses\": {}, \"contracts\": {}}", "later")]
    {
        scratch.write("desk/revocations.json", text.as_bytes());
        for said in
            [build(&scratch, "trust-2.json"), scratch.issue("b.json"), revoke_key(&scratch, "signing-1", "2026-01-01")]
        {
            assert_eq!((said.code, said.error()), (40, "ledger-damaged"), "{text}");
        }
    }
}

#[test]
fn a_dry_run_takes_nothing_back() {
    let scratch = Scratch::issued();
    let license = scratch.license();
    for line in [
        "key revoke signing-1 --reason r --from 2026-01-01 -n".to_owned(),
        format!("license revoke {license} --reason r -n"),
        "license withdraw city-of-example --below 2 --reason r -n".to_owned(),
    ] {
        let said = scratch.at_desk(&line);
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(said.out.starts_with("Would ") && said.err.is_empty(), "{}", said.out);
    }
    assert!(!scratch.path("desk/revocations.json").exists());
}
