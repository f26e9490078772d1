//! The members and the ways to change them.

use std::fmt;

use askama::Template;

use crate::pages::choice::Choice;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;
use crate::pages::words;

/// `/members`: filters in the address, and each member's user type as the link to its change (S36).
#[derive(Debug, Clone, Template)]
#[template(path = "members.html")]
pub struct Members {
    /// The surroundings.
    pub frame: Frame,
    /// This page of members.
    pub rows: Vec<MemberRow>,
    /// How many members match; nothing where only this part of them has been looked at.
    pub total: Option<u64>,
    /// What is looked for.
    pub filter: MemberFilter,
    /// The user types to look for.
    pub user_types: Vec<Choice>,
    /// Whether this is not the first page.
    pub continued: bool,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// Whether the reader may add members.
    pub may_add: bool,
    /// Whether the reader may change user types.
    pub may_change: bool,
    /// Whether the reader may delete members.
    pub may_delete: bool,
    /// Why the last step was refused.
    pub problem: Option<ErrorSummary>,
    /// What has just happened.
    pub done: Option<String>,
}

/// One member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// The id, `mem_…`.
    pub id: String,
    /// The full name, or the user name.
    pub name: String,
    /// The user name.
    pub username: String,
    /// The name of the user type.
    pub user_type: String,
    /// The name of the role.
    pub role: String,
    /// Whether the account can be used.
    pub state: MemberState,
    /// Whether the member is refused now because the user type is over.
    pub locked_out: bool,
}

/// What is looked for; empty means anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberFilter {
    /// A part of the name or user name.
    pub q: String,
    /// The id of a user type.
    pub user_type: String,
    /// The state of the account.
    pub state: Option<MemberState>,
    /// Only members who are refused now.
    pub locked_out: bool,
}

/// Whether an account can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberState {
    /// It can.
    Enabled,
    /// An administrator has disabled it; it keeps its seat.
    Disabled,
    /// It has no access and holds no seat.
    Archived,
}

impl MemberState {
    /// All, in the order of the list.
    pub const ALL: [Self; 3] = [Self::Enabled, Self::Disabled, Self::Archived];

    /// The spelling in addresses.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::Archived => "archived",
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Enabled => "Enabled",
            Self::Disabled => "Disabled",
            Self::Archived => "Archived",
        }
    }
}

impl MemberFilter {
    pub(super) fn is(&self, state: &MemberState) -> bool {
        self.state == Some(*state)
    }

    pub(super) fn active(&self) -> bool {
        *self != Self::default()
    }

    pub(super) fn query(&self) -> Query<'_> {
        Query(self)
    }
}

/// The filter as the query of an address, ready to stand in HTML.
pub(super) struct Query<'a>(&'a MemberFilter);

impl fmt::Display for Query<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(MemberFilter { q, user_type, state, locked_out }) = self;
        let encoded = |text| askama::filters::urlencode_strict(text).map_err(|_| fmt::Error);
        write!(f, "q={}&user_type={}", encoded(q)?, encoded(user_type)?)?;
        write!(f, "&state={}", state.map_or("", MemberState::id))?;
        if *locked_out { f.write_str("&locked_out=true") } else { Ok(()) }
    }
}

impl Members {
    pub(super) fn total_words(&self) -> String {
        let Some(total) = self.total else {
            return format!("{} on this page", words::members(u64::try_from(self.rows.len()).unwrap_or(u64::MAX)));
        };
        let matching = if self.filter.active() { " found" } else { "" };
        format!("{}{matching}", words::members(total))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::{html, sample};

    fn row(locked_out: bool) -> MemberRow {
        let bo = sample::bo();
        MemberRow {
            id: bo.id,
            name: bo.name,
            username: bo.username,
            user_type: bo.user_type,
            role: bo.role,
            state: MemberState::Enabled,
            locked_out,
        }
    }

    fn page(rows: Vec<MemberRow>) -> Members {
        Members {
            frame: sample::administrator(),
            rows,
            total: Some(30),
            filter: MemberFilter::default(),
            user_types: vec![Choice { id: "viewer".to_owned(), name: "Viewer".to_owned(), selected: true }],
            continued: false,
            next: None,
            may_add: true,
            may_change: true,
            may_delete: true,
            problem: None,
            done: None,
        }
    }

    #[test]
    fn the_user_type_of_each_member_is_the_link_to_its_change() {
        let page = html(&page(vec![row(true)])).unwrap();
        assert!(page.contains(r#"<td><a href="/members/mem_b/user-type" aria-label="Creator: change the user type of Bo Sato">Creator</a></td><td>Publisher</td><td>Enabled, <span class="bad whole"><span aria-hidden="true">✖</span> locked out</span></td>"#));
        assert!(page.contains(r#"<label class="pick"><input type="checkbox" name="member" value="mem_b" aria-label="Choose Bo Sato for a swap"></label>"#));
        assert!(page.contains(r#"<a href="/members/mem_b/delete" aria-label="Delete Bo Sato">Delete</a>"#));
        assert!(page.contains(r#"<p role="status">30 members</p>"#));
    }

    #[test]
    fn who_may_only_look_gets_no_links_and_no_boxes() {
        let looking = Members { may_add: false, may_change: false, may_delete: false, ..page(vec![row(false)]) };
        let page = html(&looking).unwrap();
        assert!(page.contains("<td>bsato</td><td>Creator</td><td>Publisher</td><td>Enabled</td>"));
        for offer in ["/user-type", "/delete", "type=\"checkbox\" name=\"member\"", "/members/new", "Swap"] {
            assert!(!page.contains(offer), "{offer}");
        }
    }

    #[test]
    fn the_filter_stays_in_the_address_from_page_to_page() {
        let state = Some(MemberState::Disabled);
        let filter = MemberFilter { q: "a&b=<".to_owned(), user_type: "viewer".to_owned(), state, locked_out: true };
        let next = Some("c/1".to_owned());
        let page = html(&Members { filter, continued: true, next, ..page(Vec::new()) }).unwrap();
        let address = "/members?q=a%26b%3D%3C&#38;user_type=viewer&#38;state=disabled&#38;locked_out=true";
        assert!(page.contains(&format!(r#"<a class="button quiet" href="{address}">First page</a>"#)));
        assert!(page.contains(&format!(r#"rel="next" href="{address}&amp;cursor=c/1">Next page</a>"#)));
        assert!(page.contains(r#"<option value="viewer" selected>Viewer</option>"#));
        assert!(page.contains(r#"<option value="disabled" selected>Disabled</option>"#));
        assert!(page.contains(r#"name="locked_out" value="true" checked>"#));
        assert!(page.contains(r#"<p role="status">30 members found</p>"#));
        let uncounted = Members { total: None, ..self::page(vec![row(true)]) };
        assert!(html(&uncounted).unwrap().contains(r#"<p role="status">1 member on this page</p>"#));
    }

    #[test]
    fn names_are_escaped_in_text_and_in_attributes() {
        let mallory = sample::mallory();
        let page =
            html(&page(vec![MemberRow { name: mallory.name, username: mallory.username, ..row(false) }])).unwrap();
        assert!(!page.contains("<script") && !page.contains("\"><b>"));
        assert!(page.contains(r#"aria-label="Delete &#60;script&#62;alert(1)&#60;/script&#62;""#));
    }
}
