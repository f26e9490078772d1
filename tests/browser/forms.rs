//! Forms with a fault: the summary of errors has the focus, its links lead to the fields, what was typed is still there, and
//! each field is described by what is wrong with it.

use serde_json::json;
use tests::people::Person;
use tests::portal::Portal;

use crate::browser::{Browser, Key};

const SUMMARY: &str = "alert There is a problem";
const USERNAME_RULE: &str = "a user name has 1 to 100 characters, none of them `/`, control characters or signs that \
                             nobody sees, no blank at its ends, and not the form of an id";

/// The administrator, signed in at a browser too.
async fn at_the_portal() -> (Portal, Person, Browser) {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let browser = Browser::at(&portal).await;
    browser.signs_in("ana").await;
    (portal, ana, browser)
}

impl Browser {
    /// The summary has the focus, and the page says by its title that there is a problem.
    async fn is_told_of_a_problem(&self, text: &str) {
        self.sees("There is a problem").await;
        self.sees(text).await;
        assert_eq!(self.focus().await, SUMMARY);
        assert!(self.title().await.starts_with("Problem: "), "{}", self.title().await);
    }

    /// The summary's link leads to the field, which is marked and described by the same text.
    async fn is_led_to(&self, fault: &str, id: &str, field: &str) {
        self.clicks(fault).await;
        assert_eq!(self.focus().await, field);
        let joined = self.runs(include_str!("fault.js"), vec![json!(id)]).await;
        assert_eq!(joined[0], "true", "{id} is marked");
        let described = joined[1].as_str().unwrap_or_default();
        assert!(described.contains(fault), "{id} is described by `{described}` and not by `{fault}`");
        assert_eq!(self.complaints_as_shown().await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_wrong_password_is_told_and_the_user_name_is_kept() {
    let portal = Portal::start().await;
    let browser = Browser::at(&portal).await;
    browser.opens("/signin").await;
    browser.types("User name", "ana").await;
    browser.types("Password", "not the password at all").await;
    browser.presses(Key::Enter).await;
    browser.is_told_of_a_problem("sign-in-failed").await;
    assert_eq!(browser.holds("User name").await, "ana");
    assert_eq!(browser.holds("Password").await, "");
    assert_eq!(browser.complaints_as_shown().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_member_with_an_unusable_name_is_not_added_and_nothing_typed_is_lost() {
    let (_portal, ana, browser) = at_the_portal().await;
    browser.opens("/members/new").await;
    browser.types("User name", "vera/viewer").await;
    browser.types("Full name, if known", "Vera Viewer").await;
    browser.types("Mail address, if known", "vera@city.example").await;
    browser.picks("User type", "Viewer (25 seats free)").await;
    browser.clicks("Add the member").await;
    browser.is_told_of_a_problem("validation-failed").await;
    browser.is_led_to(USERNAME_RULE, "username", "field User name").await;
    assert_eq!(browser.holds("User name").await, "vera/viewer");
    assert_eq!(browser.holds("Full name, if known").await, "Vera Viewer");
    assert_eq!(browser.holds("Mail address, if known").await, "vera@city.example");
    assert_eq!(browser.holds("User type").await, "viewer");
    assert_eq!(ana.counts("viewer").await, (0, 25, 0));
}

#[tokio::test]
async fn an_invitation_with_an_unusable_name_is_not_made_and_nothing_typed_is_lost() {
    let (_portal, ana, browser) = at_the_portal().await;
    browser.opens("/invitations/new").await;
    browser.types("Full name, if known", "Nina New").await;
    browser.types("User name to propose", "nina/new").await;
    browser.clicks("Make the invitation").await;
    browser.is_told_of_a_problem("validation-failed").await;
    browser.is_led_to(USERNAME_RULE, "username", "field User name to propose").await;
    assert_eq!(browser.holds("Full name, if known").await, "Nina New");
    assert_eq!(ana.gets("/invitations").await.expecting(200).json()["items"], json!([]));
}

#[tokio::test]
async fn a_profile_that_somebody_else_changed_meanwhile_is_not_saved_and_nothing_typed_is_lost() {
    let (_portal, ana, browser) = at_the_portal().await;
    let vera = ana.adds("vera", "viewer").await;
    browser.opens(&format!("/members/{}/edit", vera.id)).await;
    browser.types("Full name", "Vera Viewer").await;
    browser.types("Mail address", "vera@city.example").await;
    ana.patches(&format!("/members/{}", vera.id), &json!({"full_name": "Vera Example"})).await.expecting(200);
    browser.clicks("Save").await;
    browser.is_told_of_a_problem("stale").await;
    assert_eq!(browser.holds("Full name").await, "Vera Viewer");
    assert_eq!(browser.holds("Mail address").await, "vera@city.example");
    assert_eq!(browser.complaints_as_shown().await, Vec::<String>::new());
    assert_eq!(ana.looks_at(&vera).await["full_name"], "Vera Example");
}

#[tokio::test]
async fn a_setting_out_of_range_is_not_saved_and_nothing_typed_is_lost() {
    let (_portal, ana, browser) = at_the_portal().await;
    browser.opens("/settings/security").await;
    browser.types("Information banner", "Maintenance on Sunday").await;
    browser.types("Fewest characters of a new password", "5").await;
    browser.clicks("Save").await;
    browser.is_told_of_a_problem("validation-failed").await;
    browser
        .is_led_to("is a number from 12 to 64", "minimum_password_length", "field Fewest characters of a new password")
        .await;
    assert_eq!(browser.holds("Fewest characters of a new password").await, "5");
    assert_eq!(browser.holds("Information banner").await, "Maintenance on Sunday");
    let settings = ana.gets("/settings/security").await.expecting(200).json();
    assert_eq!(settings["information_banner"], "");
}

#[tokio::test]
async fn a_role_of_a_name_that_is_taken_is_not_made_and_nothing_typed_is_lost() {
    let (_portal, ana, browser) = at_the_portal().await;
    let before = ana.gets("/roles").await.expecting(200).json();
    browser.opens("/roles/new").await;
    browser.types("Name", "Publisher").await;
    browser.types("What it is for", "Those who print maps").await;
    browser.ticks("General, Members: View").await;
    browser.clicks("Save the role").await;
    browser.is_told_of_a_problem("role-name-taken").await;
    assert_eq!(browser.holds("Name").await, "Publisher");
    assert_eq!(browser.holds("What it is for").await, "Those who print maps");
    assert_eq!(browser.complaints_as_shown().await, Vec::<String>::new());
    assert_eq!(ana.gets("/roles").await.expecting(200).json(), before);
}

#[tokio::test]
async fn a_file_that_is_no_license_and_a_table_that_is_none_are_told() {
    let (_portal, ana, browser) = at_the_portal().await;
    browser.opens("/licenses").await;
    browser.chooses_file("License file", "letter.json", b"{\"dear\": \"customer\"}").await;
    browser.clicks("Show what would change").await;
    browser.is_told_of_a_problem("license-malformed").await;
    assert_eq!(browser.complaints_as_shown().await, Vec::<String>::new());
    assert_eq!(ana.gets("/licenses").await.expecting(200).json()["items"].as_array().map(Vec::len), Some(1));

    browser.opens("/members/import").await;
    browser.chooses_file("Table", "members.csv", b"name,shoe\nvera,40\n").await;
    browser.clicks("Show what would change").await;
    browser.is_told_of_a_problem("validation-failed").await;
    let columns = "username, full_name, email, user_type, role, groups, categories, vendor_access";
    browser.is_led_to(&format!("has a column `name`; the columns are {columns}"), "file", "file Table").await;
}
