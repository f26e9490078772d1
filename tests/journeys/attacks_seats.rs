//! Attempts to come to a seat that is not there, or to keep one from everybody: several doors, two processes, the clock.

use portal::actions::Caller;
use portal::actions::members::{self, Asked, AskedExtras};
use portal::house::{BuiltIn, House};
use serde_json::json;
use tests::acts::{act, set};
use tests::files::{at, order};
use tests::people::Person;
use tests::portal::{Portal, own_password};

const EVENING: &str = "2026-12-01T18:00:00Z";

async fn house(viewers: u32, creators: u32) -> (Portal, Person) {
    let portal = Portal::with(&order(1, &[("viewer", viewers), ("creator", creators)])).await;
    let ana = portal.administrator().await;
    (portal, ana)
}

/// Nothing that is kept differs from what counting gives.
fn counts_are_right(portal: &Portal) {
    let miscounts = portal.state.store.read(|tx| tx.recount()).unwrap();
    assert_eq!(miscounts, []);
}

fn somebody(username: String) -> Asked {
    let (user_type, extras) = (Some("viewer".to_owned()), AskedExtras::default());
    Asked { username, user_type, role: None, full_name: None, email: None, extras }
}

#[tokio::test]
async fn a_command_line_beside_the_server_finds_no_seat_that_the_server_has_given() {
    let (portal, ana) = house(4, 2).await;
    let roots: &'static str = Box::leak(tests::files::roots().to_jwk_set().into_boxed_str());
    let built_in = BuiltIn { roots: roots.as_bytes(), demo_trust: None };
    let beside = House::open(portal.folder(), &built_in, &portal.clock).unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..12 {
        let (ana, store) = (ana.clone(), beside.store.clone());
        tasks.spawn(async move {
            let addition = somebody(format!("c{number}")).addition(own_password()).unwrap();
            store.write(move |tx| members::add(tx, &Caller::Console, addition)).await.is_ok()
        });
        let body = json!({"username": format!("s{number}"), "user_type": "viewer"});
        tasks.spawn(async move { ana.posts("/members", &body).await.status == 201 });
    }
    let came_in = tasks.join_all().await.into_iter().filter(|came| *came).count();
    assert_eq!((came_in, ana.counts("viewer").await), (4, (4, 4, 0)));
    counts_are_right(&portal);
    // Nor does an exemption or an allowance work twice: one process takes the type one over, the other one adds nobody.
    let carl = ana.adds("carl", "creator").await;
    ana.changes_with_consent(&carl, ("viewer", "viewer"), 5).await.expecting(200);
    let addition = somebody("late".to_owned()).addition(own_password()).unwrap();
    let refused = beside.store.write(move |tx| members::add(tx, &Caller::Console, addition)).await;
    assert!(refused.is_err());
    assert_eq!(ana.counts("viewer").await, (5, 4, 5));
}

#[tokio::test]
async fn no_series_of_doors_leads_two_over() {
    let (portal, ana) = house(2, 6).await;
    let creators = ana.adds_many("creator", 5).await;
    let viewers = ana.adds_many("viewer", 2).await;
    ana.changes_with_consent(&creators[0], ("viewer", "viewer"), 3).await.expecting(200);
    let [_, one, two, ..] = creators.as_slice() else { panic!("creators") };
    for consent in [0, 3, 4] {
        let refused = ana.changes_with_consent(one, ("viewer", "viewer"), consent).await;
        refused.is_problem(409, "one-over-exhausted");
    }
    // One out and two in, an archived member with a restoration, and a restoration while over.
    let out_and_two_in =
        [set(&viewers[0], "creator", "user"), set(one, "viewer", "viewer"), set(two, "viewer", "viewer")];
    ana.does(&out_and_two_in).await.is_problem(409, "one-over-exhausted");
    let gone = ana.does(&[act(&viewers[1], "archive")]).await.expecting(201).text_of("id");
    assert_eq!(ana.counts("viewer").await, (2, 2, 0));
    ana.changes_with_consent(one, ("viewer", "viewer"), 3).await.expecting(200);
    ana.undoes(&gone).await.is_problem(403, "creation-blocked-not-compliant");
    ana.undoes_with(&gone, &json!({"allow_one_over": {"viewer": 4}})).await.expecting(403);
    let both = [act(&viewers[1], "restore"), set(one, "creator", "publisher")];
    ana.does(&both).await.is_problem(403, "creation-blocked-not-compliant");
    for door in [ana.invites("viewer").await, ana.invites("creator").await] {
        door.is_problem(403, "creation-blocked-not-compliant");
    }
    assert_eq!(ana.counts("viewer").await, (3, 2, 3));
    counts_are_right(&portal);
}

