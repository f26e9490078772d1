//! The audit log: who did what to whom, and whether the log is as it was written.

use askama::Template;

use crate::pages::choice::Choice;
use crate::pages::frame::Frame;
use crate::pages::member_filter::{Chip, query};
use crate::pages::when::When;
use crate::texts::text;

/// `/audit`: filters in the address, the newest first.
#[derive(Debug, Clone, Template)]
#[template(path = "audit.html")]
pub struct Audit {
    /// The surroundings.
    pub frame: Frame,
    /// How the chain stands.
    pub chain: Chain,
    /// What is looked for.
    pub filter: AuditFilter,
    /// The actions that there are.
    pub actions: Vec<Choice>,
    /// This page of rows.
    pub rows: Vec<AuditRow>,
    /// Whether this is not the first page.
    pub continued: bool,
    /// The cursor of the next page.
    pub next: Option<String>,
}

/// `/audit/{seq}`.
#[derive(Debug, Clone, Template)]
#[template(path = "audit_row.html")]
pub struct AuditRowPage {
    /// The surroundings.
    pub frame: Frame,
    /// The row in words.
    pub row: AuditRow,
    /// Its detail as it is stored.
    pub detail: String,
    /// The hash of the row before; empty for the first.
    pub previous: String,
    /// Its own hash.
    pub hash: String,
    /// The row before.
    pub before: Option<u64>,
    /// The row after.
    pub after: Option<u64>,
}

/// How the chain stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// The first row that does not fit, in words.
    pub broken: Option<String>,
    /// The last row that fits.
    pub last: u64,
    /// When it was written.
    pub at: Option<When>,
    /// How many rows were looked at.
    pub rows: u64,
}

/// What is looked for, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Who.
    pub actor: String,
    /// What: the text of an action.
    pub action: String,
    /// To whom or what.
    pub target: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// A text anywhere.
    pub text: String,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number.
    pub seq: u64,
    /// When.
    pub at: When,
    /// Who, by the name of that time.
    pub by: String,
    /// What kind of actor that was, where it was no member.
    pub kind: Option<String>,
    /// The address of the member, while there is one.
    pub by_at: Option<String>,
    /// What, in words.
    pub title: String,
    /// What, as it stands in the log.
    pub action: String,
    /// To what.
    pub target: String,
    /// The address of that, while it is there and the reader may see it.
    pub target_at: Option<String>,
    /// What is another since.
    pub lines: Vec<AuditLine>,
    /// Whether there is more than these lines.
    pub more: bool,
}

/// One thing that is said of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Of what.
    pub of: String,
    /// What it was; nothing where there is no before.
    pub before: Option<String>,
    /// What it is.
    pub after: String,
}

impl AuditFilter {
    /// What is looked for, as the query of an address.
    #[must_use]
    pub fn query(&self) -> String {
        query(&[
            ("actor", &self.actor),
            ("action", &self.action),
            ("target", &self.target),
            ("from", &self.from),
            ("to", &self.to),
            ("text", &self.text),
        ])
    }

    pub(super) fn active(&self) -> bool {
        *self != Self::default()
    }

    /// What is looked for, as more of the query of an address.
    pub(super) fn further(&self) -> String {
        let query = self.query();
        if query.is_empty() { query } else { format!("&{query}") }
    }

    /// Each part that is looked for, with the words for the action.
    pub(super) fn chips(&self, action: Option<&str>) -> Vec<Chip> {
        let none = String::new;
        let all = [
            (&self.actor, text("filter-who").with("name", &self.actor), Self { actor: none(), ..self.clone() }),
            (
                &self.action,
                text("filter-what").with("title", action.unwrap_or(&self.action)),
                Self { action: none(), ..self.clone() },
            ),
            (&self.target, text("filter-to-whom").with("name", &self.target), Self { target: none(), ..self.clone() }),
            (&self.from, text("filter-from").with("day", &self.from), Self { from: none(), ..self.clone() }),
            (&self.to, text("filter-to").with("day", &self.to), Self { to: none(), ..self.clone() }),
            (&self.text, text("filter-text").with("text", &self.text), Self { text: none(), ..self.clone() }),
        ];
        let set = all.into_iter().filter(|(value, ..)| !value.is_empty());
        set.map(|(_, text, without)| Chip { text: text.plain(), without: without.query() }).collect()
    }
}

