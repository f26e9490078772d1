//! Every byte, every member and every type of every kind of file, changed; half of the changed files are signed again by
//! whoever may sign them, so that what comes after the signature is tried as well.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use entitlement::LeaseError;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;
use tests::make_vectors::json::Json;
use tests::make_vectors::samples;
use tests::make_vectors::sign::base64url;

use crate::edits::{self, Chance};
use tests::desk::{self, Said, Subject, said_again, subjects};

/// A JSON value in which no member stands twice at any level: what stands twice says nothing.
struct Once(Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <&RawValue>::deserialize(deserializer)?.get();
        if text.starts_with('{') {
            let members: Vec<(String, Value)> = serde_json::from_str::<Members>(text).map_err(D::Error::custom)?.0;
            let names: BTreeSet<&String> = members.iter().map(|(name, _)| name).collect();
            if names.len() < members.len() {
                return Err(D::Error::custom("a member stands twice"));
            }
            return Ok(Self(Value::Object(members.into_iter().collect())));
        }
        if text.starts_with('[') {
            let elements: Vec<Self> = serde_json::from_str(text).map_err(D::Error::custom)?;
            return Ok(Self(Value::Array(elements.into_iter().map(|element| element.0).collect())));
        }
        serde_json::from_str(text).map(Self).map_err(D::Error::custom)
    }
}

/// The members of an object as they stand.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Members;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some((name, Once(value))) = map.next_entry()? {
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Each)
    }
}

/// Whether two texts are the same JSON, neither of them with a member twice.
fn same(one: &[u8], other: &[u8]) -> bool {
    let read = |text| serde_json::from_slice::<Once>(text).ok().map(|value| value.0);
    read(one).is_some_and(|value| read(other) == Some(value))
}

/// Whether a file shows no summary, or the one that goes with what it says.
fn shows(file: &[u8], about: Option<&str>) -> bool {
    let text = file.strip_prefix("\u{feff}".as_bytes()).unwrap_or(file);
    let Ok(outer) = serde_json::from_slice::<BTreeMap<String, Box<RawValue>>>(text) else {
        // A return code is no JSON, and shows nothing but itself.
        return about.is_none();
    };
    outer.get("about").is_none_or(|shown| about.is_some_and(|about| same(shown.get().as_bytes(), about.as_bytes())))
}

/// What came of the changed files of one kind.
#[derive(Default)]
struct Tally {
    /// How often each code was given.
    codes: BTreeMap<&'static str, usize>,
    signed_again: usize,
    stale: usize,
    /// Opened, and said what their text says.
    opened: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn refused(&mut self, error: &LeaseError) {
        *self.codes.entry(error.code()).or_insert(0) += 1;
    }

    fn add(&mut self, other: Self) {
        for (code, count) in other.codes {
            *self.codes.entry(code).or_insert(0) += count;
        }
        self.signed_again += other.signed_again;
        self.stale += other.stale;
        self.opened += other.opened;
        self.wrong.extend(other.wrong);
    }
}

struct Bench<'a> {
    subject: &'a Subject,
    said: Said,
    tally: Tally,
}

