//! Accounts, invitations, roles, settings, the directory and the log at a browser.

use serde_json::json;
use tests::files::order;
use tests::portal::Portal;

use crate::hand::{Hand, Means, by_every_means, newest};

by_every_means!(
    a_member_is_added_until_the_type_is_full_and_the_form_keeps_what_was_typed,
    somebody_is_invited_accepts_and_signs_in,
    a_role_is_made_given_and_kept_while_it_is_held,
    defaults_are_set_and_a_profile_shows_what_the_role_includes,
    the_directory_and_the_log_are_walked,
);

async fn a_member_is_added_until_the_type_is_full_and_the_form_keeps_what_was_typed(means: Means) {
    let portal = Portal::with(&order(1, &[("viewer", 2), ("creator", 1)])).await;
    let ana = portal.administrator().await;
    let hand = Hand::of(&portal, means, "ana").await;
    hand.chooses("Members").await;
    hand.chooses("Add a member").await;
    hand.types("User name", "vera").await;
    hand.types("Full name, if known", "Vera Lund").await;
    hand.picks("User type", "Viewer (2 seats free)").await;
    hand.picks("Role", "Viewer").await;
    hand.chooses("Add the member").await;
    hand.sees("Vera Lund was added").await;
    assert_eq!(ana.counts("viewer").await, (1, 2, 0));
    assert_eq!(newest(&ana, 1).await, ["ana member.add"]);
    hand.opens("/members/new").await;
    hand.types("User name", "victor").await;
    hand.types("Full name, if known", "Victor Berg").await;
    hand.picks("User type", "Viewer (1 seat free)").await;
    // While the form is open somebody else takes the last seat.
    ana.adds("wilma", "viewer").await;
    hand.picks("Role", "Viewer").await;
    hand.chooses("Add the member").await;
    hand.sees("There is a problem").await;
    hand.sees("seat-limit-reached").await;
    assert_eq!(hand.browser.holds("User name").await, "victor");
    assert_eq!(hand.browser.holds("Full name, if known").await, "Victor Berg");
    assert_eq!(ana.counts("viewer").await, (2, 2, 0));
}

async fn somebody_is_invited_accepts_and_signs_in(means: Means) {
    let portal = Portal::with(&order(1, &[("viewer", 1), ("creator", 1)])).await;
    let ana = portal.administrator().await;
    let hand = Hand::of(&portal, means, "ana").await;
    hand.chooses("Members").await;
    hand.chooses("Invitations").await;
    hand.chooses("Invite somebody").await;
    hand.types("User name to propose", "nina").await;
    hand.picks("User type", "Viewer (1 seat free)").await;
    hand.picks("Role", "Viewer").await;
    hand.chooses("Make the invitation").await;
    hand.sees("It is shown only now.").await;
    assert_eq!((ana.reserved("viewer").await, newest(&ana, 1).await), (1, vec!["ana invitation.send".to_owned()]));
    let text = hand.browser.reads().await;
    let path = text.split_whitespace().find_map(|word| word.split_once("/invitations/")).map(|(_, secret)| secret);
    let path = format!("/invitations/{}", path.unwrap_or_else(|| panic!("no address in {text}")));
    hand.chooses("Sign out").await;
    hand.is_at("/signin").await;
    hand.opens(&path).await;
    hand.types("User name", "nina").await;
    hand.types("Password", "many plain unrelated words").await;
    hand.types("Password again", "many plain unrelated words").await;
    hand.chooses("Accept the invitation").await;
    hand.sees("Your account is ready.").await;
    hand.types("User name", "nina").await;
    hand.types("Password", "many plain unrelated words").await;
    hand.chooses("Sign in").await;
    hand.is_at("/").await;
    assert_eq!((ana.counts("viewer").await, ana.reserved("viewer").await), ((1, 1, 0), 0));
    assert_eq!(newest(&ana, 3).await, ["nina member.sign-in", "nina token.open", "nina invitation.accept"]);
}

async fn a_role_is_made_given_and_kept_while_it_is_held(means: Means) {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let carla = ana.adds("carla", "creator").await;
    let hand = Hand::of(&portal, means, "ana").await;
    hand.chooses("Roles").await;
    hand.chooses("Make a role").await;
    hand.types("Name", "Field crew").await;
    hand.ticks("General, Members: View").await;
    hand.chooses("Show the effects").await;
    hand.sees("Nothing is saved yet.").await;
    hand.chooses("Save the role").await;
    hand.sees("The role is saved.").await;
    assert_eq!(newest(&ana, 1).await, ["ana role.create"]);
    hand.opens(&format!("/members/{}", carla.id)).await;
    hand.chooses("Change role").await;
    hand.picks("Role", "Field crew").await;
    hand.chooses("Show what would change").await;
    hand.chooses("Change carla").await;
    hand.sees("The change was applied.").await;
    let role = ana.finds(&carla).await.1;
    assert_eq!(newest(&ana, 1).await, ["ana change.apply"]);
    hand.opens(&format!("/roles/{role}")).await;
    hand.sees("It is held by 1 member.").await;
    hand.opens(&format!("/roles/{role}/delete")).await;
    hand.sees("Show these members").await;
    ana.deletes(&format!("/roles/{role}")).await.is_problem(409, "role-in-use");
    assert_eq!(ana.gets(&format!("/roles/{role}")).await.expecting(200).json()["name"], "Field crew");
}

async fn defaults_are_set_and_a_profile_shows_what_the_role_includes(means: Means) {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    ana.adds("vera", "viewer").await;
    let hand = Hand::of(&portal, means, "ana").await;
    hand.chooses("Settings").await;
    hand.chooses("New-member defaults").await;
    hand.picks("User type", "Viewer (24 seats free)").await;
    hand.chooses("Save").await;
    hand.sees("The settings are saved.").await;
    assert_eq!(newest(&ana, 1).await, ["ana settings.change"]);
    ana.posts("/members", &json!({"username": "nina"})).await.expecting(201);
    assert_eq!(ana.counts("viewer").await, (2, 25, 0));
    let hand = Hand::of(&portal, means, "vera").await;
    hand.chooses("Signed in as vera").await;
    hand.sees("Role information: Viewer").await;
    hand.sees("What the role includes").await;
}

async fn the_directory_and_the_log_are_walked(means: Means) {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let vera = ana.adds("vera", "viewer").await;
    let hand = Hand::of(&portal, means, "ana").await;
    hand.opens("/api/v1/status").await;
    hand.sees("Portal Directory").await;
    hand.chooses("members").await;
    hand.sees("\"username\": \"vera\"").await;
    hand.opens("/audit").await;
    hand.sees("Chain intact").await;
    hand.picks("What", "Member added").await;
    hand.chooses("Show").await;
    hand.sees("User name: vera").await;
    hand.chooses("vera").await;
    hand.is_at(&format!("/members/{}", vera.id)).await;
}
