//! The files that the checks read.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A text file of the project.
pub struct File {
    /// Its path from the root, with `/`.
    pub path: String,
    /// What it says.
    pub text: String,
}

impl File {
    /// A sample for a check that must fail.
    pub fn sample(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// Whether the file lies in a folder (`crates/portal/`) or is that file.
    pub fn is_in(&self, places: &[&str]) -> bool {
        places.iter().any(|place| self.path == *place || place.ends_with('/') && self.path.starts_with(place))
    }

    /// Whether the name ends in one of these extensions.
    pub fn has_extension(&self, extensions: &[&str]) -> bool {
        Path::new(&self.path).extension().is_some_and(|own| extensions.iter().any(|extension| own == *extension))
    }

    /// Lines with their numbers.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// Lines of Rust that are no comments, up to the file's test module.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let end = self.text.find("\n#[cfg(test)]\nmod tests {").unwrap_or(self.text.len());
        let code = self.text.get(..end).unwrap_or_default();
        let numbered = code.lines().enumerate().map(|(index, line)| (index + 1, line));
        numbered.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// The root of the tree.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every text file that git tracks or would track. Vectors and other bytes that are not UTF-8 are left out.
pub fn files() -> Vec<File> {
    let list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let output = Command::new("git").args(list).current_dir(root()).output().expect("git runs");
    assert!(output.status.success(), "git lists no files: {}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout).expect("paths are UTF-8");
    let paths = listed.split('\0').filter(|path| !path.is_empty());
    let read = |path: &str| std::fs::read_to_string(root().join(path)).ok();
    let files: Vec<File> = paths.filter_map(|path| Some(File { path: path.to_owned(), text: read(path)? })).collect();
    assert!(files.len() > 50, "only {} files were found", files.len());
    files
}

/// Fails with every complaint on a line of its own.
pub fn must_be_clean(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

/// Every place where one of these texts stands in the code of a file.
pub fn mentions<'a>(file: &'a File, texts: &'a [&'a str]) -> impl Iterator<Item = String> + 'a {
    file.code().flat_map(move |(number, line)| {
        let found = texts.iter().filter(move |text| line.contains(**text));
        found.map(move |text| format!("{}:{number}: `{}`", file.path, text.trim()))
    })
}
