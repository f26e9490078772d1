//! License files: preview, import, activation, history (S1, S2; design: Seats 6, 8 to 10).

use std::sync::Arc;

use catalog::Catalog;
use entitlement::{ContractId, LicenseId, Moment, UserTypeId};
use errors::{Code, Failure};
use rules::capacity::known_user_type;
use rules::import::{self, AddOnEffect, TypeEffect};
use rules::{Actor, Refusal, account, activation, defaults};
use store::{
    Files, Incoming, Installation, Member, MemberFilter, NewMember, PastEntitlement, ReadTx, StagedFile, StoreError,
    WriteTx,
};

use super::{Caller, actor};

/// Who keeps the files of a first start: nobody has that id or name.
const FIRST_START: &str = "first start";

/// What a file would do, as people are shown it before they confirm.
#[derive(Debug, Clone)]
pub struct Effects {
    /// The license of the file.
    pub license: String,
    /// Its contract.
    pub contract: String,
    /// Its place in the contract's sequence.
    pub sequence: u32,
    /// Its identity.
    pub identity: String,
    /// The key that signed it.
    pub key: String,
    /// From when.
    pub from: Moment,
    /// Until when; nothing for a perpetual one.
    pub until: Option<Moment>,
    /// What it changes per user type.
    pub user_types: Vec<TypeEffect>,
    /// How many people it locks out: the number to confirm.
    pub locked_out: u64,
    /// Whether it is in force, or waits for its term, already.
    pub is_installed: bool,
    /// When it comes in force, where that lies ahead; what it changes is told for then, with the members as they are.
    pub begins: Option<Moment>,
    /// The licenses of waiting files that can never come in force after it.
    pub overtakes: Vec<String>,
    /// The licensee's name.
    pub customer: String,
    /// Whether it is bound to this portal; otherwise it fits any.
    pub is_bound: bool,
    /// License and sequence of the file that it replaces.
    pub replaces: Option<(String, u32)>,
    /// What it changes per add-on and extension.
    pub add_ons: Vec<AddOnEffect>,
    /// What would be wrong with the new-member defaults under the file (S54).
    pub defaults_fault: Option<Refusal>,
    /// The catalog that gives its ids their names.
    pub catalog: Arc<Catalog>,
}

impl Effects {
    /// Whether nobody could start a product under the file, because something would be over-assigned (S49).
    #[must_use]
    pub fn blocks_products(&self) -> bool {
        self.add_ons.iter().any(AddOnEffect::is_over)
    }
}

/// Opens the files and says what they would do. Changes nothing.
///
/// # Errors
/// The caller may not manage licenses; the files are refused (`license-…`).
pub fn preview(tx: &ReadTx<'_>, caller: &Caller, files: &Files) -> Result<Effects, StoreError> {
    account::see_licenses(&actor(tx, caller)?)?;
    let incoming = tx.open_incoming(files)?;
    incoming.arrival().may_come()?;
    effects(tx, &incoming)
}

fn effects<'tx>(tx: &ReadTx<'tx>, incoming: &Incoming<'tx>) -> Result<Effects, StoreError> {
    let facts = tx.facts_under(incoming)?;
    let gives = incoming.gives(tx.now());
    let user_types = import::effects(&facts, &gives);
    let file = incoming.entitlement();
    let replaced = tx.license()?;
    let replaces = replaced.good().map(|file| file.entitlement());
    Ok(Effects {
        license: file.license().to_string(),
        contract: file.contract().to_string(),
        sequence: file.sequence(),
        identity: file.identity().to_string(),
        key: file.kid().to_string(),
        from: file.from(),
        until: file.until(),
        locked_out: import::locked_out(&facts, &gives, incoming.given_meanwhile()),
        user_types,
        is_installed: incoming.is_installed(),
        customer: file.customer().name.to_string(),
        is_bound: file.portal().is_some(),
        replaces: replaces.map(|file| (file.license().to_string(), file.sequence())),
        begins: incoming.arrival().from(),
        overtakes: tx.overtaken_by(incoming)?.iter().map(ToString::to_string).collect(),
        add_ons: import::add_on_effects(&facts, &gives),
        defaults_fault: defaults::fault_under(&facts, &gives, &tx.defaults()?),
        catalog: Arc::clone(incoming.catalog()),
    })
}

