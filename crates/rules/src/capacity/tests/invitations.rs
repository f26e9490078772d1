//! Invitations: sent by the question of a registration, accepted by a stranger, revoked.

use super::{asked, granted};
use crate::capacity::{INVITATION_SECONDS, InvitationFacts, accept, invite, register, revoke};
use crate::permit::{AcceptGrant, InviteGrant, RegisterGrant, RevokeGrant};
use crate::sample::{Organization, actor_in, actor_with, now, role, seats, user_type};
use crate::{Actor, Brand, Facts, InvitationId, Refusal};

fn id() -> InvitationId {
    InvitationId::from_bits(3)
}

/// An invitation sent at the time of every case, that waits or not.
fn sent<'tx>(tx: &'tx (), user: &str, in_role: &str, waits: bool) -> InvitationFacts<'tx> {
    let until = now().plus_seconds(INVITATION_SECONDS);
    InvitationFacts::read_in(Brand::of(tx), id(), (user_type(user), role(in_role)), (until, waits))
}

fn accepted<'tx>(facts: &Facts<'tx>, invitation: &InvitationFacts<'tx>) -> Result<AcceptGrant, Refusal> {
    accept(facts, invitation).map(|permit| permit.grant().clone())
}

fn taken(user: &str, in_role: &str, is_administrator: bool) -> Result<AcceptGrant, Refusal> {
    let seat = RegisterGrant { is_administrator, ..granted(user, in_role) };
    Ok(AcceptGrant { invitation: id(), seat })
}

#[test]
fn an_invitation_is_sent_and_refused_in_the_words_of_a_registration() {
    let tx = ();
    let mut fresh = Organization::at_capacity();
    fresh.activated = false;
    let over = Organization::at_capacity().with_seats("viewer", seats(26, 0, 26)).with_licensed("creator", 9);
    let free = || Organization::at_capacity().with_licensed("creator", 9);
    let inviter = || actor_with(&["admin.members.invite"]);
    for (case, organization, actor, user, in_role) in [
        ("free", free(), inviter(), "creator", "user"),
        ("an administrator", free(), Actor::console(), "creator", "administrator"),
        ("an administrator by a delegate", free(), inviter(), "creator", "administrator"),
        ("full", free(), inviter(), "viewer", "viewer"),
        ("held", free().with_seats("creator", seats(5, 4, 4)), inviter(), "creator", "user"),
        ("the last", free().with_seats("creator", seats(5, 3, 4)), inviter(), "creator", "user"),
        ("over", over, Actor::console(), "creator", "user"),
        ("unlicensed", free(), Actor::console(), "editor", "viewer"),
        ("a misfit", free().with_licensed("viewer", 99), inviter(), "viewer", "user"),
        ("unknown", free(), inviter(), "creater", "user"),
        ("without the privilege", free(), actor_in("facilitator"), "creator", "user"),
        ("not activated", fresh, Actor::console(), "viewer", "viewer"),
    ] {
        let facts = organization.facts(&tx);
        let invited = invite(&facts, &actor, &asked(user, in_role)).map(|permit| permit.grant().clone());
        let registered = register(&facts, &actor, &asked(user, in_role)).map(|permit| permit.grant().clone());
        let same = registered.map(|RegisterGrant { user_type, role, .. }| InviteGrant { user_type, role });
        assert_eq!(invited, same, "{case}");
        let is_given = matches!(case, "free" | "an administrator" | "the last");
        assert_eq!(invited.is_ok(), is_given, "{case}");
    }
}

