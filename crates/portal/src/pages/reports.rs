//! The history of the seats, when a user type would be full, and what can be taken along.

use askama::Template;

use crate::pages::chart::Chart;
use crate::pages::day::Day;
use crate::pages::frame::Frame;
use crate::pages::words;
use crate::texts::text;

/// `/reports`.
#[derive(Debug, Clone, Template)]
#[template(path = "reports.html")]
pub struct Reports {
    /// The surroundings.
    pub frame: Frame,
    /// How far one may look back.
    pub ranges: Vec<Range>,
    /// The first and the last day that are shown.
    pub days: (Day, Day),
    /// The user types that had members or seats on one of the days.
    pub types: Vec<TypeReport>,
    /// The products whose license activity can be taken along: the id and the name.
    pub products: Vec<(String, String)>,
    /// Whether the audit log is open to the reader.
    pub audit: bool,
}

/// How far one may look back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// As the address says it.
    pub id: &'static str,
    /// Such as `30 days`.
    pub name: String,
    /// Whether it is the one that is shown.
    pub selected: bool,
}

/// One user type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeReport {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The drawing.
    pub chart: Chart,
    /// The most members who held a seat at a time.
    pub highest: u64,
    /// On how many days it was over at some time.
    pub days_over: usize,
    /// When it would be full.
    pub full: Option<Full>,
    /// The numbers of the drawing, the newest first: days in which nothing changed stand together.
    pub rows: Vec<UsageRow>,
}

/// When a user type would be full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Full {
    /// Such as `Full around 12 Feb 2027.`
    pub sentence: String,
    /// What the estimate was made of.
    pub basis: Option<String>,
}

/// Days in which nothing changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageRow {
    /// The first of them.
    pub from: Day,
    /// The last of them.
    pub to: Day,
    /// The most members who held a seat.
    pub assigned: u64,
    /// The fewest seats that were licensed.
    pub licensed: u64,
    /// For how many seconds it was over, on all of them.
    pub over_seconds: u64,
}

impl TypeReport {
    pub(super) fn days_over_words(&self) -> String {
        text("reports-over-on").with("count", self.days_over).plain()
    }
}

impl UsageRow {
    /// Whether it was over at some time.
    pub(crate) fn is_over(&self) -> bool {
        self.over_seconds > 0
    }

    pub(super) fn over_words(&self) -> String {
        let (days, rest) = (self.over_seconds / 86_400, self.over_seconds % 86_400);
        let (hours, minutes) = (rest / 3_600, rest % 3_600 / 60);
        let text = text("reports-duration").with("days", days).with("hours", hours).with("minutes", minutes);
        if self.over_seconds == 0 { words::signed(0) } else { text.plain() }
    }
}

#[cfg(test)]
mod tests {
    use entitlement::Moment;

    use super::*;
    use crate::pages::chart::Counts;
    use crate::pages::{html, sample};

    fn day(text: &str) -> Day {
        Day::from(Moment::parse(&format!("{text}T00:00:00Z")).unwrap())
    }

    fn page(frame: Frame) -> Reports {
        let counts = [Counts { assigned: 4, licensed: 5 }, Counts { assigned: 6, licensed: 5 }];
        let days = [day("2026-12-01").text(), day("2026-12-02").text()];
        let rows = [("2026-12-02", 6, 90_060), ("2026-12-01", 4, 0)];
        let row =
            |(at, assigned, over_seconds)| UsageRow { from: day(at), to: day(at), assigned, licensed: 5, over_seconds };
        Reports {
            audit: frame.reader.as_ref().is_some_and(|reader| reader.open.audit),
            frame,
            ranges: vec![
                Range { id: "30", name: "30 days".to_owned(), selected: false },
                Range { id: "90", name: "90 days".to_owned(), selected: true },
            ],
            days: (day("2026-12-01"), day("2026-12-02")),
            types: vec![TypeReport {
                id: "creator".to_owned(),
                name: "Creator".to_owned(),
                chart: Chart::of(&counts, days, "Creator: at most 6 assigned".to_owned()),
                highest: 6,
                days_over: 1,
                full: Some(Full {
                    sentence: "Full around 12 Feb 2027.".to_owned(),
                    basis: Some("From 40 days.".to_owned()),
                }),
                rows: rows.map(row).to_vec(),
            }],
            products: vec![("arcgis-pro".to_owned(), "ArcGIS Pro".to_owned())],
        }
    }

    #[test]
    fn a_drawing_says_in_words_what_it_shows_and_hatches_what_is_over() {
        let page = html(&page(sample::administrator())).unwrap();
        assert!(page.contains(
            r#"<svg class="chart" viewBox="0 0 720 200" role="img" aria-label="Creator: at most 6 assigned">"#
        ));
        assert!(
            page.contains(
                r##"<rect class="over" x="384" y="12" width="328" height="27" fill="url(#hatch-creator)"/>"##
            )
        );
        assert!(page.contains(r#"<path class="line assigned" d="M56 66H384V12H712"/>"#));
        assert!(page.contains(r#"<path class="line licensed" stroke-dasharray="7 5" d="M56 39H712"/>"#));
        assert!(!page.contains("style="));
    }

    #[test]
    fn the_same_numbers_stand_in_a_table() {
        let page = html(&page(sample::administrator())).unwrap();
        assert!(page.contains("<tr><th scope=\"row\"><time datetime=\"2026-12-02\">2 Dec 2026</time></th><td><time datetime=\"2026-12-02\">2 Dec 2026</time></td><td class=\"number\">6</td><td class=\"number\">5</td><td><span class=\"bad\"><span aria-hidden=\"true\">✖</span> 1 d 1 h 1 min</span></td></tr>"));
        assert!(page.contains("<dt>Highest</dt><dd>6 assigned</dd>\n<dt>Over the limit</dt><dd>on 1 day</dd>"));
        assert!(page.contains("<p>Full around 12 Feb 2027. <span class=\"muted\">From 40 days.</span></p>"));
        assert!(
            page.contains("<a href=\"/reports?range=30\">30 days</a>")
                && page.contains("<a href=\"/reports?range=90\" aria-current=\"true\">90 days</a>")
        );
    }

    #[test]
    fn what_can_be_taken_along_is_offered_to_whom_it_is_open() {
        let all = html(&page(sample::administrator())).unwrap();
        for address in [
            "/api/v1/members/export",
            "/api/v1/products/arcgis-pro/activity/export",
            "/api/v1/audit-events/export?format=csv",
            "/api/v1/usage/export?from=2026-12-01&amp;to=2026-12-02",
        ] {
            assert!(all.contains(&format!("href=\"{address}\"")), "{address}");
        }
        let closed = html(&Reports { audit: false, ..page(sample::administrator()) }).unwrap();
        assert!(!closed.contains("/audit-events"));
    }
}
