//! What of a page can be read, seen or heard, and is in no brackets: in the pseudo-locale, what no text stands for.

/// Attributes that are read to people, and those of which the script makes words.
const READ: [&str; 9] = [
    "aria-label",
    "aria-valuetext",
    "title",
    "placeholder",
    "alt",
    "data-your-time",
    "data-chosen",
    "data-choose-all",
    "data-show",
];

/// Elements of which the content is the same in every language: commands, ids, data.
const VERBATIM: [&str; 2] = ["pre", "code"];

/// Every piece outside brackets that has a letter: of the text between tags, and of each attribute that is read.
pub fn unbracketed(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut between = Brackets::default();
    let mut verbatim = 0_usize;
    for piece in page.split_inclusive('>') {
        let (text, tag) = piece.split_once('<').unwrap_or((piece, ""));
        if verbatim == 0 {
            between.read(text, &mut found);
            between.close_piece(&mut found);
        }
        let (ends, name) = name_of(tag);
        if VERBATIM.contains(&name) {
            verbatim = if ends { verbatim.saturating_sub(1) } else { verbatim + 1 };
        }
        for value in read_attributes(tag) {
            let mut alone = Brackets::default();
            alone.read(value, &mut found);
            alone.close_piece(&mut found);
        }
    }
    found
}

fn name_of(tag: &str) -> (bool, &str) {
    let ends = tag.starts_with('/');
    let name = tag.trim_start_matches('/').split(|letter: char| !letter.is_ascii_alphanumeric()).next();
    (ends, name.unwrap_or_default())
}

fn read_attributes(tag: &str) -> Vec<&str> {
    let value = |name: &&str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        rest.split('"').next()
    };
    READ.iter().filter_map(value).collect()
}

/// How deep in brackets the reading is, across tags, and the piece outside of them.
#[derive(Default)]
struct Brackets {
    depth: usize,
    piece: String,
}

impl Brackets {
    fn read(&mut self, text: &str, found: &mut Vec<String>) {
        for letter in text.chars() {
            match letter {
                '[' => {
                    self.depth += 1;
                    self.close_piece(found);
                }
                ']' => self.depth = self.depth.saturating_sub(1),
                _ if self.depth == 0 => self.piece.push(letter),
                _ => {}
            }
        }
    }

    fn close_piece(&mut self, found: &mut Vec<String>) {
        let piece = std::mem::take(&mut self.piece);
        if piece.chars().any(char::is_alphabetic) {
            found.push(piece.trim().to_owned());
        }
    }
}

/// The pieces that are not made of the data alone.
pub fn beyond(data: &[String], pieces: Vec<String>) -> Vec<String> {
    let mut words: Vec<&str> = data.iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let left = |piece: &str| words.iter().fold(piece.to_owned(), |piece, word| piece.replace(word, ""));
    let exact: std::collections::HashSet<&str> = words.iter().copied().collect();
    let pieces = pieces.into_iter().filter(|piece| !exact.contains(piece.as_str()));
    pieces.filter(|piece| left(piece).chars().any(char::is_alphabetic)).collect()
}

/// The strings in the `Debug` of a page, which are its data, as a page would write them.
pub fn data_of(page: &impl std::fmt::Debug) -> Vec<String> {
    let debug = format!("{page:?}");
    let mut strings = Vec::new();
    let mut letters = debug.chars();
    while letters.by_ref().any(|letter| letter == '"') {
        let mut string = String::new();
        while let Some(letter) = letters.next().filter(|letter| *letter != '"') {
            string.push(if letter == '\\' { letters.next().unwrap_or(letter) } else { letter });
        }
        strings.push(super::value::escaped(&string));
    }
    strings
}

/// What is named the same in every language: the texts of the error codes, which the registry has, and the lists of the
/// interface.
pub fn everywhere() -> Vec<String> {
    let rows = errors::Code::ALL.iter().map(|code| code.row());
    let each = rows.flat_map(|row| [row.name, row.title, row.meaning, row.fix]);
    each.chain(crate::pages::directory::Directory::LISTS).map(super::value::escaped).collect()
}

#[test]
fn what_is_in_no_brackets_is_found_between_tags_and_in_attributes() {
    let page = "<p title=\"[ţö]\">[Šîĝñéð <b>îñ</b> åš Ana] by <code>code</code> Bo</p><input placeholder=\"Name\">5";
    assert_eq!(unbracketed(page), ["by", "Bo", "Name"]);
    assert_eq!(beyond(&["Bo".to_owned()], unbracketed(page)), ["by", "Name"]);
    assert_eq!(data_of(&("a\"b", 1, "c<d")), ["a&#34;b", "c&#60;d"]);
}
