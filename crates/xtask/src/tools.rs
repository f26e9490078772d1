//! The programs and packages that the tests need beside cargo: installed when that is possible, named when not.
//!
//! Debian packages come through `apt-get` when we are root. Python and Node packages are pinned in `examples/verify` and
//! `tests/browser/node` and live in environments of their own under `.tools/`, one for each state of the pin file, so a
//! second run is instant.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::tree::Tree;
use crate::{child, output};

/// A program that a step calls, and the Debian package that brings it.
type Program = (&'static str, &'static str);

const PROGRAMS: &[Program] = &[
    ("cc", "gcc"),
    ("chromedriver", "chromium-driver"),
    ("chromium", "chromium"),
    ("faketime", "faketime"),
    ("git", "git"),
    ("java", "default-jre-headless"),
    ("openssl", "openssl"),
    ("python3", "python3"),
    ("node", "nodejs"),
    ("npm", "npm"),
    ("softhsm2-util", "softhsm2"),
];

/// Node packages need this release of Node or a later one.
const NODE_MAJOR: u32 = 20;

/// Makes everything ready that the tests use.
///
/// # Errors
/// Names what is missing and could not be installed.
pub fn ready(tree: &Tree) -> Result<()> {
    for part in ["fmt", "clippy"] {
        child::capture(&mut tree.cargo(&[part, "--version"]))
            .with_context(|| format!("`cargo {part}` is missing; it is a component of the Rust toolchain"))?;
    }
    programs(tree, PROGRAMS)?;
    python(tree)?;
    node(tree)
}

/// Makes programs available, from Debian packages where they are missing.
///
/// # Errors
/// Names the programs that are still missing, with their packages.
pub fn programs(tree: &Tree, wanted: &[Program]) -> Result<()> {
    let missing = |wanted: &[Program]| -> Vec<Program> {
        wanted.iter().filter(|(program, _)| child::find(program).is_none()).copied().collect()
    };
    let absent = missing(wanted);
    if !absent.is_empty() {
        let packages: Vec<&str> = absent.iter().map(|(_, package)| *package).collect();
        install(tree, &packages)?;
    }
    let absent = missing(wanted);
    ensure!(absent.is_empty(), "still missing after the install: {}", names(&absent));
    Ok(())
}

fn names(programs: &[Program]) -> String {
    let names: Vec<String> = programs.iter().map(|(program, package)| format!("`{program}` ({package})")).collect();
    names.join(", ")
}

fn install(tree: &Tree, packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    let root = child::capture(tree.command("id").arg("-u"))?.trim() == "0";
    if !root || child::find("apt-get").is_none() {
        bail!("missing, and only root on Debian can install them here: {list}");
    }
    output::line(&format!("installing {list}"));
    child::capture(tree.command("apt-get").args(["update", "-q"]))?;
    let mut apt = tree.command("apt-get");
    apt.args(["install", "-y", "-q", "--no-install-recommends"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive");
    child::capture(&mut apt).map(drop)
}

fn python(tree: &Tree) -> Result<()> {
    let pins = tree.path("examples/verify/python/requirements.txt");
    if child::capture(tree.command("python3").args(["-c", "import ensurepip, venv"])).is_err() {
        install(tree, &["python3-venv"])?;
    }
    let version = child::capture(tree.command("python3").arg("--version"))?;
    environment(tree, "python", &pins, &version, |folder| {
        child::capture(tree.command("python3").args(["-m", "venv"]).arg(folder))?;
        let mut pip = tree.command(&folder.join("bin/python").display().to_string());
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r"]).arg(&pins);
        child::capture(&mut pip)?;
        child::capture(tree.command(&folder.join("bin/python").display().to_string()).args(["-m", "pip", "check"]))
            .map(drop)
    })
}

fn node(tree: &Tree) -> Result<()> {
    let version = child::capture(tree.command("node").arg("--version"))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    ensure!(
        major.is_some_and(|major| major >= NODE_MAJOR),
        "Node {NODE_MAJOR} or later is missing: {}",
        version.trim()
    );
    // What checks the pages is read by the tests, from there.
    node_packages(tree, "pages", "tests/browser/node", &version)?;
    node_packages(tree, "node", "examples/verify/node", &version)?;
    // Node looks for packages beside the script, so the script's folder points at the environment.
    let beside = tree.path("examples/verify/node/node_modules");
    if !beside.is_dir() || beside.is_symlink() {
        point(&beside, Path::new("../../../.tools/node/node_modules"))?;
    }
    Ok(())
}

/// Fills an environment with the packages that a folder pins.
fn node_packages(tree: &Tree, name: &str, from: &str, version: &str) -> Result<()> {
    let pins = tree.path(from).join("package-lock.json");
    environment(tree, name, &pins, version, |folder| {
        fs::create_dir_all(folder)?;
        for file in ["package.json", "package-lock.json"] {
            fs::copy(tree.path(from).join(file), folder.join(file))?;
        }
        let mut npm = tree.command("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"]).arg(folder);
        child::capture(&mut npm).map(drop)
    })
}

/// Fills `.tools/NAME-KEY` unless that was done before, and points `.tools/NAME` at it.
fn environment(
    tree: &Tree,
    name: &str,
    pins: &Path,
    version: &str,
    fill: impl FnOnce(&Path) -> Result<()>,
) -> Result<()> {
    let pinned = fs::read(pins).with_context(|| format!("`{}` cannot be read", pins.display()))?;
    let key = key(&[&pinned, version.as_bytes()]);
    let folder: PathBuf = tree.path(&format!(".tools/{name}-{key}"));
    let complete = folder.join(".complete");
    if !complete.is_file() {
        output::line(&format!("filling the {name} environment from {}", pins.display()));
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(tree.path(".tools"))?;
        fill(&folder).with_context(|| format!("the {name} environment could not be filled"))?;
        fs::write(&complete, version)?;
    }
    point(&tree.path(&format!(".tools/{name}")), Path::new(&format!("{name}-{key}")))
}

fn point(link: &Path, to: &Path) -> Result<()> {
    if fs::read_link(link).is_ok_and(|now| now == to) {
        return Ok(());
    }
    if link.is_symlink() {
        fs::remove_file(link)?;
    }
    symlink(to, link).with_context(|| format!("`{}` cannot be linked", link.display()))
}

/// Names a state of the pin files, or other bytes (FNV-1a, 64 bits: it tells them apart, it protects nothing).
pub fn key(parts: &[&[u8]]) -> String {
    let start: u64 = 0xcbf2_9ce4_8422_2325;
    let hash = parts.concat().iter().fold(start, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3));
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn another_pin_file_names_another_environment() {
        assert_eq!(key(&[b""]), "cbf29ce484222325");
        assert_eq!(key(&[b"a"]), "af63dc4c8601ec8c");
        assert_ne!(key(&[b"jose 6.2.3"]), key(&[b"jose 6.2.4"]));
    }
}
