//! Members, passwords, tokens, requests that are repeated, and the log of it all.

use errors::{Code, Failure};
use rules::change_set::Act;
use rules::{Actor, MemberState, sign_in};
use serde_json::json;
use store::{
    Answer, Files, Member, MemberFilter, NewMember, PasswordKind, RequestKey, Store, StoreError, StoredPassword,
    TokenHash,
};

use crate::harness::{
    DAY, Portal, START, act, asked, assert_recounted, at, audit_count, change, delete, import, member, newcomer, only,
    register, role, seats, user_type,
};

fn signed_in(store: &Store, member: &Member, token: &str) -> TokenHash {
    let hash = TokenHash::of(token.as_bytes());
    let (id, given) = (member.id.clone(), hash.clone());
    let decision = store.write_now(move |tx| {
        let actor = tx.actor(&id)?;
        tx.record_sign_in(&actor, &id)?;
        tx.open_token(&actor, &given, &id, tx.now().plus_seconds(DAY))
    });
    decision.unwrap();
    hash
}

fn holder(store: &Store, hash: &TokenHash) -> Option<String> {
    store.read(|tx| tx.session(hash)).unwrap().map(|session| session.member.username)
}

#[test]
fn a_token_lives_until_it_ends_expires_or_its_member_is_deleted() {
    let (portal, store) = Portal::activated();
    let ann = register(&store, "ann", "viewer").unwrap();
    let (first, second) = (signed_in(&store, &ann, "first"), signed_in(&store, &ann, "second"));
    assert_eq!(member(&store, &ann.id).unwrap().last_signed_in_at, Some(at(START)));
    assert_eq!((holder(&store, &first), holder(&store, &second)), (Some("ann".to_owned()), Some("ann".to_owned())));
    assert_eq!(holder(&store, &TokenHash::of(b"third")), None);
    let ended = first.clone();
    assert!(store.write_now(move |tx| tx.end_token(&Actor::console(), &ended)).unwrap());
    let ended = first.clone();
    assert!(!store.write_now(move |tx| tx.end_token(&Actor::console(), &ended)).unwrap());
    assert_eq!((holder(&store, &first), holder(&store, &second).as_deref()), (None, Some("ann")));
    portal.pass(DAY - 1);
    assert_eq!(holder(&store, &second).as_deref(), Some("ann"));
    portal.pass(1);
    assert_eq!(holder(&store, &second), None);
    let third = signed_in(&store, &ann, "third");
    delete(&store, &ann.id).unwrap();
    assert_eq!(holder(&store, &third), None);
    let gone = store.write_now(move |tx| tx.actor(&ann.id)).map_err(StoreError::into_failure);
    assert_eq!(gone.unwrap_err(), Failure::plain(Code::NotSignedIn));
}

#[test]
fn a_session_shows_the_lockout_of_this_moment() {
    let (_portal, store) = Portal::with_seats(2, 2);
    let ann = register(&store, "ann", "viewer").unwrap();
    register(&store, "bob", "viewer").unwrap();
    let dan = register(&store, "dan", "creator").unwrap();
    let token = signed_in(&store, &ann, "ann");
    let may_enter = |store: &Store| {
        let session = store.read(|tx| tx.session(&token)).unwrap().unwrap();
        sign_in::enter(&session.standing).map_err(|refusal| refusal.code())
    };
    assert_eq!(may_enter(&store), Ok(()));
    change(&store, &[(&dan.id, "viewer")], &[("viewer", 3)]).unwrap();
    assert_eq!(may_enter(&store), Err(Code::UserTypeOverLimit));
    let id = ann.id.clone();
    let acts = store.write_now(move |tx| tx.actor(&id)).map_err(StoreError::into_failure);
    assert_eq!(acts.unwrap_err().code, Code::UserTypeOverLimit);
    change(&store, &[(&dan.id, "creator")], &[]).unwrap();
    assert_eq!(may_enter(&store), Ok(()));
}

