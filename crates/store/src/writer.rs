//! The one writer: a thread that groups waiting decisions into one durable commit.
//!
//! A commit costs one wait for the disk, whatever is in it. So the writer takes the decisions that wait, runs each in a
//! savepoint of its own, commits once, and only then answers. A decision that is refused, fails or panics is taken back
//! alone. If the commit fails, every decision of the group is answered with that failure: what they were told of each
//! other never became true.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::StoreError;
use crate::backend::Db;
use crate::store::Shared;
use crate::tx::{Ground, WriteTx};

/// Decisions in one commit at most: the wait of the first stays short.
const GROUP: usize = 256;

/// Decisions that may wait; more wait outside, so that memory stays bounded.
pub(crate) const QUEUE: usize = 1024;

/// A decision that waits, whatever it answers.
pub(crate) trait Job: Send {
    /// Whether it must have a transaction of its own, because it is long.
    fn is_alone(&self) -> bool;
    /// Runs it. Answers whether to keep what it wrote.
    fn decide(&mut self, tx: &WriteTx<'_>) -> bool;
    /// Replaces its answer.
    fn fail(&mut self, error: StoreError);
    /// Tells the caller.
    fn answer(self: Box<Self>);
}

/// A closure with the caller that waits for it.
pub(crate) struct Task<F, R> {
    closure: Option<F>,
    is_alone: bool,
    outcome: Result<R, StoreError>,
    caller: oneshot::Sender<Result<R, StoreError>>,
}

impl<F, R> Task<F, R>
where
    F: for<'tx> FnOnce(&WriteTx<'tx>) -> Result<R, StoreError> + Send + 'static,
    R: Send + 'static,
{
    pub(crate) fn new(closure: F, is_alone: bool) -> (Box<Self>, oneshot::Receiver<Result<R, StoreError>>) {
        let (caller, answer) = oneshot::channel();
        let outcome = Err(StoreError::internal("the decision was never run"));
        (Box::new(Self { closure: Some(closure), is_alone, outcome, caller }), answer)
    }
}

impl<F, R> Job for Task<F, R>
where
    F: for<'tx> FnOnce(&WriteTx<'tx>) -> Result<R, StoreError> + Send + 'static,
    R: Send + 'static,
{
    fn is_alone(&self) -> bool {
        self.is_alone
    }

    fn decide(&mut self, tx: &WriteTx<'_>) -> bool {
        let Some(closure) = self.closure.take() else {
            return false;
        };
        // What the closure holds is dropped with it, and what it wrote is rolled back: nothing half-done is seen again.
        self.outcome = catch_unwind(AssertUnwindSafe(|| closure(tx))).unwrap_or_else(|panic| {
            Err(StoreError::internal(format!("a decision panicked: {}", words(panic.as_ref()))))
        });
        if self.outcome.is_ok() && tx.is_spoiled() {
            self.outcome = Err(StoreError::internal("a write broke off in the middle and its error was not passed on"));
        }
        self.outcome.is_ok()
    }

    fn fail(&mut self, error: StoreError) {
        self.outcome = Err(error);
    }

    fn answer(self: Box<Self>) {
        // A caller that has gone away needs no answer; what was written stays.
        let _ = self.caller.send(self.outcome);
    }
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
        while let Some(first) = self.held.take().or_else(|| self.queue.blocking_recv()) {
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
            let is_alone = job.is_alone();
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
            if next.as_ref().is_some_and(|job| job.is_alone()) {
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
        return Err(StoreError::internal("the database ended the transaction by itself"));
    }
    if keep {
        return ground.db.release();
    }
    *ground.books.borrow_mut() = before;
    ground.db.rollback_to_savepoint()
}
