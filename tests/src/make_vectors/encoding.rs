//! Steps 1 to 3: the bytes, the outer object, the encodings and the header.

use super::index::{Case, refuse};
use super::json::Json;
use super::samples::*;
use super::sign::{Key, base64url};

const MALFORMED: &str = "license-malformed";

pub fn cases() -> Vec<Case> {
    [
        bytes(),
        not_an_envelope(),
        outer_members(),
        spellings(),
        signed_spellings(),
        headers(),
        algorithms(),
        header_members(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn bytes() -> Vec<Case> {
    let file = sealed().file();
    let invalid = |at: usize, wrong: &[u8]| [&file.as_bytes()[..at], wrong, &file.as_bytes()[at..]].concat();
    let name = file.find("City").expect("the customer's name");
    let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(file.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let recipe = |name: &str, code: &str, file: &str, recipe: &str| refuse(name, code, "").of(file, recipe);
    vec![
        refuse("the-file-is-empty", "license-empty", ""),
        refuse("the-file-is-white-space", "license-empty", " \r\n\t \n"),
        refuse("the-file-is-a-byte-order-mark", "license-empty", "\u{feff}"),
        recipe(
            "the-file-has-one-byte-too-many",
            "license-too-large",
            "accept/an-entitlement-as-it-is-sealed.json",
            "pad-to-262145",
        ),
        recipe(
            "the-file-is-too-large-and-not-utf-8",
            "license-too-large",
            "refuse/the-file-has-a-stray-byte.json",
            "pad-to-262145",
        ),
        refuse("the-file-has-a-stray-byte", "license-not-utf8", invalid(name, &[0xff])),
        refuse("the-file-has-an-overlong-character", "license-not-utf8", invalid(name, &[0xc0, 0xaf])),
        refuse("the-file-has-half-a-surrogate-pair", "license-not-utf8", invalid(name, &[0xed, 0xa0, 0x80])),
        refuse("the-file-is-latin-1", "license-not-utf8", invalid(name, b"Gr\xfc\xdfe ")),
        refuse("the-file-is-utf-16", "license-not-utf8", utf16),
        refuse("the-file-has-two-byte-order-marks", MALFORMED, format!("\u{feff}\u{feff}{file}")),
        refuse("the-file-has-a-nul-at-its-end", MALFORMED, format!("{file}\0")),
        refuse("the-file-has-a-nul-at-its-beginning", MALFORMED, format!("\0{file}")),
    ]
}

fn not_an_envelope() -> Vec<Case> {
    let sealed = sealed();
    let (file, outer) = (sealed.file(), sealed.outer());
    let cut = |name: &str, before: &str| {
        let end = file.find(before).expect("a part of the file");
        refuse(&format!("the-file-is-cut-off-{name}"), MALFORMED, &file[..end])
    };
    let text = |name: &str, text: String| refuse(name, MALFORMED, text);
    let members = ["about", "payload", "protected", "signature"].map(|name| outer.at(name).clone());
    let members = Json::Array(members.to_vec());
    let with_comment = file.replacen("{\n", "{\n  // by hand\n", 1);
    vec![
        cut("after-the-first-brace", "\n  \"about\""),
        cut("in-the-summary", "City"),
        cut("before-the-payload", "\n  \"payload\""),
        cut("in-the-payload", &sealed.payload[40..]),
        cut("before-the-signature", "\n  \"signature\""),
        cut("in-the-signature", &base64url(&sealed.signature)[40..]),
        cut("before-the-last-brace", "\n}\n"),
        text("the-file-is-null", "null".to_owned()),
        text("the-file-is-a-string", format!("{:?}", sealed.signing_input())),
        text("the-file-is-an-empty-object", "{}".to_owned()),
        text("the-file-is-an-array-of-the-members", members.compact()),
        text("the-file-is-in-an-array", format!("[{file}]")),
        text("the-file-stands-twice", format!("{file}{file}")),
        text("the-file-has-text-behind-it", format!("{file}x")),
        text("the-file-has-text-before-it", format!("x{file}")),
        text("the-file-has-a-comma-too-many", file.replace("\"\n}", "\",\n}")),
        text("the-file-has-a-comment", with_comment),
        text("the-file-is-a-web-page", "<!DOCTYPE html><html><body>Sign in</body></html>\n".to_owned()),
        text("the-file-is-a-compact-jws", format!("{}.{}", sealed.signing_input(), base64url(&sealed.signature))),
        text(
            "the-file-is-a-general-jws",
            format!(
                r#"{{"payload":"{}","signatures":[{{"protected":"{}","signature":"{}"}}]}}"#,
                sealed.payload,
                sealed.protected,
                base64url(&sealed.signature)
            ),
        ),
    ]
}

fn outer_members() -> Vec<Case> {
    let outer = sealed().outer();
    let case = |name: &str, what: &str, json: &Json| {
        refuse(&format!("a-file-with-{name}-{what}"), MALFORMED, json.pretty("  ") + "\n")
    };
    let mut cases = Vec::new();
    for name in ["about", "payload", "protected", "signature"] {
        cases.push(case(name, "under-another-name", &outer.renamed(name)));
        cases.push(case(name, "twice", &outer.twice(name)));
        cases.push(case(name, "null", &outer.with(name, "null")));
        cases.push(case(name, "of-another-type", &outer.retyped(name)));
        if name != "about" {
            cases.push(case(name, "left-out", &outer.without(name)));
        }
    }
    cases.push(case("protected", "empty", &outer.with("protected", "\"\"")));
    cases.push(case("signature", "empty", &outer.with("signature", "\"\"")));
    // No characters are the encoding of no bytes, so what disagrees is the signature.
    let empty = outer.with("payload", "\"\"").pretty("  ");
    cases.push(refuse("a-file-with-payload-empty", "license-signature", empty));
    let escaped = outer.pretty("  ").replacen("  \"about\"", "  \"\\u0070ayload\": \"e30\",\n  \"about\"", 1);
    cases.push(refuse("a-file-with-payload-twice-and-once-escaped", MALFORMED, escaped));
    cases.push(case("header", "which-is-not-protected", &outer.added("", "header", r#"{"kid":"vendor-2026-a"}"#)));
    cases.push(case("an-unknown-member", "at-its-end", &outer.added("", "extra", "1")));
    cases.push(case("a-member", "without-a-name", &outer.added("", "", "1")));
    cases
}

/// What can be wrong with a base64url text, and the last character with a bit set that encodes nothing.
fn misspelt(text: &str) -> Vec<(&'static str, String)> {
    let (head, last) = text.split_at(text.len() - 1);
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let index = alphabet.find(last).expect("a character of base64url");
    let mut cases = vec![
        ("with-padding", format!("{text}{}", "=".repeat((4 - text.len() % 4) % 4))),
        ("with-a-line-break", format!("{head}\\n{last}")),
        ("with-a-space", format!("{head} {last}")),
        ("with-a-character-of-other-base64", format!("+{}", &text[1..])),
        ("with-a-character-of-no-base64", format!("*{}", &text[1..])),
    ];
    if !text.len().is_multiple_of(4) {
        cases.push(("with-a-trailing-bit", format!("{head}{}", &alphabet[index | 1..][..1])));
    }
    cases
}

/// The encoded members respelt after signing.
fn spellings() -> Vec<Case> {
    let sealed = vendor().sign(ENTITLEMENT_TYP, &uneven(&entitlement().compact()));
    let outer = sealed.outer();
    let mut cases = Vec::new();
    for (member, text, code) in [
        ("payload", sealed.payload.clone(), "license-signature"),
        ("protected", sealed.protected.clone(), MALFORMED),
        ("signature", base64url(&sealed.signature), MALFORMED),
    ] {
        for (how, wrong) in misspelt(&text).into_iter().filter(|(_, wrong)| *wrong != text) {
            let name = format!("the-{member}-is-spelt-{how}");
            cases.push(refuse(&name, code, outer.with(member, &format!("\"{wrong}\"")).pretty("  ")));
        }
    }
    let signature = |name: &str, bytes: &[u8]| {
        let text = format!("\"{}\"", base64url(bytes));
        refuse(&format!("the-signature-has-{name}"), MALFORMED, outer.with("signature", &text).pretty("  "))
    };
    cases.push(signature("sixty-three-bytes", &sealed.signature[..63]));
    cases.push(signature("sixty-five-bytes", &[&sealed.signature[..], &[0]].concat()));
    cases
}

/// With spaces at the end, so that the encoding has bits that encode nothing.
fn uneven(text: &str) -> String {
    if text.len().is_multiple_of(3) { format!("{text} ") } else { text.to_owned() }
}

/// The same respellings signed by the vendor, so that only the encoding is wrong.
fn signed_spellings() -> Vec<Case> {
    let payload = base64url(uneven(&entitlement().compact()).as_bytes());
    let header = base64url(uneven(&vendor().header(ENTITLEMENT_TYP)).as_bytes());
    let mut cases = Vec::new();
    for (how, wrong) in misspelt(&payload).into_iter().filter(|(_, wrong)| *wrong != payload) {
        // Signed as JSON reads it: an escaped line break is a line break.
        let mut sealed = vendor().sign_encoded(&header, &wrong.replace("\\n", "\n"));
        sealed.payload = wrong;
        cases.push(refuse(&format!("the-payload-is-signed-{how}"), MALFORMED, sealed.file()));
    }
    for (how, wrong) in misspelt(&header).into_iter().filter(|(_, wrong)| *wrong != header) {
        let mut sealed = vendor().sign_encoded(&wrong.replace("\\n", "\n"), &payload);
        sealed.protected = wrong;
        cases.push(refuse(&format!("the-header-is-signed-{how}"), MALFORMED, sealed.file()));
    }
    cases.push(refuse("the-payload-is-signed-without-encoding", MALFORMED, {
        let text = r#"{}"#;
        vendor().sign_encoded(&header, text).file()
    }));
    cases
}

/// A file under this header, signed by the vendor.
fn under(name: &str, header: &str) -> Case {
    refuse(name, MALFORMED, vendor().sign_under(header, &entitlement().compact()).file())
}

fn headers() -> Vec<Case> {
    let header = Json::read(&vendor().header(ENTITLEMENT_TYP));
    let text = header.compact();
    let mut cases = Vec::new();
    for member in ["alg", "kid", "typ"] {
        let case = |what: &str, json: &Json| under(&format!("a-header-with-{member}-{what}"), &json.compact());
        cases.push(case("under-another-name", &header.renamed(member)));
        cases.push(case("twice", &header.twice(member)));
        cases.push(case("left-out", &header.without(member)));
        cases.push(case("of-another-type", &header.retyped(member)));
        cases.push(case("null", &header.with(member, "null")));
        cases.push(case("in-an-array", &header.with(member, &format!("[{}]", header.at(member).compact()))));
    }
    for (name, kid) in [
        ("empty", String::new()),
        ("which-is-a-path", "../vendor-2026-a".to_owned()),
        ("of-sixty-five-characters", "a".repeat(65)),
        ("with-a-space", "vendor 2026-a".to_owned()),
        ("with-a-nul", "vendor-2026-a\\u0000".to_owned()),
    ] {
        cases.push(under(&format!("a-header-with-a-kid-{name}"), &header.with("kid", &format!("\"{kid}\"")).compact()));
    }
    cases.extend([
        under("a-header-which-is-an-array", r#"["EdDSA","vendor-2026-a","seatwarden-entitlement+jwt"]"#),
        under("a-header-which-is-null", "null"),
        under("a-header-which-is-empty", ""),
        under("a-header-with-text-behind-it", &format!("{text}x")),
        under("a-header-which-stands-twice", &format!("{text}{text}")),
        under("a-header-with-a-byte-order-mark", &format!("\u{feff}{text}")),
        under("a-header-which-is-cut-off", &text[..text.len() - 1]),
    ]);
    let latin = base64url(&text.bytes().map(|byte| if byte == b'v' { 0xff } else { byte }).collect::<Vec<_>>());
    let sealed = vendor().sign_encoded(&latin, &base64url(entitlement().compact().as_bytes()));
    cases.push(refuse("a-header-which-is-not-utf-8", MALFORMED, sealed.file()));
    cases
}

fn algorithms() -> Vec<Case> {
    let header = Json::read(&vendor().header(ENTITLEMENT_TYP));
    let of = |name: &str, alg: &str| under(&format!("the-algorithm-is-{name}"), &header.with("alg", alg).compact());
    let mut cases = vec![
        of("none", "\"none\""),
        of("none-in-capitals", "\"NONE\""),
        of("es256", "\"ES256\""),
        of("hs256", "\"HS256\""),
        of("ed448", "\"Ed448\""),
        of("in-lower-case", "\"eddsa\""),
        of("empty", "\"\""),
        of("an-object", r#"{"EdDSA":null}"#),
    ];
    let none = header.with("alg", "\"none\"").compact();
    let outer = vendor().sign_under(&none, &entitlement().compact()).outer().with("signature", "\"\"");
    cases.push(refuse("the-algorithm-is-none-and-there-is-no-signature", MALFORMED, outer.pretty("  ")));
    cases
}

/// Header members of other JOSE profiles: each names a key, or a rule, that the signer chose.
fn header_members() -> Vec<Case> {
    let header = Json::read(&vendor().header(ENTITLEMENT_TYP));
    let own: Key = stranger();
    let jwk = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{}"}}"#, own.x());
    let mut cases = Vec::new();
    for (name, value) in [
        ("crit", r#"["exp"]"#),
        ("jwk", &jwk),
        ("jku", r#""https://example.com/keys.json""#),
        ("x5c", r#"["MIIB"]"#),
        ("x5u", r#""https://example.com/chain.pem""#),
        ("x5t", r#""AAAA""#),
        ("b64", "true"),
        ("cty", r#""JWT""#),
        ("zip", r#""DEF""#),
        ("extra", "1"),
    ] {
        cases.push(under(&format!("a-header-with-{name}-in-it"), &header.added("", name, value).compact()));
    }
    // The usual attack: the file brings the key that it was signed with.
    let brought = header.added("", "jwk", &jwk).compact();
    let sealed = own.sign_under(&brought, &entitlement().compact());
    cases.push(refuse("a-header-that-brings-the-key-it-was-signed-with", MALFORMED, sealed.file()));
    let detached = header.added("", "crit", r#"["b64"]"#).added("", "b64", "false").compact();
    cases.push(under("a-header-with-an-unencoded-payload", &detached));
    cases
}
