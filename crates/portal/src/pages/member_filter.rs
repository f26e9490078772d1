//! What the list of members is looked through for: in the address, in the form, and as chips to be taken away.

use crate::texts::text;

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
    /// The order, as it stands in addresses; empty for that by user name. It narrows nothing.
    pub sort: String,
}

/// A filter that can be taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// What is looked for.
    pub text: String,
    /// The other filters as a query.
    pub without: String,
}

/// The order where none is asked for.
const USERNAME: &str = "username";

/// The head of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// What stands in it.
    pub text: String,
    /// The query of the list in that order, or turned round where it is in that order.
    pub query: String,
    /// How the list is sorted by it.
    pub sorted: Option<Sorted>,
}

/// How a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sorted {
    /// As `aria-sort` says it.
    pub aria: &'static str,
    /// For the eye.
    pub sign: &'static str,
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

    pub(super) fn word(self) -> String {
        let id = match self {
            Self::Enabled => "state-enabled",
            Self::Disabled => "state-disabled",
            Self::Archived => "state-archived",
        };
        text(id).plain()
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
        *self != Self { sort: self.sort.clone(), ..Self::default() }
    }

    /// Whether something is looked for that the first row of the form does not show.
    pub(super) fn more(&self) -> bool {
        let (q, user_type, sort) = (self.q.clone(), self.user_type.clone(), self.sort.clone());
        let first = Self { q, user_type, state: self.state, sort, ..Self::default() };
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
            ("sort", &self.sort),
        ];
        query(&named)
    }

    /// The head of a column that the list can be sorted by; the list stays narrowed as it is.
    pub(super) fn head(&self, by: &'static str, text: impl Into<String>) -> Head {
        let sort = if self.sort.is_empty() { USERNAME } else { self.sort.as_str() };
        let is_first_to_last = sort == by;
        let is_last_to_first = sort.strip_prefix('-') == Some(by);
        let next = if is_first_to_last { format!("-{by}") } else { by.to_owned() };
        let sorted = if is_first_to_last {
            Some(Sorted { aria: "ascending", sign: "▲" })
        } else {
            is_last_to_first.then_some(Sorted { aria: "descending", sign: "▼" })
        };
        Head { text: text.into(), query: Self { sort: next, ..self.clone() }.query(), sorted }
    }

    /// Each part that is looked for, with the names of the user type and of the role.
    pub(super) fn chips(&self, user_type: Option<&str>, role: Option<&str>) -> Vec<Chip> {
        let all = [
            (!self.q.is_empty(), text("filter-text").with("text", &self.q), Self { q: String::new(), ..self.clone() }),
            (
                !self.user_type.is_empty(),
                text("filter-user-type").with("name", user_type.unwrap_or(&self.user_type)),
                Self { user_type: String::new(), ..self.clone() },
            ),
            (
                !self.role.is_empty(),
                text("filter-role").with("name", role.unwrap_or(&self.role)),
                Self { role: String::new(), ..self.clone() },
            ),
            (
                self.state.is_some(),
                text("filter-state").with("state", self.state.map(MemberState::word).unwrap_or_default()),
                Self { state: None, ..self.clone() },
            ),
            (
                !self.group.is_empty(),
                text("filter-group").with("name", &self.group),
                Self { group: String::new(), ..self.clone() },
            ),
            (
                !self.category.is_empty(),
                text("filter-category").with("name", &self.category),
                Self { category: String::new(), ..self.clone() },
            ),
            (
                !self.unused_days.is_empty(),
                text("filter-unused").with("days", &self.unused_days),
                Self { unused_days: String::new(), ..self.clone() },
            ),
            (self.locked_out, text("filter-locked-out"), Self { locked_out: false, ..self.clone() }),
        ];
        let set = all.into_iter().filter(|(is_set, ..)| *is_set);
        set.map(|(_, text, without)| Chip { text: text.plain(), without: without.query() }).collect()
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
    fn a_head_turns_the_order_round_and_keeps_the_filters() {
        let filter = MemberFilter { role: "viewer".to_owned(), ..MemberFilter::default() };
        let aria = |filter: &MemberFilter, by| filter.head(by, "").sorted.map(|sorted| sorted.aria);
        assert_eq!(aria(&filter, "username"), Some("ascending"));
        assert_eq!(filter.head("username", "").query, "role=viewer&sort=-username");
        assert_eq!((aria(&filter, "name"), filter.head("name", "").query), (None, "role=viewer&sort=name".to_owned()));
        let back = MemberFilter { sort: "-name".to_owned(), ..filter };
        assert_eq!((aria(&back, "name"), aria(&back, "username")), (Some("descending"), None));
        assert_eq!(back.head("name", "").query, "role=viewer&sort=name");
    }

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
        let sorted = MemberFilter { sort: "-name".to_owned(), ..MemberFilter::default() };
        assert!(!sorted.more() && !sorted.active() && sorted.query() == "sort=-name");
        let texts: Vec<String> = filter.chips(None, None).into_iter().map(|chip| chip.text).collect();
        assert_eq!(texts, ["Text: ü/&", "State: Archived", "Not signed in for 30 days"]);
    }
}
