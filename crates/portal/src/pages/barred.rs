//! What cannot be done although the reader has the privileges for it: why, and where that is mended.

use crate::texts::text;

/// Why something is not offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The id of the sentence, for the control that it describes.
    pub id: String,
    /// The sentence.
    pub text: String,
    /// The address where it is mended.
    pub href: String,
    /// What that address is called.
    pub link: String,
}

/// The acts of one place that cannot be done. Those that have the same reason share one sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Barred(Vec<(&'static str, Reason)>);

impl Barred {
    /// Acts with their reasons.
    #[must_use]
    pub fn new(each: Vec<(&'static str, Reason)>) -> Self {
        let mut shared: Vec<(&'static str, Reason)> = Vec::with_capacity(each.len());
        for (act, reason) in each {
            let same = shared.iter().find(|(_, known)| known.text == reason.text).map(|(_, known)| known.clone());
            shared.push((act, same.unwrap_or(reason)));
        }
        Self(shared)
    }

    /// Why an act cannot be done; nothing where it can.
    pub(super) fn of(&self, act: &str) -> Option<&Reason> {
        self.0.iter().find(|(barred, _)| *barred == act).map(|(_, reason)| reason)
    }

    /// Every sentence once.
    pub(super) fn reasons(&self) -> Vec<&Reason> {
        let mut once: Vec<&Reason> = Vec::new();
        for (_, reason) in &self.0 {
            if !once.iter().any(|known| known.id == reason.id) {
                once.push(reason);
            }
        }
        once
    }
}

/// The roles that are above a member's user type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// The id of the user type.
    pub user_type: String,
    /// Its name.
    pub user_type_name: String,
    /// The ids of the roles.
    pub roles: Vec<String>,
    /// Their names.
    pub names: Vec<String>,
}

impl Unfit {
    pub(super) fn has(&self, role: &str) -> bool {
        self.roles.iter().any(|unfit| unfit == role)
    }

    pub(super) fn words(&self) -> String {
        text("bulk-change-above").with("user-type", &self.user_type_name).with("roles", self.names.join(", ")).plain()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(id: &str, text: &str) -> Reason {
        let [href, link] = ["/licenses", "Licenses"].map(str::to_owned);
        Reason { id: id.to_owned(), text: text.to_owned(), href, link }
    }

    #[test]
    fn acts_with_the_same_reason_share_its_sentence() {
        let barred = Barred::new(vec![
            ("disable", reason("why-disable", "The last one stays.")),
            ("delete", reason("why-delete", "The last one stays.")),
            ("restore", reason("why-restore", "No seat is free.")),
        ]);
        assert_eq!(barred.of("delete").map(|why| why.id.as_str()), Some("why-disable"));
        assert_eq!(barred.of("archive"), None);
        let ids: Vec<&str> = barred.reasons().iter().map(|why| why.id.as_str()).collect();
        assert_eq!(ids, ["why-disable", "why-restore"]);
    }
}
