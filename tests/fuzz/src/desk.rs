//! The files of the vendor's desk: encrypted keys, `workspace.json`, the ledger.

use std::cell::OnceCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use entitlement::{ContractId, KeyId};
use errors::Code;

use issuer::reading;

use crate::keys::pem;
use crate::{golden, promise};

/// The passphrase of the demonstration keys.
const PASSPHRASE: &str = "demonstration";

/// An encrypted key, as PEM or as what a PEM is around.
pub fn key_file(bytes: &[u8]) {
    let kid = KeyId::parse("demo").expect("a key id");
    let wrapped = || pem("ENCRYPTED PRIVATE KEY", bytes);
    let text = if bytes.starts_with(b"-----") { String::from_utf8_lossy(bytes).into_owned() } else { wrapped() };
    match reading::secret_key(&text, &kid, PASSPHRASE) {
        Ok(key) => assert_eq!(*key.kid(), kid),
        Err(failure) => {
            promise::shown(&failure);
            assert!([Code::KeyInvalid, Code::PassphraseWrong].contains(&failure.code), "{failure}");
        }
    }
}

/// The settings of a workspace, and behind a zero byte each the public halves of its two keys.
pub fn workspace(bytes: &[u8]) {
    let mut parts = bytes.splitn(3, |byte| *byte == 0);
    in_folder(|folder| {
        for name in ["workspace.json", "demo.signing.jwk", "demo-root.root.jwk"] {
            put(&folder.join(name), parts.next().unwrap_or_default());
        }
        for (name, is_root) in [("demo-root", true), ("demo", false)] {
            let kid = KeyId::parse(name).expect("a key id");
            match reading::public_key(folder, &kid, is_root) {
                Ok(key) => assert_eq!(*key.kid(), kid),
                Err(failure) => promise::shown(&failure),
            }
        }
        if let Err(failure) = reading::roots(folder) {
            promise::shown(&failure);
        }
        if let Ok(vendor) = reading::vendor(folder) {
            assert!(!vendor.as_str().is_empty());
            if let Err(failure) = reading::validity(folder, &KeyId::parse("demo").expect("a key id")) {
                promise::shown(&failure);
            }
        }
    });
}

/// The ledger of the contract `city`.
pub fn ledger(bytes: &[u8]) {
    let city = ContractId::parse("city").expect("a contract id");
    in_folder(|folder| {
        let path = folder.join("ledger/city.json");
        put(&path, bytes);
        let page = match reading::ledger_page(folder, &city, "2026") {
            Ok(page) => page,
            Err(failure) => {
                promise::shown(&failure);
                assert_eq!(failure.code, Code::LedgerDamaged);
                return;
            }
        };
        if let Err(failure) = &page.next_sequence {
            assert_eq!(failure.code, Code::LedgerDamaged);
        }
        let number = match page.next_license {
            Ok(number) => number,
            Err(failure) => {
                assert_eq!(failure.code, Code::LedgerDamaged);
                return;
            }
        };
        let written: serde_json::Value = serde_json::from_str(&page.text).expect("a record can be written");
        let issued = written["issued"].as_array().into_iter().flatten();
        assert!(issued.map(|entry| &entry["license"]).all(|taken| taken != number.as_str()), "{number} is new");
        put(&path, page.text.as_bytes());
        let again = reading::ledger_page(folder, &city, "2026").expect("what was written opens");
        assert_eq!(again.text, page.text);
    });
}

fn put(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).expect("a scratch file can be written");
}

/// A scratch folder of this thread, gone with the thread.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left behind is swept with the folder of temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn in_folder(act: impl FnOnce(&Path)) {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    thread_local!(static FOLDER: OnceCell<Folder> = const { OnceCell::new() });
    FOLDER.with(|folder| {
        let folder = folder.get_or_init(|| {
            let number = COUNT.fetch_add(1, Ordering::Relaxed);
            let path = std::env::temp_dir().join(format!("seatwarden-fuzz-{}-{number}", std::process::id()));
            fs::create_dir_all(path.join("ledger")).expect("a scratch folder can be made");
            Folder(path)
        });
        act(&folder.0);
    });
}

/// The demonstration keys, which everybody may read.
pub fn demonstration(name: &str) -> Vec<u8> {
    fs::read(golden::path("keys").join(name)).expect("a demonstration key")
}
