//! Texts of a wanted size that cost much to whoever reads them without care.

use tests::make_vectors::sign::{Key, base64url};

pub struct Shape {
    pub name: &'static str,
    pub text: String,
}

/// `before`, then as many `middle` as fit, then `after`, and spaces up to the size.
fn filled(size: usize, before: &str, middle: &str, after: &str) -> String {
    let times = size.saturating_sub(before.len() + after.len()) / middle.len();
    let mut text = [before, &middle.repeat(times), after].concat();
    text.truncate(size);
    text.extend(std::iter::repeat_n(' ', size - text.len()));
    text
}

/// Members or elements with a number in each, as many as fit, with commas between them.
fn numbered(size: usize, open: &str, item: impl Fn(usize) -> String, close: &str) -> String {
    let mut text = open.to_owned();
    for number in 0.. {
        let next = item(number);
        if text.len() + next.len() + 1 + close.len() > size {
            break;
        }
        if number > 0 {
            text.push(',');
        }
        text.push_str(&next);
    }
    text.push_str(close);
    text
}

/// Texts of exactly this size; none is a file, a payload or a header.
pub fn texts(size: usize) -> Vec<Shape> {
    let shape = |name, text: String| Shape { name, text };
    let padded = |text: String| filled(size, &text, " ", "");
    vec![
        shape("arrays in arrays", filled(size, "", "[", "")),
        shape("arrays that end", "[".repeat(size / 2) + &"]".repeat(size - size / 2)),
        shape("objects in objects", filled(size, "", "{\"a\":", "")),
        shape("both in turn", filled(size, "", "[{\"\":", "")),
        shape("arrays in a summary", filled(size, "{\"about\":", "[", "")),
        shape("objects in a summary", filled(size, "{\"about\":", "{\"a\":", "")),
        shape("one long text", filled(size, "\"", "a", "\"")),
        shape("one text without an end", filled(size, "\"", "a", "")),
        shape("escapes", filled(size, "{\"payload\":\"", "\\u0041", "\"}")),
        shape("surrogates", filled(size, "{\"payload\":\"", "\\ud83d\\ude00", "\"}")),
        shape("backslashes", filled(size, "{\"payload\":\"", "\\\\", "\"}")),
        shape("a long name of a member", filled(size, "{\"", "a", "\":1}")),
        shape("a long payload", filled(size, "{\"payload\":\"", "A", "\"}")),
        shape("a long signature", filled(size, "{\"signature\":\"", "A", "\",\"payload\":\"\",\"protected\":\"\"}")),
        shape("a long header", filled(size, "{\"protected\":\"", "e30", "\",\"payload\":\"\",\"signature\":\"\"}")),
        shape("a long number", filled(size, "", "9", "")),
        shape("a long fraction", filled(size, "0.", "9", "")),
        shape("a long exponent", filled(size, "1e", "9", "")),
        shape("spaces", filled(size, "{", " ", "}")),
        shape("line feeds", filled(size, "", "\n", "{}")),
        shape("full stops", filled(size, "", ".", "")),
        shape("commas", filled(size, "{", ",", "}")),
        shape("zero bytes", filled(size, "", "\0", "")),
        shape("characters of four bytes", padded("\u{1f600}".repeat(size / 4))),
        shape("the same member again and again", filled(size, "{\"about\":{}", ",\"about\":{}", "}")),
        shape("many members", padded(numbered(size, "{", |number| format!("\"m{number}\":0"), "}"))),
        shape(
            "many members in a summary",
            padded(numbered(size, "{\"about\":{", |number| format!("\"m{number}\":0"), "}}")),
        ),
        shape("many elements", padded(numbered(size, "[", |number| number.to_string(), "]"))),
    ]
}

/// Values of at most this size for any place of a payload or a summary: what belongs in one of them, as often as it fits,
/// and what belongs nowhere.
pub fn values(room: usize) -> Vec<Shape> {
    let shape = |name, text| Shape { name, text };
    let list = |item: &dyn Fn(usize) -> String| numbered(room, "[", item, "]");
    let map = |item: &dyn Fn(usize) -> String| numbered(room, "{", item, "}");
    let keys: Vec<String> = (0..=255).map(|seed| Key::named("", seed).x()).collect();
    let no_point = base64url(&[2; 32]);
    let key = |number: usize, x: &str| format!("{{\"kid\":\"k{number}\",\"x\":\"{x}\",\"nbf\":1,\"exp\":2}}");
    vec![
        shape("one long text", filled(room, "\"", "a", "\"")),
        shape("a long number", filled(room, "", "9", "")),
        shape("arrays in arrays", "[".repeat(room / 2) + &"]".repeat(room / 2)),
        shape("many numbers", list(&|number| number.to_string())),
        shape("many names", list(&|number| format!("\"name-{number}\""))),
        shape("many members", map(&|number| format!("\"m{number}\":{number}"))),
        shape("many members with one twice at the end", {
            let room = room - ",\"m0\":1}".len();
            numbered(room, "{", |number| format!("\"m{number}\":1"), ",\"m0\":1}")
        }),
        shape("as deep as may be, and wide", {
            let inner = numbered(room - 200, "{", |number| format!("\"m{number}\":[]"), "}");
            "{\"a\":".repeat(14) + &inner + &"}".repeat(14)
        }),
        shape("many lines", list(&|number| format!("{{\"id\":\"t{number}\",\"count\":4294967295}}"))),
        shape("many lines of one", list(&|_| "{\"id\":\"creator\",\"count\":4294967295}".to_owned())),
        shape("many keys", list(&|number| key(number, &keys[number % 256]))),
        shape("many keys that are no points", list(&|number| key(number, &no_point))),
        shape("many revoked keys", list(&|number| format!("{{\"kid\":\"k{number}\",\"from\":1}}"))),
    ]
}
