//! Measures durable, cap-checked registrations. `cargo xtask bench registrations` runs it.
//!
//! `bench-registrations FOLDER` prints one round as a line of JSON: registrations a second with 64 clients that wait for
//! their answers, the same with one commit for each, and what the disk does by itself.
#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::error::Error;
use std::fs::{self, File};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use catalog::Catalog;
use entitlement::{
    CatalogRef, Customer, EntitlementDraft, Moment, Name, Policy, Roots, SecretKey, TrustListDraft, TrustedKey,
    UserTypeId, UserTypeLine, seal_entitlement, seal_trust_list,
};
use rules::capacity::{self, Registration};
use rules::{Actor, activation};
use store::{Extras, Files, NewMember, Opening, PasswordKind, Store, StoreError, StoredPassword, Wall, WriteTx};
use tokio::runtime::{Builder, Runtime};

type Outcome<T> = Result<T, Box<dyn Error>>;

const CLIENTS: usize = 64;
/// Registrations of one client in the grouped part, and where each has a commit of its own.
const GROUPED: usize = 150;
const SINGLE: usize = 12;
const SYNCS: u32 = 600;

fn main() -> Outcome<()> {
    let folder = std::env::args().nth(1).ok_or("usage: bench-registrations FOLDER")?;
    let folder = Path::new(&folder);
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let before = disk(folder)?;
    let grouped = register(&runtime, &folder.join("grouped"), GROUPED, false)?;
    let between = disk(folder)?;
    let single = register(&runtime, &folder.join("single"), SINGLE, true)?;
    let about = format!(
        "SQLite as the store opens it, {CLIENTS} clients on 2 workers, {} and {} registrations with audit rows; \
         overwriting 4 KB in place + fdatasync in the same folder, before and between",
        CLIENTS * GROUPED,
        CLIENTS * SINGLE
    );
    let fdatasync = f64::midpoint(before, between);
    println!("{}", serde_json::json!({"grouped": grouped, "single": single, "fdatasync": fdatasync, "about": about}));
    Ok(())
}

/// The disk's own limit: one block of 4 KB after the other made durable.
fn disk(folder: &Path) -> Outcome<f64> {
    let mut file = File::create(folder.join("block"))?;
    let block = [7; 4096];
    file.write_all(&block)?;
    file.sync_all()?;
    let start = Instant::now();
    for _ in 0..SYNCS {
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&block)?;
        file.sync_data()?;
    }
    Ok(f64::from(SYNCS) / start.elapsed().as_secs_f64())
}

/// Registrations a second of clients that each wait for their own durable answer.
fn register(runtime: &Runtime, folder: &Path, each: usize, is_alone: bool) -> Outcome<f64> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let expected = CLIENTS * each;
    let store = open(folder, u32::try_from(expected)?)?;
    let start = Instant::now();
    runtime.block_on(async {
        let client = |client| tokio::spawn(work(store.clone(), client, each, is_alone));
        for client in (0..CLIENTS).map(client).collect::<Vec<_>>() {
            client.await??;
        }
        Outcome::Ok(())
    })?;
    let took = start.elapsed().as_secs_f64();
    // Every seat is taken now, by a count that the store kept; one more is refused.
    let viewer: UserTypeId = "viewer".parse()?;
    let counted = store.read(|tx| Ok(tx.facts()?.count(&viewer).assigned))?;
    if counted != expected as u64 || store.write_now(|tx| seat(tx, "one-more".to_owned())).is_ok() {
        return Err(format!("{counted} members are counted under a cap of {expected}").into());
    }
    Ok(expected as f64 / took)
}

async fn work(store: Store, client: usize, each: usize, is_alone: bool) -> Result<(), StoreError> {
    for number in 0..each {
        let username = format!("member-{client}-{number}");
        let decision = move |tx: &WriteTx<'_>| seat(tx, username);
        if is_alone { store.write_alone(decision).await? } else { store.write(decision).await? }
    }
    Ok(())
}

