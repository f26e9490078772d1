//! The licenses page: what the file gives, what is taken, and the way to bring in another file.

use askama::Template;

use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;
use crate::pages::seats::Seats;
use crate::pages::when::When;
use crate::pages::words;
use crate::texts::{Text, text};

/// `/licenses` (S12: it shows which user types exceed their number).
#[derive(Debug, Clone, Template)]
#[template(path = "licenses.html")]
pub struct Licenses {
    /// The surroundings.
    pub frame: Frame,
    /// The installed file, when it opens.
    pub installed: Option<LicenseFacts>,
    /// Why the installed file does not open any more, where it does not.
    pub unusable: Option<ErrorSummary>,
    /// The user types that are licensed or assigned, in catalog order.
    pub user_types: Vec<Seats>,
    /// The names of all other user types of the catalog.
    pub not_licensed: Vec<String>,
    /// The add-ons and extensions that are licensed or assigned.
    pub add_ons: Vec<AddOnRow>,
    /// What changes at each coming end.
    pub forecast: Vec<Foreseen>,
    /// Every file that was ever imported, newest first.
    pub files: Vec<FileRow>,
    /// The files that wait for their terms, and those that could not come in force.
    pub waiting: Vec<WaitingRow>,
    /// The form token, when the reader may import.
    pub import_csrf: Option<String>,
    /// Which pages that show who is behind the numbers open for the reader.
    pub opens: Opens,
    /// Why the last import was refused.
    pub problem: Option<ErrorSummary>,
    /// What has just happened.
    pub done: Option<String>,
}

/// `/licenses/staged/{license}`: the question before a waiting file is given up.
#[derive(Debug, Clone, Template)]
#[template(path = "withdraw_license.html")]
pub struct Withdrawal {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// The file.
    pub file: WaitingRow,
    /// Why it could not be given up.
    pub problem: Option<ErrorSummary>,
}

/// A file that waits for its term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingRow {
    /// The id of the license.
    pub license: String,
    /// Its sequence in the contract.
    pub sequence: u32,
    /// When it comes in force.
    pub from: When,
    /// Who imported it.
    pub by: String,
    /// Where its bytes are.
    pub address: String,
    /// Why it could not come in force.
    pub problem: Option<String>,
}

/// The pages that show who is behind the numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Opens {
    /// The list of members.
    pub members: bool,
    /// The invitations.
    pub invitations: bool,
    /// The planned returns.
    pub changes: bool,
}

/// The facts of a verified file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenseFacts {
    /// The id of the license.
    pub license: String,
    /// Its sequence in the contract.
    pub sequence: u32,
    /// The customer's name.
    pub customer: String,
    /// The id of the key that signed it.
    pub key: String,
    /// The first instant of its term.
    pub from: When,
    /// The instant at which it ends.
    pub ends: Option<When>,
}

/// One add-on or extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddOnRow {
    /// The id.
    pub id: String,
    /// The name of the add-on.
    pub name: String,
    /// Licenses in force.
    pub licensed: u64,
    /// Assigned to members; nothing for what the organization holds.
    pub assigned: Option<u64>,
    /// Licensed less assigned; below zero where more is assigned (S46).
    pub available: i64,
    /// Since when more are assigned than licensed.
    pub over_since: Option<When>,
    /// Whether it is a trial.
    pub trial: bool,
    /// When it ends.
    pub ends: Option<When>,
}

/// What the file in force gives otherwise from an instant on, and what happens then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreseen {
    /// When.
    pub at: When,
    /// What is licensed then, such as `Viewer 25 → 0`.
    pub changes: Vec<String>,
    /// What happens if nothing else changes.
    pub effects: Vec<String>,
}

impl AddOnRow {
    pub(super) fn available_words(&self) -> String {
        words::signed(self.available)
    }
}

