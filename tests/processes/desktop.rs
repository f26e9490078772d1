//! The product on a desktop, played by its user line by line: what it says when its session is ended elsewhere, with the
//! three computers taken, and without a network (S58 to S60, S68 to S84).

use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::json;

use crate::house::{House, Serving, program};
use crate::http::Client;
use crate::product_line::{self, PASSWORD, PRO, STANDARD, told};
use crate::vendor;

/// The app, with a user at it.
struct Desk {
    child: Child,
    typed: ChildStdin,
    said: Lines<BufReader<ChildStdout>>,
}

impl Desk {
    fn at(house: &House, serving: &Serving) -> Self {
        let folder = program().parent().expect("a profile folder");
        let target = folder.parent().expect("a target folder");
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--locked", "-p", "desktop-app", "--target-dir"]).arg(target);
        let built = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null()).status();
        assert!(built.expect("cargo runs").success(), "the app does not build");
        let mut command = Command::new(target.join("debug/desktop-app"));
        command.args(["--portal", &serving.address, "--computer", "Desk", "--home"]).arg(house.folder.join("desk"));
        command.arg("--roots").arg(vendor::keys().join("demo-root.root.jwk"));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the app starts");
        let typed = child.stdin.take().expect("a pipe");
        let said = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        Self { child, typed, said }
    }

    /// Types a line that the app answers with nothing.
    fn types(&mut self, line: &str) {
        writeln!(self.typed, "{line}").expect("the app reads");
    }

    /// The next line that the app says.
    fn hears(&mut self) -> String {
        self.said.next().expect("the app goes on").expect("text")
    }

    /// Types a line; what the app says to it.
    fn asks(&mut self, line: &str) -> String {
        self.types(line);
        self.hears()
    }

    /// Starts the product; the id of the session.
    fn starts(&mut self) -> String {
        let said = self.asks("start");
        let id = said.strip_prefix("arcgis-pro is open (standard): session ").and_then(|rest| rest.strip_suffix('.'));
        id.unwrap_or_else(|| panic!("the app says `{said}`")).to_owned()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn house(name: &str) -> (House, Serving, Desk) {
    let (house, _) = product_line::house(name);
    told(&house.run(&["add-on", "assign", STANDARD, "bo"]));
    let serving = house.serve();
    product_line::signed_in(&house, &serving, "bo");
    let mut desk = Desk::at(&house, &serving);
    assert_eq!(desk.asks(&format!("sign-in bo {PASSWORD}")), "Signed in as bo.");
    (house, serving, desk)
}

#[test]
fn a_session_that_is_ended_elsewhere_leaves_sixty_minutes_to_save_and_then_the_product_closes() {
    let (house, _serving, mut desk) = house("desk-ended");
    let session = desk.starts();
    told(&house.run(&["session", "end", &session]));
    // The product asks once a minute, and after activity only.
    desk.types("later 2");
    let message = desk.asks("work");
    let until =
        message.strip_prefix("This computer is not connected to a licensing portal any more. Save your work by ");
    let until = until.unwrap_or_else(|| panic!("the app says `{message}`")).trim_end_matches('.').to_owned();
    assert_eq!(desk.asks("work"), format!("Save your work by {until}."));
    assert_eq!(desk.asks("start"), format!("Not done: save your work and close first; there is time until {until}"));
    assert_eq!(desk.asks("save"), "Saved.");
    desk.types("later 57");
    assert_eq!(desk.asks("work"), format!("Save your work by {until}."), "59 minutes later there is still time");
    assert_eq!(desk.asks("later 1"), "The time to save is over. The product is closed.");
    assert_eq!(desk.asks("save"), "Not done: the product is closed");
    assert_ne!(desk.starts(), session);
}

#[test]
fn with_three_computers_taken_the_app_names_them_and_ends_one() {
    let (_house, serving, mut desk) = house("desk-three");
    let bo = Client::signed_in(&serving.address, "bo", PASSWORD);
    let mut taken = Vec::new();
    for computer in ["Laptop", "Lab", "Home"] {
        let wish = json!({"device_id": computer, "computer": computer, "request_id": computer});
        taken.push((bo.post(&format!("{PRO}/sessions"), &wish).expect("an answer").text(201, "id"), computer));
    }
    let mut named = vec![desk.asks("start"), desk.hears(), desk.hears()];
    named.sort();
    let mut expected: Vec<String> =
        taken.iter().map(|(id, computer)| format!("You are on {computer}: `end {id}` ends that session.")).collect();
    expected.sort();
    assert_eq!(named, expected);
    let refused = desk.hears();
    assert!(refused.starts_with("Not done: You are signed in on 3 computers: "), "{refused}");
    assert!(refused.ends_with("End one of these sessions to continue. (session-limit-reached)"), "{refused}");
    assert_eq!(desk.asks(&format!("end {}", taken[0].0)), "That session is ended.");
    desk.starts();
    // After a pause longer than a session, activity starts a new one.
    desk.types("later 31");
    let on = desk.asks("work");
    assert!(on.starts_with("arcgis-pro was not used for long and goes on (standard): session "), "{on}");
    assert_eq!(desk.asks("close"), "arcgis-pro is closed.");
}

#[test]
fn offline_the_product_opens_without_a_portal_and_a_code_gives_the_license_back() {
    let (house, serving, mut desk) = house("desk-offline");
    desk.starts();
    let taken = desk.asks("offline");
    let (until, checkout) = taken
        .strip_prefix("arcgis-pro is offline on this computer until ")
        .and_then(|rest| rest.split_once(": checkout "))
        .unwrap_or_else(|| panic!("the app says `{taken}`"));
    let (until, checkout) = (until.to_owned(), checkout.trim_end_matches('.').to_owned());
    assert_eq!(desk.asks("close"), "arcgis-pro is closed.");
    serving.kill();
    assert_eq!(desk.asks("start"), format!("arcgis-pro is open offline (standard) until {until}."));
    desk.types("work");
    assert_eq!(desk.asks("close"), "arcgis-pro is closed.");
    assert_eq!(desk.asks("return-code"), format!("The lease is given up. For checkout {checkout}, hand in:"));
    let code = house.write("code.txt", desk.hears().as_bytes());
    assert_eq!(told(&house.run(&["offline", "return", &checkout, &code])), "The license is back from Desk.\n");
    assert_eq!(desk.asks("home"), "Not done: nothing is offline on this computer");
}
