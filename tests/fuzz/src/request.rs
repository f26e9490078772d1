//! Requests as an input writes them: who, method and address on the first line, headers, an empty line, the body.
//!
//! ```text
//! ana POST /api/v1/members
//! if-match: *
//!
//! {"username": "nina", "user_type": "viewer"}
//! ----
//! ana GET /api/v1/members/{last}
//! ```
//!
//! `{ana}`, `{bob}`, `{carla}` are their ids, `{token}` and `{csrf}` those of the administrator, `{last}` the id in the
//! last answer. What nearly every request needs is there unless a header of that name says otherwise.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, Uri, header};
use tests::people::BROWSER;

use crate::house::House;

/// Between two requests.
const BETWEEN: &[u8] = b"\n----\n";
/// More requests in one input are left out.
const MOST: usize = 4;

/// Sends the requests of an input, and shows each answer to `look`.
pub fn play(house: &mut House, input: &[u8], look: impl Fn(&tests::people::Answer)) {
    let mut last = "none".to_owned();
    for part in split(input, BETWEEN).into_iter().take(MOST) {
        let names = names(house, &last);
        let Some(request) = read(house, &filled(part, &names)) else { return };
        let answer = house.sends(request);
        look(&answer);
        if let Some(id) = answer.json()["id"].as_str() {
            last = id.to_owned();
        }
    }
}

fn names(house: &House, last: &str) -> Vec<(&'static str, String)> {
    vec![
        ("{ana}", house.ana.id.clone()),
        ("{bob}", house.bob.id.clone()),
        ("{carla}", house.carla.id.clone()),
        ("{token}", house.ana.token.clone().unwrap_or_default()),
        ("{csrf}", house.ana.form_token()),
        ("{last}", last.to_owned()),
    ]
}

fn read(house: &mut House, part: &[u8]) -> Option<Request<Body>> {
    let end = part.windows(2).position(|two| two == b"\n\n");
    let (head, body) = end.map_or((part, &[][..]), |end| (&part[..end], &part[end + 2..]));
    let mut lines = std::str::from_utf8(head).ok()?.split('\n');
    let mut first = lines.next()?.splitn(3, ' ');
    let (who, method, address) = (first.next()?, first.next()?, first.next()?);
    let mut request = Request::builder()
        .method(Method::from_bytes(method.as_bytes()).ok()?)
        .uri(address.parse::<Uri>().ok().filter(|uri| uri.path().starts_with('/'))?)
        .body(Body::from(body.to_vec()))
        .ok()?;
    let headers = request.headers_mut();
    for (name, value) in usual(house, who)? {
        headers.insert(name, HeaderValue::from_str(&value).ok()?);
    }
    for line in lines {
        let (name, value) = line.split_once(": ")?;
        let value = HeaderValue::from_bytes(value.as_bytes()).ok()?;
        headers.insert(HeaderName::from_bytes(name.as_bytes()).ok()?, value);
    }
    Some(request)
}

/// The headers that somebody's requests have unless the input says otherwise.
fn usual(house: &mut House, who: &str) -> Option<Vec<(HeaderName, String)>> {
    let bearer = |person: &tests::people::Person| format!("Bearer {}", person.token.clone().unwrap_or_default());
    let mut headers = vec![
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::IF_MATCH, "*".to_owned()),
        (HeaderName::from_static("idempotency-key"), format!("fuzz-{}", house.fresh())),
    ];
    match who {
        "ana" => headers.push((header::AUTHORIZATION, bearer(&house.ana))),
        "bob" => headers.push((header::AUTHORIZATION, bearer(&house.bob))),
        "carla" => headers.push((header::AUTHORIZATION, bearer(&house.carla))),
        "nobody" => {}
        "page" => {
            let token = house.ana.token.clone().unwrap_or_default();
            headers = vec![
                (header::COOKIE, format!("{}={token}", portal::auth::session::COOKIE_NAME)),
                (header::ACCEPT, BROWSER.to_owned()),
                (header::CONTENT_TYPE, "application/x-www-form-urlencoded".to_owned()),
                (HeaderName::from_static("sec-fetch-site"), "same-origin".to_owned()),
            ];
        }
        _ => return None,
    }
    Some(headers)
}

/// The text with the names in braces filled in.
pub fn filled(text: &[u8], names: &[(&str, String)]) -> Vec<u8> {
    names.iter().fold(text.to_vec(), |text, (name, value)| split(&text, name.as_bytes()).join(value.as_bytes()))
}

/// The parts between the places where something stands.
pub fn split<'a>(text: &'a [u8], at: &[u8]) -> Vec<&'a [u8]> {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some(place) = rest.windows(at.len()).position(|window| window == at) {
        parts.push(&rest[..place]);
        rest = &rest[place + at.len()..];
    }
    parts.push(rest);
    parts
}
