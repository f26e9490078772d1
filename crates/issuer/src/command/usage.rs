//! `usage verify`: what portals report, beside what the ledger says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use entitlement::{KeyId, Moment, UsageReport, open_usage_report};
use errors::{Code, Failure};
use serde_json::{Value, json};

use crate::ledger::Ledger;
use crate::output::Answer;
use crate::{clock, workspace};

/// Verifies reports and tells what does not agree with the ledger, and which portals run in more than one copy.
pub(super) fn verify(dir: &Path, paths: &[PathBuf], now: Option<Moment>) -> Result<Answer, Failure> {
    let now = now.map_or_else(clock::now, Ok)?;
    let mut reports = Vec::new();
    for path in paths {
        let report = open_usage_report(&files::read(path)?, now).map_err(|error| workspace::about(path, error))?;
        reports.push(report);
    }
    reports.sort_by_key(|report| report.says().iat);
    let issued = issued(dir)?;
    let findings: Vec<Vec<String>> = reports.iter().map(|report| findings(report, &issued)).collect();
    let copied = copied(&reports);
    let table = reports.iter().zip(&findings).map(|(report, findings)| told(report, findings)).collect::<Vec<_>>();
    let facts = reports.iter().zip(&findings).map(|(report, findings)| facts(report, findings));
    let json = json!({
        "reports": facts.collect::<Vec<_>>(),
        "copied": copied.iter().map(KeyId::as_str).collect::<Vec<_>>(),
    });
    let failure = (!copied.is_empty()).then(|| {
        let names: Vec<&str> = copied.iter().map(KeyId::as_str).collect();
        let detail = format!(
            "Later reports of {} go back behind earlier ones: more than one copy of the portal runs, or its data was put back.",
            names.join(", ")
        );
        Failure::new(Code::PortalCopied, detail)
    });
    Ok(Answer::facts(table.join("\n"), json).but(failure))
}

/// Every issued file by contract and sequence: its identity, and the portal that it is bound to.
type Issued = BTreeMap<(String, u32), (String, Option<KeyId>)>;

fn issued(dir: &Path) -> Result<Issued, Failure> {
    let mut all = Issued::new();
    for record in Ledger::lock(dir)?.records()? {
        for entry in record.issued() {
            let place = (record.contract().to_string(), entry.sequence);
            all.insert(place, (entry.identity.to_string(), entry.portal.clone()));
        }
    }
    Ok(all)
}

fn findings(report: &UsageReport, issued: &Issued) -> Vec<String> {
    let says = report.says();
    let mut found = Vec::new();
    match &says.license {
        None => found.push("No license is in force there.".to_owned()),
        Some(used) => match issued.get(&(used.contract.to_string(), used.sequence)) {
            None => found.push(format!("The ledger has no file {}, sequence {}.", used.contract, used.sequence)),
            Some((identity, _)) if *identity != used.identity.to_string() => {
                found.push(format!("The ledger has another file as {}, sequence {}.", used.contract, used.sequence));
            }
            Some((_, Some(portal))) if portal != report.portal() => {
                found.push(format!("The file is bound to the portal {portal}."));
            }
            Some((_, None)) => found.push("The file is bound to no portal.".to_owned()),
            Some(_) => {}
        },
    }
    let over = says.user_types.iter().filter(|one| one.assigned > one.licensed);
    found.extend(over.map(|one| format!("{}: {} members, {} licensed.", one.id, one.assigned, one.licensed)));
    let over = says.add_ons.iter().filter(|one| one.assigned > one.licensed);
    found.extend(over.map(|one| format!("{}: {} assigned, {} licensed.", one.id, one.assigned, one.licensed)));
    if says.epoch > 0 {
        found.push(format!("It was restored, copied or moved; its epoch is {}.", says.epoch));
    }
    if says.clock_accepted > 0 {
        let times = if says.clock_accepted == 1 { "once".to_owned() } else { format!("{} times", says.clock_accepted) };
        found.push(format!("Somebody accepted the clock of its machine {times}."));
    }
    found
}

/// The portals of which something goes back in a later report that never does in one portal: the epoch, or within one epoch
/// the trust list, the accepted clocks, or the sequence of a contract.
fn copied(reports: &[UsageReport]) -> Vec<KeyId> {
    let mut copied = Vec::new();
    for (at, later) in reports.iter().enumerate() {
        let goes_back =
            reports.iter().take(at).any(|earlier| earlier.portal() == later.portal() && back(earlier, later));
        if goes_back && !copied.contains(later.portal()) {
            copied.push(later.portal().clone());
        }
    }
    copied
}

fn back(earlier: &UsageReport, later: &UsageReport) -> bool {
    let (earlier, later) = (earlier.says(), later.says());
    let sequence = match (&earlier.license, &later.license) {
        (Some(before), Some(after)) => before.contract == after.contract && after.sequence < before.sequence,
        (Some(_) | None, None) | (None, Some(_)) => false,
    };
    later.epoch < earlier.epoch
        || later.trust_version < earlier.trust_version
        || later.clock_accepted < earlier.clock_accepted
        || sequence
}

fn told(report: &UsageReport, findings: &[String]) -> String {
    let says = report.says();
    let license = says.license.as_ref().map_or("none".to_owned(), |used| {
        format!("{} (contract {}, sequence {})", used.license, used.contract, used.sequence)
    });
    let mut lines = vec![
        format!("Usage report of the portal {}: good", report.portal()),
        format!("  made      {}, epoch {}", says.iat, says.epoch),
        format!("  license   {license}"),
    ];
    let types =
        says.user_types.iter().map(|one| format!("  {:<28} {} of {}", one.id.to_string(), one.assigned, one.licensed));
    let add_ons =
        says.add_ons.iter().map(|one| format!("  {:<28} {} of {}", one.id.to_string(), one.assigned, one.licensed));
    lines.extend(types.chain(add_ons));
    lines.extend(findings.iter().map(|finding| format!("  note      {finding}")));
    lines.join("\n") + "\n"
}

fn facts(report: &UsageReport, findings: &[String]) -> Value {
    let says = report.says();
    let counts = |id: &str, licensed: u64, assigned: u64| json!({"id": id, "licensed": licensed, "assigned": assigned});
    json!({
        "portal": report.portal(),
        "identity": report.identity(),
        "made_at": says.iat.to_string(),
        "epoch": says.epoch,
        "clock_accepted": says.clock_accepted,
        "trust_version": says.trust_version,
        "license": says.license.as_ref().map(|used| json!({
            "license": used.license, "contract": used.contract, "sequence": used.sequence,
            "identity": used.identity, "bound": used.bound,
        })),
        "user_types": says.user_types.iter().map(|one| counts(one.id.as_str(), one.licensed, one.assigned)).collect::<Vec<_>>(),
        "add_ons": says.add_ons.iter().map(|one| counts(one.id.as_str(), one.licensed, one.assigned)).collect::<Vec<_>>(),
        "findings": findings,
    })
}