/// One registration as the portal does it, with the password hashed beforehand.
fn seat(tx: &WriteTx<'_>, username: String) -> Result<(), StoreError> {
    let user_type = Some("viewer".parse().map_err(StoreError::internal)?);
    let asked = Registration { user_type, role: Some("viewer".parse().map_err(StoreError::internal)?) };
    let actor = Actor::console();
    let permit = capacity::register(&tx.facts()?, &actor, &asked)?;
    tx.insert_member(permit, &actor, &newcomer(username)).map(drop)
}

fn newcomer(username: String) -> NewMember {
    let password = StoredPassword::new("$argon2id$v=19$measured-elsewhere".to_owned(), PasswordKind::OneTime);
    let (full_name, email) = (String::new(), String::new());
    NewMember { username, full_name, email, password, extras: Extras::default() }
}

/// A portal that is activated for so many viewers and one administrator.
fn open(folder: &Path, viewers: u32) -> Outcome<Store> {
    let root = SecretKey::from_seed("root".parse()?, &[11; 32]);
    let vendor = SecretKey::from_seed("vendor".parse()?, &[22; 32]);
    let now = Moment::parse("2026-12-01T00:00:00Z")?;
    let started = Instant::now();
    let clock = move || {
        let elapsed = started.elapsed().as_secs();
        Wall { wall: now.plus_seconds(i64::try_from(elapsed).unwrap_or(0)), elapsed }
    };
    let roots = Roots::new(vec![root.public()])?;
    let opening = Opening { clock: Arc::new(clock), roots, built_in_trust: None, portal: None };
    let store = Store::create_or_open(folder, opening)?;
    let files = Files {
        entitlement: entitlement(&vendor, viewers)?.into_bytes(),
        trust: Some(trust(&root, &vendor)?.into_bytes()),
        catalog: None,
    };
    store.write_alone_now(move |tx| {
        let incoming = tx.open_incoming(&files)?;
        let permit =
            activation::decide(&tx.facts_under(&incoming)?, (incoming.arrival(), &incoming.gives(tx.now())), None)?;
        tx.activate(permit, &Actor::console(), &incoming, &newcomer("administrator".to_owned())).map(drop)
    })?;
    Ok(store)
}

fn trust(root: &SecretKey, vendor: &SecretKey) -> Outcome<String> {
    let (iat, expires) = (Moment::parse("2026-01-01T00:00:00Z")?, Moment::parse("2100-01-01T00:00:00Z")?);
    let draft = TrustListDraft {
        version: 1,
        iat,
        expires,
        keys: vec![TrustedKey { key: vendor.public(), nbf: iat, exp: expires }],
        revoked_keys: [].into(),
        revoked_licenses: [].into(),
        min_sequence: [].into(),
    };
    Ok(seal_trust_list(&draft, root)?)
}

fn entitlement(vendor: &SecretKey, viewers: u32) -> Outcome<String> {
    let iat = Moment::parse("2026-11-01T00:00:00Z")?;
    let line = |(id, count): (&str, u32)| Ok(UserTypeLine { id: id.parse()?, count, from: None, until: None });
    let draft = EntitlementDraft {
        jti: "BENCH-1".parse()?,
        contract: "bench".parse()?,
        sequence: 1,
        supersedes: None,
        replaces: Vec::new(),
        min_trust: 1,
        iss: Name::parse("Example Vendor")?,
        iat,
        nbf: iat,
        exp: None,
        portal: None,
        customer: Customer { id: "bench".parse()?, name: Name::parse("Bench")? },
        catalog: CatalogRef { id: "arcgis".parse()?, sha256: Catalog::arcgis_digest() },
        user_types: [("viewer", viewers), ("creator", 1)].into_iter().map(line).collect::<Outcome<_>>()?,
        add_ons: Vec::new(),
        policy: Policy::default(),
        ext: None,
        note: None,
    };
    Ok(seal_entitlement(&draft, vendor)?)
}
