//! Every parser of the house as a function of bytes, for a fuzzer that sees which lines it reached.
//!
//! A target panics where a promise is broken, and returns otherwise. What the promises are: nothing panics; whatever is
//! accepted says the same when it is written and read again; a refusal names a code of the registry; the portal never
//! answers with a fault of its own. The ordinary tests replay `corpus` and `found` through these functions without a
//! fuzzer; `cargo xtask soak fuzz` looks for new inputs.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a target stops where a promise is broken: that is its only way to tell"
)]

mod answers;
mod desk;
mod golden;
mod house;
mod keys;
mod pages;
mod plain;
mod promise;
mod request;
mod rest;
mod seal;
mod sealed;
pub mod seeds;
mod signed;
mod table;
mod tokens;

/// A parser, or a door of the portal, that any bytes may come to.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name: that of its folder, and the one that a fuzzer is told.
    pub name: &'static str,
    /// Takes the bytes; panics where a promise is broken.
    pub run: fn(&[u8]),
    /// Good and nearly good inputs to begin with.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// How many seconds an input may take under a fuzzer, on a machine that has other work.
    pub limit: u32,
}

/// A parser.
const fn target(name: &'static str, run: fn(&[u8]), seeds: fn() -> Vec<Vec<u8>>) -> Target {
    Target { name, run, seeds, limit: 1 }
}

/// A parser that is slow on purpose, because a passphrase is guessed at its speed.
const fn slow(name: &'static str, run: fn(&[u8]), seeds: fn() -> Vec<Vec<u8>>) -> Target {
    Target { name, run, seeds, limit: 5 }
}

/// A door of a portal, which is made anew now and then while an input waits.
const fn door(name: &'static str, run: fn(&[u8]), seeds: fn() -> Vec<Vec<u8>>) -> Target {
    Target { name, run, seeds, limit: 10 }
}

/// Every target. A `-sealed` one gets payloads (and headers and summaries), signs them with a trusted key, and so reaches
/// what is behind the signature.
pub const TARGETS: &[Target] = &[
    target("trust", signed::trust, || seeds::raw("trust")),
    target("trust-sealed", sealed::trust, || seeds::opened("trust")),
    target("entitlement", signed::entitlement, || seeds::raw("entitlement")),
    target("entitlement-sealed", sealed::entitlement, || seeds::opened("entitlement")),
    target("catalog-file", signed::catalog, || seeds::raw("catalog")),
    target("catalog-file-sealed", sealed::catalog, || seeds::opened("catalog")),
    target("usage-report", signed::usage, || seeds::usage(false)),
    target("usage-report-sealed", sealed::usage, || seeds::usage(true)),
    target("activation-request", signed::request, || seeds::raw("portal")),
    target("activation-request-sealed", sealed::request, || seeds::opened("portal")),
    target("lease", signed::lease, || seeds::raw("lease")),
    target("lease-sealed", sealed::lease, || seeds::opened("lease")),
    target("return-code", signed::return_code, || seeds::raw("return")),
    target("return-code-sealed", sealed::return_code, || seeds::opened("return")),
    target("about", sealed::about, seeds::summaries),
    target("catalog", plain::catalog, seeds::catalogs),
    target("order", plain::order, seeds::orders),
    target("keys", keys::keys, seeds::keys),
    slow("key-file", desk::key_file, seeds::key_files),
    target("workspace", desk::workspace, seeds::workspaces),
    target("ledger", desk::ledger, seeds::ledgers),
    door("member-table", table::member_table, || seeds::listed("member-table")),
    door("rest", rest::rest, || seeds::listed("rest")),
    door("pages", pages::pages, || seeds::listed("pages")),
    door("tokens", tokens::tokens, || seeds::listed("tokens")),
    target("portal-answers", answers::portal_answers, || seeds::listed("portal-answers")),
];
