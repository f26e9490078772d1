//! The rehearsal of the key ceremony.

use crate::harness::{Said, Scratch, done};

fn rehearse(scratch: &Scratch, more: &[&str]) -> Said {
    let mut command = scratch.command(&[&["--dir", "desk", "trust", "rehearse"], more].concat());
    Said::of(done(command.env("TMPDIR", scratch.path("temporary")).output()))
}

#[test]
fn every_expectation_holds_and_nothing_is_left_or_touched() {
    let scratch = Scratch::desk();
    done(std::fs::create_dir(scratch.path("temporary")));
    let before = (scratch.names("desk"), scratch.read("desk/workspace.json"));
    let said = rehearse(&scratch, &[]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert!(said.out.ends_with("\n52 of 52 expectations held; the folder and its keys are gone.\n"), "{}", said.out);
    assert!(!said.out.contains("UNEXPECTED"), "{}", said.out);
    for (number, act) in
        (1..).zip(["The ceremony: ", "Rotation: ", "A signing key is stolen: ", "A license ", "A root "])
    {
        assert!(said.out.contains(&format!("{number}. {act}")), "{act}");
    }
    assert_eq!((scratch.names("desk"), scratch.read("desk/workspace.json")), before);
    assert_eq!(scratch.names("temporary"), Vec::<String>::new());
}

#[test]
fn programs_read_each_step_with_what_was_expected() {
    let scratch = Scratch::empty();
    done(std::fs::create_dir(scratch.path("temporary")));
    let facts = rehearse(&scratch, &["--json"]).json();
    assert_eq!((&facts["held"], &facts["broken"]), (&52.into(), &0.into()));
    let steps = facts["steps"].as_array().unwrap();
    let codes = ["license-key-unknown", "license-key-retired", "license-key-revoked", "license-revoked", "key-revoked"];
    for code in codes {
        let expected = format!("refused ({code})");
        let told = steps.iter().filter(|step| step["expected"] == expected.as_str());
        assert!(told.clone().count() > 0, "{code}");
        assert!(told.clone().all(|step| step["says"].as_str().unwrap().ends_with(&format!("({code})"))), "{code}");
    }
    assert!(steps.iter().all(|step| step["held"] == true && (step["who"] == "desk" || step["who"] == "portal")));
}

#[test]
fn a_folder_that_is_in_the_way_or_missing_is_named() {
    let scratch = Scratch::empty();
    let said = rehearse(&scratch, &[]);
    assert_ne!(said.code, 0);
    assert!(said.err.contains("seatwarden-rehearsal-"), "{}", said.err);
}