#[tokio::test]
async fn an_administrator_comes_by_no_way_to_a_seat_that_is_not_there() {
    let (portal, ana) = house(3, 2).await;
    let ben = ana.adds_with_role("ben", "creator", "administrator").await;
    let vera = ana.adds("vera", "viewer").await;
    // A full house of Administrators, and somebody whom nobody but himself would be locked out with.
    ana.changes_with_consent(&vera, ("creator", "publisher"), 1).await.expecting(200);
    let raise = json!({"role": "administrator"});
    let over = ana.puts(&format!("/members/{}/role", vera.id), &raise).await;
    over.is_problem(409, "administrator-in-over-type");
    ana.does(&[act(&vera, "disable"), set(&ben, "creator", "administrator")]).await.expecting(201);
    let disabled = json!({"operations": [{"member": vera.id, "set_role": "administrator", "disable": true}]});
    ana.applies(&disabled).await.is_problem(409, "administrator-in-over-type");
    let table = ana.imports("?mode=fill", "username,role\nvera,administrator\n").await.expecting(200).json();
    assert_eq!(table["rows"][0]["code"], "administrator-in-over-type", "{table}");
    let consent = json!({"operations": [set(&vera, "creator", "administrator")], "allow_one_over": {"creator": 0}});
    ana.applies(&consent).await.is_problem(409, "administrator-in-over-type");
    assert_eq!(ana.counts("creator").await, (3, 2, 0));
    counts_are_right(&portal);
}

#[tokio::test]
async fn a_return_that_can_never_come_about_keeps_no_seat() {
    let (portal, ana) = house(3, 4).await;
    let people = ana.adds_many("viewer", 2).await;
    let lend = |who: &Person| json!({"operations": [set(who, "creator", "user")], "revert_at": "2099-01-01T00:00:00Z"});
    for who in &people {
        ana.applies(&lend(who)).await.expecting(201);
    }
    assert_eq!((ana.counts("viewer").await.0, ana.reserved("viewer").await), (0, 2));
    // One comes back by another way and the other one is deleted: nobody is left whom the seats are kept for.
    ana.changes(&people[0], "viewer", "viewer").await.expecting(200);
    ana.does(&[act(&people[1], "delete")]).await.expecting(201);
    assert_eq!((ana.counts("viewer").await.0, ana.reserved("viewer").await), (1, 0));
    let open = ana.gets("/changes?returning=true").await.json();
    let states: Vec<_> = open["items"].as_array().unwrap().iter().map(|one| &one["planned_return"]["state"]).collect();
    assert_eq!(states, ["stale", "stale"]);
    counts_are_right(&portal);
    ana.adds("n1", "viewer").await;
    ana.adds("n2", "viewer").await;
    ana.invites("viewer").await.is_problem(409, "seat-limit-reached");
}

#[tokio::test]
async fn a_return_and_its_undoing_by_hand_at_one_moment_happen_once() {
    for _ in 0..8 {
        let (portal, ana) = house(2, 3).await;
        let vera = ana.adds("vera", "viewer").await;
        let lent = json!({"operations": [set(&vera, "creator", "user")], "revert_at": EVENING});
        let id = ana.applies(&lent).await.expecting(201).text_of("id");
        portal.clock.set(at(EVENING));
        let ana = portal.administrator().await;
        let ((), by_hand, by_itself) = tokio::join!(
            async { tokio::task::yield_now().await },
            ana.undoes(&id),
            portal::actions::returns::carry_out(&portal.state.store)
        );
        let happened = u32::from(by_hand.status == 201) + by_itself.unwrap();
        assert_eq!(happened, 1, "{}", by_hand.text());
        assert_eq!((ana.counts("viewer").await.0, ana.reserved("viewer").await), (1, 0));
        counts_are_right(&portal);
    }
}

#[tokio::test]
async fn an_invitation_holds_one_seat_through_renewals_smaller_files_and_the_clock() {
    let (portal, ana) = house(3, 2).await;
    let sent = ana.invites("viewer").await.expecting(201);
    let (id, old) = (sent.text_of("id"), sent.text_of("token"));
    for _ in 0..3 {
        ana.posts(&format!("/invitations/{id}/resend"), &json!({})).await.expecting(200);
    }
    portal.person("x").accepts(&old, "guest").await.is_problem(410, "invitation-ended");
    assert_eq!(ana.reserved("viewer").await, 1);
    ana.imports_license(&order(2, &[("viewer", 1), ("creator", 2)]).signed(), None).await.expecting(200);
    ana.invites("viewer").await.is_problem(409, "seat-limit-reached");
    ana.deletes(&format!("/invitations/{id}")).await.expecting(204);
    ana.deletes(&format!("/invitations/{id}")).await.is_problem(410, "invitation-ended");
    let last = ana.invites("viewer").await.expecting(201).text_of("token");
    assert_eq!(ana.reserved("viewer").await, 1);
    // What the clock has ended stays ended when the clock is set back, and its seat is given once.
    portal.clock.set(at("2026-12-21T09:00:00Z"));
    portal.person("x").accepts(&last, "guest").await.is_problem(410, "invitation-ended");
    let mut ana = ana;
    ana.signs_in().await.expecting(200);
    ana.adds("vera", "viewer").await;
    portal.clock.set(at("2026-12-01T09:05:00Z"));
    portal.person("x").accepts(&last, "guest").await.is_problem(410, "invitation-ended");
    assert_eq!((ana.counts("viewer").await, ana.reserved("viewer").await), ((1, 1, 0), 0));
    counts_are_right(&portal);
}
