//! The members and the ways to change them.

use askama::Template;

use crate::pages::barred::Reason;
use crate::pages::choice::Choice;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;
use crate::pages::member_filter::{Chip, Head, MemberFilter, MemberState};
use crate::pages::when::When;
use crate::texts::text;

/// `/members`: filters in the address, boxes for what is done with many, and each member's user type as the link to its
/// change (S36).
#[derive(Debug, Clone, Template)]
#[template(path = "members.html")]
pub struct Members {
    /// The surroundings.
    pub frame: Frame,
    /// This page of members.
    pub rows: Vec<MemberRow>,
    /// How many members match; nothing where only this part of them has been looked at.
    pub total: Option<u64>,
    /// The most members of one change, where more match.
    pub too_many: Option<u64>,
    /// What is looked for.
    pub filter: MemberFilter,
    /// What there is to look for.
    pub offered: Offered,
    /// The filter as the export takes it.
    pub export: String,
    /// Whether this is not the first page.
    pub continued: bool,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// What the reader may do.
    pub may: May,
    /// Why nobody can be added at this moment, for who may add members.
    pub barred: Option<Reason>,
    /// Why the last step was refused.
    pub problem: Option<ErrorSummary>,
    /// What has just happened.
    pub done: Option<String>,
}

/// What the filters offer; what is looked for is selected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offered {
    /// The user types.
    pub user_types: Vec<Choice>,
    /// The roles.
    pub roles: Vec<Choice>,
    /// The groups.
    pub groups: Vec<Choice>,
    /// The categories.
    pub categories: Vec<Choice>,
}

/// What a reader may do with members, so that nothing is offered that would be refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct May {
    /// Add, invite and restore members.
    pub add: bool,
    /// Send tables of members.
    pub tables: bool,
    /// Change user types.
    pub change: bool,
    /// Change roles.
    pub roles: bool,
    /// Enable, disable and archive members.
    pub disable: bool,
    /// Delete members.
    pub delete: bool,
    /// Change names and categories, and reset passwords.
    pub update: bool,
    /// Give and take add-ons, end sessions of others, release offline licenses.
    pub licenses: bool,
    /// Put members into groups and take them out.
    pub groups: bool,
    /// What is reserved to default Administrators.
    pub all: bool,
    /// See everything about every account, not only names.
    pub whole: bool,
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
    /// The name of the user type; of an archived member, the one that is remembered.
    pub user_type: String,
    /// The name of the role.
    pub role: String,
    /// Whether the account can be used.
    pub state: MemberState,
    /// Whether the member is refused now because the user type is over.
    pub locked_out: bool,
    /// The last sign-in.
    pub last_signed_in: Option<When>,
}

impl May {
    pub(super) fn act(self) -> bool {
        self.change || self.roles || self.licenses || self.disable || self.delete
    }
}

impl Offered {
    fn name_of(choices: &[Choice]) -> Option<&str> {
        choices.iter().find(|choice| choice.selected).map(|choice| choice.name.as_str())
    }
}

impl Members {
    /// Whether there is anything to do with members that are chosen; an archived one is restored by who adds members.
    pub(super) fn acts(&self) -> bool {
        self.may.act() || (self.archived() && self.may.add)
    }

    pub(super) fn total_words(&self) -> String {
        let Some(total) = self.total else {
            if let Some(most) = self.too_many {
                return text("found-more-than").with("count", most).plain();
            }
            return text("found-on-this-page").with("count", self.rows.len()).plain();
        };
        text(if self.filter.active() { "found" } else { "members" }).with("count", total).plain()
    }

    /// The columns, as far as the reader sees them.
    pub(super) fn heads(&self) -> Vec<Head> {
        let names = [
            ("name", text("common-name")),
            ("username", text("common-user-name")),
            ("user_type", text("common-user-type")),
            ("role", text("common-role")),
        ];
        let whole = [("state", text("common-state")), ("last_signed_in", text("common-last-signed-in"))]
            .into_iter()
            .filter(|_| self.may.whole);
        names.into_iter().chain(whole).map(|(by, text)| self.filter.head(by, text.plain())).collect()
    }

    /// Why the list is empty.
    pub(super) fn empty_words(&self) -> String {
        let id = match (self.continued, self.filter.active()) {
            (true, _) => "nobody-comes-after",
            (false, true) => "nobody-matches",
            (false, false) => "no-members-yet",
        };
        text(id).plain()
    }

    pub(super) fn chips(&self) -> Vec<Chip> {
        let Offered { user_types, roles, .. } = &self.offered;
        self.filter.chips(Offered::name_of(user_types), Offered::name_of(roles))
    }

