//! The inputs in the tree: few and small, because every clone has them and every test run replays them.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::tools;

/// What the corpus of a target may hold.
const MOST_FILES: usize = 150;
const MOST_BYTES: u64 = 300_000;

/// What lies in a folder, sorted.
pub(super) fn listed(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("`{}` cannot be read", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// Copies files into a folder, under their names.
pub(super) fn copy(files: &[PathBuf], folder: &Path) -> Result<()> {
    for file in files {
        fs::create_dir_all(folder)?;
        fs::copy(file, folder.join(file.file_name().context("a file has a name")?))?;
    }
    Ok(())
}

/// An input, its size, and the lines that it reaches, each as a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reached {
    file: PathBuf,
    size: u64,
    features: BTreeSet<u32>,
}

/// Reads the file in which a merge keeps its accounts: the number of files and of those to be kept, a path a line, then
/// `STARTED` with number and size, and `FT` with number and what was reached.
pub(super) fn reached(control: &str) -> Option<Vec<Reached>> {
    let mut lines = control.lines();
    let count: usize = lines.next()?.parse().ok()?;
    lines.next()?;
    let path = |line: &str| Reached { file: PathBuf::from(line), size: 0, features: BTreeSet::new() };
    let mut inputs: Vec<Reached> = lines.by_ref().take(count).map(path).collect();
    for line in lines {
        let mut words = line.split_whitespace();
        let (what, at) = (words.next()?, words.next()?.parse::<usize>().ok()?);
        let input = inputs.get_mut(at)?;
        match what {
            "STARTED" => input.size = words.next()?.parse().ok()?,
            "FT" => input.features = words.map(str::parse).collect::<Result<_, _>>().ok()?,
            _ => {}
        }
    }
    Some(inputs)
}

/// Puts the inputs that together reach the most in the place of the corpus, and tells how many there are.
pub(super) fn renew(inputs: Vec<Reached>, corpus: &Path) -> Result<usize> {
    let kept: Vec<PathBuf> = chosen(inputs).into_iter().map(|input| input.file).collect();
    let read = kept.iter().map(fs::read).collect::<Result<Vec<_>, _>>()?;
    for old in listed(corpus)? {
        fs::remove_file(old)?;
    }
    for bytes in &read {
        // Named by what it says: an input that stays keeps its name.
        fs::write(corpus.join(tools::key(&[bytes])), bytes)?;
    }
    Ok(kept.len())
}

/// One after the other the input that adds the most, and of two that add the same the smaller one.
fn chosen(mut inputs: Vec<Reached>) -> Vec<Reached> {
    let (mut kept, mut bytes) = (Vec::new(), 0);
    while kept.len() < MOST_FILES {
        let best = inputs.iter().enumerate().max_by_key(|(_, input)| (input.features.len(), Reverse(input.size)));
        let Some(at) = best.filter(|(_, input)| !input.features.is_empty()).map(|(at, _)| at) else { break };
        let best = inputs.swap_remove(at);
        if bytes + best.size > MOST_BYTES {
            continue;
        }
        bytes += best.size;
        for input in &mut inputs {
            input.features.retain(|feature| !best.features.contains(feature));
        }
        kept.push(best);
    }
    kept
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Reached, chosen, reached};

    fn input(file: &str, size: u64, features: &[u32]) -> Reached {
        Reached { file: PathBuf::from(file), size, features: features.iter().copied().collect() }
    }

    #[test]
    fn the_accounts_of_a_merge_are_read() {
        let control = "2\n0\na b\nc\nSTARTED 0 7\nFT 0 1 2\nCOV 0 9\nSTARTED 1 3\nFT 1\n";
        assert_eq!(reached(control), Some(vec![input("a b", 7, &[1, 2]), input("c", 3, &[])]));
        assert_eq!(reached("1\n0\na\nSTARTED 1 7\n"), None);
        assert_eq!(reached("no number\n"), None);
    }

    #[test]
    fn what_adds_the_most_is_kept_and_what_adds_nothing_is_not() {
        let all = vec![
            input("a", 9, &[1, 2]),
            input("b", 5, &[1, 2]),
            input("c", 50, &[1, 2, 3, 4]),
            input("d", 5, &[4, 5]),
            input("e", 300_000, &[6]),
        ];
        let kept: Vec<PathBuf> = chosen(all).into_iter().map(|input| input.file).collect();
        assert_eq!(kept, ["c", "d"].map(PathBuf::from));
        let many = (0..200).map(|number| input("x", 1, &[number])).collect();
        assert_eq!(chosen(many).len(), 150);
    }
}
