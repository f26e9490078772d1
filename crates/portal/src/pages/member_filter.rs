//! What the list of members is looked through for: in the address, in the form, and as chips to be taken away.

/// What is looked for; empty means anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberFilter {
    /// A part of the name, user name or address.
    pub q: String,
    /// The id of a user type.
    pub user_type: String,
    /// The id of a role.
    pub role: String,
    /// The state of the account.
    pub state: Option<MemberState>,
    /// The name of a group.
    pub group: String,
    /// The name of a category.
    pub category: String,
    /// For how many days nobody of them has signed in.
    pub unused_days: String,
    /// Only members who are refused now.
    pub locked_out: bool,
}

/// A filter that can be taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// What is looked for.
    pub text: String,
    /// The other filters as a query.
    pub without: String,
}

/// Whether an account can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberState {
    /// It can.
    Enabled,
    /// An administrator has disabled it; it keeps its seat.
    Disabled,
    /// It has no access and holds no seat.
    Archived,
}

impl MemberState {
    /// All, in the order of the list.
    pub const ALL: [Self; 3] = [Self::Enabled, Self::Disabled, Self::Archived];

    /// The spelling in addresses.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::Archived => "archived",
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Enabled => "Enabled",
            Self::Disabled => "Disabled",
            Self::Archived => "Archived",
        }
    }

    pub(super) fn is_enabled(self) -> bool {
        self == Self::Enabled
    }

    pub(super) fn is_disabled(self) -> bool {
        self == Self::Disabled
    }

    pub(super) fn archived(self) -> bool {
        self == Self::Archived
    }
}

impl MemberFilter {
    pub(super) fn is(&self, state: &MemberState) -> bool {
        self.state == Some(*state)
    }

    pub(super) fn active(&self) -> bool {
        *self != Self::default()
    }

    /// Whether something is looked for that the first row of the form does not show.
    pub(super) fn more(&self) -> bool {
        let first = Self { q: self.q.clone(), user_type: self.user_type.clone(), state: self.state, ..Self::default() };
        *self != first
    }

    /// What is looked for, as the query of an address.
    #[must_use]
    pub fn query(&self) -> String {
        let named = [
            ("q", self.q.as_str()),
            ("user_type", &self.user_type),
            ("role", &self.role),
            ("state", self.state.map_or("", MemberState::id)),
            ("group", &self.group),
            ("category", &self.category),
            ("unused_days", &self.unused_days),
            ("locked_out", if self.locked_out { "true" } else { "" }),
        ];
        query(&named)
    }

    /// Each part that is looked for, with the names of the user type and of the role.
    pub(super) fn chips(&self, user_type: Option<&str>, role: Option<&str>) -> Vec<Chip> {
        let all = [
            (!self.q.is_empty(), format!("Text: {}", self.q), Self { q: String::new(), ..self.clone() }),
            (
                !self.user_type.is_empty(),
                format!("User type: {}", user_type.unwrap_or(&self.user_type)),
                Self { user_type: String::new(), ..self.clone() },
            ),
            (
                !self.role.is_empty(),
                format!("Role: {}", role.unwrap_or(&self.role)),
                Self { role: String::new(), ..self.clone() },
            ),
            (
                self.state.is_some(),
                format!("State: {}", self.state.map_or("", MemberState::word)),
                Self { state: None, ..self.clone() },
            ),
            (!self.group.is_empty(), format!("Group: {}", self.group), Self { group: String::new(), ..self.clone() }),
            (
                !self.category.is_empty(),
                format!("Category: {}", self.category),
                Self { category: String::new(), ..self.clone() },
            ),
            (
                !self.unused_days.is_empty(),
                format!("Not signed in for {} days", self.unused_days),
                Self { unused_days: String::new(), ..self.clone() },
            ),
            (self.locked_out, "Locked out".to_owned(), Self { locked_out: false, ..self.clone() }),
        ];
        let set = all.into_iter().filter(|(is_set, ..)| *is_set);
        set.map(|(_, text, without)| Chip { text, without: without.query() }).collect()
    }
}

/// Names and values as the query of an address; those without a value stay out.
#[must_use]
pub fn query(named: &[(&str, &str)]) -> String {
    let given = named.iter().filter(|(_, value)| !value.is_empty());
    let parts = given.map(|(name, value)| match askama::filters::urlencode_strict(value) {
        Ok(encoded) => format!("{name}={encoded}"),
        Err(never) => match never {},
    });
    parts.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_looked_for_stands_in_the_address() {
        assert_eq!(MemberFilter::default().query(), "");
        let filter = MemberFilter {
            q: "ü/&".to_owned(),
            state: Some(MemberState::Archived),
            unused_days: "30".to_owned(),
            ..MemberFilter::default()
        };
        assert_eq!(filter.query(), "q=%C3%BC%2F%26&state=archived&unused_days=30");
        assert!(filter.more() && filter.active());
        let texts: Vec<String> = filter.chips(None, None).into_iter().map(|chip| chip.text).collect();
        assert_eq!(texts, ["Text: ü/&", "State: Archived", "Not signed in for 30 days"]);
    }
}
