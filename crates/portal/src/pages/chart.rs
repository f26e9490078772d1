//! A chart of steps: how many seats were assigned and licensed on each day, as a drawing of lines and rectangles. The lines
//! are told apart by their dashes and what is over by its hatching, so nothing depends on a colour.

use std::fmt::Write as _;

/// The field of the drawing.
pub(super) const FIELD: &str = "0 0 720 200";
/// Where the drawing begins and ends; the numbers and days stand around it.
const LEFT: u64 = 56;
const RIGHT: u64 = 712;
const TOP: u64 = 12;
const BOTTOM: u64 = 172;

/// The counts of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Members who held a seat.
    pub assigned: u64,
    /// Seats that were licensed.
    pub licensed: u64,
}

/// A drawing, ready for the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// What it shows, for those who do not see it.
    pub summary: String,
    /// The number at the top of the scale.
    pub top: u64,
    /// The line of what was assigned.
    pub assigned: String,
    /// The line of what was licensed.
    pub licensed: String,
    /// Where more was assigned than licensed.
    pub over: Vec<Area>,
    /// The first and the last day.
    pub days: [String; 2],
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// Its left side.
    pub x: u64,
    /// Its upper side.
    pub y: u64,
    /// How wide.
    pub width: u64,
    /// How high.
    pub height: u64,
}

/// Days in which nothing changes.
struct Run {
    counts: Counts,
    from: u64,
    to: u64,
}

impl Chart {
    /// The drawing of so many days, in their order.
    #[must_use]
    pub fn of(counts: &[Counts], days: [String; 2], summary: String) -> Self {
        let top = counts.iter().flat_map(|one| [one.assigned, one.licensed]).max().unwrap_or_default().max(1);
        let height = |count: u64| BOTTOM - (BOTTOM - TOP) * count / top;
        let runs = runs(counts);
        let over = runs.iter().filter(|run| run.counts.assigned > run.counts.licensed).map(|run| {
            let (y, below) = (height(run.counts.assigned), height(run.counts.licensed));
            Area { x: run.from, y, width: run.to - run.from, height: below - y }
        });
        Self {
            over: over.collect(),
            assigned: line(&runs, |counts| height(counts.assigned)),
            licensed: line(&runs, |counts| height(counts.licensed)),
            summary,
            top,
            days,
        }
    }

    /// The axes: up the left side and along the bottom.
    pub(super) fn axes() -> String {
        format!("M{LEFT} {TOP}V{BOTTOM}H{RIGHT}")
    }
}

fn runs(counts: &[Counts]) -> Vec<Run> {
    let days = u64::try_from(counts.len()).unwrap_or(u64::MAX).max(1);
    let place = |day: u64| LEFT + (RIGHT - LEFT) * day / days;
    let mut runs: Vec<Run> = Vec::new();
    for (day, one) in (0_u64..).zip(counts) {
        match runs.last_mut().filter(|last| last.counts == *one) {
            Some(last) => last.to = place(day + 1),
            None => runs.push(Run { counts: *one, from: place(day), to: place(day + 1) }),
        }
    }
    runs
}

/// Along the days, and up or down where the height is another.
fn line(runs: &[Run], height: impl Fn(&Counts) -> u64) -> String {
    let (mut path, mut at) = (String::new(), None);
    for run in runs {
        let now = height(&run.counts);
        // Writing into a text does not fail.
        let _ = match at {
            None => write!(path, "M{} {now}", run.from),
            Some(before) if before == now => Ok(()),
            Some(_) => write!(path, "H{}V{now}", run.from),
        };
        at = Some(now);
    }
    if at.is_some() {
        let _ = write!(path, "H{RIGHT}");
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(counts: &[(u64, u64)]) -> Chart {
        let counts: Vec<Counts> = counts.iter().map(|&(assigned, licensed)| Counts { assigned, licensed }).collect();
        Chart::of(&counts, ["1 Dec".to_owned(), "4 Dec".to_owned()], "Viewer".to_owned())
    }

    #[test]
    fn lines_go_along_each_day_and_up_or_down_between_them() {
        let drawn = chart(&[(2, 4), (2, 4), (3, 4), (0, 4)]);
        // 656 wide and 160 high: 164 for a day, 40 for a member.
        assert_eq!(drawn.assigned, "M56 92H384V52H548V172H712");
        assert_eq!(drawn.licensed, "M56 12H712");
        assert_eq!((drawn.top, drawn.over.as_slice()), (4, [].as_slice()));
    }

    #[test]
    fn what_is_over_is_a_rectangle_between_the_lines() {
        let drawn = chart(&[(4, 4), (8, 4), (8, 4), (4, 4)]);
        assert_eq!(drawn.over, [Area { x: 220, y: 12, width: 328, height: 80 }]);
        assert_eq!(drawn.top, 8);
    }

    #[test]
    fn nothing_at_all_is_drawn_at_the_bottom() {
        assert_eq!(chart(&[]).assigned, "");
        assert_eq!((chart(&[(0, 0)]).assigned.as_str(), chart(&[(0, 0)]).top), ("M56 172H712", 1));
    }
}
