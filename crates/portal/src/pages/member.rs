//! One member: what the account is, and what can be done with it.

use askama::Template;

use crate::pages::barred::{Barred, Reason};
use crate::pages::choice::{Choice, Person};
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;
use crate::pages::in_use::ProductRow;
use crate::pages::member_filter::MemberState;
use crate::pages::members::May;
use crate::pages::when::When;
use crate::pages::words;

/// `/members/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "member.html")]
pub struct MemberPage {
    /// The surroundings.
    pub frame: Frame,
    /// The member in short.
    pub member: Person,
    /// The mail address.
    pub email: String,
    /// Whether the account can be used.
    pub state: MemberState,
    /// Whether the member is refused now because the user type is over.
    pub locked_out: bool,
    /// What the role is for, and how many privileges it gives.
    pub role: RoleFacts,
    /// What the member held before the last change, and that change.
    pub former: Option<Former>,
    /// The add-ons and extensions that are assigned.
    pub add_ons: Vec<Choice>,
    /// The products that the member may use or uses, for who may see it.
    pub products: Option<Vec<ProductRow>>,
    /// The groups and the categories.
    pub labels: LabelLists,
    /// Whether the vendor's own site is open to the member.
    pub vendor_access: bool,
    /// Whether the password has to be changed.
    pub one_time: bool,
    /// The registration, the last sign-in, and the archiving.
    pub times: Times,
    /// The planned return that waits for the member.
    pub planned: Option<Planned>,
    /// What the reader may do.
    pub may: May,
    /// What of it cannot be done with this account.
    pub barred: Barred,
    /// Why the role stays as it is.
    pub role_barred: Option<Reason>,
    /// What has just happened.
    pub done: Option<String>,
}

/// What a role allows, in short.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleFacts {
    /// What it is for.
    pub description: String,
    /// The names of the privileges that it gives.
    pub privileges: Vec<String>,
}

/// What a member held before the last change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Former {
    /// User type and role, such as `Viewer, Viewer`.
    pub held: String,
    /// The id of the change.
    pub change: String,
}

/// The groups and the categories of a member.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelLists {
    /// The groups.
    pub groups: Vec<String>,
    /// The categories.
    pub categories: Vec<String>,
}

/// The instants of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// When the member was registered.
    pub created: When,
    /// The last sign-in.
    pub last_signed_in: Option<When>,
    /// Since when the member is archived.
    pub archived: Option<When>,
}

/// A planned return of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The id of the change that is to be taken back.
    pub change: String,
    /// When.
    pub at: When,
    /// To what, such as `Viewer, Viewer`.
    pub to: String,
    /// Why it waits.
    pub problem: Option<String>,
}

/// `/members/{id}/password`: the question, before a one-time password is given.
#[derive(Debug, Clone, Template)]
#[template(path = "reset_password.html")]
pub struct ResetPassword {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// Whose password.
    pub member: Person,
    /// Why the last attempt was refused.
    pub problem: Option<ErrorSummary>,
}

/// The answer to it. It is an answer to the form itself, never at an address of its own, so that the password cannot be
/// seen again.
#[derive(Debug, Clone, Template)]
#[template(path = "password_reset.html")]
pub struct PasswordReset {
    /// The surroundings.
    pub frame: Frame,
    /// Whose password.
    pub member: Person,
    /// The one-time password.
    pub one_time_password: String,
}

