//! The seats of S29 at a browser: signing in, the swap, one over and the way back, a change that does not fit, bulk.

use serde_json::json;
use tests::people::Person;
use tests::portal::{PASSWORD, Portal};

use crate::hand::{Hand, Means, by_every_means, newest};

by_every_means!(
    a_member_signs_in_is_locked_out_with_the_sentence_and_comes_in_again,
    two_members_are_swapped_at_full_capacity_in_under_ten_clicks,
    a_type_is_taken_one_over_with_consent_and_the_exchange_is_finished,
    a_role_that_does_not_fit_is_named_and_the_form_keeps_what_was_chosen,
    all_that_a_filter_finds_are_moved_and_moved_back,
    who_has_the_five_privileges_changes_a_user_type_and_who_only_looks_finds_no_way,
);

const SENTENCE: &str = "You cannot use this portal at the moment because of a software authorization error. Contact \
                        your portal administrator for assistance.";

/// The full house of S29: ana and four more Creators, 25 Viewers.
async fn full() -> (Portal, Person, Vec<Person>, Vec<Person>) {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let creators = ana.adds_many("creator", 4).await;
    let viewers = ana.adds_many("viewer", 25).await;
    (portal, ana, creators, viewers)
}

async fn tries_to_sign_in(hand: &Hand, username: &str, password: &str) {
    hand.opens("/signin").await;
    hand.types("User name", username).await;
    hand.types("Password", password).await;
    hand.chooses("Sign in").await;
}

async fn a_member_signs_in_is_locked_out_with_the_sentence_and_comes_in_again(means: Means) {
    let (portal, ana, creators, viewers) = full().await;
    let hand = Hand::of(&portal, means, "viewer1").await;
    hand.sees("viewer1").await;
    hand.chooses("Sign out").await;
    hand.is_at("/signin").await;
    let over = ana.changes_with_consent(&creators[0], ("viewer", "viewer"), 26).await.expecting(200);
    drop(over);
    tries_to_sign_in(&hand, "viewer1", "not the right words").await;
    hand.sees("There is a problem").await;
    hand.sees_no(SENTENCE).await;
    tries_to_sign_in(&hand, "viewer1", PASSWORD).await;
    hand.sees(SENTENCE).await;
    assert_eq!(viewers[0].gets("/me").await.status, 401, "nobody was let in");
    ana.changes(&viewers[1], "creator", "publisher").await.expecting(200);
    tries_to_sign_in(&hand, "viewer1", PASSWORD).await;
    hand.is_at("/").await;
    assert_eq!(newest(&ana, 1).await, ["viewer1 member.sign-in"]);
}

async fn two_members_are_swapped_at_full_capacity_in_under_ten_clicks(means: Means) {
    let (portal, ana, creators, viewers) = full().await;
    let hand = Hand::of(&portal, means, "ana").await;
    hand.chooses("Members").await;
    hand.chooses("creator1").await;
    hand.chooses("Swap with…").await;
    hand.types("User name of the other member", "viewer7").await;
    hand.chooses("Show the swap").await;
    hand.sees("Swap creator1 and viewer7").await;
    hand.sees("nobody locked out").await;
    hand.types("Reason, for the audit log", "urgent request").await;
    hand.chooses("Swap").await;
    hand.sees("The two members have exchanged user type and role.").await;
    assert!(hand.acts() < 10, "{} clicks", hand.acts());
    assert_eq!((ana.counts("viewer").await, ana.counts("creator").await), ((25, 25, 0), (5, 5, 0)));
    assert_eq!(ana.finds(&creators[0]).await.0.as_deref(), Some("viewer"));
    assert_eq!(ana.finds(&viewers[6]).await.0.as_deref(), Some("creator"));
    assert_eq!(newest(&ana, 1).await, ["ana change.apply"]);
    let change = ana.gets("/changes").await.expecting(200).json();
    assert_eq!(change["items"][0]["reason"], "urgent request");
}

async fn a_type_is_taken_one_over_with_consent_and_the_exchange_is_finished(means: Means) {
    let (portal, ana, _, _) = full().await;
    let hand = Hand::of(&portal, means, "ana").await;
    hand.chooses("Members").await;
    hand.chooses("Creator: change the user type of creator1").await;
    hand.picks("User type", "Viewer (full)").await;
    hand.picks("Role", "Viewer").await;
    hand.chooses("Save").await;
    hand.sees("Take Viewer one over?").await;
    hand.types("Number of members who will be locked out", "25").await;
    hand.chooses("Save").await;
    hand.sees("There is a problem").await;
    assert_eq!(ana.counts("viewer").await, (25, 25, 0));
    hand.types("Number of members who will be locked out", "26").await;
    hand.chooses("Save").await;
    hand.sees("Viewer is over by 1").await;
    assert_eq!(ana.counts("viewer").await, (26, 25, 26));
    assert_eq!(ana.posts("/members", &json!({"username": "late", "user_type": "creator"})).await.status, 403);
    // The notice stands on every page and cannot be put away.
    for page in ["/", "/licenses", "/changes", "/audit", "/settings"] {
        hand.opens(page).await;
        hand.sees("Started by ana: creator1 Creator → Viewer.").await;
    }
    hand.chooses("Finish the exchange").await;
    hand.chooses("Viewer: change the user type of viewer3").await;
    hand.picks("User type", "Creator (1 seat free)").await;
    hand.picks("Role", "Publisher").await;
    hand.chooses("Save").await;
    hand.sees("The user type and role are saved.").await;
    hand.sees_no("is over by").await;
    assert_eq!((ana.counts("viewer").await, ana.counts("creator").await), ((25, 25, 0), (5, 5, 0)));
    assert_eq!(newest(&ana, 2).await, ["ana change.apply", "ana change.apply"]);
}

