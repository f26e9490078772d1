//! The big list of naughty strings, wherever a text comes in: refused for a reason, or kept byte for byte.

use catalog::Catalog;
use entitlement::{
    ContractId, EntitlementDraft, KeyId, LicenseId, Name, Note, SecretKey, TrustedKey, Use, open_entitlement,
    open_trust_list, seal_entitlement, seal_trust_list,
};
use tests::make_vectors::samples;

use tests::desk::{license, now, roots, secret, trust};

fn strings() -> Vec<String> {
    let strings: Vec<String> =
        serde_json::from_str(include_str!("../foreign/naughty-strings/blns.json")).expect("the list");
    assert_eq!(strings.len(), 515);
    strings
}

/// docs/FORMAT.md, "Types": a text of so many characters.
fn is_text(text: &str, most: usize) -> bool {
    let reorders = |c: char| ('\u{202a}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c);
    let misleads = |c: char| c.is_control() || c == '\u{2028}' || c == '\u{2029}' || reorders(c);
    (1..=most).contains(&text.chars().count()) && !text.chars().any(misleads)
}

/// docs/FORMAT.md, "Types": an id of these characters.
fn is_id(text: &str, also: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || also.as_bytes().contains(&byte))
}

fn is_slug(text: &str) -> bool {
    is_id(text, "-") && !text.starts_with('-') && text.to_lowercase() == text
}

/// Writes a text into one member of a payload, signs it as a vendor who checks nothing, and opens it.
fn forged(path: &str, text: &str) -> Result<EntitlementDraft, &'static str> {
    let payload = samples::full().with(path, &serde_json::to_string(text).expect("JSON"));
    let file = samples::licensed(&payload).file();
    let opened = open_entitlement(file.as_bytes(), &trust(), Use::Importing, now());
    opened.map(|file| file.draft().clone()).map_err(|error| error.code())
}

/// The same by the honest way: into a draft, sealed and opened.
fn sealed(change: impl FnOnce(&mut EntitlementDraft)) -> EntitlementDraft {
    let mut draft = license(&samples::full()).draft().clone();
    change(&mut draft);
    let file = seal_entitlement(&draft, &secret(&samples::vendor())).expect("it is sealed");
    let opened = open_entitlement(file.as_bytes(), &trust(), Use::Importing, now()).expect("and opens");
    assert_eq!(*opened.draft(), draft);
    draft
}

/// Both ways agree with the rule for every string; how many are kept.
fn kept(
    path: &str,
    rule: impl Fn(&str) -> bool,
    honest: impl Fn(&str) -> Option<EntitlementDraft>,
    read: impl Fn(&EntitlementDraft) -> String,
) -> usize {
    let mut kept = 0;
    for text in strings() {
        let (by_hand, by_seal) = (forged(path, &text), honest(&text));
        if rule(&text) {
            assert_eq!(by_hand.as_ref().map(&read), Ok(text.clone()), "`{path}` is {text:?}");
            assert_eq!(by_seal.as_ref().map(&read), Some(text));
            kept += 1;
        } else {
            assert_eq!(by_hand, Err("license-malformed"), "`{path}` is {text:?}");
            assert_eq!(by_seal, None, "`{path}` is {text:?}");
        }
    }
    kept
}

#[test]
fn as_the_name_of_a_licensee() {
    let honest = |text: &str| Name::parse(text).ok().map(|name| sealed(|draft| draft.customer.name = name));
    let kept = kept("customer.name", |text| is_text(text, 200), honest, |draft| draft.customer.name.to_string());
    assert_eq!(kept, 495);
}

#[test]
fn as_a_note() {
    let honest = |text: &str| Note::parse(text).ok().map(|note| sealed(|draft| draft.note = Some(note)));
    let note = |draft: &EntitlementDraft| draft.note.as_ref().map(ToString::to_string).unwrap_or_default();
    assert_eq!(kept("note", |text| is_text(text, 2000), honest, note), 500);
}

#[test]
fn as_a_contract() {
    let honest = |text: &str| ContractId::parse(text).ok().map(|contract| sealed(|draft| draft.contract = contract));
    assert_eq!(kept("contract", is_slug, honest, |draft| draft.contract.to_string()), 22);
}

