//! Invitations: each holds a seat until somebody takes it, it is revoked, or 14 days have passed (S88, S92, S111).

use serde_json::json;
use tests::files::{at, order};
use tests::people::{Answer, Person};
use tests::portal::{PASSWORD, Portal};

/// Two Viewer seats, and somebody without an account.
async fn house() -> (Portal, Person, Person) {
    let portal = Portal::with(&order(1, &[("viewer", 2), ("creator", 2)])).await;
    let ana = portal.administrator().await;
    let stranger = portal.person("stranger");
    (portal, ana, stranger)
}

/// A stranger is told that the account cannot be made, and no number.
#[track_caller]
fn tells_a_stranger_nothing(answer: &Answer) {
    answer.is_problem(403, "creation-blocked-not-compliant");
    let sentence = "The account could not be created because of a software authorization error. \
                    Contact your portal administrator for assistance.";
    assert_eq!(answer.json()["detail"], sentence);
    assert_eq!(answer.json()["reference"].as_str(), Some(answer.header("request-id")));
    for fact in ["over", "licensed", "assigned", "reserved", "user_type", "locked_out", "types_with_room"] {
        assert!(answer.json().get(fact).is_none(), "`{fact}` in {}", answer.text());
    }
}

#[tokio::test]
async fn who_is_invited_sets_a_password_and_takes_the_seat_that_was_held() {
    let (portal, ana, stranger) = house().await;
    let asked =
        json!({"username": "nina", "full_name": "Nina Ode", "email": "nina@city.example", "user_type": "viewer"});
    let sent = ana.posts("/invitations", &asked).await.expecting(201);
    assert_eq!(sent.header("cache-control"), "no-store");
    let invitation = sent.json();
    assert_eq!((&invitation["state"], &invitation["role"]), (&json!("pending"), &json!("viewer")));
    assert_eq!(invitation["expires_at"], "2026-12-15T09:00:00Z");
    assert_eq!((ana.counts("viewer").await, ana.reserved("viewer").await), ((0, 2, 0), 1));
    let secret = sent.text_of("token");
    assert_eq!(invitation["accept_at"], format!("/invitations/{secret}"));
    // The list does not hold the secret.
    assert!(!ana.gets("/invitations").await.expecting(200).text().contains(&secret));

    let body = json!({"username": "nina", "password": "short"});
    stranger.posts(&format!("/invitations/{secret}/accept"), &body).await.is_problem(422, "password-unsuitable");
    stranger.accepts(&secret, "ana").await.is_problem(409, "username-taken");
    let member = stranger.accepts(&secret, "nina").await.expecting(201).json();
    assert_eq!((&member["full_name"], &member["user_type"]), (&json!("Nina Ode"), &json!("viewer")));
    assert_eq!(member["must_change_password"], false);
    assert_eq!((ana.counts("viewer").await, ana.reserved("viewer").await), ((1, 2, 0), 0));
    let mut nina = portal.person("nina");
    nina.signs_in().await.expecting(200);
    let kept = ana.gets("/invitations?state=accepted").await.json()["items"][0].clone();
    assert_eq!((&kept["member"], &kept["ended_at"]), (&member["id"], &json!("2026-12-01T09:00:00Z")));
    stranger.accepts(&secret, "nino").await.is_problem(410, "invitation-ended");
}

#[tokio::test]
async fn an_invitation_waits_fourteen_days_to_the_second_and_then_its_seat_is_free() {
    let (portal, ana, stranger) = house().await;
    let first = ana.invites("viewer").await.expecting(201).text_of("token");
    let second = ana.invites("viewer").await.expecting(201).text_of("token");
    ana.invites("viewer").await.is_problem(409, "seat-limit-reached");
    portal.clock.set(at("2026-12-15T08:59:59Z"));
    stranger.accepts(&first, "nina").await.expecting(201);
    portal.clock.set(at("2026-12-15T09:00:00Z"));
    stranger.accepts(&second, "otto").await.is_problem(410, "invitation-ended");
    let ana = portal.administrator().await;
    assert_eq!((ana.counts("viewer").await, ana.reserved("viewer").await), ((1, 2, 0), 0));
    assert_eq!(ana.gets("/invitations?state=expired").await.json()["items"][0]["state"], "expired");
    assert_eq!(ana.gets("/invitations?state=pending").await.json()["items"], json!([]));
    ana.adds("otto", "viewer").await;
    assert_eq!(portal.state.store.read(|tx| tx.recount()).unwrap(), []);
}

