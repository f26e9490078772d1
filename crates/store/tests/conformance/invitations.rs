//! Invitations: the seat that each holds, and the ways in which it ends.

use errors::{Code, Failure};
use rules::{Actor, InvitationId, capacity};
use store::{Extras, Invitation, InvitationState, NewInvitation, Store, StoreError};

use crate::deeds::{accept, invitation, invite, inviting, revoke, secret};
use crate::harness::{
    DAY, Portal, START, apply, asked, assert_recounted, at, audit_count, code, delete, held, import, member, moves,
    newcomer, only, open, register, registration, seats, write,
};

const FORTNIGHT: i64 = 14 * DAY;

fn renew(store: &Store, id: &InvitationId) -> Result<Invitation, Failure> {
    let (id, secret) = (id.clone(), secret());
    write(store, move |tx| tx.renew_invitation(&Actor::console(), &tx.invitation(&id)?, &secret))
}

fn listed(store: &Store, state: Option<InvitationState>, before: Option<&InvitationId>, limit: u32) -> Vec<String> {
    let page = store.read(|tx| tx.invitations(state, before, limit)).unwrap();
    page.into_iter().map(|one| one.username).collect()
}

#[test]
fn an_invitation_is_kept_as_it_was_sent_and_its_secret_only_as_a_hash() {
    let (portal, store) = Portal::with_seats(2, 2);
    let extras =
        Extras { groups: ["Field crew".into()].into(), categories: ["North".into()].into(), vendor_access: true };
    let (hash, kept) = (secret(), extras.clone());
    let new = NewInvitation {
        secret: hash.clone(),
        username: "eve".into(),
        full_name: "Eve Adams".into(),
        email: "eve@example.com".into(),
        extras,
    };
    let sent = write(&store, move |tx| {
        let permit = capacity::invite(&tx.facts()?, &Actor::console(), &asked("viewer", "viewer"))?;
        tx.insert_invitation(permit, &Actor::console(), &new)
    });
    let sent = sent.unwrap();
    assert_eq!((sent.created_at, sent.expires_at), (at(START), at("2026-12-29T12:00:00Z")));
    assert_eq!((sent.username.as_str(), sent.full_name.as_str()), ("eve", "Eve Adams"));
    assert_eq!((sent.invited_by.as_str(), sent.state), ("console", InvitationState::Pending));
    assert_eq!((&sent.extras, sent.ended_at, &sent.member), (&kept, None, &None));
    assert_eq!(store.read(|tx| tx.invitation_of(&hash)).unwrap(), Some(sent.clone()));
    assert_eq!(store.read(|tx| tx.invitation_of(&secret())).unwrap(), None);
    drop(store);
    assert_eq!(invitation(&open(&portal), &sent.id), sent);
}

#[test]
fn an_acceptance_registers_the_member_in_the_seat_with_what_was_promised() {
    let (portal, store) = Portal::with_seats(1, 2);
    let sent = invite(&store, "eve", "viewer").unwrap();
    assert_eq!((held(&store, "viewer"), code(register(&store, "bob", "viewer"))), ((1, 0, 1), Code::SeatLimitReached));
    portal.pass(DAY);
    let eve = accept(&store, &sent.id, "Eve").unwrap();
    assert_eq!((eve.user_type.as_str(), eve.role.as_str(), held(&store, "viewer")), ("viewer", "viewer", (1, 1, 0)));
    assert_eq!(member(&store, &eve.id), Some(eve.clone()));
    let ended = invitation(&store, &sent.id);
    assert_eq!((ended.state, ended.member.as_deref()), (InvitationState::Accepted, Some(eve.id.as_str())));
    assert_eq!(ended.ended_at, Some(at("2026-12-16T12:00:00Z")));
    let row = store.read(|tx| tx.audit(None, 1)).unwrap().remove(0);
    assert_eq!((row.action.as_str(), row.actor_name.as_str()), ("invitation.accept", "Eve"));
    assert_eq!((row.target.as_str(), audit_count(&store)), (sent.id.as_str(), 3));
    assert_eq!(code(accept(&store, &sent.id, "eve-2")), Code::InvitationEnded);
    assert_eq!(code(revoke(&store, &sent.id)), Code::InvitationEnded);
    assert_recounted(&store);
}

