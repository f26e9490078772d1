//! The ids that one list of the catalog gives, and how other places refer to them.

use std::collections::{BTreeMap, BTreeSet};

use crate::CatalogError;

/// The ids of one list: each well-formed, none twice.
pub(crate) struct Names<'file, T> {
    /// What the list holds, in the singular, for sentences.
    what: &'static str,
    ids: BTreeMap<&'file str, T>,
}

impl<'file, T: Clone + Ord> Names<'file, T> {
    /// Reads the ids of the list called `list`, in its order.
    pub(crate) fn read(
        what: &'static str,
        list: &str,
        texts: impl Iterator<Item = &'file str>,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Self, CatalogError> {
        let mut ids = BTreeMap::new();
        for (index, text) in texts.enumerate() {
            let place = || format!("{list}[{index}].id");
            let id = parse(text).ok_or_else(|| CatalogError::new(place(), format!("`{text}` is not an id")))?;
            if ids.insert(text, id).is_some() {
                return Err(CatalogError::new(place(), format!("the {what} `{text}` stands twice")));
            }
        }
        if ids.is_empty() {
            return Err(CatalogError::new(list, format!("there is no {what}")));
        }
        Ok(Self { what, ids })
    }

    /// The id that `text` names, if the list has it.
    pub(crate) fn find(&self, text: &str) -> Option<&T> {
        self.ids.get(text)
    }

    /// The id that `text` refers to, at `place`.
    pub(crate) fn one(&self, place: &str, text: &str) -> Result<T, CatalogError> {
        self.find(text).cloned().ok_or_else(|| CatalogError::new(place, format!("there is no {} `{text}`", self.what)))
    }

    /// The same for a reference that may be absent.
    pub(crate) fn maybe(&self, place: &str, text: Option<&String>) -> Result<Option<T>, CatalogError> {
        text.map(|text| self.one(place, text)).transpose()
    }

    /// The ids that `texts` refer to, none twice; `place` is that of the list.
    pub(crate) fn all(&self, place: &str, texts: &[String]) -> Result<BTreeSet<T>, CatalogError> {
        let mut set = BTreeSet::new();
        for (index, text) in texts.iter().enumerate() {
            let place = format!("{place}[{index}]");
            if !set.insert(self.one(&place, text)?) {
                return Err(CatalogError::new(place, format!("the {} `{text}` stands twice", self.what)));
            }
        }
        Ok(set)
    }
}