impl Bench<'_> {
    /// A file whose signature is the old one: refused, or it says what the good one says.
    fn stale(&mut self, name: &str, bytes: &[u8]) {
        self.tally.stale += 1;
        self.judge(name, bytes, None);
    }

    /// A file that was signed again: refused, or it says what its payload says, letter for letter. A member that was
    /// dropped, taken from elsewhere or filled in would show.
    fn signed_again(&mut self, name: &str, bytes: &[u8], payload: &[u8]) {
        self.tally.signed_again += 1;
        self.judge(name, bytes, Some(payload));
    }

    fn judge(&mut self, name: &str, bytes: &[u8], payload: Option<&[u8]>) {
        let said = match self.subject.open(bytes) {
            Ok(said) => said,
            Err(error) => return self.tally.refused(&error),
        };
        self.tally.opened += 1;
        let again = said_again(&said);
        let faithful = match (payload, &said) {
            (None, _) => said == self.said,
            (Some(payload), Said::Catalog(bytes)) => bytes == payload,
            (Some(payload), _) => same(payload, &again.payload),
        };
        let faithful = faithful && shows(bytes, again.about.as_deref());
        if !faithful {
            self.tally.wrong.push(format!("{}, {name}: opened as {said:?}", self.subject.name));
        }
    }

    /// The payload with an edit, signed again, with the good summary and without one; and under the old signature.
    fn payload(&mut self, name: &str, payload: &[u8]) {
        let subject = self.subject;
        let protected = base64url(subject.key.header(subject.kind.typ()).as_bytes());
        let sealed = subject.key.sign_encoded(&protected, &base64url(payload));
        let bytes = subject.written(sealed.clone(), subject.about.as_ref());
        self.signed_again(&format!("{name}, signed again"), &bytes, payload);
        if subject.about.is_some() {
            let bytes = subject.written(sealed, None);
            self.signed_again(&format!("{name}, signed again, without a summary"), &bytes, payload);
        }
    }

    /// The same under the signature of the good file.
    fn payload_under_the_old_signature(&mut self, name: &str, payload: &[u8]) {
        let mut sealed = self.subject.sealed();
        sealed.payload = base64url(payload);
        let bytes = self.subject.written(sealed, self.subject.about.as_ref());
        self.stale(name, &bytes);
    }

    /// The header with an edit, under the old signature and signed again.
    fn header(&mut self, name: &str, header: &[u8]) {
        let subject = self.subject;
        let mut sealed = subject.sealed();
        sealed.protected = base64url(header);
        let bytes = subject.written(sealed.clone(), subject.about.as_ref());
        self.stale(name, &bytes);
        let sealed = subject.key.sign_encoded(&sealed.protected, &sealed.payload);
        let bytes = subject.written(sealed, subject.about.as_ref());
        self.signed_again(&format!("{name}, signed again"), &bytes, subject.payload.compact().as_bytes());
    }

    fn every_byte(&mut self, chance: &mut Chance) {
        let good = self.subject.written(self.subject.sealed(), self.subject.about.as_ref());
        edits::bytes(&good, chance, &mut |name, bytes| self.stale(name, &bytes));
        let payload = self.subject.payload.compact();
        edits::bytes(payload.as_bytes(), chance, &mut |name, bytes| {
            self.payload(&format!("{name} of the payload"), &bytes);
        });
        let header = self.subject.key.header(self.subject.kind.typ());
        edits::bytes(header.as_bytes(), chance, &mut |name, bytes| {
            self.header(&format!("{name} of the header"), &bytes)
        });
    }

    fn every_member_and_type(&mut self) {
        let header = Json::read(&self.subject.key.header(self.subject.kind.typ()));
        let payload = self.subject.payload.clone();
        edits::members(&payload, &mut |name, json| {
            self.payload_under_the_old_signature(&format!("payload: {name}"), json.compact().as_bytes());
        });
        for edit in [edits::members as fn(&Json, &mut dyn FnMut(&str, Json)), edits::values] {
            edit(&header, &mut |name, json| self.header(&format!("header: {name}"), json.compact().as_bytes()));
            edit(&payload, &mut |name, json| {
                self.payload(&format!("payload: {name}"), json.compact().as_bytes());
            });
            if let Some(about) = self.subject.about.clone() {
                let outer = self.subject.sealed().about(about).outer();
                edit(&outer, &mut |name, json| self.stale(&format!("file: {name}"), json.compact().as_bytes()));
            }
        }
    }

    /// Everything earlier or later at once: what is true of two instants together stays true.
    fn every_time(&mut self) {
        for days in [-400, -20, -5, -1, 1, 2, 20, 400] {
            let moved = edits::moved(&self.subject.payload, days * 86_400).compact();
            self.payload(&format!("{days} days later"), moved.as_bytes());
        }
    }

    /// Another signer under its own name and under the right one, and a payload that names another key throughout.
    fn every_key(&mut self) {
        let subject = self.subject;
        for key in edits::ring() {
            let payload = subject.payload.compact();
            let own = key.sign(subject.kind.typ(), &payload);
            let forged = key.sign_under(&subject.key.header(subject.kind.typ()), &payload);
            for (name, sealed) in [("under its own name", own), ("under the right name", forged)] {
                let bytes = subject.written(sealed, subject.about.as_ref());
                self.signed_again(&format!("signed by {} {name}", key.kid), &bytes, payload.as_bytes());
            }
            let other = edits::of_another_key(&subject.payload, &key).compact();
            self.payload(&format!("of the key {}", key.kid), other.as_bytes());
        }
    }
}

