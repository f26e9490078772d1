//! The attacks that a reader of signed metadata must withstand (docs/SECURITY-MODEL.md), where no other test shows one.

use entitlement::{
    Entitlement, Kind, OpenError, Place, TrustList, Use, open_catalog, open_entitlement, open_trust_list,
};
use tests::make_vectors::json::Json;
use tests::make_vectors::samples;
use tests::make_vectors::sign::Key;

use crate::edits::ring;
use tests::desk::{license, now, place, roots, subjects, trust};

/// Every key of the house under its own name and with its own good signature, for every kind of file: only the one that may
/// sign it does. The others are told that they may not, before anything of the file is looked at.
#[test]
fn whoever_signs_what_is_not_theirs_to_sign_is_refused_by_name() {
    let mut refused = 0;
    for subject in subjects() {
        for key in ring() {
            let sealed = key.sign(subject.kind.typ(), &subject.payload.compact());
            let answer = subject.open(&subject.written(sealed, None)).map(drop).map_err(|error| error.code());
            let wanted = match subject.kind {
                _ if key.kid == subject.key.kid => Ok(()),
                // These three sign what vendors sign, and not at that time.
                Kind::Entitlement if key.kid == samples::retired().kid => Err("license-key-retired"),
                Kind::Entitlement if key.kid == samples::coming().kid => Err("license-key-not-yet-valid"),
                Kind::Entitlement | Kind::Catalog if key.kid == samples::revoked().kid => Err("license-key-revoked"),
                // A catalog has no date of its own: only a revocation is asked.
                Kind::Catalog if [samples::retired().kid, samples::coming().kid].contains(&key.kid) => Ok(()),
                Kind::Lease => Err("lease-other-portal"),
                // It brings its own key, whose name is not that of the signer.
                Kind::Portal | Kind::Usage => Err("license-malformed"),
                Kind::Trust | Kind::Entitlement | Kind::Catalog | Kind::Return => Err("license-key-unknown"),
            };
            assert_eq!(answer, wanted, "{} signed by {}", subject.name, key.kid);
            refused += usize::from(wanted.is_err());
        }
    }
    // Eleven files, ten keys each; the catalog is good under three of them.
    assert_eq!(refused, 11 * 10 - 11 - 2);
}

/// A portal reads "signed with a key that is not known", with the key and what to bring; nobody is accused of anything.
#[test]
fn an_unknown_key_is_named_with_those_that_are_known_and_nobody_is_accused() {
    let file = samples::stranger().sign(samples::ENTITLEMENT_TYP, &samples::entitlement().compact()).file();
    let error = open_entitlement(file.as_bytes(), &trust(), Use::Importing, now()).expect_err("a stranger");
    let OpenError::KeyUnknown { kid, known } = &error else { panic!("{error}") };
    assert_eq!(kid.as_str(), "stranger");
    let known: Vec<&str> = known.iter().map(|kid| kid.as_str()).collect();
    assert_eq!(known, ["vendor-2026-a", "vendor-2025-a", "vendor-2027-a", "vendor-2026-b"]);
    let row = errors::Code::from_name(error.code()).expect("a code").row();
    let said = format!("{error} {} {} {}", row.title, row.meaning, row.fix).to_lowercase();
    assert!(said.contains("trust list") && said.contains("`stranger`"), "{said}");
    for accusation in ["tamper", "manipul", "forg", "fake", "pirat", "illegal", "invalid"] {
        assert!(!said.contains(accusation), "{said}");
    }
}

/// The payload of a file of the last sequence that there is.
fn last_sequence() -> Json {
    samples::entitlement().with("sequence", "4294967295")
}

fn installed(file: &Entitlement) -> Place {
    Place {
        highest: [(file.contract().clone(), (file.sequence(), *file.identity()))].into(),
        installed: Some((file.contract().clone(), file.issuer().clone(), file.customer().id.clone())),
        ..place()
    }
}

