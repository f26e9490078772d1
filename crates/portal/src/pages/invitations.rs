//! Invitations: who waits, who is invited, and the address that is shown once.

use askama::Template;

use crate::pages::barred::Reason;
use crate::pages::choice::{Choice, TypeChoice};
use crate::pages::error_summary::ErrorSummary;
use crate::pages::extras::ExtrasFields;
use crate::pages::frame::Frame;
use crate::pages::when::When;
use crate::texts::text;

/// `/invitations`: those that wait and hold a seat, then those that have ended (S92, S111).
#[derive(Debug, Clone, Template)]
#[template(path = "invitations.html")]
pub struct Invitations {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// Those that wait, newest first.
    pub pending: Vec<InvitationRow>,
    /// Where older ones that wait begin.
    pub next: Option<String>,
    /// The newest of those that have ended.
    pub ended: Vec<InvitationRow>,
    /// Why nobody can be invited at this moment.
    pub barred: Option<Reason>,
    /// Why the last step was refused.
    pub problem: Option<ErrorSummary>,
    /// What has just happened.
    pub done: Option<String>,
}

/// One invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationRow {
    /// Its id.
    pub id: String,
    /// Whom it is for: the full name, the user name or the mail address.
    pub whom: String,
    /// The mail address; may be empty.
    pub email: String,
    /// The name of the user type.
    pub user_type: String,
    /// The name of the role.
    pub role: String,
    /// Who sent it.
    pub invited_by: String,
    /// When it was sent.
    pub sent: When,
    /// Until when it holds its seat, while it waits; when it ended, else.
    pub until: When,
    /// Whole days until then.
    pub days: u64,
    /// What has become of it.
    pub state: &'static str,
    /// The id of the member who accepted it.
    pub member: Option<String>,
}

impl InvitationRow {
    pub(super) fn days_words(&self) -> String {
        match self.days {
            0 => text("less-than-a-day").plain(),
            days => text("days").with("count", days).plain(),
        }
    }
}

/// `/invitations/new`.
#[derive(Debug, Clone, Template)]
#[template(path = "invite.html")]
pub struct Invite {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// The user name as typed; the invited person may choose another.
    pub username: String,
    /// The full name as typed.
    pub full_name: String,
    /// The mail address as typed.
    pub email: String,
    /// The user types with their room; the chosen one is selected.
    pub user_types: Vec<TypeChoice>,
    /// Why nobody can be added at this moment.
    pub barred: Option<Reason>,
    /// The roles; the chosen one is selected.
    pub roles: Vec<Choice>,
    /// Groups, categories and vendor-site access.
    pub extras: ExtrasFields,
    /// Why the last attempt was refused.
    pub problem: Option<ErrorSummary>,
}

impl Invite {
    pub(super) fn wrong(&self, field: &str) -> Option<&str> {
        self.problem.as_ref().and_then(|problem| problem.wrong(field))
    }
}

/// The answer to an invitation that was sent or sent again: its address, this once.
#[derive(Debug, Clone, Template)]
#[template(path = "invitation_sent.html")]
pub struct InvitationSent {
    /// The surroundings.
    pub frame: Frame,
    /// The invitation.
    pub invitation: InvitationRow,
    /// The address that accepts it.
    pub address: String,
    /// Whether another address accepted it before.
    pub again: bool,
}

/// `/invitations/{id}/revoke`.
#[derive(Debug, Clone, Template)]
#[template(path = "invitation_revocation.html")]
pub struct InvitationRevocation {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// The invitation.
    pub invitation: InvitationRow,
    /// Why it was refused.
    pub problem: Option<ErrorSummary>,
}

#[cfg(test)]
mod tests {
    use errors::{Code, Failure};
    use serde_json::json;

    use super::*;
    use crate::pages::{html, sample};