fn mutate(subject: &Subject) -> Tally {
    let mut bench = Bench { subject, said: subject.said(), tally: Tally::default() };
    bench.every_key();
    bench.every_time();
    bench.every_member_and_type();
    bench.every_byte(&mut Chance(7));
    let mut tall = subject.written(subject.sealed(), subject.about.as_ref());
    tall.resize(entitlement::LIMIT + 1, b' ');
    bench.stale("one byte too large", &tall);
    bench.tally
}

/// Good files in surroundings where they count for nothing.
fn out_of_place() -> Tally {
    let mut tally = Tally::default();
    let unbound = desk::license(&samples::entitlement());
    let file = samples::portal().sign(samples::LEASE_TYP, &samples::lease().compact()).file();
    let opened = entitlement::open_lease(file.as_bytes(), &unbound, desk::now(), None);
    tally.refused(&opened.expect_err("an unbound license names no key"));
    let keyless = samples::lease().without("device.jwk");
    let lease = desk::lease_under(&desk::license(&samples::full()), &keyless);
    let code = samples::device().sign(samples::RETURN_TYP, &samples::return_code().compact()).compact();
    let opened = entitlement::open_return_code(&code, &lease);
    tally.refused(&opened.expect_err("the lease names no key of its computer"));
    tally.stale += 2;
    tally
}

/// Every code that opening can give, from the registry of errors: those of states are for whoever uses the opened file.
fn codes_of_opening() -> BTreeSet<&'static str> {
    let states = ["license-ended", "license-not-begun", "license-revoked"];
    let names = errors::Code::ALL.iter().map(|code| code.row().name);
    let of_opening = names.filter(|name| name.starts_with("license-") || name.starts_with("lease-"));
    of_opening.filter(|name| !states.contains(name)).chain(["trust-list-older"]).collect()
}

#[test]
fn a_changed_file_of_any_kind_is_refused_or_says_what_its_signer_says_and_every_refusal_is_reached() {
    let subjects = subjects();
    let tallies: Vec<Tally> = thread::scope(|scope| {
        let running: Vec<_> = subjects.iter().map(|subject| scope.spawn(move || mutate(subject))).collect();
        running.into_iter().map(|thread| thread.join().expect("no change makes an opener panic")).collect()
    });
    let mut whole = out_of_place();
    for (subject, tally) in subjects.iter().zip(tallies) {
        println!(
            "{:>7} signed again, {:>7} not, {:>5} opened: {}",
            tally.signed_again, tally.stale, tally.opened, subject.name
        );
        assert!(tally.opened > 0, "no change of {} was harmless: the judge has judged nothing", subject.name);
        whole.add(tally);
    }
    println!("{:>7} signed again, {:>7} not, {:>5} opened", whole.signed_again, whole.stale, whole.opened);
    for (code, count) in &whole.codes {
        println!("{count:>7} {code}");
    }
    let shown = whole.wrong.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    assert!(whole.wrong.is_empty(), "{} files say something else:\n{shown}", whole.wrong.len());
    let reached: BTreeSet<&str> = whole.codes.keys().copied().collect();
    assert_eq!(reached, codes_of_opening(), "left: what was reached; right: what opening can give");
    assert!(whole.signed_again >= whole.stale, "fewer than half were signed again");
}
