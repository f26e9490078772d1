//! What the fuzzer says of a search, and the table of all.

use std::fmt;

/// What became of the search of one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Searched {
    /// The target.
    pub(super) target: String,
    /// Inputs that were tried.
    executions: u64,
    /// Edges that the corpus and the seeds reached.
    edges_before: u64,
    /// Edges that were reached in the end.
    edges_after: u64,
    /// Inputs that reached something new.
    new: usize,
    /// Inputs of the corpus afterwards; none where it was left as it is.
    pub(super) kept: usize,
    /// Inputs that broke a promise.
    pub(super) crashes: usize,
}

impl Searched {
    /// Reads the log of a search; nothing where the fuzzer never began.
    pub(super) fn read(target: &str, log: &str, new: usize) -> Option<Self> {
        let reported = || log.lines().filter_map(|line| Some((line, after(line, " cov: ")?)));
        let begun = reported().find(|(line, _)| line.contains("INITED")).map(|(_, edges)| edges);
        let told = log.lines().find_map(|line| after(line, "stat::number_of_executed_units: "));
        let last = reported().next_back();
        let edges_after = last.map(|(_, edges)| edges).unwrap_or_default();
        Some(Self {
            target: target.to_owned(),
            executions: told.or_else(|| after(last?.0, "#"))?,
            // An input of the corpus that breaks a promise ends the search before it has begun.
            edges_before: begun.unwrap_or(edges_after),
            edges_after,
            new,
            kept: 0,
            crashes: 0,
        })
    }

    fn cells(&self) -> [String; 7] {
        let Self { target, executions, edges_before, edges_after, new, kept, crashes } = self;
        let numbers = [*executions, *edges_before, *edges_after].map(|number| number.to_string());
        let [executions, before, after] = numbers;
        [target.clone(), executions, before, after, new.to_string(), kept.to_string(), crashes.to_string()]
    }
}

impl fmt::Display for Searched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { target, executions, edges_before, edges_after, new, .. } = self;
        write!(f, "{target}: {executions} inputs tried, edges {edges_before} -> {edges_after}, {new} new inputs, ")?;
        write!(f, "{} in the corpus, {} broke a promise", self.kept, self.crashes)
    }
}

/// The number behind a text of a line.
fn after(line: &str, text: &str) -> Option<u64> {
    let (_, rest) = line.split_once(text)?;
    let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// The table, a line each: target, executions, edges at the start and at the end, new inputs, corpus, crashes.
pub(super) fn table(rows: &[Searched]) -> Vec<String> {
    let heading = ["target", "executions", "edges", "edges after", "new", "corpus", "crashes"].map(str::to_owned);
    let lines: Vec<[String; 7]> = [heading].into_iter().chain(rows.iter().map(Searched::cells)).collect();
    let padded = |[target, numbers @ ..]: &[String; 7]| {
        let numbers: Vec<String> = numbers.iter().map(|number| format!("{number:>11}")).collect();
        format!("{target:<26}{}", numbers.join(" "))
    };
    lines.iter().map(padded).collect()
}

#[cfg(test)]
mod tests {
    use super::{Searched, table};

    const LOG: &str = "INFO: seed corpus: files: 3 min: 1b max: 9b total: 15b\n\
        #4\tINITED cov: 120 ft: 300 corp: 3/15b exec/s: 0 rss: 40Mb\n\
        #90\tNEW    cov: 125 ft: 310 corp: 4/20b lim: 9 exec/s: 0 rss: 40Mb L: 5/9 MS: 1 CopyPart-\n\
        #500\tDONE   cov: 130 ft: 320 corp: 5/25b lim: 9 exec/s: 50 rss: 41Mb\n\
        stat::number_of_executed_units: 500\n";

    #[test]
    fn a_search_is_read_from_its_log() {
        let row = Searched::read("lease", LOG, 2).unwrap();
        assert_eq!(
            row.to_string(),
            "lease: 500 inputs tried, edges 120 -> 130, 2 new inputs, 0 in the corpus, 0 broke a promise"
        );
        let stopped = LOG.lines().take(3).collect::<Vec<_>>().join("\n");
        assert_eq!(Searched::read("lease", &stopped, 1).unwrap().cells()[1..4], ["90", "120", "125"]);
        let at_once = "stat::number_of_executed_units: 7\n";
        assert_eq!(Searched::read("lease", at_once, 0).unwrap().cells()[1..4], ["7", "0", "0"]);
        assert_eq!(Searched::read("lease", "no target", 0), None);
    }

    #[test]
    fn the_table_has_a_line_for_each_target() {
        let row = Searched::read("lease", LOG, 2).unwrap();
        assert_eq!(
            table(&[row]),
            [
                "target                     executions       edges edges after         new      corpus     crashes",
                "lease                             500         120         130           2           0           0",
            ]
        );
    }
}
