//! Ratios, their medians, and how they are shown.

use serde_json::{Value, json};

/// Which side of the bar is good.
#[derive(Clone, Copy)]
pub enum Bar {
    /// The median must be this much or more.
    AtLeast(f64),
    /// The median must be this much or less.
    AtMost(f64),
}

impl Bar {
    fn reached(self, value: f64) -> bool {
        match self {
            Self::AtLeast(bar) => value >= bar,
            Self::AtMost(bar) => value <= bar,
        }
    }

    fn shown(self) -> String {
        match self {
            Self::AtLeast(bar) => format!(">= {bar}"),
            Self::AtMost(bar) => format!("<= {bar}"),
        }
    }
}

/// One line of a table: a quantity that was taken once in each round.
pub struct Row {
    /// What is compared.
    pub what: String,
    /// One value for each round.
    pub rounds: Vec<f64>,
    /// What is to be reached; context has no bar.
    pub bar: Option<Bar>,
}

/// A measurement.
#[derive(Default)]
pub struct Report {
    /// What was measured beside ours: versions and configuration.
    pub peers: Vec<String>,
    /// The quantities.
    pub rows: Vec<Row>,
}

impl Report {
    /// Adds a quantity.
    pub fn row(&mut self, what: &str, rounds: Vec<f64>, bar: Option<Bar>) {
        self.rows.push(Row { what: what.to_owned(), rounds, bar });
    }

    /// The table for people.
    pub fn table(&self) -> String {
        let mut lines = vec![format!("{:<58}{:>12}{:>12}{:>12}  to reach", "", "median", "least", "most")];
        for row in &self.rows {
            let (least, most) = range(&row.rounds);
            let middle = median(&row.rounds);
            let verdict = row.bar.map_or_else(String::new, |bar| {
                format!("{}  {}", bar.shown(), if bar.reached(middle) { "reached" } else { "MISSED" })
            });
            let numbers = [middle, least, most].map(|number| format!("{:>12}", short(number))).concat();
            lines.push(format!("{:<58}{numbers}  {verdict}", row.what));
        }
        let rounds = self.rows.iter().map(|row| row.rounds.len()).max().unwrap_or(0);
        lines.push(format!("{rounds} rounds in turn; beside: {}", self.peers.join("; ")));
        lines.join("\n")
    }

    /// The same for programs.
    pub fn json(&self, name: &str) -> String {
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                let middle = median(&row.rounds);
                json!({
                    "what": row.what, "median": middle, "rounds": row.rounds,
                    "bar": row.bar.map(Bar::shown), "reached": row.bar.map(|bar| bar.reached(middle)),
                })
            })
            .collect();
        format!("{:#}\n", json!({ "name": name, "peers": self.peers, "rows": rows }))
    }
}

fn short(number: f64) -> String {
    if number.abs() >= 1000.0 { format!("{number:.0}") } else { format!("{number:.2}") }
}

fn range(values: &[f64]) -> (f64, f64) {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    (least, values.iter().copied().fold(f64::NEG_INFINITY, f64::max))
}

/// The middle value; of an even number of values, the mean of the two in the middle.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let (Some(upper), Some(lower)) = (sorted.get(middle), sorted.get(middle.saturating_sub(1))) else {
        return f64::NAN;
    };
    if sorted.len() % 2 == 1 { *upper } else { f64::midpoint(*lower, *upper) }
}

/// One ratio for each round.
pub fn ratios(ours: &[f64], beside: &[f64]) -> Vec<f64> {
    ours.iter().zip(beside).map(|(ours, beside)| ours / beside).collect()
}

#[cfg(test)]
mod tests {
    use super::{Bar, Report, median, ratios};

    #[test]
    fn the_median_does_not_mind_one_bad_round() {
        assert!((median(&[0.9, 0.1, 0.8]) - 0.8).abs() < 1e-9);
        assert!((median(&[1.0, 2.0, 4.0, 100.0]) - 3.0).abs() < 1e-9);
        assert!(median(&[]).is_nan());
        assert_eq!(ratios(&[4.0, 6.0], &[2.0, 2.0]), [2.0, 3.0]);
    }

    #[test]
    fn a_missed_bar_is_shown_as_missed() {
        let mut report = Report::default();
        report.row("ours / bare", vec![0.8, 0.9, 0.7], Some(Bar::AtLeast(0.85)));
        report.row("ours / minisign", vec![0.8, 0.9, 0.7], Some(Bar::AtMost(1.0)));
        let table = report.table();
        let line = |start: &str| table.lines().find(|line| line.starts_with(start)).unwrap().to_owned();
        assert!(line("ours / bare").ends_with(">= 0.85  MISSED"), "{table}");
        assert!(line("ours / minisign").ends_with("<= 1  reached"), "{table}");
    }
}
