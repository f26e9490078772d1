//! The one writer: a thread that groups waiting decisions into one durable commit.
//!
//! A commit costs one wait for the disk, whatever is in it. So the writer takes the decisions that wait, runs each in a
//! savepoint of its own, commits once, and only then answers. A decision that is refused, fails or panics is taken back
//! alone. If the commit fails, every decision of the group is answered with that failure: what they were told of each
//! other never became true.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use errors::{Code, Failure};
use tokio::sync::{mpsc, oneshot};

use crate::StoreError;
use crate::backend::Db;
use crate::store::Shared;
use crate::tx::{Ground, WriteTx};

/// Decisions in one commit at most: the wait of the first stays short.
const GROUP: usize = 256;

/// Decisions that may wait; more wait outside, so that memory stays bounded.
pub(crate) const QUEUE: usize = 1024;

/// How long a decision waits for those before it, in seconds. Who has waited longer is told so, and nothing was done.
const LONGEST_WAIT: u64 = 5;

/// How a decision is to be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// In one transaction with others.
    Grouped,
    /// In a transaction of its own, because it is long.
    Alone,
    /// Alone as well, and taken back whatever it answers.
    Rehearsal,
}

/// A decision that waits, whatever it answers.
pub(crate) trait Job: Send {
    /// How it is to be run.
    fn manner(&self) -> Manner;
    /// Since when it waits, in seconds of the process.
    fn waits_since(&self) -> u64;
    /// Runs it. Answers whether to keep what it wrote.
    fn decide(&mut self, tx: &WriteTx<'_>) -> bool;
    /// What broke in it, if something did.
    fn breakage(&self) -> Option<StoreError>;
    /// Replaces its answer.
    fn fail(&mut self, error: StoreError);
    /// Tells the caller.
    fn answer(self: Box<Self>);
}

/// A closure with the caller that waits for it.
pub(crate) struct Task<F, R> {
    closure: Option<F>,
    manner: Manner,
    waits_since: u64,
    outcome: Option<Result<R, StoreError>>,
    caller: oneshot::Sender<Result<R, StoreError>>,
}

impl<F, R> Task<F, R>
where
    F: for<'tx> FnOnce(&WriteTx<'tx>) -> Result<R, StoreError> + Send + 'static,
    R: Send + 'static,
{
    pub(crate) fn new(
        closure: F,
        manner: Manner,
        waits_since: u64,
    ) -> (Box<Self>, oneshot::Receiver<Result<R, StoreError>>) {
        let (caller, answer) = oneshot::channel();
        (Box::new(Self { closure: Some(closure), manner, waits_since, outcome: None, caller }), answer)
    }
}

impl<F, R> Job for Task<F, R>
where
    F: for<'tx> FnOnce(&WriteTx<'tx>) -> Result<R, StoreError> + Send + 'static,
    R: Send + 'static,
{
    fn manner(&self) -> Manner {
        self.manner
    }

    fn waits_since(&self) -> u64 {
        self.waits_since
    }

    fn decide(&mut self, tx: &WriteTx<'_>) -> bool {
        let Some(closure) = self.closure.take() else {
            return false;
        };
        // What the closure holds is dropped with it, and what it wrote is rolled back: nothing half-done is seen again.
        let mut outcome = catch_unwind(AssertUnwindSafe(|| closure(tx))).unwrap_or_else(|panic| {
            Err(StoreError::internal(format!("a decision panicked: {}", words(panic.as_ref()))))
        });
        if outcome.is_ok() && tx.is_spoiled() {
            outcome = Err(StoreError::internal("a write broke off in the middle and its error was not passed on"));
        }
        let keep = outcome.is_ok() && self.manner != Manner::Rehearsal;
        self.outcome = Some(outcome);
        keep
    }

    fn breakage(&self) -> Option<StoreError> {
        self.outcome.as_ref()?.as_ref().err().filter(|error| error.cause().is_some()).cloned()
    }

    fn fail(&mut self, error: StoreError) {
        self.outcome = Some(Err(error));
    }

    fn answer(self: Box<Self>) {
        // A caller that has gone away needs no answer; what was written stays.
        if let Some(outcome) = self.outcome {
            let _ = self.caller.send(outcome);
        }
    }
}

/// Somebody has waited too long behind a large change.
fn too_long() -> StoreError {
    let detail = "A large change was being written, and this waited too long for it. Nothing was done.";
    Failure::new(Code::Busy, detail).into()
}

/// What a panic said.
fn words(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no words")
}

/// The writer's state: its connection, the queue, and a decision taken from the queue that has to wait for its turn.
pub(crate) struct Writer {
    pub(crate) db: Db,
    pub(crate) shared: Arc<Shared>,
    pub(crate) queue: mpsc::Receiver<Box<dyn Job>>,
    pub(crate) held: Option<Box<dyn Job>>,
}

