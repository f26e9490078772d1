//! Writes the golden files of `tests/vectors`. With `--check` it writes nothing and ends with status 1 where a file
//! would come out different, is missing, or is not one of them.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use tests::make_vectors;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let check = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => false,
        ["--check"] => true,
        _ => return Err("usage: make-vectors [--check]".into()),
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let wanted = make_vectors::files();
    let found = if folder.exists() { make_vectors::listed(&folder)? } else { BTreeSet::new() };
    let mut differences = Vec::new();
    for (path, bytes) in &wanted {
        let is = fs::read(folder.join(path)).ok();
        if is.as_ref() == Some(bytes) {
            continue;
        }
        differences.push(format!("{}: {path}", if is.is_some() { "different" } else { "missing" }));
        if !check {
            let target = folder.join(path);
            fs::create_dir_all(target.parent().unwrap_or(&folder))?;
            fs::write(target, bytes)?;
        }
    }
    for path in found.iter().filter(|path| !wanted.contains_key(*path)) {
        differences.push(format!("stray: {path}"));
        if !check {
            fs::remove_file(folder.join(path))?;
        }
    }
    for difference in &differences {
        eprintln!("{difference}");
    }
    eprintln!("{} golden files, {} differences", wanted.len(), differences.len());
    Ok(if check && !differences.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