#[tokio::test]
async fn a_renewed_invitation_has_a_new_secret_and_fourteen_more_days() {
    let (portal, ana, stranger) = house().await;
    let sent = ana.invites("viewer").await.expecting(201);
    portal.clock.set(at("2026-12-10T09:00:00Z"));
    let ana = {
        drop(ana);
        portal.administrator().await
    };
    let renewed =
        ana.posts_once(&format!("/invitations/{}/resend", sent.text_of("id")), &json!({})).await.expecting(200);
    assert_eq!(renewed.text_of("expires_at"), "2026-12-24T09:00:00Z");
    assert_eq!(ana.reserved("viewer").await, 1);
    stranger.accepts(&sent.text_of("token"), "nina").await.is_problem(410, "invitation-ended");
    portal.clock.set(at("2026-12-20T09:00:00Z"));
    stranger.accepts(&renewed.text_of("token"), "nina").await.expecting(201);
    let ana = portal.administrator().await;
    let again = ana.posts_once(&format!("/invitations/{}/resend", sent.text_of("id")), &json!({})).await;
    again.is_problem(410, "invitation-ended");
}

#[tokio::test]
async fn a_revoked_invitation_accepts_nobody_and_frees_its_seat() {
    let (_, ana, stranger) = house().await;
    let sent = ana.invites("viewer").await.expecting(201);
    let path = format!("/invitations/{}", sent.text_of("id"));
    assert_eq!(ana.deletes(&path).await.status, 204);
    stranger.accepts(&sent.text_of("token"), "nina").await.is_problem(410, "invitation-ended");
    assert_eq!(ana.reserved("viewer").await, 0);
    ana.deletes(&path).await.is_problem(410, "invitation-ended");
    ana.deletes("/invitations/inv_00000000000000000000000000").await.is_problem(404, "not-found");
}

#[tokio::test]
async fn while_the_seat_is_not_there_the_invitation_waits_and_the_stranger_learns_no_number() {
    let (_, ana, stranger) = house().await;
    let secret = ana.invites("viewer").await.expecting(201).text_of("token");
    ana.adds("vera", "viewer").await;
    // A smaller file: the one seat is vera's.
    ana.imports_license(&order(2, &[("viewer", 1), ("creator", 2)]).signed(), None).await.expecting(200);
    tells_a_stranger_nothing(&stranger.accepts(&secret, "nina").await);
    // Over in another type: nobody is added anywhere.
    ana.adds("carla", "creator").await;
    ana.imports_license(&order(3, &[("viewer", 2), ("creator", 1)]).signed(), Some(1)).await.expecting(200);
    tells_a_stranger_nothing(&stranger.accepts(&secret, "nina").await);
    // The page says the same, and that the invitation is still good.
    let (address, password) = (format!("/invitations/{secret}"), tests::portal::PASSWORD);
    let fields =
        [("username", "nina"), ("full_name", "Nina Ode"), ("password", password), ("repeat_password", password)];
    let page = stranger.submits_as_is(&address, &fields).await.expecting(403);
    page.says("because of a software authorization error").says("Try again later.").is_silent_on(password);
    page.says(&format!("reference <code>{}</code>", page.header("request-id")));
    ana.imports_license(&order(4, &[("viewer", 2), ("creator", 2)]).signed(), None).await.expecting(200);
    stranger.submits_as_is(&address, &fields).await.leads_to("/signin?done=accepted");
    stranger.accepts(&secret, "nina").await.is_problem(410, "invitation-ended");
    assert_eq!((ana.counts("viewer").await, ana.reserved("viewer").await), ((2, 2, 0), 0));
}