impl Writer {
    /// Works until every handle of the store is gone and the queue is empty.
    pub(crate) fn run(mut self) {
        while let Some(mut first) = self.held.take().or_else(|| self.queue.blocking_recv()) {
            if self.shared.clock.run().saturating_sub(first.waits_since()) > LONGEST_WAIT {
                first.fail(too_long());
                first.answer();
                continue;
            }
            let mut group = Vec::with_capacity(GROUP);
            let outcome = self.decide_group(first, &mut group);
            for mut job in group {
                if let Err(error) = &outcome {
                    job.fail(error.clone());
                }
                job.answer();
            }
        }
    }

    /// Runs the first decision and those that wait behind it, and commits.
    fn decide_group(&mut self, first: Box<dyn Job>, group: &mut Vec<Box<dyn Job>>) -> Result<(), StoreError> {
        let ground = match Ground::begin_write(&self.db, &self.shared) {
            Ok(ground) => ground,
            Err(error) => {
                // Who waits behind has waited as long for the same lock.
                group.push(first);
                group.extend(std::iter::from_fn(|| self.queue.try_recv().ok()));
                return Err(error);
            }
        };
        let mut next = Some(first);
        while let Some(mut job) = next.take() {
            let is_alone = job.manner() != Manner::Grouped;
            let outcome = decide_one(&ground, job.as_mut());
            group.push(job);
            if let Err(error) = outcome {
                ground.db.rollback();
                return Err(error);
            }
            if is_alone || group.len() >= GROUP {
                break;
            }
            next = self.queue.try_recv().ok();
            if next.as_ref().is_some_and(|job| job.manner() != Manner::Grouped) {
                self.held = next.take();
            }
        }
        ground.commit()
    }
}

