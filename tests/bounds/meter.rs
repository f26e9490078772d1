//! Counts what one thread takes: processor time, and memory above what it had.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use rustix::time::{ClockId, clock_gettime};

/// What something took.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cost {
    /// Of one processor.
    pub seconds: f64,
    /// The most that was held at one time.
    pub bytes: usize,
}

thread_local! {
    /// Bytes held by this thread since the count began; less than none where it gave back what it had before.
    static HELD: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
}

/// The allocator of the system, counted.
struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

fn count(change: isize) {
    // A thread that ends frees memory after its counters are gone.
    let _ = HELD.try_with(|held| {
        held.set(held.get() + change);
        let _ = MOST.try_with(|most| most.set(most.get().max(held.get())));
    });
}

/// A layout has at most `isize::MAX` bytes.
fn size(bytes: usize) -> isize {
    isize::try_from(bytes).unwrap_or(isize::MAX)
}

// SAFETY: every call goes to the allocator of the system as it came; counting touches two cells of the thread only.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(size(layout.size()));
        // SAFETY: the caller keeps the promises of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-size(layout.size()));
        // SAFETY: the caller keeps the promises of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// The seconds that this thread has been on a processor.
fn worked() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let [seconds, rest] = [time.tv_sec, time.tv_nsec].map(|number| u32::try_from(number).map_or(f64::MAX, f64::from));
    seconds + rest / 1e9
}

/// Does something, and says what it took.
pub fn measured<T>(work: impl FnOnce() -> T) -> (T, Cost) {
    HELD.set(0);
    MOST.set(0);
    let begun = worked();
    let done = work();
    let seconds = worked() - begun;
    (done, Cost { seconds, bytes: usize::try_from(MOST.get()).unwrap_or(0) })
}
