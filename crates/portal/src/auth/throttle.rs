//! The brake on guessing passwords. Only sign-ins that fail cost anything, and nobody is ever locked out for good.
//!
//! A failed sign-in is drawn from three allowances, each of which refills with time: that of the account from this
//! address, that of the account from anywhere, and that of the address. While one is used up, sign-ins are answered `429`
//! with the seconds to wait; after the wait the right password works. A stranger who guesses at an account therefore spends
//! his own allowance long before he can delay its owner, who comes from elsewhere.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use errors::{Code, Failure};
use sha2::{Digest, Sha256};

/// How many failures may follow each other, and how long it takes to earn one of them back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Failures in a row.
    pub burst: u32,
    /// The time for one more.
    pub refill: Duration,
}

/// One account from one address.
pub const ACCOUNT_HERE: Allowance = Allowance { burst: 5, refill: Duration::from_secs(30) };
/// One account from all addresses together: ten strangers are needed to delay its owner.
pub const ACCOUNT: Allowance = Allowance { burst: 50, refill: Duration::from_secs(6) };
/// One address for all accounts together; an office behind one address shares it.
pub const ADDRESS: Allowance = Allowance { burst: 100, refill: Duration::from_secs(2) };

/// How many accounts and addresses are remembered at most; the least burdened are forgotten first.
pub const REMEMBERED: usize = 10_000;

/// Counts failed sign-ins. Copies share one count.
#[derive(Debug, Clone, Default)]
pub struct Throttle(Arc<Mutex<Debts>>);

/// A sign-in that was let in and paid for. Dropped, it stays paid: whoever hangs up while the password is checked has
/// used up a guess.
#[derive(Debug)]
#[must_use = "an attempt that is dropped counts as failed"]
pub struct Attempt {
    throttle: Throttle,
    keys: Keys,
}

/// The moment at which each key has paid back everything, as time of the portal's clock. A key that owes nothing need
/// not be remembered, and one number for each is enough (the generic cell rate algorithm).
#[derive(Debug, Default)]
struct Debts {
    accounts_here: HashMap<Key, Duration>,
    accounts: HashMap<Key, Duration>,
    addresses: HashMap<Key, Duration>,
}

/// Hashes of what is counted, so that names of any length cost the same and none is kept in memory.
type Key = [u8; 32];

#[derive(Debug, Clone, Copy)]
struct Keys {
    account_here: Key,
    account: Key,
    address: Key,
}

impl Throttle {
    /// Lets a sign-in be tried, at the price of a failed one until it [succeeds](Attempt::succeeded). `now` is
    /// [`Clock::elapsed`](crate::clock::Clock::elapsed).
    ///
    /// # Errors
    /// `rate-limited` with `retry_after` in seconds while one of the allowances is used up; this costs nothing.
    pub fn admit(&self, username: &str, address: IpAddr, now: Duration) -> Result<Attempt, Failure> {
        let keys = Keys::of(username, address);
        let mut debts = self.debts();
        let waits = [
            wait(&debts.accounts_here, &keys.account_here, ACCOUNT_HERE, now),
            wait(&debts.accounts, &keys.account, ACCOUNT, now),
            wait(&debts.addresses, &keys.address, ADDRESS, now),
        ];
        let longest = waits.into_iter().max().unwrap_or(Duration::ZERO);
        if !longest.is_zero() {
            return Err(rate_limited(longest));
        }
        owe(&mut debts.accounts_here, keys.account_here, ACCOUNT_HERE, now);
        owe(&mut debts.accounts, keys.account, ACCOUNT, now);
        owe(&mut debts.addresses, keys.address, ADDRESS, now);
        drop(debts);
        Ok(Attempt { throttle: self.clone(), keys })
    }

    fn debts(&self) -> MutexGuard<'_, Debts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt {
    /// The password was right: the account's failures are forgotten, and the address gets back what this attempt cost.
    pub fn succeeded(self) {
        let mut debts = self.throttle.debts();
        debts.accounts_here.remove(&self.keys.account_here);
        debts.accounts.remove(&self.keys.account);
        refund(&mut debts.addresses, &self.keys.address, ADDRESS);
    }

