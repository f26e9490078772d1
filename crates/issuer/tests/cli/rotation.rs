//! One signing key after another, and the days on which each may sign.

use entitlement::{Moment, PublicKey, Roots};

use crate::harness::Scratch;

const BUILD: &str = "trust build --root root-1 --passphrase-file pass --out";

fn issue(scratch: &Scratch, key: &str, out: &str) -> (i32, String) {
    let said =
        scratch.at_desk(&format!("license issue order.toml --key {key} --unbound --passphrase-file pass --out {out}"));
    (said.code, said.error().to_owned())
}

fn rotate(scratch: &Scratch, more: &str) -> crate::harness::Said {
    scratch.at_desk(&format!("key rotate signing-1 --to signing-2 --passphrase-file pass {more}"))
}

#[test]
fn the_new_key_signs_once_it_is_published_and_the_old_one_until_it_retires() {
    let scratch = Scratch::issued();
    let said = rotate(&scratch, "--from 2020-01-01 --until 2999-01-01 --retire 2998-01-01");
    assert_eq!(
        said.out,
        "Put the key signing-2 in the place of signing-1\n  \
         signs      signing-2 from 2020-01-01T00:00:00Z up to 2999-01-01T00:00:00Z\n  \
         retires    signing-1 at 2998-01-01T00:00:00Z (was 2999-01-01T00:00:00Z)\n"
    );
    assert_eq!(
        said.err,
        "Next: `trust build`, and give the list to the portals; `signing-2` signs only once a list has published it.\n"
    );
    assert_eq!(issue(&scratch, "signing-2", "b.json"), (11, "license-key-unknown".to_owned()));

    let dry = scratch.at_desk(&format!("{BUILD} trust-2.json -n"));
    let changes = "  added      the key signing-2 from 2020-01-01T00:00:00Z up to 2999-01-01T00:00:00Z\n  \
                   retires    the key signing-1 from 2020-01-01T00:00:00Z up to 2998-01-01T00:00:00Z \
                   (was 2020-01-01T00:00:00Z up to 2999-01-01T00:00:00Z)\n";
    let head = "trust list version 2 with the keys signing-1, signing-2";
    assert_eq!(dry.out, format!("Would make the {head}; nothing was made.\n{changes}"));
    let build = scratch.at_desk(&format!("{BUILD} trust-2.json"));
    assert_eq!(build.out, format!("Made the {head}: trust-2.json\n{changes}"));
    assert_eq!(issue(&scratch, "signing-2", "b.json").0, 0);
    assert_eq!(issue(&scratch, "signing-1", "c.json").0, 0);
    for file in ["license.json", "b.json", "c.json"] {
        assert_eq!(scratch.verify(file).code, 0, "{file}");
    }
}

#[test]
fn a_key_whose_day_lies_ahead_signs_nothing_and_names_the_one_that_may() {
    let scratch = Scratch::desk();
    assert_eq!(rotate(&scratch, "--from 2997-01-01").code, 0);
    assert_eq!(scratch.at_desk(&format!("{BUILD} trust-2.json")).code, 0);
    let early =
        scratch.at_desk("license issue order.toml --key signing-2 --unbound --passphrase-file pass --out b.json");
    assert_eq!((early.code, early.error()), (11, "key-not-yet-valid"));
    assert!(early.err.starts_with("error: The key `signing-2` may sign from 2997-01-01T00:00:00Z, and now is "));
    assert!(early.err.contains(". What may sign now: `signing-1`.\n"), "{}", early.err);
    assert_eq!(scratch.names("desk/ledger"), [".lock"]);
    // The old key stays for a month more.
    let shown = scratch.at_desk("key show signing-1 --json").json();
    assert_eq!(shown["until"], "2997-01-31T00:00:00Z");
}

#[test]
fn a_retired_key_signs_nothing_as_soon_as_the_desk_knows() {
    let scratch = Scratch::desk();
    let said = rotate(&scratch, "--from 2020-01-01 --until 2999-01-01 --retire 2020-06-01");
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(issue(&scratch, "signing-1", "a.json"), (11, "key-retired".to_owned()));
    assert_eq!(scratch.at_desk(&format!("{BUILD} trust-2.json")).code, 0);
    assert_eq!(issue(&scratch, "signing-1", "a.json"), (11, "key-retired".to_owned()));
    assert_eq!(issue(&scratch, "signing-2", "a.json").0, 0);
}