/// Runs one decision in its savepoint. An error is the end of the whole transaction.
fn decide_one(ground: &Ground<'_>, job: &mut dyn Job) -> Result<(), StoreError> {
    ground.db.savepoint()?;
    let before = ground.books.borrow().clone();
    let keep = job.decide(&WriteTx::on(ground));
    if !ground.db.is_in_transaction() {
        // A full disk takes the whole transaction back, and so the whole group.
        let ended = || StoreError::internal("the database ended the transaction by itself");
        return Err(job.breakage().unwrap_or_else(ended));
    }
    if keep {
        return ground.db.release();
    }
    *ground.books.borrow_mut() = before;
    ground.db.rollback_to_savepoint()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use catalog::Catalog;
    use entitlement::{KeyId, Moment, Roots, SecretKey};
    use errors::Code;
    use rules::Actor;
    use serde_json::json;
    use tokio::sync::{mpsc, oneshot};

    use super::{Manner, QUEUE, Task, Writer};
    use crate::StoreError;
    use crate::backend::{Db, Mode};
    use crate::clock_guard::{ClockGuard, Wall};
    use crate::foundation::found;
    use crate::store::Shared;
    use crate::tx::WriteTx;

    type Answer = oneshot::Receiver<Result<u64, StoreError>>;

    /// A writer that runs when the test says so, in a folder of its own.
    struct Bench {
        folder: PathBuf,
        writer: Writer,
        queue: mpsc::Sender<Box<dyn super::Job>>,
        /// Seconds since the start, turned by the test.
        elapsed: Arc<AtomicU64>,
    }

    impl Bench {
        fn new() -> Result<Self, Box<dyn std::error::Error>> {
            let folder = std::env::temp_dir().join(format!("store-writer-{}", crate::ids::reference()));
            std::fs::create_dir_all(&folder)?;
            let db = Db::open(&folder.join("portal.db"), Mode::Create)?;
            let start = Moment::parse("2026-12-15T12:00:00Z")?;
            crate::migrate::run(&db, start)?;
            let elapsed = Arc::new(AtomicU64::new(0));
            let turned = Arc::clone(&elapsed);
            let shared = Arc::new(Shared {
                clock: ClockGuard::new(Arc::new(move || {
                    let elapsed = turned.load(Ordering::Relaxed);
                    Wall { wall: start.plus_seconds(i64::try_from(elapsed).unwrap_or(i64::MAX)), elapsed }
                })),
                roots: Roots::new(vec![SecretKey::from_seed(KeyId::parse("root")?, &[1; 32]).public()])?,
                portal: None,
                built_in: Arc::new(Catalog::parse(Catalog::arcgis_bytes())?),
                license: Default::default(),
                policy: Default::default(),
                uses: Default::default(),
            });
            found(&db, &shared, Mode::Create)?;
            let (queue, waiting) = mpsc::channel(QUEUE);
            Ok(Self { folder, writer: Writer { db, shared, queue: waiting, held: None }, queue, elapsed })
        }

        fn send(
            &self,
            decision: impl for<'tx> FnOnce(&WriteTx<'tx>) -> Result<u64, StoreError> + Send + 'static,
        ) -> Answer {
            let (task, answer) = Task::new(decision, Manner::Grouped, 0);
            assert!(self.queue.try_send(task).is_ok());
            answer
        }

        /// A write of so many bytes, which answers the version that it made.
        fn note(&self, bytes: usize) -> Answer {
            self.send(move |tx| {
                tx.note(&Actor::console(), "test", &json!({ "text": "x".repeat(bytes) }))?;
                Ok(tx.version())
            })
        }

        /// Runs what waits, until nothing does.
        fn run(self) -> (PathBuf, Result<Db, StoreError>) {
            let Self { folder, writer, queue, .. } = self;
            drop(queue);
            writer.run();
            let db = Db::open(&folder.join("portal.db"), Mode::Existing);
            (folder, db)
        }
    }

    fn versions(db: &Db) -> Result<(u64, u64), StoreError> {
        let books = crate::books::Books::open(db, crate::books::Access::Read)?;
        let rows = db.one(crate::sql::AUDIT_COUNT, &[], |row| row.count(0))?.unwrap_or_default();
        Ok((books.organization.version, rows))
    }

    #[test]
    fn a_full_disk_is_told_to_everybody_in_the_group_and_the_next_one_goes_on() {
        let bench = Bench::new().unwrap();
        bench.writer.db.limit_pages(16).unwrap();
        let mut group = [bench.note(10), bench.note(1_000_000), bench.note(10)];
        let (folder, db) = bench.run();
        let [before, large, after] = group.each_mut().map(|answer| answer.try_recv().unwrap());
        assert_eq!(before.unwrap_err().into_failure().code, Code::DiskFull);
        assert_eq!(large.unwrap_err().into_failure().code, Code::DiskFull);
        // SQLite has taken the whole transaction back; this one came after that, in a new one.
        assert_eq!(after.unwrap(), 1);
        assert_eq!(versions(&db.unwrap()).unwrap(), (1, 1));
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn who_has_waited_five_seconds_is_served_and_who_has_waited_longer_is_told_so_and_nothing_is_done() {
        for (seconds, served) in [(0, true), (4, true), (5, true), (6, false), (60, false)] {
            let bench = Bench::new().unwrap();
            let mut waiting = [bench.note(10), bench.note(10)];
            bench.elapsed.store(seconds, Ordering::Relaxed);
            let (task, mut fresh) = Task::new(|tx: &WriteTx<'_>| Ok(tx.version()), Manner::Alone, seconds);
            assert!(bench.queue.try_send(task).is_ok());
            let (folder, db) = bench.run();
            let told = waiting.each_mut().map(|answer| answer.try_recv().unwrap().map_err(StoreError::into_failure));
            let done = if served { 2 } else { 0 };
            if served {
                assert_eq!(told, [Ok(1), Ok(2)], "{seconds} seconds");
            } else {
                let detail = "A large change was being written, and this waited too long for it. Nothing was done.";
                let busy = errors::Failure::new(Code::Busy, detail);
                assert_eq!(told, [Err(busy.clone()), Err(busy)], "{seconds} seconds");
            }
            // Whoever comes then is served.
            assert_eq!(fresh.try_recv().unwrap().unwrap(), done, "{seconds} seconds");
            assert_eq!(versions(&db.unwrap()).unwrap(), (done, done), "{seconds} seconds");
            std::fs::remove_dir_all(folder).unwrap();
        }
    }

    #[test]
    fn who_waits_behind_a_large_change_too_long_is_told_so() {
        let bench = Bench::new().unwrap();
        let elapsed = Arc::clone(&bench.elapsed);
        let (large, mut changed) = Task::new(
            move |tx: &WriteTx<'_>| {
                elapsed.store(6, Ordering::Relaxed);
                Ok(tx.version())
            },
            Manner::Alone,
            0,
        );
        assert!(bench.queue.try_send(large).is_ok());
        let mut behind = bench.note(10);
        let (folder, db) = bench.run();
        assert_eq!(changed.try_recv().unwrap().unwrap(), 0);
        assert_eq!(behind.try_recv().unwrap().unwrap_err().into_failure().code, Code::Busy);
        assert_eq!(versions(&db.unwrap()).unwrap(), (0, 0));
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_commit_that_fails_is_told_to_everybody_in_the_group_and_the_next_group_goes_on() {
        let bench = Bench::new().unwrap();
        let mut first = bench.note(10);
        // A broken reference that the database may look at only when it commits.
        let mut culprit = bench.send(|tx| {
            tx.db().run_script(
                "PRAGMA defer_foreign_keys = ON; \
                 INSERT INTO tokens (hash, member, created_at, expires_at) VALUES ('h', 'nobody', 0, 1)",
            )?;
            Ok(0)
        });
        let mut refused = bench.send(|_| Err(errors::Failure::plain(Code::Stale).into()));
        let (task, mut next) = Task::new(|tx: &WriteTx<'_>| Ok(tx.version()), Manner::Alone, 0);
        assert!(bench.queue.try_send(task).is_ok());
        let (folder, db) = bench.run();
        let told = [&mut first, &mut culprit, &mut refused].map(|answer| answer.try_recv().unwrap().unwrap_err());
        let causes = told.map(|error| error.cause().unwrap().cause.clone());
        assert_eq!(causes, ["FOREIGN KEY constraint failed"; 3]);
        assert_eq!(next.try_recv().unwrap().unwrap(), 0);
        assert_eq!(versions(&db.unwrap()).unwrap(), (0, 0));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
