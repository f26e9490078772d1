//! Members brought in, changed and written out as CSV (design: Doors).

use serde_json::{Value, json};
use tests::files::order;
use tests::people::{Answer, Person};
use tests::portal::Portal;

async fn house() -> (Portal, Person) {
    let portal = Portal::with(&order(1, &[("viewer", 5), ("creator", 5)])).await;
    let ana = portal.administrator().await;
    (portal, ana)
}

fn outcomes(answer: &Value) -> [u64; 4] {
    ["added", "changed", "unchanged", "refused"].map(|name| answer[name].as_u64().unwrap())
}

/// The member of that user name, with groups and categories.
async fn named(ana: &Person, username: &str) -> Value {
    let list = ana.gets(&format!("/members?q={username}")).await.expecting(200).json();
    let id = list["items"][0]["id"].as_str().unwrap_or_else(|| panic!("{username} in {list}"));
    ana.gets(&format!("/members/{id}")).await.expecting(200).json()
}

#[tokio::test]
async fn a_table_may_begin_with_a_byte_order_mark_and_be_separated_by_semicolons() {
    for (case, table) in [
        ("plain", "username,full_name,user_type\nnina,Nina Ode,viewer\n"),
        ("a byte-order mark", "\u{feff}username,full_name,user_type\nnina,Nina Ode,viewer\n"),
        ("semicolons", "username;full_name;user_type\nnina;Nina Ode;viewer\n"),
        ("both, and other line ends", "\u{feff}username;full_name;user_type\r\nnina;Nina Ode;viewer\r\n"),
        ("another order, and capitals", "User_Type, USERNAME ,full_name\nVIEWER, nina ,Nina Ode"),
        ("quotes", "username,full_name,user_type\n\"nina\",\"Nina Ode\",viewer\n"),
    ] {
        let (portal, ana) = house().await;
        let done = ana.imports("", table).await.expecting(200).json();
        assert_eq!(outcomes(&done), [1, 0, 0, 0], "{case}");
        let nina = named(&ana, "nina").await;
        assert_eq!((&nina["full_name"], &nina["user_type"]), (&json!("Nina Ode"), &json!("viewer")), "{case}");
        let mut nina = portal.person("nina");
        nina.password = done["members"][0]["one_time_password"].as_str().unwrap().to_owned();
        assert_eq!(nina.signs_in().await.expecting(200).json()["member"]["must_change_password"], true, "{case}");
    }
}

