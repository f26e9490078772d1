//! Every fault of a license file, at the command line and over HTTP: its own code, and the installed file stays in force,
//! byte for byte.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use crate::forgeries::{self, Forgery, INSTALLED, Offer};
use crate::house::{House, ending};
use crate::http::{Answer, Client};
use crate::vendor::Vendor;

/// A portal with a file in force, and that file.
fn house(name: &str) -> (House, String) {
    let vendor = Vendor::demonstration();
    let (house, license) = (House::empty(name), forgeries::installed(&vendor));
    let trust = house.write("trust-2.json", forgeries::trust(&vendor).as_bytes());
    house.activate(&license, Path::new(&trust));
    (house, license)
}

/// What is not a file that can be read, as the file system has it.
fn of_the_file_system(house: &House) -> Vec<Forgery> {
    let path = |name: &str| house.folder.join(name);
    std::fs::create_dir(path("folder")).expect("a folder");
    // A name that leads to itself: nobody can read it, not even root.
    std::os::unix::fs::symlink(path("loop"), path("loop")).expect("a link");
    let huge = File::create(path("huge")).expect("a file");
    huge.set_len(1 << 30).expect("a sparse file");
    let row = |name, file: &str, code, exit| Forgery { name, offer: Offer::Path(path(file)), code, exit };
    vec![
        row("absent", "absent", "file-not-found", 5),
        row("a folder", "folder", "file-is-directory", 5),
        row("unreadable", "loop", "file-unreadable", 5),
        row("1 GB", "huge", "license-too-large", 12),
    ]
}

/// What the command line says of it, in a preview and in an import.
fn at_the_command_line(house: &House, forgery: &Forgery) -> [(Option<i32>, String); 2] {
    let mut more: Vec<String> = Vec::new();
    let file = match &forgery.offer {
        Offer::Path(path) => path.display().to_string(),
        Offer::Bytes(bytes) => house.write("offer.json", bytes),
        Offer::Both { license, trust } => {
            more.extend(["--trust".to_owned(), house.write("offer-trust.json", trust)]);
            house.write("offer.json", license)
        }
    };
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    ["preview", "import"].map(|verb| ending(&house.run(&[&["license", verb, &file], more.as_slice()].concat())))
}

/// What is answered over HTTP.
fn over_http(admin: &Client, offer: &Offer) -> Option<Answer> {
    let path = "/api/v1/license-previews";
    let answer = match offer {
        Offer::Path(_) => return None,
        Offer::Bytes(bytes) => admin.upload(path, "application/json", bytes.clone()),
        Offer::Both { license, trust } => {
            admin.upload(path, "multipart/form-data; boundary=seam", form(&[("license", license), ("trust", trust)]))
        }
    };
    Some(answer.expect("an answer"))
}

/// A form with files (RFC 7578); its boundary is `seam`.
pub fn form(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, bytes) in parts {
        let head =
            format!("--seam\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{name}.json\"\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--seam--\r\n");
    body
}

fn in_force(admin: &Client) -> (Vec<u8>, serde_json::Value) {
    let file = admin.get(&format!("/api/v1/licenses/{INSTALLED}/file")).expect("an answer");
    let current = admin.get("/api/v1/licenses/current").expect("an answer");
    (file.bytes, current.body["sequence"].clone())
}

#[test]
fn a_file_that_must_not_come_in_is_refused_by_name_and_changes_nothing() {
    let (house, license) = house("files");
    let serving = house.serve();
    let admin = serving.admin();
    let forgeries: Vec<Forgery> =
        forgeries::all(&Vendor::demonstration()).into_iter().chain(of_the_file_system(&house)).collect();
    let mut wrong = Vec::new();
    for forgery in &forgeries {
        let expected = (Some(forgery.exit), forgery.code.to_owned());
        let found = at_the_command_line(&house, forgery);
        if found.iter().any(|ending| *ending != expected) {
            wrong.push(format!("{}: expected {expected:?}, the command line says {found:?}", forgery.name));
        }
        if let Some(answer) = over_http(&admin, &forgery.offer)
            && (answer.status, answer.code()) != (422, forgery.code)
        {
            wrong.push(format!(
                "{}: expected {}, HTTP says {} {}",
                forgery.name, forgery.code, answer.status, answer.body
            ));
        }
        if in_force(&admin) != (license.clone().into_bytes(), INSTALLED.into()) {
            wrong.push(format!("{}: the installed file is another one now", forgery.name));
        }
    }
    assert!(forgeries.len() >= 42, "only {} files", forgeries.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), forgeries.len(), wrong.join("\n"));
}

#[test]
fn a_gigabyte_is_refused_by_its_length_before_it_is_sent() {
    let (house, _) = house("gigabyte");
    let serving = house.serve();
    let admin = serving.admin();
    let mut stream = TcpStream::connect(admin.address()).expect("a connection");
    let head = format!(
        "POST /api/v1/license-previews HTTP/1.1\r\nhost: portal\r\nauthorization: Bearer {}\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        admin.token(),
        1_u64 << 30
    );
    stream.write_all(head.as_bytes()).expect("the head is sent");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
    let mut said = String::new();
    stream.read_to_string(&mut said).expect("an answer");
    assert!(said.starts_with("HTTP/1.1 422 ") && said.contains("\"license-too-large\""), "{said}");
}

#[test]
fn the_installed_file_in_other_clothes_is_the_same_file() {
    let (house, license) = house("clothes");
    let serving = house.serve();
    let admin = serving.admin();
    let outer: serde_json::Value = serde_json::from_str(&license).expect("an envelope");
    let clothes =
        [license.replace('\n', "\r\n"), format!("\u{feff}{license}"), outer.to_string(), license.replace("  ", "\t")];
    for text in &clothes {
        assert_ne!(*text, license);
        let file = house.write("same.json", text.as_bytes());
        let output = house.run(&["license", "import", &file, "--json"]);
        let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        assert_eq!((output.status.code(), &said["imported"]), (Some(0), &false.into()));
        let preview = admin.upload("/api/v1/license-previews", "application/json", text.clone().into_bytes());
        let preview = preview.expect("an answer");
        assert_eq!((preview.status, &preview.body["already_installed"]), (201, &true.into()), "{}", preview.body);
        assert_eq!(in_force(&admin), (license.clone().into_bytes(), INSTALLED.into()));
    }
}
