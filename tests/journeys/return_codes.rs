//! Which return code gives a lease back, and which does not (design: Product sessions and offline use 5).

use serde_json::Value;
use tests::files::{at, order};
use tests::people::Person;
use tests::portal::{MORNING, Portal};
use tests::products::{STANDARD, bound, return_code};

/// Carla and Dora, Creators who have Pro.
async fn house() -> (Portal, Person, [Person; 2]) {
    let (portal, ana) =
        bound(&|portal| order(1, &[("creator", 5)]).with(STANDARD, 2).bound_to(portal.key.clone())).await;
    let carla = ana.adds_signed_in("carla", "creator").await;
    let dora = ana.adds_signed_in("dora", "creator").await;
    for whom in [&carla, &dora] {
        ana.gives(whom, STANDARD).await.expecting(200);
    }
    (portal, ana, [carla, dora])
}

/// The code that a computer with that seed gives in the morning.
pub(crate) async fn code(ana: &Person, checkout: &Value, seed: u8) -> String {
    return_code(ana, checkout, seed, at(MORNING)).await
}

#[tokio::test]
async fn a_code_of_another_key_another_lease_or_a_changed_one_gives_nothing_back() {
    let (_portal, ana, [carla, dora]) = house().await;
    let earlier = carla.takes_offline("field", 7).await.expecting(201).json();
    let of_earlier = code(&ana, &earlier, 7).await;
    carla.comes_home(&earlier, "field").await.expecting(204);
    let out = carla.takes_offline("field", 7).await.expecting(201).json();
    let other = dora.takes_offline("tablet", 8).await.expecting(201).json();
    let (good, of_another) = (code(&ana, &out, 7).await, code(&ana, &other, 8).await);
    let signed_otherwise = {
        let (says, _) = good.rsplit_once('.').unwrap();
        let (_, signature) = of_earlier.rsplit_once('.').unwrap();
        format!("{says}.{signature}")
    };
    for (wrong, refused) in [
        (of_another.as_str(), "422 license-key-unknown"),
        (&of_earlier, "422 lease-other-lease"),
        (&signed_otherwise, "422 license-signature"),
        ("", "422 license-empty"),
    ] {
        assert_eq!(carla.hands_in(&out, wrong).await.in_short(), refused, "{wrong}");
    }
    assert_eq!(ana.sees_activity("?state=offline").await.len(), 2);
    assert_eq!(carla.hands_in(&out, &format!(" {good}\n")).await.expecting(200).text_of("state"), "returned");
    carla.takes_offline("tablet", 9).await.expecting(201);
}

#[tokio::test]
async fn a_computer_without_a_key_of_its_own_gives_its_lease_back_online_only() {
    let (_portal, ana, [carla, dora]) = house().await;
    let keyless = serde_json::json!({"device_id": "field", "computer": "FIELD"});
    let out = carla.posts("/products/arcgis-pro/checkouts", &keyless).await.expecting(201).json();
    let other = dora.takes_offline("tablet", 8).await.expecting(201).json();
    let of_another = code(&ana, &other, 8).await;
    assert_eq!(carla.hands_in(&out, &of_another).await.in_short(), "422 lease-no-device-key");
    carla.comes_home(&out, "field").await.expecting(204);
}

#[tokio::test]
async fn a_code_still_counts_under_a_later_file_and_after_the_end_of_the_lease() {
    let (portal, mut ana, [carla, _]) = house().await;
    let out = carla.takes_offline("field", 7).await.expecting(201).json();
    let good = code(&ana, &out, 7).await;
    let mut later = order(2, &[("creator", 5)]).with(STANDARD, 2).bound_to(portal.key.clone());
    later.0.policy.offline = false;
    ana.imports_license(&later.signed(), None).await.expecting(200);
    portal.clock.advance(31 * 86_400);
    ana.signs_in().await.expecting(200);
    assert_eq!(ana.hands_in(&out, &good).await.expecting(200).text_of("state"), "returned");
}
