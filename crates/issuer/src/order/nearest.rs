//! The nearest spelling, and lists of valid values, for sentences about mistakes.

/// How far a misspelling may be from the word that was meant: one letter in every three begun, and at most three.
fn reach(word: &str) -> usize {
    word.chars().count().div_ceil(3).clamp(1, 3)
}

/// The known word that `found` is probably meant to be.
pub(crate) fn nearest<'a>(found: &str, known: &[&'a str]) -> Option<&'a str> {
    let found = found.to_ascii_lowercase();
    known
        .iter()
        .map(|word| (distance(&found, word), *word))
        .filter(|(distance, word)| *distance <= reach(word))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// "did you mean" and all that is valid, as the end of a sentence.
pub(crate) fn instead(found: &str, known: &[&str]) -> String {
    let all = known.join(", ");
    match nearest(found, known) {
        Some(word) => format!("did you mean `{word}`? Valid are: {all}"),
        None => format!("valid are: {all}"),
    }
}

/// Letters to add, take out, or change to get from one word to the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to = to.chars().collect::<Vec<_>>();
    let mut row = (0..=to.len()).collect::<Vec<_>>();
    for (index, letter) in from.chars().enumerate() {
        let mut next = vec![index + 1];
        for ((other, diagonal), above) in to.iter().zip(&row).zip(row.iter().skip(1)) {
            let left = next.last().copied().unwrap_or_default();
            next.push((diagonal + usize::from(*other != letter)).min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn a_slip_of_the_pen_is_understood_and_another_word_is_not() {
        let known = ["viewer", "editor", "creator", "storyteller"];
        for (found, meant) in [
            ("viwer", Some("viewer")),
            ("Viewer", Some("viewer")),
            ("veiwer", Some("viewer")),
            ("creators", Some("creator")),
            ("story-teler", Some("storyteller")),
            ("crtr", Some("creator")),
            ("publisher", None),
            ("", None),
        ] {
            assert_eq!(nearest(found, &known), meant, "{found}");
        }
        assert_eq!((distance("", "abc"), distance("abc", ""), distance("kitten", "sitting")), (3, 3, 3));
    }
}
