//! What a portal that serves does by itself, again and again.

use std::path::PathBuf;
use std::time::Duration;

use crate::actions::returns;
use crate::house;
use crate::state::AppState;

/// Uses are on record within five seconds, also where the disk takes its time.
const BETWEEN_WRITES: Duration = Duration::from_secs(3);

/// Every three seconds: puts the uses of product sessions on record.
pub async fn keep_uses(state: AppState) {
    let mut round = tokio::time::interval(BETWEEN_WRITES);
    loop {
        round.tick().await;
        state.settle_uses().await;
    }
}

/// Once a minute: notes beside the database how far it is.
pub async fn keep_mark(state: AppState, dir: PathBuf) {
    let mut minute = tokio::time::interval(Duration::from_secs(60));
    loop {
        minute.tick().await;
        if let Err(error) = house::mark(&dir, &state.store) {
            tracing::warn!(target: "portal::house", %error, "how far the data is could not be noted");
        }
    }
}

/// Once a minute: puts the newest instant on record, so that a clock that is set back while nothing else is written still
/// lengthens no term; and carries out the returns whose time has come.
pub async fn keep_time(state: AppState) {
    let mut minute = tokio::time::interval(Duration::from_secs(60));
    loop {
        minute.tick().await;
        if let Err(error) = state.store.keep_time().await {
            tracing::warn!(target: "portal::time", %error, "the time could not be put on record");
        }
        match returns::carry_out(&state.store).await {
            Ok(0) => {}
            Ok(returned) => tracing::info!(target: "portal::returns", returned, "planned returns came about"),
            Err(error) => tracing::warn!(target: "portal::returns", %error, "planned returns could not be tried"),
        }
    }
}
