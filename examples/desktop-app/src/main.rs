//! A product on a desktop, as its user sees it (S58, S68 to S84): it signs in, starts, says when its session was ended
//! elsewhere, gives the user the time to save, and closes; it goes offline and comes home.
//!
//! It reads commands from standard input, one a line, and answers on standard output, so that a program can play its
//! user. `help` lists them. How a real product would use the crate `client` is in `app.rs`.

mod app;
mod home;
mod output;

use std::io::BufRead as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use clap::Parser;
use entitlement::{Moment, Roots};

use crate::app::App;
use crate::home::{Home, Outcome};

/// How often the app looks after its session while its user does nothing.
const TICK: Duration = Duration::from_secs(1);

/// A product on a desktop that lives by a Seatwarden portal
#[derive(Parser)]
#[command(name = "desktop-app", version)]
pub struct Args {
    /// The portal
    #[arg(long, value_name = "ADDRESS", default_value = "http://127.0.0.1:8080")]
    portal: String,
    /// Where this computer keeps its id, its key and what it has offline
    #[arg(long, value_name = "DIR", default_value = "desktop-app-home")]
    home: PathBuf,
    /// What this computer is called
    #[arg(long, value_name = "NAME", default_value = "Desktop")]
    computer: String,
    /// The vendor's roots as a JWK Set; a real product has them compiled in
    #[arg(long, value_name = "FILE", default_value = "keys/demo-root.root.jwk")]
    roots: PathBuf,
    /// The product
    #[arg(long, value_name = "ID", default_value = "arcgis-pro")]
    product: String,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Outcome<()> {
    let home = Home::at(&args.home)?;
    let device = home.device(&args.computer)?;
    let roots = std::fs::read(&args.roots).map_err(|error| format!("`{}`: {error}", args.roots.display()))?;
    let roots = roots_of(&roots)?;
    let mut app = App::new(home, device, (roots, args.portal.clone()), args.product.parse()?);
    let (typed, lines) = channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if typed.send(line).is_err() {
                return;
            }
        }
    });
    let mut ahead = 0;
    loop {
        let is_open = match lines.recv_timeout(TICK) {
            Ok(line) => match minutes(&line) {
                Some(minutes) => {
                    ahead += minutes * 60;
                    app.look(now(ahead)?)
                }
                None => app.does(line.trim(), now(ahead)?),
            },
            Err(RecvTimeoutError::Timeout) => app.look(now(ahead)?),
            Err(RecvTimeoutError::Disconnected) => app.does("quit", now(ahead)?),
        };
        if !is_open {
            return Ok(());
        }
    }
}

/// The set, or the one key that `key generate` writes.
fn roots_of(file: &[u8]) -> Outcome<Roots> {
    match Roots::from_jwk_set(file) {
        Ok(roots) => Ok(roots),
        Err(error) => {
            let key =
                std::str::from_utf8(file).ok().and_then(|text| entitlement::PublicKey::from_jwk(text.trim()).ok());
            let key = key.ok_or(error)?;
            Ok(Roots::new(vec![key])?)
        }
    }
}

/// `later MINUTES`: so that a rehearsal need not wait.
fn minutes(line: &str) -> Option<i64> {
    let minutes: u16 = line.trim().strip_prefix("later ")?.trim().parse().ok()?;
    Some(i64::from(minutes))
}

/// The time of this computer, so many seconds ahead of its clock.
#[expect(clippy::disallowed_methods, reason = "this program has no other clock than the machine's")]
fn now(ahead: i64) -> Outcome<Moment> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    let now = Moment::from_unix(i64::try_from(since)?).ok_or("the clock is out of range")?;
    Ok(now.plus_seconds(ahead))
}
