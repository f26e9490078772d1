//! The commands of `docs/OPERATING.md`, typed in their order.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::harness::{ORDER, Scratch, done};

/// What a reader types: the blocks that are marked as shell, without the indentation of a list.
fn blocks(page: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut block: Option<String> = None;
    for line in page.lines().map(str::trim_start) {
        match (line, &mut block) {
            ("```sh", None) => block = Some(String::new()),
            ("```", Some(_)) => blocks.extend(block.take()),
            (line, Some(text)) => *text += &format!("{line}\n"),
            (_, None) => {}
        }
    }
    blocks
}

/// In the place of the person at the terminal: every verb that asks for a passphrase gets it from a file.
const PERSON: &str = r#"#!/bin/sh
case "$*" in
    *' init '* | *' generate '* | *' rotate '* | *' build '* | *' issue '*) exec "$ISSUER" "$@" --passphrase-file pass ;;
    *) exec "$ISSUER" "$@" ;;
esac
"#;

#[test]
fn every_command_of_the_handbook_works_in_its_order() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/OPERATING.md");
    let page = done(std::fs::read_to_string(page));
    let scratch = Scratch::empty();
    scratch.write("order.toml", ORDER.as_bytes());
    scratch.write("pass", b"correct horse\n");
    done(std::fs::create_dir(scratch.path("bin")));
    scratch.write("bin/seatwarden-issuer", PERSON.as_bytes());
    done(std::fs::set_permissions(scratch.path("bin/seatwarden-issuer"), Permissions::from_mode(0o755)));
    let path = format!("{}:{}", scratch.path("bin").display(), std::env::var("PATH").unwrap_or_default());
    let blocks = blocks(&page);
    assert_eq!(blocks.len(), 12);
    for block in blocks {
        // The number of a license begins with the year in which it was issued.
        let block = block.replace("SW-2026-000001", &scratch.license());
        let mut shell = Command::new("sh");
        shell.args(["-e", "-c", &block]).env("ISSUER", env!("CARGO_BIN_EXE_seatwarden-issuer")).env("PATH", &path);
        let output = done(shell.current_dir(scratch.path("")).output());
        assert!(output.status.success(), "{block}\n{}", String::from_utf8_lossy(&output.stderr));
    }
    // The end of the story: five lists after the first, and the roots lie in the safes.
    let lists = scratch.names("").into_iter().filter(|name| name.starts_with("trust-")).count();
    assert_eq!((lists, scratch.names("safe-1").len(), scratch.names("safe-2").len()), (5, 2, 1));
    assert!(scratch.names("desk").iter().all(|name| !name.ends_with(".root.pem")));
    let list = scratch.at_desk("trust verify trust-6.json --roots roots.json --json").json();
    assert_eq!((&list["version"], &list["signed_by"]), (&6.into(), &"root-2".into()));
    let states = ["license.json", "next.json", "again.json"].map(|file| scratch.verify(file).error().to_owned());
    assert_eq!(states, ["license-revoked", "license-key-revoked", ""]);
}
