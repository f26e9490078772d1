//! Ids of what the portal keeps: `mem_…`, `chg_…` and `inv_…`, a prefix and 26 lower-case base 32 characters.

use std::fmt;
use std::str::FromStr;

/// Characters after the prefix: 128 bits in base 32.
const LENGTH: usize = 26;

/// The text is not an id of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an id of this kind")
    }
}

impl std::error::Error for NotAnId {}

/// Crockford's alphabet in lower case: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

fn spell(prefix: &str, bits: u128) -> Box<str> {
    let digits = (0..LENGTH).rev().filter_map(|place| {
        let digit = usize::try_from((bits >> (5 * place)) & 31).unwrap_or(0);
        ALPHABET.get(digit).map(|byte| char::from(*byte))
    });
    prefix.chars().chain(digits).collect::<String>().into()
}

fn is_spelled(prefix: &str, text: &str) -> bool {
    text.strip_prefix(prefix)
        .is_some_and(|rest| rest.len() == LENGTH && rest.bytes().all(|byte| ALPHABET.contains(&byte)))
}

macro_rules! id {
    ($name:ident, $prefix:literal, $doc:literal) => {
        #[doc = $doc]
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The id spelled from 128 random or time-ordered bits.
            #[must_use]
            pub fn from_bits(bits: u128) -> Self {
                Self(spell($prefix, bits))
            }

            /// The id as it is written everywhere.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                if is_spelled($prefix, text) { Ok(Self(text.into())) } else { Err(NotAnId) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(MemberId, "mem_", "A member of the organization, for ever; user names may change, this does not.");
id!(ChangeId, "chg_", "An applied change set.");
id!(InvitationId, "inv_", "An invitation; the secret that accepts it is another.");

#[cfg(test)]
mod tests {
    use super::{ChangeId, MemberId, NotAnId};

    #[test]
    fn an_id_is_spelled_and_read_back() {
        let id = MemberId::from_bits(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
        assert_eq!(id.as_str(), "mem_014d2pf2dbsqqg28t5cy4tqkff");
        assert_eq!("mem_014d2pf2dbsqqg28t5cy4tqkff".parse(), Ok(id.clone()));
        assert_eq!(id.to_string(), "mem_014d2pf2dbsqqg28t5cy4tqkff");
        assert_eq!(ChangeId::from_bits(0).as_str(), "chg_00000000000000000000000000");
    }

    #[test]
    fn another_prefix_length_or_letter_is_refused() {
        for text in [
            "",
            "mem_",
            "chg_014d2pf2dbsqqg28t5cy4tqkff",
            "mem_014d2pf2dbsqqg28t5cy4tqkf",
            "mem_014D2pf2dbsqqg28t5cy4tqkff",
            "mem_i14d2pf2dbsqqg28t5cy4tqkff",
        ] {
            assert_eq!(text.parse::<MemberId>(), Err(NotAnId), "{text}");
        }
        assert_eq!(NotAnId.to_string(), "not an id of this kind");
    }
}
