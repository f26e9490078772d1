//! What has just happened, told by the page that a form leads on to.

use serde::Deserialize;

use crate::texts;

/// What is told; it stands in the address as `done`, and only these texts can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Done {
    /// After the portal was activated.
    Activated,
    /// After signing out.
    SignedOut,
    /// After a password of one's own was set.
    Password,
    /// After an import.
    Imported,
    /// After an import of a file whose term begins later.
    Staged,
    /// After a waiting file was given up.
    Withdrawn,
    /// After a change of user type.
    Changed,
    /// After a swap.
    Swapped,
    /// After a deletion.
    Deleted,
    /// After a change of many members.
    Applied,
    /// After a change was taken back.
    Undone,
    /// After a planned return was given up, or put out of sight.
    Cancelled,
    /// After a profile was edited.
    Saved,
    /// After a role was made or changed.
    RoleSaved,
    /// After a role was deleted.
    RoleDeleted,
    /// After settings were saved.
    SettingsSaved,
    /// After the own name was changed.
    ProfileSaved,
    /// After an invitation was revoked.
    Revoked,
    /// After an invitation was accepted.
    Accepted,
    /// After a session of a product was ended.
    SessionEnded,
    /// After an offline license was released.
    Released,
    /// After a return code was handed in.
    Returned,
    /// Anything else in an address says nothing.
    #[serde(other)]
    Other,
}

impl Done {
    /// The sentence.
    #[must_use]
    pub fn text(self) -> Option<String> {
        let id = match self {
            Self::Activated => "done-activated",
            Self::SignedOut => "done-signed-out",
            Self::Password => "done-password",
            Self::Imported => "done-imported",
            Self::Staged => "done-staged",
            Self::Withdrawn => "done-withdrawn",
            Self::Changed => "done-changed",
            Self::Swapped => "done-swapped",
            Self::Deleted => "done-deleted",
            Self::Applied => "done-applied",
            Self::Undone => "done-undone",
            Self::Cancelled => "done-cancelled",
            Self::Saved => "done-saved",
            Self::RoleSaved => "done-role-saved",
            Self::RoleDeleted => "done-role-deleted",
            Self::SettingsSaved => "done-settings-saved",
            Self::ProfileSaved => "done-profile-saved",
            Self::Revoked => "done-revoked",
            Self::Accepted => "done-accepted",
            Self::SessionEnded => "done-session-ended",
            Self::Released => "done-released",
            Self::Returned => "done-returned",
            Self::Other => return None,
        };
        Some(texts::text(id).plain())
    }
}

/// The query of a page that nothing but this can be asked of.
#[derive(Debug, Default, Deserialize)]
pub struct Told {
    #[serde(default)]
    done: Option<Done>,
}

impl Told {
    /// The sentence, if there is one.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        self.done.and_then(Done::text)
    }
}
