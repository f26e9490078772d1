//! A workspace: one flat folder of keys, trust lists and the ledger.
//!
//! | file | what it is |
//! |---|---|
//! | `workspace.json` | the vendor's name, and from when to when each signing key counts |
//! | `ID.root.pem`, `ID.signing.pem` | secret keys, encrypted |
//! | `ID.root.token`, `ID.signing.token` | instead of a secret key: the address of the token that holds it |
//! | `ID.root.jwk`, `ID.signing.jwk` | their public halves |
//! | `trust.json`, `*.trust.json` | trust lists; the one of the highest version counts, and every list that is built is kept |
//! | `revocations.json` | keys, licenses and sequences that were taken back, and why |
//! | `ledger/CONTRACT.json` | what was issued |

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use entitlement::{KeyId, Moment, Name, PublicKey, Roots, SecretKey, TrustList};
use errors::{Code, Failure};
use serde::{Deserialize, Serialize};

use crate::key_file;
use crate::signer::KeyName;
use crate::token::TokenUri;
use files::{self, Secrecy};

/// What a key may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(crate) enum Purpose {
    /// Trust lists.
    Root,
    /// License files and catalogs.
    Signing,
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Purpose::Root => "root",
            Purpose::Signing => "signing",
        })
    }
}

/// `workspace.json`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    schema: u32,
    vendor: Name,
    signing_keys: Vec<Validity>,
}

/// From when to when a signing key counts.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Validity {
    /// The key.
    pub(crate) kid: KeyId,
    /// First instant at which it may sign.
    #[serde(with = "spelled")]
    pub(crate) from: Moment,
    /// First instant at which it may no longer.
    #[serde(with = "spelled")]
    pub(crate) until: Moment,
}