    /// No password was checked, because the portal had no room: everything is given back.
    pub fn not_tried(self) {
        let mut debts = self.throttle.debts();
        refund(&mut debts.accounts_here, &self.keys.account_here, ACCOUNT_HERE);
        refund(&mut debts.accounts, &self.keys.account, ACCOUNT);
        refund(&mut debts.addresses, &self.keys.address, ADDRESS);
    }
}

impl Keys {
    /// Names that differ in case only are one account; the addresses of one IPv6 network (/64) are one address.
    fn of(username: &str, address: IpAddr) -> Self {
        let account = Sha256::digest(username.to_lowercase());
        let network = match address.to_canonical() {
            IpAddr::V4(v4) => v4.to_string(),
            IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).to_string(),
        };
        Self {
            account_here: Sha256::new().chain_update(account).chain_update(&network).finalize().into(),
            account: account.into(),
            address: Sha256::digest(&network).into(),
        }
    }
}

/// How long until one more failure is allowed; zero when it is.
fn wait(debts: &HashMap<Key, Duration>, key: &Key, allowance: Allowance, now: Duration) -> Duration {
    let paid_back = debts.get(key).copied().unwrap_or(now).max(now) + allowance.refill;
    paid_back.saturating_sub(now + allowance.refill * allowance.burst)
}

fn owe(debts: &mut HashMap<Key, Duration>, key: Key, allowance: Allowance, now: Duration) {
    if debts.len() >= REMEMBERED && !debts.contains_key(&key) {
        forget(debts, now);
    }
    let paid_back = debts.entry(key).or_insert(now);
    *paid_back = (*paid_back).max(now) + allowance.refill;
}

fn refund(debts: &mut HashMap<Key, Duration>, key: &Key, allowance: Allowance) {
    if let Some(paid_back) = debts.get_mut(key) {
        *paid_back = paid_back.saturating_sub(allowance.refill);
    }
}

/// Makes room: those who owe nothing go, and if that is not enough the half that owes least, so that a flood of invented
/// names cannot wash away the debt of one that is being guessed at.
fn forget(debts: &mut HashMap<Key, Duration>, now: Duration) {
    debts.retain(|_, paid_back| *paid_back > now);
    if debts.len() >= REMEMBERED {
        let mut moments: Vec<Duration> = debts.values().copied().collect();
        let middle = moments.len() / 2;
        let median = *moments.select_nth_unstable(middle).1;
        debts.retain(|_, paid_back| *paid_back > median);
    }
}

