//! Makes a software token with keys in it, as a person makes one with the tools of a device.
//!
//! `make-token LIBRARY LABEL PIN NAME=KIND...` takes the first free slot of the library; a kind is `ed25519` or `p256`.
//! The library finds its folder by its own configuration, which is why this is a process of its own.

use std::error::Error;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::Attribute;
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// `edwards25519` by its name, and `prime256v1` by its object identifier.
const EDWARDS25519: &[u8] = b"\x13\x0cedwards25519";
const P256: &[u8] = &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

fn main() -> Outcome<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [library, label, pin, keys @ ..] = words.as_slice() else {
        return Err("usage: make-token LIBRARY LABEL PIN NAME=KIND...".into());
    };
    let library = Pkcs11::new(library)?;
    library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))?;
    let officer = AuthPin::new("security officer".into());
    let pin = AuthPin::new(pin.as_str().into());
    let slot = *library.get_slots_with_token()?.last().ok_or("no free slot")?;
    library.init_token(slot, &officer, label)?;
    let session = library.open_rw_session(slot)?;
    session.login(UserType::So, Some(&officer))?;
    session.init_pin(&pin)?;
    session.logout()?;
    session.login(UserType::User, Some(&pin))?;
    for (number, key) in (1..).zip(keys) {
        let (name, kind) = key.split_once('=').ok_or("a key is NAME=KIND")?;
        generate(&session, name, number, kind)?;
    }
    Ok(())
}

fn generate(session: &Session, name: &str, number: u8, kind: &str) -> Outcome<()> {
    let (mechanism, curve) = match kind {
        "ed25519" => (Mechanism::EccEdwardsKeyPairGen, EDWARDS25519),
        "p256" => (Mechanism::EccKeyPairGen, P256),
        other => return Err(format!("no kind `{other}`").into()),
    };
    let named = [Attribute::Token(true), Attribute::Label(name.as_bytes().to_vec()), Attribute::Id(vec![number])];
    let public = [Attribute::Private(false), Attribute::Verify(true), Attribute::EcParams(curve.to_vec())];
    let secret = [Attribute::Private(true), Attribute::Sensitive(true), Attribute::Sign(true)];
    session.generate_key_pair(&mechanism, &[&named[..], &public].concat(), &[&named[..], &secret].concat())?;
    Ok(())
}
