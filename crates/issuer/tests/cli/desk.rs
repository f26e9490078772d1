//! Workspaces, keys and trust lists.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::harness::{Said, Scratch, done};

#[test]
fn init_makes_a_flat_workspace_with_secrets_for_its_owner_only() {
    let scratch = Scratch::desk();
    assert_eq!(
        scratch.names("desk"),
        [
            "ledger",
            "root-1.root.jwk",
            "root-1.root.pem",
            "signing-1.signing.jwk",
            "signing-1.signing.pem",
            "trust.json",
            "workspace.json"
        ]
    );
    for secret in ["desk/root-1.root.pem", "desk/signing-1.signing.pem"] {
        let mode = std::fs::metadata(scratch.path(secret)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{secret}");
        assert!(scratch.read(secret).starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    }
    assert_eq!(scratch.json("desk/workspace.json")["vendor"], "Example Vendor");
}

#[test]
fn init_and_key_generate_never_overwrite() {
    let scratch = Scratch::desk();
    let before = scratch.read("desk/root-1.root.pem");
    let again = scratch.at_desk("init --vendor Other --passphrase-file pass");
    assert_eq!((again.code, again.error()), (6, "file-exists"));
    for (id, purpose) in [("root-1", "root"), ("root-1", "signing"), ("signing-1", "signing"), ("signing-1", "root")] {
        let said = scratch.run(&[
            "--dir",
            "desk",
            "key",
            "generate",
            "--id",
            id,
            "--purpose",
            purpose,
            "--passphrase-file",
            "pass",
        ]);
        assert_eq!((said.code, said.error()), (6, "file-exists"), "{id} {purpose}");
    }
    assert_eq!(scratch.read("desk/root-1.root.pem"), before);
    assert_eq!(scratch.names("desk").len(), 7);
}

#[test]
fn a_dry_run_makes_nothing_and_asks_for_nothing() {
    let scratch = Scratch::empty();
    assert_eq!(scratch.at_desk("init --vendor V --dry-run").code, 0);
    assert_eq!(scratch.names(""), Vec::<String>::new());
    let scratch = Scratch::desk();
    let generate = scratch.at_desk("key generate --id x --purpose root -n");
    assert_eq!(generate.out, "Would make the root key x; nothing was made.\n");
    let build = scratch.at_desk("trust build --root root-1 --out t.json -n");
    let would = "Would make the trust list version 2 with the keys signing-1; nothing was made.\n  \
                 unchanged  against version 1, but for its days\n";
    assert_eq!(build.out, would);
    let issue = scratch.at_desk("license issue order.toml --key signing-1 --unbound -n");
    assert_eq!(issue.out, "Would issue sequence 1 of city-of-example, unbound; nothing was issued.\n");
    assert_eq!(scratch.names(""), ["desk", "order.toml", "pass"]);
    assert_eq!((scratch.names("desk").len(), scratch.names("desk/ledger")), (7, vec![".lock".to_owned()]));
}

#[test]
fn openssl_reads_the_secret_keys() {
    let scratch = Scratch::desk();
    for (pem, jwk) in
        [("desk/root-1.root.pem", "desk/root-1.root.jwk"), ("desk/signing-1.signing.pem", "desk/signing-1.signing.jwk")]
    {
        let read = Command::new("openssl")
            .args(["pkey", "-passin", "file:pass", "-pubout", "-outform", "DER", "-in", pem])
            .current_dir(scratch.path(""))
            .output()
            .expect("openssl is needed for this test");
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
        // RFC 8410: an Ed25519 public key is the last 32 bytes of its SubjectPublicKeyInfo.
        let key: [u8; 32] = read.stdout[read.stdout.len() - 32..].try_into().unwrap();
        let public = entitlement::PublicKey::from_jwk(&scratch.read(jwk)).unwrap();
        assert_eq!(public.as_bytes(), &key);
    }
}

#[test]
fn keys_are_listed_shown_and_exported() {
    let scratch = Scratch::desk();
    let list = scratch.at_desk("key list --json").json();
    let kids = list["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(kids, ["root-1", "signing-1"]);
    let show = scratch.at_desk("key show signing-1 --json").json();
    assert_eq!((&show["purpose"], &show["from"]), (&"signing".into(), &"2020-01-01T00:00:00Z".into()));
    let export = scratch.at_desk("key export root-1");
    let roots = entitlement::Roots::from_jwk_set(export.out.as_bytes()).unwrap();
    assert_eq!(roots.iter().next().unwrap().to_jwk() + "\n", scratch.read("desk/root-1.root.jwk"));
    let unknown = scratch.at_desk("key show nobody");
    assert_eq!((unknown.code, unknown.error()), (5, "not-found"));
    assert!(unknown.err.starts_with("error: This workspace has no key `nobody`; it has: root-1, signing-1.\n"));
}

#[test]
fn a_new_key_signs_only_once_a_trust_list_has_published_it() {
    let scratch = Scratch::desk();
    let generate =
        "key generate --id next --purpose signing --from 2020-01-01 --until 2999-01-01 --passphrase-file pass";
    assert_eq!(scratch.at_desk(generate).code, 0);
    let issue = |scratch: &Scratch| {
        scratch.at_desk("license issue order.toml --key next --unbound --passphrase-file pass --out a.json")
    };
    let early = issue(&scratch);
    assert_eq!((early.code, early.error()), (11, "license-key-unknown"));
    let said = "error: The newest trust list of the workspace (version 1) does not hold the key `next` yet: \
                run `trust build` first.\n";
    assert!(early.err.starts_with(said), "{}", early.err);
    assert_eq!(scratch.names("desk/ledger"), [".lock"]);

    let build = "trust build --root root-1 --passphrase-file pass --out desk/2.trust.json";
    assert_eq!(scratch.at_desk(build).code, 0);
    assert_eq!(scratch.at_desk(build).error(), "file-exists");
    let list = scratch.at_desk("trust verify desk/2.trust.json --json").json();
    assert_eq!((&list["version"], list["keys"].as_array().unwrap().len()), (&2.into(), 2));
    assert_eq!(issue(&scratch).code, 0);
    assert_eq!(scratch.verify("a.json").code, 0);
    let under_the_old = scratch.at_desk("license verify a.json --trust desk/trust.json");
    assert_eq!(under_the_old.error(), "license-key-unknown");
}

#[test]
fn a_trust_list_made_elsewhere_is_kept_so_that_no_version_is_made_twice() {
    let scratch = Scratch::desk();
    let build = |out: &str| scratch.at_desk(&format!("trust build --root root-1 --passphrase-file pass --out {out}"));
    assert_eq!(build("second.json").code, 0);
    assert_eq!(scratch.read("desk/2.trust.json"), scratch.read("second.json"));
    assert_eq!(build("third.json").code, 0);
    let version = |file: &str| scratch.at_desk(&format!("trust verify {file} --json")).json()["version"].clone();
    assert_eq!((version("second.json"), version("third.json")), (2.into(), 3.into()));
    let taken = build("third.json");
    assert_eq!((taken.code, taken.error()), (6, "file-exists"));
    assert_eq!(build("./desk/../desk/4.trust.json").code, 0);
    let lists = scratch.names("desk").into_iter().filter(|name| name.contains("trust")).collect::<Vec<_>>();
    assert_eq!(lists, ["2.trust.json", "3.trust.json", "4.trust.json", "trust.json"]);
}

#[test]
fn each_key_signs_what_it_is_for() {
    let scratch = Scratch::desk();
    let issue = scratch.at_desk("license issue order.toml --key root-1 --unbound --passphrase-file pass");
    assert_eq!((issue.code, issue.error()), (3, "key-wrong-purpose"));
    let build = scratch.at_desk("trust build --root signing-1 --passphrase-file pass --out x.json");
    assert_eq!((build.code, build.error()), (3, "key-wrong-purpose"));
}

#[test]
fn a_passphrase_comes_from_a_file_or_a_descriptor_or_is_missed() {
    let scratch = Scratch::desk();
    let issue = ["--dir", "desk", "license", "issue", "order.toml", "--key", "signing-1", "--unbound"];
    let with = |more: &[&str]| scratch.run(&[&issue, more].concat());
    scratch.write("wrong", b"battery staple\n");
    scratch.write("blank", b"\n");
    for (more, code, error) in [
        (&["--passphrase-file", "wrong"][..], 4, "passphrase-wrong"),
        (&["--passphrase-file", "blank"], 8, "passphrase-needed"),
        (&["--passphrase-file", "absent"], 5, "file-not-found"),
        (&["--no-input"], 8, "passphrase-needed"),
        (&[], 8, "passphrase-needed"),
    ] {
        let said = with(more);
        assert_eq!((said.code, said.error()), (code, error), "{more:?}");
    }
    let shell = format!("exec \"$0\" {} --passphrase-fd 3 3<pass", issue.join(" "));
    let program = env!("CARGO_BIN_EXE_seatwarden-issuer");
    let by_descriptor = Command::new("sh").args(["-c", &shell, program]).current_dir(scratch.path("")).output();
    assert_eq!(Said::of(done(by_descriptor)).code, 0);
}

#[test]
fn a_folder_that_is_no_workspace_is_named_so() {
    let scratch = Scratch::desk();
    for arguments in [
        &["key", "list"][..],
        &["license", "issue", "order.toml", "--key", "signing-1", "--unbound"],
        &["license", "verify", "order.toml"],
        &["--dir", "nowhere", "license", "verify", "order.toml"],
    ] {
        let said = scratch.run(arguments);
        assert_eq!((said.code, said.error()), (5, "workspace-missing"), "{arguments:?}");
    }
}