/// The first of the members whom a file would lock out, by user type and name.
///
/// # Errors
/// The caller may not see licenses.
pub fn people_hit(tx: &ReadTx<'_>, caller: &Caller, shown: &Effects, most: u32) -> Result<Vec<Member>, StoreError> {
    account::see_licenses(&actor(tx, caller)?)?;
    let mut people = Vec::new();
    for hit in shown.user_types.iter().filter(|one| one.locked_out > 0) {
        let filter = MemberFilter { user_type: Some(hit.user_type.clone()), ..MemberFilter::default() };
        let mut cursor = None;
        loop {
            let page = tx.members(&filter, cursor.as_deref(), most)?;
            let spared = |one: &Member| {
                let role = shown.catalog.role(&one.role);
                role.is_some_and(|role| !rules::facts::is_lockable(role, one.state))
            };
            people.extend(page.items.into_iter().filter(|one| !spared(one)));
            cursor = page.next;
            if cursor.is_none() || people.len() >= most as usize {
                break;
            }
        }
    }
    people.truncate(most as usize);
    Ok(people)
}

/// Previews the files and keeps them for the import that may follow.
///
/// # Errors
/// As [`preview`].
pub fn keep_preview(tx: &WriteTx<'_>, caller: &Caller, files: &Files) -> Result<(String, Effects), StoreError> {
    let actor = actor(tx, caller)?;
    let effects = preview(tx, caller, files)?;
    let id = tx.save_preview(&keeper(&actor), files)?;
    Ok((id, effects))
}

/// A kept preview, judged anew.
///
/// # Errors
/// `not-found` when it is not there, is somebody else's or too old; else as [`preview`].
pub fn show_preview(tx: &ReadTx<'_>, caller: &Caller, id: &str) -> Result<Effects, StoreError> {
    let kept = kept(tx, caller, id)?;
    preview(tx, caller, &kept)
}

/// Whose preview it is: nobody else sees it.
fn keeper(actor: &Actor) -> String {
    actor.id().map_or_else(|| actor.name().to_owned(), ToString::to_string)
}

fn kept(tx: &ReadTx<'_>, caller: &Caller, id: &str) -> Result<Files, StoreError> {
    let actor = actor(tx, caller)?;
    account::see_licenses(&actor)?;
    kept_by(tx, &keeper(&actor), id)
}

fn kept_by(tx: &ReadTx<'_>, keeper: &str, id: &str) -> Result<Files, StoreError> {
    let gone = || Failure::new(Code::NotFound, "This preview is not there any more; give the file again.");
    Ok(tx.preview(id, keeper)?.ok_or_else(gone)?.files)
}

/// Puts the files of a kept preview in force.
///
/// # Errors
/// As [`show_preview`] and [`fn@import`].
pub fn import_preview(
    tx: &WriteTx<'_>,
    caller: &Caller,
    id: &str,
    confirmed: Option<u64>,
) -> Result<(Effects, Installation), StoreError> {
    let kept = kept(tx, caller, id)?;
    import(tx, caller, &kept, confirmed)
}

/// Puts files in force. They are opened again in this transaction; a refused one changes nothing.
///
/// # Errors
/// `license-…`; what [`import::decide`] refuses.
pub fn import(
    tx: &WriteTx<'_>,
    caller: &Caller,
    files: &Files,
    confirmed: Option<u64>,
) -> Result<(Effects, Installation), StoreError> {
    let actor = actor(tx, caller)?;
    account::see_licenses(&actor)?;
    let incoming = tx.open_incoming(files)?;
    let shown = effects(tx, &incoming)?;
    let facts = tx.facts_under(&incoming)?;
    if incoming.is_installed() {
        return Ok((shown, Installation::Unchanged));
    }
    let gives = incoming.gives(tx.now());
    let file = (incoming.arrival(), &gives, incoming.given_meanwhile());
    let permit = import::decide(&facts, &actor, file, confirmed)?;
    let installation = tx.install_license(permit, &actor, &incoming)?;
    Ok((shown, installation))
}