#[test]
fn an_invitation_is_good_for_fourteen_days_to_the_second() {
    let (portal, store) = Portal::with_seats(1, 2);
    let sent = invite(&store, "eve", "viewer").unwrap();
    portal.pass(FORTNIGHT - 1);
    assert_eq!((invitation(&store, &sent.id).state, held(&store, "viewer")), (InvitationState::Pending, (1, 0, 1)));
    assert_eq!(code(register(&store, "bob", "viewer")), Code::SeatLimitReached);
    portal.pass(1);
    // Nobody has written since: what is read looks past it.
    let ended = invitation(&store, &sent.id);
    assert_eq!((ended.state, ended.ended_at), (InvitationState::Expired, Some(at("2026-12-29T12:00:00Z"))));
    assert_eq!(held(&store, "viewer"), (1, 0, 0));
    assert_recounted(&store);
    assert_eq!(code(accept(&store, &sent.id, "eve")), Code::InvitationEnded);
    assert_eq!(code(revoke(&store, &sent.id)), Code::InvitationEnded);
    register(&store, "bob", "viewer").unwrap();
    assert_eq!(held(&store, "viewer"), (1, 1, 0));
    assert_eq!(invitation(&store, &sent.id), ended);
    assert_recounted(&store);
}

#[test]
fn an_expiry_is_seen_by_another_process_and_marked_once() {
    let (portal, store) = Portal::with_seats(1, 2);
    let other = open(&portal);
    invite(&store, "eve", "viewer").unwrap();
    assert_eq!(held(&other, "viewer"), (1, 0, 1));
    portal.pass(FORTNIGHT);
    assert_eq!(held(&other, "viewer"), (1, 0, 0));
    invite(&other, "fay", "viewer").unwrap();
    assert_eq!((held(&store, "viewer"), code(register(&store, "bob", "viewer"))), ((1, 0, 1), Code::SeatLimitReached));
    portal.pass(FORTNIGHT);
    register(&store, "bob", "viewer").unwrap();
    assert_eq!((held(&store, "viewer"), held(&other, "viewer")), ((1, 1, 0), (1, 1, 0)));
    let expired = Some(InvitationState::Expired);
    assert_eq!(listed(&other, expired, None, 9), ["fay", "eve"]);
    assert_recounted(&other);
}

#[test]
fn an_expiry_that_a_refused_decision_saw_is_seen_again_by_the_next() {
    let (portal, store) = Portal::with_seats(2, 2);
    let sent = invite(&store, "eve", "viewer").unwrap();
    invite(&store, "fay", "creator").unwrap();
    portal.pass(FORTNIGHT);
    let broken = write(&store, |tx| {
        registration(tx, "bob", "viewer")?;
        Err::<(), _>(StoreError::internal("the test breaks off"))
    });
    assert_eq!(code(broken), Code::Internal);
    assert_eq!((held(&store, "viewer"), held(&store, "creator")), ((2, 0, 0), (2, 1, 0)));
    assert_recounted(&store);
    let outcome = store.rehearse_now(|tx| registration(tx, "cat", "viewer"));
    assert_eq!(outcome.unwrap().username, "cat");
    register(&store, "dan", "viewer").unwrap();
    assert_eq!((held(&store, "viewer"), held(&store, "creator")), ((2, 1, 0), (2, 1, 0)));
    assert_eq!(invitation(&store, &sent.id).state, InvitationState::Expired);
    assert_recounted(&store);
}

