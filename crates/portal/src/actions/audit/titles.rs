//! What each action is called.

use store::Action;

use crate::texts::text;

/// The words for an action as it stands in the log; one that this program does not know is told as it is.
#[must_use]
pub fn title(action: &str) -> String {
    Action::from_text(action).map_or_else(|| action.to_owned(), |known| text(id(known)).plain())
}

fn id(action: Action) -> &'static str {
    match action {
        Action::Activated => "action-activated",
        Action::LicenseImported => "action-license-imported",
        Action::LicenseStaged => "action-license-staged",
        Action::LicenseBegun => "action-license-begun",
        Action::LicenseNotBegun => "action-license-not-begun",
        Action::LicenseWithdrawn => "action-license-withdrawn",
        Action::TrustListImported => "action-trust-list-imported",
        Action::ClockAccepted => "action-clock-accepted",
        Action::EpochBegun => "action-epoch-begun",
        Action::Restored => "action-restored",
        Action::OfflineAcknowledged => "action-offline-acknowledged",
        Action::MemberAdded => "action-member-added",
        Action::MemberUpdated => "action-member-updated",
        Action::InvitationSent => "action-invitation-sent",
        Action::InvitationRenewed => "action-invitation-renewed",
        Action::InvitationRevoked => "action-invitation-revoked",
        Action::InvitationAccepted => "action-invitation-accepted",
        Action::ReturnEnded => "action-return-ended",
        Action::RoleCreated => "action-role-created",
        Action::RoleEdited => "action-role-edited",
        Action::RoleDeleted => "action-role-deleted",
        Action::SettingsChanged => "action-settings-changed",
        Action::SessionBegun => "action-session-begun",
        Action::SessionEnded => "action-session-ended",
        Action::CheckedOut => "action-checked-out",
        Action::CheckoutEnded => "action-checkout-ended",
        Action::SeatsChanged => "action-seats-changed",
        Action::PasswordSet => "action-password-set",
        Action::SignedIn => "action-signed-in",
        Action::TokenOpened => "action-token-opened",
        Action::TokenEnded => "action-token-ended",
        Action::Noted => "action-noted",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_action_has_words_of_its_own_and_an_unknown_one_is_told_as_it_is() {
        let words: BTreeSet<String> = Action::ALL.iter().map(|action| title(action.as_str())).collect();
        assert_eq!(words.len(), Action::ALL.len());
        assert_eq!([title("member.add"), title("later.thing")], ["Member added", "later.thing"]);
    }
}