/// One imported file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// The id of the license.
    pub license: String,
    /// Its sequence in the contract.
    pub sequence: u32,
    /// What has become of it.
    pub state: FileState,
    /// When it came in force here.
    pub imported: When,
    /// Who imported it; nothing where that is not on record.
    pub by: Option<String>,
    /// Where its bytes are.
    pub address: String,
}

/// What has become of an imported file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// It counts.
    InForce,
    /// It is installed but its term has not begun, so it counts 0.
    NotBegun,
    /// It is installed but its term is over, so it counts 0.
    Ended,
    /// It is installed but the vendor has revoked it, so it counts 0.
    Revoked,
    /// A later file took its place.
    Replaced,
    /// It is installed but does not open any more, so it counts 0.
    Unusable,
}

impl FileState {
    pub(super) fn text(self) -> Text {
        match self {
            Self::InForce => text("file-in-force"),
            Self::NotBegun => text("file-not-begun"),
            Self::Ended => text("file-ended"),
            Self::Revoked => text("file-revoked"),
            Self::Replaced => text("file-replaced"),
            Self::Unusable => text("file-unusable"),
        }
    }
}

#[cfg(test)]
mod tests {
    use errors::{Code, Failure};

    use super::*;
    use crate::pages::{html, sample};

    fn standard(licensed: u64, available: i64) -> AddOnRow {
        AddOnRow {
            id: "arcgis-pro-standard".to_owned(),
            name: "ArcGIS Pro Standard".to_owned(),
            licensed,
            assigned: Some(3),
            available,
            over_since: Some(sample::two_past_two()).filter(|_| available < 0),
            trial: true,
            ends: Some(sample::end()),
        }
    }

    fn page() -> Licenses {
        let (from, ends) = (sample::two_past_two(), Some(sample::end()));
        let installed = LicenseFacts {
            license: "SW-2026-000123".to_owned(),
            sequence: 4,
            customer: "City of Example".to_owned(),
            key: "2026-a".to_owned(),
            from,
            ends,
        };
        let license = "SW-2026-000123".to_owned();
        let address = "/api/v1/licenses/4/file?contract=c-1".to_owned();
        let file = FileRow {
            license,
            sequence: 4,
            state: FileState::InForce,
            imported: from,
            by: Some("ana".to_owned()),
            address: address.clone(),
        };
        Licenses {
            frame: sample::over_limit(),
            installed: Some(installed),
            unusable: None,
            user_types: vec![sample::viewers_over(), sample::creators()],
            not_licensed: vec!["Editor".to_owned(), "Storyteller".to_owned()],
            add_ons: vec![standard(2, -1), AddOnRow { assigned: None, ..standard(2, 2) }],
            forecast: vec![Foreseen {
                at: sample::end(),
                changes: vec!["Viewer 25 → 0".to_owned()],
                effects: vec!["26 members would be locked out".to_owned()],
            }],
            waiting: vec![WaitingRow {
                license: "SW-2027-000001".to_owned(),
                sequence: 5,
                from: sample::end(),
                by: "ana".to_owned(),
                address,
                problem: None,
            }],
            files: vec![file],
            import_csrf: Some("c5f0".to_owned()),
            opens: Opens { members: true, invitations: true, changes: true },
            problem: None,
            done: None,
        }
    }

