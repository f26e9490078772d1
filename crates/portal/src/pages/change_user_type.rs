//! The page on which a member's user type and role are changed.

use askama::Template;

use crate::pages::choice::{Choice, Person, TypeChoice};
use crate::pages::consent::Consent;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;
use crate::pages::plan::Plan;
use crate::pages::until::Until;

/// `/members/{id}/user-type` (S36): choose, look at the effects, save.
#[derive(Debug, Clone, Template)]
#[template(path = "change_user_type.html")]
pub struct ChangeUserType {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// The member as he is.
    pub member: Person,
    /// The version of the member that this page was made from, so that nobody's change is undone unseen.
    pub version: String,
    /// The user types of the catalog; the chosen one is selected.
    pub user_types: Vec<TypeChoice>,
    /// The roles; the chosen or proposed one is selected.
    pub roles: Vec<Choice>,
    /// The reason as typed.
    pub reason: String,
    /// When the member returns by itself, as typed.
    pub until: Until,
    /// The effects of the choice, once asked for.
    pub plan: Option<Plan>,
    /// The consent that the choice needs, when it takes a user type one over (S23 to S28).
    pub consent: Option<Consent>,
    /// Why the last step was refused.
    pub problem: Option<ErrorSummary>,
}

#[cfg(test)]
mod tests {
    use errors::{Code, Failure};

    use super::*;
    use crate::pages::plan::{PlanMember, PlanType};
    use crate::pages::{html, sample};

    fn page(member: Person) -> ChangeUserType {
        ChangeUserType {
            frame: sample::administrator(),
            csrf: "c5f0".to_owned(),
            member,
            version: "\"7\"".to_owned(),
            user_types: sample::user_types(),
            roles: sample::roles(),
            reason: String::new(),
            until: Until::default(),
            plan: None,
            consent: None,
            problem: None,
        }
    }

    #[test]
    fn the_form_offers_every_type_with_its_room_and_both_steps() {
        let page = html(&page(sample::bo())).unwrap();
        assert!(page.contains(r#"<form method="post" action="/members/mem_b/user-type">"#));
        assert!(page.contains(r#"<input type="hidden" name="version" value="&#34;7&#34;">"#));
        assert!(page.contains(r#"<option value="viewer" selected>Viewer (full)</option><option value="creator">Creator (1 seat free)</option>"#));
        assert!(page.contains(r#"<button class="quiet" name="step" value="preview">Show what would change</button> <button name="step" value="save">Save</button>"#));
        assert!(!page.contains("allow_one_over") && !page.contains("What would change"));
    }

    #[test]
    fn one_over_shows_the_plan_and_asks_for_the_number_it_locks_out() {
        let seats = |name: &str, before, after, licensed, locked_out| PlanType {
            name: name.to_owned(),
            before,
            after,
            licensed,
            locked_out,
        };
        let bo = PlanMember {
            id: Some("mem_b".to_owned()),
            name: "Bo Sato".to_owned(),
            before: "Creator, Publisher".to_owned(),
            after: "Viewer, Viewer".to_owned(),
            licences: Vec::new(),
        };
        let types = vec![seats("Viewer", 25, 26, 25, 26), seats("Creator", 5, 4, 5, 0)];
        let plan = Plan { types, members: vec![bo], ..Plan::default() };
        let consent = sample::consent();
        let problem = ErrorSummary::from(&Failure::plain(Code::OneOverNeedsConsent));
        let page = html(&ChangeUserType {
            plan: Some(plan),
            consent: Some(consent),
            problem: Some(problem),
            ..page(sample::bo())
        })
        .unwrap();
        assert!(page.contains(r#"<tr><th scope="row">Viewer</th><td class="number">25</td><td class="number">26</td><td class="number">25</td><td><span class="bad"><span aria-hidden="true">✖</span> 26 members would be locked out</span></td></tr>"#));
        assert!(page.contains(r#"<td class="number">5</td><td class="number">4</td><td class="number">5</td><td>nobody locked out</td></tr>"#));
        assert!(page.contains("<tr><th scope=\"row\"><a href=\"/members/mem_b\">Bo Sato</a></th><td>Creator, Publisher</td><td>Viewer, Viewer</td></tr>"));
        assert!(page.contains(r#"<a href="/members/swap?member=mem_b&amp;member=mem_v">"#));
        assert!(
            page.contains(
                "<p>While Viewer has 26 of 25, 26 members cannot use the portal, and nobody can be added.</p>"
            )
        );
        assert!(page.contains(r#"<span class="hint" id="allow_one_over-hint">To save anyway, type 26.</span>"#));
        assert!(page.contains("/help/errors/one-over-needs-consent"));
    }

    #[test]
    fn names_are_escaped() {
        let page = html(&page(sample::mallory())).unwrap();
        assert!(!page.contains("<script>") && !page.contains("\"><b>"));
        assert!(page.contains("<h1>User type of &#60;script&#62;alert(1)&#60;/script&#62;</h1>"));
    }
}
