//! What the pages say, in the language of the reader: every text has an id, and stands in one Fluent file.
//!
//! Templates write `{{ crate::t("id").with("name", value) }}`, and code that composes a sentence
//! `text("id").with("name", value).plain()`. The texts are ours, and may hold links and emphasis; what is put into them is
//! escaped on a page. A number in a text chooses its words by the plural rules of the language.

#[cfg(test)]
mod checks;
mod locale;
#[cfg(test)]
mod pseudo;
mod value;
#[cfg(test)]
mod visible;

use std::fmt;

use fluent_bundle::FluentArgs;

pub use locale::{Locale, language};
use value::Form;
pub use value::{Put, Value};

/// What a page shows that comes neither from the texts nor from its data: it must be nothing.
#[cfg(test)]
pub fn forgotten(page: &(impl askama::Template + fmt::Debug)) -> Vec<String> {
    let shown = locale::in_pseudo(|| page.render()).unwrap();
    let mut data = visible::data_of(page);
    data.extend(visible::everywhere());
    visible::beyond(&data, visible::unbracketed(&shown))
}

/// A text with what is to be put into it. As it is displayed, it is a piece of a page.
#[derive(Debug, Clone)]
pub struct Text {
    id: &'static str,
    values: Vec<(&'static str, Value)>,
}

/// The text of an id.
#[must_use]
pub fn text(id: &'static str) -> Text {
    Text { id, values: Vec::new() }
}

impl Text {
    /// Puts a value into the place of that name.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Put) -> Self {
        self.values.push((name, value.put()));
        self
    }

    /// The words alone, for what is not written on a page as it is: a page that shows them escapes them.
    #[must_use]
    pub fn plain(&self) -> String {
        self.written(Form::Plain)
    }

    fn written(&self, form: Form) -> String {
        let values = (!self.values.is_empty()).then(|| {
            let each = self.values.iter();
            each.map(|(name, value)| (*name, value.written(form))).collect::<FluentArgs<'_>>()
        });
        Locale::current().say(self.id, values.as_ref())
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written(Form::Page))
    }
}

/// The texts are our own, and every value is escaped on its way in.
impl askama::filters::HtmlSafe for Text {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_escaped_on_a_page_and_not_in_plain_words() {
        let text = text("base-signed-in-as-name").with("name", "<b>Ana & Bo</b>");
        assert_eq!(text.to_string(), "Signed in as &#60;b&#62;Ana &#38; Bo&#60;/b&#62;");
        assert_eq!(text.plain(), "Signed in as <b>Ana & Bo</b>");
    }

    #[test]
    fn the_pseudo_locale_is_told_from_english_and_leaves_markup_and_values_alone() {
        let said = locale::in_pseudo(|| text("base-portal-portal-id").with("portal-id", "kPrK").to_string());
        assert_eq!(said, "[Þöŕţåļ <code>kPrK</code>]");
        assert_eq!(text("base-portal-portal-id").with("portal-id", "kPrK").to_string(), "Portal <code>kPrK</code>");
    }
}
