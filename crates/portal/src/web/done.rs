//! What has just happened, told by the page that a form leads on to.

use serde::Deserialize;

/// What is told; it stands in the address as `done`, and only these texts can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Done {
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
        let text = match self {
            Self::SignedOut => "You are signed out.",
            Self::Password => "Your password is set. Your other sessions have ended.",
            Self::Imported => "The license file is in force.",
            Self::Staged => "The license file waits, and comes in force by itself when its term begins.",
            Self::Withdrawn => "The waiting license file is given up.",
            Self::Changed => "The user type and role are saved.",
            Self::Swapped => "The two members have exchanged user type and role.",
            Self::Deleted => "The member was deleted.",
            Self::Applied => "The change was applied.",
            Self::Undone => "The change was undone. This is the change that did it.",
            Self::Cancelled => "The return will not happen.",
            Self::Saved => "The profile is saved.",
            Self::RoleSaved => "The role is saved.",
            Self::RoleDeleted => "The role was deleted.",
            Self::SettingsSaved => "The settings are saved.",
            Self::ProfileSaved => "Your name is saved.",
            Self::Revoked => "The invitation is revoked. Its seat is free.",
            Self::Accepted => {
                "Your account is ready. Sign in with your user name and the password that you have just set."
            }
            Self::SessionEnded => "The session has ended. Its place is free.",
            Self::Released => "The offline license is released. It can still run on its computer until its end.",
            Self::Returned => "The return code was taken. The license is back.",
            Self::Other => return None,
        };
        Some(text.to_owned())
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
