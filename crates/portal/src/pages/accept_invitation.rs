//! The page of an invited person, who is not signed in.

use askama::Template;

use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;
use crate::pages::when::When;

/// `/invitations/{secret}`: what is offered, and the form that accepts it (S92, S111).
#[derive(Debug, Clone, Template)]
#[template(path = "accept_invitation.html")]
pub struct AcceptInvitation {
    /// The surroundings; nobody is signed in.
    pub frame: Frame,
    /// The secret of the address.
    pub secret: String,
    /// The name of the user type.
    pub user_type: String,
    /// The name of the role.
    pub role: String,
    /// Until when it can be accepted.
    pub until: When,
    /// The user name, proposed or typed.
    pub username: String,
    /// The full name, proposed or typed.
    pub full_name: String,
    /// The fewest characters of a password.
    pub shortest: usize,
    /// Whether the seat is not there at this moment, and the invitation stays valid.
    pub try_again: bool,
    /// Why the last attempt was refused.
    pub problem: Option<ErrorSummary>,
}

impl AcceptInvitation {
    pub(super) fn wrong(&self, field: &str) -> Option<&str> {
        self.problem.as_ref().and_then(|problem| problem.wrong(field))
    }
}

/// An address that accepts nothing: the invitation has ended, or there never was one.
#[derive(Debug, Clone, Template)]
#[template(path = "invitation_ended.html")]
pub struct InvitationEnded {
    /// The surroundings; nobody is signed in.
    pub frame: Frame,
    /// Why.
    pub problem: ErrorSummary,
}

#[cfg(test)]
mod tests {
    use errors::{Code, Failure};

    use super::*;
    use crate::pages::{html, sample};

    fn page(failure: Option<&Failure>, try_again: bool) -> String {
        html(&AcceptInvitation {
            frame: sample::stranger(),
            secret: "swp_x".to_owned(),
            user_type: "Viewer".to_owned(),
            role: "Viewer".to_owned(),
            until: sample::end(),
            username: "\"><script>".to_owned(),
            full_name: String::new(),
            shortest: 14,
            try_again,
            problem: failure.map(ErrorSummary::from),
        })
        .unwrap()
    }

    #[test]
    fn the_invited_person_sees_the_house_the_offer_and_a_form() {
        let page = page(None, false);
        assert!(page.contains("<h1>You are invited to City of Example</h1>"));
        assert!(page.contains("<dt>User type</dt><dd>Viewer</dd>") && page.contains("1 Dec 2027 00:00 UTC"));
        assert!(page.contains(r#"<form method="post" action="/invitations/swp_x">"#));
        assert!(page.contains("14 to 256 characters") && page.contains(r#"minlength="14""#));
        assert_eq!(page.matches(r#"autocomplete="new-password""#).count(), 2);
        assert!(!page.contains("<script>") && !page.contains("stays valid"));
    }

    #[test]
    fn a_seat_that_is_not_there_is_told_without_numbers_and_the_invitation_stays() {
        let failure = Failure::plain(Code::CreationBlocked);
        let page = page(Some(&failure), true);
        assert!(page.contains(&format!("<p>{}</p>", Code::CreationBlocked.row().meaning)));
        assert!(page.contains("Your invitation stays valid until") && page.contains("Try again later."));
    }

    #[test]
    fn an_ended_invitation_says_so_and_nothing_else() {
        let problem = ErrorSummary::from(&Failure::plain(Code::InvitationEnded));
        let page = html(&InvitationEnded { frame: sample::stranger(), problem }).unwrap();
        assert!(page.contains("<h1>The invitation is no longer good</h1>"));
        assert!(!page.contains("<form") && !page.contains("User type"));
    }
}