    #[test]
    fn a_meter_is_clamped_and_its_words_are_not() {
        let page = html(&page()).unwrap();
        assert!(page.contains(r#"<div class="meter over" role="meter" aria-label="Viewer" aria-valuemin="0" aria-valuemax="25" aria-valuenow="25" aria-valuetext="26 of 25 assigned, over the limit by 1"></div>"#));
        assert!(page.contains(r#"<div class="meter" role="meter" aria-label="Creator" aria-valuemin="0" aria-valuemax="5" aria-valuenow="4" aria-valuetext="4 of 5 assigned"><svg viewBox="0 0 5 1" preserveAspectRatio="none" aria-hidden="true"><rect class="fill" width="4" height="1"/></svg></div>"#));
        assert!(page.contains(r#"<p class="figure bad">26 of 25 assigned, over the limit by 1</p>"#));
    }

    #[test]
    fn every_count_of_a_type_is_told() {
        let page = html(&page()).unwrap();
        let viewer = "<dt>Licensed</dt><dd><a href=\"#files\">25</a></dd>\n<dt>Assigned</dt><dd><a href=\"/members?user_type=viewer\">26</a></dd>\n<dt>Reserved</dt><dd>0</dd>\n<dt>Available</dt><dd class=\"bad\">\u{2212}1</dd>\n<dt>Over since</dt><dd><time datetime=\"2026-11-22T14:02:00Z\">22 Nov 2026 14:02 UTC</time></dd>\n<dt>Locked out</dt><dd><a href=\"/members?user_type=viewer&amp;locked_out=true\">26</a></dd>\n<dt>Exempt</dt><dd>0 administrators</dd>";
        assert!(page.contains(viewer));
        let creator = "<dt>Licensed</dt><dd><a href=\"#files\">5</a></dd>\n<dt>Assigned</dt><dd><a href=\"/members?user_type=creator\">4</a></dd>\n<dt>Reserved</dt><dd>1</dd>\n<dt>Available</dt><dd>1</dd>\n</dl>\n<p>1 seat is reserved: <a href=\"/invitations\">invitations</a>, <a href=\"/changes\">planned returns</a></p>";
        assert!(page.contains(creator));
        assert_eq!(page.matches("href=\"/invitations\"").count(), 1);
        assert!(page.contains("Not in the file: Editor, Storyteller."));
    }

    #[test]
    fn the_file_its_history_and_the_add_ons_are_told() {
        let page = html(&page()).unwrap();
        assert!(page.contains("<dt>File</dt><dd>SW-2026-000123, sequence 4</dd>"));
        let row = "<th scope=\"row\">SW-2026-000123</th><td class=\"number\">4</td><td>In force</td>";
        assert!(page.contains(row));
        let file = "<td>ana</td><td><a href=\"/api/v1/licenses/4/file?contract=c-1\" download aria-label=\"Download SW-2026-000123, sequence 4\">Download</a></td>";
        assert!(page.contains(file), "{page}");
        let over = "<td class=\"number\">2</td><td class=\"number\"><a href=\"/add-ons/arcgis-pro-standard\">3</a></td><td class=\"number\"><span class=\"bad\">\u{2212}1</span></td><td>Trial</td>";
        let held = "<td class=\"number\">2</td><td class=\"number\">–</td><td class=\"number\">2</td><td>Trial</td>";
        assert!(page.contains(over) && page.contains(held));
        assert!(page.contains("<a href=\"/add-ons/arcgis-pro-standard\">ArcGIS Pro Standard</a>"));
        assert!(page.contains("over since <time"));
    }

    #[test]
    fn what_ends_is_told_with_what_happens_then() {
        let page = html(&page()).unwrap();
        assert!(page.contains("<td>Viewer 25 → 0</td><td>26 members would be locked out</td>"));
    }

    #[test]
    fn only_who_may_import_is_offered_the_form() {
        let form = r#"<form method="post" action="/licenses/import" enctype="multipart/form-data">"#;
        assert!(html(&page()).unwrap().contains(form));
        assert!(!html(&Licenses { import_csrf: None, ..page() }).unwrap().contains(form));
    }

    #[test]
    fn a_portal_whose_file_does_not_open_still_shows_the_page() {
        let unusable = Some(ErrorSummary::from(&Failure::plain(Code::LicenseSignature)));
        let page =
            html(&Licenses { installed: None, user_types: Vec::new(), files: Vec::new(), unusable, ..page() }).unwrap();
        assert!(page.contains("<h2>No license file in force</h2>"));
        assert!(page.contains(r#"<td colspan="6">No file has been imported.</td>"#));
        let told = "<p>The installed file cannot be used: The signed part of the file is not what the vendor signed.";
        assert!(page.contains(told));
    }
}
