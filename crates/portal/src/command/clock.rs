//! `clock show|accept`.

use errors::Failure;
use rules::clock::{Stand, Times};
use serde_json::{Value, json};

use super::{Answer, Desk, write};
use crate::actions::{Caller, clock};
use crate::cli::Clock;

pub(super) fn clock(desk: &Desk, verb: &Clock) -> Result<Answer, Failure> {
    match verb {
        Clock::Show { data } => {
            let house = desk.open(data)?;
            let (times, accepted) = house.store.read(|tx| clock::show(tx, &Caller::Console))?;
            Ok(Answer::new(told(&times), facts(&times, accepted)))
        }
        Clock::Accept { data, dry_run } => {
            let house = desk.open(data)?;
            let decided = write(&house, *dry_run, |tx| {
                let before = tx.clock_accepted();
                clock::accept(tx, &Caller::Console)
                    .map(|(times, changed)| (times, before + u64::from(changed), changed))
            });
            let (times, accepted, changed) = decided?;
            let mut facts = facts(&times, accepted);
            if let Value::Object(members) = &mut facts {
                members.insert("changed".into(), json!(changed));
                members.insert("after".into(), json!(times.accepted().to_string()));
            }
            let done = if changed { accepted_words(&times) } else { nothing_words(&times) };
            Ok(Answer::written(*dry_run, &done, facts))
        }
    }
}

fn facts(times: &Times, accepted: u64) -> Value {
    let stand = match times.stand() {
        Stand::Agrees => "agrees",
        Stand::Behind => "behind",
        Stand::OnTrial => "ahead",
    };
    json!({
        "stand": stand,
        "wall": times.wall.to_string(),
        "now": times.now.to_string(),
        "newest": times.newest.to_string(),
        "newest_issue": times.newest_issue.to_string(),
        "accepted": accepted,
    })
}

fn told(times: &Times) -> String {
    let Times { now, wall, newest, newest_issue } = times;
    let stand = match times.stand() {
        Stand::Agrees => "They agree to two minutes.".to_owned(),
        Stand::Behind if times.may_accept() => {
            "The clock is behind; time goes on from what was seen before. Set the clock right, or accept it \
             with `clock accept` where it is right."
                .to_owned()
        }
        Stand::Behind => {
            "The clock is behind the vendor's newest file, and no time before that one is accepted. Set the \
                          clock right."
                .to_owned()
        }
        Stand::OnTrial => format!(
            "The clock has jumped ahead of {newest}. It counts, and goes on record once it has held for an hour; set it \
             right before, and nothing remains."
        ),
    };
    format!(
        "Clock of this machine   {wall}\nTime that counts        {now}\nVendor's newest file    {newest_issue}\n\n{stand}"
    )
}

fn accepted_words(times: &Times) -> String {
    let at = times.accepted();
    let rest = if at > times.wall {
        format!(
            " The clock shows {}, and no time before the vendor's newest file is accepted: set the clock right as well.",
            times.wall
        )
    } else {
        String::new()
    };
    // A clock on trial counts already: what it is from now on it was before, and only the record is new.
    if at == times.now {
        return format!("The time that counts is {at}, and is on record now.{rest}");
    }
    format!("The time that counts is {at} from now on; before it was {}.{rest}", times.now)
}

fn nothing_words(times: &Times) -> String {
    match times.stand() {
        Stand::Agrees => "The clock and the time that counts agree; nothing was changed.".to_owned(),
        Stand::Behind | Stand::OnTrial => format!(
            "The time that counts is {}, when the vendor's newest file was issued, and cannot be set further back. Set \
             the clock right.",
            times.now
        ),
    }
}
