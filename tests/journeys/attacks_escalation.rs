//! Attempts to come to more than one was given: by invitations, tables, names, returns and roles.

use serde_json::json;
use tests::acts::{act, set};
use tests::people::Person;
use tests::portal::{Portal, own_password};

/// A portal, its administrator, and `hugo`, who may add members and nothing else.
async fn house() -> (Portal, Person, Person) {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let role = ana.makes_role("Host", &["members.view", "admin.members.invite"]).await;
    let hugo = ana.adds_with_role("hugo", "creator", &role).await;
    (portal, ana, hugo)
}

#[tokio::test]
async fn an_invitation_above_oneself_is_not_taken_over_by_renewing_it() {
    let (portal, ana, hugo) = house().await;
    let strong = ana.makes_role("Strong", &["members.view", "admin.members.delete"]).await;
    for (role, status, code) in
        [("administrator", 403, "reserved-to-administrators"), (strong.as_str(), 403, "privilege-missing")]
    {
        let sent = ana.posts_once("/invitations", &json!({"user_type": "creator", "role": role})).await.expecting(201);
        let at = format!("/invitations/{}", sent.text_of("id"));
        hugo.posts(&format!("{at}/resend"), &json!({})).await.is_problem(status, code);
        let form = hugo.submits(&format!("{at}/resend"), &[]).await;
        assert_eq!(form.status, status, "{role}");
        form.is_silent_on("/invitations/swp");
        // The secret that was sent is still the good one, and an administrator may renew it.
        portal.person("nobody").gets(&format!("{at}/accept")).await.expecting(405);
        ana.posts(&format!("{at}/resend"), &json!({})).await.expecting(200);
    }
    let plain = ana.posts_once("/invitations", &json!({"user_type": "creator"})).await.expecting(201).text_of("id");
    hugo.posts(&format!("/invitations/{plain}/resend"), &json!({})).await.expecting(200);
}

#[tokio::test]
async fn access_to_the_vendors_site_is_not_taken_over_by_renewing_an_invitation() {
    let (_, ana, hugo) = house().await;
    let asked = json!({"user_type": "viewer", "vendor_access": true});
    let id = ana.posts_once("/invitations", &asked).await.expecting(201).text_of("id");
    let at = format!("/invitations/{id}/resend");
    hugo.posts(&at, &json!({})).await.is_problem(403, "reserved-to-administrators");
    ana.posts(&at, &json!({})).await.expecting(200);
}

#[tokio::test]
async fn a_user_name_never_stands_for_the_id_of_somebody_else() {
    let (portal, ana, hugo) = house().await;
    let body = json!({"username": ana.id, "user_type": "viewer"});
    hugo.posts("/members", &body).await.is_problem(422, "validation-failed");
    let table = hugo.imports("", &format!("username,user_type\n{},viewer\n", ana.id.to_uppercase())).await;
    table.is_problem(409, "import-refused");
    // Where such a name was given before, the id is the id.
    let (whom, name) = (ana.id.clone(), ana.id.clone());
    let console = rules::Actor::console();
    let older = portal.state.store.write(move |tx| {
        let asked = rules::capacity::Registration { user_type: "viewer".parse().ok(), role: None };
        let permit = rules::capacity::register(&tx.facts()?, &console, &asked)?;
        let (full_name, email, extras) = (String::new(), String::new(), store::Extras::default());
        let new = store::NewMember { username: name, full_name, email, password: own_password(), extras };
        tx.insert_member(permit, &console, &new)
    });
    let older = older.await.unwrap().id;
    let found = portal.state.store.read(|tx| portal::actions::members::find(tx, &whom)).unwrap();
    assert_eq!((found.as_str(), found == older), (ana.id.as_str(), false));
}

#[tokio::test]
async fn names_that_look_alike_because_of_signs_that_nobody_sees_are_refused() {
    let (_, ana, hugo) = house().await;
    for hidden in ["\u{200b}", "\u{200e}", "\u{202e}", "\u{2066}", "\u{2060}", "\u{ad}", "\u{feff}"] {
        let body = json!({"username": format!("an{hidden}a"), "user_type": "viewer"});
        hugo.posts("/members", &body).await.is_problem(422, "validation-failed");
        let role = json!({"name": format!("Administrator{hidden}"), "privileges": []});
        ana.posts("/roles", &role).await.is_problem(422, "validation-failed");
    }
    // Joiners are part of names in some scripts.
    ana.adds("\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}", "viewer").await;
}

