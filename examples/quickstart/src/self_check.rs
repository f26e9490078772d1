//! `--self-check`: the whole job in a folder of its own, every answer compared, everything stopped and removed.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::json;

use crate::accounts::Accounts;
use crate::output;
use crate::processes::{Interrupt, Programs, Serving};
use crate::report::Report;
use crate::scenario::House;
use crate::seating;
use crate::tampering::Attack;
use crate::workspace::{self, Place};

/// Plays the handbook's example on release builds and ends with the first difference.
pub fn run(root: &Path, programs: &Programs, interrupt: &Interrupt) -> Result<()> {
    let folder = Temporary::make()?;
    let place = Place::at(&folder.0)?;
    let stage = Stage { place: &place, programs, interrupt };
    let mut report = Report::default();
    let accounts = Accounts::of(&place)?;
    workspace::prepare(root, &place, programs, &accounts)?;
    let portal = stage.serve()?;
    seating::fill(&portal.client(), &accounts)?;
    let token = stage.play(&mut report, &portal, &accounts)?;
    stage.go_on(&mut report, portal, &token)?;
    output::line(&format!("\nself-check: {} comparisons, no difference", report.compared()));
    Ok(())
}

/// Where it is played.
struct Stage<'a> {
    place: &'a Place,
    programs: &'a Programs,
    interrupt: &'a Interrupt,
}

impl Stage<'_> {
    fn serve(&self) -> Result<Serving> {
        self.programs.serve(self.place, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), self.interrupt)
    }

    /// The scenario and the forged files; the administrator's token.
    fn play(&self, report: &mut Report, portal: &Serving, accounts: &Accounts) -> Result<String> {
        let client = portal.client();
        report.chapter("Everybody signs in");
        let house = House::enter(&client, accounts, report)?;
        house.at_capacity(report)?;
        house.demote_first(report)?;
        house.promote_first(report)?;
        house.swap(report)?;
        Attack { place: self.place, programs: self.programs, client: &client, token: house.admin() }.run(report)?;
        Ok(house.admin().to_owned())
    }

    /// A portal that was stopped politely goes on with the same data, the same tokens and the same counts.
    fn go_on(&self, report: &mut Report, portal: Serving, token: &str) -> Result<()> {
        report.chapter("Stopped and started again");
        let ended = portal.stop()?;
        report.same("the portal ends by itself when it is asked to", &Some(0), &ended.code())?;
        let portal = self.serve()?;
        let found = portal.client().get("/api/v1/status", Some(token))?;
        let expected = json!({"compliant": true, "members": 30, "license": {"sequence": 2}});
        report.answer("the status", (200, &expected), &found)?;
        report.passed("the same members, the same file, the same token");
        let ended = portal.stop()?;
        report.same("the portal ends by itself when it is asked to", &Some(0), &ended.code())
    }
}

/// A folder that goes when this goes.
struct Temporary(PathBuf);

impl Temporary {
    fn make() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("seatwarden-self-check-{}", std::process::id()));
        workspace::remove_folder(&folder)?;
        workspace::make_folder(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Err(error) = workspace::remove_folder(&self.0) {
            output::failed(&error);
        }
    }
}
