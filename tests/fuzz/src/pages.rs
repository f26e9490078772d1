//! The pages and their forms.

use crate::{house, request};

/// A tag that no page of ours has: where it stands in a page, somebody's text became markup.
const TAG: &str = "<q9";

/// Up to four requests in a row; no page takes what it is told for markup.
pub fn pages(input: &[u8]) {
    house::visit(|house| {
        request::play(house, input, |answer| {
            if answer.header("content-type").starts_with("text/html") {
                assert!(!answer.text().contains(TAG), "markup of a stranger: {}", answer.text());
            }
        });
    });
}
