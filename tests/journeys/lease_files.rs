//! What a computer keeps beside a lease, through a renewal of the license too.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use client::{Device, DeviceKey, OfflineFiles};
use entitlement::{AddOnLine, Label, Name, SecretKey};
use serde_json::{Value, json};
use tests::files::{Order, at, order, roots};
use tests::people::Person;
use tests::portal::Portal;

const CHECKOUTS: &str = "/products/arcgis-pro/checkouts";

fn with_pro(portal: &Portal, sequence: u32) -> Order {
    let mut file = order(sequence, &[("viewer", 5), ("creator", 5)]).bound_to(portal.key.clone());
    let id = "arcgis-pro-standard".parse().unwrap();
    file.0.add_ons.push(AddOnLine { id, count: 2, from: None, until: None, trial: None });
    file
}

/// A bound portal, its administrator, and the Creator carla who has Pro.
async fn house() -> (Portal, Person, Person) {
    let portal = Portal::not_activated();
    portal.activate(&with_pro(&portal, 1)).await.unwrap();
    let ana = portal.administrator().await;
    let mut carla = ana.adds("carla", "creator").await;
    carla.signs_in().await.expecting(200);
    ana.puts(&format!("/members/{}/add-ons/arcgis-pro-standard", carla.id), &json!({})).await.expecting(200);
    (portal, ana, carla)
}

/// Takes Pro offline on a computer with that seed as its key; the checkout.
async fn takes_offline(carla: &Person, seed: u8) -> Value {
    let key = URL_SAFE_NO_PAD.encode(SecretKey::self_named(&[seed; 32]).public().as_bytes());
    let body = json!({"device_id": "field", "computer": "FIELD", "device_key": key});
    carla.posts(CHECKOUTS, &body).await.expecting(201).json()
}

fn text(of: &Value, member: &str) -> String {
    of[member].as_str().unwrap_or_else(|| panic!("no `{member}` in {of}")).to_owned()
}

/// The address of what vouches for a lease.
fn files_of(lease: &str) -> String {
    let says = entitlement::peek_kind(lease.as_bytes()).unwrap().payload_text;
    format!("/lease-files/{}", text(&serde_json::from_str(&says).unwrap(), "license"))
}

async fn kept(carla: &Person, lease: &str) -> OfflineFiles {
    let files = carla.gets(&files_of(lease)).await.expecting(200).json();
    OfflineFiles { trust: text(&files, "trust"), license: text(&files, "license"), lease: lease.to_owned() }
}

#[tokio::test]
async fn a_lease_outlives_the_renewal_of_its_license_and_its_return_code_still_counts() {
    let (portal, ana, carla) = house().await;
    let device = {
        let key = SecretKey::self_named(&[7; 32]);
        let pem = portal::key_file::seal(&key).unwrap();
        let (id, name) = (Label::parse("field").unwrap(), Name::parse("FIELD").unwrap());
        Device::new(id, name, DeviceKey::from_pem(&pem).unwrap())
    };
    let made = takes_offline(&carla, 7).await;
    let lease = text(&made, "lease");
    ana.imports_license(&with_pro(&portal, 2).signed(), Some(0)).await.expecting(200);
    let now = at("2026-12-15T00:00:00Z");
    let files = kept(&carla, &lease).await;
    assert_eq!(files.verify(&roots(), "field", now).unwrap().product().as_str(), "arcgis-pro");
    // The same computer asks again and gets the very same lease, under the very same file.
    assert_eq!(takes_offline(&carla, 7).await, made);
    let code = files.return_code(&roots(), &device, now).unwrap();
    let address = format!("{CHECKOUTS}/{}/return-code", text(&made, "id"));
    let returned = carla.posts(&address, &json!({"code": code})).await.expecting(200).json();
    assert_eq!(returned["state"], "returned");
    // A later lease names the new file, which comes with it.
    let next = takes_offline(&carla, 7).await;
    assert_ne!(files_of(&text(&next, "lease")), files_of(&lease));
    let newer = kept(&carla, &text(&next, "lease")).await;
    assert_eq!(newer.verify(&roots(), "field", now).unwrap().member().as_str(), carla.id);
    let mixed = OfflineFiles { license: newer.license, ..files };
    assert_eq!(mixed.verify(&roots(), "field", now).unwrap_err().code(), "lease-other-license");
}

#[tokio::test]
async fn the_files_are_for_who_may_use_a_product_and_for_who_sees_licenses() {
    let (_portal, ana, carla) = house().await;
    let address = files_of(&text(&takes_offline(&carla, 7).await, "lease"));
    ana.gets(&address).await.expecting(200);
    let mut bo = ana.adds("bo", "viewer").await;
    bo.gets(&address).await.is_problem(401, "not-signed-in");
    bo.signs_in().await.expecting(200);
    bo.gets(&address).await.is_problem(403, "privilege-missing");
    let unknown = URL_SAFE_NO_PAD.encode([9; 32]);
    for wrong in [unknown.as_str(), "1", "..%2F1", "%00"] {
        carla.gets(&format!("/lease-files/{wrong}")).await.is_problem(404, "not-found");
    }
}