#[tokio::test]
async fn the_defaults_hand_out_no_role_that_the_inviter_lacks() {
    let (_, ana, hugo) = house().await;
    let strong = ana.makes_role("Strong", &["members.view", "admin.members.delete"]).await;
    let keeper = ana.makes_role("Keeper", &["members.view", "admin.settings.security"]).await;
    let kim = ana.adds_with_role("kim", "creator", &keeper).await;
    let wanted = json!({"user_type": "creator", "role": strong});
    kim.puts("/settings/defaults", &wanted).await.expecting(200);
    kim.puts("/settings/defaults", &json!({"role": "administrator"})).await.is_problem(422, "validation-failed");
    for refused in [
        hugo.posts("/members", &json!({"username": "puppet"})).await,
        hugo.posts_once("/invitations", &json!({})).await,
    ] {
        refused.is_problem(403, "privilege-missing");
        assert_eq!(refused.json()["privileges"], json!(["admin.members.delete"]));
    }
    hugo.imports("", "username\npuppet\n").await.is_problem(409, "import-refused");
}

#[tokio::test]
async fn a_delegate_changes_the_own_role_by_no_door() {
    let (_, ana, _) = house().await;
    let all = [
        "members.view",
        "admin.members.view_all",
        "admin.members.update",
        "admin.members.change_roles",
        "admin.members.manage_licenses",
        "admin.settings.member_roles",
        "admin.members.disable",
        "admin.members.invite",
    ];
    let known = ana.gets("/privileges").await.json();
    let has = |id: &str| known["items"].as_array().unwrap().iter().any(|one| one["id"] == id);
    let held: Vec<&str> = all.into_iter().filter(|id| has(id)).collect();
    let role = ana.makes_role("Deputy", &held).await;
    let dora = ana.adds_with_role("dora", "creator", &role).await;
    let peer = ana.adds_with_role("peer", "creator", "publisher").await;
    let strong = ana.makes_role("Strong", &["admin.members.delete"]).await;
    let id = &dora.id;
    for (refused, code) in [
        (dora.puts(&format!("/members/{id}/role"), &json!({"role": strong})).await, "reserved-to-administrators"),
        (
            dora.puts(&format!("/members/{id}/role"), &json!({"role": "ADMINISTRATOR"})).await,
            "reserved-to-administrators",
        ),
        (dora.does(&[set(&dora, "viewer", "viewer")]).await, "reserved-to-administrators"),
        (dora.does(&[set(&dora, "creator", "publisher"), set(&peer, "creator", &role)]).await, "blocked"),
    ] {
        assert!([403, 409].contains(&refused.status), "{code}: {}", refused.text());
    }
    let table = dora.imports("?mode=fill", &format!("username,role\nDORA,{strong}\n")).await.expecting(200).json();
    assert_eq!((&table["changed"], &table["refused"]), (&json!(0), &json!(1)), "{table}");
    let wider = json!({"name": "Deputy", "privileges": ["admin.members.delete"]});
    for alias in [role.clone(), role.to_uppercase(), role.replace('d', "%64"), role.replace('d', "%44")] {
        for answer in
            [dora.puts(&format!("/roles/{alias}"), &wider).await, dora.deletes(&format!("/roles/{alias}")).await]
        {
            assert!([403, 409].contains(&answer.status), "{alias}: {}", answer.text());
        }
    }
    for alias in [role.replace('s', "%C5%BF"), format!("{role}%00"), format!("%20{role}")] {
        dora.puts(&format!("/roles/{alias}"), &wider).await.is_problem(404, "not-found");
    }
    let taken = ana.puts(&format!("/members/{id}/role"), &json!({"role": "publisher"})).await.expecting(200);
    dora.undoes(&taken.text_of("id")).await.expecting(403);
    assert_eq!(ana.finds(&dora).await, (Some("creator".into()), "publisher".into(), "enabled".into()));
}

#[tokio::test]
async fn a_return_never_takes_the_last_administrator_away() {
    let (portal, ana, _) = house().await;
    let ben = ana.adds_with_role("ben", "creator", "publisher").await;
    let raise = json!({"member": ben.id, "set_role": "administrator"});
    let lent = json!({"operations": [raise], "revert_at": "2026-12-01T18:00:00Z"});
    ana.applies(&lent).await.expecting(201);
    let mut ben = ben;
    ben.signs_in().await.expecting(200);
    ben.does(&[act(&ana, "delete")]).await.expecting(201);
    portal.clock.set(tests::files::at("2026-12-01T18:00:00Z"));
    assert_eq!(portal.minute_passes().await, 0);
    ben.signs_in().await.expecting(200);
    let due = ben.open_return().await;
    assert_eq!(due["planned_return"]["state"], "due", "{due}");
    assert_eq!(ben.finds(&ben).await.1, "administrator");
}
