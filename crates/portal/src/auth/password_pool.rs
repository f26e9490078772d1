//! Threads that do nothing but Argon2id, so that no hash ever runs on a worker that answers requests.
//!
//! Each thread has one block of memory that it uses again and again: 19 MiB for each core, whatever the number of sign-ins.

use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use errors::{Code, Failure};
use tokio::sync::oneshot;
use zeroize::Zeroizing;

/// How many may wait while every thread is busy.
pub const WAITING: usize = 64;
/// Bytes of salt, as RFC 9106 recommends.
pub const SALT_LENGTH: usize = 16;

const HASH_LENGTH: usize = 32;
type Hash = Zeroizing<[u8; HASH_LENGTH]>;

/// The threads and the queue before them. They end when the pool is dropped.
#[derive(Debug)]
pub struct Pool {
    queue: SyncSender<Job>,
}

struct Job {
    password: Zeroizing<String>,
    salt: [u8; SALT_LENGTH],
    answer: oneshot::Sender<Result<Hash, argon2::Error>>,
}

impl Pool {
    /// Starts the threads.
    ///
    /// # Errors
    /// `internal` when the machine gives none.
    pub fn start(threads: NonZeroUsize) -> Result<Self, Failure> {
        let (queue, jobs) = sync_channel(WAITING);
        let jobs = Arc::new(Mutex::new(jobs));
        for number in 0..threads.get() {
            let jobs = Arc::clone(&jobs);
            thread::Builder::new()
                .name(format!("password-{number}"))
                .spawn(move || work(&jobs))
                .map_err(|error| Failure::new(Code::Internal, format!("No thread for passwords: {error}.")))?;
        }
        Ok(Self { queue })
    }

    /// The Argon2id hash (19 MiB, two passes, one lane) of a password.
    ///
    /// # Errors
    /// `rate-limited` with `retry_after` when the queue is full; `internal` when the thread died of it.
    pub async fn derive(&self, password: Zeroizing<String>, salt: [u8; SALT_LENGTH]) -> Result<Hash, Failure> {
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Job { password, salt, answer }).map_err(|error| match error {
            TrySendError::Full(_) => queue_full(),
            TrySendError::Disconnected(_) => Failure::plain(Code::Internal),
        })?;
        match answered.await {
            Ok(Ok(hash)) => Ok(hash),
            Ok(Err(_)) | Err(_) => Err(Failure::plain(Code::Internal)),
        }
    }
}

/// The same hash on the caller's own thread.
///
/// # Errors
/// None in practice: salt and lengths are right.
pub fn derive_here(password: &str, salt: &[u8; SALT_LENGTH]) -> Result<Hash, Failure> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT);
    let mut hash = Hash::default();
    let done = argon2.hash_password_into(password.as_bytes(), salt, hash.as_mut_slice());
    done.map(|()| hash).map_err(|_| Failure::plain(Code::Internal))
}

fn work(jobs: &Mutex<Receiver<Job>>) {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT);
    let mut memory = vec![Block::new(); argon2.params().block_count()];
    while let Some(job) = next(jobs) {
        // Whoever hung up while waiting is not worth 19 MiB of work.
        if !job.answer.is_closed() {
            let mut hash = Hash::default();
            let done = argon2.hash_password_into_with_memory(
                job.password.as_bytes(),
                &job.salt,
                hash.as_mut_slice(),
                memory.as_mut_slice(),
            );
            // An error here says only that the asker hung up meanwhile.
            let _ = job.answer.send(done.map(|()| hash));
        }
    }
}

/// The next job; one idle thread holds the lock while it waits for it, the others wait for the lock.
fn next(jobs: &Mutex<Receiver<Job>>) -> Option<Job> {
    jobs.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

fn queue_full() -> Failure {
    let detail = "Too many sign-ins wait at this moment. Try again in a second.";
    Failure::new(Code::RateLimited, detail).with("retry_after", 1)
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn ask(pool: &Pool) -> impl Future<Output = Result<Hash, Failure>> + use<'_> {
        pool.derive(Zeroizing::new("a password".to_owned()), *b"0123456789abcdef")
    }

    #[test]
    fn the_sixty_fifth_that_waits_is_sent_away() {
        let (queue, jobs) = sync_channel(WAITING);
        let pool = Pool { queue };
        let mut waiting: Vec<_> = (0..WAITING).map(|_| Box::pin(ask(&pool))).collect();
        let mut context = Context::from_waker(Waker::noop());
        for future in &mut waiting {
            assert!(future.as_mut().poll(&mut context).is_pending());
        }
        let refusal = pin!(ask(&pool)).poll(&mut context);
        assert_eq!(refusal, Poll::Ready(Err(queue_full())));
        assert_eq!(jobs.try_iter().count(), WAITING);
        assert!(pin!(ask(&pool)).poll(&mut context).is_pending());
    }

    #[tokio::test]
    async fn a_queue_longer_than_the_threads_is_worked_off() {
        let pool = Arc::new(Pool::start(NonZeroUsize::new(2).unwrap()).unwrap());
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let pool = Arc::clone(&pool);
                tokio::spawn(async move { ask(&pool).await.map(|hash| *hash) })
            })
            .collect();
        let first = ask(&pool).await.map(|hash| *hash);
        assert!(first.is_ok());
        for task in tasks {
            assert_eq!(task.await.unwrap(), first);
        }
    }

    #[test]
    fn the_work_of_one_who_hung_up_is_left_out() {
        let (queue, jobs) = sync_channel(WAITING);
        let (answer, answered) = oneshot::channel();
        drop(answered);
        queue.send(Job { password: Zeroizing::default(), salt: [0; SALT_LENGTH], answer }).unwrap();
        drop(queue);
        let jobs = Mutex::new(jobs);
        work(&jobs);
        assert!(next(&jobs).is_none());
    }

    #[test]
    fn the_parameters_are_those_of_the_design() {
        assert_eq!((Params::DEFAULT.m_cost(), Params::DEFAULT.t_cost(), Params::DEFAULT.p_cost()), (19_456, 2, 1));
    }
}