#[test]
fn a_token_of_a_disabled_or_archived_member_opens_nothing_until_the_member_is_back() {
    let (_portal, store) = Portal::activated();
    let ann = register(&store, "ann", "viewer").unwrap();
    let token = signed_in(&store, &ann, "ann");
    let may_enter = |store: &Store| {
        let session = store.read(|tx| tx.session(&token)).unwrap().unwrap();
        let actor = store.read(|tx| tx.actor(&ann.id)).map_err(|error| error.into_failure().code);
        let entered = sign_in::enter(&session.standing).map_err(|refusal| refusal.code());
        assert_eq!(actor.map(|_| ()), entered);
        entered
    };
    for (one, answer) in [
        (Act::Disable, Err(Code::MemberDisabled)),
        (Act::Enable, Ok(())),
        (Act::Archive, Err(Code::MemberArchived)),
        (Act::Restore, Ok(())),
    ] {
        act(&store, &ann.id, one).unwrap();
        assert_eq!(may_enter(&store), answer, "{}", one.as_str());
    }
}

#[test]
fn a_new_password_ends_every_other_token() {
    let (_portal, store) = Portal::activated();
    let ann = register(&store, "Ann", "viewer").unwrap();
    let (kept, other) = (signed_in(&store, &ann, "kept"), signed_in(&store, &ann, "other"));
    let (id, keep) = (ann.id.clone(), kept.clone());
    let decision = store.write_now(move |tx| {
        let own = StoredPassword::new("$argon2id$new".to_owned(), PasswordKind::Own);
        tx.set_password(&tx.actor(&id)?, &id, &own, Some(&keep))
    });
    decision.unwrap();
    assert_eq!((holder(&store, &kept).as_deref(), holder(&store, &other)), (Some("Ann"), None));
    let (found, password) = store.read(|tx| tx.credentials("ANN")).unwrap().unwrap();
    assert_eq!((found.password_kind, password.text()), (PasswordKind::Own, "$argon2id$new"));
    assert_eq!(format!("{password:?}"), "StoredPassword(own)");
    assert!(store.read(|tx| tx.credentials("nobody")).unwrap().is_none());
}

#[test]
fn every_write_leaves_its_row_in_the_log_with_who_did_what_to_whom() {
    let (_portal, store) = Portal::activated();
    let ann = register(&store, "ann", "viewer").unwrap();
    signed_in(&store, &ann, "ann");
    let (id, by) = (ann.id.clone(), ann.id.clone());
    store.write_now(move |tx| tx.update_profile(&tx.actor(&by)?, &id, "Ann Lee", "ann@example.com")).unwrap();
    delete(&store, &ann.id).unwrap();
    let rows = store.read(|tx| tx.audit(None, 100)).unwrap();
    let told: Vec<_> = rows.iter().rev().map(|row| (row.seq, row.actor_name.as_str(), row.action.as_str())).collect();
    let expected = [
        (1, "console", "portal.activate"),
        (2, "console", "member.add"),
        (3, "ann", "member.sign-in"),
        (4, "ann", "token.open"),
        (5, "ann", "member.update"),
        (6, "console", "change.apply"),
    ];
    assert_eq!(told, expected);
    let update = rows.get(1).unwrap();
    assert_eq!((update.actor_kind.as_str(), update.actor_id.as_deref()), ("member", Some(ann.id.as_str())));
    assert_eq!(update.detail.pointer("/full_name").unwrap(), &json!({ "before": "", "after": "Ann Lee" }));
    assert_eq!(store.read(|tx| tx.audit(Some(3), 1)).unwrap().first().unwrap().seq, 2);
    let deletion = rows.first().unwrap();
    let before = json!({ "user_type": "viewer", "role": "viewer", "state": "enabled" });
    let moved = json!({
        "member": ann.id.as_str(), "before": before, "after": null, "assigned": [], "unassigned": [],
        "ended_sessions_of": [], "released_checkouts_of": [],
    });
    assert_eq!(deletion.detail["moves"], json!([moved]));
    assert_eq!(audit_count(&store), 6);
}

