//! Ids: checked once where text enters, right from then on.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::cut;

/// A text that is not an id of the wanted form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadId {
    /// The text as given, cut where it is long.
    pub found: String,
    /// The form that was wanted.
    pub form: &'static str,
}

impl fmt::Display for BadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not an id: {}", self.found, self.form)
    }
}

impl std::error::Error for BadId {}

/// Declares the id types, which differ in meaning and form but not in what can be done with them.
macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident is $check:ident: $form:expr;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes the text as it stands.
            ///
            /// # Errors
            /// [`BadId`] when it is not of this id's form; nothing is trimmed or lower-cased.
            pub fn parse(text: &str) -> Result<Self, BadId> {
                if $check(text) { Ok(Self(text.into())) } else { Err(BadId { found: cut(text), form: $form }) }
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

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                Self::parse(text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::strict::from_string(deserializer, $form, Self::parse)
            }
        }
    )+};
}

const SLUG: &str = "1 to 64 of a-z, 0-9 and hyphen, not beginning with a hyphen";

ids! {
    /// A user type, such as `creator`. What it means stands in the catalog.
    UserTypeId is is_slug: SLUG;
    /// An add-on, an extension, or one level of a product, such as `arcgis-pro-standard`.
    AddOnId is is_slug: SLUG;
    /// A product that members open sessions of, such as `arcgis-pro`.
    ProductId is is_slug: SLUG;
    /// A role, such as `viewer`.
    RoleId is is_slug: SLUG;
    /// One contract: one line of files whose sequence only grows.
    ContractId is is_slug: SLUG;
    /// A licensee.
    CustomerId is is_slug: SLUG;
    /// A catalog, by name; its exact bytes are named by a [`CatalogDigest`](crate::CatalogDigest).
    CatalogId is is_slug: SLUG;
    /// The number of one license file (`jti`, RFC 7519, 4.1.7), for people and support.
    LicenseId is is_license_id: "1 to 64 of A-Z, a-z, 0-9, dot, underscore and hyphen";
    /// The number of one lease (`jti`, RFC 7519, 4.1.7).
    LeaseId is is_license_id: "1 to 64 of A-Z, a-z, 0-9, dot, underscore and hyphen";
    /// The name of a key (`kid`, RFC 7515, 4.1.4). The thumbprint of a portal's key (RFC 7638) is one too.
    KeyId is is_key_id: "1 to 64 of A-Z, a-z, 0-9, underscore and hyphen";
}

/// Ids that people type: upper case is taken for lower case, once, at the edge.
macro_rules! typed_by_people {
    ($($name:ident),+) => {$(
        impl $name {
            /// Takes an id as a person typed it: letters may be upper case.
            ///
            /// # Errors
            /// [`BadId`] when it is still not of the form after lower-casing.
            pub fn from_input(text: &str) -> Result<Self, BadId> {
                Self::parse(&text.to_ascii_lowercase())
            }
        }
    )+};
}

impl KeyId {
    /// A name made by this crate from a digest, which is always of the form.
    pub(crate) fn trusted(text: &str) -> Self {
        Self(text.into())
    }
}

typed_by_people!(UserTypeId, AddOnId, ProductId, RoleId, ContractId, CustomerId, CatalogId);

fn is_slug(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    fits(text) && text.bytes().next().is_some_and(plain) && text.bytes().all(|byte| plain(byte) || byte == b'-')
}

fn is_license_id(text: &str) -> bool {
    fits(text) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

fn is_key_id(text: &str) -> bool {
    fits(text) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

fn fits(text: &str) -> bool {
    (1..=64).contains(&text.len())
}

/// One SHA-256, written as base64url without padding (43 characters).
macro_rules! digests {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 32]);

        impl $name {
            /// The SHA-256 of these bytes.
            #[must_use]
            pub fn of(bytes: &[u8]) -> Self {
                use sha2::Digest as _;
                Self(sha2::Sha256::digest(bytes).into())
            }

            /// The digest itself.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }

            /// Reads the written form.
            ///
            /// # Errors
            /// [`BadId`] when the text is not the base64url of 32 bytes in its one spelling.
            pub fn parse(text: &str) -> Result<Self, BadId> {
                let bad = || BadId { found: cut(text), form: "a SHA-256 as 43 characters of base64url" };
                crate::base64url::decode_array(text).map(Self).map_err(|_| bad())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&crate::base64url::encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl std::str::FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                Self::parse(text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::strict::from_string(deserializer, "a SHA-256 as base64url", Self::parse)
            }
        }
    )+};
}

digests! {
    /// What makes a signed file that file: the SHA-256 of its ASCII `protected "." payload`. Indentation, line ends and
    /// the order of the outer members do not count.
    Identity;
    /// The identity of a catalog: the SHA-256 of its payload bytes.
    CatalogDigest;
}
