//! The desktop product of `examples/desktop-app` as a process: what its user types, and what it says, line by line.

use std::fs;
use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::json;

use crate::house::{House, PASSWORD, Serving, built};
use crate::vendor;

const SEATS: &[(&str, u32)] = &[("gis-pro-standard", 2), ("creator", 1)];

/// The app on one computer, with its user at the keys.
struct Desktop {
    child: Child,
    keys: ChildStdin,
    screen: Lines<BufReader<ChildStdout>>,
}

impl Desktop {
    /// Opens the app; what this computer keeps lies in a folder of the house.
    fn opens(house: &House, address: &str, computer: &str) -> Self {
        let mut app = Command::new(built("desktop-app"));
        app.args(["--portal", address, "--computer", computer]);
        app.arg("--home").arg(house.folder.join(computer));
        app.arg("--roots").arg(vendor::keys().join("demo-root.root.jwk"));
        let mut child = app.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the app starts");
        let (keys, screen) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
        Self { child, keys, screen: BufReader::new(screen).lines() }
    }

    fn types(&mut self, line: &str) {
        writeln!(self.keys, "{line}").expect("the app reads");
    }

    /// The next line that the app says, whenever that is.
    fn says(&mut self) -> String {
        self.screen.next().and_then(Result::ok).expect("the app says something")
    }

    /// What the app says to a command of which it says one line.
    fn answers(&mut self, line: &str) -> String {
        self.types(line);
        self.says()
    }

    /// Carla signs in and opens Pro; the session.
    fn starts(&mut self) -> String {
        self.carla();
        let said = self.answers("start");
        between(&said, "arcgis-pro is open (standard): session ", ".")
    }

    fn carla(&mut self) {
        assert_eq!(self.answers(&format!("sign-in carla {PASSWORD}")), "Signed in as carla.");
    }

    /// Ends the app; everything that it still says.
    fn quits(mut self) -> Vec<String> {
        self.types("quit");
        let said = self.screen.by_ref().map_while(Result::ok).collect();
        assert_eq!(self.child.wait().expect("the app ends").code(), Some(0));
        said
    }
}

/// What stands in a line between its beginning and its end.
fn between(line: &str, before: &str, after: &str) -> String {
    let inner = line.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    inner.unwrap_or_else(|| panic!("`{line}` is not `{before}…{after}`")).to_owned()
}

fn house(name: &str) -> (House, Serving) {
    let house = House::bound(name, SEATS);
    let serving = house.serve();
    serving.adds("carla", "gis-pro-standard");
    (house, serving)
}

#[test]
fn three_computers_work_the_fourth_ends_one_and_that_one_has_sixty_minutes_to_save() {
    let (house, serving) = house("desktop-sessions");
    let mut computers = ["DESK", "LAPTOP", "FIELD", "HOME"].map(|name| Desktop::opens(&house, &serving.address, name));
    let [desk, laptop, field, home] = &mut computers;
    let sessions = [desk.starts(), laptop.starts(), field.starts()];
    home.carla();
    let mut said = vec![home.answers("start"), home.says(), home.says()];
    said.sort();
    let mut named: Vec<String> = ["DESK", "LAPTOP", "FIELD"]
        .iter()
        .zip(&sessions)
        .map(|(computer, id)| format!("You are on {computer}: `end {id}` ends that session."))
        .collect();
    named.sort();
    assert_eq!(said, named);
    let refused = between(
        &home.says(),
        "Not done: You are signed in on 3 computers: ",
        ". End one of these sessions to continue. (session-limit-reached)",
    );
    let mut names: Vec<&str> = refused.split(", ").collect();
    names.sort_unstable();
    assert_eq!(names, ["DESK", "FIELD", "LAPTOP"]);
    assert_eq!(home.answers(&format!("end {}", sessions[0])), "That session is ended.");
    home.types("start");
    between(&home.says(), "arcgis-pro is open (standard): session ", ".");
    // The desk hears of it a minute later, when its user works.
    desk.types("later 1");
    let until = between(
        &desk.answers("work"),
        "This computer is not connected to a licensing portal any more. Save your work by ",
        ".",
    );
    assert_eq!(desk.answers("save"), "Saved.");
    desk.types("later 50");
    let reminded = between(&desk.answers("work"), "Save your work by ", ".");
    assert!((vendor::at(&reminded).unix() - vendor::at(&until).unix()).abs() <= 1, "{reminded} and {until}");
    assert!(desk.answers("start").starts_with("Not done: save your work and close first; there is time until "));
    desk.types("later 10");
    assert_eq!(desk.says(), "The time to save is over. The product is closed.");
    assert_eq!(desk.answers("work"), "Not done: the product is closed");
    let [desk, laptop, field, home] = computers;
    assert_eq!(desk.quits(), ["Signed out."]);
    for open in [laptop, field, home] {
        assert_eq!(open.quits(), ["arcgis-pro is closed.", "Signed out."]);
    }
    // Everybody has left: the activity knows of no session.
    let activity = serving.admin().get("/api/v1/products/arcgis-pro/activity").expect("an answer").body;
    assert_eq!(activity["items"][0]["sessions"], json!([]), "{activity}");
}