async fn a_role_that_does_not_fit_is_named_and_the_form_keeps_what_was_chosen(means: Means) {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let carla = ana.adds("carla", "creator").await;
    let hand = Hand::of(&portal, means, "ana").await;
    hand.opens(&format!("/members/{}/user-type", carla.id)).await;
    hand.picks("User type", "Viewer (25 seats free)").await;
    hand.picks("Role", "Publisher").await;
    hand.types("Reason, for the audit log", "spring").await;
    hand.chooses("Save").await;
    hand.sees("role-exceeds-user-type").await;
    assert_eq!(ana.finds(&carla).await.0.as_deref(), Some("creator"));
    assert_eq!(hand.browser.holds("User type").await, "viewer");
    assert_eq!(hand.browser.holds("Reason, for the audit log").await, "spring");
    hand.picks("Role", "Viewer").await;
    hand.chooses("Show what would change").await;
    hand.sees("What would change").await;
    assert_eq!(ana.finds(&carla).await.0.as_deref(), Some("creator"));
    hand.chooses("Save").await;
    hand.sees("The user type and role are saved.").await;
    assert_eq!(ana.finds(&carla).await.0.as_deref(), Some("viewer"));
    assert_eq!(newest(&ana, 1).await, ["ana change.apply"]);
}

async fn all_that_a_filter_finds_are_moved_and_moved_back(means: Means) {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let viewers = ana.adds_many("viewer", 4).await;
    ana.adds("carla", "creator").await;
    let hand = Hand::of(&portal, means, "ana").await;
    hand.chooses("Members").await;
    hand.picks("User type", "Viewer").await;
    hand.chooses("Show").await;
    hand.is_at("/members").await;
    hand.sees("4 members").await;
    hand.ticks("All that the filters find (4 members), not only those on this page").await;
    hand.chooses("Disable…").await;
    hand.chooses("Show what would change").await;
    hand.sees("What would change").await;
    assert_eq!(ana.finds(&viewers[0]).await.2, "enabled");
    hand.chooses("Disable 4 members").await;
    hand.sees("The change was applied.").await;
    assert_eq!(ana.finds(&viewers[3]).await.2, "disabled");
    hand.chooses("Undo…").await;
    hand.chooses("Undo the change").await;
    hand.sees("The change was undone.").await;
    assert_eq!(ana.finds(&viewers[3]).await.2, "enabled");
    assert_eq!(newest(&ana, 2).await, ["ana change.apply", "ana change.apply"]);
}

async fn who_has_the_five_privileges_changes_a_user_type_and_who_only_looks_finds_no_way(means: Means) {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let carla = ana.adds("carla", "creator").await;
    let may = [
        "members.view",
        "admin.members.view_all",
        "admin.members.update",
        "admin.members.change_roles",
        "admin.members.manage_licenses",
    ];
    let desk = ana.makes_role("Desk", &may).await;
    let reader = ana.makes_role("Reader", &may[..2]).await;
    ana.adds_with_role("dora", "creator", &desk).await;
    let rita = ana.adds_with_role("rita", "creator", &reader).await;
    // Dora may, and does.
    let hand = Hand::of(&portal, means, "dora").await;
    hand.opens(&format!("/members/{}", carla.id)).await;
    hand.chooses("Change user type").await;
    hand.picks("User type", "Viewer (25 seats free)").await;
    hand.picks("Role", "Viewer").await;
    hand.chooses("Save").await;
    hand.sees("The user type and role are saved.").await;
    assert_eq!(newest(&ana, 1).await, ["dora change.apply"]);
    // Rita may look.
    let hand = Hand::of(&portal, means, "rita").await;
    hand.opens(&format!("/members/{}", carla.id)).await;
    hand.sees("carla").await;
    hand.sees_no("Change user type").await;
    hand.opens(&format!("/members/{}/user-type", carla.id)).await;
    hand.sees("privilege-missing").await;
    let mut rita = rita;
    rita.signs_in().await.expecting(200);
    rita.changes(&carla, "creator", "publisher").await.is_problem(403, "privilege-missing");
    assert_eq!(ana.finds(&carla).await.0.as_deref(), Some("viewer"));
}
