//! What is told of products and add-ons, to who reads ids and to who reads names.

use catalog::Catalog;
use entitlement::{AddOnId, Moment, ProductId};
use errors::Failure;

use crate::product_access::Shortfall;
use crate::refusal::{ProductRefusal, Refusal, Rule};
use crate::sample::user_type;
use crate::session::{Cause, SessionFacts};

fn product() -> ProductId {
    ProductId::from_input("arcgis-pro").unwrap()
}

fn add_on(id: &str) -> AddOnId {
    AddOnId::from_input(id).unwrap()
}

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

fn session(computer: &str) -> SessionFacts {
    SessionFacts {
        id: "ses_1".into(),
        device: computer.to_lowercase(),
        device_name: computer.into(),
        request: "r".into(),
        created_at: at("2026-12-01T09:00:00Z"),
        last_used: at("2026-12-01T09:00:00Z"),
        ended: None,
    }
}

fn incompatible(rule: Rule) -> ProductRefusal {
    ProductRefusal::Incompatible { add_on: add_on("arcgis-pro-standard"), username: "carla".into(), rule }
}

/// The sentence with ids, and the same with names.
fn assert_told(cases: Vec<(ProductRefusal, &str, &str)>) {
    for (refusal, ids, names) in cases {
        let refusal = Refusal::from(refusal);
        assert_eq!((refusal.sentence().as_str(), refusal.sentence_with(Catalog::arcgis()).as_str()), (ids, names));
        let (of_ids, of_names) = (Failure::from(refusal.clone()), refusal.failure_with(Catalog::arcgis()));
        assert_eq!((of_ids.code, &of_ids.facts), (of_names.code, &of_names.facts), "programs read the same");
        assert_eq!(of_names.detail, names);
    }
}

#[test]
fn who_cannot_start_a_product_is_told_why_by_its_name() {
    let shortfall = Shortfall { add_on: add_on("arcgis-pro-standard"), licensed: 1, assigned: 2 };
    assert_told(vec![
        (
            ProductRefusal::OverAssigned { product: product(), shortfalls: vec![shortfall] },
            "arcgis-pro cannot be started because licenses of arcgis-pro-standard are over-assigned in your organization. Contact your administrator.",
            "ArcGIS Pro cannot be started because licenses of ArcGIS Pro Standard are over-assigned in your organization. Contact your administrator.",
        ),
        (
            ProductRefusal::NotLicensed { product: product(), user_types: Vec::new(), add_ons: Vec::new() },
            "You have no license for arcgis-pro.",
            "You have no license for ArcGIS Pro.",
        ),
    ]);
    let elsewhere = |released| {
        let until = at("2026-12-31T09:00:00Z");
        ProductRefusal::OfflineElsewhere { device_name: "FIELD".into(), until, released }
    };
    let [limit, ended] = [
        ProductRefusal::SessionLimit { computers: 3, sessions: ["DESK", "LAB", "HOME"].map(session).to_vec() },
        ProductRefusal::SessionEnded {
            cause: Cause::Administrator,
            ended_at: at("2026-12-01T09:00:00Z"),
            save_until: at("2026-12-01T10:00:00Z"),
        },
    ];
    for (refusal, told) in [
        (limit, "You are signed in on 3 computers: DESK, LAB, HOME. End one of these sessions to continue."),
        (
            ended,
            "This computer is not connected to a licensing portal any more. Save your work by 2026-12-01T10:00:00Z.",
        ),
        (
            elsewhere(true),
            "Your license was released, but may still be used on FIELD until 2026-12-31T09:00:00Z. Wait until then, or hand in a return code from there.",
        ),
        (
            elsewhere(false),
            "Your license is checked out on FIELD until 2026-12-31T09:00:00Z. Check it in there, or ask an administrator to release it.",
        ),
    ] {
        assert_told(vec![(refusal, told, told)]);
    }
}

#[test]
fn what_stands_against_an_assignment_is_told_with_the_way_out() {
    assert_told(vec![
        (
            ProductRefusal::AddOnLimit { add_on: add_on("arcgis-pro-standard"), licensed: 1, assigned: 1 },
            "No license of arcgis-pro-standard is left: 1 of 1 assigned.",
            "No license of ArcGIS Pro Standard is left: 1 of 1 assigned.",
        ),
        (
            incompatible(Rule::UserType { user_type: user_type("viewer") }),
            "carla cannot hold arcgis-pro-standard with the user type viewer; give a user type that can hold it, or unassign it in the same change.",
            "carla cannot hold ArcGIS Pro Standard with the user type Viewer; give a user type that can hold it, or unassign it in the same change.",
        ),
        (
            incompatible(Rule::Included { user_type: user_type("creator") }),
            "carla has the product of arcgis-pro-standard already, by the user type creator.",
            "carla has the product of ArcGIS Pro Standard already, by the user type Creator.",
        ),
        (
            incompatible(Rule::Requires { product: product() }),
            "carla would not have arcgis-pro, which arcgis-pro-standard needs; assign or unassign both together.",
            "carla would not have ArcGIS Pro, which ArcGIS Pro Standard needs; assign or unassign both together.",
        ),
        (
            incompatible(Rule::Another { add_on: add_on("arcgis-pro-basic") }),
            "carla holds arcgis-pro-basic for the same product; unassign it in the same change.",
            "carla holds ArcGIS Pro Basic for the same product; unassign it in the same change.",
        ),
        (
            incompatible(Rule::Organization),
            "arcgis-pro-standard belongs to the organization and is assigned to nobody.",
            "ArcGIS Pro Standard belongs to the organization and is assigned to nobody.",
        ),
        (
            ProductRefusal::CheckedOut {
                username: "carla".into(),
                product: product(),
                device_name: "FIELD".into(),
                until: at("2026-12-31T09:00:00Z"),
            },
            "carla has arcgis-pro offline on FIELD until 2026-12-31T09:00:00Z; release it in the same change.",
            "carla has ArcGIS Pro offline on FIELD until 2026-12-31T09:00:00Z; release it in the same change.",
        ),
    ]);
}

#[test]
fn a_license_is_spelled_in_one_way() {
    for code in errors::Code::ALL {
        let row = code.row();
        let told = [row.title, row.meaning, row.fix].join(" ").to_lowercase();
        assert!(!told.contains("licence"), "{}: {told}", row.name);
    }
}
