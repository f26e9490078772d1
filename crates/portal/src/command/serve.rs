//! `serve`.

use std::io;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use errors::{Code, Failure};
use tokio::net::TcpListener;
use tracing::Level;
use zeroize::Zeroizing;

use super::{Answer, Desk};
use crate::auth::password::Passwords;
use crate::auth::setup_code::SetupCode;
use crate::auth::throttle::Throttle;
use crate::cli::{LogFormat, Serve};
use crate::house::{self, House};
use crate::state::{AppState, Parts, Serving};
use crate::{logging, output, rounds, router};

pub(super) fn serve(desk: &Desk, how: &Serve) -> Result<Answer, Failure> {
    desk.built_in.agree(how.demo)?;
    address_allowed(how)?;
    let house = House::make(&how.data.dir, &desk.built_in, &desk.clock)?;
    // Held until this function ends: one `serve` on one data folder.
    let _lock = house.lock()?;
    let format = match how.log {
        LogFormat::Json => logging::Format::Json,
        LogFormat::Text => logging::Format::Text,
    };
    logging::start(format, Level::INFO)?;
    if house.settle()? {
        tracing::warn!(target: "portal::house", "the data ran elsewhere before: another epoch begins, and the vendor sees it");
    }
    let (setup, told) = setup_code(&house)?;
    let state = AppState::new(Parts {
        setup,
        passwords: Passwords::start(std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))?,
        throttle: Throttle::default(),
        clock: desk.clock.clone(),
        portal: house.portal,
        key: Arc::new(house.key),
        roots: house.roots,
        built_in_trust: desk.built_in.demo_trust.map(<[u8]>::to_vec),
        serving: Serving { demo: how.demo, behind_proxy: how.behind_proxy },
        store: house.store,
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Code::Internal, format!("The server cannot be started: {error}.")))?;
    runtime.block_on(listen(state, how, told))?;
    Ok(Answer::new("", serde_json::Value::Null))
}

/// Where nobody can sign in yet, a code by which whoever reads this console can activate the portal in a browser.
fn setup_code(house: &House) -> Result<(Option<SetupCode>, Option<Zeroizing<String>>), Failure> {
    if house.store.read(|tx| Ok(tx.license()?.is_activated()))? {
        return Ok((None, None));
    }
    let (kept, told) = SetupCode::generate()?;
    Ok((Some(kept), Some(told)))
}

/// Plain HTTP stays on this machine, unless a proxy with TLS stands in front; a demonstration stays here always.
fn address_allowed(how: &Serve) -> Result<(), Failure> {
    let address = how.listen;
    if address.ip().is_loopback() || (how.behind_proxy && !how.demo) {
        return Ok(());
    }
    let detail = if how.demo {
        format!("A demonstration listens on this machine only, and {address} is not of it.")
    } else {
        format!(
            "{address} is not an address of this machine alone; behind a proxy with TLS, --behind-proxy allows that."
        )
    };
    Err(Failure::new(Code::NotLoopback, detail))
}

fn not_bound(address: SocketAddr, error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::AddrInUse {
        return Failure::new(Code::PortInUse, format!("Another program listens at {address}."));
    }
    Failure::new(Code::AddressUnusable, format!("{address} cannot be listened at: {error}."))
}

/// How long connections are waited for after somebody asked to stop.
const LONGEST_FAREWELL: Duration = Duration::from_secs(10);

async fn listen(state: AppState, how: &Serve, setup: Option<Zeroizing<String>>) -> Result<(), Failure> {
    let address = how.listen;
    let listener = TcpListener::bind(address).await.map_err(|error| not_bound(address, &error))?;
    let bound = listener.local_addr().unwrap_or(address);
    if let Some(code) = setup {
        output::say(&format!(
            "This portal is not activated yet. To do that in a browser, open http://{bound}/setup and type this setup code:\n\
             {}\nIt holds until the portal is activated or this program ends.",
            code.as_str()
        ));
    }
    output::answer(crate::cli::Format::Table, &format!("Listening on http://{bound}"), &serde_json::Value::Null, &[]);
    tokio::spawn(rounds::keep_time(state.clone()));
    tokio::spawn(rounds::keep_uses(state.clone()));
    tokio::spawn(rounds::keep_mark(state.clone(), how.data.dir.clone()));
    let store = state.store.clone();
    let service = router::app(state).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(asked_to_stop());
    let too_long = async {
        asked_to_stop().await;
        tokio::time::sleep(LONGEST_FAREWELL).await;
    };
    let ended = tokio::select! {
        served = serving => served.map_err(|error| Failure::new(Code::Internal, format!("The server stopped: {error}."))),
        // Whatever was answered is durable; who has not sent the rest by now is not waited for.
        () = too_long => Ok(()),
    };
    store.write_uses().await?;
    if let Err(error) = house::mark(&how.data.dir, &store) {
        tracing::warn!(target: "portal::house", %error, "how far the data is could not be noted");
    }
    ended
}

/// Ends at Ctrl-C or SIGTERM: what was begun is answered, nothing new is taken.
async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use errors::Code;

    use super::not_bound;

    #[test]
    fn only_an_address_in_use_is_called_so() {
        let code = |kind: ErrorKind| not_bound(([127, 0, 0, 1], 80).into(), &kind.into()).code;
        assert_eq!(code(ErrorKind::AddrInUse), Code::PortInUse);
        assert_eq!(code(ErrorKind::PermissionDenied), Code::AddressUnusable);
        assert_eq!(code(ErrorKind::AddrNotAvailable), Code::AddressUnusable);
    }
}
