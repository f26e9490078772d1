//! Passwords: what is stored of one, what a new one must be, and the one-time passwords that the portal makes.
//!
//! A stored password is either an Argon2id string (`$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH`, the PHC format) or, for a
//! one-time password, `sha256:` and the digest: 140 random bits cannot be guessed, so a slow hash would protect nothing.

use std::num::NonZeroUsize;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use errors::{Code, Failure};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::auth::password_pool::{Pool, SALT_LENGTH, derive_here};

/// The fewest characters of a password that a member chooses.
pub const SHORTEST: usize = 12;
/// The most characters of a password that a member chooses.
pub const LONGEST: usize = 256;

const ONE_TIME: &str = "sha256:";
/// Lower case without i, l, o and u, which are misread (RFC 4648 has no such alphabet; this is Crockford's order).
const READABLE: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const GROUPS: usize = 7;
const GROUP_LENGTH: usize = 4;

/// Hashes and checks passwords on threads of its own. Copies share the threads.
#[derive(Debug, Clone)]
pub struct Passwords {
    pool: Arc<Pool>,
    /// What an unknown name is checked against.
    dummy: Arc<str>,
}

impl Passwords {
    /// Starts `threads` threads; more than the machine has cores only makes every sign-in slower.
    ///
    /// # Errors
    /// `internal` when the machine gives no threads or no random bytes.
    pub fn start(threads: NonZeroUsize) -> Result<Self, Failure> {
        let mut salt = [0_u8; SALT_LENGTH];
        fill(&mut salt)?;
        let hash = [0_u8; 32];
        Ok(Self { pool: Arc::new(Pool::start(threads)?), dummy: phc(&salt, &hash).into() })
    }

    /// What to store of a password that a member chose.
    ///
    /// # Errors
    /// `rate-limited` with `retry_after` when too many wait already.
    pub async fn hash(&self, password: Zeroizing<String>) -> Result<String, Failure> {
        let mut salt = [0_u8; SALT_LENGTH];
        fill(&mut salt)?;
        let hash = self.pool.derive(password, salt).await?;
        Ok(phc(&salt, hash.as_slice()))
    }

    /// The same on the caller's own thread, for a command line that hashes one password and ends.
    ///
    /// # Errors
    /// `internal` when the machine gives no random bytes.
    pub fn hash_here(password: &str) -> Result<String, Failure> {
        let mut salt = [0_u8; SALT_LENGTH];
        fill(&mut salt)?;
        let hash = derive_here(password, &salt)?;
        Ok(phc(&salt, hash.as_slice()))
    }

    /// Whether `password` is the one of which `stored` is stored; `None` stands for a name that nobody has. Every refusal
    /// takes the same time: that of one Argon2id hash.
    ///
    /// # Errors
    /// `rate-limited` with `retry_after` when too many wait already; `database-damaged` when `stored` is neither form.
    pub async fn check(&self, password: Zeroizing<String>, stored: Option<String>) -> Result<bool, Failure> {
        let (against, real) = match stored.as_deref() {
            Some(stored) if stored.starts_with(ONE_TIME) => {
                let same: bool = one_time_stored(&password).as_bytes().ct_eq(stored.as_bytes()).into();
                if same {
                    return Ok(true);
                }
                (&*self.dummy, false)
            }
            Some(stored) => (stored, true),
            None => (&*self.dummy, false),
        };
        let (salt, expected) = parse_phc(against).ok_or_else(|| Failure::plain(Code::DatabaseDamaged))?;
        let hash = self.pool.derive(password, salt).await?;
        let same: bool = hash.as_slice().ct_eq(&expected).into();
        Ok(same && real)
    }
}

/// Lets a password pass that a member has chosen.
///
/// # Errors
/// `password-unsuitable` when it is shorter than `shortest` (never less than 12) or longer than 256 characters, or is the user name in any case.
pub fn suitable(password: &str, username: &str, shortest: usize) -> Result<(), Failure> {
    let right_length = (shortest.max(SHORTEST)..=LONGEST).contains(&password.chars().count());
    if right_length && password.trim().to_lowercase() != username.trim().to_lowercase() {
        return Ok(());
    }
    let shortest = shortest.max(SHORTEST);
    let rule = format!("A password has {shortest} to {LONGEST} characters and is not the user name.");
    Err(Failure::new(Code::PasswordUnsuitable, rule))
}

/// A one-time password of 140 random bits, in groups that can be read out: `k3v9-0tqz-...`, seven of four.
///
/// # Errors
/// `internal` when the machine gives no random bytes.
pub fn one_time_password() -> Result<Zeroizing<String>, Failure> {
    let mut bytes = Zeroizing::new([0_u8; GROUPS * GROUP_LENGTH]);
    fill(bytes.as_mut_slice())?;
    let mut text = Zeroizing::new(String::with_capacity(GROUPS * (GROUP_LENGTH + 1)));
    for (place, byte) in bytes.iter().enumerate() {
        if place > 0 && place % GROUP_LENGTH == 0 {
            text.push('-');
        }
        // 32 divides 256, so every character is as likely as any other.
        text.push(READABLE.get(usize::from(byte % 32)).copied().map_or('0', char::from));
    }
    Ok(text)
}

