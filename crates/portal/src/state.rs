//! What every handler can reach.

use std::sync::Arc;

use entitlement::{KeyId, Roots, SecretKey};
use store::{ReadTx, Store, StoreError, WriteTx};

use crate::auth::password::Passwords;
use crate::auth::setup_code::SetupCode;
use crate::auth::throttle::Throttle;
use crate::clock::Clock;

/// What a running portal is made of. Copies share the same parts.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

/// The parts of a running portal.
pub struct Parts {
    /// The data.
    pub store: Store,
    /// The one clock.
    pub clock: Clock,
    /// The pool that hashes and checks passwords.
    pub passwords: Passwords,
    /// The brake on failed sign-ins.
    pub throttle: Throttle,
    /// This portal's id: the thumbprint of its key.
    pub portal: KeyId,
    /// This portal's key, which signs leases.
    pub key: Arc<SecretKey>,
    /// The vendor roots that were compiled in.
    pub roots: Roots,
    /// The trust list that was compiled in beside a demonstration root.
    pub built_in_trust: Option<Vec<u8>>,
    /// The code that activates it in the browser, where it was told to somebody.
    pub setup: Option<SetupCode>,
    /// How it is served.
    pub serving: Serving,
}

/// How a portal is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Serving {
    /// Whether this is a demonstration: a permanent banner says so.
    pub demo: bool,
    /// Whether a proxy with TLS stands in front; cookies are then marked Secure.
    pub behind_proxy: bool,
}

/// The most members whom a decision in a shared transaction is about.
const MOST_IN_A_GROUP: usize = 64;

impl AppState {
    /// Looks at the data on a thread of its own: for lists and exports, which would hold up the other requests.
    ///
    /// # Errors
    /// What the closure answers; `internal` when the thread is lost.
    pub async fn read_long<F, R>(&self, look: F) -> Result<R, StoreError>
    where
        F: for<'tx> FnOnce(&ReadTx<'tx>) -> Result<R, StoreError> + Send + 'static,
        R: Send + 'static,
    {
        let store = self.store.clone();
        tokio::task::spawn_blocking(move || store.read(look)).await.map_err(StoreError::internal)?
    }

    /// Puts the uses that wait on record, before a look at who used what and when. Where they cannot be written they are
    /// told to the log, and the look is at what is on record: nobody is kept from looking by a full disk.
    pub async fn settle_uses(&self) {
        if let Err(error) = self.store.write_uses().await {
            tracing::warn!(target: "portal::sessions", %error, "uses of sessions could not be put on record; they wait");
        }
    }

    /// As [`Self::read_long`], for who used what and when: uses that wait are put on record first.
    ///
    /// # Errors
    /// As [`Self::read_long`].
    pub async fn read_uses<F, R>(&self, look: F) -> Result<R, StoreError>
    where
        F: for<'tx> FnOnce(&ReadTx<'tx>) -> Result<R, StoreError> + Send + 'static,
        R: Send + 'static,
    {
        self.settle_uses().await;
        self.read_long(look).await
    }

    /// Writes a decision about so many members: a large one has a transaction of its own.
    ///
    /// # Errors
    /// What the closure answers.
    pub async fn write_about<F, R>(&self, members: usize, decision: F) -> Result<R, StoreError>
    where
        F: for<'tx> FnOnce(&WriteTx<'tx>) -> Result<R, StoreError> + Send + 'static,
        R: Send + 'static,
    {
        if members > MOST_IN_A_GROUP {
            self.store.write_alone(decision).await
        } else {
            self.store.write(decision).await
        }
    }

    /// A portal of these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl std::ops::Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
