//! Files: read whole but never more than a limit, written new and never over another; secret keys under a passphrase.

pub mod key_file;

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use errors::{Code, Failure};
use zeroize::Zeroizing;

/// Who may read a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrecy {
    /// Whoever the system lets.
    Public,
    /// Its owner only.
    Secret,
}

/// The most bytes of any file that this program reads: that of a signed file.
pub const LIMIT: usize = entitlement::LIMIT;

/// The bytes of a signed file, or of standard input for `-`; at most [`LIMIT`], whatever the file's size says.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    read_within(path, LIMIT, Code::LicenseTooLarge)
}

/// The bytes of another file, or of standard input for `-`; at most so many, whatever the file's size says.
pub fn read_at_most(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    read_within(path, limit, Code::RequestTooLarge)
}

fn read_within(path: &Path, limit: usize, code: Code) -> Result<Vec<u8>, Failure> {
    let too_large = || {
        let detail =
            format!("The file `{}` has more than {limit} bytes; no file that belongs here has.", path.display());
        Failure::new(code, detail)
    };
    let bytes = if path.as_os_str() == "-" {
        bounded(io::stdin().lock(), limit)
    } else {
        let file = File::open(path).map_err(|error| unreadable(path, &error))?;
        let metadata = file.metadata().map_err(|error| unreadable(path, &error))?;
        if metadata.is_dir() {
            return Err(Failure::new(Code::FileIsDirectory, format!("`{}` is a folder, not a file.", path.display())));
        }
        if metadata.len() > limit as u64 {
            return Err(too_large());
        }
        bounded(file, limit)
    };
    let bytes = bytes.map_err(|error| unreadable(path, &error))?;
    if bytes.len() > limit { Err(too_large()) } else { Ok(bytes) }
}

/// The text of a file of this program's own.
pub fn read_text(path: &Path, code: Code) -> Result<String, Failure> {
    String::from_utf8(read(path)?)
        .map_err(|_| Failure::new(code, format!("The file `{}` is not UTF-8 text.", path.display())))
}

/// The first line of a text file, such as a passphrase; empty if it has none.
pub fn first_line(path: &Path, code: Code) -> Result<Zeroizing<String>, Failure> {
    let text = Zeroizing::new(read_text(path, code)?);
    Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
}

/// No more than one byte beyond the limit is read.
fn bounded(reader: impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take((limit as u64).saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let shown = path.display();
    if error.kind() == ErrorKind::NotFound {
        return Failure::new(Code::FileNotFound, format!("There is no file `{shown}`."));
    }
    Failure::new(Code::FileUnreadable, format!("The file `{shown}` cannot be read: {error}."))
}

/// Why a file could not be written.
pub fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let shown = path.display();
    if error.kind() == ErrorKind::AlreadyExists {
        return Failure::new(Code::FileExists, format!("The file `{shown}` exists already."));
    }
    if [ErrorKind::StorageFull, ErrorKind::QuotaExceeded].contains(&error.kind()) {
        return Failure::new(Code::DiskFull, format!("There is no space left to write `{shown}`."));
    }
    Failure::new(Code::FileUnwritable, format!("The file `{shown}` cannot be written: {error}."))
}

/// Refuses a name that is taken already.
pub fn must_not_exist(path: &Path) -> Result<(), Failure> {
    match fs::symlink_metadata(path) {
        Ok(_) => Err(unwritable(path, &ErrorKind::AlreadyExists.into())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(unwritable(path, &error)),
    }
}

/// Writes a new file, safe on the disk when this returns.
pub fn write_new(path: &Path, bytes: &[u8], secrecy: Secrecy) -> Result<(), Failure> {
    create(path, bytes, secrecy).and_then(|()| sync_folder(path)).map_err(|error| unwritable(path, &error))
}

/// Puts a file in the place of an older one, whole or not at all, safe on the disk when this returns.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let staged = beside(path);
    let written = create(&staged, bytes, Secrecy::Public)
        .and_then(|()| fs::rename(&staged, path))
        .and_then(|()| sync_folder(path));
    written.map_err(|error| {
        let _ = fs::remove_file(&staged);
        unwritable(path, &error)
    })
}

/// A new file that is on the disk already, but not yet under its name.
pub struct Staged {
    staged: PathBuf,
    path: PathBuf,
    bytes: Vec<u8>,
}

impl Staged {
    /// Writes the bytes beside the place where the file is to appear, so that a full disk shows before anything counts.
    pub fn new(path: &Path, bytes: &[u8]) -> Result<Self, Failure> {
        must_not_exist(path)?;
        let staged = beside(path);
        let this = Self { staged, path: path.to_owned(), bytes: bytes.to_owned() };
        create(&this.staged, bytes, Secrecy::Public).map_err(|error| unwritable(path, &error))?;
        Ok(this)
    }

    /// Gives the file its name, unless that is taken by now.
    pub fn appear(self) -> Result<(), Failure> {
        let linked = fs::hard_link(&self.staged, &self.path).or_else(|error| {
            if error.kind() == ErrorKind::AlreadyExists {
                return Err(error);
            }
            // A memory stick often has no links; there the file is written under its name.
            create(&self.path, &self.bytes, Secrecy::Public)
        });
        linked.and_then(|()| sync_folder(&self.path)).map_err(|error| unwritable(&self.path, &error))
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.staged);
    }
}

/// A name of its own in the same folder.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.new", std::process::id()))
}

fn create(path: &Path, bytes: &[u8], secrecy: Secrecy) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if secrecy == Secrecy::Secret {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).inspect_err(|_| {
        // Half a file under its name would only mislead.
        let _ = fs::remove_file(path);
    })
}

/// A new name is on the disk only once its folder is.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}
