//! The vendor's trust list, files that wait for their terms, and the clock, as administrators and members meet them.

use axum::http::Method;
use entitlement::SecretKey;
use serde_json::{Value, json};
use tests::files::{THIRTY_SEATS, at, order, root, signing, trust};
use tests::people::{Answer, JSON, Person};
use tests::portal::Portal;

async fn brings(who: &Person, query: &str, list: &[u8]) -> Answer {
    who.asks(Method::POST, &format!("/trust{query}"), &[JSON], list.to_vec()).await
}

fn notices(status: &Value) -> Vec<&str> {
    let all = status["notices"].as_array().expect("notices");
    all.iter().map(|one| one["code"].as_str().unwrap_or_default()).collect()
}

async fn status(ana: &Person) -> Value {
    ana.gets("/status").await.expecting(200).json()
}

#[tokio::test]
async fn a_revoked_license_is_shown_before_it_is_taken_locks_members_out_and_the_next_file_lets_them_in() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let mut vera = ana.adds("vera", "viewer").await;
    vera.signs_in().await.expecting(200);
    let revoking = trust(2, |draft| draft.revoked_licenses = ["SW-2026-000001".parse().expect("an id")].into());
    let shown = brings(&ana, "?dry_run=true", &revoking).await.expecting(200).json();
    assert_eq!((&shown["revokes_license"], &shown["locked_out"]), (&json!(true), &json!(1)));
    assert_eq!((&shown["trust"]["version"], &shown["already_installed"]), (&json!(2), &json!(false)));
    assert_eq!(vera.gets_in().await, Ok(()), "nothing has changed");
    for query in ["", "?confirm_locked_out=0", "?confirm_locked_out=2"] {
        let refused = brings(&ana, query, &revoking).await;
        refused.is_problem(409, "confirmation-mismatch");
        assert_eq!(refused.json()["expected"], 1);
    }
    assert_eq!(brings(&ana, "?confirm_locked_out=1", &revoking).await.expecting(200).json()["imported"], true);
    assert_eq!(vera.gets_in().await, Err((403, "user-type-over-limit".to_owned())));
    assert_eq!(status(&ana).await["license"]["state"], "revoked");
    assert_eq!(brings(&ana, "", &revoking).await.expecting(200).json()["imported"], false);
    // The revoked license comes in no more, whatever its sequence; another one does.
    let mut same = order(2, THIRTY_SEATS);
    same.0.jti = "SW-2026-000001".parse().expect("an id");
    ana.asks(Method::POST, "/license-previews", &[], same.signed()).await.is_problem(422, "license-revoked");
    ana.imports_license(&order(2, THIRTY_SEATS).signed(), None).await.expecting(200);
    assert_eq!(vera.gets_in().await, Ok(()));
}

#[tokio::test]
async fn a_key_that_is_revoked_later_leaves_the_installed_file_under_a_notice_and_signs_no_other() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let next = SecretKey::from_seed("2027-a".parse().expect("a key id"), &[7; 32]);
    let list = trust(2, |draft| {
        let mut key = draft.keys[0].clone();
        key.key = next.public();
        draft.keys.push(key);
        draft.revoked_keys.insert(signing().kid().clone(), at("2026-12-01T00:00:00Z"));
    });
    let shown = brings(&ana, "?dry_run=true", &list).await.expecting(200).json();
    assert_eq!(
        (&shown["revokes_key"], &shown["problem"], &shown["locked_out"]),
        (&json!(true), &json!(null), &json!(0))
    );
    brings(&ana, "", &list).await.expecting(200);
    let told = status(&ana).await;
    assert_eq!((notices(&told), &told["license"]["state"]), (vec!["signing-key-revoked"], &json!("in-term")));
    ana.opens("/members").await.says("The vendor has revoked the key 2026-a. The file stays in force");
    // A thief writes an old date; the file is refused whatever it says of its age.
    ana.asks(Method::POST, "/license-previews", &[], order(2, THIRTY_SEATS).signed())
        .await
        .is_problem(422, "license-key-revoked");
    ana.imports_license(&order(2, THIRTY_SEATS).signed_by(&next), None).await.expecting(200);
    assert_eq!(notices(&status(&ana).await), Vec::<&str>::new());
    let shown = ana.gets("/trust").await.expecting(200).json();
    let states: Vec<_> = shown["keys"].as_array().expect("keys").iter().map(|key| key["state"].clone()).collect();
    assert_eq!(states, ["revoked", "signs"]);
}

#[tokio::test]
async fn a_list_that_takes_away_the_key_of_the_installed_file_says_so_and_an_older_one_never_comes_back() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let mut vera = ana.adds("vera", "viewer").await;
    vera.signs_in().await.expecting(200);
    let without = trust(3, |draft| draft.keys.clear());
    let shown = brings(&ana, "?dry_run=true", &without).await.expecting(200).json();
    assert_eq!((&shown["problem"]["code"], &shown["locked_out"]), (&json!("license-key-unknown"), &json!(1)));
    brings(&ana, "?confirm_locked_out=1", &without).await.expecting(200);
    assert_eq!(status(&ana).await["license"]["state"], "refused");
    for (version, code) in [(1, "trust-list-older"), (2, "trust-list-older")] {
        brings(&ana, "", &trust(version, |_| ())).await.is_problem(422, code);
    }
    brings(&ana, "", &trust(3, |_| ())).await.is_problem(422, "trust-list-older");
    brings(&ana, "", &order(2, THIRTY_SEATS).signed()).await.is_problem(422, "license-wrong-kind");
    let stranger = SecretKey::from_seed(root().kid().clone(), &[9; 32]);
    let draft = entitlement::open_trust_list(&trust(4, |_| ()), &tests::files::roots(), at("2026-12-01T00:00:00Z"));
    let forged = entitlement::seal_trust_list(draft.expect("a list").draft(), &stranger).expect("a list");
    brings(&ana, "", forged.as_bytes()).await.is_problem(422, "license-signature");
    brings(&ana, "", &trust(4, |_| ())).await.expecting(200);
    assert_eq!((status(&ana).await["license"]["state"].clone(), vera.gets_in().await), (json!("in-term"), Ok(())));
}

