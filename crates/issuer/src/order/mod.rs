//! Orders: what a salesperson writes, read with every mistake at once.
//!
//! An order is a TOML file. Days are whole days in `zone` and `last_day` is included, so the file's `until` is the
//! instant after it. Nothing here knows a sequence, a key or a portal: those come from the ledger and the command line.

mod day;
mod lines;
mod nearest;
mod table;

use catalog::Catalog;
use entitlement::{
    AddOnLine, BadId, CatalogId, ContractId, Customer, CustomerId, Moment, Name, Note, Policy, UserTypeLine,
};
use toml::de::DeTable;

use self::day::Zone;
use self::nearest::instead;
use self::table::{Mistakes, Table, text, wrong};

/// One mistake in an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there, and what is valid.
    pub problem: String,
}

/// An order without a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The contract.
    pub contract: ContractId,
    /// Contracts that it takes the place of.
    pub replaces: Vec<ContractId>,
    /// The licensee.
    pub customer: Customer,
    /// First instant of the term.
    pub from: Moment,
    /// First instant after the term; nothing: perpetual.
    pub until: Option<Moment>,
    /// Named users, in the order of the file.
    pub user_types: Vec<UserTypeLine>,
    /// Add-ons, in the order of the file.
    pub add_ons: Vec<AddOnLine>,
    /// The numbers of the rules.
    pub policy: Policy,
    /// Text for the administrator.
    pub note: Option<Note>,
}

/// What an order may say.
const MEMBERS: &[&str] = &[
    "contract",
    "customer",
    "catalog",
    "from",
    "last_day",
    "zone",
    "replaces",
    "note",
    "user_types",
    "add_ons",
    "policy",
];

/// The whole days between which something counts, as instants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Term {
    from: Option<Moment>,
    until: Option<Moment>,
}

/// Reads an order for a catalog.
///
/// # Errors
/// Every mistake in it, in the order of the lines.
pub fn read(order: &str, catalog: &Catalog) -> Result<Order, Vec<Mistake>> {
    let mut mistakes = Mistakes::new(order);
    let (document, broken) = DeTable::parse_recoverable(order);
    for error in broken {
        mistakes.add_unreadable(error.span().unwrap_or(0..0), error.message());
    }
    let table = Table::new(document.get_ref(), 0..0, MEMBERS, &mut mistakes);
    let order = whole(&table, catalog, &mut mistakes);
    let mistakes = mistakes.into_sorted();
    match order {
        Some(order) if mistakes.is_empty() => Ok(order),
        // A part is missing only where a mistake says why.
        _ => Err(mistakes),
    }
}

fn whole(table: &Table<'_, '_>, catalog: &Catalog, mistakes: &mut Mistakes<'_>) -> Option<Order> {
    let contract = table.required_text("contract", id(ContractId::from_input), mistakes);
    let customer = customer(table, mistakes);
    table.text("catalog", |text| known_catalog(text, catalog), mistakes);
    let zone = table.text("zone", Zone::parse, mistakes).unwrap_or(Zone::UTC);
    table.required("from", mistakes);
    let term = term(table, zone, mistakes);
    let user_types = lines::user_types(table, catalog, (zone, term), mistakes);
    let add_ons = lines::add_ons(table, catalog, (zone, term), mistakes);
    let policy = policy(table, mistakes);
    let replaces = replaces(table, contract.as_ref(), mistakes);
    let note = table.text("note", Note::parse, mistakes);
    Some(Order {
        contract: contract?,
        replaces,
        customer: customer?,
        from: term.from?,
        until: term.until,
        user_types,
        add_ons,
        policy,
        note,
    })
}

fn customer(table: &Table<'_, '_>, mistakes: &mut Mistakes<'_>) -> Option<Customer> {
    let value = table.required("customer", mistakes)?;
    let customer = Table::of(value, "customer", &["id", "name"], mistakes)?;
    let id = customer.required_text("id", id(CustomerId::from_input), mistakes);
    let name = customer.required_text("name", Name::parse, mistakes);
    Some(Customer { id: id?, name: name? })
}

/// An id as a person typed it; the mistake shows what was typed.
fn id<T>(read: impl Fn(&str) -> Result<T, BadId>) -> impl Fn(&str) -> Result<T, String> {
    move |text| read(text).map_err(|bad| format!("{text:?} is not an id: {}", bad.form))
}

fn known_catalog(text: &str, catalog: &Catalog) -> Result<(), String> {
    match CatalogId::from_input(text) {
        Ok(id) if id == *catalog.id() => Ok(()),
        _ => Err(format!("there is no catalog `{text}`; {}", instead(text, &[catalog.id().as_str()]))),
    }
}

/// The days `from` and `last_day` of a table, checked against each other.
fn term(table: &Table<'_, '_>, zone: Zone, mistakes: &mut Mistakes<'_>) -> Term {
    let first = table.date("from", mistakes);
    let last = table.date("last_day", mistakes);
    if let (Some((first, _)), Some((last, place))) = (&first, &last)
        && last < first
    {
        mistakes.add(place.clone(), format!("`last_day` {last} is before `from` {first}"));
        return Term::default();
    }
    let from = first.and_then(|(date, place)| mistakes.check(place, zone.day(date))).map(|(from, _)| from);
    let until = last.and_then(|(date, place)| mistakes.check(place, zone.day(date))).map(|(_, until)| until);
    Term { from, until }
}

/// The numbers of the rules; what is left out has its default.
fn policy(table: &Table<'_, '_>, mistakes: &mut Mistakes<'_>) -> Policy {
    const NUMBERS: &[&str] = &["one_over", "session_minutes", "computers", "save_minutes", "offline", "offline_days"];
    let usual = Policy::default();
    let Some(value) = table.get("policy") else { return usual };
    let Some(policy) = Table::of(value, "policy", NUMBERS, mistakes) else { return usual };
    let any = 0..1 << 32;
    Policy {
        one_over: policy.number("one_over", 0..2, mistakes).unwrap_or(usual.one_over),
        session_minutes: policy.number("session_minutes", any.clone(), mistakes).unwrap_or(usual.session_minutes),
        computers: policy.number("computers", any.clone(), mistakes).unwrap_or(usual.computers),
        save_minutes: policy.number("save_minutes", any.clone(), mistakes).unwrap_or(usual.save_minutes),
        offline: policy.flag("offline", mistakes).unwrap_or(usual.offline),
        offline_days: policy.number("offline_days", any, mistakes).unwrap_or(usual.offline_days),
    }
}

/// The contracts that the order takes the place of: each once, and not its own.
fn replaces(table: &Table<'_, '_>, own: Option<&ContractId>, mistakes: &mut Mistakes<'_>) -> Vec<ContractId> {
    let Some(value) = table.get("replaces") else { return Vec::new() };
    let Some(list) = value.get_ref().as_array() else {
        mistakes.add(value.span(), wrong("replaces", "a list of contracts", value));
        return Vec::new();
    };
    let mut contracts = Vec::new();
    for item in list {
        let Some(contract) = text(item, "replaces", id(ContractId::from_input), mistakes) else { continue };
        if Some(&contract) == own {
            mistakes.add(item.span(), "`replaces` names the contract of this order itself");
        } else if contracts.contains(&contract) {
            mistakes.add(item.span(), format!("`replaces` names `{contract}` twice"));
        } else {
            contracts.push(contract);
        }
    }
    contracts
}

#[cfg(test)]
mod tests;