fn rate_limited(wait: Duration) -> Failure {
    let seconds = wait.as_millis().div_ceil(1_000).try_into().unwrap_or(u64::MAX);
    Failure::new(Code::RateLimited, format!("Too many sign-ins failed. Try again in {seconds} seconds."))
        .with("retry_after", seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const ELSEWHERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(198, 51, 100, 7));

    fn second(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Fails `times`, and tells how many were let in.
    fn fail(throttle: &Throttle, username: &str, address: IpAddr, times: usize, now: Duration) -> usize {
        (0..times).filter(|_| throttle.admit(username, address, now).is_ok()).count()
    }

    fn retry_after(refusal: Result<Attempt, Failure>) -> Option<u64> {
        refusal.err().and_then(|failure| failure.facts.get("retry_after")?.as_u64())
    }

    #[test]
    fn the_sixth_failure_in_a_row_waits_thirty_seconds() {
        let throttle = Throttle::default();
        assert_eq!(fail(&throttle, "bsato", HOME, 5, second(0)), 5);
        let refusal = throttle.admit("bsato", HOME, second(0)).unwrap_err();
        assert_eq!(refusal.code, Code::RateLimited);
        assert_eq!(refusal.detail, "Too many sign-ins failed. Try again in 30 seconds.");
        assert_eq!(refusal.facts["retry_after"], 30);
        assert_eq!(retry_after(throttle.admit("bsato", HOME, Duration::from_millis(29_001))), Some(1));
        assert!(throttle.admit("bsato", HOME, second(30)).is_ok());
        assert_eq!(retry_after(throttle.admit("bsato", HOME, second(30))), Some(30));
    }

    #[test]
    fn asking_while_refused_does_not_lengthen_the_wait() {
        let throttle = Throttle::default();
        assert_eq!(fail(&throttle, "bsato", HOME, 1_000, second(0)), 5);
        assert_eq!(retry_after(throttle.admit("bsato", HOME, second(0))), Some(30));
    }

    #[test]
    fn a_right_password_after_the_wait_clears_the_account() {
        let throttle = Throttle::default();
        fail(&throttle, "bsato", HOME, 9, second(0));
        throttle.admit("bsato", HOME, second(30)).unwrap().succeeded();
        assert_eq!(fail(&throttle, "bsato", HOME, 9, second(30)), 5);
    }

    #[test]
    fn sign_ins_that_succeed_cost_nothing() {
        let throttle = Throttle::default();
        for _ in 0..1_000 {
            throttle.admit("akim", HOME, second(0)).unwrap().succeeded();
        }
        assert_eq!(fail(&throttle, "akim", HOME, 9, second(0)), 5);
    }

    #[test]
    fn an_attempt_that_was_not_tried_costs_nothing() {
        let throttle = Throttle::default();
        fail(&throttle, "bsato", HOME, 4, second(0));
        throttle.admit("bsato", HOME, second(0)).unwrap().not_tried();
        assert_eq!(fail(&throttle, "bsato", HOME, 9, second(0)), 1);
    }

    #[test]
    fn names_that_differ_in_case_are_one_account() {
        let throttle = Throttle::default();
        assert_eq!(fail(&throttle, "bsato", HOME, 3, second(0)) + fail(&throttle, "BSATO", HOME, 9, second(0)), 5);
    }

    #[test]
    fn a_stranger_who_guesses_does_not_delay_the_owner_elsewhere() {
        let throttle = Throttle::default();
        fail(&throttle, "bsato", ELSEWHERE, 1_000, second(0));
        assert!(throttle.admit("bsato", HOME, second(0)).is_ok());
    }

    #[test]
    fn an_account_guessed_at_from_many_addresses_waits_six_seconds() {
        let throttle = Throttle::default();
        let let_in: usize =
            (0..20).map(|n| fail(&throttle, "bsato", IpAddr::from([203, 0, 113, n]), 5, second(0))).sum();
        assert_eq!(let_in, 50);
        assert_eq!(retry_after(throttle.admit("bsato", HOME, second(0))), Some(6));
        assert!(throttle.admit("bsato", HOME, second(6)).is_ok());
    }

    #[test]
    fn an_address_that_tries_many_accounts_waits_two_seconds() {
        let throttle = Throttle::default();
        let let_in = (0..150).filter(|n| throttle.admit(&format!("member{n}"), HOME, second(0)).is_ok()).count();
        assert_eq!(let_in, 100);
        assert_eq!(retry_after(throttle.admit("another", HOME, second(0))), Some(2));
        assert!(throttle.admit("another", ELSEWHERE, second(0)).is_ok());
    }

    #[test]
    fn one_network_of_the_new_protocol_is_one_address() {
        let throttle = Throttle::default();
        let let_in: usize = (0..9)
            .map(|n| fail(&throttle, "bsato", IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, n)), 1, second(0)))
            .sum();
        assert_eq!(let_in, 5);
        let neighbour = IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 2, 0, 0, 0, 1));
        assert!(throttle.admit("bsato", neighbour, second(0)).is_ok());
        let mapped = IpAddr::V6(std::net::Ipv4Addr::new(192, 0, 2, 1).to_ipv6_mapped());
        assert_eq!(fail(&throttle, "cdiaz", HOME, 3, second(0)) + fail(&throttle, "cdiaz", mapped, 9, second(0)), 5);
    }

    #[test]
    fn a_flood_of_names_is_forgotten_and_the_guessed_one_is_not() {
        let throttle = Throttle::default();
        fail(&throttle, "bsato", HOME, 9, second(0));
        for n in 0..u32::try_from(3 * REMEMBERED).unwrap() {
            let address = IpAddr::V4(std::net::Ipv4Addr::from_bits(0x0a00_0000 + n));
            assert!(throttle.admit(&format!("invented{n}"), address, second(0)).is_ok());
        }
        let debts = throttle.debts();
        assert!(debts.accounts_here.len() <= REMEMBERED);
        assert!(debts.accounts.len() <= REMEMBERED);
        assert!(debts.addresses.len() <= REMEMBERED);
        drop(debts);
        assert_eq!(retry_after(throttle.admit("bsato", HOME, second(0))), Some(30));
    }
}
