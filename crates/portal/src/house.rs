//! The data folder of a portal: its key, its database, and the lock of the one that serves it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use entitlement::{KeyId, Roots, SecretKey};
use errors::{Code, Failure};
use files::Secrecy;
use sha2::{Digest as _, Sha256};
use store::{Opening, Store, Wall};
use zeroize::Zeroizing;

use crate::clock::Clock;
use crate::key_file;

/// What was compiled in; only `main.rs` fills it, so that tests bring their own without a second build.
#[derive(Debug, Clone, Copy)]
pub struct BuiltIn {
    /// The trusted roots, as a JWK Set (RFC 7517, 5).
    pub roots: &'static [u8],
    /// The trust list of the demonstration, in a demonstration build only.
    pub demo_trust: Option<&'static [u8]>,
}

impl BuiltIn {
    /// Whether anybody can make files for this build.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.demo_trust.is_some()
    }

    /// The roots.
    ///
    /// # Errors
    /// `internal` when what was compiled in is no set of good keys.
    pub fn roots(&self) -> Result<Roots, Failure> {
        Roots::from_jwk_set(self.roots)
            .map_err(|error| Failure::new(Code::Internal, format!("The compiled-in roots cannot be used: {error}.")))
    }

    /// A demonstration build says so on its command line, and a vendor's build does not.
    ///
    /// # Errors
    /// `demo-build`, `not-a-demo-build`.
    pub fn agree(&self, demo: bool) -> Result<(), Failure> {
        match (self.is_demo(), demo) {
            (true, false) => Err(Failure::plain(Code::DemoBuild)),
            (false, true) => Err(Failure::plain(Code::NotADemoBuild)),
            (true, true) | (false, false) => Ok(()),
        }
    }
}

/// An opened data folder.
pub struct House {
    /// The database.
    pub store: Store,
    /// The portal's own key.
    pub key: SecretKey,
    /// The portal's id: the thumbprint of its key (RFC 7638).
    pub portal: KeyId,
    /// The roots it was opened with.
    pub roots: Roots,
    dir: PathBuf,
}

impl House {
    /// Opens a data folder, making what is not there yet.
    ///
    /// # Errors
    /// The folder cannot be made, the key cannot be used, the database is newer, damaged or of other roots.
    pub fn make(dir: &Path, built_in: &BuiltIn, clock: &Clock) -> Result<Self, Failure> {
        private_folder(dir)?;
        let key = key_at(dir)?;
        Self::with_key(dir, built_in, clock, key)
    }

    /// Opens a data folder that is there.
    ///
    /// # Errors
    /// `no-portal-here`; as [`make`](Self::make).
    pub fn open(dir: &Path, built_in: &BuiltIn, clock: &Clock) -> Result<Self, Failure> {
        let path = dir.join(KEY);
        if !path.is_file() {
            return Err(Failure::new(
                Code::NoPortalHere,
                format!("There is no portal in the folder `{}`.", dir.display()),
            ));
        }
        let key = read_key(&path)?;
        Self::with_key(dir, built_in, clock, key)
    }

    fn with_key(dir: &Path, built_in: &BuiltIn, clock: &Clock, key: SecretKey) -> Result<Self, Failure> {
        let portal = key.kid().clone();
        let opening = opening(built_in, clock, Some(portal.clone()))?;
        let roots = opening.roots.clone();
        let store = Store::create_or_open(dir, opening)?;
        Ok(Self { store, key, portal, roots, dir: dir.to_owned() })
    }

    /// Notes where the data runs, before anything is signed: data that ran elsewhere before begins another epoch, which
    /// shows in every lease and usage report. Answers whether it did.
    ///
    /// # Errors
    /// What the disk and the database say.
    pub fn settle(&self) -> Result<bool, Failure> {
        let mark = self.dir.join(MARK);
        let seen = fs::read_to_string(&mark).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0);
        Ok(self.store.settle(&home(&self.dir)?, seen)?)
    }

    /// The lock that one `serve` holds for as long as it runs; the system takes it back however the process ends.
    ///
    /// # Errors
    /// `already-running` while another one holds it.
    pub fn lock(&self) -> Result<File, Failure> {
        lock(&self.dir)
    }
}

/// The lock of the one who serves a folder, or restores into it.
///
/// # Errors
/// `already-running` while another one holds it.
pub fn lock(dir: &Path) -> Result<File, Failure> {
    let path = dir.join("serve.lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|error| files::unwritable(&path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Failure::plain(Code::AlreadyRunning)),
        Err(TryLockError::Error(error)) => Err(files::unwritable(&path, &error)),
    }
}

/// What the store is opened with.
///
/// # Errors
/// `internal` when what was compiled in is no set of good keys.
pub fn opening(built_in: &BuiltIn, clock: &Clock, portal: Option<KeyId>) -> Result<Opening, Failure> {
    let hands = clock.clone();
    Ok(Opening {
        clock: Arc::new(move || Wall { wall: hands.wall(), elapsed: hands.elapsed().as_secs() }),
        roots: built_in.roots()?,
        built_in_trust: built_in.demo_trust.map(<[u8]>::to_vec),
        portal,
    })
}

