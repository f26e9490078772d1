//! Attempts to get more of products than is licensed, or what is another's.

use serde_json::{Value, json};
use tests::files::{at, order};
use tests::people::Person;
use tests::portal::Portal;
use tests::products::{EXTENSION, PRO, STANDARD, bound, carlas_house, give, id, lease_of, take, two_of_pro};

/// When the lease of a grant ends.
async fn lease_ends(ana: &Person, grant: &Value, now: &str) -> String {
    lease_of(ana, grant, at(now)).await.until().to_string()
}

#[tokio::test]
async fn a_session_elsewhere_is_not_renewed_while_the_product_is_out_on_another_computer() {
    let (portal, _ana, carla) = carlas_house(&two_of_pro).await;
    let desk = carla.starts("desk").await.expecting(201).json();
    let field = carla.starts("field").await.expecting(201).json();
    let out = carla.takes_offline("field", 7).await.expecting(201).json();
    portal.clock.advance(60);
    carla.works_in(&field).await.expecting(200);
    carla.works_in(&desk).await.is_problem(409, "offline-elsewhere");
    // Home again, the session that is young enough goes on.
    carla.comes_home(&out, "field").await.expecting(204);
    carla.works_in(&desk).await.expecting(200);
}

#[tokio::test]
async fn a_released_checkout_is_not_checked_in_by_the_name_of_its_computer() {
    let (_portal, ana, carla) = carlas_house(&two_of_pro).await;
    let out = carla.takes_offline("field", 7).await.expecting(201).json();
    ana.releases(&out).await.expecting(200);
    let tried = carla.comes_home(&out, "field").await;
    assert!((400..500).contains(&tried.status), "{}", tried.status);
    carla.takes_offline("tablet", 8).await.is_problem(409, "offline-elsewhere");
}

#[tokio::test]
async fn a_session_in_the_time_to_save_lives_no_longer_than_that() {
    let trial = |portal: &Portal| {
        let lasting = order(1, &[("viewer", 5), ("creator", 5)]).bound_to(portal.key.clone());
        lasting.with_trial("2026-12-01T09:10:00Z", (STANDARD, 2))
    };
    let (portal, ana, carla) = carlas_house(&trial).await;
    let desk = carla.starts("desk").await.expecting(201).json();
    assert_eq!(lease_ends(&ana, &desk, "2026-12-01T09:00:00Z").await, "2026-12-01T09:30:00Z");
    for _ in 0..2 {
        portal.clock.advance(25 * 60);
        carla.works_in(&desk).await.expecting(200);
    }
    portal.clock.advance(19 * 60);
    let last = carla.works_in(&desk).await.expecting(200).json();
    assert_eq!(lease_ends(&ana, &last, "2026-12-01T10:09:00Z").await, "2026-12-01T10:10:00Z");
    assert_eq!(last["active_until"], "2026-12-01T10:10:00Z");
}

#[tokio::test]
async fn a_session_after_the_end_of_the_file_is_answered() {
    let ending = |portal: &Portal| two_of_pro(portal).until("2026-12-01T09:10:00Z");
    let (portal, ana) = bound(&ending).await;
    ana.gives(&ana, STANDARD).await.expecting(200);
    let desk = ana.starts("desk").await.expecting(201).json();
    portal.clock.advance(15 * 60);
    // The time to save runs, and a file that has ended vouches for no lease.
    for _ in 0..3 {
        assert_eq!(ana.works_in(&desk).await.expecting(200).json()["lease"], Value::Null);
        portal.clock.advance(15 * 60);
    }
    portal.clock.advance(10 * 60);
    assert_eq!(ana.is_told_the_end_of(&desk).await.2, "2026-12-01T10:10:00Z");
}

#[tokio::test]
async fn an_administrator_without_a_licensed_user_type_does_not_renew_without_end() {
    let (portal, ana) = bound(&|portal: &Portal| {
        let mut file = two_of_pro(portal);
        file.0.user_types[2].until = Some(at("2026-12-01T09:10:00Z"));
        file
    })
    .await;
    ana.does(&[json!({"member": ana.id, "set_user_type": "gis-pro-advanced"})]).await.expecting(201);
    let desk = ana.starts("desk").await.expecting(201).json();
    portal.clock.advance(20 * 60);
    ana.starts("lab").await.is_problem(403, "not-licensed");
    assert_eq!(ana.is_told_the_end_of(&desk).await.0, "license-lost");
}

