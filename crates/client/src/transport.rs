//! How a request reaches the portal. A product with an HTTP client of its own brings that instead of [`Http`].

use std::net::IpAddr;
use std::time::Duration;

use ureq::Agent;
use ureq::http::{Request as HttpRequest, Uri};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use zeroize::Zeroizing;

use crate::ClientError;

/// What is done to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Read it.
    Get,
    /// Make one below it.
    Post,
    /// Set it.
    Put,
    /// Take it away.
    Delete,
}

impl Method {
    /// The method as HTTP spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// One request to the portal.
pub struct Request<'r> {
    /// The method.
    pub method: Method,
    /// The path from the root of the portal, such as `/api/v1/me`.
    pub path: &'r str,
    /// The token, to be sent as `Authorization: Bearer`.
    pub token: Option<&'r str>,
    /// The body, which is JSON; it may hold a password.
    pub body: Option<&'r Zeroizing<Vec<u8>>>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// Carries requests to one portal, over HTTP.
pub trait Transport {
    /// Sends a request and waits for the whole answer.
    ///
    /// # Errors
    /// Why no answer came; the portal may have carried the request out all the same. An answer that says no is an answer.
    fn send(&self, request: &Request<'_>) -> Result<Answer, String>;

    /// Waits before a request is repeated.
    fn pause(&self, pause: Duration) {
        std::thread::sleep(pause);
    }
}

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The most bytes of an answer: a license file and a trust list, with room.
const LARGEST_ANSWER: u64 = 4 * 1024 * 1024;

/// HTTP with TLS 1.2 and 1.3, one connection kept alive.
pub struct Http {
    agent: Agent,
    base: String,
}

impl Http {
    /// A portal at an address such as `https://portal.example.org`, which shows a certificate that a public authority
    /// signed. Plain `http://` is for this machine only: passwords cross the line.
    ///
    /// # Errors
    /// [`ClientError::Address`].
    pub fn at(address: &str) -> Result<Self, ClientError> {
        Self::trusting(address, None)
    }

    /// The same behind a certificate that an authority of the organization signed; `authorities` holds its certificate, or
    /// several, as PEM, and only these count.
    ///
    /// # Errors
    /// [`ClientError::Address`], also where a certificate cannot be read.
    pub fn with_authorities(address: &str, authorities: &[u8]) -> Result<Self, ClientError> {
        let mut found = Vec::new();
        for item in ureq::tls::parse_pem(authorities) {
            match item {
                Ok(ureq::tls::PemItem::Certificate(certificate)) => found.push(certificate),
                Ok(_) => {}
                Err(error) => return Err(ClientError::Address { why: format!("a certificate: {error}") }),
            }
        }
        if found.is_empty() {
            return Err(ClientError::Address { why: "there is no certificate among the authorities".to_owned() });
        }
        Self::trusting(address, Some(found))
    }

    fn trusting(address: &str, authorities: Option<Vec<Certificate<'static>>>) -> Result<Self, ClientError> {
        let base = address.trim_end_matches('/');
        let is_here = check(base)?;
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            // The token goes to this portal and to nobody whom it names.
            .max_redirects(0)
            .timeout_global(Some(PATIENCE));
        if is_here {
            config = config.proxy(None);
        }
        if let Some(authorities) = authorities {
            let roots = RootCerts::new_with_certs(&authorities);
            config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
        }
        Ok(Self { agent: config.build().into(), base: base.to_owned() })
    }
}

/// Whether an address is one of this machine; one that is neither that nor behind TLS is refused.
fn check(base: &str) -> Result<bool, ClientError> {
    let wrong = |why: &str| ClientError::Address { why: format!("`{base}` {why}") };
    let uri: Uri = base.parse().map_err(|_| wrong("is not an address such as https://portal.example.org"))?;
    let host = uri.host().ok_or_else(|| wrong("names no host"))?.trim_start_matches('[').trim_end_matches(']');
    let is_here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if uri.query().is_some() || uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(wrong("holds more than a host, a port and a path"));
    }
    match uri.scheme_str() {
        Some("https") => Ok(is_here),
        Some("http") if is_here => Ok(true),
        Some("http") => {
            Err(wrong("is not of this machine, and without TLS passwords would cross the network readable"))
        }
        Some(_) | None => Err(wrong("begins with neither https:// nor http://")),
    }
}

impl Transport for Http {
    fn send(&self, request: &Request<'_>) -> Result<Answer, String> {
        let address = format!("{}{}", self.base, request.path);
        let mut head = HttpRequest::builder().method(request.method.as_str()).uri(address);
        head = head.header("accept", "application/json");
        if let Some(token) = request.token {
            head = head.header("authorization", format!("Bearer {token}"));
        }
        let sent = match request.body {
            Some(body) => {
                let head = head.header("content-type", "application/json");
                self.agent.run(head.body(body.as_slice()).map_err(|error| error.to_string())?)
            }
            None => self.agent.run(head.body(()).map_err(|error| error.to_string())?),
        };
        let mut answer = sent.map_err(|error| error.to_string())?;
        let body = answer.body_mut().with_config().limit(LARGEST_ANSWER).read_to_string();
        Ok(Answer { status: answer.status().as_u16(), body: body.map_err(|error| error.to_string())? })
    }
}

#[cfg(test)]
mod tests {
    use super::{Http, check};
    use crate::ClientError;

    #[test]
    fn passwords_cross_the_network_behind_tls_only() {
        for (address, is_here) in [
            ("https://portal.example.org", false),
            ("https://portal.example.org:8443/seats", false),
            ("http://127.0.0.1:8080", true),
            ("http://[::1]:8080", true),
            ("http://localhost", true),
        ] {
            assert_eq!(check(address), Ok(is_here), "{address}");
        }
        for address in [
            "http://portal.example.org",
            "http://127.0.0.1.example.org",
            "http://localhost.example.org",
            "ftp://portal.example.org",
            "portal.example.org",
            "https://",
            "https://ana:secret@portal.example.org",
            "http://localhost@portal.example.org",
            "https://portal.example.org?x=1",
            "",
        ] {
            assert!(matches!(check(address), Err(ClientError::Address { .. })), "{address}");
        }
    }

    #[test]
    fn authorities_are_certificates() {
        let refused = |pem: &[u8]| Http::with_authorities("https://portal.example.org", pem).err();
        assert!(matches!(refused(b""), Some(ClientError::Address { .. })));
        assert!(matches!(refused(b"-----BEGIN CERTIFICATE-----\n!\n"), Some(ClientError::Address { .. })));
    }
}
