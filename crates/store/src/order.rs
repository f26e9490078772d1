//! The orders in which members are listed, each with the statement whose index it walks.

use std::fmt;

use crate::StoreError;
use crate::backend::Value;
use crate::row::Row;
use crate::sql::{self, Sql};

/// Between the value of the order and the user name in a cursor: no user name holds it.
const BETWEEN: char = '/';
/// No text stands behind it: a page from the end begins there.
const LAST: &str = "\u{10ffff}";

/// What a list is sorted by; the user name breaks ties.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MemberSort {
    /// The user name.
    #[default]
    Username,
    /// The full name, or the user name of who has none.
    Name,
    /// The id of the user type.
    UserType,
    /// The id of the role.
    Role,
    /// The last sign-in; who never signed in counts from the registration.
    LastSignIn,
    /// Disabled before enabled.
    State,
}

/// An order of members.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MemberOrder {
    /// By what.
    pub by: MemberSort,
    /// From the last to the first.
    pub descending: bool,
}

/// How the members of an order are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// By walking the index of the order: few are passed over for each that is found.
    Walk,
    /// Among the members of one user type.
    OfType,
}

impl MemberSort {
    /// Every order.
    pub const ALL: [Self; 6] = [Self::Username, Self::Name, Self::UserType, Self::Role, Self::LastSignIn, Self::State];

    /// The spelling in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::Name => "name",
            Self::UserType => "user_type",
            Self::Role => "role",
            Self::LastSignIn => "last_signed_in",
            Self::State => "state",
        }
    }
}

impl MemberOrder {
    /// The order of that spelling; a `-` before it is from the last to the first.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
        let by = MemberSort::ALL.into_iter().find(|one| one.as_str() == name)?;
        Some(Self { by, descending })
    }

    /// The statement that finds a page of it.
    pub(crate) fn statement(self, way: Way) -> Sql {
        let [up, down, type_up, type_down] = match self.by {
            MemberSort::Username => sql::BY_USERNAME,
            MemberSort::Name => sql::BY_NAME,
            MemberSort::UserType => sql::BY_USER_TYPE,
            MemberSort::Role => sql::BY_ROLE,
            MemberSort::LastSignIn => sql::BY_LAST_SIGN_IN,
            MemberSort::State => sql::BY_STATE,
        };
        match (way, self.descending) {
            (Way::Walk, false) => up,
            (Way::Walk, true) => down,
            (Way::OfType, false) => type_up,
            (Way::OfType, true) => type_down,
        }
    }

    /// Where a page begins: the value of the order, and the user name. A cursor that no page gave begins somewhere.
    pub(crate) fn place<'a>(self, cursor: Option<&'a str>) -> (Value<'a>, &'a str) {
        let is_number = self.by == MemberSort::LastSignIn;
        let Some(cursor) = cursor else {
            return match (self.descending, is_number) {
                (false, false) => (Value::Text(""), ""),
                (false, true) => (Value::Integer(i64::MIN), ""),
                (true, false) => (Value::Text(LAST), LAST),
                (true, true) => (Value::Integer(i64::MAX), LAST),
            };
        };
        if self.by == MemberSort::Username {
            return (Value::Text(cursor), cursor);
        }
        let (key, username) = cursor.rsplit_once(BETWEEN).unwrap_or((cursor, ""));
        let key = if is_number { Value::Integer(key.parse().unwrap_or_default()) } else { Value::Text(key) };
        (key, username)
    }

    /// The cursor behind a row, of which the value of the order and the folded user name stand at these columns.
    pub(crate) fn cursor(self, row: &Row<'_>, at: usize) -> Result<String, StoreError> {
        let username = row.text(at + 1)?;
        Ok(match self.by {
            MemberSort::Username => username.to_owned(),
            MemberSort::LastSignIn => format!("{}{BETWEEN}{username}", row.integer(at)?),
            MemberSort::Name | MemberSort::UserType | MemberSort::Role | MemberSort::State => {
                format!("{}{BETWEEN}{username}", row.text(at)?)
            }
        })
    }
}

impl fmt::Display for MemberOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.descending { "-" } else { "" }, self.by.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read_as_it_is_written_and_nothing_else_is_one() {
        for by in MemberSort::ALL {
            for descending in [false, true] {
                let order = MemberOrder { by, descending };
                assert_eq!(MemberOrder::parse(&order.to_string()), Some(order));
            }
        }
        for other in ["", "-", "--name", "Name", "email", "name,role"] {
            assert_eq!(MemberOrder::parse(other), None, "{other}");
        }
    }
}
