//! Strict JSON: objects that are objects, members that stand once, and nothing that nobody knows.
//!
//! Measured in `serde_json`: a derived struct also opens from an array, by position; an absent and a null member are the
//! same to an `Option`; a map keeps the last of two equal keys. The types made by [`object!`] and [`Map`] do none of that.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::cut;

/// Declares a struct together with its one JSON form: members in this order when written; each at most once, `required`
/// ones present, null never and nothing else when read.
macro_rules! object {
    ($(#[$meta:meta])* $vis:vis struct $name:ident $(<$life:lifetime>)? {
        $($(#[$field_meta:meta])* $field_vis:vis $rule:ident $field:ident: $type:ty,)+
    }) => {
        $(#[$meta])*
        $vis struct $name $(<$life>)? {
            $($(#[$field_meta])* $field_vis $field: $crate::strict::object!(@type $rule $type),)+
        }

        impl<'de> serde::Deserialize<'de> for $name $(<$life>)? {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Members;
                impl<'de> serde::de::Visitor<'de> for Members {
                    type Value = $name $(<$life>)?;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("an object")
                    }
                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                        $(let mut $field: Option<$type> = None;)+
                        while let Some(member) = map.next_key::<$crate::strict::Part<'de>>()? {
                            $(if member.is(stringify!($field)) {
                                $crate::strict::fill(&mut $field, stringify!($field), &mut map)?;
                                continue;
                            })+
                            return Err($crate::strict::unknown(&member));
                        }
                        Ok($name { $($field: $crate::strict::object!(@take $rule $field),)+ })
                    }
                }
                deserializer.deserialize_map(Members)
            }
        }

        impl $(<$life>)? serde::Serialize for $name $(<$life>)? {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                $($crate::strict::object!(@write $rule self map $field);)+
                map.end()
            }
        }
    };
    (@type required $type:ty) => { $type };
    (@type optional $type:ty) => { Option<$type> };
    (@take required $field:ident) => { $field.ok_or_else(|| $crate::strict::missing(stringify!($field)))? };
    (@take optional $field:ident) => { $field };
    (@write required $self:ident $map:ident $field:ident) => {
        $map.serialize_entry($crate::strict::plain(stringify!($field)), &$self.$field)?
    };
    (@write optional $self:ident $map:ident $field:ident) => {
        if let Some(value) = &$self.$field {
            $map.serialize_entry($crate::strict::plain(stringify!($field)), value)?;
        }
    };
}
pub(crate) use object;

/// Marks, inside the message of a parser error, that a member is unknown. Foreign text never holds it: the parser
/// writes foreign text escaped.
const UNKNOWN: char = '\u{1}';

/// Why a text was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It holds a member that this version does not know.
    Unknown(String),
    /// It is not of the form at all.
    Broken(String),
}

impl Fault {
    /// The sentence, whichever it is.
    pub(crate) fn sentence(self) -> String {
        match self {
            Self::Unknown(sentence) | Self::Broken(sentence) => sentence,
        }
    }
}

/// Reads one whole text into a type made of [`object!`]s.
pub(crate) fn read<T: for<'de> Deserialize<'de>>(json: &[u8]) -> Result<T, Fault> {
    let text = std::str::from_utf8(json).map_err(|error| Fault::Broken(format!("not UTF-8 text: {error}")))?;
    read_text(text)
}

/// The same where the bytes are known to be text, which is then not looked at a second time.
pub(crate) fn read_text<'de, T: Deserialize<'de>>(json: &'de str) -> Result<T, Fault> {
    serde_json::from_str(json).map_err(|error| fault(&error.to_string()))
}

fn fault(message: &str) -> Fault {
    let shown: String = message.chars().filter(|c| *c != UNKNOWN).take(300).collect();
    if message.contains(UNKNOWN) { Fault::Unknown(shown) } else { Fault::Broken(shown) }
}

/// A name or a text of a file, borrowed where it was written without escapes.
#[derive(Serialize, Deserialize)]
pub(crate) struct Part<'a>(#[serde(borrow)] std::borrow::Cow<'a, str>);

impl Part<'_> {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the name of this field.
    #[inline]
    pub(crate) fn is(&self, name: &'static str) -> bool {
        self.0 == plain(name)
    }
}

