//! Keys in tokens: smart cards, USB keys, hardware security modules, spoken to by PKCS #11. The secret half never leaves
//! them; they sign, and this program keeps the public half.

mod uri;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::{Slot, TokenInfo};
use cryptoki::types::AuthPin;
use errors::{Code, Failure};

pub(crate) use uri::TokenUri;

/// An Ed25519 key in a token that was opened with its PIN.
pub(crate) struct TokenKey {
    uri: TokenUri,
    session: Session,
    secret: ObjectHandle,
    public: [u8; 32],
}

/// The curve of Ed25519 as `CKA_EC_PARAMS` spells it: by the name of PKCS #11 3.0, or by the object identifier of RFC 8410.
const CURVES: [&[u8]; 2] = [b"\x13\x0cedwards25519", &[0x06, 0x03, 0x2b, 0x65, 0x70]];

impl TokenKey {
    /// Finds the token, opens it and finds the key.
    pub(crate) fn open(uri: &TokenUri, pin: &str) -> Result<Self, Failure> {
        let library = Pkcs11::new(uri.module()).map_err(|error| {
            let module = uri.module().display();
            Failure::new(Code::TokenMissing, format!("The library `{module}` of the token cannot be loaded: {error}."))
        })?;
        library
            .initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
            .map_err(|error| refused(uri, &error))?;
        let slot = slot(&library, uri)?;
        let session = library.open_ro_session(slot).map_err(|error| refused(uri, &error))?;
        session
            .login(UserType::User, Some(&AuthPin::new(pin.into())))
            .map_err(|error| not_opened(uri, &error, library.get_token_info(slot).ok().as_ref()))?;
        let secret = object(&session, uri, ObjectClass::PRIVATE_KEY, "secret")?;
        must_be_ed25519(&session, uri, secret)?;
        let public = object(&session, uri, ObjectClass::PUBLIC_KEY, "public")?;
        let public = public_bytes(&session, uri, public)?;
        Ok(Self { uri: uri.clone(), session, secret, public })
    }

    /// The public half.
    pub(crate) fn public(&self) -> &[u8; 32] {
        &self.public
    }

    /// The Ed25519 signature over these bytes.
    pub(crate) fn sign(&self, bytes: &[u8]) -> Result<[u8; 64], Failure> {
        let mechanism = Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Ed25519));
        let signature =
            self.session.sign(&mechanism, self.secret, bytes).map_err(|error| refused(&self.uri, &error))?;
        <[u8; 64]>::try_from(signature).map_err(|signature| {
            let detail = format!("The token `{}` signs with {} bytes, not 64.", self.uri.token_name(), signature.len());
            Failure::new(Code::TokenKeyUnsuitable, detail)
        })
    }
}

/// Where the token is: the one of that label and serial number.
fn slot(library: &Pkcs11, uri: &TokenUri) -> Result<Slot, Failure> {
    let mut found = Vec::new();
    let mut there = Vec::new();
    for slot in library.get_slots_with_token().map_err(|error| refused(uri, &error))? {
        let info = library.get_token_info(slot).map_err(|error| refused(uri, &error))?;
        if !info.token_initialized() {
            continue;
        }
        there.push(format!("`{}` (serial {})", info.label(), info.serial_number()));
        let is_it = uri.token().is_none_or(|label| label == info.label())
            && uri.serial().is_none_or(|serial| serial == info.serial_number());
        if is_it {
            found.push(slot);
        }
    }
    match found.as_slice() {
        [slot] => Ok(*slot),
        [] => {
            let there = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
            let detail = format!("There is no token `{}`; there are: {there}.", uri.token_name());
            Err(Failure::new(Code::TokenMissing, detail))
        }
        [_, _, ..] => {
            let detail =
                format!("Several tokens are called `{}`; name its serial: {}.", uri.token_name(), there.join(", "));
            Err(Failure::new(Code::TokenMissing, detail))
        }
    }
}

/// The one object of that class, label and id.
fn object(session: &Session, uri: &TokenUri, class: ObjectClass, half: &str) -> Result<ObjectHandle, Failure> {
    let mut wanted = vec![Attribute::Class(class)];
    wanted.extend(uri.object().map(|label| Attribute::Label(label.as_bytes().to_vec())));
    wanted.extend(uri.id().map(|id| Attribute::Id(id.to_vec())));
    let found = session.find_objects(&wanted).map_err(|error| refused(uri, &error))?;
    let (token, key) = (uri.token_name(), uri.key_name());
    match found.as_slice() {
        [object] => Ok(*object),
        [] => {
            let there = labels(session, class).map_err(|error| refused(uri, &error))?;
            let there = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
            let detail = format!("The token `{token}` has no {half} key `{key}`; it has: {there}.");
            Err(Failure::new(Code::TokenMissing, detail))
        }
        [_, _, ..] => {
            let detail =
                format!("The token `{token}` has several {half} keys `{key}`; name the id of the one that is meant.");
            Err(Failure::new(Code::TokenMissing, detail))
        }
    }
}

