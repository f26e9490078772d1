//! `license issue`: from an order to a license file.

use std::path::Path;

use catalog::Catalog;
use entitlement::{
    CatalogRef, Entitlement, EntitlementDraft, LicenseId, Moment, PublicKey, TrustList, Use, open_activation_request,
    open_entitlement,
};
use errors::{Code, Failure};
use serde_json::{Value, json};

use crate::cli::Issue;
use crate::ledger::{Entry, Ledger, Record};
use crate::order::{self, Mistake, Order};
use crate::output::Answer;
use crate::passphrase::Asking;
use crate::revocations::Revocations;
use crate::signer::Signer;
use crate::standing::Standing;
use crate::workspace::{self, Purpose, Workspace};
use crate::{clock, describe};
use files::{self, Staged};

/// Issues the file of an order: into the ledger first, then under its name.
pub(super) fn issue(dir: &Path, arguments: &Issue, asking: Asking) -> Result<Answer, Failure> {
    let now = clock::now()?;
    let order = read_order(&arguments.order)?;
    let workspace = Workspace::open(dir)?;
    let key = workspace.named(&arguments.key, Purpose::Signing)?;
    let out = arguments.out.as_deref().filter(|out| out.as_os_str() != "-");
    out.map_or(Ok(()), files::must_not_exist)?;
    let portal = arguments.portal.as_deref().map(|path| requested(path, now)).transpose()?;
    may_sign(dir, &key, now)?;
    if arguments.dry_run {
        return plan(dir, &order, portal.as_ref());
    }
    let protection = (&arguments.passphrase, asking);
    let signer = Signer::open(&workspace, (&key, Purpose::Signing), &arguments.key, protection)?;

    let ledger = Ledger::lock(dir)?;
    // Again: while a person typed the passphrase, another one may have revoked the key.
    let (workspace, trust) = may_sign(dir, &key, now)?;
    let record = ledger.record(&order.contract)?;
    let draft = EntitlementDraft {
        min_trust: arguments.min_trust,
        iat: now,
        portal,
        ..draft(&order, &workspace, &record, ledger.next_license(year(now).as_str())?)?
    };
    let (text, license) = sealed(&draft, &signer, &trust, now)?;
    let staged = out.map(|out| Staged::new(out, text.as_bytes())).transpose()?;
    ledger.enter(record, entry(&license, arguments.reference.clone()))?;
    if let Some(staged) = staged {
        staged.appear()?;
        return Ok(issued(&license, out));
    }
    Ok(Answer::document(text).and_say(format!("Issued {}, sequence {}.", license.license(), license.sequence())))
}

/// The workspace and its newest trust list, if that key may sign under them now.
fn may_sign(dir: &Path, key: &PublicKey, now: Moment) -> Result<(Workspace, TrustList), Failure> {
    let workspace = Workspace::open(dir)?;
    let trust = workspace::trust_list(dir, &workspace::roots(dir)?, now)?;
    let revocations = Revocations::of(dir)?;
    Standing { workspace: &workspace, trust: &trust, revocations: &revocations, now }.may_sign(key.kid())?;
    Ok((workspace, trust))
}

fn read_order(path: &Path) -> Result<Order, Failure> {
    let invalid = |failure: Failure| {
        let code = if failure.code == Code::LicenseTooLarge { Code::OrderInvalid } else { failure.code };
        Failure { code, ..failure }
    };
    let text = files::read_text(path, Code::OrderInvalid).map_err(invalid)?;
    order::read(&text, Catalog::arcgis()).map_err(|mistakes| refused(path, &mistakes))
}

fn refused(path: &Path, mistakes: &[Mistake]) -> Failure {
    let count = if mistakes.len() == 1 { "a mistake".to_owned() } else { format!("{} mistakes", mistakes.len()) };
    let lines = mistakes.iter().map(|it| format!("\n  line {}: {}", it.line, it.problem)).collect::<String>();
    let facts = mistakes.iter().map(|it| json!({ "line": it.line, "problem": it.problem })).collect::<Vec<_>>();
    Failure::new(Code::OrderInvalid, format!("The order `{}` has {count}:{lines}", path.display()))
        .with("mistakes", Value::Array(facts))
}

/// The key of the portal that asks for the file.
fn requested(path: &Path, now: Moment) -> Result<PublicKey, Failure> {
    let request = open_activation_request(&files::read(path)?, now).map_err(|error| workspace::about(path, error))?;
    Ok(request.key().clone())
}

/// What the file will say, but for what only the command line knows.
fn draft(order: &Order, workspace: &Workspace, record: &Record, jti: LicenseId) -> Result<EntitlementDraft, Failure> {
    let catalog = Catalog::arcgis();
    let order = order.clone();
    Ok(EntitlementDraft {
        jti,
        contract: order.contract,
        sequence: record.next_sequence()?,
        supersedes: record.last_identity(),
        replaces: order.replaces,
        min_trust: 1,
        iss: workspace.vendor().clone(),
        iat: order.from,
        nbf: order.from,
        exp: order.until,
        portal: None,
        customer: order.customer,
        catalog: CatalogRef { id: catalog.id().clone(), sha256: *catalog.digest() },
        user_types: order.user_types,
        add_ons: order.add_ons,
        policy: order.policy,
        ext: None,
        note: order.note,
    })
}

/// The file, opened again as a portal will open it: what is issued opens.
fn sealed(
    draft: &EntitlementDraft,
    signer: &Signer,
    trust: &TrustList,
    now: Moment,
) -> Result<(String, Entitlement), Failure> {
    let text = signer.license(draft)?;
    let license = open_entitlement(text.as_bytes(), trust, Use::Importing, now).map_err(|error| {
        let failure = Failure::from(error);
        let detail = format!("A portal with the newest trust list would refuse this file. {}", failure.detail);
        Failure { detail, ..failure }
    })?;
    Ok((text, license))
}

fn entry(license: &Entitlement, reference: Option<String>) -> Entry {
    Entry {
        sequence: license.sequence(),
        identity: *license.identity(),
        license: license.license().clone(),
        order: reference,
        issued_at: license.issued_at().to_string(),
        key: license.kid().clone(),
        portal: license.portal().map(|portal| portal.kid().clone()),
    }
}

fn issued(license: &Entitlement, out: Option<&Path>) -> Answer {
    let mut json = describe::license_json(license, "issued");
    if let (Value::Object(members), Some(out)) = (&mut json, out) {
        members.insert("file".to_owned(), json!(out));
    }
    let file = out.map(|out| format!("file\n  {}", out.display())).unwrap_or_default();
    Answer::facts(describe::license_table(license, "issued") + &file, json)
}

/// What would be issued. No passphrase is needed to say so, and the ledger is only read.
fn plan(dir: &Path, order: &Order, portal: Option<&PublicKey>) -> Result<Answer, Failure> {
    let sequence = Ledger::lock(dir)?.record(&order.contract)?.next_sequence()?;
    let portal = portal.map(|portal| portal.kid().to_string());
    let shown = portal.as_deref().map_or("unbound".to_owned(), |portal| format!("bound to {portal}"));
    let table = format!("Would issue sequence {sequence} of {}, {shown}; nothing was issued.", order.contract);
    let facts = json!({ "dry_run": true, "contract": order.contract, "sequence": sequence, "portal": portal });
    Ok(Answer::facts(table, facts))
}

/// The year of an instant, for the number of the license.
fn year(now: Moment) -> String {
    now.to_string().split('-').next().unwrap_or_default().to_owned()
}
