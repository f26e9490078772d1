//! Writes the table of doors into `docs/RULES.md`. With `--check` it writes nothing and ends with status 1 where the
//! document would come out different.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use tests::doors;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let check = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => false,
        ["--check"] => true,
        _ => return Err("usage: make-rules [--check]".into()),
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/RULES.md");
    let is = fs::read_to_string(&path)?;
    let wanted = doors::in_document(&is).ok_or("docs/RULES.md has no place for the table of doors")?;
    if is == wanted {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("docs/RULES.md: the table of doors differs");
    if check {
        return Ok(ExitCode::FAILURE);
    }
    fs::write(path, wanted)?;
    Ok(ExitCode::SUCCESS)
}
