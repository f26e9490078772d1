//! Groups: decisions that share a commit stand and fall alone, and nobody is answered before it.

use std::pin::Pin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context, Waker};
use std::thread::{self, JoinHandle};

use errors::{Code, Failure};
use store::{Store, StoreError, WriteTx};

use crate::harness::{Portal, assert_recounted, audit_count, count, registration};

/// A decision that keeps the writer busy until it is let go, so that what is sent meanwhile shares the next commit.
struct Blocker {
    go: Sender<()>,
    thread: JoinHandle<Result<(), StoreError>>,
}

impl Blocker {
    fn new(store: &Store) -> Self {
        let (go, wait) = channel();
        let (begun, has_begun) = channel();
        let store = store.clone();
        let thread = thread::spawn(move || {
            store.write_now(move |_| {
                begun.send(()).unwrap();
                wait.recv().unwrap();
                Ok(())
            })
        });
        has_begun.recv().unwrap();
        Self { go, thread }
    }

    /// Lets it go, and waits for its answer, which comes with the answers of its group.
    fn let_go(self) {
        self.go.send(()).unwrap();
        self.thread.join().unwrap().unwrap();
    }
}

/// A decision in the queue, with its caller.
type Queued<R> = Pin<Box<dyn Future<Output = Result<R, StoreError>>>>;

/// Puts a decision in the queue: that is what the first look at it does.
fn queued<R: Send + 'static>(
    store: &Store,
    decision: impl for<'tx> FnOnce(&WriteTx<'tx>) -> Result<R, StoreError> + Send + 'static,
) -> Queued<R> {
    let store = store.clone();
    let mut write: Queued<R> = Box::pin(async move { store.write(decision).await });
    assert!(is_pending(&mut write));
    write
}

fn is_pending<R>(write: &mut Queued<R>) -> bool {
    write.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending()
}

fn answer<R>(write: Queued<R>) -> Result<R, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(write).map_err(StoreError::into_failure)
}

fn usernames(store: &Store) -> Vec<String> {
    let page = store.read(|tx| tx.members(&store::MemberFilter::default(), None, 100)).unwrap();
    page.items.into_iter().map(|member| member.username).collect()
}

#[test]
fn a_refused_and_a_panicking_decision_are_taken_back_alone() {
    let (_portal, store) = Portal::activated();
    let blocker = Blocker::new(&store);
    let ann = queued(&store, |tx| registration(tx, "ann", "viewer"));
    let bob = queued(&store, |tx| {
        registration(tx, "bob", "viewer")?;
        Err::<(), _>(Failure::plain(Code::Stale).into())
    });
    let cat = queued(&store, |tx| {
        registration(tx, "cat", "viewer")?;
        if tx.version() > 0 {
            panic!("the third decision breaks");
        }
        Ok(())
    });
    let dan = queued(&store, |tx| registration(tx, "dan", "viewer"));
    blocker.let_go();
    assert_eq!(answer(ann).unwrap().username, "ann");
    assert_eq!(answer(bob).unwrap_err(), Failure::plain(Code::Stale));
    assert_eq!(answer(cat).unwrap_err().code, Code::Internal);
    assert_eq!(answer(dan).unwrap().username, "dan");
    assert_eq!(usernames(&store), ["admin", "ann", "dan"]);
    assert_eq!(count(&store, "viewer"), (25, 2, 2));
    assert_eq!(audit_count(&store), 3);
    assert_recounted(&store);
}

#[test]
fn an_expiry_that_a_decision_saw_before_it_was_taken_back_is_seen_by_the_others_of_its_group() {
    let (portal, store) = Portal::with_seats(2, 2);
    crate::deeds::invite(&store, "eve", "viewer").unwrap();
    crate::deeds::invite(&store, "fay", "viewer").unwrap();
    portal.pass(14 * crate::harness::DAY);
    let blocker = Blocker::new(&store);
    let refused = queued(&store, |tx| {
        registration(tx, "ann", "viewer")?;
        Err::<(), _>(Failure::plain(Code::Stale).into())
    });
    let bob = queued(&store, |tx| registration(tx, "bob", "viewer"));
    let broken = queued(&store, |tx| {
        registration(tx, "cat", "viewer")?;
        Err::<(), _>(StoreError::internal("the test breaks off"))
    });
    let dan = queued(&store, |tx| registration(tx, "dan", "viewer"));
    let full = queued(&store, |tx| registration(tx, "gil", "viewer"));
    blocker.let_go();
    assert_eq!(answer(refused).unwrap_err().code, Code::Stale);
    assert_eq!(answer(bob).unwrap().username, "bob");
    assert_eq!(answer(broken).unwrap_err().code, Code::Internal);
    assert_eq!(answer(dan).unwrap().username, "dan");
    assert_eq!(answer(full).unwrap_err().code, Code::SeatLimitReached);
    let one = crate::harness::type_count(&store, "viewer");
    assert_eq!((one.seats.assigned, one.seats.reserved), (2, 0));
    let expired = store.read(|tx| tx.invitations(Some(store::InvitationState::Expired), None, 9)).unwrap();
    assert_eq!(expired.len(), 2);
    assert_recounted(&store);
}

