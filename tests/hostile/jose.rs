//! The worked examples of JOSE: other algorithms, other serializations, other headers. None is a file of ours.

use serde::Deserialize;
use tests::make_vectors::samples;
use tests::make_vectors::sign::base64url;

use tests::desk::{Subject, subjects};

#[derive(Deserialize)]
struct Example {
    name: String,
    json: serde_json::Value,
    json_flat: Option<serde_json::Value>,
    compact: Option<String>,
}

fn examples() -> Vec<Example> {
    serde_json::from_str(include_str!("../foreign/jose-cookbook/jws.json")).expect("the examples")
}

fn code(subject: &Subject, bytes: &[u8]) -> &'static str {
    subject.open(bytes).map_or_else(|error| error.code(), |_| "opened")
}

#[test]
fn no_example_of_the_cookbook_is_a_file_in_any_serialization() {
    let (mut given, subjects) = (0, subjects());
    for example in examples() {
        let texts = [Some(example.json.to_string()), example.json_flat.map(|flat| flat.to_string()), example.compact];
        for text in texts.into_iter().flatten() {
            for subject in &subjects {
                assert_eq!(code(subject, text.as_bytes()), "license-malformed", "{} as {}", example.name, subject.name);
                given += 1;
            }
        }
    }
    // 11 examples: all as general JSON, 10 flattened, 7 compact.
    assert_eq!(given, (11 + 10 + 7) * subjects.len());
}

/// Headers that other libraries honour, each signed by whoever may sign the file.
const HEADERS: &[&str] = &[
    r#""alg":"none""#,
    r#""alg":"RS256""#,
    r#""alg":"PS384""#,
    r#""alg":"ES256""#,
    r#""alg":"ES512""#,
    r#""alg":"HS256""#,
    r#""alg":"Ed448""#,
    r#""alg":"eddsa""#,
    r#""alg":"EdDSA ""#,
    r#""alg":["EdDSA"]"#,
    r#""alg":"EdDSA","alg":"EdDSA""#,
    r#""alg":"EdDSA","b64":true"#,
    r#""alg":"EdDSA","b64":false,"crit":["b64"]"#,
    r#""alg":"EdDSA","crit":[]"#,
    r#""alg":"EdDSA","crit":["exp"],"exp":0"#,
    r#""alg":"EdDSA","zip":"DEF""#,
    r#""alg":"EdDSA","cty":"JWT""#,
    r#""alg":"EdDSA","jku":"https://vendor.example/keys""#,
    r#""alg":"EdDSA","x5u":"https://vendor.example/keys""#,
    r#""alg":"EdDSA","x5c":[]"#,
    r#""alg":"EdDSA","x5t":"AAAA""#,
];

#[test]
fn a_header_with_another_algorithm_or_another_member_is_refused_under_a_good_signature() {
    for subject in subjects() {
        let (kid, typ) = (&subject.key.kid, subject.kind.typ());
        let own = format!(r#""alg":"EdDSA","jwk":{{"kty":"OKP","crv":"Ed25519","x":"{}"}}"#, subject.key.x());
        for members in HEADERS.iter().copied().chain([own.as_str()]) {
            let header = format!(r#"{{{members},"kid":"{kid}","typ":"{typ}"}}"#);
            let sealed = subject.key.sign_under(&header, &subject.payload.compact());
            let bytes = subject.written(sealed, None);
            assert_eq!(code(&subject, &bytes), "license-malformed", "{header}");
        }
    }
}

/// RFC 7797: the payload as it is, not encoded. The signature is good, and the text is no base64url.
#[test]
fn a_payload_that_is_not_encoded_is_refused_under_a_good_signature() {
    for subject in subjects() {
        let protected = base64url(subject.key.header(subject.kind.typ()).as_bytes());
        let sealed = subject.key.sign_encoded(&protected, "not encoded");
        assert_eq!(code(&subject, &subject.written(sealed, None)), "license-malformed", "{}", subject.name);
    }
}

/// RFC 7515, 7.2: more than one signature, a header outside the signature, a payload that came another way.
#[test]
fn only_the_flattened_serialization_with_everything_under_the_signature_is_a_file() {
    let subjects = subjects();
    for subject in subjects.iter().filter(|subject| subject.about.is_some()) {
        let outer = subject.sealed().outer();
        let good = subject.open(outer.compact().as_bytes()).expect("the flattened form opens");
        assert_eq!(good, subject.said());
        let texts = [
            outer.added("", "header", "{}"),
            outer.added("", "header", r#"{"kid":"vendor-2026-a"}"#),
            outer.added("", "signatures", "[]"),
            outer.without("payload"),
            outer.without("protected"),
            outer.without("signature"),
            outer.with("signature", "\"\""),
            outer.with("payload", "null"),
        ];
        for text in texts {
            assert_eq!(code(subject, text.compact().as_bytes()), "license-malformed", "{}", text.compact());
        }
        let line = subject.sealed().compact();
        assert_eq!(code(subject, line.as_bytes()), "license-malformed", "the compact form of {}", subject.name);
    }
    let code_as_file = samples::device().sign(samples::RETURN_TYP, &samples::return_code().compact()).file();
    let door = subjects.iter().find(|subject| subject.about.is_none()).expect("return codes");
    assert_eq!(code(door, code_as_file.as_bytes()), "license-malformed", "a return code is a line, not a file");
}
