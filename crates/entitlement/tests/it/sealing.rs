//! Sealing: what opening would refuse is not made, and what is made is small.

use ed25519_dalek::Signer as _;
use entitlement::*;

use crate::fixture::*;

fn problem(change: impl FnOnce(&mut EntitlementDraft)) -> String {
    let mut draft = draft();
    change(&mut draft);
    match seal_entitlement(&draft, &vendor()) {
        Err(SealError::Invalid { problem }) => problem,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_draft_that_opening_would_refuse_is_not_sealed() {
    assert_eq!(problem(|draft| draft.sequence = 0), "`sequence` is 0");
    assert_eq!(problem(|draft| draft.exp = Some(draft.nbf)), "`exp` is not after `nbf`");
    assert_eq!(problem(|draft| draft.policy.one_over = 2), "`policy`: `one_over` is more than 1");
    assert_eq!(
        problem(|draft| draft.replaces = vec![draft.contract.clone()]),
        "`replaces` names the file's own contract"
    );
    assert_eq!(
        problem(|draft| draft.portal = Some(vendor().public())),
        "`aud` is not the thumbprint of the key in `jwk`"
    );
}

#[test]
fn a_trust_list_that_opening_would_refuse_is_not_sealed() {
    let mut draft = trust_draft();
    draft.keys.push(draft.keys[0].clone());
    let problem = "`keys` names `vendor-a` twice".to_owned();
    assert_eq!(seal_trust_list(&draft, &root()), Err(SealError::Invalid { problem }));
    draft.version = 0;
    let problem = "`version` is 0".to_owned();
    assert_eq!(seal_trust_list(&draft, &root()), Err(SealError::Invalid { problem }));
}

/// What goes wrong with a key that lies elsewhere.
#[derive(Debug, PartialEq)]
enum Elsewhere {
    Unsealed(SealError),
    Unplugged,
}

impl From<SealError> for Elsewhere {
    fn from(error: SealError) -> Self {
        Self::Unsealed(error)
    }
}

#[test]
fn a_key_that_lies_elsewhere_signs_the_same_files_and_may_fail_for_its_own_reasons() {
    let sign = |seed: u8| {
        move |bytes: &[u8]| {
            Ok::<_, Elsewhere>(ed25519_dalek::SigningKey::from_bytes(&[seed; 32]).sign(bytes).to_bytes())
        }
    };
    assert_eq!((*root().seed(), *vendor().seed()), ([1; 32], [2; 32]));
    let list = seal_trust_list_with(&trust_draft(), root().kid(), sign(1));
    assert_eq!(list, Ok(seal_trust_list(&trust_draft(), &root()).unwrap()));
    let file = seal_entitlement_with(&draft(), vendor().kid(), sign(2));
    assert_eq!(file, Ok(sealed(&draft())));
    // Signed by another key than the one it names: opening finds out.
    let foreign = seal_entitlement_with(&draft(), vendor().kid(), sign(3)).unwrap();
    assert_eq!(open(&foreign), Err(OpenError::Signature { kid: vendor().kid().clone() }));

    let unplugged = seal_entitlement_with(&draft(), vendor().kid(), |_| Err(Elsewhere::Unplugged));
    assert_eq!(unplugged, Err(Elsewhere::Unplugged));
    let mut contradiction = draft();
    contradiction.sequence = 0;
    let refused = seal_entitlement_with(&contradiction, vendor().kid(), |_| panic!("it was asked to sign"));
    let problem = "`sequence` is 0".to_owned();
    assert_eq!(refused, Err(Elsewhere::Unsealed(SealError::Invalid { problem })));
}

#[test]
fn a_request_is_sealed_with_a_key_that_is_named_by_its_thumbprint() {
    let problem = "`portal` is not the thumbprint of the key in `jwk`".to_owned();
    assert_eq!(seal_activation_request(&vendor(), now()), Err(SealError::Invalid { problem }));
}

#[test]
fn a_file_that_would_be_too_large_to_open_is_not_made() {
    let size = |bytes: usize| seal_catalog(&vec![b' '; bytes], &vendor()).map(|file| file.len());
    let whole = size(190_000).unwrap();
    assert_eq!(size(190_003), Ok(whole + 4));
    // Four characters of base64url carry three bytes: the largest that fits, and the first that does not.
    let fits = 190_000 + (LIMIT - whole) / 4 * 3;
    assert!(size(fits).unwrap() <= LIMIT);
    let Err(SealError::TooLarge { size, limit }) = size(fits + 3) else { panic!("sealed") };
    assert!(size > LIMIT && size <= LIMIT + 4, "{size}");
    assert_eq!(limit, LIMIT);
}

#[test]
fn a_file_of_exactly_the_limit_is_made_and_opens() {
    let sized = |name: usize, filler: usize| {
        let mut draft = draft();
        draft.customer.name = Name::parse(&"n".repeat(name)).unwrap();
        draft.ext = Some(Ext::parse(&format!("{{\"x\":\"{}\"}}", "x".repeat(filler))).unwrap());
        seal_entitlement(&draft, &vendor())
    };
    // A letter of the name stands in the summary too, so that between them every size can be had.
    let about = (LIMIT - sized(1, 1).unwrap().len()) / 4 * 3;
    let files = (1..4).flat_map(|name| (about - 8..about + 8).map(move |filler| sized(name, filler)));
    let (made, refused): (Vec<_>, Vec<_>) = files.partition(Result::is_ok);
    let largest = made.into_iter().flatten().max_by_key(String::len).unwrap();
    assert_eq!(largest.len(), LIMIT);
    assert_eq!(code(open(&largest)), "ok");
    let sizes = refused.into_iter().map(|refused| match refused {
        Err(SealError::TooLarge { size, limit }) => (size, limit),
        other => panic!("{other:?}"),
    });
    assert_eq!(sizes.min(), Some((LIMIT + 1, LIMIT)));
}

#[test]
fn thirty_lines_with_terms_and_binding_are_signed_within_4096_bytes() {
    let mut draft = full_draft();
    draft.ext = None;
    draft.note = None;
    let (from, until) = (Some(at("2027-01-01T00:00:00Z")), Some(at("2027-02-01T00:00:00Z")));
    draft.user_types = (0..6).map(|n| UserTypeLine { from, until, ..line(&format!("user-type-{n}"), 1000) }).collect();
    let add_ons = (0..24).map(|n| AddOnLine { from, until, ..add_on(&format!("arcgis-add-on-{n}"), 1000) });
    draft.add_ons = add_ons.collect();
    let parts = outer(&sealed(&draft));
    let signed = parts["protected"].as_str().unwrap().len() + 1 + parts["payload"].as_str().unwrap().len();
    assert!(signed <= 4_096, "{signed}");
}

#[test]
fn the_header_is_written_in_one_way() {
    let parts = outer(&sealed(&draft()));
    let header = r#"{"alg":"EdDSA","kid":"vendor-a","typ":"seatwarden-entitlement+jwt"}"#;
    assert_eq!(parts["protected"].as_str().unwrap(), base64url(header));
}

#[test]
fn sealing_twice_gives_the_same_bytes() {
    assert_eq!(sealed(&full_draft()), sealed(&full_draft()));
}
