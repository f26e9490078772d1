//! Writes the inputs that a search begins with: `fuzz-seeds FOLDER` fills `FOLDER/TARGET/` for each target, and names each
//! with the seconds that one of its inputs may take.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else { return ExitCode::FAILURE };
    match write(Path::new(&folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn write(folder: &Path) -> std::io::Result<()> {
    for target in fuzz_targets::TARGETS {
        let own = folder.join(target.name);
        std::fs::create_dir_all(&own)?;
        println!("{} {}", target.name, target.limit);
        for (number, seed) in (target.seeds)().iter().enumerate() {
            std::fs::write(own.join(format!("seed-{number:04}")), seed)?;
        }
    }
    Ok(())
}
