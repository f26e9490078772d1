//! Attempts with tables of members: rows half done, formulas, names that change on the way out and in.

use serde_json::json;
use tests::people::Person;
use tests::portal::Portal;

async fn house() -> (Portal, Person) {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    (portal, ana)
}

#[tokio::test]
async fn a_row_that_is_refused_has_done_nothing_at_all() {
    let (_, ana) = house().await;
    let mover = ana
        .makes_role(
            "Mover",
            &[
                "members.view",
                "admin.members.view_all",
                "admin.members.update",
                "admin.members.change_roles",
                "admin.members.manage_licenses",
            ],
        )
        .await;
    let max = ana.adds_with_role("max", "creator", &mover).await;
    let vera = ana.adds("vera", "viewer").await;
    let table = "username,user_type,role,full_name,email\nvera,creator,user,New Name,new@example.org\n";
    let done = max.imports("?mode=fill", table).await.expecting(200).json();
    assert_eq!((&done["changed"], &done["refused"]), (&json!(0), &json!(1)), "{done}");
    let after = ana.looks_at(&vera).await;
    assert_eq!((&after["user_type"], &after["full_name"]), (&json!("viewer"), &json!("")), "{after}");
    assert_eq!(ana.counts("viewer").await.0, 1);
    let dry = max.imports("?mode=fill&dry_run=true", table).await.expecting(200).json();
    assert_eq!(dry["rows"], done["rows"]);
    let unknown = "username,user_type,role,groups\nvera,creator,user,Nowhere\n";
    let done = ana.imports("?mode=fill", unknown).await.expecting(200).json();
    assert_eq!((&done["changed"], &done["refused"]), (&json!(0), &json!(1)), "{done}");
    assert_eq!(ana.finds(&vera).await.0, Some("viewer".to_owned()));
}

#[tokio::test]
async fn a_name_with_the_sign_against_formulas_stays_the_name_on_the_way_out_and_in() {
    let (_, ana) = house().await;
    for (name, full) in [("=cmd", "one"), ("'=cmd", "two"), ("''=cmd", "three")] {
        let body = json!({"username": name, "user_type": "viewer", "full_name": full});
        ana.posts("/members", &body).await.expecting(201);
    }
    let export = ana.gets("/members/export").await.expecting(200).text();
    let again = ana.imports("?mode=fill", &export).await.expecting(200).json();
    assert_eq!((&again["unchanged"], &again["refused"]), (&json!(4), &json!(0)), "{again}");
    for (name, full) in [("%3Dcmd", "one"), ("'%3Dcmd", "two"), ("''%3Dcmd", "three")] {
        let found = ana.gets(&format!("/members?q={name}&limit=500")).await.expecting(200).json();
        assert!(found["items"].as_array().unwrap().iter().any(|one| one["full_name"] == full), "{found}");
    }
}

#[tokio::test]
async fn refused_rows_are_no_formulas_and_come_in_again_as_they_were_meant() {
    let (_, ana) = house().await;
    let table = "username,user_type,full_name\n'=cmd|'/C calc'!A0,nowhere,@sum\n+x,nowhere,'-y\n";
    let rest = ana.imports_for_the_rest("?mode=fill", table).await.expecting(200).text();
    for line in rest.lines().skip(1) {
        let mut cells = csv_cells(line);
        assert!(cells.all(|cell| !cell.starts_with(['=', '+', '-', '@'])), "{line}");
    }
    let mended = rest.replace("nowhere", "viewer");
    let done = ana.imports("?mode=fill", &mended).await.expecting(200).json();
    assert_eq!(done["refused"], json!(1), "{done}");
    let names: Vec<&str> =
        done["members"].as_array().unwrap().iter().filter_map(|one| one["username"].as_str()).collect();
    assert_eq!(names, ["+x"]);
}

fn csv_cells(line: &str) -> impl Iterator<Item = String> + '_ {
    line.split(',').map(|cell| cell.trim_matches('"').to_owned())
}
