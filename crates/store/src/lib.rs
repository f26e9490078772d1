//! What is so: the only SQL of Seatwarden.
//!
//! A [`Store`] is the data of one portal. [`Store::write`] is the only way to change anything: its closure reads the facts
//! of the decision, asks a rule, spends the permit that the rule gives, and so writes the rows, the counts and the audit
//! row in one transaction. Nobody is answered before that is on the disk. [`Store::read`] looks at one state of the data.
//!
//! Everything that a rule may know comes from [`ReadTx::facts`] and [`ReadTx::member_facts`]; there is no other maker of
//! [`rules::Facts`]. Licensed counts come from the signed file, which is verified again whenever it is loaded
//! ([`ReadTx::license`]); no table holds one.

mod add_ons;
mod apply;
mod audit;
mod backend;
mod backup;
mod books;
mod chain;
mod changes;
mod clock;
mod clock_guard;
mod error;
mod facts;
mod folder;
mod foundation;
mod headcounts;
mod history;
mod idempotency;
mod ids;
mod incoming;
mod invitations;
mod kept_plan;
mod labels;
mod license;
mod members;
mod migrate;
mod order;
mod passwords;
mod policy;
mod previews;
mod product_sessions;
mod roles;
mod row;
mod settings;
mod sql;
mod staging;
mod store;
mod text;
mod tokens;
mod trust;
mod tx;
mod usage;
mod uses;
mod writer;

pub use add_ons::{AddOnHolder, AddOnMiscount, AddOnTally, Usage};
pub use apply::ChangeNote;
pub use audit::{Action, AuditFilter, AuditRow};
pub use backup::{Restored, restore, verify_copy};
pub use chain::{Anchor, ChainState, Fracture, Misfit, NoAnchor};
pub use changes::{Change, PlannedReturn, ReturnState};
pub use clock_guard::{Clock, ClockReading, Wall};
pub use error::{Broken, StoreError};
pub use headcounts::{Miscount, TypeCount};
pub use history::PastEntitlement;
pub use idempotency::{Answer, RequestKey};
pub use incoming::{Files, Incoming, Installation};
pub use invitations::{Invitation, InvitationState, NewInvitation};
pub use kept_plan::{KeptAddOn, KeptFormer, KeptMember, KeptPlan, KeptRefusal, KeptType};
pub use labels::{LabelKind, Labels};
pub use license::{Installed, LicenseState};
pub use members::{Extras, Former, Member, MemberFilter, MemberPage, NewMember};
pub use order::{MemberOrder, MemberSort};
pub use passwords::{PasswordKind, StoredPassword};
pub use previews::Preview;
pub use product_sessions::{NewCheckout, NewSession, ProductSession, StoredCheckout};
pub use roles::RoleRecord;
pub use settings::{Setting, Topic};
pub use staging::StagedFile;
pub use store::{FILE, Opening, Store};
pub use text::hexadecimal;
pub use tokens::{Session, TokenHash};
pub use trust::IncomingTrust;
pub use tx::{ReadTx, WriteTx};
pub use usage::UsageDay;
