//! A file of one kind for the door of another, signed by a key that is right for both.

use entitlement::{
    Entitlement, Kind, Lease, LeaseError, OpenError, TrustList, Use, open_activation_request, open_catalog,
    open_entitlement, open_lease, open_return_code, open_trust_list, open_usage_report,
};
use tests::make_vectors::json::Json;
use tests::make_vectors::samples;
use tests::make_vectors::sign::Sealed;

use tests::desk;

/// Everything that the one key vouches for: root, vendor, portal and computer at once.
struct House {
    trust: TrustList,
    license: Entitlement,
    lease: Lease,
}

impl House {
    fn new() -> Self {
        let key = samples::one_key();
        let list = key.sign(samples::TRUST_TYP, &samples::one_key_trust().compact()).file();
        let trust = open_trust_list(list.as_bytes(), &desk::roots(&key), desk::now()).expect("the list opens");
        let license = samples::one_key_license().file();
        let license = open_entitlement(license.as_bytes(), &trust, Use::Importing, desk::now()).expect("a license");
        let lease = key.sign(samples::LEASE_TYP, &samples::one_key_lease().compact()).file();
        let lease = open_lease(lease.as_bytes(), &license, desk::now(), None).expect("a lease");
        Self { trust, license, lease }
    }

    /// The door of a kind; nothing where nobody opens it. Each door is given the serialization that it reads, so that it is
    /// the kind and not the form that it answers.
    fn open(&self, kind: Kind, sealed: &Sealed) -> Option<Result<(), LeaseError>> {
        let (file, now) = (sealed.file(), desk::now());
        let bytes = file.as_bytes();
        let key = samples::one_key();
        Some(match kind {
            Kind::Trust => open_trust_list(bytes, &desk::roots(&key), now).map(drop).map_err(LeaseError::from),
            Kind::Entitlement => {
                open_entitlement(bytes, &self.trust, Use::Importing, now).map(drop).map_err(LeaseError::from)
            }
            Kind::Catalog => open_catalog(bytes, &self.trust).map(drop).map_err(LeaseError::from),
            Kind::Portal => open_activation_request(bytes, now).map(drop).map_err(LeaseError::from),
            Kind::Lease => open_lease(bytes, &self.license, now, None).map(drop),
            Kind::Return => open_return_code(&sealed.compact(), &self.lease).map(drop),
            Kind::Usage => open_usage_report(bytes, now).map(drop).map_err(LeaseError::from),
        })
    }
}

/// What a file of that kind says.
fn payload(kind: Kind) -> Json {
    let key = samples::one_key();
    match kind {
        Kind::Trust => samples::one_key_trust(),
        Kind::Usage => samples::usage_report(&key),
        Kind::Entitlement => {
            samples::full().with("aud", &format!("\"{}\"", key.kid)).with("cnf.jwk.x", &format!("\"{}\"", key.x()))
        }
        Kind::Catalog => Json::read(samples::CATALOG),
        Kind::Portal => samples::request(&key),
        Kind::Lease => samples::one_key_lease(),
        Kind::Return => samples::return_code(),
    }
}

/// That the door of `wanted` refuses the file for its kind, and names both.
fn is_refused_for_its_kind(house: &House, wanted: Kind, signed_as: Kind, says: Kind) -> bool {
    let sealed = samples::one_key().sign(signed_as.typ(), &payload(says).compact());
    let Some(answer) = house.open(wanted, &sealed) else { return false };
    let named = OpenError::WrongKind { expected: wanted, found: signed_as.typ().to_owned() };
    assert_eq!(answer, Err(LeaseError::File(named)), "a {signed_as} that says what a {says} says, as a {wanted}");
    true
}

#[test]
fn a_file_of_one_kind_is_refused_by_the_door_of_every_other_though_the_key_is_right() {
    let house = House::new();
    let (mut refused, mut opened) = (0, 0);
    for signed_as in Kind::ALL {
        for wanted in Kind::ALL {
            if signed_as == wanted {
                let sealed = samples::one_key().sign(wanted.typ(), &payload(wanted).compact());
                let Some(answer) = house.open(wanted, &sealed) else { continue };
                assert_eq!(answer, Ok(()), "the {wanted} itself");
                opened += 1;
                continue;
            }
            // Its own payload, and the very payload that the other door waits for.
            refused += usize::from(is_refused_for_its_kind(&house, wanted, signed_as, signed_as));
            refused += usize::from(is_refused_for_its_kind(&house, wanted, signed_as, wanted));
        }
    }
    assert_eq!((opened, refused), (7, 84));
}

#[test]
fn a_kind_is_itself_letter_for_letter() {
    let house = House::new();
    for wanted in Kind::ALL {
        for typ in [
            wanted.typ().to_uppercase(),
            wanted.typ().trim_end_matches("+jwt").to_owned(),
            format!("application/{}", wanted.typ()),
            format!("{} ", wanted.typ()),
            format!("{}\\u0000", wanted.typ()),
            "JWT".to_owned(),
            String::new(),
        ] {
            let sealed = samples::one_key().sign(&typ, &payload(wanted).compact());
            let Some(answer) = house.open(wanted, &sealed) else { continue };
            assert_eq!(answer.map_err(|error| error.code()), Err("license-wrong-kind"), "{typ:?} as a {wanted}");
        }
    }
}