impl MemberPage {
    pub(super) fn role_words(&self) -> String {
        words::privileges(self.role.privileges.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::{html, sample};

    fn page(member: Person) -> MemberPage {
        MemberPage {
            frame: sample::administrator(),
            member,
            email: "bo@example.gov".to_owned(),
            state: MemberState::Enabled,
            locked_out: false,
            role: RoleFacts {
                description: "Publishes maps.".to_owned(),
                privileges: vec!["Publish layers".to_owned(); 41],
            },
            former: Some(Former { held: "Viewer, Viewer".to_owned(), change: "chg_7".to_owned() }),
            add_ons: vec![sample::standard()],
            products: Some(vec![sample::pro()]),
            labels: LabelLists { groups: vec!["GIS".to_owned()], categories: Vec::new() },
            vendor_access: false,
            one_time: false,
            times: Times { created: sample::two_past_two(), last_signed_in: None, archived: None },
            planned: None,
            may: sample::everything(),
            barred: Barred::default(),
            role_barred: None,
            done: None,
        }
    }

    #[test]
    fn the_account_is_shown_with_what_can_be_done() {
        let page = html(&page(sample::bo())).unwrap();
        assert!(page.contains("<h1>Bo Sato</h1>") && page.contains("<dd>bo@example.gov</dd>"));
        for link in [
            "/members/mem_b/user-type",
            "/members/mem_b/edit",
            "/members/mem_b/password",
            "/members/change?act=disable&amp;member=mem_b",
            "/members/change?act=archive&amp;member=mem_b",
            "/members/mem_b/delete",
            "/changes/chg_7",
        ] {
            assert!(page.contains(&format!("href=\"{link}\"")), "{link}");
        }
        assert!(!page.contains("act=enable") && !page.contains("act=restore"));
        assert!(
            page.contains("<summary>What it allows: 41 privileges</summary>")
                && page.contains("<li>Publish layers</li>")
                && page.contains("Never signed in")
        );
    }

    #[test]
    fn licenses_and_sessions_are_shown_with_what_can_be_done() {
        let html = html(&page(sample::bo())).unwrap();
        let unassign =
            "/members/change?act=add-ons&amp;member=mem_b&amp;add_on.arcgis-pro-standard=unassign&amp;step=preview";
        assert!(html.contains(&format!("href=\"{unassign}\" aria-label=\"Unassign ArcGIS Pro Standard\"")));
        assert!(html.contains("href=\"/members/change?act=add-ons&amp;member=mem_b\""));
        assert!(html.contains("href=\"/products/arcgis-pro/sessions/ses_1/end\"") && html.contains("GIS-WS-04"));
        assert!(html.contains("href=\"/products/arcgis-pro/checkouts/out_1/release\"") && html.contains("TABLET-3"));
    }

    #[test]
    fn who_may_only_look_is_offered_nothing() {
        let page =
            html(&MemberPage { may: May { whole: true, ..May::default() }, products: None, ..page(sample::bo()) })
                .unwrap();
        for offer in ["/user-type", "/edit", "/password", "/members/change", "/delete", "/members/swap"] {
            assert!(!page.contains(offer), "{offer}");
        }
    }

    #[test]
    fn an_archived_member_is_restored_and_nothing_else() {
        let archived = MemberPage {
            state: MemberState::Archived,
            times: Times { archived: Some(sample::end()), ..page(sample::bo()).times },
            ..page(sample::bo())
        };
        let page = html(&archived).unwrap();
        assert!(page.contains("act=restore") && page.contains("none; was Creator"));
        assert!(!page.contains("act=archive") && !page.contains("/members/mem_b/user-type"));
    }

    #[test]
    fn a_planned_return_is_told_with_its_way_out() {
        let planned = Planned {
            change: "chg_9".to_owned(),
            at: sample::end(),
            to: "Viewer, Viewer".to_owned(),
            problem: Some("No seat is free: Viewer.".to_owned()),
        };
        let page = html(&MemberPage { planned: Some(planned), ..page(sample::bo()) }).unwrap();
        assert!(page.contains("Returns to Viewer, Viewer on <time") && page.contains("No seat is free: Viewer."));
        assert!(page.contains("/changes/chg_9/undo") && page.contains("/changes/chg_9\""));
    }

    #[test]
    fn a_one_time_password_is_asked_for_before_it_is_shown_this_once() {
        let frame = sample::administrator();
        let (csrf, problem) = ("c5f0".to_owned(), None);
        let asked = html(&ResetPassword { frame, csrf, member: sample::bo(), problem }).unwrap();
        assert!(asked.contains(r#"<form method="post" action="/members/mem_b/password">"#));
        let one_time_password = "k3v9-0tqz".to_owned();
        let frame = sample::administrator();
        let given = html(&PasswordReset { frame, member: sample::bo(), one_time_password }).unwrap();
        assert!(given.contains(">k3v9-0tqz</p>") && given.contains("It is shown only now."));
    }

    #[test]
    fn what_cannot_be_done_says_why_and_leads_to_where_it_is_mended() {
        let why = || sample::reason("why-delete");
        let barred = Barred::new(vec![("delete", why()), ("archive", why())]);
        let page =
            html(&MemberPage { barred, role_barred: Some(sample::reason("why-role")), ..page(sample::bo()) }).unwrap();
        for words in ["Delete", "Archive"] {
            let told = format!(
                r#"<a class="button quiet" role="link" aria-disabled="true" aria-describedby="why-delete">{words}</a>"#
            );
            assert!(page.contains(&told), "{words}");
        }
        assert!(page.contains(r#"aria-disabled="true" aria-describedby="why-role">Change role</a>"#));
        let sentence = r#"<p class="hint" id="why-delete">Viewer is full. <a href="/licenses">Licenses</a></p>"#;
        assert_eq!(page.matches(sentence).count(), 1);
        assert!(!page.contains("/delete\"") && !page.contains("act=archive") && page.contains("act=disable"));
    }

    #[test]
    fn names_are_escaped() {
        assert!(!html(&page(sample::mallory())).unwrap().contains("<script>"));
    }
}