#[tokio::test]
async fn a_table_that_cannot_be_read_is_told_with_its_column_or_line() {
    let (_, ana) = house().await;
    for (table, told) in [
        ("", "has no column `username`"),
        ("name,user_type\nnina,viewer\n", "has a column `name`; the columns are username, full_name, email,"),
        ("username,password\nnina,x\n", "has a column `password`"),
        ("user_type\nviewer\n", "has no column `username`"),
        ("username,USERNAME\na,b\n", "has `USERNAME` twice"),
        ("username,user_type\nnina\n", "line: 2"),
    ] {
        let refused = ana.imports("", table).await;
        refused.is_problem(422, "validation-failed");
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(told), "`{told}` in {detail}");
    }
    let bytes = ana.asks(axum::http::Method::POST, "/members/import?dry_run=true", &[], vec![0xff, 0xfe, 0x00]).await;
    bytes.is_problem(422, "validation-failed");
    ana.imports("?mode=some", "username\nnina\n").await.is_problem(422, "validation-failed");
    assert_eq!(ana.gets("/members").await.json()["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn only_what_a_cell_gives_is_changed() {
    let (_, ana) = house().await;
    ana.puts("/settings/groups", &json!({"names": ["Maps", "Roads"]})).await.expecting(200);
    ana.puts("/settings/categories", &json!({"names": ["North"]})).await.expecting(200);
    let first = "username,full_name,email,user_type,role,groups,categories,vendor_access\n\
                 nina,Nina Ode,nina@city.example,creator,user,Maps;Roads,North,yes\n";
    ana.imports("", first).await.expecting(200);
    let before = named(&ana, "nina").await;
    assert_eq!(before["groups"], json!(["Maps", "Roads"]));
    assert_eq!((&before["role"], &before["vendor_access"]), (&json!("user"), &json!(true)));

    for (case, table, outcome) in [
        ("no other columns", "username\nnina\n", [0, 0, 1, 0]),
        ("empty cells", "username,full_name,email,user_type,role,groups,vendor_access\nNINA,,,,,,\n", [0, 0, 1, 0]),
        ("the same again", first, [0, 0, 1, 0]),
    ] {
        let done = ana.imports("", table).await.expecting(200).json();
        assert_eq!(outcomes(&done), outcome, "{case}");
        assert_eq!(named(&ana, "nina").await, before, "{case}");
    }
    let done = ana.imports("", "username,role,groups\nnina,publisher,Roads\n").await.expecting(200).json();
    assert_eq!(outcomes(&done), [0, 1, 0, 0]);
    assert!(done["members"][0].get("one_time_password").is_none());
    let after = named(&ana, "nina").await;
    assert_eq!((&after["role"], &after["groups"]), (&json!("publisher"), &json!(["Roads"])));
    assert_eq!((&after["full_name"], &after["email"]), (&before["full_name"], &before["email"]));
    assert_eq!((&after["user_type"], &after["categories"]), (&before["user_type"], &before["categories"]));
}

/// One good row, and one of each mistake.
const MIXED: &str = "username,user_type,role,vendor_access\n\
                     nina,viewer,,\n\
                     otto,no-such,,\n\
                     ,viewer,,\n\
                     paul,viewer,publisher,\n\
                     NINA,viewer,,\n\
                     rosa,viewer,,perhaps\n\
                     a/b,viewer,,\n\
                     ana,viewer,,\n";

#[tokio::test]
async fn all_or_nothing_names_every_row_that_cannot_be_and_imports_none() {
    let (_, ana) = house().await;
    let refused = ana.imports("", MIXED).await;
    refused.is_problem(409, "import-refused");
    let rows = refused.json()["rows"].clone();
    let told: Vec<(u64, &str)> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["line"].as_u64().unwrap(), row["code"].as_str().unwrap()))
        .collect();
    let expected = [
        (3, "validation-failed"),
        (4, "validation-failed"),
        (5, "role-exceeds-user-type"),
        (6, "validation-failed"),
        (7, "validation-failed"),
        (8, "validation-failed"),
        (9, "role-exceeds-user-type"),
    ];
    assert_eq!(told, expected);
    assert!(refused.text_of("detail").starts_with("Nothing was imported: 7 of 8 rows cannot be. First line 3, otto:"));
    assert_eq!(ana.gets("/members").await.json()["items"].as_array().map(Vec::len), Some(1));
    // A rehearsal says the same.
    let planned = ana.imports("?dry_run=true", MIXED).await;
    planned.is_problem(409, "import-refused");
    assert_eq!(planned.json(), refused.json());
}

#[tokio::test]
async fn a_rehearsal_is_what_happens_then_and_changes_nothing() {
    let (portal, ana) = house().await;
    ana.adds("vera", "viewer").await;
    let table = "username,user_type,role\nvera,creator,user\nana,,\nnina,viewer,\notto,viewer,publisher\n";
    let version = || portal.state.store.read(|tx| Ok(tx.version())).unwrap();
    let before = version();
    let planned = ana.imports("?dry_run=true&mode=fill", table).await.expecting(200).json();
    assert_eq!(version(), before);
    let done = ana.imports("?mode=fill", table).await.expecting(200).json();
    assert_eq!((outcomes(&planned), &planned["dry_run"]), (outcomes(&done), &json!(true)));
    assert_eq!(outcomes(&done), [1, 1, 1, 1]);
    assert_eq!(planned["rows"], done["rows"]);
    let told = |answer: &Value| -> Vec<(Value, Value)> {
        let members = answer["members"].as_array().unwrap().iter();
        members.map(|one| (one["username"].clone(), one["outcome"].clone())).collect()
    };
    assert_eq!(told(&planned), told(&done));
    assert_eq!(planned["members"][2]["id"], Value::Null);
    assert_eq!(portal.state.store.read(|tx| tx.recount()).unwrap(), []);
}