/// Whether the folder holds a portal.
#[must_use]
pub fn is_portal(dir: &Path) -> bool {
    dir.join(KEY).is_file()
}

/// Makes a folder that is its owner's alone, where there is none yet.
///
/// # Errors
/// What the disk says.
pub fn private_folder(dir: &Path) -> Result<(), Failure> {
    let is_ours = fs::read_dir(dir).map_or(true, |mut entries| entries.next().is_none());
    fs::create_dir_all(dir).map_err(|error| files::unwritable(dir, &error))?;
    // A folder with other things in it keeps its permissions: it may be everybody's.
    if is_ours { private(dir) } else { Ok(()) }
}

/// The key of the folder: the one that is there, or that one, or a new one.
///
/// # Errors
/// What the disk says; the key that is there cannot be used.
pub fn settle_key(dir: &Path, key: Option<SecretKey>) -> Result<SecretKey, Failure> {
    let path = dir.join(KEY);
    match key {
        Some(key) if !path.is_file() => {
            files::write_new(&path, key_file::seal(&key)?.as_bytes(), Secrecy::Secret)?;
            Ok(key)
        }
        Some(_) | None => key_at(dir),
    }
}

/// The file of the portal's key. It is not in the database, so that a copied database is another portal.
const KEY: &str = "portal.key";

fn key_at(dir: &Path) -> Result<SecretKey, Failure> {
    let path = dir.join(KEY);
    if path.is_file() {
        return read_key(&path);
    }
    let key = new_key()?;
    match files::write_new(&path, key_file::seal(&key)?.as_bytes(), Secrecy::Secret) {
        Ok(()) => Ok(key),
        // Another process was faster; its key is the portal's.
        Err(failure) if failure.code == Code::FileExists => read_key(&path),
        Err(failure) => Err(failure),
    }
}

/// A new key, which lies nowhere yet.
///
/// # Errors
/// `internal` where the system gives no randomness.
pub fn new_key() -> Result<SecretKey, Failure> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut_slice())
        .map_err(|error| Failure::new(Code::Internal, format!("The system gives no randomness: {error}.")))?;
    Ok(SecretKey::self_named(&seed))
}

fn read_key(path: &Path) -> Result<SecretKey, Failure> {
    key_file::open(&Zeroizing::new(files::read_text(path, Code::KeyInvalid)?))
}

/// How many writes the database had seen when a portal last said so.
const MARK: &str = "portal.mark";

/// The portal of which a folder was restored, where it has another key now.
const LINE: &str = "portal.restored";

/// Whether the folder was restored from a backup of that portal before.
#[must_use]
pub fn is_of_line(dir: &Path, portal: &str) -> bool {
    fs::read_to_string(dir.join(LINE)).is_ok_and(|text| text.trim() == portal)
}

/// Notes of which portal the folder is being restored.
///
/// # Errors
/// What the disk says.
pub fn keep_line(dir: &Path, portal: &str) -> Result<(), Failure> {
    let path = dir.join(LINE);
    fs::write(&path, format!("{portal}\n")).map_err(|error| files::unwritable(&path, &error))
}

/// Notes beside the database how far it is: one that is put back later is behind that.
///
/// # Errors
/// What the disk and the database say.
pub fn mark(dir: &Path, store: &Store) -> Result<(), Failure> {
    let version = store.read(|tx| Ok(tx.version()))?;
    let path = dir.join(MARK);
    fs::write(&path, format!("{version}\n")).map_err(|error| files::unwritable(&path, &error))
}

/// Names the place where a portal's data lies, as a digest: the machine, and which folder and which file of its disk the
/// data and the key are. A folder that is moved within its disk keeps its place; one that is copied, restored or brought to
/// another machine does not.
fn home(dir: &Path) -> Result<String, Failure> {
    // A machine without this file is told by its disk alone.
    let machine = fs::read_to_string("/etc/machine-id").unwrap_or_default();
    let number = |path: &Path| -> Result<u64, Failure> {
        let found = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
        #[cfg(unix)]
        let number = std::os::unix::fs::MetadataExt::ino(&found);
        #[cfg(not(unix))]
        let number = found
            .created()
            .ok()
            .and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok())
            .map_or(0, |at| at.as_secs());
        Ok(number)
    };
    let (folder, key) = (number(dir)?, number(&dir.join(KEY))?);
    let digest = Sha256::digest(format!("{}\n{folder}\n{key}\n", machine.trim()));
    Ok(store::hexadecimal(&digest))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Code::FileUnreadable, format!("`{}` cannot be read: {error}.", path.display()))
}

/// The folder is its owner's alone: it holds password hashes.
fn private(dir: &Path) -> Result<(), Failure> {
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        fs::set_permissions(dir, mode).map_err(|error| files::unwritable(dir, &error))?;
    }
    Ok(())
}
