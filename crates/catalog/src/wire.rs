//! The catalog file as written. Unknown members, members given twice and arrays in place of objects are refused here.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::{AddOnKind, Scope};

/// An object that is written as one: serde would also take an array of the values by position.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OnlyObject<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for OnlyObject<T> {
            type Value = Object<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }
        deserializer.deserialize_any(OnlyObject(PhantomData))
    }
}

impl<T> std::ops::Deref for Object<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    pub(crate) schema: u32,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) privileges: Vec<Object<Privilege>>,
    pub(crate) user_types: Vec<Object<UserType>>,
    pub(crate) roles: Vec<Object<Role>>,
    pub(crate) reserved: Vec<Object<Described>>,
    pub(crate) workflows: Vec<Object<Workflow>>,
    pub(crate) products: Vec<Object<Product>>,
    pub(crate) add_ons: Vec<Object<AddOn>>,
    pub(crate) universal: Vec<Object<Described>>,
    pub(crate) settings: Vec<Object<Settings>>,
    pub(crate) apps: Vec<Object<App>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Privilege {
    pub(crate) id: String,
    pub(crate) scope: Scope,
    pub(crate) group: String,
    pub(crate) name: String,
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) conditions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserType {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) can_administer: bool,
    pub(crate) usual_role: String,
    pub(crate) includes: Vec<Object<Included>>,
    pub(crate) ceiling: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Included {
    pub(crate) product: String,
    pub(crate) level: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Role {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) administrator: bool,
    pub(crate) fits: Vec<String>,
    pub(crate) privileges: Vec<String>,
}

/// Something with an id, a name and a description: reserved acts and universal abilities.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Described {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Workflow {
    pub(crate) id: String,
    pub(crate) scope: Scope,
    pub(crate) name: String,
    pub(crate) required: Vec<String>,
    #[serde(default)]
    pub(crate) optional: Vec<String>,
    pub(crate) note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Product {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) levels: Vec<String>,
    pub(crate) sessions: bool,
    pub(crate) offline: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddOn {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: AddOnKind,
    pub(crate) product: Option<String>,
    pub(crate) level: Option<String>,
    pub(crate) requires: Option<String>,
    pub(crate) user_types: Vec<String>,
    pub(crate) unlocks: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) privilege: String,
    pub(crate) section: String,
    pub(crate) topics: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct App {
    pub(crate) id: String,
    pub(crate) name: String,
}
