//! Files that must not come in: each is refused with its own code at the command line and over HTTP, and the installed
//! file stays in force, byte for byte.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::http::Client;
use crate::processes::{Programs, finished, read, run};
use crate::report::Report;
use crate::workspace::{self, Place};

/// The portal under test.
pub struct Attack<'a> {
    /// The folder of the run.
    pub place: &'a Place,
    /// The two programs.
    pub programs: &'a Programs,
    /// The portal.
    pub client: &'a Client,
    /// The administrator's token.
    pub token: &'a str,
}

/// A file, and what is said of it: the code, and the exit code of the command line.
struct Forgery {
    name: &'static str,
    file: PathBuf,
    code: &'static str,
    exit: i32,
}

impl Attack<'_> {
    /// Imports the vendor's second file, then tries everything that is not to come in.
    pub fn run(&self, report: &mut Report) -> Result<()> {
        report.chapter("Files that must not come in");
        let second = self.second(report)?;
        for forgery in self.forgeries(&second)? {
            self.refused(report, &forgery)?;
            let found = self.client.get("/api/v1/licenses/2/file", Some(self.token))?;
            report.answer("the installed file", (200, &json!({})), &found)?;
            report.same("the bytes of the installed file", &second, &found.bytes)?;
            report.passed(&format!(
                "{}: {}, exit {}; the installed file is unchanged",
                forgery.name, forgery.code, forgery.exit
            ));
        }
        Ok(())
    }

    /// The next file of the contract, put in force while the portal serves.
    fn second(&self, report: &mut Report) -> Result<Vec<u8>> {
        let file = self.place.folder().join("second.json");
        workspace::issue(self.programs, self.place, &self.place.order(), &self.place.request(), &file)?;
        let said = run(self.import(&file).arg("--json"))?;
        let said: Value = serde_json::from_str(&said).context("the import answers no JSON")?;
        report.same("the sequence that is in force", &Some(&json!(2)), &said.get("sequence"))?;
        report.passed("the vendor's second file is imported by the command line while the portal serves");
        read(&file)
    }

    fn import(&self, file: &Path) -> std::process::Command {
        let mut command = self.programs.portal();
        command.args(["license", "import"]).arg(file).arg("--data").arg(self.place.portal());
        command
    }

    fn forgeries(&self, second: &[u8]) -> Result<Vec<Forgery>> {
        let whole = std::str::from_utf8(second).context("the license file is no text")?;
        let made = |name: &str, bytes: &[u8]| {
            let path = self.place.folder().join(name);
            workspace::put(&path, bytes).map(|()| path)
        };
        Ok(vec![
            Forgery {
                name: "a summary that says 250 Viewers",
                file: made("edited.json", edited(whole)?.as_bytes())?,
                code: "license-summary-edited",
                exit: 15,
            },
            Forgery {
                name: "one changed letter in the signed part",
                file: made("flipped.json", flipped(whole)?.as_bytes())?,
                code: "license-signature",
                exit: 10,
            },
            Forgery { name: "the older file", file: self.place.license(), code: "license-older", exit: 14 },
            Forgery {
                name: "a file for another portal",
                file: self.for_another_portal()?,
                code: "license-wrong-portal",
                exit: 13,
            },
        ])
    }

    fn for_another_portal(&self) -> Result<PathBuf> {
        let folder = self.place.folder();
        let (request, file) = (folder.join("other-request.json"), folder.join("other-license.json"));
        workspace::request(self.programs, &folder.join("other-portal"), &request)?;
        workspace::issue(self.programs, self.place, &self.place.order(), &request, &file)?;
        Ok(file)
    }

    fn refused(&self, report: &mut Report, forgery: &Forgery) -> Result<()> {
        let Forgery { name, file, code, exit } = forgery;
        let ended = finished(&mut self.import(file))?;
        if ended.code != Some(*exit) || !ended.says(code) {
            let expected = format!("exit {exit}, ({code})");
            return report.same(&format!("{name}, at the command line"), &expected, &ended.message());
        }
        let found = self.client.post_bytes("/api/v1/license-previews", Some(self.token), read(file)?)?;
        report.answer(&format!("{name}, over HTTP"), (422, &json!({"code": code})), &found)
    }
}

/// Ten times as many Viewers in the part that people read.
fn edited(whole: &str) -> Result<String> {
    let edited = whole.replacen("\"viewer\": 25", "\"viewer\": 250", 1);
    if edited == whole { bail!("the file's summary does not name 25 Viewers") } else { Ok(edited) }
}

/// Another letter in the middle of the payload.
fn flipped(whole: &str) -> Result<String> {
    let (before, after) = whole.split_once("\"payload\": \"").context("the file has no payload")?;
    let (payload, after) = after.split_once('"').context("the payload has no end")?;
    let (left, right) = payload.split_at(payload.len() / 2);
    let mut letters = right.chars();
    let other = if letters.next().context("the payload is empty")? == 'A' { 'B' } else { 'A' };
    Ok(format!("{before}\"payload\": \"{left}{other}{}\"{after}", letters.as_str()))
}

#[cfg(test)]
mod tests {
    use super::{edited, flipped};

    #[test]
    fn a_forgery_differs_in_what_it_says_it_does() {
        let whole = "{\"about\": {\"viewer\": 25}, \"payload\": \"abcd\", \"x\": 1}";
        assert_eq!(edited(whole).unwrap(), "{\"about\": {\"viewer\": 250}, \"payload\": \"abcd\", \"x\": 1}");
        assert_eq!(flipped(whole).unwrap(), "{\"about\": {\"viewer\": 25}, \"payload\": \"abAd\", \"x\": 1}");
        assert!(edited("{}").is_err());
        assert!(flipped("{}").is_err());
    }
}
