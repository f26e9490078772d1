//! Forms that only our own pages can send: a token that follows from the session, and the browser's word on where the
//! request came from. The two are independent; a request that changes something passes both.

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use errors::{Code, Failure};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::auth::secret_token::SecretToken;

/// The name of the hidden field that carries the token.
pub const FIELD: &str = "csrf";

/// The token of every form of a session: SHA-256 of `csrf:` and the session's token, in lower-case hex. It tells
/// nothing about the session's token and is of no use without it.
#[must_use]
pub fn form_token(session: &SecretToken) -> String {
    let digest = Sha256::new().chain_update("csrf:").chain_update(session.as_str()).finalize();
    store::hexadecimal(&digest)
}

/// Lets a form of this session pass.
///
/// # Errors
/// `form-expired` when the token is another one.
pub fn check_form(session: &SecretToken, given: &str) -> Result<(), Failure> {
    let same: bool = form_token(session).as_bytes().ct_eq(given.as_bytes()).into();
    if same { Ok(()) } else { Err(Failure::plain(Code::FormExpired)) }
}

/// Lets a request pass that one of our own pages sent. `Sec-Fetch-Site` decides (`same-origin`, or `none` for what a
/// person did in the browser itself). Browsers leave it out on plain HTTP off this machine; then `Origin`, where there is
/// one, names this host. A program that is no browser sends neither and has no cookie to be abused.
///
/// # Errors
/// `form-expired` when the request comes from another site.
pub fn check_origin(headers: &HeaderMap) -> Result<(), Failure> {
    let ours = match (headers.get("sec-fetch-site"), headers.get(ORIGIN)) {
        (Some(site), _) => site == "same-origin" || site == "none",
        (None, Some(origin)) => {
            let named = origin.to_str().ok().and_then(|text| text.split_once("://")).map(|(_, host)| host);
            named.is_some() && named == headers.get(HOST).and_then(|host| host.to_str().ok())
        }
        (None, None) => true,
    };
    if ours { Ok(()) } else { Err(Failure::plain(Code::FormExpired)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_token_follows_from_the_session() {
        let session = SecretToken::parse("swp_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8").unwrap();
        let token = "0ebdc4a98ce8efe132f63d1b5305003faf21a27d4e6c91fb8b7534af0916be3e";
        assert_eq!(form_token(&session), token);
        assert_eq!(check_form(&session, token), Ok(()));
    }

    #[test]
    fn another_token_is_refused() {
        let session = SecretToken::parse("swp_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8").unwrap();
        let upper = form_token(&session).to_uppercase();
        for given in ["", "0", session.as_str(), &upper, &form_token(&SecretToken::generate().unwrap())] {
            assert_eq!(check_form(&session, given), Err(Failure::plain(Code::FormExpired)), "{given}");
        }
    }

    #[test]
    fn only_our_own_pages_and_the_person_may_send() {
        let cases: [(&[(&str, &str)], bool); 11] = [
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "http://portal"), ("host", "portal")], false),
            (&[("origin", "http://portal:8080"), ("host", "portal:8080")], true),
            (&[("origin", "http://portal:8081"), ("host", "portal:8080")], false),
            (&[("origin", "null"), ("host", "portal")], false),
            (&[("origin", "http://portal")], false),
            (&[("host", "portal")], true),
        ];
        for (pairs, ours) in cases {
            let map: HeaderMap = pairs
                .iter()
                .map(|(name, value)| (name.parse::<axum::http::HeaderName>().unwrap(), value.parse().unwrap()))
                .collect();
            assert_eq!(check_origin(&map).is_ok(), ours, "{pairs:?}");
        }
    }
}