/// Activates the portal: the first file, and the first administrator in a seat of it (S1; design: Seats 8).
///
/// # Errors
/// `license-…`; what [`activation::decide`] refuses.
pub fn activate(
    tx: &WriteTx<'_>,
    files: &Files,
    wanted: Option<&UserTypeId>,
    administrator: NewMember,
) -> Result<(Effects, Member), StoreError> {
    let incoming = tx.open_incoming(files)?;
    wanted.into_iter().try_for_each(|id| known_user_type(incoming.catalog(), id).map(drop))?;
    let shown = effects(tx, &incoming)?;
    let facts = tx.facts_under(&incoming)?;
    let permit = activation::decide(&facts, (incoming.arrival(), &incoming.gives(tx.now())), wanted)?;
    let member = tx.activate(permit, &Actor::console(), &incoming, &administrator)?;
    Ok((shown, member))
}

/// Opens the files of a portal that is not activated yet, and keeps them if it could be activated with them.
///
/// # Errors
/// As [`activate`].
pub fn keep_activation(tx: &WriteTx<'_>, files: &Files) -> Result<(String, Effects), StoreError> {
    let effects = foresee_activation(tx, files)?;
    Ok((tx.save_preview(FIRST_START, files)?, effects))
}

/// What the kept files would give at this moment.
///
/// # Errors
/// `not-found` when they are not kept any more; as [`activate`].
pub fn show_activation(tx: &ReadTx<'_>, id: &str) -> Result<Effects, StoreError> {
    foresee_activation(tx, &kept_by(tx, FIRST_START, id)?)
}

/// Activates the portal with the kept files.
///
/// # Errors
/// As [`show_activation`].
pub fn activate_kept(
    tx: &WriteTx<'_>,
    id: &str,
    wanted: &UserTypeId,
    administrator: NewMember,
) -> Result<(Effects, Member), StoreError> {
    activate(tx, &kept_by(tx, FIRST_START, id)?, Some(wanted), administrator)
}

fn foresee_activation(tx: &ReadTx<'_>, files: &Files) -> Result<Effects, StoreError> {
    let incoming = tx.open_incoming(files)?;
    let facts = tx.facts_under(&incoming)?;
    // Asked for its refusal alone: nothing is activated yet.
    drop(activation::decide(&facts, (incoming.arrival(), &incoming.gives(tx.now())), None)?);
    effects(tx, &incoming)
}

/// Every file that was ever in force here, newest first.
///
/// # Errors
/// The caller may not see licenses.
pub fn history(tx: &ReadTx<'_>, caller: &Caller) -> Result<Vec<PastEntitlement>, StoreError> {
    account::see_licenses(&actor(tx, caller)?)?;
    tx.entitlement_history()
}

/// The files that wait for their terms, the next one first.
///
/// # Errors
/// The caller may not see licenses.
pub fn staged(tx: &ReadTx<'_>, caller: &Caller) -> Result<Vec<StagedFile>, StoreError> {
    account::see_licenses(&actor(tx, caller)?)?;
    tx.staged_files()
}

/// Gives up a file that waits.
///
/// # Errors
/// `not-found`; what [`import::withdraw`] refuses.
pub fn withdraw(tx: &WriteTx<'_>, caller: &Caller, license: &str) -> Result<StagedFile, StoreError> {
    let actor = actor(tx, caller)?;
    let permit = import::withdraw(&tx.facts()?, &actor)?;
    let unknown = |_| Failure::new(Code::NotFound, format!("No file of the license {license} waits here."));
    let license = LicenseId::parse(license).map_err(unknown)?;
    tx.withdraw_staged(permit, &actor, &license)
}

/// A file as it was received, whether it is in force, was, or waits: by its sequence in a contract, that of the file in force
/// where none is named.
///
/// # Errors
/// The caller may not see licenses; there is no such file.
pub fn file(tx: &ReadTx<'_>, caller: &Caller, (contract, sequence): (Option<&str>, u32)) -> Result<String, StoreError> {
    let history = history(tx, caller)?;
    let current = history.iter().find(|one| one.is_current).map(|one| one.contract.as_str());
    let wanted = contract.or(current);
    let is_it = |contract: &ContractId, number: u32| number == sequence && Some(contract.as_str()) == wanted;
    let past = history.iter().find(|one| is_it(&one.contract, one.sequence)).map(|one| one.identity);
    let waiting = tx.staged_files()?.into_iter().find(|one| is_it(&one.contract, one.sequence));
    let gone = || Failure::new(Code::NotFound, format!("No file of sequence {sequence} is here."));
    let identity = past.or(waiting.map(|one| one.identity)).ok_or_else(gone)?;
    tx.license_bytes(&identity)?.ok_or_else(|| gone().into())
}
