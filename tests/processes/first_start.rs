//! The setup code of `serve` on data that is not activated: printed once, kept nowhere, good for that process alone.

use std::fs;

use crate::house::House;
use crate::http::Client;
use crate::vendor::{self, Vendor, draft};

/// The setup codes that the console of the house has seen.
fn codes(house: &House) -> Vec<String> {
    let log = fs::read_to_string(house.folder.join("log")).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    let told = lines.windows(2).filter(|pair| pair[0].ends_with("/setup and type this setup code:"));
    told.map(|pair| pair[1].to_owned()).collect()
}

/// What the first step of the page answers to a code with a license file.
fn first_step(nobody: &Client, code: &str, license: &str) -> (u16, String) {
    let trust = fs::read_to_string(vendor::keys().join("demo.trust.json")).expect("a trust list");
    let parts = [("code", "", code), ("license", "; filename=\"l\"", license), ("trust", "; filename=\"t\"", &trust)];
    let part = |(name, file, content): (&str, &str, &str)| {
        format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n")
    };
    let body = parts.map(part).concat() + "--part--\r\n";
    let answer = nobody.upload("/setup", "multipart/form-data; boundary=part", body.into_bytes()).expect("an answer");
    (answer.status, String::from_utf8_lossy(&answer.bytes).into_owned())
}

#[test]
fn the_setup_code_is_printed_once_kept_nowhere_and_ends_with_its_process() {
    let house = House::empty("first-start");
    let license = Vendor::demonstration().license(&draft(1, &[("viewer", 25), ("creator", 5)]));
    let serving = house.serve();
    let first = codes(&house).pop().expect("a code");
    assert_eq!((codes(&house).len(), first.len()), (1, 34), "{first}");
    let (status, page) = first_step(&serving.anonymous(), &first, &license);
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("The first administrator") && page.contains("Creator"), "{page}");
    for file in fs::read_dir(house.data()).expect("the data").flatten() {
        let bytes = fs::read(file.path()).unwrap_or_default();
        let holds = bytes.windows(first.len()).any(|window| window == first.as_bytes());
        assert!(!holds, "{} has the code", file.path().display());
    }
    serving.kill();

    let serving = house.serve();
    let [_, second] = codes(&house).try_into().expect("one more code");
    assert_ne!(first, second);
    let (status, page) = first_step(&serving.anonymous(), &first, &license);
    assert!(status == 403 && page.contains("setup-code-wrong") && !page.contains("Creator"), "{page}");
    // Activated beside it on the command line, the page has nothing more to do.
    house.activate(&license, &vendor::keys().join("demo.trust.json"));
    let (_, page) = first_step(&serving.anonymous(), &second, &license);
    assert!(!page.contains("The first administrator"), "{page}");
    assert_eq!(serving.admin().members().len(), 1);
    serving.kill();
    let serving = house.serve();
    assert_eq!(codes(&house).len(), 2);
    serving.kill();
}