#[tokio::test]
async fn as_many_as_there_are_seats_come_in_and_the_others_are_named() {
    let (portal, ana) = house().await;
    let rows: String = (1..=7).map(|number| format!("v{number},viewer\n")).collect();
    let table = format!("username,user_type\n{rows}");
    let whole = ana.imports("", &table).await;
    whole.is_problem(409, "import-refused");
    assert_eq!(whole.json()["rows"].as_array().map(Vec::len), Some(2));
    assert_eq!(ana.counts("viewer").await, (0, 5, 0));
    let filled = ana.imports("?mode=fill", &table).await.expecting(200).json();
    assert_eq!(outcomes(&filled), [5, 0, 0, 2]);
    let left: Vec<_> = filled["rows"].as_array().unwrap().iter().map(|row| (&row["line"], &row["code"])).collect();
    let full = &json!("seat-limit-reached");
    assert_eq!(left, [(&json!(7), full), (&json!(8), full)]);
    assert_eq!(ana.counts("viewer").await, (5, 5, 0));
    // An exchange inside one table needs no free seat.
    ana.imports("", "username,user_type\nc1,creator\nc2,creator\nc3,creator\nc4,creator\n").await.expecting(200);
    let swap = "username,user_type,role\nv1,creator,user\nc1,viewer,viewer\n";
    assert_eq!(outcomes(&ana.imports("", swap).await.expecting(200).json()), [0, 2, 0, 0]);
    let too_many = "username,user_type,role\nv2,creator,user\nv3,creator,user\n";
    let refused = ana.imports("", too_many).await;
    refused.is_problem(409, "import-refused");
    assert_eq!(refused.json()["rows"].as_array().map(Vec::len), Some(2));
    assert_eq!(portal.state.store.read(|tx| tx.recount()).unwrap(), []);
}

#[tokio::test]
async fn a_row_that_is_refused_for_a_label_or_an_address_moves_nobody_either() {
    let (_, ana) = house().await;
    let vera = ana.adds("vera", "viewer").await;
    let mover = ana.makes_role("Mover", catalog::enforced::CHANGE_USER_TYPE).await;
    let dora = ana.adds_with_role("dora", "creator", &mover).await;
    let as_before = (Some("viewer".to_owned()), "viewer".to_owned(), "enabled".to_owned());
    for (person, table, code) in [
        (&ana, "username,user_type,role,groups\nvera,creator,user,Nowhere\n", "validation-failed"),
        (&dora, "username,user_type,role,email\nvera,creator,user,v@city.example\n", "reserved-to-administrators"),
        (&dora, "username,user_type,role,groups\nvera,creator,user,Nowhere\n", "privilege-missing"),
    ] {
        let filled = person.imports("?mode=fill", table).await.expecting(200).json();
        assert_eq!((outcomes(&filled), &filled["rows"][0]["code"]), ([0, 0, 0, 1], &json!(code)), "{table}");
        assert_eq!(ana.finds(&vera).await, as_before, "{table}");
        person.imports("", table).await.is_problem(409, "import-refused");
    }
    assert_eq!(ana.gets("/changes").await.json()["items"], json!([]));
    // Who may change roles and see no account changes one by a table, too.
    let looker = ana.makes_role("Looker", &["members.view"]).await;
    let keeper = ana.makes_role("Keeper", &["admin.settings.member_roles"]).await;
    let rolf = ana.adds_with_role("rolf", "creator", &keeper).await;
    let done = rolf.imports("", &format!("username,role\nvera,{looker}\n")).await.expecting(200).json();
    assert_eq!((outcomes(&done), ana.finds(&vera).await.1), ([0, 1, 0, 0], looker));
}