    fn row(state: &'static str, days: u64) -> InvitationRow {
        InvitationRow {
            id: "inv_1".to_owned(),
            whom: "<script>".to_owned(),
            email: "nina@example.gov".to_owned(),
            user_type: "Viewer".to_owned(),
            role: "Viewer".to_owned(),
            invited_by: "ana".to_owned(),
            sent: sample::two_past_two(),
            until: sample::end(),
            days,
            state,
            member: (state == "accepted").then(|| "mem_n".to_owned()),
        }
    }

    fn list(pending: Vec<InvitationRow>, ended: Vec<InvitationRow>) -> String {
        let (frame, csrf) = (sample::administrator(), "c5f0".to_owned());
        html(&Invitations { frame, csrf, pending, next: None, ended, barred: None, problem: None, done: None }).unwrap()
    }

    #[test]
    fn those_that_wait_tell_how_long_they_hold_their_seat_and_can_be_renewed_and_revoked() {
        let page = list(vec![row("pending", 13), row("pending", 0)], Vec::new());
        assert!(page.contains("13 days") && page.contains("less than a day") && !page.contains("<script>"));
        assert!(page.contains(r#"<form method="post" action="/invitations/inv_1/resend">"#));
        assert!(page.contains(r#"href="/invitations/inv_1/revoke""#));
        assert!(page.contains("No invitation has ended yet."));
    }

    #[test]
    fn those_that_have_ended_come_after_and_lead_to_the_member() {
        let page = list(Vec::new(), vec![row("accepted", 0), row("revoked", 0)]);
        assert!(page.contains("Nobody is invited at the moment."));
        assert!(page.contains(r#"<a href="/members/mem_n">accepted</a>"#) && page.contains("<td>revoked</td>"));
        assert!(!page.contains("/resend") && !page.contains("/revoke"));
    }

    #[test]
    fn the_form_says_that_no_mail_is_sent_and_tells_what_is_wrong() {
        let failure = Failure::plain(Code::ValidationFailed)
            .with("errors", json!([{"pointer": "/username", "message": "is taken"}]));
        let page = html(&Invite {
            frame: sample::administrator(),
            csrf: "c5f0".to_owned(),
            username: "\"><b>".to_owned(),
            full_name: String::new(),
            email: String::new(),
            user_types: sample::user_types(),
            barred: None,
            roles: sample::roles(),
            extras: ExtrasFields { vendor_access: Some(true), ..ExtrasFields::default() },
            problem: Some(ErrorSummary::from(&failure)),
        })
        .unwrap();
        assert!(page.contains("No mail is sent") && !page.contains("<b>"));
        assert!(page.contains(r#"<span class="wrong" id="username-wrong">is taken</span>"#));
        assert!(page.contains(r#"<input type="hidden" name="offered" value="vendor_access">"#));
        assert!(page.contains(r#"name="vendor_access" value="true" checked>"#));
    }

    #[test]
    fn the_address_is_shown_once_with_what_to_do() {
        let sent = |again| {
            let (frame, address) = (sample::administrator(), "http://portal/invitations/swp_x".to_owned());
            html(&InvitationSent { frame, invitation: row("pending", 13), address, again }).unwrap()
        };
        assert!(sent(false).contains(r#"role="group">http://portal/invitations/swp_x</p>"#));
        assert!(sent(false).contains("No mail was sent") && sent(false).contains("shown only now"));
        assert!(!sent(false).contains("does not work any more") && sent(true).contains("does not work any more"));
        assert!(!sent(true).contains("<script>"));
    }

    #[test]
    fn the_revocation_asks_first() {
        let (frame, csrf) = (sample::administrator(), "c5f0".to_owned());
        let problem = Some(ErrorSummary::from(&Failure::plain(Code::InvitationEnded)));
        let page = html(&InvitationRevocation { frame, csrf, invitation: row("pending", 13), problem }).unwrap();
        assert!(page.contains(r#"<form method="post" action="/invitations/inv_1/revoke">"#));
        assert!(page.contains("invitation-ended") && !page.contains("<script>"));
    }
}
