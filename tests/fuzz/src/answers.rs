//! What a portal answers, read by the product that asked: a stranger's portal may say anything.

use std::cell::RefCell;
use std::sync::LazyLock;
use std::time::Duration;

use client::{Answer, Device, DeviceKey, Portal, Request, Standing, Start, Transport};
use entitlement::{Label, Moment, Name, ProductId};

use crate::golden::{NOW, ROOTS};
use crate::request::split;

/// Between two answers; the first line of each is its status.
const BETWEEN: &[u8] = b"\n----\n";

/// A portal that has these answers and no others.
struct Told(RefCell<std::vec::IntoIter<Answer>>);

impl Transport for Told {
    fn send(&self, _: &Request<'_>) -> Result<Answer, String> {
        self.0.borrow_mut().next().ok_or_else(|| "nobody answers".to_owned())
    }

    fn pause(&self, _: Duration) {}
}

fn answer(text: &[u8]) -> Option<Answer> {
    let text = std::str::from_utf8(text).ok()?;
    let (status, body) = text.split_once('\n').unwrap_or((text, ""));
    Some(Answer { status: status.parse().ok()?, body: body.to_owned() })
}

/// The answers to a whole day: signing in, a session, a checkout, its files, and home again.
pub fn portal_answers(input: &[u8]) {
    static KEY: LazyLock<String> = LazyLock::new(|| {
        let key = DeviceKey::generate().expect("randomness");
        String::from(&**key.to_pem().expect("a key can be written"))
    });
    let answers: Option<Vec<Answer>> = split(input, BETWEEN).into_iter().map(answer).collect();
    let Some(answers) = answers else { return };
    let told = Told(RefCell::new(answers.into_iter()));
    let Ok(ada) = Portal::over(told).sign_in("ada", "four plain unrelated words") else { return };
    let key = DeviceKey::from_pem(&KEY).expect("what was written opens");
    let (id, name) = (Label::parse("pc-0001").expect("a label"), Name::parse("Ada's laptop").expect("a name"));
    let device = Device::new(id, name, key);
    let product = ProductId::parse("arcgis-pro").expect("a product");
    if let Ok(mut session) = ada.start(&Start::again(product.clone(), "request-1"), &device, *NOW) {
        for later in [0, 60, 3_600] {
            session.used();
            let now = NOW.plus_seconds(later);
            match session.attend(&ada, now) {
                Ok(Standing::Active { until }) => assert!(now < until, "active at {now} until {until}"),
                Ok(Standing::Lapsed | Standing::Ended(_)) => {}
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
        let _ = ada.leave(&session);
    }
    if let Ok(checkout) = ada.check_out(&product, &device) {
        offline(&ada, &product, &device, &checkout);
    }
    let _ = ada.sign_out();
}

fn offline(ada: &client::SignedIn<Told>, product: &ProductId, device: &Device, checkout: &client::Checkout) {
    if let Ok(files) = ada.files_of(&checkout.lease) {
        let now: Moment = *NOW;
        if let Err(error) = files.verify(&ROOTS, device.id().as_str(), now) {
            crate::promise::known(error.code());
        }
        let _ = files.return_code(&ROOTS, device, now);
    }
    let _ = ada.hand_in(product, &checkout.id, "a code");
    let _ = ada.check_in(product, &checkout.id, device);
}
