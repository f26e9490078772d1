//! What signed files say, for people and for programs.

use std::fmt::Write;

use entitlement::{Entitlement, Moment, Policy, TermState, TrustList};
use serde_json::{Value, json};

/// One line of counts as people read it.
struct Line<'file> {
    id: &'file str,
    count: u32,
    from: Option<Moment>,
    until: Option<Moment>,
    trial: bool,
}

/// The state of a verified license at one moment, as `verify` calls it.
pub(crate) fn state(license: &Entitlement, trust: &TrustList, now: Moment) -> &'static str {
    if license.revoked_by(trust) {
        return "revoked";
    }
    match license.term_state(now) {
        TermState::NotBegun => "not-begun",
        TermState::InTerm => "in-term",
        TermState::Ended => "ended",
    }
}

/// What a verified license gives, for people.
pub(crate) fn license_table(license: &Entitlement, state: &str) -> String {
    let customer = license.customer();
    let term = license.until().map_or("without end".to_owned(), |until| format!("up to {until}"));
    let portal = license.portal().map_or("any (unbound)".to_owned(), |portal| portal.kid().to_string());
    let mut text =
        format!("License {}, sequence {} of {}: {state}\n", license.license(), license.sequence(), license.contract());
    for (name, value) in [
        ("customer", format!("{} ({})", customer.name, customer.id)),
        ("vendor", license.issuer().to_string()),
        ("term", format!("{} {term}", license.from())),
        ("portal", portal),
        ("catalog", format!("{} {}", license.catalog().id, license.catalog().sha256)),
        ("signed", format!("{} with the key {}", license.issued_at(), license.kid())),
        ("identity", license.identity().to_string()),
    ] {
        row(&mut text, name, &value);
    }
    if let Some(note) = license.note() {
        row(&mut text, "note", note.as_str());
    }
    section(&mut text, "user types", user_types(license));
    section(&mut text, "add-ons", add_ons(license));
    text
}

fn row(text: &mut String, name: &str, value: &str) {
    // Writing to a text cannot fail.
    let _ = writeln!(text, "  {name:<10}{value}");
}

fn section<'file>(text: &mut String, name: &str, lines: impl Iterator<Item = Line<'file>>) {
    for (index, line) in lines.enumerate() {
        if index == 0 {
            let _ = writeln!(text, "{name}");
        }
        let from = line.from.map(|from| format!(" from {from}")).unwrap_or_default();
        let until = line.until.map(|until| format!(" up to {until}")).unwrap_or_default();
        let trial = if line.trial { " on trial" } else { "" };
        let _ = writeln!(text, "  {:<26}{:>6}{trial}{from}{until}", line.id, line.count);
    }
}

fn user_types(license: &Entitlement) -> impl Iterator<Item = Line<'_>> {
    license.user_types().iter().map(|line| Line {
        id: line.id.as_str(),
        count: line.count,
        from: line.from,
        until: line.until,
        trial: false,
    })
}

fn add_ons(license: &Entitlement) -> impl Iterator<Item = Line<'_>> {
    license.add_ons().iter().map(|line| Line {
        id: line.id.as_str(),
        count: line.count,
        from: line.from,
        until: line.until,
        trial: line.trial == Some(true),
    })
}

/// What a verified license gives, for programs.
pub(crate) fn license_json(license: &Entitlement, state: &str) -> Value {
    let spelled = |moment: Option<Moment>| moment.map(|moment| moment.to_string());
    let line = |line: Line<'_>| json!({ "id": line.id, "count": line.count, "from": spelled(line.from), "until": spelled(line.until), "trial": line.trial });
    json!({
        "verified": true,
        "state": state,
        "license": license.license(),
        "contract": license.contract(),
        "sequence": license.sequence(),
        "supersedes": license.supersedes(),
        "replaces": license.replaces(),
        "identity": license.identity(),
        "vendor": license.issuer(),
        "customer": license.customer(),
        "issued_at": license.issued_at().to_string(),
        "key": license.kid(),
        "min_trust": license.min_trust(),
        "from": license.from().to_string(),
        "until": spelled(license.until()),
        "portal": license.portal().map(|portal| portal.kid()),
        "catalog": license.catalog(),
        "user_types": user_types(license).map(line).collect::<Vec<_>>(),
        "add_ons": add_ons(license).map(line).collect::<Vec<_>>(),
        "policy": policy(license.policy()),
        "note": license.note(),
    })
}

fn policy(policy: Policy) -> Value {
    json!({
        "one_over": policy.one_over,
        "session_minutes": policy.session_minutes,
        "computers": policy.computers,
        "save_minutes": policy.save_minutes,
        "offline": policy.offline,
        "offline_days": policy.offline_days,
    })
}

/// What a verified trust list says, for people.
pub(crate) fn trust_table(list: &TrustList, now: Moment) -> String {
    let expired = if list.expires() <= now { " (a newer list should have come)" } else { "" };
    let mut text = format!("Trust list, version {}: good\n", list.version());
    row(&mut text, "signed", &format!("{} with the root {}", list.issued_at(), list.signed_by()));
    row(&mut text, "expires", &format!("{}{expired}", list.expires()));
    row(&mut text, "identity", &list.identity().to_string());
    for key in list.keys() {
        row(&mut text, "key", &format!("{} from {} up to {}", key.key.kid(), key.nbf, key.exp));
    }
    for (kid, from) in list.revoked_keys() {
        row(&mut text, "revoked", &format!("the key {kid} from {from}"));
    }
    for license in list.revoked_licenses() {
        row(&mut text, "revoked", &format!("the license {license}"));
    }
    for (contract, below) in &list.draft().min_sequence {
        row(&mut text, "withdrawn", &format!("the files of {contract} below sequence {below}"));
    }
    text
}

/// What a verified trust list says, for programs.
pub(crate) fn trust_json(list: &TrustList, now: Moment) -> Value {
    let keys = list.keys().iter().map(|key| {
        json!({ "kid": key.key.kid(), "thumbprint": key.key.thumbprint(), "from": key.nbf.to_string(), "until": key.exp.to_string() })
    });
    let revoked = list.revoked_keys().iter().map(|(kid, from)| json!({ "kid": kid, "from": from.to_string() }));
    json!({
        "verified": true,
        "version": list.version(),
        "issued_at": list.issued_at().to_string(),
        "expires": list.expires().to_string(),
        "expired": list.expires() <= now,
        "signed_by": list.signed_by(),
        "identity": list.identity(),
        "keys": keys.collect::<Vec<_>>(),
        "revoked_keys": revoked.collect::<Vec<_>>(),
        "revoked_licenses": list.revoked_licenses(),
        "min_sequence": list.draft().min_sequence.iter().map(|(contract, below)| (contract.to_string(), json!(below))).collect::<serde_json::Map<_, _>>(),
    })
}