/// What to store of a one-time password. Case, hyphens and spaces do not count, since it may be typed from paper.
#[must_use]
pub fn one_time_stored(password: &str) -> String {
    let mut read = Zeroizing::new(String::with_capacity(password.len()));
    read.extend(password.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()));
    format!("{ONE_TIME}{}", STANDARD_NO_PAD.encode(Sha256::digest(read.as_bytes())))
}

fn phc(salt: &[u8], hash: &[u8]) -> String {
    format!("{PHC_PREFIX}{}${}", STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash))
}

/// The salt and the hash of a stored password. Other parameters than ours are none: there were never any.
fn parse_phc(text: &str) -> Option<([u8; SALT_LENGTH], Vec<u8>)> {
    let (salt, hash) = text.strip_prefix(PHC_PREFIX)?.split_once('$')?;
    let salt = STANDARD_NO_PAD.decode(salt).ok()?.try_into().ok()?;
    let hash = STANDARD_NO_PAD.decode(hash).ok()?;
    (hash.len() == 32).then_some((salt, hash))
}

fn fill(bytes: &mut [u8]) -> Result<(), Failure> {
    getrandom::fill(bytes).map_err(|_| Failure::plain(Code::Internal))
}

const PHC_PREFIX: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

#[cfg(test)]
mod tests {
    use super::*;

    /// From the reference implementation (`argon2 -id -t 2 -k 19456 -p 1`), with the salt `somesaltsomesalt`.
    const REFERENCE: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$/HetJC6LZ4lnwgLB+wJSS2a9bFu2Kq4HxwNWzoJq2qU";

    fn secret(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    fn one_thread() -> Passwords {
        Passwords::start(NonZeroUsize::MIN).unwrap()
    }

    #[tokio::test]
    async fn a_hash_of_the_reference_implementation_is_understood() {
        let passwords = one_thread();
        assert_eq!(passwords.check(secret("correct horse battery"), Some(REFERENCE.into())).await, Ok(true));
        assert_eq!(passwords.check(secret("correct horse batterz"), Some(REFERENCE.into())).await, Ok(false));
    }

    #[tokio::test]
    async fn the_same_password_is_stored_differently_each_time_and_checks() {
        let passwords = one_thread();
        let one = passwords.hash(secret("a long enough password")).await.unwrap();
        let other = passwords.hash(secret("a long enough password")).await.unwrap();
        assert_ne!(one, other);
        assert_eq!((one.len(), one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")), (97, true));
        assert_eq!(passwords.check(secret("a long enough password"), Some(one.clone())).await, Ok(true));
        assert_eq!(passwords.check(secret("A long enough password"), Some(one)).await, Ok(false));
    }

    #[tokio::test]
    async fn an_unknown_name_has_no_right_password() {
        assert_eq!(one_thread().check(secret("anything at all"), None).await, Ok(false));
    }

    #[tokio::test]
    async fn what_was_never_stored_is_damage_and_not_a_wrong_password() {
        for stored in ["", "plain", "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA", "$argon2id$v=19$m=19456,t=2,p=1$$"]
        {
            let answer = one_thread().check(secret("anything"), Some(stored.into())).await;
            assert_eq!(answer, Err(Failure::plain(Code::DatabaseDamaged)), "{stored}");
        }
    }

    #[tokio::test]
    async fn a_one_time_password_is_checked_as_typed_from_paper() {
        let (passwords, password) = (one_thread(), one_time_password().unwrap());
        let stored = one_time_stored(&password);
        let typed = format!(" {} ", password.to_uppercase().replace('-', " "));
        assert_eq!(passwords.check(password, Some(stored.clone())).await, Ok(true));
        assert_eq!(passwords.check(secret(&typed), Some(stored.clone())).await, Ok(true));
        assert_eq!(passwords.check(one_time_password().unwrap(), Some(stored)).await, Ok(false));
    }

    #[test]
    fn a_one_time_password_has_seven_readable_groups() {
        let password = one_time_password().unwrap();
        let groups: Vec<&str> = password.split('-').collect();
        assert_eq!(groups.len(), 7);
        assert!(groups.iter().all(|group| group.len() == 4 && group.bytes().all(|byte| READABLE.contains(&byte))));
        assert_ne!(password, one_time_password().unwrap());
    }

    #[test]
    fn a_one_time_password_is_stored_as_its_digest() {
        assert_eq!(one_time_stored("ABCD-efgh"), "sha256:nFbMUbN0w7oYkhDVttS/V3kNNRyWxHwCGQ7PHkMGNas");
    }

    #[test]
    fn a_new_password_has_12_to_256_characters_and_is_not_the_user_name() {
        let cases = [
            ("elevenchars".to_owned(), false),
            ("twelve chars".to_owned(), true),
            ("zwölf zeiche".to_owned(), true),
            ("x".repeat(256), true),
            ("x".repeat(257), false),
            ("Bernard-Sato-1".to_owned(), false),
            (" bernard-sato-1 ".to_owned(), false),
            ("bernard-sato-12".to_owned(), true),
        ];
        for (password, suits) in cases {
            assert_eq!(suitable(&password, "bernard-sato-1", SHORTEST).is_ok(), suits, "{password}");
        }
    }
}
