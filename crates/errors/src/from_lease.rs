//! A lease or a return code that did not open, as a refusal: the sentence of the opening, and its values as facts.

use entitlement::LeaseError;
use serde_json::Value;

use crate::{Code, Failure};

impl From<LeaseError> for Failure {
    fn from(error: LeaseError) -> Self {
        let code = match &error {
            LeaseError::File(inner) => return Self::from(inner.clone()),
            LeaseError::NotBound { .. } => Code::LeaseNotBound,
            LeaseError::OtherPortal { .. } => Code::LeaseOtherPortal,
            LeaseError::OtherLicense { .. } => Code::LeaseOtherLicense,
            LeaseError::OfflineOff { .. } => Code::LeaseOfflineOff,
            LeaseError::TooLong { .. } => Code::LeaseTooLong,
            LeaseError::OutsideTerm { .. } => Code::LeaseOutsideTerm,
            LeaseError::OtherDevice { .. } => Code::LeaseOtherDevice,
            LeaseError::NoDeviceKey { .. } => Code::LeaseNoDeviceKey,
            LeaseError::OtherLease { .. } => Code::LeaseOtherLease,
        };
        let failure = Self::new(code, format!("The lease is refused: {error}."));
        facts(&error).into_iter().fold(failure, |failure, (name, fact)| failure.with(name, fact))
    }
}

fn text(value: &impl ToString) -> Value {
    Value::from(value.to_string())
}

/// The values that disagreed.
fn facts(error: &LeaseError) -> Vec<(&'static str, Value)> {
    let pair = |expected: Value, found: Value| vec![("expected", expected), ("found", found)];
    match error {
        LeaseError::File(_) => vec![],
        LeaseError::NotBound { license } | LeaseError::OfflineOff { license } => vec![("license", text(license))],
        LeaseError::OtherPortal { expected, found } => pair(text(expected), text(found)),
        LeaseError::OtherLicense { expected, found } => pair(text(expected), text(found)),
        LeaseError::TooLong { usage, most, found } => {
            vec![("use", text(usage)), ("expected", Value::from(*most)), ("found", Value::from(*found))]
        }
        LeaseError::OutsideTerm { from, until, license: (begins, ends) } => vec![
            ("from", text(from)),
            ("until", text(until)),
            ("license_from", text(begins)),
            ("license_until", ends.as_ref().map_or(Value::Null, text)),
        ],
        LeaseError::OtherDevice { expected, found } => pair(text(expected), text(found)),
        LeaseError::NoDeviceKey { lease } => vec![("lease", text(lease))],
        LeaseError::OtherLease { expected, found } => pair(text(expected), text(found)),
    }
}

#[cfg(test)]
mod tests {
    use entitlement::{Identity, KeyId, Label, LeaseError, LeaseId, LeaseUse, LicenseId, Moment, OpenError};
    use serde_json::json;

    use crate::Failure;

    #[test]
    fn every_lease_error_has_the_row_of_its_code_and_its_values_as_facts() {
        let (one, two) = (Identity::of(b"1"), Identity::of(b"2"));
        let (early, late) = ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
        let (from, until) = (Moment::parse(early).unwrap(), Moment::parse(late).unwrap());
        let kid = |text: &str| KeyId::parse(text).unwrap();
        let lease = |text: &str| LeaseId::parse(text).unwrap();
        let license = LicenseId::parse("SW-1").unwrap();
        let outside = |end| LeaseError::OutsideTerm { from, until, license: (from, end) };
        let other_device = LeaseError::OtherDevice { expected: Label::parse("pc-1").unwrap(), found: "pc-2".into() };
        let times =
            |end: serde_json::Value| json!({"from": early, "until": late, "license_from": early, "license_until": end});
        #[rustfmt::skip]
        let cases = [
            (LeaseError::NotBound { license: license.clone() }, json!({"license": "SW-1"})),
            (LeaseError::OtherPortal { expected: kid("a"), found: kid("b") }, json!({"expected": "a", "found": "b"})),
            (LeaseError::OtherLicense { expected: one, found: two },
                json!({"expected": one.to_string(), "found": two.to_string()})),
            (LeaseError::OfflineOff { license }, json!({"license": "SW-1"})),
            (LeaseError::TooLong { usage: LeaseUse::Session, most: 1800, found: 1801 },
                json!({"use": "session", "expected": 1800, "found": 1801})),
            (outside(Some(from)), times(json!(early))),
            (outside(None), times(json!(null))),
            (other_device, json!({"expected": "pc-1", "found": "pc-2"})),
            (LeaseError::NoDeviceKey { lease: lease("l-1") }, json!({"lease": "l-1"})),
            (LeaseError::OtherLease { expected: lease("l-1"), found: lease("l-2") },
                json!({"expected": "l-1", "found": "l-2"})),
        ];
        for (error, facts) in cases {
            let (name, sentence) = (error.code(), error.to_string());
            let failure = Failure::from(error);
            assert_eq!(failure.row().name, name);
            assert_eq!(failure.detail, format!("The lease is refused: {sentence}."));
            assert_eq!(json!(failure.facts), facts, "{name}");
        }
    }

    #[test]
    fn a_lease_that_is_no_good_file_is_refused_like_every_file() {
        let failure = Failure::from(LeaseError::File(OpenError::NotUtf8 { at: 7 }));
        assert_eq!((failure.row().name, json!(failure.facts)), ("license-not-utf8", json!({"at": 7})));
    }
}