/// The labels of all keys of a class.
fn labels(session: &Session, class: ObjectClass) -> Result<Vec<String>, Error> {
    let mut labels = Vec::new();
    for object in session.find_objects(&[Attribute::Class(class)])? {
        for attribute in session.get_attributes(object, &[AttributeType::Label])? {
            if let Attribute::Label(label) = attribute {
                labels.push(format!("`{}`", String::from_utf8_lossy(&label)));
            }
        }
    }
    labels.sort();
    Ok(labels)
}

fn must_be_ed25519(session: &Session, uri: &TokenUri, secret: ObjectHandle) -> Result<(), Failure> {
    let kinds = session.get_attributes(secret, &[AttributeType::KeyType]).map_err(|error| refused(uri, &error))?;
    if kinds.contains(&Attribute::KeyType(KeyType::EC_EDWARDS)) {
        return Ok(());
    }
    Err(unsuitable(uri, "is no Ed25519 key"))
}

fn public_bytes(session: &Session, uri: &TokenUri, public: ObjectHandle) -> Result<[u8; 32], Failure> {
    let wanted = [AttributeType::EcParams, AttributeType::EcPoint];
    let (mut is_on_the_curve, mut bytes) = (false, None);
    for attribute in session.get_attributes(public, &wanted).map_err(|error| refused(uri, &error))? {
        if let Attribute::EcParams(params) = &attribute {
            is_on_the_curve = CURVES.contains(&params.as_slice());
        }
        if let Attribute::EcPoint(point) = &attribute {
            bytes = point_bytes(point);
        }
    }
    bytes.filter(|_| is_on_the_curve).ok_or_else(|| unsuitable(uri, "is not on the curve of Ed25519"))
}

/// The 32 bytes of a point: in an octet string as PKCS #11 wants it, or bare as some tokens have it.
fn point_bytes(point: &[u8]) -> Option<[u8; 32]> {
    point.strip_prefix(&[0x04, 0x20]).unwrap_or(point).try_into().ok()
}

fn unsuitable(uri: &TokenUri, why: &str) -> Failure {
    let detail = format!("The key `{}` of the token `{}` {why}.", uri.key_name(), uri.token_name());
    Failure::new(Code::TokenKeyUnsuitable, detail)
}

/// Why the PIN did not open the token. A token counts wrong PINs, and its owner should know before the last one.
fn not_opened(uri: &TokenUri, error: &Error, info: Option<&TokenInfo>) -> Failure {
    let token = uri.token_name();
    let locked = info.is_some_and(TokenInfo::user_pin_locked);
    if let Error::Pkcs11(RvError::PinLocked, _) = error {
        return Failure::new(Code::TokenRefused, format!("The token `{token}` is locked after too many wrong PINs."));
    }
    if let Error::Pkcs11(RvError::PinIncorrect | RvError::PinLenRange | RvError::PinInvalid, _) = error {
        let last = info.is_some_and(TokenInfo::user_pin_final_try);
        let left = match (locked, last) {
            (true, _) => " It is locked now.",
            (false, true) => " One more wrong PIN locks it.",
            (false, false) => "",
        };
        return Failure::new(Code::PinWrong, format!("The PIN of the token `{token}` is wrong.{left}"));
    }
    refused(uri, error)
}

fn refused(uri: &TokenUri, error: &Error) -> Failure {
    Failure::new(Code::TokenRefused, format!("The token `{}` does not do it: {error}.", uri.token_name()))
}

#[cfg(test)]
mod tests {
    use super::point_bytes;

    #[test]
    fn a_point_is_read_in_its_wrapping_and_without() {
        let wrapped = [&[0x04, 0x20][..], &[7; 32]].concat();
        assert_eq!((point_bytes(&wrapped), point_bytes(&[7; 32])), (Some([7; 32]), Some([7; 32])));
        // A point of Ed448 has 57 bytes, one of P-256 has 65.
        assert_eq!((point_bytes(&[4; 57]), point_bytes(&[4; 65]), point_bytes(&[])), (None, None, None));
    }
}