#[test]
fn after_half_an_hour_without_a_key_the_place_is_free_and_the_next_work_starts_a_new_session() {
    let (house, serving) = house("desktop-idle");
    let mut desk = Desktop::opens(&house, &serving.address, "DESK");
    assert_eq!(desk.answers("start"), "Not done: sign in first");
    let first = desk.starts();
    desk.types("later 29");
    // Nothing is said: the session lives, and the portal was not asked.
    assert_eq!(desk.answers("save"), "Saved.");
    desk.types("later 1");
    assert_eq!(desk.says(), "The session has ended, because nobody used it. The next work starts another one.");
    let next = between(&desk.answers("work"), "arcgis-pro goes on (standard): session ", ".");
    assert_ne!(first, next);
    assert_eq!(desk.answers("close"), "arcgis-pro is closed.");
    assert_eq!(desk.answers("sign-out"), "Signed out.");
    assert!(desk.quits().is_empty());
}

#[test]
fn an_app_that_is_killed_and_opened_again_has_its_session_again() {
    let (house, serving) = house("desktop-killed");
    let mut desk = Desktop::opens(&house, &serving.address, "DESK");
    let session = desk.starts();
    desk.child.kill().expect("the app is killed");
    desk.child.wait().expect("the app is gone");
    let mut desk = Desktop::opens(&house, &serving.address, "DESK");
    assert_eq!(desk.starts(), session);
    assert_eq!(desk.quits(), ["arcgis-pro is closed.", "Signed out."]);
}

#[test]
fn offline_the_app_works_without_a_portal_to_the_end_of_its_lease_and_comes_home() {
    let (house, serving) = house("desktop-offline");
    let mut laptop = Desktop::opens(&house, &serving.address, "LAPTOP");
    laptop.carla();
    let said = between(&laptop.answers("offline"), "arcgis-pro is offline on this computer until ", ".");
    let (until, _) = said.split_once(": checkout ").expect("an end and an id");
    let other_end = laptop.quits();
    assert_eq!(other_end, ["Signed out."]);
    // The portal is gone, and the computer was switched off and on.
    serving.kill();
    let nowhere = "http://127.0.0.1:9";
    let mut laptop = Desktop::opens(&house, nowhere, "LAPTOP");
    assert_eq!(laptop.answers("start"), format!("arcgis-pro is open offline (standard) until {until}."));
    laptop.types("later 43199");
    laptop.types("work");
    assert_eq!(laptop.answers("save"), "Saved.");
    laptop.types("later 1");
    assert_eq!(laptop.says(), "The time offline is over. The product is closed.");
    let over = format!("The lease of this computer does not count: the lease ended at {until} (lease-ended).");
    assert_eq!(laptop.answers("start"), over);
    assert_eq!(laptop.says(), "Not done: sign in first");
    assert!(laptop.quits().is_empty());
    // A lease that somebody has copied to another computer is nothing there.
    let serving = house.serve();
    let mut desk = Desktop::opens(&house, &serving.address, "DESK");
    desk.carla();
    for file in ["lease.json", "license.json", "trust.json", "checkout"] {
        fs::copy(house.folder.join("LAPTOP").join(file), house.folder.join("DESK").join(file)).expect("a copy");
    }
    let said = desk.answers("start");
    assert!(said.starts_with("The lease of this computer does not count: the lease: "), "{said}");
    assert!(said.ends_with(" (lease-other-device)."), "{said}");
    let elsewhere = format!(
        "Not done: Your license is checked out on LAPTOP until {until}. Check it in there, or ask an administrator to \
         release it. (offline-elsewhere)"
    );
    assert_eq!(desk.says(), elsewhere);
    // Home, and online where one likes.
    let mut laptop = Desktop::opens(&house, &serving.address, "LAPTOP");
    assert_eq!(laptop.answers("home"), "Not done: sign in first");
    laptop.carla();
    assert_eq!(laptop.answers("home"), "arcgis-pro is home.");
    assert_eq!(laptop.answers("home"), "Not done: nothing is offline on this computer");
    desk.types("start");
    desk.says();
    between(&desk.says(), "arcgis-pro is open (standard): session ", ".");
}

#[test]
fn a_computer_without_a_network_gives_its_lease_back_by_a_return_code() {
    let (house, serving) = house("desktop-return-code");
    let mut laptop = Desktop::opens(&house, &serving.address, "LAPTOP");
    laptop.carla();
    let said = laptop.answers("offline");
    let checkout = said.strip_suffix('.').and_then(|said| said.rsplit_once(": checkout ")).expect("an id").1;
    let given_up = format!("The lease is given up. For checkout {checkout}, hand in:");
    assert_eq!(laptop.answers("return-code"), given_up);
    let code = laptop.says();
    // Asked for once more it is the same code, and there is no lease any more.
    assert_eq!(laptop.answers("return-code"), given_up);
    assert_eq!(laptop.says(), code);
    assert!(!house.folder.join("LAPTOP/lease.json").exists());
    let address = format!("/api/v1/products/arcgis-pro/checkouts/{checkout}/return-code");
    let handed_in = serving.admin().post(&address, &json!({"code": code})).expect("an answer");
    assert_eq!((handed_in.status, &handed_in.body["state"]), (200, &json!("returned")));
    let mut desk = Desktop::opens(&house, &serving.address, "DESK");
    desk.starts();
    assert_eq!(desk.quits(), ["arcgis-pro is closed.", "Signed out."]);
}