/// Instants as people read them, for a file that people read.
pub(crate) mod spelled {
    use entitlement::Moment;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(moment: &Moment, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(moment)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
        Moment::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// An opened workspace.
#[derive(Debug)]
pub(crate) struct Workspace {
    folder: PathBuf,
    settings: Settings,
}

impl Workspace {
    /// Makes the folder and its settings; the folder must not be a workspace yet.
    pub(crate) fn create(folder: &Path, vendor: Name) -> Result<Self, Failure> {
        fs::create_dir_all(folder.join("ledger")).map_err(|error| files::unwritable(folder, &error))?;
        let settings = Settings { schema: 1, vendor, signing_keys: Vec::new() };
        files::write_new(&settings_path(folder), &written(&settings)?, Secrecy::Public)?;
        Ok(Self { folder: folder.to_owned(), settings })
    }

    /// Opens the workspace in a folder.
    pub(crate) fn open(folder: &Path) -> Result<Self, Failure> {
        let path = settings_path(folder);
        let text = files::read_text(&path, Code::WorkspaceMissing).map_err(|failure| {
            let detail = format!("The folder `{}` is not an issuer's workspace. {}", folder.display(), failure.detail);
            Failure::new(Code::WorkspaceMissing, detail)
        })?;
        let settings: Settings = serde_json::from_str(&text).map_err(|error| {
            Failure::new(Code::WorkspaceMissing, format!("The file `{}` cannot be used: {error}.", path.display()))
        })?;
        Ok(Self { folder: folder.to_owned(), settings })
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The vendor's name.
    pub(crate) fn vendor(&self) -> &Name {
        &self.settings.vendor
    }

    /// From when to when a signing key counts.
    pub(crate) fn validity(&self, kid: &KeyId) -> Result<&Validity, Failure> {
        self.settings.signing_keys.iter().find(|validity| validity.kid == *kid).ok_or_else(|| {
            let path = settings_path(&self.folder);
            Failure::new(Code::KeyInvalid, format!("`{}` does not say when the key `{kid}` counts.", path.display()))
        })
    }

    /// Ends the days of a signing key sooner; written together with the key that follows, or by [`Workspace::keep`].
    pub(crate) fn retire(&mut self, kid: &KeyId, until: Moment) {
        for validity in self.settings.signing_keys.iter_mut().filter(|validity| validity.kid == *kid) {
            validity.until = until;
        }
    }

    /// Writes the settings.
    pub(crate) fn keep(&self) -> Result<(), Failure> {
        files::replace(&settings_path(&self.folder), &written(&self.settings)?)
    }

    /// Where a file of a key lies.
    pub(crate) fn path(&self, kid: &KeyId, purpose: Purpose, extension: &str) -> PathBuf {
        self.folder.join(format!("{kid}.{purpose}.{extension}"))
    }

    /// Refuses the name of a key that is there, for whatever purpose.
    pub(crate) fn must_be_free(&self, kid: &KeyId) -> Result<(), Failure> {
        let taken = |purpose| ["pem", "token", "jwk"].map(|extension| self.path(kid, purpose, extension));
        [Purpose::Root, Purpose::Signing].into_iter().flat_map(taken).try_for_each(|path| files::must_not_exist(&path))
    }

    /// Puts a new key into the folder; a signing key with its validity.
    pub(crate) fn add(&mut self, key: &SecretKey, validity: Option<Validity>, passphrase: &str) -> Result<(), Failure> {
        let pem = key_file::seal(key, passphrase)?;
        self.put(&key.public(), validity, ("pem", pem.as_bytes(), Secrecy::Secret))
    }

    /// Puts the public half of a key of a token into the folder, and the address of the token.
    pub(crate) fn register(
        &mut self,
        key: &PublicKey,
        validity: Option<Validity>,
        uri: &TokenUri,
    ) -> Result<(), Failure> {
        self.put(key, validity, ("token", format!("{uri}\n").as_bytes(), Secrecy::Public))
    }

    fn put(
        &mut self,
        key: &PublicKey,
        validity: Option<Validity>,
        (extension, secret, secrecy): (&str, &[u8], Secrecy),
    ) -> Result<(), Failure> {
        self.must_be_free(key.kid())?;
        let purpose = if validity.is_some() { Purpose::Signing } else { Purpose::Root };
        if let Some(validity) = validity {
            self.settings.signing_keys.retain(|other| other.kid != validity.kid);
            self.settings.signing_keys.push(validity);
            self.keep()?;
        }
        files::write_new(&self.path(key.kid(), purpose, extension), secret, secrecy)?;
        let jwk = key.to_jwk() + "\n";
        files::write_new(&self.path(key.kid(), purpose, "jwk"), jwk.as_bytes(), Secrecy::Public)
    }

    /// The public keys of a purpose, by name.
    pub(crate) fn keys(&self, purpose: Purpose) -> Result<Vec<PublicKey>, Failure> {
        public_keys(&self.folder, purpose)
    }

    /// The public key of that name, and what it may sign.
    pub(crate) fn key(&self, kid: &KeyId) -> Result<(PublicKey, Purpose), Failure> {
        for purpose in [Purpose::Root, Purpose::Signing] {
            let path = self.path(kid, purpose, "jwk");
            if path.exists() {
                return Ok((public_key(&path)?, purpose));
            }
        }
        let known = [Purpose::Root, Purpose::Signing].map(|purpose| self.keys(purpose));
        let known = known.into_iter().flatten().flatten().map(|key| key.kid().to_string()).collect::<Vec<_>>();
        let detail = format!("This workspace has no key `{kid}`; it has: {}.", known.join(", "));
        Err(Failure::new(Code::NotFound, detail))
    }

    /// The key of that name, which must be for that purpose.
    pub(crate) fn key_for(&self, kid: &KeyId, purpose: Purpose) -> Result<PublicKey, Failure> {
        match self.key(kid)? {
            (key, found) if found == purpose => Ok(key),
            (_, found) => {
                let detail = format!("The key `{kid}` is a {found} key, and a {purpose} key is needed here.");
                Err(Failure::new(Code::KeyWrongPurpose, detail))
            }
        }
    }

    /// The key of that name or in that place of a token, which must be for that purpose.
    pub(crate) fn named(&self, name: &KeyName, purpose: Purpose) -> Result<PublicKey, Failure> {
        let uri = match name {
            KeyName::Here(kid) => return self.key_for(kid, purpose),
            KeyName::Token(uri) => uri,
        };
        for key in self.keys(purpose)? {
            if self.token(key.kid(), purpose)?.is_some_and(|known| known.is_of_the_key(uri)) {
                return Ok(key);
            }
        }
        let detail = format!(
            "This workspace has no {purpose} key that lies in the token `{}` as `{}`: run `key register` first.",
            uri.token_name(),
            uri.key_name()
        );
        Err(Failure::new(Code::NotFound, detail))
    }

    /// The token that holds the secret half of a key; nothing where a file holds it.
    pub(crate) fn token(&self, kid: &KeyId, purpose: Purpose) -> Result<Option<TokenUri>, Failure> {
        let path = self.path(kid, purpose, "token");
        if !path.exists() {
            return Ok(None);
        }
        let text = files::read_text(&path, Code::KeyInvalid)?;
        text.trim_end().parse().map(Some).map_err(|problem| {
            Failure::new(Code::KeyInvalid, format!("The file `{}` cannot be used: {problem}.", path.display()))
        })
    }

    /// The secret half of a key.
    pub(crate) fn secret(&self, key: &PublicKey, purpose: Purpose, passphrase: &str) -> Result<SecretKey, Failure> {
        let path = self.path(key.kid(), purpose, "pem");
        let pem = zeroize::Zeroizing::new(files::read_text(&path, Code::KeyInvalid)?);
        let secret = key_file::open(&pem, key.kid(), passphrase)?;
        if secret.public() == *key {
            return Ok(secret);
        }
        let detail = format!("The secret and the public half of the key `{}` are not of one key.", key.kid());
        Err(Failure::new(Code::KeyInvalid, detail))
    }
}

/// The root keys that lie in a folder.
pub(crate) fn roots(folder: &Path) -> Result<Roots, Failure> {
    let keys = public_keys(folder, Purpose::Root)?;
    Roots::new(keys).map_err(|error| {
        let detail = format!("The folder `{}` holds no roots to verify with: {error}.", folder.display());
        Failure::new(Code::WorkspaceMissing, detail)
    })
}

/// The trust list of a folder: of `trust.json` and `*.trust.json` the one of the highest version.
pub(crate) fn trust_list(folder: &Path, roots: &Roots, now: Moment) -> Result<TrustList, Failure> {
    let mut newest: Option<TrustList> = None;
    for path in files(folder, |name| name == "trust.json" || name.ends_with(".trust.json"))? {
        let list =
            entitlement::open_trust_list(&files::read(&path)?, roots, now).map_err(|error| about(&path, error))?;
        if newest.as_ref().is_none_or(|newest| newest.version() < list.version()) {
            newest = Some(list);
        }
    }
    newest.ok_or_else(|| {
        let detail = format!("There is no trust list in `{}`; make one with `trust build`.", folder.display());
        Failure::new(Code::TrustListMissing, detail)
    })
}

/// The failure of opening a file, with the name of the file.
pub(crate) fn about(path: &Path, error: entitlement::OpenError) -> Failure {
    let detail = format!("`{}` is refused: {error}.", path.display());
    Failure { detail, ..Failure::from(error) }.with("file", path.display().to_string())
}

fn public_keys(folder: &Path, purpose: Purpose) -> Result<Vec<PublicKey>, Failure> {
    let ending = format!(".{purpose}.jwk");
    files(folder, |name| name.ends_with(&ending))?.iter().map(|path| public_key(path)).collect()
}

fn public_key(path: &Path) -> Result<PublicKey, Failure> {
    let invalid = |problem: &dyn fmt::Display| {
        Failure::new(Code::KeyInvalid, format!("The key file `{}` cannot be used: {problem}.", path.display()))
    };
    let key = PublicKey::from_jwk(&files::read_text(path, Code::KeyInvalid)?).map_err(|error| invalid(&error))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if name.split('.').next() == Some(key.kid().as_str()) {
        return Ok(key);
    }
    Err(invalid(&format_args!("it is of the key `{}`", key.kid())))
}

/// The files of a folder with such names, sorted.
fn files(folder: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |error: std::io::Error| {
        let detail = format!("The folder `{}` cannot be read: {error}.", folder.display());
        Failure::new(Code::WorkspaceMissing, detail)
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.file_name().is_some_and(|name| wanted(&name.to_string_lossy())) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn settings_path(folder: &Path) -> PathBuf {
    folder.join("workspace.json")
}

fn written(settings: &Settings) -> Result<Vec<u8>, Failure> {
    let text = serde_json::to_string_pretty(settings)
        .map_err(|error| Failure::new(Code::Internal, format!("The settings cannot be written: {error}.")))?;
    Ok((text + "\n").into_bytes())
}
