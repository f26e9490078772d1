//! Every edit of a text: its bytes, its members, the type of each value. All of them are made in one order from one seed.

use entitlement::Kind;
use tests::make_vectors::json::Json;
use tests::make_vectors::samples;
use tests::make_vectors::sign::{IDENTITY_POINT, Key, base64url};

/// Numbers that look random and are the same every time (SplitMix64).
pub struct Chance(pub u64);

impl Chance {
    pub fn byte(&mut self) -> u8 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed >> 56).to_le_bytes()[0]
    }
}

/// At every byte: one bit turned, another byte, the byte gone, a byte more, and the end there.
pub fn bytes(text: &[u8], chance: &mut Chance, edited: &mut dyn FnMut(&str, Vec<u8>)) {
    for at in 0..text.len() {
        let mut flipped = text.to_vec();
        flipped[at] ^= 1 << (at % 8);
        edited(&format!("bit {} of byte {at} turned", at % 8), flipped);
        let mut replaced = text.to_vec();
        replaced[at] = replaced[at].wrapping_add(1 + chance.byte() % 255);
        edited(&format!("byte {at} replaced"), replaced);
        let mut deleted = text.to_vec();
        deleted.remove(at);
        edited(&format!("byte {at} deleted"), deleted);
        let mut inserted = text.to_vec();
        inserted.insert(at, chance.byte());
        edited(&format!("a byte before byte {at}"), inserted);
        edited(&format!("cut before byte {at}"), text[..at].to_vec());
    }
}

/// Values of every type and at the ends of every range.
const TYPES: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "1",
    "7",
    "-1",
    "-0",
    "0.5",
    "1.0",
    "1e3",
    "1e400",
    "4294967295",
    "4294967296",
    "253402300799",
    "253402300800",
    "9007199254740991",
    "9007199254740992",
    "18446744073709551616",
    "\"\"",
    "\" \"",
    "\"x\"",
    "\"5\"",
    "\"\\u0000\"",
    "\"\\u202e\"",
    "\"\\ud800\"",
    "[]",
    "[[]]",
    "[null]",
    "{}",
    "{\"a\":1}",
    "{\"a\":1,\"a\":2}",
    "{\"id\":\"x\",\"count\":1}",
];

/// Words that mean something in a file, where they do not stand.
fn words() -> Vec<String> {
    let quoted = |text: &str| format!("\"{text}\"");
    let keys = ring();
    let mut words: Vec<String> =
        ["EdDSA", "Ed25519", "none", "RS256", "HS256", "OKP", "offline", "session"].map(quoted).into();
    words.extend(["pc-0002", "lease-000018", "SW-2026-000013", "village-of-example", "creator"].map(quoted));
    words.extend(Kind::ALL.map(|kind| quoted(kind.typ())));
    words.extend(keys.iter().flat_map(|key| [quoted(&key.kid), quoted(&key.x())]));
    words.extend([
        quoted(&base64url(&IDENTITY_POINT)),
        quoted(&base64url(&[0xff; 32])),
        quoted(&samples::digest(b"x")),
    ]);
    for instant in ["2026-05-01T00:00:00Z", "2026-12-14T00:00:00Z", "2026-12-16T00:00:01Z", "2028-02-01T00:00:00Z"] {
        words.push(samples::at(instant).to_string());
    }
    words.push(quoted(&"long ".repeat(1000)));
    words
}

/// Every key of the samples: right ones, retired ones, and those of nobody.
pub fn ring() -> Vec<Key> {
    use samples::*;
    vec![root(), vendor(), retired(), coming(), revoked(), stranger(), portal(), other_portal(), one_key(), device()]
}

/// Each value of another type or with another meaning.
pub fn values(text: &Json, edited: &mut dyn FnMut(&str, Json)) {
    let words = words();
    for path in text.values() {
        for value in TYPES.iter().copied().chain(words.iter().map(String::as_str)) {
            let short = value.get(..60).unwrap_or(value);
            edited(&format!("`{path}` is {short}"), text.with(&path, value));
        }
    }
}

/// Each member gone, twice, under another name and one too many; each list and object in another order.
pub fn members(text: &Json, edited: &mut dyn FnMut(&str, Json)) {
    for path in text.members() {
        edited(&format!("without `{path}`"), text.without(&path));
        edited(&format!("`{path}` twice"), text.twice(&path));
        let (object, name) = path.rsplit_once('.').unwrap_or(("", &path));
        edited(&format!("`{path}` twice, the second time null"), text.added(object, name, "null"));
        edited(&format!("`{path}` in capitals"), text.renamed(&path));
        edited(&format!("`{path}` of another type"), text.retyped(&path));
    }
    for path in text.objects() {
        for name in ["unknown", "crit", "id", ""] {
            edited(&format!("`{name}` in `{path}`"), text.added(&path, name, "1"));
        }
    }
    for path in text.values() {
        for (name, change) in ORDERS {
            let mut other = text.clone();
            if change(other.at_mut(&path)) {
                edited(&format!("`{path}` {name}"), other);
            }
        }
    }
}

/// Changes to an array or an object as a whole; false where there is nothing to change.
type Order = (&'static str, fn(&mut Json) -> bool);

const ORDERS: &[Order] = &[
    ("in the other order", |value| match value {
        Json::Object(members) => {
            members.reverse();
            members.len() > 1
        }
        Json::Array(elements) => {
            elements.reverse();
            elements.len() > 1
        }
        Json::Scalar(_) => false,
    }),
    ("with its first element again", |value| match value {
        Json::Array(elements) => elements.first().cloned().map(|first| elements.push(first)).is_some(),
        Json::Object(_) | Json::Scalar(_) => false,
    }),
    ("without its first element", |value| match value {
        Json::Array(elements) if !elements.is_empty() => {
            elements.remove(0);
            true
        }
        Json::Object(_) | Json::Array(_) | Json::Scalar(_) => false,
    }),
];

/// Every place that names a key names this one instead, in harmony.
pub fn of_another_key(text: &Json, key: &Key) -> Json {
    let mut other = text.clone();
    for path in text.members() {
        match path.rsplit('.').next() {
            Some("aud" | "portal" | "iss") if text.at(&path).compact().len() > 40 => {
                other = other.with(&path, &format!("\"{}\"", key.kid));
            }
            Some("x") => other = other.with(&path, &format!("\"{}\"", key.x())),
            _ => {}
        }
    }
    other
}

/// Every instant of the text, this much later.
pub fn moved(text: &Json, seconds: i64) -> Json {
    let instants = text.values().into_iter().filter_map(|path| {
        let number: i64 = text.at(&path).compact().parse().ok()?;
        (number > samples::at("2025-01-01T00:00:00Z")).then_some((path, number))
    });
    instants.fold(text.clone(), |moved, (path, number)| moved.with(&path, &(number + seconds).to_string()))
}
