//! Measures renewals of product sessions over HTTP. `cargo xtask bench sessions` runs it.
//!
//! `bench-sessions FOLDER` prints one line of JSON: how long renewals take while ten thousand members each renew once a
//! minute, and, round after round, how many a second the portal answers at most beside a bare handler of the same server.
//! The portal is served as `serve` does it, with its log, on a database in that folder.
#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]

mod house;
mod wire;

use std::error::Error;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::routing::post;
use axum::{Json, Router};
use portal::{logging, rounds, router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Builder;

use crate::house::Renewal;
use crate::wire::Wire;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const MEMBERS: usize = 10_000;
/// Each member renews once in this time.
const MINUTE: Duration = Duration::from_secs(60);
/// Connections that are never idle while the most is measured.
const CONNECTIONS: usize = 64;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(3);

fn main() -> Outcome<()> {
    let folder = std::env::args().nth(1).ok_or("usage: bench-sessions FOLDER")?;
    logging::start(logging::Format::Json, tracing::Level::INFO).map_err(|error| error.to_string())?;
    let (state, renewals) = house::with_sessions(Path::new(&folder), MEMBERS)?;
    // The runtime of `serve`; those who call have a thread of their own.
    let server = Builder::new_multi_thread().enable_all().build()?;
    let clients = Builder::new_current_thread().enable_all().build()?;
    server.spawn(rounds::keep_time(state.clone()));
    server.spawn(rounds::keep_uses(state.clone()));
    let ours = server.block_on(served(router::app(state)))?;
    let renewals: Arc<[Renewal]> = renewals.into();
    let first = renewals.first().ok_or("nobody")?;
    let answer = clients.block_on(async { Wire::to(ours).await?.asks(&first.request).await })?;
    let grant: Value = serde_json::from_slice(&answer.body)?;
    let bare = Router::new().route("/api/v1/products/{product}/sessions/{id}/renew", {
        let grant = grant.clone();
        post(move || std::future::ready(Json(grant.clone())))
    });
    let bare = server.block_on(served(bare))?;
    let mut paced = clients.block_on(once_a_minute(ours, &renewals))?;
    paced.sort_unstable();
    let (mut most, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        beside.push(clients.block_on(at_most(bare, &renewals))?);
        most.push(clients.block_on(at_most(ours, &renewals))?);
    }
    let about = format!(
        "{MEMBERS} members with live sessions and a lease in each answer ({} bytes); paced: a new connection for each \
         renewal, timed from when it was due; at most: {CONNECTIONS} connections kept busy for {} seconds a round; the \
         callers share the machine",
        answer.body.len(),
        ROUND.as_secs()
    );
    let milliseconds = |of: usize| at(&paced, of).map(|took| took.as_secs_f64() * 1000.0);
    let said = json!({
        "paced": paced.len(), "p50": milliseconds(500), "p99": milliseconds(990), "longest": milliseconds(1000),
        "renewals": most, "bare": beside, "about": about,
    });
    println!("{said}");
    Ok(())
}

/// The value below which so many of a thousand lie.
fn at(sorted: &[Duration], thousandth: usize) -> Option<Duration> {
    let index = (sorted.len() * thousandth).div_ceil(1000).saturating_sub(1);
    sorted.get(index).copied()
}

/// Serves at a free port, as `serve` does.
async fn served(app: Router) -> Outcome<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let service = app.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    Ok(address)
}

/// Every member renews once in a minute, evenly spread, whatever became of the others; how long each took from when it was
/// due.
async fn once_a_minute(address: SocketAddr, renewals: &Arc<[Renewal]>) -> Outcome<Vec<Duration>> {
    let begin = Instant::now();
    let apart = MINUTE / u32::try_from(renewals.len())?;
    let mut members = Vec::new();
    for (number, due) in (0..renewals.len()).zip(0_u32..).map(|(number, count)| (number, begin + apart * count)) {
        let renewals = Arc::clone(renewals);
        tokio::time::sleep_until(due.into()).await;
        members.push(tokio::spawn(async move {
            let renewal = renewals.get(number).ok_or("no such member")?;
            let answer = Wire::to(address).await?.asks(&renewal.request).await?;
            answer.is_grant_of(&renewal.session)?;
            Outcome::Ok(due.elapsed())
        }));
    }
    let mut took = Vec::new();
    for member in members {
        took.push(member.await??);
    }
    Ok(took)
}

/// Renewals a second when every connection asks again as soon as it is answered.
async fn at_most(address: SocketAddr, renewals: &Arc<[Renewal]>) -> Outcome<f64> {
    let begin = Instant::now();
    let connection = |connection: usize| {
        let renewals = Arc::clone(renewals);
        tokio::spawn(async move {
            let mut wire = Wire::to(address).await?;
            let mut count = 0_u64;
            for renewal in renewals.iter().cycle().skip(connection * renewals.len() / CONNECTIONS) {
                if begin.elapsed() >= ROUND {
                    break;
                }
                let answer = wire.asks(&renewal.request).await?;
                if answer.status != 200 {
                    return Err(format!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body)).into());
                }
                count += 1;
            }
            Outcome::Ok(count)
        })
    };
    let mut count = 0;
    for connection in (0..CONNECTIONS).map(connection).collect::<Vec<_>>() {
        count += connection.await??;
    }
    Ok(count as f64 / begin.elapsed().as_secs_f64())
}