#[test]
fn members_are_listed_by_name_page_by_page_and_found_by_any_part() {
    let (_portal, store) = Portal::activated();
    let named = |username: &str, full_name: &str| NewMember {
        full_name: full_name.to_owned(),
        email: format!("{username}@example.com"),
        ..newcomer(username)
    };
    for (new, type_id) in [
        (named("Cleo", "Cleo 100% Li"), "viewer"),
        (named("ann", "Ann_Lee"), "viewer"),
        (named("bob", "Bob"), "creator"),
    ] {
        let decision = store.write_now(move |tx| {
            let permit = rules::capacity::register(&tx.facts()?, &Actor::console(), &asked(type_id, "viewer"))?;
            tx.insert_member(permit, &Actor::console(), &new)
        });
        decision.unwrap();
    }
    let list = |filter: MemberFilter, cursor: Option<&str>, limit| {
        let page = store.read(|tx| tx.members(&filter, cursor, limit)).unwrap();
        (page.items.into_iter().map(|one| one.username).collect::<Vec<_>>(), page.next)
    };
    let all = MemberFilter::default;
    assert_eq!(
        list(all(), None, 3),
        (vec!["admin".to_owned(), "ann".to_owned(), "bob".to_owned()], Some("bob".to_owned()))
    );
    assert_eq!(list(all(), Some("bob"), 3), (vec!["Cleo".to_owned()], None));
    let of_type = MemberFilter { user_type: Some(user_type("creator")), ..all() };
    assert_eq!(list(of_type.clone(), None, 1), (vec!["admin".to_owned()], Some("admin".to_owned())));
    assert_eq!(list(of_type, Some("admin"), 1), (vec!["bob".to_owned()], None));
    let with_text = |text: &str| list(MemberFilter { text: Some(text.to_owned()), ..all() }, None, 9).0;
    assert_eq!(with_text("CLEO@"), ["Cleo"]);
    assert_eq!((with_text("0%"), with_text("n_l")), (vec!["Cleo".to_owned()], vec!["ann".to_owned()]));
    assert_eq!((with_text("%"), with_text("_")), (vec!["Cleo".to_owned()], vec!["ann".to_owned()]));
    let administrators = MemberFilter { role: Some(role("administrator")), state: Some(MemberState::Enabled), ..all() };
    assert_eq!(list(administrators.clone(), None, 9).0, ["admin"]);
    assert_eq!(
        list(MemberFilter { state: Some(MemberState::Disabled), ..administrators }, None, 9).0,
        Vec::<String>::new()
    );
    assert_recounted(&store);
}

#[test]
fn a_repeated_request_gets_its_first_answer_and_another_content_is_refused() {
    let (portal, store) = Portal::activated();
    let request = RequestKey::new("ann", "key-1", b"POST /changes {}");
    let answer = Answer { status: 201, body: "{\"id\":1}".to_owned() };
    let ask = |request: &RequestKey| store.read(|tx| tx.answered(request)).map_err(StoreError::into_failure);
    assert_eq!(ask(&request), Ok(None));
    let (kept, body) = (request.clone(), answer.clone());
    store.write_now(move |tx| tx.remember_answer(&kept, &body)).unwrap();
    assert_eq!(ask(&request), Ok(Some(answer)));
    assert_eq!(
        ask(&RequestKey::new("ann", "key-1", b"POST /changes {2}")).unwrap_err().code,
        Code::IdempotencyMismatch
    );
    assert_eq!(ask(&RequestKey::new("bob", "key-1", b"POST /changes {}")), Ok(None));
    portal.pass(DAY);
    assert_eq!(ask(&request), Ok(None));
    let again = Answer { status: 409, body: String::new() };
    let (kept, body) = (request.clone(), again.clone());
    store.write_now(move |tx| tx.remember_answer(&kept, &body)).unwrap();
    assert_eq!(ask(&request), Ok(Some(again)));
}

#[test]
fn a_preview_waits_a_day_for_the_one_who_made_it() {
    let (portal, store) = Portal::activated();
    let files = Files { trust: Some(crate::harness::trust(|_| {})), ..only(seats(2, 30, 5)) };
    let kept = files.clone();
    let id = store.write_now(move |tx| tx.save_preview("ann", &kept)).unwrap();
    assert!(id.starts_with("lic_") && id.len() == 30, "{id}");
    let find = |actor: &str| store.read(|tx| tx.preview(&id, actor)).unwrap().map(|preview| preview.files);
    assert_eq!((find("ann"), find("bob")), (Some(files.clone()), None));
    import(&store, files, None).unwrap();
    portal.pass(DAY);
    assert_eq!(find("ann"), None);
}