#[tokio::test]
async fn an_expired_list_is_told_and_stops_nothing() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    brings(&ana, "", &trust(2, |draft| draft.expires = at("2026-12-01T10:00:00Z"))).await.expecting(200);
    portal.clock.set(at("2026-12-01T09:59:59Z"));
    assert_eq!(notices(&status(&ana).await), Vec::<&str>::new());
    portal.clock.set(at("2026-12-01T10:00:00Z"));
    assert_eq!(notices(&status(&ana).await), ["trust-list-expired"]);
    ana.adds("vera", "viewer").await;
    ana.imports_license(&order(2, THIRTY_SEATS).signed(), None).await.expecting(200);
}

#[tokio::test]
async fn a_file_for_next_month_waits_is_seen_and_comes_in_force_by_itself() {
    let portal = Portal::with(&order(1, &[("viewer", 2), ("creator", 5)])).await;
    let ana = portal.administrator().await;
    ana.adds_many("viewer", 2).await;
    let next = order(2, &[("viewer", 3), ("creator", 5)]).from("2027-01-01T00:00:00Z").signed();
    let sent = ana.uploads(&next).await;
    let address = sent.header("location").to_owned();
    let page = ana.opens(&address).await.expecting(200);
    page.says("<h2>The file waits for its term</h2>").says("1 Jan 2027 00:00 UTC");
    ana.submits(&address, &[]).await.leads_to("/licenses?done=staged");
    let page = ana.opens("/licenses?done=staged").await.expecting(200);
    page.says("comes in force by itself when its term begins")
        .says("Files that wait for their terms")
        .says("Give up SW-2026-000002");
    let waits = ana.gets("/licenses/staged").await.expecting(200).json();
    assert_eq!(
        (&waits["items"][0]["from"], &waits["items"][0]["staged_by"]),
        (&json!("2027-01-01T00:00:00Z"), &json!("ana"))
    );

    portal.clock.set(at("2026-12-31T23:59:59Z"));
    let mut ana = portal.person("ana");
    ana.signs_in().await.expecting(200);
    assert_eq!(ana.counts("viewer").await, (2, 2, 0));
    portal.clock.set(at("2027-01-01T00:00:00Z"));
    assert_eq!(ana.counts("viewer").await, (2, 3, 0));
    ana.adds("third", "viewer").await;
    assert_eq!(ana.gets("/licenses/2/file").await.expecting(200).bytes, next);
    ana.opens("/licenses").await.expecting(200).is_silent_on("Files that wait");
}

#[tokio::test]
async fn a_waiting_file_is_given_up_on_the_page_and_by_the_interface() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    for sequence in [2, 3] {
        let later = order(sequence, THIRTY_SEATS).from("2027-01-01T00:00:00Z").signed();
        let staged = ana.imports_license(&later, None).await.expecting(200).json();
        assert_eq!((&staged["imported"], &staged["staged"]), (&json!(false), &json!(true)));
    }
    let page = ana.opens("/licenses/staged/SW-2026-000003").await.expecting(200);
    page.says("Give up SW-2026-000003, sequence 3?");
    ana.opens("/licenses/staged/SW-2026-000002").await.expecting(404);
    ana.submits("/licenses/staged/SW-2026-000003", &[]).await.leads_to("/licenses?done=withdrawn");
    ana.deletes("/licenses/staged/SW-2026-000003").await.is_problem(404, "not-found");
    let later = order(4, THIRTY_SEATS).from("2027-01-01T00:00:00Z").signed();
    ana.imports_license(&later, None).await.expecting(200);
    ana.deletes("/licenses/staged/SW-2026-000004").await.expecting(204);
    assert_eq!(ana.gets("/licenses/staged").await.json()["items"], json!([]));
}

#[tokio::test]
async fn a_clock_that_is_set_back_is_told_and_one_that_runs_ahead_as_well() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    portal.clock.set(at("2026-12-01T11:00:00Z"));
    portal.minute_passes().await;
    portal.clock.set(at("2026-12-01T10:59:00Z"));
    assert_eq!(notices(&status(&ana).await), Vec::<&str>::new(), "two minutes are nothing");
    portal.clock.set(at("2026-12-01T10:00:00Z"));
    assert_eq!(notices(&status(&ana).await), ["clock-behind"]);
    ana.opens("/members").await.says("The clock of this machine is behind");
    let mut vera = ana.adds("vera", "viewer").await;
    vera.signs_in().await.expecting(200);
    vera.opens("/").await.expecting(200).is_silent_on("clock of this machine");
}
