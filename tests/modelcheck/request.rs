//! What the clients may ask, each at most once, and the people whom it is about.

/// A member or someone who may become one: a place in the table of members.
pub type Person = usize;

/// An administrator, at the start on a Creator seat; every consent is hers.
pub const ADA: Person = 0;
/// The other administrator, at the start on a Creator seat.
pub const BEN: Person = 1;
/// At the start on the last Creator seat.
pub const CAROL: Person = 2;
/// At the start on a Viewer seat.
pub const DORA: Person = 3;
/// At the start nobody; may be registered.
pub const EVE: Person = 4;
/// At the start nobody; may be invited.
pub const FAY: Person = 5;
/// How many people there are.
pub const PEOPLE: usize = 6;

/// A request. It is its own idempotency key: nobody asks for the same thing twice, but may send it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Request {
    /// Register Eve as a Viewer.
    Register,
    /// Invite Fay as a Viewer.
    Invite,
    /// Fay accepts.
    Accept,
    /// Carol and Dora exchange their user types, in one change set.
    Exchange,
    /// The same exchange, until the date.
    ExchangeUntil,
    /// Carol becomes a Viewer.
    Move,
    /// Carol becomes a Viewer until the date.
    MoveUntil,
    /// Dora becomes a Creator, with Ada's consent to one over that locks two people out.
    MoveOneOver,
    /// Eve becomes a Creator, with Ada's consent to one over that locks two people out.
    MoveAnotherOneOver,
    /// Carol is archived.
    Archive,
    /// Carol comes back from the archive as a Creator.
    Restore,
    /// Ada is disabled; she keeps her seat.
    DisableAdministrator,
    /// Ben is deleted.
    DeleteAdministrator,
    /// The planned return is cancelled.
    CancelReturn,
    /// A file with one seat less of each type is imported.
    ImportSmaller,
    /// A file with one Viewer seat less is imported.
    ImportFewerViewers,
    /// The planned return is carried out. No client asks for this: it is the minute job of a node.
    Return,
}

/// The ways in which somebody comes who was not there.
pub const COMING: [Request; 4] = [Request::Register, Request::Invite, Request::Accept, Request::Restore];

/// What may take a seat that was reserved.
pub const TAKING: [Request; 4] =
    [Request::MoveOneOver, Request::MoveAnotherOneOver, Request::ImportSmaller, Request::ImportFewerViewers];

/// What clients ask.
pub const ASKED: [Request; 16] = [
    Request::Register,
    Request::Invite,
    Request::Accept,
    Request::Exchange,
    Request::ExchangeUntil,
    Request::Move,
    Request::MoveUntil,
    Request::MoveOneOver,
    Request::MoveAnotherOneOver,
    Request::Archive,
    Request::Restore,
    Request::DisableAdministrator,
    Request::DeleteAdministrator,
    Request::CancelReturn,
    Request::ImportSmaller,
    Request::ImportFewerViewers,
];
