//! The handle that the programs hold: opening, reading, writing.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use catalog::Catalog;
use entitlement::{KeyId, Roots};
use errors::Failure;
use tokio::sync::{mpsc, oneshot};

use crate::StoreError;
use crate::backend::{Db, Mode, must_be_there};
use crate::clock_guard::{Clock, ClockGuard};
use crate::folder;
use crate::foundation::{self, found, look};
use crate::license::LicenseCache;
use crate::migrate::{self, Progress};
use crate::policy::PolicyCache;
use crate::tx::{Ground, ReadTx, WriteTx};
use crate::uses::Uses;
use crate::writer::{Job, Manner, QUEUE, Task, Writer};

/// The database in a portal's folder.
pub const FILE: &str = "portal.db";

/// Connections kept for readers that come; more are opened when more read at once, and closed after.
const IDLE_READERS: usize = 16;

/// What a program brings when it opens the data.
#[derive(Clone)]
pub struct Opening {
    /// Where the time comes from.
    pub clock: Clock,
    /// The roots that are compiled in.
    pub roots: Roots,
    /// A trust list that is compiled in: the demonstration's.
    pub built_in_trust: Option<Vec<u8>>,
    /// The portal's own key, once it has one: files bound to another are refused.
    pub portal: Option<KeyId>,
}

/// What the writer and the readers of one store share.
pub(crate) struct Shared {
    pub(crate) clock: ClockGuard,
    pub(crate) roots: Roots,
    /// Whether the roots are those of the demonstration.
    pub(crate) is_demo: bool,
    pub(crate) portal: Option<KeyId>,
    pub(crate) built_in: Arc<Catalog>,
    pub(crate) license: LicenseCache,
    pub(crate) policy: PolicyCache,
    pub(crate) uses: Uses,
}

impl Shared {
    pub(crate) fn of(opening: &Opening) -> Result<Self, StoreError> {
        Ok(Self {
            clock: ClockGuard::new(Arc::clone(&opening.clock)),
            roots: opening.roots.clone(),
            is_demo: opening.built_in_trust.is_some(),
            portal: opening.portal.clone(),
            built_in: Arc::new(Catalog::parse(Catalog::arcgis_bytes()).map_err(Failure::from)?),
            license: LicenseCache::default(),
            policy: PolicyCache::default(),
            uses: Uses::default(),
        })
    }
}

/// The data of one portal. Cloning gives another handle to the same.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    file: PathBuf,
    shared: Arc<Shared>,
    readers: Mutex<Vec<Db>>,
    queue: Option<mpsc::Sender<Box<dyn Job>>>,
    writer: Option<JoinHandle<()>>,
}

impl Store {
    /// Opens the data in the folder, or makes both.
    ///
    /// # Errors
    /// `database-newer` and `data-foreign` leave what is there untouched; else what the disk and the database say.
    pub fn create_or_open(folder: &Path, opening: Opening) -> Result<Self, StoreError> {
        let file = folder::prepare(folder, FILE)?;
        Self::start(file, opening, Mode::Create)
    }

    /// Opens the data that is in the folder.
    ///
    /// # Errors
    /// `no-portal-here`; otherwise as [`Store::create_or_open`].
    pub fn open(folder: &Path, opening: Opening) -> Result<Self, StoreError> {
        let file = folder.join(FILE);
        must_be_there(&file)?;
        Self::start(file, opening, Mode::Existing)
    }

    fn start(file: PathBuf, opening: Opening, mode: Mode) -> Result<Self, StoreError> {
        let shared = Arc::new(Shared::of(&opening)?);
        let built_in_trust = opening.built_in_trust;
        look(&file, &shared, mode)?;
        let db = Db::open(&file, mode)?;
        if migrate::progress(&db)? != Progress::Current {
            migrate::run(&db, shared.clock.wall())?;
        }
        found(&db, &shared, mode)?;
        foundation::keep_roots(&db, &shared)?;
        let (queue, waiting) = mpsc::channel(QUEUE);
        let writer = Writer { db, shared: Arc::clone(&shared), queue: waiting, held: None };
        let writer = std::thread::Builder::new().name("store-writer".to_owned()).spawn(|| writer.run());
        let writer = Some(writer.map_err(StoreError::internal)?);
        let inner = Inner { file, shared, readers: Mutex::default(), queue: Some(queue), writer };
        let store = Self { inner: Arc::new(inner) };
        if let Some(bytes) = built_in_trust {
            store.submit(move |tx| tx.install_built_in_trust(&bytes), Manner::Grouped)?;
        }
        Ok(store)
    }