#[test]
fn a_renewal_gives_fourteen_days_more_and_another_secret() {
    let (portal, store) = Portal::with_seats(1, 2);
    let (first, second) = (secret(), secret());
    let given = first.clone();
    let sent = write(&store, move |tx| {
        let sent = inviting(tx, "eve", "viewer", "viewer")?;
        tx.renew_invitation(&Actor::console(), &sent, &given)
    });
    let sent = sent.unwrap();
    portal.pass(FORTNIGHT - 1);
    let (id, given) = (sent.id.clone(), second.clone());
    let renewed =
        write(&store, move |tx| tx.renew_invitation(&Actor::console(), &tx.invitation(&id)?, &given)).unwrap();
    assert_eq!((renewed.expires_at, renewed.state), (at("2027-01-12T11:59:59Z"), InvitationState::Pending));
    assert_eq!(store.read(|tx| tx.invitation_of(&first)).unwrap(), None);
    assert_eq!(store.read(|tx| tx.invitation_of(&second)).unwrap(), Some(renewed));
    portal.pass(FORTNIGHT - 1);
    assert_eq!(held(&store, "viewer"), (1, 0, 1));
    portal.pass(1);
    assert_eq!(held(&store, "viewer"), (1, 0, 0));
    assert_recounted(&store);
}

#[test]
fn an_invitation_that_has_ended_is_not_renewed_and_takes_no_seat_back() {
    let (portal, store) = Portal::with_seats(3, 2);
    let [late, revoked, accepted] = ["eve", "fay", "gil"].map(|name| invite(&store, name, "viewer").unwrap());
    revoke(&store, &revoked.id).unwrap();
    accept(&store, &accepted.id, "gil").unwrap();
    portal.pass(FORTNIGHT);
    let version = audit_count(&store);
    for one in [&late, &revoked, &accepted] {
        let before = invitation(&store, &one.id);
        assert_eq!(code(renew(&store, &one.id)), Code::InvitationEnded, "{}", one.username);
        assert_eq!(invitation(&store, &one.id), before);
    }
    // What somebody read while it was good does not help.
    let stale = write(&store, move |tx| tx.renew_invitation(&Actor::console(), &late, &secret()));
    assert_eq!(code(stale), Code::InvitationEnded);
    assert_eq!((audit_count(&store), held(&store, "viewer")), (version, (3, 1, 0)));
    assert_recounted(&store);
}

#[test]
fn a_revocation_frees_the_seat() {
    let (_portal, store) = Portal::with_seats(1, 2);
    let sent = invite(&store, "eve", "viewer").unwrap();
    assert_eq!(code(invite(&store, "fay", "viewer")), Code::SeatLimitReached);
    revoke(&store, &sent.id).unwrap();
    assert_eq!((invitation(&store, &sent.id).state, held(&store, "viewer")), (InvitationState::Revoked, (1, 0, 0)));
    assert_eq!(code(accept(&store, &sent.id, "eve")), Code::InvitationEnded);
    assert_eq!(code(revoke(&store, &sent.id)), Code::InvitationEnded);
    invite(&store, "fay", "viewer").unwrap();
    assert_eq!(audit_count(&store), 4);
    assert_recounted(&store);
}

#[test]
fn an_invitation_that_was_read_before_it_ended_accepts_and_revokes_nothing() {
    let (_portal, store) = Portal::with_seats(3, 2);
    let sent = invite(&store, "eve", "viewer").unwrap();
    invite(&store, "fay", "viewer").unwrap();
    accept(&store, &sent.id, "eve").unwrap();
    let old = sent.clone();
    let again = write(&store, move |tx| {
        let permit = capacity::accept(&tx.facts()?, &tx.invitation_facts(&old))?;
        tx.accept_invitation(permit, &newcomer("eve-2"))
    });
    assert_eq!(code(again), Code::Internal);
    let revoked = write(&store, move |tx| {
        let permit = capacity::revoke(&tx.facts()?, &Actor::console(), &tx.invitation_facts(&sent))?;
        tx.revoke_invitation(permit, &Actor::console())
    });
    assert_eq!(code(revoked), Code::Internal);
    assert_eq!(held(&store, "viewer"), (3, 1, 1));
    assert_recounted(&store);
}

