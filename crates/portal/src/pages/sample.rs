//! The same people and seats for the tests of all pages: 25 Viewer and 5 Creator, as in S29.

use entitlement::Moment;
use errors::{Code, Failure};

use crate::actions::surroundings::Sections;
use crate::pages::choice::{Choice, Person, TypeChoice};
use crate::pages::consent::Consent;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::{Footer, FooterLicense, Frame, House, OverLimit, Reader, Started};
use crate::pages::in_use::{OfflineRow, ProductRow, SessionRow};
use crate::pages::members::May;
use crate::pages::seats::Seats;
use crate::pages::when::When;

/// 22 Nov 2026 14:02 UTC.
pub fn two_past_two() -> When {
    when(1_795_356_120)
}

/// 1 Dec 2027 00:00 UTC.
pub fn end() -> When {
    when(1_827_619_200)
}

fn when(seconds: i64) -> When {
    When::from(Moment::from_unix(seconds).unwrap())
}

pub fn stranger() -> Frame {
    Frame {
        portal_name: "City of Example".to_owned(),
        house: House::default(),
        demo: false,
        reader: None,
        over_limit: Vec::new(),
        ends_soon: None,
        cautions: Vec::new(),
        due_returns: Vec::new(),
        products_blocked: None,
        footer: Footer {
            portal_id: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k".to_owned(),
            license: Some(FooterLicense { id: "SW-2026-000123".to_owned(), sequence: 4 }),
            version: "0.1.0",
        },
    }
}

pub fn member() -> Frame {
    let reader = Reader { name: "Bo Sato".to_owned(), csrf: "c5f0".to_owned(), open: Sections::default() };
    Frame { reader: Some(reader), ..stranger() }
}

pub fn administrator() -> Frame {
    let open = Sections {
        licenses: true,
        members: true,
        changes: true,
        invitations: true,
        roles: true,
        settings: true,
        audit: true,
    };
    let reader = Reader { name: "Ana Kim".to_owned(), csrf: "c5f0".to_owned(), open };
    Frame { reader: Some(reader), ..stranger() }
}

pub fn over_limit() -> Frame {
    let started = Started {
        change: Some("chg_7".to_owned()),
        who: "Ana Kim".to_owned(),
        what: "bsato Creator → Viewer".to_owned(),
    };
    let over = OverLimit {
        id: "viewer".to_owned(),
        name: "Viewer".to_owned(),
        assigned: 26,
        licensed: 25,
        over: 1,
        since: Some(two_past_two()),
        locked_out: 26,
        started: Some(started),
    };
    Frame { over_limit: vec![over], ..administrator() }
}

pub fn viewers_over() -> Seats {
    Seats {
        id: "viewer".to_owned(),
        name: "Viewer".to_owned(),
        licensed: 25,
        assigned: 26,
        reserved: 0,
        available: -1,
        over_since: Some(two_past_two()),
        locked_out: 26,
        exempt: 0,
        ends: Some(end()),
    }
}

pub fn creators() -> Seats {
    Seats {
        id: "creator".to_owned(),
        name: "Creator".to_owned(),
        licensed: 5,
        assigned: 4,
        reserved: 1,
        available: 1,
        over_since: None,
        locked_out: 0,
        exempt: 1,
        ends: None,
    }
}

pub fn bo() -> Person {
    Person {
        id: "mem_b".to_owned(),
        name: "Bo Sato".to_owned(),
        username: "bsato".to_owned(),
        user_type: "Creator".to_owned(),
        role: "Publisher".to_owned(),
    }
}

pub fn vi() -> Person {
    Person {
        id: "mem_v".to_owned(),
        name: "Vi Lund".to_owned(),
        username: "vlund".to_owned(),
        user_type: "Viewer".to_owned(),
        role: "Viewer".to_owned(),
    }
}

/// Somebody who tries to get a script into the page.
pub fn mallory() -> Person {
    let name = "<script>alert(1)</script>".to_owned();
    Person { username: "\"><b>".to_owned(), name, ..bo() }
}

pub fn user_types() -> Vec<TypeChoice> {
    vec![
        TypeChoice { id: "viewer".to_owned(), name: "Viewer".to_owned(), free: 0, selected: true },
        TypeChoice { id: "creator".to_owned(), name: "Creator".to_owned(), free: 1, selected: false },
    ]
}

pub fn roles() -> Vec<Choice> {
    vec![
        Choice { id: "viewer".to_owned(), name: "Viewer".to_owned(), selected: true },
        Choice { id: "publisher".to_owned(), name: "Publisher".to_owned(), selected: false },
    ]
}

pub fn full() -> ErrorSummary {
    ErrorSummary::from(&Failure::new(Code::SeatLimitReached, "Viewer is full: 25 of 25 assigned."))
}

pub fn consent() -> Consent {
    Consent {
        field: "allow_one_over".to_owned(),
        name: "Viewer".to_owned(),
        licensed: 25,
        after: 26,
        locked_out: 26,
        signed_in_now: 19,
        instead_of: Some("mem_b".to_owned()),
        candidates: vec![vi()],
    }
}

pub fn standard() -> Choice {
    Choice { id: "arcgis-pro-standard".to_owned(), name: "ArcGIS Pro Standard".to_owned(), selected: true }
}

pub fn session() -> SessionRow {
    SessionRow {
        id: "ses_1".to_owned(),
        product: "arcgis-pro".to_owned(),
        computer: "GIS-WS-04".to_owned(),
        created: two_past_two(),
        last_used: two_past_two(),
        until: end(),
    }
}

pub fn offline() -> OfflineRow {
    let (id, product, computer) = ("out_1".to_owned(), "arcgis-pro".to_owned(), "TABLET-3".to_owned());
    OfflineRow { id, product, computer, until: end(), released: false }
}

pub fn pro() -> ProductRow {
    ProductRow {
        name: "ArcGIS Pro".to_owned(),
        access: Some("Standard, by ArcGIS Pro Standard".to_owned()),
        last_used: Some(two_past_two()),
        sessions: vec![session()],
        offline: Some(offline()),
    }
}

pub fn everything() -> May {
    May {
        add: true,
        tables: true,
        change: true,
        roles: true,
        disable: true,
        delete: true,
        update: true,
        licenses: true,
        groups: true,
        all: true,
        whole: true,
    }
}

/// Why something is not offered.
pub fn reason(id: &str) -> crate::pages::barred::Reason {
    let [id, text, href, link] = [id, "Viewer is full.", "/licenses", "Licenses"].map(str::to_owned);
    crate::pages::barred::Reason { id, text, href, link }
}