/// The name of a member as JSON has it: a field whose name is a word of Rust is written `r#use`.
#[inline]
pub(crate) fn plain(field: &'static str) -> &'static str {
    field.strip_prefix("r#").unwrap_or(field)
}

/// Takes the value of a member that must not stand there yet; an error says in which member it is.
pub(crate) fn fill<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    slot: &mut Option<T>,
    field: &'static str,
    map: &mut A,
) -> Result<(), A::Error> {
    let name = plain(field);
    if slot.is_some() {
        return Err(A::Error::custom(format_args!("member `{name}` stands twice")));
    }
    *slot = Some(map.next_value().map_err(|error| A::Error::custom(format_args!("`{name}`: {error}")))?);
    Ok(())
}

pub(crate) fn unknown<E: Error>(member: &Part<'_>) -> E {
    E::custom(format_args!("{UNKNOWN}unknown member {:?}", cut(&member.0)))
}

pub(crate) fn missing<E: Error>(field: &'static str) -> E {
    E::custom(format_args!("member `{}` is missing", plain(field)))
}

/// Reads a value from a JSON string, and from nothing else, without copying the string first.
pub(crate) fn from_string<'de, D, T, E>(
    deserializer: D,
    form: &'static str,
    read: fn(&str) -> Result<T, E>,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    E: fmt::Display,
{
    struct Text<T, E>(&'static str, fn(&str) -> Result<T, E>);
    impl<T, E: fmt::Display> Visitor<'_> for Text<T, E> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
        fn visit_str<X: Error>(self, text: &str) -> Result<T, X> {
            (self.1)(text).map_err(X::custom)
        }
    }
    deserializer.deserialize_str(Text(form, read))
}

/// An object whose member names are data, each at most once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Map<K, V>(pub(crate) BTreeMap<K, V>);

impl<K: Serialize, V: Serialize> Serialize for Map<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(&self.0)
    }
}

impl<'de, K: Deserialize<'de> + Ord + fmt::Display, V: Deserialize<'de>> Deserialize<'de> for Map<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<K, V>(PhantomData<(K, V)>);
        impl<'de, K: Deserialize<'de> + Ord + fmt::Display, V: Deserialize<'de>> Visitor<'de> for Members<K, V> {
            type Value = Map<K, V>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Map<K, V>, A::Error> {
                let mut members = BTreeMap::new();
                while let Some(name) = map.next_key::<K>()? {
                    if members.contains_key(&name) {
                        return Err(A::Error::custom(format_args!("member `{name}` stands twice")));
                    }
                    members.insert(name, map.next_value()?);
                }
                Ok(Map(members))
            }
        }
        deserializer.deserialize_map(Members(PhantomData))
    }
}

/// How deep a free object may nest.
pub(crate) const DEPTH: usize = 16;

/// Says whether a text is an object in which, at every level, no member stands twice, nested [`DEPTH`] deep at most.
pub(crate) fn check_free_object(json: &str) -> Result<(), String> {
    let mut parser = serde_json::Deserializer::from_str(json);
    FreeObject.deserialize(&mut parser).and_then(|()| parser.end()).map_err(|error| cut(&error.to_string()))
}

struct FreeObject;

impl<'de> DeserializeSeed<'de> for FreeObject {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(Free(1))
    }
}

/// Any value, at this depth.
struct Free(usize);

impl<'de> DeserializeSeed<'de> for Free {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Free {
    fn inner<E: Error>(&self) -> Result<usize, E> {
        if self.0 > DEPTH { Err(E::custom(format_args!("nested more than {DEPTH} deep"))) } else { Ok(self.0 + 1) }
    }
}

impl<'de> Visitor<'de> for Free {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let inner = self.inner()?;
        let mut names = BTreeSet::new();
        while let Some(Part(name)) = map.next_key()? {
            if names.contains(&name) {
                return Err(A::Error::custom(format_args!("member {:?} stands twice", cut(&name))));
            }
            names.insert(name);
            map.next_value_seed(Free(inner))?;
        }
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let inner = self.inner()?;
        while list.next_element_seed(Free(inner))?.is_some() {}
        Ok(())
    }
    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}
