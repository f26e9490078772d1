//! Child processes: started without standard input, their output streamed, their failure named.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

/// The command line as a person would type it.
pub fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

/// Runs a command with its output going where ours goes.
///
/// # Errors
/// When it cannot be started, or ends with anything but success.
pub fn run(command: &mut Command) -> Result<()> {
    let text = shown(command);
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("`{text}` could not be started"))?;
    ensure!(status.success(), "`{text}` ended with {status}");
    Ok(())
}

/// Runs a command and returns its standard output; its messages are shown only when it fails.
///
/// # Errors
/// As [`run`], and when the output is not UTF-8.
pub fn capture(command: &mut Command) -> Result<String> {
    let text = shown(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("`{text}` could not be started"))?;
    if !output.status.success() {
        bail!("`{text}` ended with {}\n{}", output.status, String::from_utf8_lossy(&output.stderr).trim_end());
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{text}` printed something that is not UTF-8"))
}

/// Runs a command, hands each line of its standard output on as it comes, and tells whether it ended well.
///
/// # Errors
/// When it cannot be started or its output cannot be read.
pub fn lines(command: &mut Command, mut each: impl FnMut(&str)) -> Result<bool> {
    let text = shown(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("`{text}` could not be started"))?;
    let stdout = child.stdout.take().context("the child has no standard output")?;
    let mut reader = BufReader::new(stdout);
    let mut raw = Vec::new();
    while reader.read_until(b'\n', &mut raw)? > 0 {
        each(String::from_utf8_lossy(&raw).trim_end_matches(['\n', '\r']));
        raw.clear();
    }
    Ok(child.wait()?.success())
}

/// Where a program lies on the search path.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
