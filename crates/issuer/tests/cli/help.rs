//! What the program says of itself is true: the examples of its help texts run.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::harness::{Scratch, done};

/// Every verb with a help text of its own.
const VERBS: &[&[&str]] = &[
    &[],
    &["init"],
    &["key", "generate"],
    &["key", "list"],
    &["key", "show"],
    &["key", "export"],
    &["key", "register"],
    &["key", "rotate"],
    &["key", "revoke"],
    &["trust", "build"],
    &["trust", "rehearse"],
    &["trust", "show"],
    &["trust", "verify"],
    &["license", "issue"],
    &["license", "inspect"],
    &["license", "verify"],
    &["license", "revoke"],
    &["license", "withdraw"],
    &["explain"],
    &["completion"],
];

/// The example commands of a help text, continued lines joined.
fn examples(help: &str) -> Vec<String> {
    let joined = help.replace("\\\n", " ");
    joined.lines().filter_map(|line| line.trim_start().strip_prefix("seatwarden-issuer ").map(str::to_owned)).collect()
}

/// The words of a command as a shell splits them.
fn words(command: &str) -> Vec<&str> {
    let quoted = command.split('\'').enumerate();
    quoted
        .flat_map(|(index, part)| if index % 2 == 1 { vec![part] } else { part.split_whitespace().collect() })
        .collect()
}

/// What the example speaks of is there.
fn before(example: &str) -> Scratch {
    let on_a_file = ["license verify", "license inspect", "license revoke", "license withdraw"];
    let is_on_a_file = on_a_file.iter().any(|verb| example.contains(verb));
    let scratch = if is_on_a_file { Scratch::issued() } else { Scratch::desk() };
    if example.contains(" init ") {
        done(std::fs::remove_dir_all(scratch.path("desk")));
    }
    if example.contains("root-2") {
        assert_eq!(scratch.at_desk("key generate --id root-2 --purpose root --passphrase-file pass").code, 0);
    }
    scratch
}

/// The number of a license begins with the year in which it was issued.
fn of_this_year(example: &str) -> String {
    example.replace("SW-2026-000001", &Scratch::issued().license())
}

#[test]
fn every_verb_has_an_example_and_every_example_runs() {
    let ready = Scratch::issued();
    for verb in VERBS {
        let help = ready.run(&[verb, &["--help"][..]].concat());
        assert_eq!(help.code, 0, "{verb:?}");
        let examples = examples(&help.out);
        assert!(!examples.is_empty(), "{verb:?} has no example:\n{}", help.out);
        for example in examples {
            let (scratch, example) = (before(&example), of_this_year(&example));
            let said = scratch.run(&words(&example));
            assert_eq!(said.code, 0, "{example}\n{}", said.err);
        }
    }
}

#[test]
fn a_command_that_is_not_understood_ends_with_two() {
    let scratch = Scratch::empty();
    for arguments in [
        &[][..],
        &["fly"],
        &["key"],
        &["license", "verify"],
        &["key", "show", "a/b"],
        &["--format", "xml", "key", "list"],
    ] {
        let said = scratch.run(arguments);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{arguments:?}");
    }
}

#[test]
fn explain_knows_every_code_and_no_other() {
    let scratch = Scratch::empty();
    let all = scratch.run(&["explain", "--json"]).json();
    assert_eq!(all["codes"].as_array().unwrap().len(), errors::Code::ALL.len());
    let one = scratch.run(&["explain", "license-signature"]);
    assert_eq!(one.out, errors::Code::LicenseSignature.row().explanation());
    assert_eq!(scratch.run(&["explain", "license-signature", "--json"]).json()["exit"], 10);
    let none = scratch.run(&["explain", "no-such-code"]);
    assert_eq!((none.code, none.error()), (5, "code-unknown"));
}

#[test]
fn the_completion_script_is_one_that_bash_takes() {
    let script = Scratch::empty().run(&["completion", "bash"]).out;
    assert!(script.contains("license"));
    let mut bash = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn().unwrap();
    bash.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    assert!(bash.wait().unwrap().success());
}