#[test]
fn an_invitation_is_accepted_while_a_seat_is_held_by_nobody_and_nothing_is_over() {
    let tx = ();
    for (case, organization, answer) in [
        (
            "its own seat",
            Organization::at_capacity().with_seats("viewer", seats(24, 1, 24)),
            taken("viewer", "viewer", false),
        ),
        (
            "held by others too",
            Organization::at_capacity().with_seats("viewer", seats(24, 9, 24)),
            taken("viewer", "viewer", false),
        ),
        ("full", Organization::at_capacity().with_seats("viewer", seats(25, 1, 25)), Err(Refusal::AcceptBlocked)),
        ("over", Organization::at_capacity().with_seats("viewer", seats(26, 1, 26)), Err(Refusal::AcceptBlocked)),
        (
            "another type over",
            Organization::at_capacity().with_seats("viewer", seats(20, 1, 20)).with_seats("creator", seats(6, 0, 5)),
            Err(Refusal::AcceptBlocked),
        ),
        (
            "no seat licensed any more",
            Organization::at_capacity().with_licensed("viewer", 0).with_seats("viewer", seats(0, 1, 0)),
            Err(Refusal::AcceptBlocked),
        ),
    ] {
        assert_eq!(accepted(&organization.facts(&tx), &sent(&tx, "viewer", "viewer", true)), answer, "{case}");
    }
    let free = Organization::at_capacity().with_seats("creator", seats(4, 1, 3)).facts(&tx);
    let answer = accepted(&free, &sent(&tx, "creator", "administrator", true));
    assert_eq!(answer, taken("creator", "administrator", true));
}

#[test]
fn who_is_refused_for_a_while_is_told_no_numbers_and_may_come_again() {
    let tx = ();
    let full = Organization::at_capacity().with_seats("viewer", seats(25, 1, 25)).facts(&tx);
    let invitation = sent(&tx, "viewer", "viewer", true);
    let failure = errors::Failure::from(accepted(&full, &invitation).unwrap_err());
    assert_eq!((failure.row().name, failure.facts.len()), ("creation-blocked-not-compliant", 0));
    assert!(failure.detail.chars().all(|one| !one.is_ascii_digit()), "{}", failure.detail);
    let free = Organization::at_capacity().with_seats("viewer", seats(24, 1, 24)).facts(&tx);
    assert_eq!(accepted(&free, &invitation), taken("viewer", "viewer", false));
}

#[test]
fn an_invitation_ends_fourteen_days_after_it_was_sent_to_the_second() {
    let tx = ();
    assert_eq!(INVITATION_SECONDS, 1_209_600);
    let free = Organization::at_capacity().with_seats("viewer", seats(24, 1, 24));
    for (after, answer) in [
        (0, taken("viewer", "viewer", false)),
        (1_209_599, taken("viewer", "viewer", false)),
        (1_209_600, Err(Refusal::InvitationEnded)),
        (1_209_601, Err(Refusal::InvitationEnded)),
    ] {
        let facts = free.facts_at(&tx, now().plus_seconds(after));
        assert_eq!(accepted(&facts, &sent(&tx, "viewer", "viewer", true)), answer, "{after} seconds later");
    }
    let over = Organization::at_capacity().with_seats("viewer", seats(30, 1, 30)).facts(&tx);
    for facts in [free.facts(&tx), over] {
        assert_eq!(accepted(&facts, &sent(&tx, "viewer", "viewer", false)), Err(Refusal::InvitationEnded));
    }
}

#[test]
fn an_invitation_to_what_is_not_there_any_more_waits() {
    let tx = ();
    let free = Organization::at_capacity().with_licensed("viewer", 99).with_licensed("abolished", 9).facts(&tx);
    for (user, in_role) in [("abolished", "viewer"), ("viewer", "of-yesterday"), ("viewer", "publisher")] {
        assert_eq!(accepted(&free, &sent(&tx, user, in_role, true)), Err(Refusal::AcceptBlocked), "{user}, {in_role}");
    }
}

#[test]
fn an_invitation_is_revoked_while_it_waits_by_who_may_add_members() {
    let tx = ();
    let granted = Ok(RevokeGrant { invitation: id(), user_type: user_type("viewer") });
    let missing = Err(Refusal::PrivilegeMissing { privilege: "admin.members.invite" });
    let over = Organization::at_capacity().with_seats("viewer", seats(30, 1, 30)).facts(&tx);
    for (actor, waits, answer) in [
        (Actor::console(), true, granted.clone()),
        (actor_with(&["admin.members.invite"]), true, granted),
        (actor_in("facilitator"), true, missing.clone()),
        (actor_in("facilitator"), false, missing),
        (Actor::console(), false, Err(Refusal::InvitationEnded)),
    ] {
        let invitation = sent(&tx, "viewer", "viewer", waits);
        let revoked = revoke(&over, &actor, &invitation).map(|permit| permit.grant().clone());
        assert_eq!(revoked, answer, "{}, {waits}", actor.name());
    }
}
