//! A portal on the disk with many members who each use a product.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use entitlement::{Label, Name, ProductId};
use portal::actions::products::{self, Computer};
use portal::actions::{Caller, licenses};
use portal::auth::password::Passwords;
use portal::auth::secret_token::SecretToken;
use portal::auth::throttle::Throttle;
use portal::clock::Clock;
use portal::house::{BuiltIn, House};
use portal::state::{AppState, Parts, Serving};
use rules::capacity::{self, Registration};
use rules::{Actor, sign_in};
use store::{Extras, Files, NewMember, PasswordKind, StoreError, StoredPassword, WriteTx};
use tests::files::{order, roots, trust};

use crate::Outcome;

/// The request by which a member renews, as it goes over the wire, and the session that it is about.
pub struct Renewal {
    pub session: String,
    pub request: Vec<u8>,
}

/// A bound portal in that folder whose members are all signed in and have begun a session of a product that their user
/// type includes.
pub fn with_sessions(folder: &Path, members: usize) -> Outcome<(AppState, Vec<Renewal>)> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let (clock, jwks) = (Clock::system(), roots().to_jwk_set());
    // As long as the process: a build has its roots for ever.
    let built_in = BuiltIn { roots: Box::leak(jwks.into_boxed_str()).as_bytes(), demo_trust: None };
    let house = House::make(folder, &built_in, &clock).map_err(told)?;
    let seats = [("gis-pro-standard", u32::try_from(members)?), ("creator", 1)];
    let file = order(1, &seats).bound_to(house.key.public());
    let files = Files { entitlement: file.signed(), trust: Some(trust(1, |_| ())), catalog: None };
    let creator = "creator".parse()?;
    let (store, key) = (house.store, Arc::new(house.key));
    let activate = move |tx: &WriteTx<'_>| licenses::activate(tx, &files, Some(&creator), newcomer("ana".to_owned()));
    store.write_alone_now(activate).map_err(stopped)?;
    let begin = move |tx: &WriteTx<'_>| (0..members).map(|number| begun(tx, number)).collect::<Result<Vec<_>, _>>();
    let renewals = store.write_alone_now(begin).map_err(stopped)?;
    let state = AppState::new(Parts {
        store,
        clock,
        passwords: Passwords::start(NonZeroUsize::MIN).map_err(told)?,
        throttle: Throttle::default(),
        portal: house.portal,
        key,
        roots: house.roots,
        built_in_trust: None,
        setup: None,
        serving: Serving { demo: false, behind_proxy: false },
    });
    Ok((state, renewals))
}

fn told(failure: errors::Failure) -> String {
    format!("{}: {}", failure.code.row().name, failure.detail)
}

fn stopped(error: StoreError) -> String {
    format!("{error:?}")
}

fn newcomer(username: String) -> NewMember {
    let password = StoredPassword::new("$argon2id$v=19$never-asked".to_owned(), PasswordKind::Own);
    NewMember { username, full_name: String::new(), email: String::new(), password, extras: Extras::default() }
}

/// Adds a member, signs the member in, and begins a session.
fn begun(tx: &WriteTx<'_>, number: usize) -> Result<Renewal, StoreError> {
    let console = Actor::console();
    let user_type = Some("gis-pro-standard".parse().map_err(StoreError::internal)?);
    let asked = Registration { user_type, role: Some("publisher".parse().map_err(StoreError::internal)?) };
    let permit = capacity::register(&tx.facts()?, &console, &asked)?;
    let member = tx.insert_member(permit, &console, &newcomer(format!("member-{number}")))?.id;
    let token = SecretToken::generate()?;
    tx.open_token(&console, &token.hash(), &member, tx.now().plus_seconds(sign_in::SESSION_SECONDS))?;
    let product: ProductId = "arcgis-pro".parse().map_err(StoreError::internal)?;
    let computer = Computer {
        id: Label::parse(&format!("pc-{number}")).map_err(StoreError::internal)?,
        name: Name::parse(&format!("Desk {number}")).map_err(StoreError::internal)?,
        key: None,
    };
    let grant = products::start(tx, &Caller::Member(member), &product, (&computer, "first"))?;
    let session = grant.session.id;
    let request = format!(
        "POST /api/v1/products/{product}/sessions/{session}/renew HTTP/1.1\r\nhost: portal\r\nauthorization: Bearer {}\r\n\
         content-length: 0\r\n\r\n",
        token.as_str()
    );
    Ok(Renewal { session, request: request.into_bytes() })
}
