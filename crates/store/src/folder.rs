//! The folder of a portal's data: nobody else on the machine may read it.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use errors::{Code, Failure};

use crate::StoreError;

/// Makes the folder and an empty file in it, where they are not there yet, for the owner alone. SQLite gives the files
/// that it makes beside the database the same permissions.
pub(crate) fn prepare(folder: &Path, name: &str) -> Result<PathBuf, StoreError> {
    if !folder.is_dir() {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(|error| unwritable(folder, &error))?;
    }
    let file = folder.join(name);
    if fs::symlink_metadata(&file).is_err() {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(&file) {
            Ok(_) => {}
            // Another process was faster.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(unwritable(&file, &error)),
        }
    }
    Ok(file)
}

/// Why a file or folder cannot be written: a full disk has a row of its own.
pub(crate) fn unwritable(path: &Path, error: &io::Error) -> StoreError {
    let full = error.kind() == io::ErrorKind::StorageFull;
    let code = if full { Code::DiskFull } else { Code::FileUnwritable };
    Failure::new(code, format!("{}: {error}", path.display())).with("path", path.display().to_string()).into()
}
