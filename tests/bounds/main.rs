//! What a hostile file may cost: of whatever size and shape, less than a second of one processor and less than 64 MiB.
//!
//! Time is the processor time of the thread, so that a busy machine does not count. Memory is counted by the allocator of
//! this program, which is why it is one of its own.

mod meter;
mod shapes;

use entitlement::{LIMIT, peek_kind};
use meter::{Cost, measured};
use shapes::{Shape, texts, values};
use tests::desk::{Subject, subjects};
use tests::make_vectors::sign::base64url;

const MOST: Cost = Cost { seconds: 1.0, bytes: 64 << 20 };

/// What has been given, and the dearest of it.
#[derive(Default)]
struct Ledger {
    given: usize,
    opened: usize,
    dearest: (Cost, String),
    largest: (Cost, String),
}

impl Ledger {
    /// Opens one file within the bounds.
    fn opens(&mut self, subject: &Subject, name: &str, bytes: &[u8]) {
        let (answer, cost) = measured(|| subject.open(bytes).map(drop).map_err(|error| error.code()));
        let what = format!("{name} ({} bytes) as {}: {answer:?}", bytes.len(), subject.name);
        assert!(cost.seconds < MOST.seconds, "{what} took {:.3} s", cost.seconds);
        assert!(cost.bytes < MOST.bytes, "{what} took {} bytes", cost.bytes);
        if bytes.len() > LIMIT {
            assert_eq!(answer, Err("license-too-large"), "{what}");
            // Nothing of it was looked at: the answer costs as little as its words.
            assert!(cost.bytes < 4096, "{what} took {} bytes", cost.bytes);
        }
        self.given += 1;
        self.opened += usize::from(answer.is_ok());
        if cost.seconds > self.dearest.0.seconds {
            self.dearest = (cost, what.clone());
        }
        if cost.bytes > self.largest.0.bytes {
            self.largest = (cost, what);
        }
    }

    fn tells(&self, of: &str) {
        println!("{of}: {} files, {} of them good", self.given, self.opened);
        println!("  the slowest, {:.0} ms: {}", self.dearest.0.seconds * 1000.0, self.dearest.1);
        println!("  the largest, {} KiB: {}", self.largest.0.bytes >> 10, self.largest.1);
    }
}

/// The room that a text has as a payload, so that the whole file is as large as a file may be, and a little larger.
fn rooms(subject: &Subject) -> [usize; 2] {
    let empty = subject.written(subject.key.sign(subject.kind.typ(), ""), subject.about.as_ref());
    let room = (LIMIT - empty.len()) / 4 * 3;
    [room, room + 6]
}

#[test]
fn no_file_of_any_size_or_shape_takes_more_than_its_share_of_time_and_memory() {
    let subjects = subjects();
    let mut ledger = Ledger::default();
    for size in [1 << 10, LIMIT, LIMIT + 1, LIMIT * 4] {
        for Shape { name, text } in texts(size) {
            assert_eq!(text.len(), size, "{name}");
            for subject in &subjects {
                ledger.opens(subject, name, text.as_bytes());
            }
            let (looked_into, cost) = measured(|| peek_kind(text.as_bytes()).map(drop));
            assert!(looked_into.is_err(), "{name}");
            assert!(cost.seconds < MOST.seconds && cost.bytes < MOST.bytes, "{name}");
        }
    }
    ledger.tells("any text as a file");
    assert_eq!(ledger.opened, 0);
}

#[test]
fn no_signed_payload_and_no_header_of_any_shape_takes_more_than_its_share() {
    let mut ledger = Ledger::default();
    for subject in subjects() {
        let protected = base64url(subject.key.header(subject.kind.typ()).as_bytes());
        let payload = base64url(subject.payload.compact().as_bytes());
        for room in rooms(&subject) {
            for Shape { name, text } in texts(room) {
                let sealed = subject.key.sign_encoded(&protected, &base64url(text.as_bytes()));
                ledger.opens(&subject, name, &subject.written(sealed, subject.about.as_ref()));
                let sealed = subject.key.sign_encoded(&base64url(text.as_bytes()), &payload);
                ledger.opens(&subject, name, &subject.written(sealed, None));
            }
        }
    }
    ledger.tells("any text as a payload and as a header, signed");
    assert_eq!(ledger.opened, 0);
}

/// The file of each kind that says the most.
fn one_of_each_kind() -> Vec<Subject> {
    let names = [
        "a trust list",
        "an entitlement with every member",
        "a catalog",
        "an activation request",
        "a lease on its computer",
        "a return code",
    ];
    let chosen: Vec<Subject> = subjects().into_iter().filter(|subject| names.contains(&subject.name)).collect();
    assert_eq!(chosen.len(), names.len());
    chosen
}

/// What fits into the payload of the largest of the files, beside what it says already.
const ROOM: usize = LIMIT / 4 * 3 - 2000;

/// What a trusted signer could write: every list and every text of the payload as long as a file can hold, and the same in
/// the summary, which anybody can write.
#[test]
fn no_long_list_or_text_in_any_place_takes_more_than_its_share() {
    let mut ledger = Ledger::default();
    let shapes = values(ROOM);
    for subject in one_of_each_kind() {
        let subject = &subject;
        for path in subject.payload.members() {
            for Shape { name, text } in &shapes {
                let sealed = subject.key.sign(subject.kind.typ(), &subject.payload.with(&path, text).compact());
                let bytes = subject.written(sealed, None);
                assert!(bytes.len() <= LIMIT, "{} bytes", bytes.len());
                ledger.opens(subject, &format!("{name} in `{path}`"), &bytes);
            }
        }
        let Some(about) = &subject.about else { continue };
        for path in about.members() {
            for Shape { name, text } in &shapes {
                let bytes = subject.sealed().about(about.with(&path, text)).outer().compact();
                ledger.opens(subject, &format!("{name} in `{path}` of the summary"), bytes.as_bytes());
            }
        }
    }
    ledger.tells("long lists and texts in every place");
    assert!(ledger.opened > 10, "only {} of them were good files", ledger.opened);
}

#[test]
fn the_meter_counts_what_is_taken_and_what_is_given_back() {
    let (_, cost) = measured(|| {
        let first = vec![0_u8; 3 << 20];
        drop(std::hint::black_box(first));
        std::hint::black_box(vec![0_u8; 2 << 20])
    });
    assert_eq!(cost.bytes, 3 << 20);
    let (_, cost) = measured(|| std::hint::black_box((0..20_000_000_u64).fold(0, |sum, next| sum ^ next)));
    assert!(cost.seconds > 0.0);
    assert_eq!(cost.bytes, 0);
}
