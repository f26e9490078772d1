//! What a license allows: seats, change sets, sign-in, the first administrator and the notices.
//!
//! Facts go in, a decision comes out. A rule returns a permit or a [`Refusal`]; the store's writes take the permit by
//! value, so nothing is written past a rule. Nothing here reads a clock, a file, a socket or a database: `now` stands in
//! the [`Facts`], which only the store can read inside its locked transaction.
//!
//! | rule | chapter | statements |
//! |---|---|---|
//! | [`capacity::register`] | seats | S2, S5, S18 to S21, A-ENF-1, A-ENF-3 |
//! | [`change_set::decide`] | user type capacity | S22 to S36, A-ENF-5 to A-ENF-11 |
//! | [`capacity::invite`], [`capacity::accept`] | invitations | S92, S111, A-ENF-16 |
//! | [`change_set::revert()`] | taking a change back | S35, A-ENF-10 |
//! | [`defaults::set`] | new-member defaults | S54 to S57, A-ROLE-9 |
//! | [`compliance::over`], [`compliance::is_compliant`] | compliance | S3, S26 |
//! | [`sign_in::enter`] | lockout | S6, S14 to S17, S25, S28, A-ENF-2, A-ENF-4 |
//! | [`import::decide`], [`activation::decide`] | the license file | S1, S2, A-ENF-8 |
//! | [`import::decide_trust`], [`import::withdraw`] | trust lists, staged files | design: Trust list and rotation |
//! | [`clock::accept`] | the clock | design: Replay, rollback, clock |
//! | [`notice::notices`] | notices | S11 to S13 |
//! | [`role::create`], [`role::edit`], [`role::delete`] | custom roles | S96, S127 to S134, S217, A-ROLE-5 to A-ROLE-8 |
//! | [`role::warnings`] | custom roles | S132, A-ROLE-11 |
//! | [`Actor::member`], [`Actor::require_not_above`] | roles and privileges | S9, S96, S132, S133, A-ROLE-5 |
//! | [`why::explain`] | workflows | S227 to S249 |

pub mod account;
pub mod activation;
pub mod actor;
pub mod capacity;
pub mod change_set;
pub mod clock;
pub mod compliance;
pub mod defaults;
pub mod facts;
pub mod id;
pub mod import;
pub mod member;
pub mod notice;
pub mod offline;
pub mod permit;
pub mod plan;
pub mod product_access;
pub mod refusal;
pub mod role;
#[cfg(test)]
mod sample;
pub mod session;
pub mod sign_in;
pub mod why;

pub use actor::Actor;
pub use facts::{Brand, Facts, MemberFacts, Reading, SeatCount};
pub use id::{ChangeId, InvitationId, MemberId};
pub use member::{CheckedOut, MemberRow, MemberState, ProductUse};
pub use permit::StalePermit;
pub use refusal::Refusal;
