//! JSONTestSuite: as a file, as the payload and the header of a signed file, and in the one place that is free.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use catalog::Catalog;
use entitlement::{Kind, LIMIT, Use, open_entitlement, peek_kind};
use serde_json::value::RawValue;
use tests::make_vectors::samples;
use tests::make_vectors::sign::base64url;

use tests::desk::{Subject, now, subjects, trust};

/// A text of the suite, and what the suite says of it.
struct Text {
    name: String,
    bytes: Vec<u8>,
}

impl Text {
    fn must_parse(&self) -> bool {
        self.name.starts_with("y_")
    }

    fn must_not_parse(&self) -> bool {
        self.name.starts_with("n_")
    }

    fn is_utf8(&self) -> bool {
        std::str::from_utf8(&self.bytes).is_ok()
    }

    /// An object of the suite that has members; none of them has a name of ours.
    fn has_members(&self) -> bool {
        let text = self.bytes.trim_ascii();
        text.starts_with(b"{") && text != b"{}"
    }
}

fn texts() -> Vec<Text> {
    let lines = include_str!("../foreign/json-test-suite/parsing.txt").lines();
    let mut texts: Vec<Text> = lines
        .map(|line| {
            let (name, encoded) = line.split_once(' ').expect("a name and bytes");
            Text { name: name.to_owned(), bytes: URL_SAFE_NO_PAD.decode(encoded).expect("base64url") }
        })
        .collect();
    let deep = |name: &str, bytes: String| Text { name: name.to_owned(), bytes: bytes.into_bytes() };
    texts.push(deep("n_structure_100000_opening_arrays", "[".repeat(100_000)));
    texts.push(deep("n_structure_open_array_object", format!("{}\n", "[{\"\":".repeat(50_000))));
    let of = |first: &str| texts.iter().filter(|text| text.name.starts_with(first)).count();
    assert_eq!((of("y_"), of("n_"), of("i_")), (95, 188, 35));
    texts
}

fn code(subject: &Subject, bytes: &[u8]) -> &'static str {
    subject.open(bytes).map_or_else(|error| error.code(), |_| "opened")
}

#[test]
fn none_of_them_is_a_file() {
    for text in texts() {
        let blank = text.name == "n_structure_no_data"
            || text.name == "n_single_space"
            || text.name == "n_structure_UTF8_BOM_no_data";
        let wanted = match (text.is_utf8(), blank) {
            (false, _) => "license-not-utf8",
            (true, true) => "license-empty",
            (true, false) => "license-malformed",
        };
        let looked_into = peek_kind(&text.bytes).expect_err(&text.name);
        assert_eq!(looked_into.code(), wanted, "{}", text.name);
        for subject in subjects().iter().filter(|subject| subject.kind != Kind::Return) {
            assert_eq!(code(subject, &text.bytes), wanted, "{} as {}", text.name, subject.name);
        }
    }
}

#[test]
fn none_of_them_is_a_header_under_a_good_signature() {
    let subjects = subjects();
    for text in texts() {
        for subject in &subjects {
            let payload = base64url(subject.payload.compact().as_bytes());
            let sealed = subject.key.sign_encoded(&base64url(&text.bytes), &payload);
            let bytes = subject.written(sealed, None);
            let wanted = if bytes.len() > LIMIT { "license-too-large" } else { "license-malformed" };
            assert_eq!(code(subject, &bytes), wanted, "{} as the header of {}", text.name, subject.name);
        }
    }
}

#[test]
fn none_of_them_is_a_payload_under_a_good_signature() {
    let subjects = subjects();
    for text in texts() {
        for subject in &subjects {
            let protected = base64url(subject.key.header(subject.kind.typ()).as_bytes());
            let sealed = subject.key.sign_encoded(&protected, &base64url(&text.bytes));
            let bytes = subject.written(sealed, None);
            let given = code(subject, &bytes);
            let place = format!("{} as the payload of {}", text.name, subject.name);
            if bytes.len() > LIMIT {
                assert_eq!(given, "license-too-large", "{place}");
            } else if subject.kind == Kind::Catalog {
                // Whatever bytes the vendor signs; the license names others.
                assert_eq!(given, "license-catalog-mismatch", "{place}");
            } else if text.must_parse() {
                let wanted = if text.has_members() { "license-needs-newer" } else { "license-malformed" };
                assert_eq!(given, wanted, "{place}");
            } else {
                // Where the first member is whole and unknown, it is told before what is wrong behind it.
                let unknown_first = text.has_members() && given == "license-needs-newer";
                assert!(given == "license-malformed" || unknown_first, "{place}: {given}");
            }
        }
    }
}

#[test]
fn none_of_them_is_a_catalog() {
    for text in texts() {
        assert!(Catalog::parse(&text.bytes).is_err(), "{}", text.name);
    }
}

/// `ext` is free, and JSON all the same: an object in which no member stands twice, kept letter for letter.
#[test]
fn in_the_free_object_the_sound_ones_are_kept_and_all_others_refused() {
    let (trust, mut kept) = (trust(), Vec::new());
    for text in texts() {
        let mut payload = samples::entitlement().compact().into_bytes();
        assert_eq!(payload.pop(), Some(b'}'));
        payload.extend_from_slice(b",\"ext\":");
        payload.extend_from_slice(&text.bytes);
        payload.push(b'}');
        let protected = base64url(samples::vendor().header(samples::ENTITLEMENT_TYP).as_bytes());
        let file = samples::vendor().sign_encoded(&protected, &base64url(&payload)).file();
        match open_entitlement(file.as_bytes(), &trust, Use::Importing, now()) {
            Ok(opened) => {
                assert!(!text.must_not_parse(), "{}", text.name);
                let ext = opened.ext().expect("`ext` is there").as_str();
                assert_eq!(ext.as_bytes(), text.bytes.trim_ascii(), "{}", text.name);
                serde_json::from_str::<&RawValue>(ext).expect("JSON");
                kept.push(text.name);
            }
            Err(error) => {
                let wanted = if file.len() > LIMIT { "license-too-large" } else { "license-malformed" };
                assert_eq!(error.code(), wanted, "{}: {error}", text.name);
            }
        }
    }
    let sound = [
        "y_object",
        "y_object_basic",
        "y_object_empty",
        "y_object_empty_key",
        "y_object_escaped_null_in_key",
        "y_object_extreme_numbers",
        "y_object_long_strings",
        "y_object_simple",
        "y_object_string_unicode",
        "y_object_with_newlines",
    ];
    assert_eq!(kept, sound, "the two with a member twice are not among them");
}