#[tokio::test]
async fn refused_rows_come_back_as_a_table_that_is_corrected_and_sent_again() {
    let (_, ana) = house().await;
    let whole = ana.imports_for_the_rest("", MIXED).await.expecting(409);
    assert_eq!(whole.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(whole.text().lines().count(), 8);
    let rest = ana.imports_for_the_rest("?mode=fill", MIXED).await.expecting(200).text();
    assert_eq!(whole.text(), rest);
    let head = rest.lines().next().unwrap();
    assert_eq!(head, "username,user_type,role,vendor_access,problem");
    assert!(rest.contains("\npaul,viewer,publisher,,The role publisher gives more than"), "{rest}");
    // Corrected in place; the column `problem` stays where it is.
    let corrected = rest
        .replace("otto,no-such", "otto,viewer")
        .replace("\n,viewer,,,", "\nquinn,viewer,,,")
        .replace("paul,viewer,publisher", "paul,viewer,viewer")
        .replace("perhaps", "no");
    let again = ana.imports("?mode=fill", &corrected).await.expecting(200).json();
    assert_eq!(outcomes(&again), [4, 0, 1, 2], "{again}");
    for name in ["nina", "otto", "quinn", "paul", "rosa"] {
        assert_eq!(named(&ana, name).await["user_type"], "viewer");
    }
}

#[track_caller]
fn cells(answer: &Answer, username: &str) -> String {
    let text = answer.text();
    text.lines().find(|line| line.contains(username)).unwrap_or_else(|| panic!("{username} in {text}")).to_owned()
}

#[tokio::test]
async fn no_cell_of_an_export_is_taken_for_a_formula_and_the_export_is_a_table_again() {
    let (_, ana) = house().await;
    for (username, name) in
        [("-1", "=HYPERLINK(\"http://bad.example\",\"x\")"), ("+44", "@SUM(1)"), ("=1", "'quoted'"), ("plain", "-2+3")]
    {
        let body = json!({"username": username, "full_name": name, "user_type": "viewer"});
        ana.posts("/members", &body).await.expecting(201);
    }
    let export = ana.gets("/members/export").await.expecting(200);
    assert_eq!(export.header("content-disposition"), "attachment; filename=\"members.csv\"");
    assert!(cells(&export, "HYPERLINK").starts_with("'-1,\"'=HYPERLINK("), "{}", export.text());
    assert!(cells(&export, "@SUM").starts_with("'+44,'@SUM(1),"));
    assert!(cells(&export, "quoted").starts_with("'=1,'quoted',"));
    assert!(cells(&export, "plain").starts_with("plain,'-2+3,"));
    let again = ana.imports("?dry_run=true", &export.text()).await.expecting(200).json();
    assert_eq!(outcomes(&again), [0, 0, 5, 0], "{again}");
    // A table changes no state, and does not pass over one that is written into it.
    let archived = export.text().replacen("enabled", "archived", 1);
    let refused = ana.imports("?dry_run=true", &archived).await;
    refused.is_problem(409, "import-refused");
    assert_eq!(refused.json()["rows"][0]["problem"], "state: is enabled, and a table changes no state.");
    // Nor is a refused row.
    let rest = ana.imports_for_the_rest("?mode=fill", "username,full_name\nx/y,=1+1\n").await.expecting(200).text();
    assert!(rest.contains("\nx/y,'=1+1,"), "{rest}");
}

/// From the Big List of Naughty Strings (MIT): what a user name may be, and what it may not.
const NAUGHTY: &[(&str, bool)] = &[
    ("undefined", true),
    ("null", true),
    ("hasOwnProperty", true),
    ("\\", true),
    ("1E+02", true),
    ("1/0", false),
    ("NaN", true),
    ("0xabad1dea", true),
    ("1'000'000,00", true),
    ("<>?:\"{}|_+", true),
    ("!@#$%^&*()`~", true),
    ("\u{1}\u{2}\u{7f}", false),
    ("\u{feff}", false),
    ("\u{3a9}\u{2248}\u{e7}\u{221a}\u{222b}", true),
    ("'\"''''\"'\"", true),
    ("\u{7530}\u{4e2d}\u{3055}\u{3093}\u{306b}", true),
    ("\u{202a}\u{202a}test\u{202a}", false),
    ("Robert'); DROP TABLE members;--", true),
    ("<script>alert(123)</script>", false),
    ("<img src=x onerror=alert(1)>", true),
    ("%s%s%n", true),
    ("${{7*7}}", true),
    ("\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}", true),
];

#[tokio::test]
async fn strange_user_names_come_in_by_a_table_and_out_again_or_are_refused() {
    let portal = Portal::with(&order(1, &[("viewer", 40), ("creator", 1)])).await;
    let ana = portal.administrator().await;
    let quoted = |name: &str| format!("\"{}\",viewer\n", name.replace('"', "\"\""));
    let rows: String = NAUGHTY.iter().map(|(name, _)| quoted(name)).collect();
    let done = ana.imports("?mode=fill", &format!("username,user_type\n{rows}")).await.expecting(200).json();
    let good = NAUGHTY.iter().filter(|(_, good)| *good).count() as u64;
    assert_eq!(outcomes(&done), [good, 0, 0, NAUGHTY.len() as u64 - good], "{done}");
    let list = ana.gets("/members?limit=500").await.expecting(200).json();
    let names: Vec<&str> =
        list["items"].as_array().unwrap().iter().filter_map(|one| one["username"].as_str()).collect();
    for (name, good) in NAUGHTY {
        assert_eq!(names.contains(name), *good, "{name:?}");
    }
    let export = ana.gets("/members/export").await.expecting(200).text();
    let again = ana.imports("?dry_run=true&mode=fill", &export).await.expecting(200).json();
    assert_eq!(outcomes(&again), [0, 0, good + 1, 0], "{again}");
    ana.opens("/members").await.expecting(200).is_silent_on("<img src=x").is_silent_on("<script>");
}
