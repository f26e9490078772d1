//! What each action is called.

use store::Action;

/// The words for an action as it stands in the log; one that this program does not know is told as it is.
#[must_use]
pub fn title(action: &str) -> &str {
    match Action::from_text(action) {
        Some(known) => words(known),
        None => action,
    }
}

fn words(action: Action) -> &'static str {
    match action {
        Action::Activated => "Portal activated",
        Action::LicenseImported => "License file imported",
        Action::LicenseStaged => "License file taken in before its term",
        Action::LicenseBegun => "License file came in force",
        Action::LicenseNotBegun => "License file could not come in force",
        Action::LicenseWithdrawn => "Waiting license file given up",
        Action::TrustListImported => "Trust list imported",
        Action::ClockAccepted => "Clock accepted",
        Action::EpochBegun => "Another epoch begun",
        Action::Restored => "Data restored from a backup",
        Action::OfflineAcknowledged => "Offline use opened after a restore",
        Action::MemberAdded => "Member added",
        Action::MemberUpdated => "Account changed",
        Action::InvitationSent => "Invitation sent",
        Action::InvitationRenewed => "Invitation renewed",
        Action::InvitationRevoked => "Invitation revoked",
        Action::InvitationAccepted => "Invitation accepted",
        Action::ReturnEnded => "Planned return ended or put off",
        Action::RoleCreated => "Role created",
        Action::RoleEdited => "Role changed",
        Action::RoleDeleted => "Role deleted",
        Action::SettingsChanged => "Settings changed",
        Action::SessionBegun => "Product session begun",
        Action::SessionEnded => "Product session ended",
        Action::CheckedOut => "Product taken offline",
        Action::CheckoutEnded => "Offline license given back or released",
        Action::SeatsChanged => "Seats, roles or add-ons changed",
        Action::PasswordSet => "Password set",
        Action::SignedIn => "Signed in",
        Action::TokenOpened => "Sign-in session begun",
        Action::TokenEnded => "Sign-in sessions ended",
        Action::Noted => "Note",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_action_has_words_of_its_own_and_an_unknown_one_is_told_as_it_is() {
        let words: BTreeSet<&str> = Action::ALL.iter().map(|action| title(action.as_str())).collect();
        assert_eq!(words.len(), Action::ALL.len());
        assert_eq!((title("member.add"), title("later.thing")), ("Member added", "later.thing"));
    }
}
