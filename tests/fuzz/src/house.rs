//! One portal in this process, with the people who use it. It is made anew now and then, so that what one input leaves
//! behind stays small, and whenever the administrator was thrown out.

use std::cell::RefCell;

use axum::body::Body;
use axum::http::Request;
use errors::Code;
use tests::people::{Answer, Person};
use tests::portal::Portal;
use tests::products::{carlas_house, two_of_pro};
use tokio::runtime::{Builder, Runtime};

/// After so many inputs the portal is made anew.
const INPUTS: u32 = 200;

/// The portal: five seats of each kind, `ana` the administrator, the Creator `carla` who has a product, the Viewer `bob`.
pub struct House {
    runtime: Runtime,
    /// The administrator, signed in.
    pub ana: Person,
    /// A Creator with a product, signed in.
    pub carla: Person,
    /// A Viewer, signed in.
    pub bob: Person,
    portal: Portal,
    inputs: u32,
    /// What was fresh once: keys that nobody has used.
    numbers: u32,
}

thread_local!(static HOUSE: RefCell<Option<House>> = const { RefCell::new(None) });

/// Plays an input in the house of this thread.
pub fn visit(play: impl FnOnce(&mut House)) {
    HOUSE.with_borrow_mut(|slot| {
        let mut house = slot.take().filter(House::is_good).unwrap_or_else(House::build);
        house.inputs += 1;
        play(&mut house);
        *slot = Some(house);
    });
}

impl House {
    fn build() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (portal, ana, carla, bob) = runtime.block_on(async {
            let (portal, ana, carla) = carlas_house(&two_of_pro).await;
            let bob = ana.adds_signed_in("bob", "viewer").await;
            (portal, ana, carla, bob)
        });
        Self { runtime, ana, carla, bob, portal, inputs: 0, numbers: 0 }
    }

    fn is_good(&self) -> bool {
        self.inputs < INPUTS && self.runtime.block_on(self.ana.gets("/me")).status == 200
    }

    /// Sends a request, and looks at what no answer may be.
    pub fn sends(&mut self, request: Request<Body>) -> Answer {
        let (asked, is_head) = (format!("{} {}", request.method(), request.uri()), request.method() == "HEAD");
        let path = request.uri().path();
        // A browser is shown the answers of the interface as pages.
        let accepts = request.headers().get("accept").and_then(|accept| accept.to_str().ok());
        let is_api = (path == "/api/v1" || path.starts_with("/api/v1/"))
            && !accepts.is_some_and(|accept| accept.starts_with("text/html"));
        let answer = self.runtime.block_on(self.portal.sends(request));
        assert!(answer.status < 500, "{asked}: {} {}", answer.status, answer.text());
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{asked}");
        assert!(!answer.header("request-id").is_empty(), "{asked}");
        if is_api && answer.status >= 400 && !is_head {
            is_problem(&asked, &answer);
        }
        if answer.header("content-type").starts_with("application/json") && !is_head {
            assert!(serde_json::from_slice::<serde_json::Value>(&answer.bytes).is_ok(), "{asked}: {}", answer.text());
        }
        answer
    }

    /// A number that was not there before.
    pub fn fresh(&mut self) -> u32 {
        self.numbers += 1;
        self.numbers
    }
}

/// A refusal of the interface is a problem with a code of the registry, whose status it has.
fn is_problem(asked: &str, answer: &Answer) {
    let body = answer.json();
    let code = body["code"].as_str().and_then(Code::from_name);
    assert_eq!(code.map(|code| code.row().status), Some(answer.status), "{asked}: {}", answer.text());
    assert_eq!(answer.header("content-type"), "application/problem+json", "{asked}");
}