#[test]
fn a_key_does_not_retire_before_the_last_file_that_it_signed() {
    let scratch = Scratch::issued();
    let refused = rotate(&scratch, "--from 2020-01-01 --retire 2020-06-01");
    assert_eq!((refused.code, refused.error()), (6, "key-in-use"));
    let license = scratch.at_desk("license verify license.json --json").json();
    let said = format!(
        "error: The key `signing-1` cannot retire at 2020-06-01T00:00:00Z: it signed {} at {}.\n",
        license["license"].as_str().unwrap(),
        license["issued_at"].as_str().unwrap()
    );
    assert!(refused.err.starts_with(&said), "{}", refused.err);
    assert!(!scratch.names("desk").contains(&"signing-2.signing.pem".to_owned()));
}

#[test]
fn a_rotation_that_makes_no_sense_is_refused_and_changes_nothing() {
    let scratch = Scratch::desk();
    let before = scratch.read("desk/workspace.json");
    let at = |line: &str| {
        let said = scratch.at_desk(line);
        (said.code, said.error().to_owned())
    };
    let usage = (2, "usage".to_owned());
    assert_eq!(at("key rotate signing-1 --to signing-1 --passphrase-file pass"), usage);
    let gap = "key rotate signing-1 --to x --from 2030-01-01 --retire 2029-01-01 --passphrase-file pass";
    assert_eq!(at(gap), usage);
    assert_eq!(at("key rotate nobody --to x --passphrase-file pass"), (5, "not-found".to_owned()));
    assert_eq!(at("key rotate root-1 --to x --passphrase-file pass"), (3, "key-wrong-purpose".to_owned()));
    assert_eq!(at("key rotate signing-1 --to root-1 --passphrase-file pass"), (6, "file-exists".to_owned()));
    assert_eq!(at("key rotate signing-1 --to x --no-input"), (8, "passphrase-needed".to_owned()));
    assert_eq!(at("key rotate signing-1 --to x --dry-run").0, 0);
    assert_eq!((scratch.read("desk/workspace.json"), scratch.names("desk").len()), (before, 7));
}

#[test]
fn a_key_that_is_there_already_may_follow_an_old_one() {
    let scratch = Scratch::desk();
    let generate =
        "key generate --id signing-2 --purpose signing --from 2020-01-01 --until 2999-01-01 --passphrase-file pass";
    assert_eq!(scratch.at_desk(generate).code, 0);
    let refused = rotate(&scratch, "--from 2021-01-01");
    assert_eq!((refused.code, refused.error()), (2, "usage"));
    let said = scratch.at_desk("key rotate signing-1 --to signing-2 --retire 2998-01-01 --json").json();
    assert_eq!((&said["made"], &said["retires"]["at"]), (&false.into(), &"2998-01-01T00:00:00Z".into()));
    assert_eq!(scratch.at_desk("key show signing-1 --json").json()["until"], "2998-01-01T00:00:00Z");
}

#[test]
fn the_usual_overlap_is_a_month_of_whole_days_and_never_lengthens_a_life() {
    let scratch = Scratch::desk();
    let said = rotate(&scratch, "--from 2990-05-01 --json").json();
    assert_eq!(said["retires"]["at"], "2990-05-31T00:00:00Z");
    let short = Scratch::desk();
    let said = rotate(&short, "--from 2998-12-20 --json").json();
    assert_eq!(said["retires"]["at"], "2999-01-01T00:00:00Z");
    assert_eq!(said["until"], Moment::parse("2998-12-20T00:00:00Z").unwrap().plus_seconds(731 * 86_400).to_string());
}

#[test]
fn several_roots_are_exported_as_one_set_and_never_with_a_signing_key() {
    let scratch = Scratch::desk();
    assert_eq!(scratch.at_desk("key generate --id root-2 --purpose root --passphrase-file pass").code, 0);
    let set = Roots::from_jwk_set(scratch.at_desk("key export root-1 root-2").out.as_bytes()).unwrap();
    let kids: Vec<String> = set.iter().map(PublicKey::kid).map(ToString::to_string).collect();
    assert_eq!(kids, ["root-1", "root-2"]);
    let mixed = scratch.at_desk("key export root-1 signing-1");
    assert_eq!((mixed.code, mixed.error(), mixed.out.as_str()), (3, "key-wrong-purpose", ""));
    let twice = scratch.at_desk("key export root-1 root-1");
    assert_eq!((twice.code, twice.error()), (2, "usage"));
    assert_eq!(scratch.at_desk("key export root-1 nobody").error(), "not-found");
}
