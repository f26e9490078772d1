//! What is given on the command line: files, days and instants, consent.

use std::collections::BTreeMap;
use std::path::Path;

use entitlement::{Moment, UserTypeId};
use errors::{Code, Failure};
use serde::de::DeserializeOwned;

use crate::actions::input;
use crate::api::body::from_json;

/// The most bytes of a change set, a table of members, a role or a setting.
const LARGEST: usize = 16 * 1024 * 1024;
/// From so many bytes on, a file takes long enough to be told how far it has come.
pub(super) const LONG: usize = 50_000;
const DAY: i64 = 24 * 60 * 60;

/// The bytes of a file.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    files::read_at_most(path, LARGEST)
}

/// JSON from the bytes of a file.
pub(super) fn json<T: DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<T, Failure> {
    from_json(&name(path), bytes)
}

/// What a file is called in sentences.
pub(super) fn name(path: &Path) -> String {
    if path.as_os_str() == "-" { "Standard input".to_owned() } else { format!("`{}`", path.display()) }
}

/// JSON from a file.
pub(super) fn json_file<T: DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    json(path, &bytes(path)?)
}

/// When something ends: an instant, or a whole day, which ends with the instant after it in UTC.
pub(super) fn until(text: &str) -> Result<Moment, Failure> {
    day(text).map(|begins| begins.plus_seconds(DAY)).or_else(|| Moment::parse(text).ok()).ok_or_else(|| no_time(text))
}

/// Since when: an instant, or the beginning of a day in UTC.
pub(super) fn since(text: &str) -> Result<Moment, Failure> {
    day(text).or_else(|| Moment::parse(text).ok()).ok_or_else(|| no_time(text))
}

fn day(text: &str) -> Option<Moment> {
    Moment::parse(&format!("{text}T00:00:00Z")).ok()
}

fn no_time(text: &str) -> Failure {
    let detail = format!("`{text}` is neither a day such as 2026-12-05 nor an instant such as 2026-12-05T18:00:00Z.");
    Failure::new(Code::ValidationFailed, detail)
}

/// Consent as `TYPE=N`, each user type once.
pub(super) fn consents(given: &[String]) -> Result<BTreeMap<UserTypeId, u64>, Failure> {
    let mut consents = BTreeMap::new();
    for text in given {
        let unusable = |why: &str| Failure::new(Code::Usage, format!("--allow-one-over {text}: {why}."));
        let (id, number) = text.split_once('=').ok_or_else(|| unusable("say TYPE=N, such as viewer=26"))?;
        let number = number.parse().map_err(|_| unusable("what stands after `=` is not a number"))?;
        if consents.insert(input::user_type(id)?, number).is_some() {
            return Err(unusable("the user type is named twice"));
        }
    }
    Ok(consents)
}

#[cfg(test)]
mod tests {
    use super::{consents, since, until};

    #[test]
    fn a_day_ends_with_the_instant_after_it() {
        assert_eq!(until("2026-12-05").map(|at| at.to_string()).ok().as_deref(), Some("2026-12-06T00:00:00Z"));
        assert_eq!(until("2028-02-28").map(|at| at.to_string()).ok().as_deref(), Some("2028-02-29T00:00:00Z"));
        assert_eq!(
            until("2026-12-05T18:00:00Z").map(|at| at.to_string()).ok().as_deref(),
            Some("2026-12-05T18:00:00Z")
        );
        assert_eq!(since("2026-12-05").map(|at| at.to_string()).ok().as_deref(), Some("2026-12-05T00:00:00Z"));
        for wrong in
            ["", "tomorrow", "2026-02-30", "2026-12-5", "05.12.2026", "2026-12-05T18:00", "2026-12-05T18:00:00+01:00"]
        {
            assert!(until(wrong).is_err() && since(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn consent_names_each_user_type_once_with_its_number() {
        let given = |texts: &[&str]| consents(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
        let good = given(&["Viewer=26", "creator=6"]).expect("consent");
        assert_eq!(good.iter().map(|(id, n)| format!("{id}={n}")).collect::<Vec<_>>(), ["creator=6", "viewer=26"]);
        for wrong in [&["viewer"][..], &["viewer="], &["viewer=-1"], &["viewer=x"], &["=1"], &["viewer=1", "VIEWER=2"]]
        {
            assert!(given(wrong).is_err(), "{wrong:?}");
        }
    }
}