#[test]
fn as_the_number_of_a_license() {
    let honest = |text: &str| LicenseId::parse(text).ok().map(|jti| sealed(|draft| draft.jti = jti));
    assert_eq!(kept("jti", |text| is_id(text, "._-"), honest, |draft| draft.jti.to_string()), 68);
}

/// In the header of a forged file, in a trust list, and as the key that then signs.
#[test]
fn as_the_name_of_a_key() {
    let mut kept = 0;
    for text in strings() {
        let quoted = serde_json::to_string(&text).expect("JSON");
        let header = format!(r#"{{"alg":"EdDSA","kid":{quoted},"typ":"{}"}}"#, samples::ENTITLEMENT_TYP);
        let forged = samples::vendor().sign_under(&header, &samples::entitlement().compact()).file();
        let answer = open_entitlement(forged.as_bytes(), &trust(), Use::Importing, now()).map_err(|error| error.code());
        let list = samples::trust().with("keys.0.kid", &quoted);
        let list = samples::root().sign(samples::TRUST_TYP, &list.compact()).file();
        let list = open_trust_list(list.as_bytes(), &roots(&samples::root()), now()).map_err(|error| error.code());
        if !is_id(&text, "_-") {
            assert_eq!(answer, Err("license-malformed"), "{text:?}");
            assert_eq!(list, Err("license-malformed"), "{text:?}");
            assert!(KeyId::parse(&text).is_err(), "{text:?}");
            continue;
        }
        assert_eq!(answer, Err("license-key-unknown"), "{text:?}");
        let signer = SecretKey::from_seed(text.parse().expect("a key id"), &samples::vendor().seed);
        let mut draft = list.expect("the list opens").draft().clone();
        draft.keys = vec![TrustedKey { key: signer.public(), ..draft.keys[0].clone() }];
        let list = seal_trust_list(&draft, &secret(&samples::root())).expect("a list");
        let list = open_trust_list(list.as_bytes(), &roots(&samples::root()), now()).expect("it opens");
        let file = seal_entitlement(license(&samples::entitlement()).draft(), &signer).expect("a file");
        let file = open_entitlement(file.as_bytes(), &list, Use::Importing, now()).expect("it opens");
        assert_eq!(file.kid().as_str(), text);
        kept += 1;
    }
    assert_eq!(kept, 58);
}

const ORDER: &str = r#"contract = CONTRACT
customer = { id = "city-of-example", name = NAME }
from = 2026-12-01
note = NOTE
[user_types]
viewer = 25
"#;

fn order(contract: &str, name: &str, note: &str) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    ORDER.replace("CONTRACT", &quoted(contract)).replace("NAME", &quoted(name)).replace("NOTE", &quoted(note))
}

#[test]
fn in_an_order() {
    let catalog = Catalog::arcgis();
    let (mut names, mut notes, mut contracts) = (0, 0, 0);
    for text in strings() {
        let as_name =
            issuer::order::read(&order("city", &text, "a note"), catalog).map(|order| order.customer.name.to_string());
        assert_eq!(as_name.ok(), is_text(&text, 200).then(|| text.clone()), "{text:?}");
        names += usize::from(is_text(&text, 200));
        let as_note = issuer::order::read(&order("city", "City", &text), catalog)
            .map(|order| order.note.map(|note| note.to_string()));
        assert_eq!(as_note.ok(), is_text(&text, 2000).then(|| Some(text.clone())), "{text:?}");
        notes += usize::from(is_text(&text, 2000));
        // An order is typed by people: capitals are read as small letters, once, at the edge.
        let as_contract =
            issuer::order::read(&order(&text, "City", "a note"), catalog).map(|order| order.contract.to_string());
        let typed = text.to_ascii_lowercase();
        assert_eq!(as_contract.ok(), is_slug(&typed).then_some(typed.clone()), "{text:?}");
        contracts += usize::from(is_slug(&typed));
        let mistakes = issuer::order::read(&text, catalog).expect_err("no order");
        assert!(mistakes.iter().all(|mistake| mistake.line >= 1 && !mistake.problem.is_empty()), "{mistakes:?}");
        assert!(!mistakes.is_empty(), "{text:?}");
    }
    assert_eq!((names, notes, contracts), (495, 500, 46));
}
