//! The app itself: what it does at each command, and what it says.

use client::{ClientError, Device, OfflineFiles, Portal, ProductSession, SignedIn, Standing};
use entitlement::{Moment, ProductId, Roots};

use crate::home::{Home, Outcome};
use crate::output::say;

const HELP: &str = "\
sign-in USER PASSWORD  sign in at the portal
start                  open the product: with the lease of this computer where there is one, else by a session
work                   do something: keeps the session
save                   save the work
offline                take the product offline on this computer
home                   bring it home
return-code            make a return code for a computer that has no network, and give the lease up
end SESSION            end one of your sessions on another computer
later MINUTES          go on as if so many minutes had passed on this computer
close                  close the product
sign-out               sign out
quit                   all of that, and end";

/// How the product is open.
enum Work {
    Closed,
    Online(Box<ProductSession>),
    Offline {
        until: Moment,
    },
    /// Its session was ended: the user saves, and then it closes.
    Saving {
        until: Moment,
    },
}

/// The app on this computer.
pub struct App {
    home: Home,
    device: Device,
    roots: Roots,
    address: String,
    product: ProductId,
    member: Option<SignedIn>,
    work: Work,
}

impl App {
    /// The app, closed and nobody signed in.
    pub fn new(home: Home, device: Device, (roots, address): (Roots, String), product: ProductId) -> Self {
        Self { home, device, roots, address, product, member: None, work: Work::Closed }
    }

    /// Does what the user types; whether the app goes on.
    pub fn does(&mut self, line: &str, now: Moment) -> bool {
        let words: Vec<&str> = line.split_whitespace().collect();
        let done = match words.as_slice() {
            [] => Ok(()),
            ["quit"] => {
                let left = self.close().and_then(|()| self.sign_out());
                told(left);
                return false;
            }
            ["sign-in", user, password @ ..] => self.sign_in(user, &password.join(" ")),
            ["sign-out"] => self.sign_out(),
            ["start"] => self.start(now),
            ["work"] => self.work(now),
            ["save"] => self.save(),
            ["offline"] => self.take_offline(now),
            ["home"] => self.come_home(now),
            ["return-code"] => self.return_code(now),
            ["end", session] => self.end(session),
            ["close"] => self.close(),
            ["help"] => {
                say(HELP);
                Ok(())
            }
            _ => Err(format!("`{line}` is no command; `help` lists them").into()),
        };
        told(done);
        true
    }

    /// Looks after the session while the user does nothing; whether the app goes on.
    pub fn look(&mut self, now: Moment) -> bool {
        let looked = match &mut self.work {
            Work::Closed => Ok(()),
            Work::Online(_) => self.attend(now),
            Work::Offline { until } if now < *until => Ok(()),
            Work::Offline { .. } => {
                self.work = Work::Closed;
                say("The time offline is over. The product is closed.");
                Ok(())
            }
            Work::Saving { until } if now < *until => Ok(()),
            Work::Saving { .. } => {
                self.work = Work::Closed;
                say("The time to save is over. The product is closed.");
                Ok(())
            }
        };
        told(looked);
        true
    }

    fn sign_in(&mut self, user: &str, password: &str) -> Outcome<()> {
        let member = Portal::at(&self.address)?.sign_in(user, password)?;
        say(&format!("Signed in as {}.", member.username()));
        self.member = Some(member);
        Ok(())
    }

    fn sign_out(&mut self) -> Outcome<()> {
        if let Some(member) = self.member.take() {
            member.sign_out()?;
            say("Signed out.");
        }
        Ok(())
    }

    /// Opens the product: by the lease of this computer, which needs nobody, or by a session.
    fn start(&mut self, now: Moment) -> Outcome<()> {
        match self.work {
            Work::Closed => {}
            Work::Online(_) | Work::Offline { .. } => return Err("the product is open".into()),
            Work::Saving { until } => {
                return Err(format!("save your work and close first; there is time until {until}").into());
            }
        }
        if let Some((_, files)) = self.home.offline()? {
            match files.verify(&self.roots, self.device.id().as_str(), now) {
                Ok(lease) => {
                    let until = lease.until();
                    say(&format!("{} is open offline{} until {until}.", self.product, level(lease.level())));
                    self.work = Work::Offline { until };
                    return Ok(());
                }
                Err(error) => say(&format!("The lease of this computer does not count: {error} ({}).", error.code())),
            }
        }
        let session = self.begin(now)?;
        self.say_active(&session, "is open");
        self.work = Work::Online(Box::new(session));
        Ok(())
    }

    fn begin(&self, now: Moment) -> Outcome<ProductSession> {
        let start = self.home.start(&self.product)?;
        match self.member()?.start(&start, &self.device, now) {
            Ok(session) => Ok(session),
            Err(error) => {
                // Whether a silent portal has granted it is not known, so the same wish is kept for the next try.
                if !matches!(error, ClientError::Silent { .. }) {
                    self.home.forget_start()?;
                }
                if let ClientError::Refused(refusal) = &error {
                    for (id, computer) in refusal.sessions() {
                        say(&format!("You are on {computer}: `end {id}` ends that session."));
                    }
                }
                Err(error.into())
            }
        }
    }

