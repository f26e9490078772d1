//! Reading a TOML table member by member, collecting every mistake with its line.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml::value::Date;

use super::Mistake;
use super::day::local_date;
use super::nearest::instead;

/// The mistakes found so far, and the text that their lines are counted in.
pub(crate) struct Mistakes<'text> {
    text: &'text str,
    found: Vec<Mistake>,
    /// The lines of which TOML makes no sense, so that nothing else is said of their values.
    unreadable: BTreeSet<usize>,
}

impl<'text> Mistakes<'text> {
    pub(crate) fn new(text: &'text str) -> Self {
        Self { text, found: Vec::new(), unreadable: BTreeSet::new() }
    }

    /// Notes a mistake at a place of the text.
    pub(crate) fn add(&mut self, place: Range<usize>, problem: impl Into<String>) {
        let line = self.line(&place);
        // What stands on a line of which TOML makes no sense is not what was meant.
        if place == (0..0) || !self.unreadable.contains(&line) {
            self.found.push(Mistake { line, problem: problem.into() });
        }
    }

    /// Notes a place of which TOML makes no sense.
    pub(crate) fn add_unreadable(&mut self, place: Range<usize>, problem: &str) {
        let line = self.line(&place);
        self.unreadable.insert(line);
        self.found.push(Mistake { line, problem: problem.to_owned() });
    }

    fn line(&self, place: &Range<usize>) -> usize {
        let before = self.text.as_bytes().get(..place.start).unwrap_or(self.text.as_bytes());
        1 + before.iter().filter(|byte| **byte == b'\n').count()
    }

    /// The value, or a mistake at the place.
    pub(crate) fn check<T, E: Display>(&mut self, place: Range<usize>, result: Result<T, E>) -> Option<T> {
        result.map_err(|problem| self.add(place, problem.to_string())).ok()
    }

    /// All of them in the order of their lines.
    pub(crate) fn into_sorted(mut self) -> Vec<Mistake> {
        self.found.sort_by_key(|mistake| mistake.line);
        self.found.dedup();
        self.found
    }
}

/// A table of the order.
pub(crate) struct Table<'order, 'text> {
    members: &'order DeTable<'text>,
    span: Range<usize>,
}

/// A value with its place.
pub(crate) type Value<'order, 'text> = &'order Spanned<DeValue<'text>>;

impl<'order, 'text> Table<'order, 'text> {
    /// The table itself, at its place; every member that is not `known` is a mistake.
    pub(crate) fn new(
        members: &'order DeTable<'text>,
        span: Range<usize>,
        known: &[&str],
        mistakes: &mut Mistakes<'_>,
    ) -> Self {
        for key in members.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let name = key.get_ref();
            mistakes.add(key.span(), format!("`{name}` is not known here; {}", instead(name, known)));
        }
        Self { members, span }
    }

    /// The value as a table with these members, or a mistake.
    pub(crate) fn of(
        value: Value<'order, 'text>,
        name: &str,
        known: &[&str],
        mistakes: &mut Mistakes<'_>,
    ) -> Option<Self> {
        let Some(members) = value.get_ref().as_table() else {
            mistakes.add(value.span(), wrong(name, "a table", value));
            return None;
        };
        Some(Self::new(members, value.span(), known, mistakes))
    }

    pub(crate) fn get(&self, name: &str) -> Option<Value<'order, 'text>> {
        self.members.get(name)
    }

    /// The member, or a mistake at the table.
    pub(crate) fn required(&self, name: &str, mistakes: &mut Mistakes<'_>) -> Option<Value<'order, 'text>> {
        let value = self.get(name);
        if value.is_none() {
            mistakes.add(self.span.clone(), format!("`{name}` is missing"));
        }
        value
    }

    /// A text, made into what it stands for.
    pub(crate) fn text<T, E: Display>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, E>,
        mistakes: &mut Mistakes<'_>,
    ) -> Option<T> {
        let value = self.get(name)?;
        text(value, name, parse, mistakes)
    }

    /// A text that must be there.
    pub(crate) fn required_text<T, E: Display>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, E>,
        mistakes: &mut Mistakes<'_>,
    ) -> Option<T> {
        let value = self.required(name, mistakes)?;
        text(value, name, parse, mistakes)
    }

    /// A whole number in a range.
    pub(crate) fn number(&self, name: &str, range: Range<u64>, mistakes: &mut Mistakes<'_>) -> Option<u32> {
        number(self.get(name)?, name, range, mistakes)
    }

    /// Yes or no.
    pub(crate) fn flag(&self, name: &str, mistakes: &mut Mistakes<'_>) -> Option<bool> {
        let value = self.get(name)?;
        if value.get_ref().as_bool().is_none() {
            mistakes.add(value.span(), wrong(name, "true or false", value));
        }
        value.get_ref().as_bool()
    }

    /// A day without a time.
    pub(crate) fn date(&self, name: &str, mistakes: &mut Mistakes<'_>) -> Option<(Date, Range<usize>)> {
        let value = self.get(name)?;
        let date = value.get_ref().as_datetime().and_then(local_date);
        if date.is_none() {
            let quoted = if value.get_ref().is_str() { ", without quotation marks" } else { "" };
            mistakes.add(value.span(), format!("`{name}` is a day such as 2026-12-01{quoted}"));
        }
        date.map(|date| (date, value.span()))
    }
}

/// A text, made into what it stands for.
pub(crate) fn text<T, E: Display>(
    value: Value<'_, '_>,
    name: &str,
    parse: impl Fn(&str) -> Result<T, E>,
    mistakes: &mut Mistakes<'_>,
) -> Option<T> {
    let Some(text) = value.get_ref().as_str() else {
        mistakes.add(value.span(), wrong(name, "a text in quotation marks", value));
        return None;
    };
    mistakes.check(value.span(), parse(text).map_err(|problem| format!("`{name}`: {problem}")))
}

/// A whole number in a range.
pub(crate) fn number(value: Value<'_, '_>, name: &str, range: Range<u64>, mistakes: &mut Mistakes<'_>) -> Option<u32> {
    let Some(integer) = value.get_ref().as_integer() else {
        mistakes.add(value.span(), wrong(name, "a whole number", value));
        return None;
    };
    let number = u64::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|number| range.contains(number));
    if number.is_none() {
        let (least, most) = (range.start, range.end.saturating_sub(1));
        mistakes.add(value.span(), format!("`{name}` is {integer}; it must be a whole number from {least} to {most}"));
    }
    number.and_then(|number| u32::try_from(number).ok())
}

/// "`x` must be a ..., not a ...".
pub(crate) fn wrong(name: &str, wanted: &str, value: Value<'_, '_>) -> String {
    format!("`{name}` must be {wanted}, not {}", kind(value))
}

fn kind(value: Value<'_, '_>) -> &'static str {
    match value.get_ref() {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
