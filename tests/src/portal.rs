//! A portal in this process: the real router on a real database, with a clock that the test turns.

#![expect(clippy::expect_used, reason = "a harness stops the test where something of its own goes wrong")]

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::middleware::{Next, from_fn};
use http_body_util::BodyExt as _;
use portal::actions::{licenses, returns};
use portal::auth::password::Passwords;
use portal::auth::setup_code::SetupCode;
use portal::auth::throttle::Throttle;
use portal::clock::Clock;
use portal::house::{BuiltIn, House};
use portal::router;
use portal::state::{AppState, Parts, Serving};
use store::{Extras, Files, NewMember, PasswordKind, StoredPassword};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use crate::files::{self, Order, THIRTY_SEATS, at};
use crate::people::{Answer, Person};

/// The password that everybody has who has one of their own.
pub const PASSWORD: &str = "four plain unrelated words";
/// The code that whoever starts a portal reads on the console.
pub const SETUP_CODE: &str = "k3v9-0tqz-8m2n-x4cd-7h1p-w6rs-5byj";
/// The instant at which every journey begins.
pub const MORNING: &str = "2026-12-01T09:00:00Z";

/// A portal. Copies are the same portal.
#[derive(Clone)]
pub struct Portal {
    /// The hands of the portal's clock.
    pub clock: Clock,
    /// What the handlers see.
    pub state: AppState,
    /// This portal's own public key.
    pub key: entitlement::PublicKey,
    router: Router,
    folder: Arc<Folder>,
}

/// The data folder, gone with the last copy of the portal.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left behind is swept with the folder of temporary files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn new_folder() -> Folder {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    Folder(std::env::temp_dir().join(format!("seatwarden-journey-{}-{number}", std::process::id())))
}

/// A stored password of [`PASSWORD`]; hashing takes a moment, so it is done once.
#[must_use]
pub fn own_password() -> StoredPassword {
    static HASH: LazyLock<String> = LazyLock::new(|| Passwords::hash_here(PASSWORD).expect("a hash"));
    StoredPassword::new(HASH.clone(), PasswordKind::Own)
}

impl Portal {
    /// A portal that has no license file yet.
    #[must_use]
    pub fn not_activated() -> Self {
        static ROOTS: LazyLock<String> = LazyLock::new(|| files::roots().to_jwk_set());
        let folder = new_folder();
        let clock = Clock::turned(at(MORNING));
        let built_in = BuiltIn { roots: ROOTS.as_bytes(), demo_trust: None };
        let house = House::make(&folder.0, &built_in, &clock).expect("a new portal");
        let key = house.key.public();
        let state = AppState::new(Parts {
            store: house.store,
            clock: clock.clone(),
            passwords: Passwords::start(NonZeroUsize::MIN).expect("a thread"),
            throttle: Throttle::default(),
            portal: house.portal,
            key: Arc::new(house.key),
            roots: house.roots,
            built_in_trust: None,
            setup: Some(SetupCode::of(SETUP_CODE)),
            serving: Serving { demo: false, behind_proxy: false },
        });
        Self { clock, router: router::app(state.clone()), state, key, folder: Arc::new(folder) }
    }

    /// A portal with 25 Viewer and 5 Creator seats, of which `ana`, the administrator, holds a Creator one (S29).
    pub async fn start() -> Self {
        Self::with(&files::order(1, THIRTY_SEATS)).await
    }

    /// A portal with these seats, of which `ana`, the administrator, holds a Creator one.
    pub async fn with(order: &Order) -> Self {
        let portal = Self::not_activated();
        portal.activate(order).await.expect("the first file is good");
        portal
    }

    /// Activates, as the command line does.
    ///
    /// # Errors
    /// What the activation refuses.
    pub async fn activate(&self, order: &Order) -> Result<(), store::StoreError> {
        let files = Files { entitlement: order.signed(), trust: Some(files::trust(1, |_| ())), catalog: None };
        let ana = NewMember {
            username: "ana".to_owned(),
            full_name: "Ana Kim".to_owned(),
            email: String::new(),
            password: own_password(),
            extras: Extras::default(),
        };
        let seat = "creator".parse().expect("a user type");
        self.state.store.write(move |tx| licenses::activate(tx, &files, Some(&seat), ana)).await.map(|_| ())
    }

    /// The administrator, signed in.
    pub async fn administrator(&self) -> Person {
        let mut ana = self.person("ana");
        ana.signs_in().await.expecting(200);
        ana
    }

    /// Somebody by name, not signed in.
    #[must_use]
    pub fn person(&self, username: &str) -> Person {
        Person::new(self.clone(), username)
    }

    /// One more minute passes: the portal carries out the returns whose time has come, and tells how many came about.
    ///
    /// # Panics
    /// When the store is broken.
    pub async fn minute_passes(&self) -> u32 {
        self.clock.advance(60);
        returns::carry_out(&self.state.store).await.expect("the returns are tried")
    }

    /// The folder of the data.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder.0
    }

    /// Serves on a socket of this machine for as long as the test's runtime goes on, and tells where.
    ///
    /// # Panics
    /// Without a free port.
    pub async fn serves(&self) -> SocketAddr {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let store = self.state.store.clone();
        let router = self.router.clone().layer(from_fn(move |request: Request<Body>, next: Next| {
            let store = store.clone();
            async move {
                let response = next.run(request).await;
                // As with [`Portal::sends`].
                store.write_uses().await.expect("the uses of sessions are put on record");
                response
            }
        }));
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async { axum::serve(listener, service).await });
        address
    }

    /// Sends a request, without a socket.
    pub async fn sends(&self, request: Request<Body>) -> Answer {
        let Ok(response) = self.router.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        // A portal that serves does so once a second; here no second passes between two requests unless the clock is turned.
        self.state.store.write_uses().await.expect("the uses of sessions are put on record");
        Answer { status: parts.status.as_u16(), headers: parts.headers, bytes }
    }
}