#[test]
fn a_user_name_that_is_taken_leaves_the_invitation_as_it_was() {
    let (_portal, store) = Portal::with_seats(2, 2);
    let sent = invite(&store, "eve", "viewer").unwrap();
    register(&store, "Eve", "viewer").unwrap();
    let version = audit_count(&store);
    assert_eq!(code(accept(&store, &sent.id, "eVe")), Code::UsernameTaken);
    assert_eq!((invitation(&store, &sent.id), held(&store, "viewer")), (sent.clone(), (2, 1, 1)));
    assert_eq!(audit_count(&store), version);
    accept(&store, &sent.id, "eve-2").unwrap();
    assert_eq!(held(&store, "viewer"), (2, 2, 0));
    assert_recounted(&store);
}

#[test]
fn an_invitation_waits_while_any_type_is_over_and_while_no_seat_is_there() {
    let (_portal, store) = Portal::with_seats(2, 3);
    let dan = register(&store, "dan", "creator").unwrap();
    let cleo = register(&store, "cleo", "creator").unwrap();
    let sent = invite(&store, "eve", "viewer").unwrap();
    import(&store, only(seats(2, 2, 2)), Some(2)).unwrap();
    assert_eq!(code(accept(&store, &sent.id, "eve")), Code::CreationBlocked);
    delete(&store, &dan.id).unwrap();
    import(&store, only(seats(3, 0, 2)), None).unwrap();
    assert_eq!(code(accept(&store, &sent.id, "eve")), Code::CreationBlocked);
    assert_eq!((invitation(&store, &sent.id), held(&store, "viewer")), (sent.clone(), (0, 0, 1)));
    import(&store, only(seats(4, 1, 2)), None).unwrap();
    // The seat is kept from a move in, and the consent does not buy it.
    let set = || moves(&[(&cleo.id, "viewer")], &[("viewer", 1)]);
    assert_eq!(code(apply(&store, set())), Code::SeatLimitReached);
    accept(&store, &sent.id, "eve").unwrap();
    assert_eq!(held(&store, "viewer"), (1, 1, 0));
    assert_recounted(&store);
}

#[test]
fn invitations_are_listed_newest_first_and_a_page_of_one_state_is_full() {
    let (portal, store) = Portal::with_seats(20, 2);
    let late: Vec<_> = (0..3).map(|n| invite(&store, &format!("late-{n}"), "viewer").unwrap()).collect();
    portal.pass(FORTNIGHT);
    let sent: Vec<_> = (0..3).map(|n| invite(&store, &format!("new-{n}"), "viewer").unwrap()).collect();
    revoke(&store, &sent[1].id).unwrap();
    let expired = Some(InvitationState::Expired);
    assert_eq!(listed(&store, expired, None, 2), ["late-2", "late-1"]);
    assert_eq!(listed(&store, expired, Some(&late[1].id), 2), ["late-0"]);
    let pending = Some(InvitationState::Pending);
    assert_eq!(listed(&store, pending, None, 1), ["new-2"]);
    assert_eq!(listed(&store, pending, Some(&sent[2].id), 1), ["new-0"]);
    assert_eq!(listed(&store, Some(InvitationState::Revoked), None, 9), ["new-1"]);
    assert_eq!(listed(&store, Some(InvitationState::Accepted), None, 9), Vec::<String>::new());
    assert_eq!(listed(&store, None, None, 4), ["new-2", "new-1", "new-0", "late-2"]);
    assert_eq!(listed(&store, None, Some(&late[2].id), 4), ["late-1", "late-0"]);
    portal.pass(FORTNIGHT);
    // Now the newer ones are overdue, and only a read has seen it.
    assert_eq!(listed(&store, pending, None, 9), Vec::<String>::new());
    assert_eq!(listed(&store, expired, None, 3), ["new-2", "new-0", "late-2"]);
}