    pub(super) fn all_words(&self) -> String {
        self.total
            .map_or_else(|| text("all-found").plain(), |total| text("all-found-count").with("count", total).plain())
    }

    pub(super) fn archived(&self) -> bool {
        self.filter.is(&MemberState::Archived)
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
            last_signed_in: None,
        }
    }

    fn page(rows: Vec<MemberRow>) -> Members {
        let viewer = Choice { id: "viewer".to_owned(), name: "Viewer".to_owned(), selected: true };
        Members {
            frame: sample::administrator(),
            rows,
            total: Some(30),
            too_many: None,
            filter: MemberFilter::default(),
            offered: Offered { user_types: vec![viewer], ..Offered::default() },
            export: "user_type=viewer".to_owned(),
            continued: false,
            next: None,
            may: sample::everything(),
            barred: None,
            problem: None,
            done: None,
        }
    }

    #[test]
    fn the_user_type_of_each_member_is_the_link_to_its_change() {
        let page = html(&page(vec![row(true)])).unwrap();
        assert!(page.contains(r#"<td><a href="/members/mem_b/user-type" aria-label="Creator: change the user type of Bo Sato">Creator</a></td><td>Publisher</td><td>Enabled, <span class="bad whole"><span aria-hidden="true">✖</span> locked out</span></td><td>never</td>"#));
        assert!(page.contains(r#"<label class="pick"><input type="checkbox" name="member" value="mem_b" aria-label="Choose Bo Sato"></label>"#));
        assert!(page.contains(r#"<th scope="row"><a href="/members/mem_b">Bo Sato</a></th>"#));
        assert!(page.contains(r#"<p role="status">30 members</p>"#));
        for act in ["user-type", "role", "enable", "disable", "archive", "delete"] {
            assert!(page.contains(&format!(r#"name="act" value="{act}""#)), "{act}");
        }
        assert!(page.contains(r#"formaction="/members/swap""#) && !page.contains(r#"value="restore""#));
    }

    #[test]
    fn while_nobody_can_be_added_the_reason_stands_where_the_button_was() {
        let barred = Some(sample::reason("why-add"));
        let page = html(&Members { barred, ..page(vec![row(true)]) }).unwrap();
        assert!(page.contains(r#"<p class="hint" id="why-add">Viewer is full. <a href="/licenses">Licenses</a></p>"#));
        assert!(!page.contains("/members/new") && page.contains(r#"href="/members/import""#));
    }

    #[test]
    fn who_sees_names_only_gets_no_links_no_boxes_and_no_states() {
        let looking = Members { may: May::default(), ..page(vec![row(false)]) };
        let page = html(&looking).unwrap();
        assert!(page.contains(r#"<th scope="row">Bo Sato</th><td>bsato</td><td>Creator</td><td>Publisher</td></tr>"#));
        for offer in
            ["/user-type", "/delete", "type=\"checkbox\"", "/members/new", "Swap", "Enabled", "export", "import"]
        {
            assert!(!page.contains(offer), "{offer}");
        }
    }

    #[test]
    fn who_may_only_look_at_everything_gets_no_boxes() {
        let looking = Members { may: May { whole: true, ..May::default() }, ..page(vec![row(false)]) };
        let page = html(&looking).unwrap();
        assert!(page.contains("<td>Creator</td><td>Publisher</td><td>Enabled</td>"));
        assert!(!page.contains("name=\"member\"") && page.contains("/api/v1/members/export?user_type=viewer"));
    }

    #[test]
    fn archived_members_can_be_restored_and_nothing_that_needs_a_seat() {
        let filter = MemberFilter { state: Some(MemberState::Archived), ..MemberFilter::default() };
        let archived = MemberRow { state: MemberState::Archived, ..row(false) };
        let page = html(&Members { filter, ..page(vec![archived]) }).unwrap();
        assert!(page.contains(r#"value="restore""#) && page.contains(r#"value="delete""#));
        assert!(!page.contains(r#"value="archive">"#) && !page.contains("/members/swap"));
        assert!(page.contains("<td>none; was Creator</td>"));
    }

    #[test]
    fn who_may_only_add_members_restores_archived_ones_and_does_nothing_with_the_others() {
        let may = May { add: true, whole: true, ..May::default() };
        let filter = MemberFilter { state: Some(MemberState::Archived), ..MemberFilter::default() };
        let archived = MemberRow { state: MemberState::Archived, ..row(false) };
        let page_of_archived = html(&Members { filter, may, ..page(vec![archived]) }).unwrap();
        assert!(page_of_archived.contains("name=\"member\"") && page_of_archived.contains(r#"value="restore""#));
        let others = html(&Members { may, ..page(vec![row(false)]) }).unwrap();
        assert!(!others.contains("name=\"member\"") && !others.contains("With the chosen members"));
    }

    #[test]
    fn the_filter_stays_in_the_address_from_page_to_page() {
        let state = Some(MemberState::Disabled);
        let filter = MemberFilter {
            q: "a&b=<".to_owned(),
            user_type: "viewer".to_owned(),
            state,
            locked_out: true,
            ..MemberFilter::default()
        };
        let next = Some("c/1".to_owned());
        let page = html(&Members { filter, continued: true, next, ..page(vec![row(true)]) }).unwrap();
        let query = "q=a%26b%3D%3C&#38;user_type=viewer&#38;state=disabled&#38;locked_out=true";
        assert!(page.contains(&format!(r#"<a class="button quiet" href="/members?{query}">First page</a>"#)));
        assert!(page.contains(&format!(r#"rel="next" href="/members?{query}&amp;cursor=c/1">Next page</a>"#)));
        assert!(page.contains(&format!(r#"<input type="hidden" name="filter" value="{query}">"#)));
        assert!(page.contains(r#"<option value="viewer" selected>Viewer</option>"#));
        assert!(page.contains(r#"<option value="disabled" selected>Disabled</option>"#));
        assert!(page.contains(r#"name="locked_out" value="true" checked>"#));
        assert!(page.contains(r#"<p role="status">30 members found</p>"#));
        assert!(page.contains("All that the filters find (30 members)"));
        let too_many = html(&Members { total: None, too_many: Some(10_000), ..self::page(vec![row(true)]) }).unwrap();
        assert!(too_many.contains(r#"<p role="status">More than 10000 members found</p>"#));
        assert!(too_many.contains("One change can have 10000 members at most") && !too_many.contains(r#"name="all""#));
        let uncounted = Members { total: None, ..self::page(vec![row(true)]) };
        assert!(html(&uncounted).unwrap().contains(r#"<p role="status">1 member on this page</p>"#));
    }

    #[test]
    fn each_filter_is_a_chip_that_can_be_taken_away() {
        let filter =
            MemberFilter { user_type: "viewer".to_owned(), group: "gis".to_owned(), ..MemberFilter::default() };
        let page = html(&Members { filter, ..page(vec![row(true)]) }).unwrap();
        assert!(page.contains(r#"<a class="chip" href="/members?group=gis" aria-label="Take away the filter User type: Viewer">User type: Viewer <span aria-hidden="true">×</span></a>"#));
        assert!(page.contains(r#"href="/members?user_type=viewer" aria-label="Take away the filter Group: gis""#));
    }

    #[test]
    fn each_column_is_a_link_to_its_order_and_the_present_one_is_told() {
        let filter = MemberFilter { sort: "-name".to_owned(), group: "gis".to_owned(), ..MemberFilter::default() };
        let sorted = html(&Members { filter, ..page(vec![row(false)]) }).unwrap();
        assert!(sorted.contains(r#"<th scope="col" aria-sort="descending"><a class="sort" href="/members?group=gis&#38;sort=name">Name <span aria-hidden="true">▼</span></a></th>"#));
        assert!(sorted.contains(r#"<th scope="col"><a class="sort" href="/members?group=gis&#38;sort=last_signed_in">Last signed in</a></th>"#));
        assert!(sorted.contains(r#"<input type="hidden" name="sort" value="-name">"#));
        assert!(sorted.contains(r#"<a class="clear" href="/members?sort=-name">Clear</a>"#));
        let names = html(&Members { may: May::default(), ..page(vec![row(false)]) }).unwrap();
        assert!(names.contains("sort=-username") && !names.contains("sort=state") && !names.contains("last_signed_in"));
    }

    #[test]
    fn an_empty_list_says_why() {
        let filter = MemberFilter { q: "zz".to_owned(), ..MemberFilter::default() };
        let none = html(&Members { filter, total: Some(0), ..page(Vec::new()) }).unwrap();
        assert!(none.contains("<p>Nobody matches all of these filters. Take one away to find more.</p>"));
        assert!(!none.contains("<table") && !none.contains("With the chosen members"));
    }

    #[test]
    fn names_are_escaped_in_text_and_in_attributes() {
        let mallory = sample::mallory();
        let page =
            html(&page(vec![MemberRow { name: mallory.name, username: mallory.username, ..row(false) }])).unwrap();
        assert!(!page.contains("<script>") && !page.contains("\"><b>"));
        assert!(page.contains(r#"aria-label="Choose &#60;script&#62;alert(1)&#60;/script&#62;""#));
    }
}
