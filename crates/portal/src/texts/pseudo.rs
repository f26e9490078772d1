//! English with accents: whoever forgets a text sees at once that it has none.

use std::borrow::Cow;

const PLAIN: &str = "ABCDEGHIKLNOPRSTUWYZacdeghiklnoprstuwyz";
const ACCENTED: &str = "ÅßÇÐÉĜĤÎĶĻÑÖÞŔŠŢÛŴÝŽåçðéĝĥîķļñöþŕšţûŵýž";

/// The letters between tags, accented; names of tags and addresses stay. A piece that begins inside a tag, after a value
/// in its address, has the end of the tag before any beginning of another.
pub fn accented(piece: &str) -> Cow<'_, str> {
    let (open, close) = (piece.find('<'), piece.find('>'));
    let mut inside = close.is_some_and(|close| open.is_none_or(|open| close < open));
    let each = piece.chars().map(|letter| {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            _ => {}
        }
        if inside { letter } else { accent(letter) }
    });
    Cow::Owned(each.collect())
}

fn accent(letter: char) -> char {
    let place = PLAIN.chars().position(|plain| plain == letter);
    place.and_then(|place| ACCENTED.chars().nth(place)).unwrap_or(letter)
}
