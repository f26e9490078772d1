//! One good file of each kind, where it is opened, and what is then said.

use crate::make_vectors::json::Json;
use crate::make_vectors::sign::{Key, Sealed};
use crate::make_vectors::{NOW, samples};
use entitlement::{
    ActivationRequest, Entitlement, EntitlementDraft, Identity, Kind, Lease, LeaseDraft, LeaseError, Moment, Name,
    Place, ReturnCode, Roots, SecretKey, TrustList, TrustListDraft, UsageDraft, Use, open_activation_request,
    open_catalog, open_entitlement, open_lease, open_return_code, open_trust_list, open_usage_report, peek_kind,
    seal_activation_request, seal_catalog, seal_entitlement, seal_lease, seal_return_code, seal_trust_list,
    seal_usage_report,
};

/// What an opened file says. Two files that say the same mean the same.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    Trust(TrustListDraft),
    Entitlement(EntitlementDraft),
    Catalog(Vec<u8>),
    Request(ActivationRequest),
    Lease(LeaseDraft),
    Return(ReturnCode),
    Usage(UsageDraft),
}

type Opener = Box<dyn Fn(&[u8]) -> Result<Said, LeaseError> + Send + Sync>;

/// A good file and the place that opens it.
pub struct Subject {
    pub name: &'static str,
    pub kind: Kind,
    /// Who signs it.
    pub key: Key,
    pub payload: Json,
    /// Its summary; return codes have none.
    pub about: Option<Json>,
    opener: Opener,
}

impl Subject {
    /// The good file.
    pub fn sealed(&self) -> Sealed {
        self.key.sign(self.kind.typ(), &self.payload.compact())
    }

    /// The bytes that a person would hand over; return codes are a line of text.
    pub fn written(&self, sealed: Sealed, about: Option<&Json>) -> Vec<u8> {
        let text = match (self.kind, about) {
            (Kind::Return, _) => sealed.compact(),
            (_, Some(about)) => sealed.about(about.clone()).file(),
            (_, None) => sealed.file(),
        };
        text.into_bytes()
    }

    pub fn open(&self, bytes: &[u8]) -> Result<Said, LeaseError> {
        (self.opener)(bytes)
    }

    /// What the good file says.
    pub fn said(&self) -> Said {
        let good = self.written(self.sealed(), self.about.as_ref());
        self.open(&good).unwrap_or_else(|error| panic!("{} does not open: {error}", self.name))
    }
}

pub fn now() -> Moment {
    NOW.parse().expect("an instant")
}

pub fn secret(key: &Key) -> SecretKey {
    SecretKey::from_seed(key.kid.parse().expect("a key id"), &key.seed)
}

pub fn roots(key: &Key) -> Roots {
    Roots::new(vec![secret(key).public()]).expect("a root set")
}

pub fn trust() -> TrustList {
    let file = samples::root().sign(samples::TRUST_TYP, &samples::trust().compact()).file();
    open_trust_list(file.as_bytes(), &roots(&samples::root()), now()).expect("the list opens")
}

pub fn license(payload: &Json) -> Entitlement {
    let file = samples::licensed(payload).file();
    open_entitlement(file.as_bytes(), &trust(), Use::Importing, now()).expect("the license opens")
}

fn identity(text: &str) -> Identity {
    text.parse().expect("an identity")
}

/// The portal of the samples, with the catalog and without a file.
pub fn place() -> Place {
    let catalog = samples::digest(samples::CATALOG.as_bytes());
    Place {
        portal: Some(samples::portal().kid.parse().expect("a portal")),
        catalogs: vec![catalog.parse().expect("a digest")],
        ..Place::default()
    }
}

/// The same where that file is installed.
fn place_with(file: &Entitlement) -> Place {
    let installed =
        (file.contract().clone(), Name::parse("Example Vendor").expect("a name"), file.customer().id.clone());
    Place {
        highest: [(file.contract().clone(), (file.sequence(), *file.identity()))].into(),
        installed: Some(installed),
        ..place()
    }
}

/// The lease of the samples, under this license.
pub fn lease_under(license: &Entitlement, payload: &Json) -> Lease {
    let file = samples::portal().sign(samples::LEASE_TYP, &payload.compact()).file();
    open_lease(file.as_bytes(), license, now(), None).expect("the lease opens")
}

/// A lease for a session that began ten minutes ago, under a license without use offline.
fn session(license: &Entitlement) -> Json {
    let began = now().unix() - 600;
    samples::lease()
        .with("use", "\"session\"")
        .with("iat", &began.to_string())
        .with("nbf", &began.to_string())
        .with("exp", &(began + 1800).to_string())
        .with("license", &format!("\"{}\"", license.identity()))
}

fn about_session(payload: &Json) -> Json {
    let instant = |path: &str| {
        let seconds = payload.at(path).compact().parse().expect("a number");
        format!("\"{}\"", Moment::from_unix(seconds).expect("an instant"))
    };
    samples::about_lease().with("use", "\"session\"").with("from", &instant("nbf")).with("until", &instant("exp"))
}

fn trust_lists() -> Vec<Subject> {
    let subject = |name, opener: Opener| Subject {
        name,
        kind: Kind::Trust,
        key: samples::root(),
        payload: samples::trust(),
        about: Some(samples::about_trust()),
        opener,
    };
    let read = |bytes: &[u8]| open_trust_list(bytes, &roots(&samples::root()), now());
    let installed = (7, identity(&samples::root().sign(samples::TRUST_TYP, &samples::trust().compact()).identity()));
    vec![
        subject("a trust list", Box::new(move |bytes| Ok(Said::Trust(read(bytes)?.draft().clone())))),
        subject(
            "a trust list where it is installed",
            Box::new(move |bytes| {
                let list = read(bytes)?;
                list.admit(Some(installed))?;
                Ok(Said::Trust(list.draft().clone()))
            }),
        ),
    ]
}

