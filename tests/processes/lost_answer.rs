//! `kill -9` after a grant was made durable and before anybody heard of it: asked again, the same grant is given, and no
//! place is lost.

use std::cell::RefCell;
use std::io::Write as _;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use client::{Answer, Device, DeviceKey, Http, Method, Portal, Request, SignedIn, Start, Transport};
use entitlement::{Label, Name, ProductId};
use rules::session::SessionFacts;
use store::{Store, StoredCheckout};

use crate::house::{House, PASSWORD, Serving};
use crate::kill::store_of;
use crate::vendor;

/// A product's connection to a portal that dies under it: the request is sent, the portal is killed as soon as the
/// database shows what the request has brought about, and nothing is read. Then another portal serves the same data.
struct Perilous<'h> {
    house: &'h House,
    serving: RefCell<Option<Serving>>,
    /// Killed while the next `POST` of this ending waits; tells whether its work is on the disk.
    trap: RefCell<Option<Trap>>,
}

struct Trap {
    ending: &'static str,
    is_done: fn(&Store) -> bool,
}

impl Perilous<'_> {
    fn address(&self) -> String {
        self.serving.borrow().as_ref().expect("a portal serves").address.clone()
    }

    /// Sends a request as HTTP/1.1 and kills the portal without reading a byte of its answer.
    fn dies(&self, request: &Request<'_>, trap: &Trap) {
        let store = store_of(self.house);
        assert!(!(trap.is_done)(&store), "nothing was asked for yet");
        let address = self.address();
        let mut stream = TcpStream::connect(address.trim_start_matches("http://")).expect("a connection");
        let body = request.body.map(|body| body.as_slice()).unwrap_or_default();
        let head = format!(
            "{} {} HTTP/1.1\r\nhost: portal\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n",
            request.method.as_str(),
            request.path,
            request.token.unwrap_or_default(),
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat()).expect("the request is sent");
        while !(trap.is_done)(&store) {
            thread::yield_now();
        }
        self.serving.borrow_mut().take().expect("a portal serves").kill();
    }
}

impl Transport for Perilous<'_> {
    fn send(&self, request: &Request<'_>) -> Result<Answer, String> {
        let is_trapped = |trap: &Trap| request.method == Method::Post && request.path.ends_with(trap.ending);
        if self.trap.borrow().as_ref().is_some_and(is_trapped) {
            let trap = self.trap.borrow_mut().take().expect("a trap");
            self.dies(request, &trap);
            return Err("the connection is gone".to_owned());
        }
        let http = Http::at(&self.address()).map_err(|error| error.to_string())?;
        http.send(request)
    }

    /// The time in which somebody starts the portal again.
    fn pause(&self, _: Duration) {
        self.serving.replace(Some(self.house.serve()));
    }
}

fn pro() -> ProductId {
    "arcgis-pro".parse().expect("an id")
}

fn computer(name: &str) -> Device {
    let (id, name) = (Label::parse(name).expect("an id"), Name::parse(name).expect("a name"));
    Device::new(id, name, DeviceKey::generate().expect("randomness"))
}

/// Everything that carla has of Pro.
fn of_carla(store: &Store) -> (Vec<SessionFacts>, Vec<StoredCheckout>) {
    let read = store.read(|tx| {
        let (carla, _) = tx.credentials("carla")?.expect("carla is there");
        Ok((tx.sessions_of(&carla.id, &pro())?, tx.checkouts_of(&carla.id, &pro())?))
    });
    read.unwrap_or_else(|error| panic!("the rows: {error:?}"))
}

fn carla(house: &House) -> SignedIn<Perilous<'_>> {
    let serving = house.serve();
    serving.adds("carla", "gis-pro-standard");
    let (serving, trap) = (RefCell::new(Some(serving)), RefCell::new(None));
    Portal::over(Perilous { house, serving, trap }).sign_in("carla", PASSWORD).expect("carla signs in")
}

fn house(name: &str) -> House {
    House::bound(name, &[("gis-pro-standard", 2), ("creator", 1)])
}

#[test]
fn a_start_whose_portal_was_killed_after_the_grant_gets_the_same_grant_and_takes_one_place() {
    let house = house("lost-start");
    let carla = carla(&house);
    let (wish, desk) = (Start::new(pro()).expect("randomness"), computer("desk"));
    let ending = "/products/arcgis-pro/sessions";
    carla.transport().trap.replace(Some(Trap { ending, is_done: |store| !of_carla(store).0.is_empty() }));
    let session = carla.start(&wish, &desk, vendor::now()).expect("the repeated request is granted");
    assert!(carla.transport().trap.borrow().is_none(), "the portal was killed");
    let granted = of_carla(&store_of(&house)).0;
    let [only] = granted.as_slice() else { panic!("one place, and not {granted:?}") };
    assert_eq!((&only.id, only.created_at, only.ended), (&session.grant().id, session.grant().created_at, None));
    // Two places are left, as if nothing had happened.
    for name in ["laptop", "field"] {
        let more = carla.start(&Start::new(pro()).expect("randomness"), &computer(name), vendor::now());
        more.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let fourth = carla.start(&Start::new(pro()).expect("randomness"), &computer("home"), vendor::now());
    assert_eq!(fourth.expect_err("three computers").code(), Some("session-limit-reached"));
}

#[test]
fn a_product_that_has_lost_its_wish_as_well_takes_its_own_place_again() {
    let house = house("lost-wish");
    let carla = carla(&house);
    let desk = computer("desk");
    let ending = "/products/arcgis-pro/sessions";
    carla.transport().trap.replace(Some(Trap { ending, is_done: |store| !of_carla(store).0.is_empty() }));
    let first = carla.start(&Start::new(pro()).expect("randomness"), &desk, vendor::now()).expect("a grant");
    let second = carla.start(&Start::new(pro()).expect("randomness"), &desk, vendor::now()).expect("a grant");
    let mut open = of_carla(&store_of(&house)).0;
    open.retain(|one| one.ended.is_none());
    assert_eq!(open.iter().map(|one| &one.id).collect::<Vec<_>>(), [&second.grant().id]);
    assert_ne!(first.grant().id, second.grant().id);
}

#[test]
fn a_checkout_whose_portal_was_killed_after_the_lease_was_signed_gets_the_same_lease() {
    let house = house("lost-checkout");
    let carla = carla(&house);
    let laptop = computer("laptop");
    let ending = "/products/arcgis-pro/checkouts";
    carla.transport().trap.replace(Some(Trap { ending, is_done: |store| !of_carla(store).1.is_empty() }));
    let checkout = carla.check_out(&pro(), &laptop).expect("the repeated request is granted");
    assert!(carla.transport().trap.borrow().is_none(), "the portal was killed");
    let kept = of_carla(&store_of(&house)).1;
    let [only] = kept.as_slice() else { panic!("one checkout, and not {kept:?}") };
    assert_eq!((&only.facts.id, &only.lease), (&checkout.id, &checkout.lease));
    // The lease is good, and its place comes home.
    let files = carla.files_of(&checkout.lease).expect("the files");
    let lease = files.verify(&vendor::Vendor::demonstration().roots(), "laptop", vendor::now()).expect("a good lease");
    assert_eq!(lease.until(), checkout.until);
    carla.check_in(&pro(), &checkout.id, &laptop).expect("it comes home");
    carla.check_out(&pro(), &computer("desk")).expect("and goes out again");
}