    fn say_active(&self, session: &ProductSession, how: &str) {
        let grant = session.grant();
        let level = grant.level.as_deref().map_or_else(String::new, |level| format!(" ({level})"));
        say(&format!("{} {how}{level}: session {}.", self.product, grant.id));
    }

    /// The user does something. After a lapse that starts a new session (S71).
    fn work(&mut self, now: Moment) -> Outcome<()> {
        match &mut self.work {
            Work::Closed => Err("the product is closed".into()),
            Work::Saving { until } => {
                say(&format!("Save your work by {until}."));
                Ok(())
            }
            Work::Offline { .. } => {
                self.look(now);
                Ok(())
            }
            Work::Online(session) => {
                session.used();
                self.attend(now)
            }
        }
    }

    fn attend(&mut self, now: Moment) -> Outcome<()> {
        let Some(member) = &self.member else { return Ok(()) };
        let Work::Online(session) = &mut self.work else { return Ok(()) };
        let before = session.grant().last_used;
        match session.attend(member, now)? {
            Standing::Active { .. } => {
                if session.grant().last_used != before {
                    say("The session is renewed.");
                }
            }
            Standing::Ended(ended) => {
                self.home.forget_start()?;
                say(&ended.message);
                self.work = Work::Saving { until: ended.save_until };
            }
            Standing::Lapsed if session.is_used() => {
                self.home.forget_start()?;
                let session = self.begin(now)?;
                self.say_active(&session, "was not used for long and goes on");
                self.work = Work::Online(Box::new(session));
            }
            Standing::Lapsed => {}
        }
        Ok(())
    }

    fn save(&mut self) -> Outcome<()> {
        match self.work {
            Work::Closed => Err("the product is closed".into()),
            Work::Online(_) | Work::Offline { .. } | Work::Saving { .. } => {
                say("Saved.");
                Ok(())
            }
        }
    }

    /// Takes the product offline: the lease counts only if it verifies here, before the network is gone.
    fn take_offline(&mut self, now: Moment) -> Outcome<()> {
        let member = self.member()?;
        let checkout = member.check_out(&self.product, &self.device)?;
        let files = member.files_of(&checkout.lease)?;
        let lease = files.verify(&self.roots, self.device.id().as_str(), now)?;
        self.home.keep_offline(&checkout.id, &files)?;
        say(&format!(
            "{} is offline on this computer until {}: checkout {}.",
            self.product,
            lease.until(),
            checkout.id
        ));
        Ok(())
    }

    /// Gives the lease up by the computer's own word, which counts after a release too.
    fn come_home(&mut self, now: Moment) -> Outcome<()> {
        let (checkout, files) = self.kept()?;
        // Who is not signed in keeps the lease.
        self.member()?;
        let code = files.return_code(&self.roots, &self.device, now)?;
        self.stop_offline();
        self.member()?.hand_in(&self.product, &checkout, &code)?;
        self.home.forget_offline()?;
        say(&format!("{} is home.", self.product));
        Ok(())
    }

    fn return_code(&mut self, now: Moment) -> Outcome<()> {
        let (checkout, files) = self.kept()?;
        let code = files.return_code(&self.roots, &self.device, now)?;
        self.stop_offline();
        self.home.forget_offline()?;
        say(&format!("The lease is given up. For checkout {checkout}, hand in:\n{code}"));
        Ok(())
    }

    fn end(&mut self, session: &str) -> Outcome<()> {
        self.member()?.end_session(&self.product, session)?;
        say("That session is ended.");
        Ok(())
    }

    fn close(&mut self) -> Outcome<()> {
        match std::mem::replace(&mut self.work, Work::Closed) {
            Work::Closed => return Ok(()),
            Work::Online(session) => {
                self.member()?.leave(&session)?;
                self.home.forget_start()?;
            }
            Work::Offline { .. } | Work::Saving { .. } => {}
        }
        say(&format!("{} is closed.", self.product));
        Ok(())
    }

    /// Work by a lease ends with the lease.
    fn stop_offline(&mut self) {
        if let Work::Offline { .. } = self.work {
            self.work = Work::Closed;
        }
    }

    fn kept(&self) -> Outcome<(String, OfflineFiles)> {
        self.home.offline()?.ok_or_else(|| "nothing is offline on this computer".into())
    }

    fn member(&self) -> Outcome<&SignedIn> {
        self.member.as_ref().ok_or_else(|| "sign in first".into())
    }
}

fn level(level: Option<&entitlement::Label>) -> String {
    level.map_or_else(String::new, |level| format!(" ({level})"))
}

fn told(done: Outcome<()>) {
    if let Err(error) = done {
        say(&format!("Not done: {error}"));
    }
}