fn entitlements() -> Vec<Subject> {
    let subject = |name, payload: Json, about, usage, place: Place| {
        let trust = trust();
        let opener: Opener = Box::new(move |bytes| {
            let file = open_entitlement(bytes, &trust, usage, now())?;
            file.admit(&place)?;
            Ok(Said::Entitlement(file.draft().clone()))
        });
        Subject { name, kind: Kind::Entitlement, key: samples::vendor(), payload, about: Some(about), opener }
    };
    let (plain, full) = (samples::entitlement(), samples::full());
    vec![
        subject("an entitlement", plain, samples::about(), Use::Importing, place()),
        subject(
            "an entitlement with every member where it is installed",
            full.clone(),
            samples::about_full(),
            Use::Installed,
            place_with(&license(&full)),
        ),
        subject("an entitlement with every member", full, samples::about_full(), Use::Importing, place()),
    ]
}

/// A catalog is whatever bytes the vendor signed; the license that names it says whether it is the right one.
fn catalog() -> Subject {
    let (trust, license) = (trust(), license(&samples::entitlement()));
    let opener: Opener = Box::new(move |bytes| {
        let catalog = open_catalog(bytes, &trust)?;
        license.admit(&Place { catalogs: vec![*catalog.digest()], ..place() })?;
        Ok(Said::Catalog(catalog.bytes().to_vec()))
    });
    Subject {
        name: "a catalog",
        kind: Kind::Catalog,
        key: samples::vendor(),
        payload: Json::read(samples::CATALOG),
        about: Some(samples::about_catalog()),
        opener,
    }
}

fn request() -> Subject {
    Subject {
        name: "an activation request",
        kind: Kind::Portal,
        key: samples::portal(),
        payload: samples::request(&samples::portal()),
        about: Some(samples::about_request(&samples::portal())),
        opener: Box::new(|bytes| Ok(Said::Request(open_activation_request(bytes, now())?))),
    }
}

fn usage_report() -> Subject {
    Subject {
        name: "a usage report",
        kind: Kind::Usage,
        key: samples::portal(),
        payload: samples::usage_report(&samples::portal()),
        about: Some(samples::about_usage_report(&samples::portal())),
        opener: Box::new(|bytes| Ok(Said::Usage(open_usage_report(bytes, now())?.says().clone()))),
    }
}

fn leases() -> Vec<Subject> {
    let subject = |name, license: Entitlement, payload: Json, about, device: Option<&'static str>| {
        let opener: Opener =
            Box::new(move |bytes| Ok(Said::Lease(open_lease(bytes, &license, now(), device)?.draft().clone())));
        Subject { name, kind: Kind::Lease, key: samples::portal(), payload, about: Some(about), opener }
    };
    let online = license(&samples::full().with("policy.offline", "false"));
    let payload = session(&online);
    let about = about_session(&payload);
    vec![
        subject(
            "a lease on its computer",
            license(&samples::full()),
            samples::lease(),
            samples::about_lease(),
            Some("pc-0001"),
        ),
        subject("a lease for a session", online, payload, about, None),
    ]
}

fn return_code() -> Subject {
    let lease = lease_under(&license(&samples::full()), &samples::lease());
    Subject {
        name: "a return code",
        kind: Kind::Return,
        key: samples::device(),
        payload: samples::return_code(),
        about: None,
        // A return code is text before it reaches the door: whatever is not becomes the mark for that.
        opener: Box::new(move |bytes| Ok(Said::Return(open_return_code(&String::from_utf8_lossy(bytes), &lease)?))),
    }
}

/// A good file of every kind.
pub fn subjects() -> Vec<Subject> {
    [trust_lists(), entitlements(), vec![catalog(), request(), usage_report()], leases(), vec![return_code()]]
        .into_iter()
        .flatten()
        .collect()
}

/// What was said, sealed again by whoever may say it.
pub struct Again {
    pub payload: Vec<u8>,
    /// The summary that goes with it; return codes have none.
    pub about: Option<String>,
}

pub fn said_again(said: &Said) -> Again {
    let file = match said {
        Said::Trust(draft) => seal_trust_list(draft, &secret(&samples::root())),
        Said::Entitlement(draft) => seal_entitlement(draft, &secret(&samples::vendor())),
        Said::Catalog(bytes) => seal_catalog(bytes, &secret(&samples::vendor())),
        Said::Request(request) => seal_activation_request(&secret(&samples::portal()), request.issued_at()),
        Said::Lease(draft) => seal_lease(draft, &secret(&samples::portal())),
        Said::Usage(draft) => seal_usage_report(draft, &secret(&samples::portal())),
        Said::Return(code) => {
            let lease = lease_under(&license(&samples::full()), &samples::lease());
            let line = seal_return_code(&lease, &secret(&samples::device()), code.issued_at());
            return Again { payload: payload_of_line(&line.expect("what opened can be sealed")), about: None };
        }
    };
    let file = peek_kind(file.expect("what opened can be sealed").as_bytes()).expect("a file");
    Again { payload: file.payload_text.into_bytes(), about: file.about }
}

fn payload_of_line(line: &str) -> Vec<u8> {
    use base64::Engine as _;
    let payload = line.split('.').nth(1).expect("three parts");
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).expect("base64url")
}
