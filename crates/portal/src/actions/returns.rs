//! Planned returns: carried out by the portal itself when their time has come (S35; design: Change sets).

use catalog::Catalog;
use rules::change_set;
use rules::{Actor, ChangeId, Refusal};
use store::{Change, ChangeNote, ReturnState, Store, StoreError, WriteTx};

/// How many are tried in one round.
const ROUND: u32 = 10_000;

/// Why a return that was planned came about.
const REASON: &str = "Planned return";

/// Tries every return whose time has come, each in a transaction of its own; to be called each minute. Tells how many came
/// about.
///
/// # Errors
/// What the database says; a return that finds no seat is not an error.
pub async fn carry_out(store: &Store) -> Result<u32, StoreError> {
    let due = store.read(|tx| tx.due_returns(ROUND))?;
    let mut done = 0;
    for id in due {
        done += u32::from(store.write_alone(move |tx| one(tx, &id)).await?);
    }
    Ok(done)
}

/// Tries one; tells whether the members are back.
fn one(tx: &WriteTx<'_>, id: &ChangeId) -> Result<bool, StoreError> {
    let Some(change) = tx.change(id)?.filter(|change| is_due(change, tx)) else { return Ok(false) };
    let actor = Actor::schedule();
    let (past, members) = tx.past_change(&change)?;
    let facts = tx.facts()?;
    let wanted = change_set::revert(&facts, &past, &members);
    match wanted.and_then(|set| change_set::decide(&facts, &actor, &members, &set)) {
        Ok(permit) => {
            let note = ChangeNote { reason: REASON.to_owned(), reverts: Some(id.clone()), ..ChangeNote::default() };
            tx.apply_change(permit, &actor, &note)?;
            Ok(true)
        }
        Err(refusal) if is_for_good(&refusal) => {
            tx.cancel_return(change_set::cancel(&facts, &actor, &past)?, &actor, Some(&refusal.sentence()))?;
            Ok(false)
        }
        Err(refusal) => {
            put_off(tx, &change, &told(&refusal, facts.catalog()))?;
            Ok(false)
        }
    }
}

fn is_due(change: &Change, tx: &WriteTx<'_>) -> bool {
    change.planned_return.as_ref().is_some_and(|planned| planned.state.is_open() && planned.at <= tx.now())
}

/// Whether no later minute could be better: the members are not what the change left.
fn is_for_good(refusal: &Refusal) -> bool {
    [Refusal::NothingToTakeBack.code(), Refusal::ChangedSince { usernames: Vec::new() }.code()]
        .contains(&refusal.code())
}

/// A return takes nothing one over, so it is told that there is no seat. Whoever reads it reads names.
fn told(refusal: &Refusal, catalog: &Catalog) -> String {
    let Refusal::OneOverNeedsConsent { locked_out } = refusal else { return refusal.sentence_with(catalog) };
    let name = |id| catalog.user_type(id).map_or_else(|| id.to_string(), |known| known.name.clone());
    let types: Vec<String> = locked_out.keys().map(name).collect();
    format!("No seat is free: {}.", types.join(", "))
}

/// Notes why it has to wait, unless that is known already.
fn put_off(tx: &WriteTx<'_>, change: &Change, why: &str) -> Result<(), StoreError> {
    let known = change.planned_return.as_ref();
    if known.is_some_and(|planned| planned.state == ReturnState::Due && planned.problem.as_deref() == Some(why)) {
        return Ok(());
    }
    tx.put_off_return(&Actor::schedule(), &change.id, why)
}