#[tokio::test]
async fn a_product_answers_only_for_its_own_sessions_and_checkouts() {
    let (_portal, ana, carla) = carlas_house(&two_of_pro).await;
    let desk = carla.starts("field").await.expecting(201).json();
    let out = carla.takes_offline("field", 7).await.expecting(201).json();
    for product in ["arcgis-insights", "nothing"] {
        let (of, off) = (
            format!("/products/{product}/sessions/{}", id(&desk)),
            format!("/products/{product}/checkouts/{}", id(&out)),
        );
        carla.posts(&format!("{of}/renew"), &json!({})).await.is_problem(404, "not-found");
        carla.deletes(&of).await.is_problem(403, "privilege-missing");
        ana.deletes(&of).await.is_problem(404, "not-found");
        ana.posts(&format!("{off}/release"), &json!({})).await.is_problem(404, "not-found");
        carla.deletes(&format!("{off}?device_id=field")).await.is_problem(404, "not-found");
        let code = carla.posts(&format!("{off}/return-code"), &json!({"code": "x"})).await;
        code.is_problem(404, "not-found");
    }
    carla.works_in(&desk).await.expecting(200);
}

#[tokio::test]
async fn a_repair_that_is_another_one_by_now_is_not_made() {
    let two =
        |portal: &Portal, sequence: u32| order(sequence, &[("viewer", 5), ("creator", 5)]).bound_to(portal.key.clone());
    let (portal, ana) = bound(&|portal| two(portal, 1).with(STANDARD, 1).with("arcgis-insights", 1)).await;
    let carla = ana.adds_signed_in("carla", "creator").await;
    ana.does(&[give(&carla, &[STANDARD, "arcgis-insights"])]).await.expecting(201);
    ana.imports_license(&two(&portal, 2).with(STANDARD, 1).signed(), None).await.expecting(200);
    let page = ana.opens("/add-ons/repair").await.expecting(200).text();
    let seal = page.split("name=\"seal\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    ana.imports_license(&two(&portal, 3).with("arcgis-insights", 1).signed(), None).await.expecting(200);
    ana.submits("/add-ons/repair", &[("seal", &seal), ("reason", "smaller")]).await.expecting(412);
    assert_eq!(ana.add_ons_of(&carla).await.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_licence_that_moves_on_while_a_lease_runs_is_not_taken_offline_again() {
    let (portal, ana) =
        bound(&|portal| order(1, &[("viewer", 5), ("creator", 5)]).with(STANDARD, 1).bound_to(portal.key.clone()))
            .await;
    let mut taken = 0;
    for name in ["carla", "dora", "emil"] {
        let person = ana.adds_signed_in(name, "creator").await;
        ana.gives(&person, STANDARD).await.expecting(200);
        person.starts("desk").await.expecting(201);
        taken += i32::from(person.takes_offline("desk", 7).await.status == 201);
        let mut one = take(&person, &[STANDARD]);
        one["release_checkouts"] = json!(true);
        ana.does(&[one]).await.expecting(201);
    }
    assert_eq!(taken, 1);
    assert_eq!(portal.state.store.read(|tx| tx.recount_add_ons()).unwrap(), []);
}

#[tokio::test]
async fn names_of_computers_do_not_reach_out_of_pages_and_tables() {
    let (_portal, ana, mut carla) = carlas_house(&two_of_pro).await;
    let start = |device: Value, name: Value| json!({"device_id": device, "computer": name, "request_id": tests::acts::fresh_key()});
    for name in ["a\nb", "a\u{1b}[31m", "\u{202e}gnp", "", "a\u{0}"] {
        carla.posts(&format!("{PRO}/sessions"), &start(json!("d1"), json!(name))).await.expecting(422);
        carla.posts(&format!("{PRO}/sessions"), &start(json!(name), json!("PC"))).await.expecting(422);
    }
    let evil = "=cmd|'/C calc'!A0\"><script>alert(1)</script>";
    carla.posts(&format!("{PRO}/sessions"), &start(json!("d3"), json!(evil))).await.expecting(201);
    ana.gets(&format!("{PRO}/activity/export")).await.expecting(200).says("'=cmd|").is_silent_on("\n=cmd|");
    ana.opens(&format!("{PRO}/activity")).await.expecting(200).is_silent_on("<script>alert(1)");
    ana.opens(&format!("/members/{}", carla.id)).await.expecting(200).is_silent_on("<script>alert(1)");
    carla.signs_in_on_the_page().await;
    carla.opens("/profile").await.expecting(200).is_silent_on("<script>alert(1)");
}

#[tokio::test]
async fn numbers_of_settings_are_numbers_of_days() {
    let (_portal, ana, carla) = carlas_house(&two_of_pro).await;
    for days in
        ["-1", "0", "1e3", "1.5", "4294967296", "99999999999999999999", "\"7\"", "2147483648", "4294967295", "3651"]
    {
        let sent: Value = serde_json::from_str(&format!("{{\"allowed\":true,\"most_days\":{days}}}")).unwrap();
        let got = ana.puts("/settings/offline", &sent).await;
        assert!(got.status < 500);
        let out = carla.takes_offline("field", 7).await;
        if out.status == 201 {
            carla.comes_home(&out.json(), "field").await.expecting(204);
        }
    }
    ana.gets(&format!("{PRO}/activity?state=unused&unused_days=0")).await.expecting(422);
    for cursor in ["%00", "\u{fffd}", "zzz", "%27"] {
        let got = ana.gets(&format!("{PRO}/activity?cursor={cursor}")).await;
        assert!(got.status < 500);
        let got = ana.gets(&format!("/add-ons/{STANDARD}/members?cursor={cursor}")).await;
        assert!(got.status < 500);
    }
}

#[tokio::test]
async fn what_is_used_when_is_not_told_to_who_only_sees_members() {
    let (_portal, ana, carla) = carlas_house(&two_of_pro).await;
    carla.starts("desk").await.expecting(201);
    let role = ana.makes_role("Watcher", &["members.view"]).await;
    let mut wanda = ana.adds_with_role("wanda", "creator", &role).await;
    wanda.signs_in().await.expecting(200);
    let holders = format!("/add-ons/{STANDARD}/members");
    for path in [&format!("{PRO}/activity"), &format!("{PRO}/activity/export"), &holders, "/add-ons/repair"] {
        wanda.gets(path).await.is_problem(403, "privilege-missing");
    }
}

#[tokio::test]
async fn an_archive_and_a_return_give_no_second_lease_and_no_session_back() {
    let (_portal, ana, mut carla) = carlas_house(&two_of_pro).await;
    let desk = carla.starts("field").await.expecting(201).json();
    carla.takes_offline("field", 7).await.expecting(201);
    let gone =
        ana.does(&[json!({"member": carla.id, "archive": true, "release_checkouts": true})]).await.expecting(201);
    ana.undoes(&gone.text_of("id")).await.expecting(201);
    carla.signs_in().await.expecting(200);
    assert_eq!(carla.is_told_the_end_of(&desk).await.0, "license-lost");
    carla.takes_offline("tablet", 8).await.is_problem(409, "offline-elsewhere");
}

#[tokio::test]
async fn a_return_of_add_ons_finds_none_left() {
    let (portal, ana, carla) = carlas_house(&|portal: &Portal| {
        order(1, &[("viewer", 5), ("creator", 5)]).with(STANDARD, 1).with(EXTENSION, 1).bound_to(portal.key.clone())
    })
    .await;
    ana.gives(&carla, EXTENSION).await.expecting(200);
    let dora = ana.adds_signed_in("dora", "creator").await;
    let lent = json!({"operations": [take(&carla, &[STANDARD, EXTENSION])], "reason": "r", "revert_at": "2026-12-01T09:30:00Z"});
    let made = ana.applies(&lent).await.expecting(201);
    ana.gives(&dora, STANDARD).await.expecting(200);
    portal.clock.advance(29 * 60);
    assert_eq!(ana.tally(STANDARD).await, (1, 1, 0));
    ana.undoes(&made.text_of("id")).await;
    assert_eq!(ana.tally(STANDARD).await, (1, 1, 0));
    // Partial: what frees the licence is refused, so is what needs it.
    let vera = ana.adds("vera", "viewer").await;
    dora.takes_offline("field", 7).await.expecting(201);
    for operations in [
        vec![take(&dora, &[STANDARD]), give(&ana, &[STANDARD])],
        vec![give(&ana, &[STANDARD]), take(&dora, &[STANDARD])],
        vec![give(&ana, &[STANDARD]), give(&ana, &[STANDARD])],
        vec![
            json!({"member": vera.id, "set_user_type": "creator", "set_role": "publisher", "assign_add_ons": [STANDARD]}),
            take(&dora, &[STANDARD]),
        ],
        vec![json!({"member": ana.id, "assign_add_ons": [EXTENSION]})],
        vec![
            json!({"member": ana.id, "assign_add_ons": [STANDARD, STANDARD, "ArcGIS-Pro-Standard"], "unassign_add_ons": [STANDARD]}),
        ],
    ] {
        for mode in ["partial", "atomic"] {
            ana.applies(&json!({"operations": operations, "reason": "r", "mode": mode})).await;
            let (licensed, assigned, available) = ana.tally(STANDARD).await;
            assert!(available >= 0, "{licensed} {assigned}");
            assert!(ana.tally(EXTENSION).await.2 >= 0);
            assert_eq!(portal.state.store.read(|tx| tx.recount_add_ons()).unwrap(), []);
        }
    }
}

#[tokio::test]
async fn the_forms_of_products_want_their_own_token_and_are_posted_twice_without_harm() {
    let (_portal, ana, mut carla) = carlas_house(&two_of_pro).await;
    carla.starts("desk").await.expecting(201);
    let out = carla.takes_offline("field", 7).await.expecting(201).json();
    let session = carla.gets("/me/sessions").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
    let (end, release, back) = (
        format!("/products/arcgis-pro/sessions/{session}/end"),
        format!("/products/arcgis-pro/checkouts/{}/release", id(&out)),
        format!("/products/arcgis-pro/checkouts/{}/return", id(&out)),
    );
    carla.signs_in_on_the_page().await;
    for address in [&end, &release, &back, &"/add-ons/repair".to_owned()] {
        for fields in [&[][..], &[("csrf", "x"), ("code", "x")][..]] {
            let got = ana.submits_as_is(address, fields).await;
            assert!((400..500).contains(&got.status), "{address} {}", got.status);
        }
    }
    assert_eq!(carla.is_on().await, "DESK");
    let mut dora = ana.adds_signed_in("dora", "creator").await;
    for address in [&end, &release, &back] {
        let shown = dora.opens(address).await;
        assert!((400..500).contains(&shown.status));
        shown.is_silent_on("DESK").is_silent_on("FIELD").is_silent_on("carla");
        let unknown = dora.opens(&address.replace("ses_", "ses_0").replace("out_", "out_0")).await;
        assert_eq!(shown.status, unknown.status, "what there is is not told");
        assert!((400..500).contains(&dora.submits(address, &[("code", "x")]).await.status));
    }
    dora.signs_in_on_the_page().await;
    assert_eq!(carla.opens(&release).await.status, 403);
    for address in [&end, &release] {
        ana.submits(address, &[]).await.expecting(303);
        ana.submits(address, &[]).await.expecting(303);
    }
    assert_eq!(carla.is_on().await, "");
    ana.submits(&back, &[("code", "<script>alert(1)</script>")]).await.is_silent_on("<script>alert(1)");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_archive_while_it_is_taken_offline_or_started_leaves_no_lease_to_who_is_gone() {
    let (portal, ana, mut carla) = carlas_house(&two_of_pro).await;
    for _ in 0..10 {
        let (one, other, third) = (carla.clone(), carla.clone(), ana.clone());
        let operations = vec![json!({"member": carla.id, "archive": true, "release_checkouts": true})];
        let answers = tokio::join!(
            tokio::spawn(async move { one.takes_offline("field", 7).await }),
            tokio::spawn(async move { other.starts("field").await }),
            tokio::spawn(async move { third.does(&operations).await }),
        );
        let done = answers.2.unwrap().expecting(201);
        assert!([answers.0, answers.1].into_iter().all(|one| one.unwrap().status < 500));
        assert_eq!(ana.sees_activity("").await, Vec::<String>::new());
        assert_eq!(portal.state.store.read(|tx| tx.recount_add_ons()).unwrap(), []);
        ana.undoes(&done.text_of("id")).await.expecting(201);
        carla.signs_in().await.expecting(200);
        assert_eq!(carla.is_on().await, "");
    }
}
