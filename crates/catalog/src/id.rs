//! The ids that only a catalog gives: privileges and workflows.

use std::fmt;
use std::sync::Arc;

/// Longest id of any kind, in bytes.
const LONGEST: usize = 64;

/// Declares an id: a checked text that is cheap to clone.
macro_rules! id {
    ($(#[$doc:meta])+ $name:ident, $extra:literal) => {
        $(#[$doc])+
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id as written, or `None` where the text is not of the form above.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                well_formed(text, $extra).then(|| Self(text.into()))
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        // A look-up by text needs no new id.
        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

id! {
    /// A privilege or a reserved act, such as `admin.members.invite`: `[a-z0-9][a-z0-9._-]{0,63}`.
    PrivilegeId, b"-_."
}
id! {
    /// A workflow, such as `change-user-type`: `[a-z0-9][a-z0-9-]{0,63}`.
    WorkflowId, b"-"
}

fn well_formed(text: &str, extra: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.len() <= LONGEST
        && text.as_bytes().first().is_some_and(plain)
        && text.bytes().all(|byte| plain(&byte) || extra.contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::{PrivilegeId, WorkflowId};

    #[test]
    fn an_id_has_one_form() {
        let longest = "a".repeat(64);
        for good in ["viewer", "change-user-type", "3d", &longest] {
            assert_eq!(WorkflowId::parse(good).map(|id| id.to_string()), Some(good.to_owned()));
        }
        for bad in ["", "Viewer", "data_editor", "a.b", "-a", " a", "a ", "ä", &"a".repeat(65)] {
            assert_eq!(WorkflowId::parse(bad), None, "{bad:?}");
        }
        assert!(PrivilegeId::parse("admin.members.change_roles").is_some());
        assert_eq!(PrivilegeId::parse(".admin"), None);
    }
}
