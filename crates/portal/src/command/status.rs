//! `status`.

use errors::Failure;
use store::{LicenseState, TypeCount};

use super::{Answer, Desk};
use crate::actions::Caller;
use crate::actions::overview::{self, Overview};
use crate::api;
use crate::cli::Data;
use crate::output;

pub(super) fn status(desk: &Desk, data: &Data, check: bool) -> Result<Answer, Failure> {
    let house = desk.open(data)?;
    let overview = house.store.read(|tx| overview::show(tx, &Caller::Console))?;
    let exit = if check { exit_of(&overview) } else { 0 };
    Ok(Answer::new(lines(&overview), api::status::status(&overview)).ending(exit))
}

/// 3 not activated, 20 ended, 30 over; a type that is over because the license ended is told as ended.
fn exit_of(overview: &Overview) -> u8 {
    let ended = match &overview.license {
        LicenseState::Absent => return errors::Code::NotActivated.row().exit,
        LicenseState::Refused(failure) => return failure.exit(),
        LicenseState::Good(installed) => {
            installed.is_revoked() || installed.entitlement().term_state(overview.now) == entitlement::TermState::Ended
        }
    };
    match (ended, overview.compliant) {
        (true, _) => errors::Code::LicenseEnded.row().exit,
        (false, false) => errors::Code::CreationBlocked.row().exit,
        (false, true) => 0,
    }
}

fn lines(overview: &Overview) -> String {
    let license = match &overview.license {
        LicenseState::Absent => "Not activated: bring a license file in with `activate`.".to_owned(),
        LicenseState::Refused(failure) => format!("The installed license file does not count: {failure}"),
        LicenseState::Good(installed) => {
            let file = installed.entitlement();
            let until = file.until().map_or_else(|| "without an end".to_owned(), |until| format!("until {until}"));
            let state = match file.term_state(overview.now) {
                _ if installed.is_revoked() => "revoked",
                entitlement::TermState::NotBegun => "not begun",
                entitlement::TermState::InTerm => "in force",
                entitlement::TermState::Ended => "ended",
            };
            format!("License {} (sequence {}), {state}, from {} {until}", file.license(), file.sequence(), file.from())
        }
    };
    let compliance = if overview.compliant { "Compliant." } else { "Not compliant: more members than licensed." };
    let rows: Vec<Vec<String>> = overview.user_types.iter().map(|count| row(overview, count)).collect();
    let table = output::table(
        &["User type", "Licensed", "Assigned", "Reserved", "Available", "Over since", "Locked out"],
        &rows,
    );
    format!("{license}\n{compliance}\n\n{table}")
}

fn row(overview: &Overview, count: &TypeCount) -> Vec<String> {
    let available = i128::from(count.licensed) - i128::from(count.seats.assigned);
    let locked_out = if count.is_over() { count.seats.lockable } else { 0 };
    vec![
        overview.name_of(count).to_owned(),
        count.licensed.to_string(),
        count.seats.assigned.to_string(),
        count.seats.reserved.to_string(),
        available.to_string(),
        count.over_since.map_or_else(String::new, |since| since.to_string()),
        locked_out.to_string(),
    ]
}
