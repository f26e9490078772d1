//! License files, add-ons and products at a browser.

use tests::files::order;
use tests::portal::Portal;
use tests::products::{STANDARD, carlas_house, give, two_of_pro};

use crate::hand::{Hand, Means, by_every_means, newest};

by_every_means!(
    a_smaller_file_is_shown_confirmed_by_its_number_and_mended_by_the_next,
    an_add_on_is_given_and_taken_with_its_effects_shown_first,
    products_that_are_over_assigned_stop_and_are_put_right,
    a_session_is_ended_from_the_license_activity,
    offline_use_is_prevented_for_all,
    who_may_not_manage_licenses_sees_no_import_and_no_activity,
);

async fn a_smaller_file_is_shown_confirmed_by_its_number_and_mended_by_the_next(means: Means) {
    let portal = Portal::with(&order(1, &[("viewer", 3), ("creator", 2)])).await;
    let ana = portal.administrator().await;
    ana.adds_many("viewer", 3).await;
    let hand = Hand::of(&portal, means, "ana").await;
    hand.chooses("Licenses").await;
    hand.chooses_file("License file", "smaller.json", &order(2, &[("viewer", 2), ("creator", 2)]).signed()).await;
    hand.chooses("Show what would change").await;
    hand.sees("3 members would be locked out").await;
    hand.sees("viewer2 (viewer2), Viewer").await;
    hand.types("Number of members who will be locked out", "2").await;
    hand.chooses("Import the file").await;
    hand.sees("There is a problem").await;
    assert_eq!(ana.counts("viewer").await, (3, 3, 0));
    hand.types("Number of members who will be locked out", "3").await;
    hand.chooses("Import the file").await;
    hand.sees("The license file is in force.").await;
    hand.sees("Viewer is over by 1").await;
    assert_eq!(ana.counts("viewer").await, (3, 2, 3));
    assert_eq!(newest(&ana, 1).await, ["ana license.import"]);
    hand.chooses_file("License file", "greater.json", &order(3, &[("viewer", 4), ("creator", 2)]).signed()).await;
    hand.chooses("Show what would change").await;
    hand.chooses("Import the file").await;
    hand.sees("The license file is in force.").await;
    hand.sees_no("is over by").await;
    assert_eq!(ana.counts("viewer").await, (3, 4, 0));
}

async fn an_add_on_is_given_and_taken_with_its_effects_shown_first(means: Means) {
    let (portal, ana, carla) = carlas_house(&two_of_pro).await;
    let dora = ana.adds("dora", "creator").await;
    let hand = Hand::of(&portal, means, "ana").await;
    hand.opens(&format!("/members/{}", dora.id)).await;
    hand.chooses("Manage add-on licenses").await;
    hand.picks("ArcGIS Pro Standard", "Assign").await;
    hand.chooses("Show what would change").await;
    hand.sees("What would change").await;
    assert_eq!(ana.tally(STANDARD).await, (2, 1, 1));
    hand.chooses("Change dora").await;
    hand.sees("The change was applied.").await;
    assert_eq!(ana.tally(STANDARD).await, (2, 2, 0));
    hand.opens(&format!("/add-ons/{STANDARD}")).await;
    hand.ticks("Choose carla").await;
    hand.chooses("Unassign from the chosen…").await;
    hand.sees("What would change").await;
    hand.chooses("Change carla").await;
    hand.sees("The change was applied.").await;
    assert_eq!(ana.tally(STANDARD).await, (2, 1, 1));
    assert_eq!(ana.add_ons_of(&carla).await, serde_json::json!([]));
    assert_eq!(newest(&ana, 2).await, ["ana change.apply", "ana change.apply"]);
}

async fn products_that_are_over_assigned_stop_and_are_put_right(means: Means) {
    let (portal, ana, carla) = carlas_house(&two_of_pro).await;
    let dora = ana.adds("dora", "creator").await;
    ana.does(&[give(&dora, &[STANDARD])]).await.expecting(201);
    let smaller = order(2, &[("viewer", 5), ("creator", 5), ("gis-pro-advanced", 2)]).with(STANDARD, 1);
    ana.imports_license(&smaller.bound_to(portal.key.clone()).signed(), None).await.expecting(200);
    carla.starts("desk").await.is_problem(403, "product-over-assigned");
    let hand = Hand::of(&portal, means, "ana").await;
    hand.sees("Nobody can start a product").await;
    hand.chooses("Put it right").await;
    hand.is_at("/add-ons/repair").await;
    hand.sees("ArcGIS Pro Standard").await;
    hand.chooses("Unassign from 1 member").await;
    hand.sees("The change was applied.").await;
    hand.sees_no("Nobody can start a product").await;
    assert_eq!(ana.tally(STANDARD).await, (1, 1, 0));
    assert_eq!(newest(&ana, 1).await, ["ana change.apply"]);
}

async fn a_session_is_ended_from_the_license_activity(means: Means) {
    let (portal, ana, carla) = carlas_house(&two_of_pro).await;
    let desk = carla.starts("desk").await.expecting(201).json();
    let hand = Hand::of(&portal, means, "ana").await;
    hand.chooses("Licenses").await;
    hand.chooses("Products and license activity").await;
    hand.chooses("License activity of ArcGIS Pro").await;
    hand.sees("ArcGIS Pro: license activity").await;
    hand.sees("1 online").await;
    hand.chooses("End session on DESK").await;
    hand.sees("The place is free at once").await;
    hand.chooses("End session").await;
    hand.sees("The session has ended. Its place is free.").await;
    assert_eq!(carla.is_told_the_end_of(&desk).await.0, "ended-by-administrator");
    assert_eq!(newest(&ana, 1).await, ["ana session.end"]);
}

async fn offline_use_is_prevented_for_all(means: Means) {
    let (portal, ana, _) = carlas_house(&two_of_pro).await;
    let hand = Hand::of(&portal, means, "ana").await;
    hand.chooses("Settings").await;
    hand.chooses("Offline use").await;
    hand.ticks("Members may take products offline").await;
    hand.chooses("Save").await;
    hand.sees("The settings are saved.").await;
    assert_eq!(ana.gets("/settings/offline").await.expecting(200).json()["allowed"], false);
    assert_eq!(newest(&ana, 1).await, ["ana settings.change"]);
}

async fn who_may_not_manage_licenses_sees_no_import_and_no_activity(means: Means) {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let desk = ana.makes_role("Desk", &["members.view", "admin.members.manage_licenses"]).await;
    let plain = ana.makes_role("Plain", &["members.view"]).await;
    ana.adds_with_role("dora", "creator", &desk).await;
    let mut rita = ana.adds_with_role("rita", "creator", &plain).await;
    let hand = Hand::of(&portal, means, "dora").await;
    hand.chooses("Licenses").await;
    hand.sees("Import a file").await;
    hand.chooses_file("License file", "greater.json", &order(2, &[("viewer", 26), ("creator", 6)]).signed()).await;
    hand.chooses("Show what would change").await;
    hand.chooses("Import the file").await;
    hand.sees("The license file is in force.").await;
    assert_eq!(newest(&ana, 1).await, ["dora license.import"]);
    let hand = Hand::of(&portal, means, "rita").await;
    for page in ["/licenses", "/products/arcgis-pro/activity", "/audit", "/settings"] {
        hand.opens(page).await;
        hand.sees("privilege-missing").await;
    }
    rita.signs_in().await.expecting(200);
    rita.gets("/licenses").await.is_problem(403, "privilege-missing");
    assert_eq!(ana.counts("viewer").await, (0, 26, 0));
}