    /// Runs one decision and answers when what it wrote is on the disk.
    ///
    /// The closure reads its facts, asks the rule, spends the permit and writes, in one transaction that it may share with
    /// others; an error or a panic takes its own writes back. It must be short, and must not use the store itself.
    ///
    /// # Errors
    /// What the closure answers; or why it could not be made durable, and then nothing was written.
    pub async fn write<F, R>(&self, decision: F) -> Result<R, StoreError>
    where
        F: for<'tx> FnOnce(&WriteTx<'tx>) -> Result<R, StoreError> + Send + 'static,
        R: Send + 'static,
    {
        self.send(decision, Manner::Grouped).await
    }

    /// As [`Store::write`], in a transaction of its own: for a decision that touches more than 64 members.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write_alone<F, R>(&self, decision: F) -> Result<R, StoreError>
    where
        F: for<'tx> FnOnce(&WriteTx<'tx>) -> Result<R, StoreError> + Send + 'static,
        R: Send + 'static,
    {
        self.send(decision, Manner::Alone).await
    }

    /// As [`Store::write`], for the command line and other threads that may wait. It must not be called from an
    /// asynchronous task.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn write_now<F, R>(&self, decision: F) -> Result<R, StoreError>
    where
        F: for<'tx> FnOnce(&WriteTx<'tx>) -> Result<R, StoreError> + Send + 'static,
        R: Send + 'static,
    {
        self.submit(decision, Manner::Grouped)
    }

    /// As [`Store::write_alone`], waiting like [`Store::write_now`].
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn write_alone_now<F, R>(&self, decision: F) -> Result<R, StoreError>
    where
        F: for<'tx> FnOnce(&WriteTx<'tx>) -> Result<R, StoreError> + Send + 'static,
        R: Send + 'static,
    {
        self.submit(decision, Manner::Alone)
    }

    /// Runs a decision and takes back whatever it wrote: what it answers is what would come of it, exactly.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn rehearse<F, R>(&self, decision: F) -> Result<R, StoreError>
    where
        F: for<'tx> FnOnce(&WriteTx<'tx>) -> Result<R, StoreError> + Send + 'static,
        R: Send + 'static,
    {
        self.send(decision, Manner::Rehearsal).await
    }

    /// As [`Store::rehearse`], waiting like [`Store::write_now`].
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn rehearse_now<F, R>(&self, decision: F) -> Result<R, StoreError>
    where
        F: for<'tx> FnOnce(&WriteTx<'tx>) -> Result<R, StoreError> + Send + 'static,
        R: Send + 'static,
    {
        self.submit(decision, Manner::Rehearsal)
    }

    /// Puts the time on record. To be called about once a minute by a portal that nobody writes to, so that a clock set
    /// back while it is stopped finds the newest instant there.
    ///
    /// # Errors
    /// What the database says.
    pub async fn keep_time(&self) -> Result<(), StoreError> {
        self.write(|tx| tx.keep_usage()).await
    }

    /// Reads one state of the data, on the caller's own thread. A read takes microseconds and waits for no writer; what
    /// takes longer (lists, exports) belongs on a thread of its own.
    ///
    /// # Errors
    /// What the closure answers, or what the database says.
    pub fn read<F, R>(&self, look: F) -> Result<R, StoreError>
    where
        F: for<'tx> FnOnce(&ReadTx<'tx>) -> Result<R, StoreError>,
    {
        let idle = self.readers().pop();
        let db = idle.map_or_else(|| Db::open(&self.inner.file, Mode::Existing), Ok)?;
        let outcome = {
            let ground = Ground::begin_read(&db, &self.inner.shared)?;
            look(&ReadTx::on(&ground))
        };
        db.commit()?;
        let mut readers = self.readers();
        if readers.len() < IDLE_READERS {
            readers.push(db);
        }
        outcome
    }

    pub(crate) fn file(&self) -> &Path {
        &self.inner.file
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.inner.shared
    }

    fn readers(&self) -> std::sync::MutexGuard<'_, Vec<Db>> {
        self.inner.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn send<F, R>(&self, decision: F, manner: Manner) -> Result<R, StoreError>
    where
        F: for<'tx> FnOnce(&WriteTx<'tx>) -> Result<R, StoreError> + Send + 'static,
        R: Send + 'static,
    {
        let (task, answer) = Task::new(decision, manner, self.inner.shared.clock.run());
        self.queue()?.send(task).await.map_err(|_| stopped())?;
        answer.await.unwrap_or_else(|_| Err(stopped()))
    }

    fn submit<F, R>(&self, decision: F, manner: Manner) -> Result<R, StoreError>
    where
        F: for<'tx> FnOnce(&WriteTx<'tx>) -> Result<R, StoreError> + Send + 'static,
        R: Send + 'static,
    {
        let (task, answer): (_, oneshot::Receiver<_>) = Task::new(decision, manner, self.inner.shared.clock.run());
        self.queue()?.blocking_send(task).map_err(|_| stopped())?;
        answer.blocking_recv().unwrap_or_else(|_| Err(stopped()))
    }

    fn queue(&self) -> Result<&mpsc::Sender<Box<dyn Job>>, StoreError> {
        self.inner.queue.as_ref().ok_or_else(stopped)
    }
}

/// Ends the writer after what waits, so that the data is closed when the last handle is gone.
impl Drop for Inner {
    fn drop(&mut self) {
        drop(self.queue.take());
        let Some(writer) = self.writer.take() else {
            return;
        };
        // A decision may have held the last handle; the thread does not wait for itself.
        if writer.thread().id() != std::thread::current().id() {
            // A writer that panicked has answered nobody; there is nothing left to tell.
            let _ = writer.join();
        }
    }
}

fn stopped() -> StoreError {
    StoreError::internal("the writer has stopped")
}
