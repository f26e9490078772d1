//! What a license file would change, before it is imported.

use askama::Template;

use crate::pages::choice::Person;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;
use crate::pages::licenses::LicenseFacts;
use crate::pages::when::When;
use crate::pages::words;
use crate::texts::text;

/// `/licenses/import/{preview}`: the file has been opened and verified; nothing has changed yet.
#[derive(Debug, Clone, Template)]
#[template(path = "import_preview.html")]
pub struct ImportPreview {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// The id of the preview.
    pub preview: String,
    /// The file.
    pub file: LicenseFacts,
    /// Whether the file is bound to this portal; otherwise it fits any.
    pub bound: bool,
    /// The file that it replaces, such as `SW-2026-000123, sequence 3`.
    pub replaces: Option<String>,
    /// When it comes in force, where that lies ahead: it waits until then.
    pub begins: Option<When>,
    /// The licenses of waiting files that are given up for it.
    pub overtakes: Vec<String>,
    /// User types and add-ons before and after.
    pub rows: Vec<CountRow>,
    /// How many members would be locked out in all.
    pub locked_out: u64,
    /// Whether nobody could start a product, because add-ons would be over-assigned (S49).
    pub blocks_products: bool,
    /// The names of the products that nobody could start then.
    pub products: Vec<String>,
    /// The add-ons of which the file gives none any more, each with how many hold it.
    pub vanishing: Vec<String>,
    /// What can be done first, so that nothing is over afterwards.
    pub first: Vec<Suggestion>,
    /// The first of them.
    pub people: Vec<Person>,
    /// How many of them are not named.
    pub more_people: u64,
    /// What would be wrong with the new-member defaults under the file.
    pub defaults_fault: Option<String>,
    /// Why the last confirmation was refused.
    pub problem: Option<ErrorSummary>,
}

/// Something that can be done before the import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What.
    pub text: String,
    /// Where.
    pub address: String,
}

/// A count before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountRow {
    /// The name of the user type or add-on.
    pub name: String,
    /// Licensed now.
    pub now: u64,
    /// Licensed by the new file.
    pub new: u64,
    /// Assigned.
    pub assigned: u64,
    /// Available afterwards; negative when over.
    pub after: i64,
    /// Members who would be locked out; nothing for an add-on, which locks nobody out.
    pub locked_out: Option<u64>,
}

impl ImportPreview {
    pub(super) fn locked_out_words(&self) -> String {
        words::would_be_locked_out(self.locked_out)
    }
}

impl CountRow {
    pub(super) fn after_signed(&self) -> String {
        words::signed(self.after)
    }

    pub(super) fn effect(&self) -> String {
        if self.after < 0 {
            let over = self.after.unsigned_abs();
            return match self.locked_out {
                Some(people) => text("import-over").with("over", over).with("count", people).plain(),
                None => text("import-over-assigned").with("over", over).plain(),
            };
        }
        match self.locked_out {
            _ if self.now == self.new => text("import-no-change").plain(),
            Some(_) => text("import-nobody").plain(),
            None => text("licenses-left").with("count", self.after.unsigned_abs()).plain(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::{html, sample};

    fn page(new: u64, after: i64, locked_out: u64) -> String {
        let file = LicenseFacts {
            license: "SW-2026-000123".to_owned(),
            sequence: 4,
            customer: "City of <script>".to_owned(),
            key: "2026-a".to_owned(),
            from: sample::two_past_two(),
            ends: None,
        };
        let people = if locked_out > 0 { vec![sample::mallory()] } else { Vec::new() };
        html(&ImportPreview {
            frame: sample::administrator(),
            csrf: "c5f0".to_owned(),
            preview: "prv_1".to_owned(),
            file,
            bound: true,
            replaces: Some("SW-2026-000123, sequence 3".to_owned()),
            begins: (new == 9).then(sample::end),
            overtakes: if new == 9 { vec!["SW-2027-000001".to_owned()] } else { Vec::new() },
            rows: vec![CountRow {
                name: "Creator".to_owned(),
                now: 5,
                new,
                assigned: 5,
                after,
                locked_out: Some(locked_out),
            }],
            locked_out,
            blocks_products: after < -1,
            products: vec!["ArcGIS Pro".to_owned()],
            vanishing: if new == 4 { vec!["3D Analyst: held by 2 members".to_owned()] } else { Vec::new() },
            first: if after < 0 {
                let address = "/members?user_type=creator".to_owned();
                vec![Suggestion { text: "Change 1 Creator…".to_owned(), address }]
            } else {
                Vec::new()
            },
            people,
            more_people: locked_out.saturating_sub(1),
            defaults_fault: (new == 0).then(|| "Creator <is> not licensed.".to_owned()),
            problem: None,
        })
        .unwrap()
    }

    #[test]
    fn a_smaller_file_names_who_it_locks_out_and_asks_for_their_number() {
        let page = page(4, -1, 4);
        assert!(page.contains("<tr><th scope=\"row\">Creator</th><td class=\"number\">5</td><td class=\"number\">4</td><td class=\"number\">5</td><td class=\"number bad\">\u{2212}1</td><td><span class=\"bad\"><span aria-hidden=\"true\">✖</span> over by 1, 4 members would be locked out</span></td></tr>"));
        assert!(page.contains("<h2>4 members would be locked out</h2>"));
        assert!(page.contains("<li>and 3 more</li>"));
        assert!(page.contains("<li>3D Analyst: held by 2 members</li>"));
        assert!(page.contains("<a class=\"button quiet\" href=\"/members?user_type=creator\">Change 1 Creator…</a>"));
        assert!(page.contains(r#"<label for="confirm_locked_out">Number of members who will be locked out</label>"#));
        assert!(page.contains(r#"<form method="post" action="/licenses/import/prv_1">"#));
        assert!(!page.contains("<script>"));
        assert!(page.contains("<li>&#60;script&#62;alert(1)&#60;/script&#62; (&#34;&#62;&#60;b&#62;), Creator</li>"));
    }

    #[test]
    fn a_file_that_makes_the_defaults_wrong_says_so_before_it_is_imported() {
        let told = "<p>Creator &#60;is&#62; not licensed. Until the defaults are changed";
        assert!(page(0, -5, 4).contains(told) && !page(4, -1, 4).contains("The new-member defaults would"));
        assert!(page(0, -5, 4).contains("<li>ArcGIS Pro</li>") && !page(4, -1, 4).contains("<li>ArcGIS Pro</li>"));
    }

    #[test]
    fn a_file_of_a_later_term_says_when_it_comes_in_force_and_what_it_takes_the_place_of() {
        let page = page(9, 4, 0);
        assert!(page.contains("<h2>The file waits for its term</h2>"));
        assert!(page.contains("1 Dec 2027 00:00 UTC</time>"));
        assert!(page.contains("SW-2027-000001"));
        assert!(page.contains("<button>Let the file wait for its term</button>"));
    }

    #[test]
    fn a_file_that_locks_nobody_out_asks_for_nothing() {
        let page = page(8, 3, 0);
        assert!(page.contains(r#"<td class="number">3</td><td>nobody locked out</td></tr>"#));
        assert!(!page.contains("confirm_locked_out") && !page.contains("Before you import"));
        assert!(page.contains("<dt>Replaces</dt><dd>SW-2026-000123, sequence 3</dd>"));
    }
}
