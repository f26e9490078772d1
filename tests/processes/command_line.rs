//! The verbs on changes, members, invitations, roles and settings, as somebody types them: what they say, what they write,
//! and how they end.

use std::fs;
use std::io::Write as _;
use std::process::{Output, Stdio};

use serde_json::{Value, json};

use crate::house::{House, ending, facts, said, told};

const SEATS: &[(&str, u32)] = &[("viewer", 3), ("creator", 2)];

fn refused(code: i32, name: &str) -> (Option<i32>, String) {
    (Some(code), name.to_owned())
}

/// A house with two viewers and, beside the administrator, one creator who publishes.
fn house(name: &str) -> House {
    let house = House::activated(name, SEATS);
    for (user, user_type, role) in
        [("ben", "viewer", "viewer"), ("cem", "viewer", "viewer"), ("dan", "creator", "publisher")]
    {
        told(&house.run(&["member", "add", user, "--type", user_type, "--role", role]));
    }
    house
}

/// Runs a command with a text at its standard input.
fn with_input(house: &House, args: &[&str], text: &str) -> Output {
    let mut child = house
        .command(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    // A command that refuses before it reads closes the pipe.
    let _ = child.stdin.take().expect("a pipe").write_all(text.as_bytes());
    child.wait_with_output().expect("it ends")
}

fn types(house: &House) -> Vec<(String, String)> {
    let list = facts(&house.run(&["member", "list", "--json"]));
    let text = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
    list["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (text(one, "username"), text(one, "user_type")))
        .collect()
}

#[test]
fn a_change_set_names_members_by_user_name_and_is_planned_applied_and_taken_back() {
    let house = house("cli-change");
    let before = types(&house);
    let file = house.write(
        "week.json",
        br#"{"reason": "week", "operations": [{"member": "BEN", "set_user_type": "creator", "set_role": "publisher"},
            {"member": "dan", "set_user_type": "viewer", "set_role": "viewer"}]}"#,
    );
    let planned = facts(&house.run(&["change", "plan", &file, "--json"]));
    assert_eq!((&planned["dry_run"], &planned["id"]), (&json!(true), &Value::Null));
    assert_eq!(types(&house), before);
    let applied = told(&house.run(&["change", "apply", &file]));
    assert!(applied.starts_with("ben: viewer (viewer) -> creator (publisher)\ndan: "), "{applied}");
    let list = facts(&house.run(&["change", "list", "--json"]));
    let id = list["items"][0]["id"].as_str().expect("an id").to_owned();
    assert!(applied.contains(&format!("`change revert {id}` takes it back.")), "{applied}");
    assert!(told(&house.run(&["change", "show", &id])).contains("Reason      week\n"));
    assert!(told(&house.run(&["change", "revert", &id, "-n"])).ends_with("Nothing was changed.\n"));
    told(&house.run(&["change", "revert", &id]));
    assert_eq!(types(&house), before);
    assert_eq!(ending(&house.run(&["change", "revert", &id])), refused(6, "stale"));
    assert_eq!(ending(&house.run(&["change", "cancel", &id])), refused(6, "nothing-planned"));
}

#[test]
fn every_operation_that_cannot_be_carried_out_is_named_and_nothing_is_changed() {
    let house = house("cli-blocked");
    let before = types(&house);
    let unknown: Vec<Value> = (0..30).map(|n| json!({"member": format!("nobody{n}"), "delete": true})).collect();
    let output = with_input(&house, &["change", "apply", "-"], &json!({"operations": unknown}).to_string());
    assert_eq!(ending(&output), refused(5, "not-found"));
    let words = said(&output);
    assert!(
        words.contains("30 operations cannot be carried out, so nothing was changed:\n  operation 1, nobody0: "),
        "{words}"
    );
    assert!(words.contains("  operation 20, nobody19: ") && words.contains("  and 10 more.\n"), "{words}");
    let text = r#"{"operations": [{"member": "ben", "set_user_type": "wizard"}, {"member": "dan", "set_user_type": "viewer"}]}"#;
    let words = said(&with_input(&house, &["change", "apply", "-"], text));
    assert!(words.contains("operation 1, ben: There is no user type `wizard`."), "{words}");
    assert!(words.contains("operation 2, dan: The role publisher gives more"), "{words}");
    assert_eq!(types(&house), before);
}