/// Fast-forward: whoever has stolen a vendor key signs the last sequence of a contract, and no file of it follows. The
/// vendor goes on under another contract, which names the spoilt one.
#[test]
fn after_the_last_sequence_of_a_contract_the_vendor_goes_on_under_another() {
    let place = installed(&license(&last_sequence()));
    let next = license(&samples::entitlement().with("sequence", "5"));
    assert_eq!(next.admit(&place).map_err(|error| error.code()), Err("license-older"));
    let another = samples::entitlement().with("contract", "\"city-of-example-2\"").with("sequence", "1");
    let unnamed = license(&another);
    assert_eq!(unnamed.admit(&place).map_err(|error| error.code()), Err("license-other-contract"));
    let named = license(&another.added("", "replaces", "[\"city-of-example\"]"));
    assert_eq!(named.admit(&place), Ok(entitlement::Admission::New));
}

fn list(key: &Key, payload: &Json) -> Result<TrustList, OpenError> {
    let file = key.sign(samples::TRUST_TYP, &payload.compact()).file();
    open_trust_list(file.as_bytes(), &roots(&samples::root()), now())
}

/// Freeze: a portal that is kept from newer lists opens what it has, and the list says that a newer one should have come.
#[test]
fn a_list_that_is_held_back_shows_its_age_and_takes_nobody_out() {
    let late = samples::at("2027-12-02T00:00:00Z");
    let list = trust();
    let at = |seconds: i64| entitlement::Moment::from_unix(seconds).expect("an instant");
    assert!(!list.is_expired(at(late - 1)));
    assert!(list.is_expired(at(late)));
    let file = samples::sealed().file();
    assert!(open_entitlement(file.as_bytes(), &list, Use::Installed, at(late)).is_ok());
}

/// Mix and match: each file names what it belongs to, and nothing else goes with it.
#[test]
fn files_that_never_belonged_together_are_refused_together() {
    let older = list(&samples::root(), &samples::expired_trust()).expect("the earlier list");
    let file = samples::sealed().file();
    let refused = open_entitlement(file.as_bytes(), &older, Use::Importing, now()).expect_err("an earlier list");
    assert_eq!(refused, OpenError::NeedsNewerTrust { needed: 7, found: 6 });
    let other = samples::vendor().sign(samples::CATALOG_TYP, r#"{"id":"example","user_types":[1]}"#).file();
    let other = open_catalog(other.as_bytes(), &trust()).expect("a good catalog");
    let with_it = Place { catalogs: vec![*other.digest()], ..place() };
    let refused = license(&samples::entitlement()).admit(&with_it).map_err(|error| error.code());
    assert_eq!(refused, Err("license-catalog-mismatch"));
    let renewed = license(&samples::full().with("sequence", "5"));
    let lease = samples::portal().sign(samples::LEASE_TYP, &samples::lease().compact()).file();
    let refused = entitlement::open_lease(lease.as_bytes(), &renewed, now(), None).map_err(|error| error.code());
    assert_eq!(refused, Err("lease-other-license"));
}

/// Duplicate signatures: there is one place for one signature, and one key of each name.
#[test]
fn a_signature_and_a_key_are_counted_once() {
    let outer = samples::sealed().outer();
    let (signature, trust) = (outer.at("signature").compact(), trust());
    for text in [
        outer.twice("signature"),
        outer.added("", "signatures", &format!("[{{\"signature\":{signature}}},{{\"signature\":{signature}}}]")),
        outer.with("signature", &format!("[{signature},{signature}]")),
    ] {
        let refused = open_entitlement(text.compact().as_bytes(), &trust, Use::Importing, now()).map_err(|e| e.code());
        assert_eq!(refused.map(drop), Err("license-malformed"), "{}", text.compact());
    }
    let twice = samples::trust().with("keys.1.kid", "\"vendor-2026-a\"");
    assert_eq!(list(&samples::root(), &twice).map(drop).map_err(|error| error.code()), Err("license-malformed"));
}