#[tokio::test]
async fn an_invitation_at_the_last_seat_holds_it_against_everybody_but_its_own_guest() {
    let (_, ana, stranger) = house().await;
    ana.adds("vera", "viewer").await;
    let secret = ana.invites("viewer").await.expecting(201).text_of("token");
    let refused = ana.posts("/members", &json!({"username": "otto", "user_type": "viewer"})).await;
    refused.is_problem(409, "seat-limit-reached");
    assert_eq!(refused.json()["reserved"], 1);
    let carla = ana.adds("carla", "creator").await;
    // Nor is the type taken one over while a seat is promised.
    ana.changes(&carla, "viewer", "viewer").await.is_problem(409, "seat-limit-reached");
    ana.changes_with_consent(&carla, ("viewer", "viewer"), 2).await.is_problem(409, "seat-limit-reached");
    stranger.accepts(&secret, "nina").await.expecting(201);
    assert_eq!((ana.counts("viewer").await, ana.reserved("viewer").await), ((2, 2, 0), 0));
}

#[tokio::test]
async fn secrets_that_are_none_are_all_answered_alike_and_before_any_password_is_hashed() {
    let (_, ana, stranger) = house().await;
    let sent = ana.invites("viewer").await.expecting(201);
    let id = sent.text_of("id");
    for secret in ["x", "swp_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", &id, "..%2f..", "%00"] {
        stranger.accepts(secret, "nina").await.is_problem(410, "invitation-ended");
        let short = json!({"username": "nina", "password": "x"});
        stranger.posts(&format!("/invitations/{secret}/accept"), &short).await.is_problem(410, "invitation-ended");
    }
    let path = format!("/invitations/{}/accept", sent.text_of("token"));
    for body in [
        json!({"username": "", "password": PASSWORD}),
        json!({"username": "a/b", "password": PASSWORD}),
        json!({"username": "nina"}),
        json!({"username": "nina", "password": PASSWORD, "role": "administrator"}),
    ] {
        stranger.posts(&path, &body).await.is_problem(422, "validation-failed");
    }
}

#[tokio::test]
async fn nobody_invites_above_the_own_role_and_an_unsuitable_role_is_refused_when_it_is_sent() {
    let (_, ana, _) = house().await;
    let role = ana.makes_role("Host", &["members.view", "admin.members.invite"]).await;
    let hugo = ana.adds_with_role("hugo", "creator", &role).await;
    let asked = |role: &str| json!({"user_type": "creator", "role": role});
    hugo.posts("/invitations", &asked("administrator")).await.is_problem(403, "reserved-to-administrators");
    let strong = ana.makes_role("Strong", &["admin.members.delete"]).await;
    let refused = hugo.posts("/invitations", &asked(&strong)).await;
    refused.is_problem(403, "privilege-missing");
    assert_eq!(refused.json()["privileges"], json!(["admin.members.delete"]));
    let unfit = json!({"user_type": "viewer", "role": "publisher"});
    hugo.posts("/invitations", &unfit).await.is_problem(409, "role-exceeds-user-type");
    assert_eq!(ana.gets("/invitations").await.json()["items"], json!([]));
}

#[tokio::test]
async fn one_that_has_expired_is_found_behind_however_many_newer_ones() {
    let portal = Portal::with(&order(1, &[("viewer", 300), ("creator", 2)])).await;
    let ana = portal.administrator().await;
    let first = ana.invites("viewer").await.expecting(201).text_of("id");
    portal.clock.set(at("2026-12-15T09:00:00Z"));
    let ana = portal.administrator().await;
    for _ in 0..205 {
        ana.invites("viewer").await.expecting(201);
    }
    let expired = ana.gets("/invitations?state=expired").await.expecting(200).json();
    let ids: Vec<&str> = expired["items"].as_array().unwrap().iter().filter_map(|one| one["id"].as_str()).collect();
    assert_eq!((ids, &expired["next"]), (vec![first.as_str()], &json!(null)));
    let newest = ana.gets("/invitations?state=pending").await.expecting(200).json();
    assert_eq!(newest["items"].as_array().map(Vec::len), Some(200));
    let next = newest["next"].as_str().unwrap();
    let rest = ana.gets(&format!("/invitations?state=pending&cursor={next}")).await.expecting(200).json();
    assert_eq!((rest["items"].as_array().map(Vec::len), &rest["next"]), (Some(5), &json!(null)));
}