#[test]
fn a_role_of_one_decision_is_there_for_the_next_of_its_group_unless_it_was_taken_back() {
    let (portal, store) = Portal::activated();
    let other = crate::harness::open(&portal);
    let blocker = Blocker::new(&store);
    let ghost = queued(&store, |tx| {
        crate::deeds::making(tx, &crate::deeds::draft("Ghost", &[]))?;
        tx.catalog()?;
        Err::<(), _>(Failure::plain(Code::Stale).into())
    });
    let crew = queued(&store, |tx| crate::deeds::making(tx, &crate::deeds::draft("Crew", &[])));
    let seen = queued(&store, |tx| {
        let catalog = tx.catalog()?;
        Ok(catalog.roles().iter().filter(|role| role.is_custom).map(|role| role.name.clone()).collect::<Vec<_>>())
    });
    blocker.let_go();
    assert_eq!(answer(ghost).unwrap_err().code, Code::Stale);
    assert_eq!((answer(crew).unwrap().as_str(), answer(seen).unwrap()), ("custom-crew", vec!["Crew".to_owned()]));
    for handle in [&store, &other] {
        let catalog = handle.read(|tx| tx.catalog()).unwrap();
        assert!(catalog.role(&crate::harness::role("custom-crew")).is_some());
        assert!(catalog.role(&crate::harness::role("custom-ghost")).is_none());
    }
}

#[test]
fn nobody_is_answered_before_the_group_is_on_the_disk() {
    let (_portal, store) = Portal::activated();
    let blocker = Blocker::new(&store);
    let mut ann = queued(&store, |tx| registration(tx, "ann", "viewer"));
    let (go, wait): (_, Receiver<()>) = channel();
    let (begun, has_begun) = channel();
    let last = queued(&store, move |tx| {
        begun.send(tx.member_by_username("ann")?.is_some()).unwrap();
        wait.recv().unwrap();
        Ok(())
    });
    blocker.go.send(()).unwrap();
    // The last decision of the group runs, and sees the first one's member; nobody else does.
    assert!(has_begun.recv().unwrap());
    assert!(is_pending(&mut ann));
    assert_eq!(usernames(&store), ["admin"]);
    assert!(!blocker.thread.is_finished());
    go.send(()).unwrap();
    answer(last).unwrap();
    blocker.thread.join().unwrap().unwrap();
    assert_eq!(answer(ann).unwrap().username, "ann");
    assert_eq!(usernames(&store), ["admin", "ann"]);
}

#[test]
fn a_write_that_breaks_off_is_taken_back_even_if_its_closure_hides_the_error() {
    let (_portal, store) = Portal::activated();
    let outcome = store.write_now(|tx| {
        let facts = tx.facts()?;
        let asked = crate::harness::asked("viewer", "viewer");
        let actor = rules::Actor::console();
        let stale = rules::capacity::register(&facts, &actor, &asked)?;
        registration(tx, "ann", "viewer")?;
        // The row of the member is written before the permit is found to be stale.
        let _ = tx.insert_member(stale, &actor, &crate::harness::newcomer("bob"));
        Ok(())
    });
    let cause = outcome.unwrap_err().cause().unwrap().cause.clone();
    assert_eq!(cause, "a write broke off in the middle and its error was not passed on");
    assert_eq!(usernames(&store), ["admin"]);
    assert_recounted(&store);
}

#[test]
fn a_decision_of_its_own_does_not_share_a_transaction() {
    let (_portal, store) = Portal::activated();
    let blocker = Blocker::new(&store);
    let ann = queued(&store, |tx| registration(tx, "ann", "viewer"));
    let (reader, writer) = (store.clone(), store.clone());
    let mut alone: Queued<Vec<String>> = Box::pin(async move {
        let decision = move |tx: &WriteTx<'_>| {
            registration(tx, "bob", "viewer")?;
            // What another connection sees while this decision runs: the one before it is on the disk.
            Ok(usernames(&reader))
        };
        writer.write_alone(decision).await
    });
    assert!(is_pending(&mut alone));
    let cat = queued(&store, |tx| registration(tx, "cat", "viewer"));
    blocker.let_go();
    assert_eq!(answer(alone).unwrap(), ["admin", "ann"]);
    answer(ann).unwrap();
    answer(cat).unwrap();
    assert_eq!(usernames(&store), ["admin", "ann", "bob", "cat"]);
    assert_eq!(count(&store, "viewer"), (25, 3, 3));
}

#[test]
fn a_caller_that_goes_away_does_not_stop_the_others() {
    let (_portal, store) = Portal::activated();
    let blocker = Blocker::new(&store);
    drop(queued(&store, |tx| registration(tx, "ann", "viewer")));
    let bob = queued(&store, |tx| registration(tx, "bob", "viewer"));
    blocker.let_go();
    answer(bob).unwrap();
    assert_eq!(usernames(&store), ["admin", "ann", "bob"]);
}

#[test]
fn the_last_handle_may_end_inside_a_decision() {
    let (portal, store) = Portal::activated();
    let inner = store.clone();
    let (go, wait) = channel();
    let (tell, told) = channel();
    let ann = queued(&store, move |tx| {
        wait.recv().unwrap();
        drop(inner);
        registration(tx, "ann", "viewer")?;
        tell.send(()).unwrap();
        Ok(())
    });
    drop(ann);
    drop(store);
    go.send(()).unwrap();
    told.recv().unwrap();
    let store = crate::harness::open(&portal);
    // This waits for the lock that the decision still holds.
    store.write_now(|tx| registration(tx, "bob", "viewer")).unwrap();
    assert_eq!(usernames(&store), ["admin", "ann", "bob"]);
}