#[test]
fn what_is_no_change_set_is_refused_by_name() {
    let house = house("cli-hostile");
    for (text, code) in [
        ("", "request-malformed"),
        ("{", "request-malformed"),
        ("[]", "validation-failed"),
        (r#"{"operations": []}"#, "validation-failed"),
        (r#"{"operations": [{"member": "ben"}]}"#, "validation-failed"),
        (r#"{"operations": [{"member": "ben", "archive": true, "delete": true}]}"#, "validation-failed"),
        (
            r#"{"operations": [{"member": "ben", "archive": true}], "allow_one_over": {"a": 1, "A": 1}}"#,
            "validation-failed",
        ),
        (r#"{"operations": [{"member": "ben", "assign_add_ons": []}]}"#, "validation-failed"),
    ] {
        assert_eq!(ending(&with_input(&house, &["change", "apply", "-"], text)), refused(2, code), "{text}");
    }
    let huge = fs::File::create(house.folder.join("huge")).expect("a file");
    huge.set_len(1 << 30).expect("a sparse file");
    let huge = house.folder.join("huge").display().to_string();
    assert_eq!(ending(&house.run(&["change", "plan", &huge])), refused(2, "request-too-large"));
    assert_eq!(ending(&house.run(&["member", "import", &huge])), refused(2, "request-too-large"));
    let output = with_input(
        &house,
        &["change", "apply", "-"],
        "{\"operations\": [{\"member\": \"\\u001b[31m\", \"delete\": true}]}",
    );
    assert!(!output.stderr.contains(&0x1b), "{}", said(&output));
}

#[test]
fn the_question_for_consent_gives_the_command_that_answers_it() {
    let house = house("cli-consent");
    told(&house.run(&["member", "add", "eve", "--type", "viewer"]));
    let file = house
        .write("over.json", br#"{"operations": [{"member": "dan", "set_user_type": "viewer", "set_role": "viewer"}]}"#);
    let output = house.run(&["change", "apply", &file]);
    assert_eq!(ending(&output), refused(32, "one-over-needs-consent"));
    let words = said(&output);
    assert!(words.contains("viewer: 4 people would be locked out; 0 of them signed in now."), "{words}");
    assert!(
        words.contains(" --allow-one-over viewer=4\n") && words.contains("member swap USER ben --data "),
        "{words}"
    );
    assert_eq!(
        ending(&house.run(&["change", "apply", &file, "--allow-one-over", "viewer=5"])),
        refused(8, "confirmation-mismatch")
    );
    told(&house.run(&["change", "apply", &file, "--allow-one-over", "viewer=4"]));
    assert_eq!(told(&house.run(&["member", "list", "--locked-out", "--format", "jsonl"])).lines().count(), 4);
    assert_eq!(house.run(&["status", "--check"]).status.code(), Some(30));
}

#[test]
fn a_day_ends_at_midnight_and_the_return_is_listed_and_given_up() {
    let house = house("cli-until");
    let swapped = told(&house.run(&["member", "swap", "ben", "dan", "--until", "2099-12-31"]));
    assert!(swapped.contains("returns by itself at 2100-01-01T00:00:00Z, the end of 2099-12-31 UTC."), "{swapped}");
    let list = facts(&house.run(&["change", "list", "--returning", "--json"]));
    assert_eq!(
        list["items"][0]["planned_return"],
        json!({"at": "2100-01-01T00:00:00Z", "state": "planned", "problem": null})
    );
    let id = list["items"][0]["id"].as_str().expect("an id");
    assert!(told(&house.run(&["change", "cancel", id, "-n"])).ends_with("nothing was changed.\n"));
    told(&house.run(&["change", "cancel", id]));
    assert_eq!(told(&house.run(&["change", "list", "--returning"])), "No return is planned.\n");
    for when in ["2020-01-01", "tomorrow", "2099-02-30"] {
        assert_eq!(
            ending(&house.run(&["member", "set-type", "ben", "creator", "--until", when])),
            refused(2, "validation-failed")
        );
    }
}

#[test]
fn accounts_are_disabled_archived_and_restored_and_a_rehearsal_changes_nothing() {
    let house = house("cli-accounts");
    let state = |user: &str| facts(&house.run(&["member", "show", user, "--json"]))["state"].clone();
    told(&house.run(&["member", "disable", "ben", "-n"]));
    assert_eq!(state("ben"), json!("enabled"));
    told(&house.run(&["member", "disable", "ben", "--reason", "leave"]));
    assert_eq!(state("ben"), json!("disabled"));
    told(&house.run(&["member", "enable", "ben"]));
    told(&house.run(&["member", "archive", "ben"]));
    assert_eq!(told(&house.run(&["member", "list", "--state", "archived", "--format", "jsonl"])).lines().count(), 1);
    told(&house.run(&["member", "restore", "ben"]));
    assert_eq!(state("ben"), json!("enabled"));
    assert_eq!(ending(&house.run(&["member", "archive", "admin"])), refused(33, "last-administrator"));
    let added = facts(&house.run(&["member", "add", "eve", "--type", "viewer", "-n", "--json"]));
    assert_eq!((&added["dry_run"], &added["one_time_password"]), (&json!(true), &Value::Null));
    assert_eq!(ending(&house.run(&["member", "show", "eve"])), refused(5, "not-found"));
}

#[test]
fn a_table_goes_out_comes_in_again_and_its_refused_rows_come_back() {
    let house = house("cli-table");
    let out = house.folder.join("out.csv").display().to_string();
    told(&house.run(&["member", "export", "--out", &out]));
    assert_eq!(ending(&house.run(&["member", "export", "--out", &out])), refused(6, "file-exists"));
    assert!(told(&house.run(&["member", "import", &out])).starts_with("0 added, 0 changed, 4 unchanged, 0 refused."));
    let people = house.write("people.csv", b"username,full_name,user_type,role\neve,=Eve,viewer,\nfay,,viewer,\nben,Ben B,,\ndan,,,administrator\ncem,,viewer,publisher\n");
    let problems = house.folder.join("problems.csv").display().to_string();
    let atomic = house.run(&["member", "import", &people, "--problems", &problems]);
    assert_eq!(ending(&atomic), refused(34, "import-refused"));
    assert!(said(&atomic).contains("  line 6, cem: The role publisher"), "{}", said(&atomic));
    assert_eq!(ending(&house.run(&["member", "import", &people, "--problems", &problems])), refused(6, "file-exists"));
    fs::remove_file(&problems).expect("the file goes");
    let filled = told(&house.run(&["member", "import", &people, "--mode", "fill", "--problems", &problems]));
    assert!(filled.contains("One-time password") && filled.contains("\neve "), "{filled}");
    let written = fs::read_to_string(&problems).expect("the refused rows");
    assert!(written.starts_with("username,full_name,user_type,role,problem\n"), "{written}");
    assert!(!told(&house.run(&["member", "import", &problems, "--mode", "fill", "-n"])).contains("One-time"));
    assert!(told(&house.run(&["member", "list", "--format", "csv"])).contains(",eve,'=Eve,"));
    let nowhere = house.folder.join("no-such-folder/problems.csv").display().to_string();
    let rows = house.write("two.csv", b"username,user_type,role\ngus,creator,viewer\ncem,viewer,publisher\n");
    told(&house.run(&["member", "archive", "dan"]));
    let lost = house.run(&["member", "import", &rows, "--mode", "fill", "--problems", &nowhere]);
    let shown = String::from_utf8_lossy(&lost.stdout).into_owned();
    assert_eq!(lost.status.code(), Some(1), "{shown}");
    assert!(shown.contains("\ngus ") && shown.contains("The refused rows are kept nowhere."), "{shown}");
}

#[test]
fn an_invitation_is_sent_renewed_and_revoked_and_its_address_is_shown_once() {
    let house = house("cli-invite");
    let sent =
        facts(&house.run(&["member", "invite", "eve", "--type", "viewer", "--email", "eve@example.org", "--json"]));
    let (id, address) = (sent["id"].as_str().expect("an id"), sent["accept_at"].as_str().expect("an address"));
    assert!(address.starts_with("/invitations/swp_"), "{address}");
    assert_eq!(ending(&house.run(&["member", "add", "fay", "--type", "viewer"])), refused(31, "seat-limit-reached"));
    assert!(!told(&house.run(&["invitation", "list", "--json"])).contains("swp_"));
    assert_ne!(facts(&house.run(&["invitation", "resend", id, "--json"]))["accept_at"], json!(address));
    assert_eq!(facts(&house.run(&["invitation", "resend", id, "-n", "--json"]))["accept_at"], Value::Null);
    told(&house.run(&["invitation", "revoke", id]));
    assert_eq!(ending(&house.run(&["invitation", "revoke", id])), refused(5, "invitation-ended"));
    told(&house.run(&["member", "add", "fay", "--type", "viewer"]));
}

#[test]
fn roles_and_settings_are_made_changed_and_asked_about() {
    let house = house("cli-roles");
    let role = house.write("role.json", br#"{"name": "Reviewer", "privileges": ["members.view"]}"#);
    told(&house.run(&["role", "create", &role, "-n"]));
    assert_eq!(ending(&house.run(&["role", "show", "custom-reviewer"])), refused(5, "not-found"));
    told(&house.run(&["role", "create", &role]));
    assert_eq!(ending(&house.run(&["role", "create", &role])), refused(6, "role-name-taken"));
    told(&house.run(&["member", "set-role", "ben", "custom-reviewer"]));
    assert!(told(&house.run(&["why", "ben", "members.view"])).starts_with("Yes: ben (viewer, custom-reviewer) may "));
    assert!(
        told(&house.run(&["why", "ben", "change-user-type"])).contains("Who can change the user type: whoever holds ")
    );
    assert_eq!(ending(&house.run(&["why", "ben", "nothing.such"])), refused(5, "not-found"));
    assert_eq!(ending(&house.run(&["role", "delete", "custom-reviewer"])), refused(34, "role-in-use"));
    assert_eq!(ending(&house.run(&["role", "edit", "viewer", &role])), refused(34, "role-is-default"));
    let groups = house.write("groups.json", br#"{"names": ["editors"]}"#);
    told(&house.run(&["settings", "set", "groups", &groups]));
    told(&house.run(&["member", "edit", "ben", "--name", "Ben B", "--group", "editors"]));
    assert_eq!(told(&house.run(&["member", "list", "--group", "editors", "--format", "jsonl"])).lines().count(), 1);
    assert_eq!(ending(&house.run(&["settings", "set", "security", &groups])), refused(2, "validation-failed"));
    assert_eq!(ending(&house.run(&["settings", "show", "colors"])), refused(5, "not-found"));
}

#[test]
fn only_lists_are_csv_and_nothing_is_changed_for_an_answer_that_cannot_be_written() {
    let house = house("cli-formats");
    assert_eq!(ending(&house.run(&["member", "delete", "ben", "--format", "csv"])), refused(2, "usage"));
    assert_eq!(types(&house).len(), 4);
    for list in
        [&["member", "list"][..], &["role", "list"], &["type", "list"], &["change", "list"], &["invitation", "list"]]
    {
        let lines = |format: &str| told(&house.run(&[list, &["--format", format]].concat())).lines().count();
        let items = facts(&house.run(&[list, &["--json"]].concat()))["items"].as_array().map_or(0, Vec::len);
        assert_eq!((lines("csv"), lines("jsonl")), (items + 1, items), "{list:?}");
    }
}

#[test]
fn ten_thousand_operations_are_one_change_beside_a_running_portal() {
    let house = House::activated("cli-many", &[("viewer", 10_000), ("creator", 10_001)]);
    let serving = house.serve();
    let rows: String = (0..10_000).map(|n| format!("m{n},viewer,viewer\n")).collect();
    let people = house.write("people.csv", format!("username,user_type,role\n{rows}").as_bytes());
    assert_eq!(facts(&house.run(&["member", "import", &people, "--json"]))["added"], json!(10_000));
    let operations: Vec<Value> =
        (0..10_000).map(|n| json!({"member": format!("m{n}"), "set_user_type": "creator"})).collect();
    let file = house.write("many.json", json!({"operations": operations}).to_string().as_bytes());
    let applied = house.run(&["change", "apply", &file]);
    assert!(
        told(&applied).contains("and 9980 more members.\nviewer: 10000 -> 0 of 10000 licensed\n"),
        "{}",
        told(&applied)
    );
    // Nobody watches a terminal here.
    assert!(applied.stderr.is_empty(), "{}", said(&applied));
    let creators = serving.admin().get("/api/v1/user-types/creator").expect("an answer");
    assert_eq!(creators.body["assigned"], json!(10_001));
}