impl Audit {
    pub(super) fn chips(&self) -> Vec<Chip> {
        let chosen = self.actions.iter().find(|choice| choice.selected);
        self.filter.chips(chosen.map(|choice| choice.name.as_str()))
    }
}

impl AuditRowPage {
    /// Whether any line has a before.
    pub(super) fn compares(&self) -> bool {
        self.row.lines.iter().any(|line| line.before.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::{html, sample};

    fn row() -> AuditRow {
        AuditRow {
            seq: 7,
            at: sample::two_past_two(),
            by: "ana<b>".to_owned(),
            kind: None,
            by_at: Some("/members/mem_a".to_owned()),
            title: "Seats, roles or add-ons changed".to_owned(),
            action: "change.apply".to_owned(),
            target: "chg_7".to_owned(),
            target_at: Some("/changes/chg_7".to_owned()),
            lines: vec![
                AuditLine {
                    of: "bsato, user type".to_owned(),
                    before: Some("Creator".to_owned()),
                    after: "Viewer".to_owned(),
                },
                AuditLine { of: "Reason".to_owned(), before: None, after: "<script>".to_owned() },
            ],
            more: true,
        }
    }

    fn page(broken: Option<&str>, rows: Vec<AuditRow>) -> String {
        html(&Audit {
            frame: sample::administrator(),
            chain: Chain { broken: broken.map(str::to_owned), last: 7, at: Some(sample::two_past_two()), rows: 100 },
            filter: AuditFilter { actor: "a&b".to_owned(), from: "2026-11-01".to_owned(), ..AuditFilter::default() },
            actions: vec![Choice { id: "note".to_owned(), name: "Note".to_owned(), selected: false }],
            rows,
            continued: false,
            next: Some("7".to_owned()),
        })
        .unwrap()
    }

    #[test]
    fn a_row_tells_when_who_what_to_whom_and_what_is_another_since() {
        let page = page(None, vec![row()]);
        for part in [
            r#"<th scope="row"><a href="/audit/7" aria-label="Row 7: "#,
            "22 Nov 2026 14:02 UTC</time>",
            r#"<a href="/members/mem_a">ana&#60;b&#62;</a>"#,
            r#"<a href="/changes/chg_7">chg_7</a>"#,
            "bsato, user type: Creator → Viewer",
            "Reason: &#60;script&#62;",
            r#"<a href="/audit/7" aria-label="and more of row 7">and more</a>"#,
            r#"rel="next" href="/audit?actor=a%26b&#38;from=2026-11-01&amp;cursor=7""#,
            r#"href="/api/v1/audit-events/export?format=csv&#38;actor=a%26b&#38;from=2026-11-01""#,
            r#"<a href="/audit" aria-current="page">Audit</a>"#,
            r#"value="a&#38;b""#,
            r#"<a class="chip" href="/audit?from=2026-11-01" aria-label="Take away the filter Who: a&#38;b">Who: a&#38;b <"#,
            r#"<a class="chip" href="/audit?actor=a%26b" aria-label="Take away the filter From the day 2026-11-01">"#,
            r#"<a class="clear" href="/audit">Clear</a>"#,
        ] {
            assert!(page.contains(part), "{part} is not in {page}");
        }
        assert!(!page.contains("<script>"));
    }

    #[test]
    fn the_chain_is_told_at_the_top_in_words_and_a_broken_one_as_a_problem() {
        let intact = page(None, vec![]);
        assert!(intact.contains("</span> Chain intact</span> to row 7, <time"), "{intact}");
        assert!(intact.contains("No row is like that."));
        let broken = page(Some("Row 5 is missing."), vec![row()]);
        assert!(broken.contains(r#"<div class="caution" role="region" aria-labelledby="chain">"#), "{broken}");
        assert!(broken.contains("<p>Row 5 is missing.") && !broken.contains("Chain intact"));
    }
}
