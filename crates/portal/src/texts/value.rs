//! What is put into a text.

use std::fmt::Display;

use askama::filters::{Html, HtmlSafe, HtmlSafeOutput, escape};
use fluent_bundle::FluentValue;

/// A value, ready to be put into a text.
#[derive(Debug, Clone)]
pub enum Value {
    /// Words; escaped on a page.
    Words(String),
    /// A number, by which a text can choose its words.
    Number(f64),
    /// What is safe on a page already, and the words it stands for.
    Safe {
        /// The piece of a page.
        page: String,
        /// The words.
        plain: String,
    },
}

/// Where a text will stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// On a page, as it is.
    Page,
    /// Among other words.
    Plain,
}

impl Value {
    pub(super) fn written(&self, form: Form) -> FluentValue<'static> {
        match (self, form) {
            (Self::Number(number), _) => FluentValue::from(*number),
            (Self::Words(words), Form::Plain) => FluentValue::from(words.clone()),
            (Self::Words(words), Form::Page) => FluentValue::from(escaped(words)),
            (Self::Safe { page, .. }, Form::Page) => FluentValue::from(page.clone()),
            (Self::Safe { plain, .. }, Form::Plain) => FluentValue::from(plain.clone()),
        }
    }
}

/// As a page writes words.
pub(super) fn escaped(words: &str) -> String {
    match escape(words, Html) {
        Ok(escaped) => escaped.to_string(),
        Err(never) => match never {},
    }
}

/// What can be put into a text.
pub trait Put {
    /// As a value.
    fn put(&self) -> Value;
}

impl<T: Put + ?Sized> Put for &T {
    fn put(&self) -> Value {
        (**self).put()
    }
}

impl Put for str {
    fn put(&self) -> Value {
        Value::Words(self.to_owned())
    }
}

impl Put for String {
    fn put(&self) -> Value {
        self.as_str().put()
    }
}

// Counts are far below 2^53, where the numbers of Fluent begin to be rounded.
macro_rules! numbers {
    ($($number:ty),+) => {$(
        impl Put for $number {
            fn put(&self) -> Value {
                Value::Number(*self as f64)
            }
        }
    )+};
}

numbers!(u32, u64, usize, i64);

/// What a filter has made safe, such as a part of an address.
impl<T: Display> Put for HtmlSafeOutput<T>
where
    Self: HtmlSafe,
{
    fn put(&self) -> Value {
        let page = self.to_string();
        Value::Safe { plain: page.clone(), page }
    }
}
