//! Signing any text at all, also where no honest signer would.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use sha2::{Digest as _, Sha256, Sha512};

use super::json::Json;

/// A key that anybody can make again: its seed is one byte, repeated.
#[derive(Clone)]
pub struct Key {
    /// Its name.
    pub kid: String,
    /// Its seed (RFC 8032, 5.1.5).
    pub seed: [u8; 32],
}

impl Key {
    /// A key of that name.
    pub fn named(kid: &str, seed: u8) -> Self {
        Self { kid: kid.to_owned(), seed: [seed; 32] }
    }

    /// A key named by its thumbprint (RFC 7638), as a portal's key is.
    pub fn self_named(seed: u8) -> Self {
        let key = Self::named("", seed);
        Self { kid: thumbprint(&key.x()), ..key }
    }

    /// The public key as bytes.
    pub fn public(&self) -> [u8; 32] {
        SigningKey::from_bytes(&self.seed).verifying_key().to_bytes()
    }

    /// The public key as JWKs write it.
    pub fn x(&self) -> String {
        base64url(&self.public())
    }

    /// The header of a file of that kind under this key.
    pub fn header(&self, typ: &str) -> String {
        format!(r#"{{"alg":"EdDSA","kid":"{}","typ":"{typ}"}}"#, self.kid)
    }

    /// The file of that kind with this payload and no summary.
    pub fn sign(&self, typ: &str, payload: &str) -> Sealed {
        self.sign_under(&self.header(typ), payload)
    }

    /// The same with any text as the header.
    pub fn sign_under(&self, header: &str, payload: &str) -> Sealed {
        self.sign_encoded(&base64url(header.as_bytes()), &base64url(payload.as_bytes()))
    }

    /// Signs any two texts as `protected` and `payload`.
    pub fn sign_encoded(&self, protected: &str, payload: &str) -> Sealed {
        let signature = SigningKey::from_bytes(&self.seed).sign(format!("{protected}.{payload}").as_bytes()).to_bytes();
        Sealed { about: None, payload: payload.to_owned(), protected: protected.to_owned(), signature }
    }
}

/// RFC 7638, 3.
pub fn thumbprint(x: &str) -> String {
    base64url(&Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#)))
}

/// base64url without padding.
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The members of a file.
#[derive(Clone)]
pub struct Sealed {
    /// The summary, where there is one.
    pub about: Option<Json>,
    /// The encoded payload.
    pub payload: String,
    /// The encoded header.
    pub protected: String,
    /// The signature.
    pub signature: [u8; 64],
}

impl Sealed {
    /// With this summary.
    pub fn about(mut self, about: Json) -> Self {
        self.about = Some(about);
        self
    }

    /// The outer object, in the order in which it is written.
    pub fn outer(&self) -> Json {
        let text = |text: &str| Json::Scalar(format!("\"{text}\""));
        let mut members = vec![
            ("payload".to_owned(), text(&self.payload)),
            ("protected".to_owned(), text(&self.protected)),
            ("signature".to_owned(), text(&base64url(&self.signature))),
        ];
        if let Some(about) = &self.about {
            members.insert(0, ("about".to_owned(), about.clone()));
        }
        Json::Object(members)
    }

    /// The file as it is written.
    pub fn file(&self) -> String {
        self.outer().pretty("  ") + "\n"
    }

    /// The same on one line (RFC 7515, 7.1), as return codes are.
    pub fn compact(&self) -> String {
        format!("{}.{}", self.signing_input(), base64url(&self.signature))
    }

    /// What the signature is over.
    pub fn signing_input(&self) -> String {
        format!("{}.{}", self.protected, self.payload)
    }

    /// What makes the file this file.
    pub fn identity(&self) -> String {
        base64url(&Sha256::digest(self.signing_input()))
    }

    /// The same file with S + L in the place of S: the same signature to whoever does not look at the range of S.
    pub fn with_s_plus_order(mut self) -> Self {
        let s: [u8; 32] = self.signature[32..].try_into().expect("32 bytes");
        self.signature[32..].copy_from_slice(&bytes(add(limbs(s), ORDER)));
        self
    }

    /// The same file signed with the nonce 0, so that R is the identity point, which is of small order, and
    /// S = k a. Verification that only computes S B = R + k A takes it.
    pub fn with_small_order_r(mut self, key: &Key) -> Self {
        let mut secret: [u8; 32] = Sha512::digest(key.seed)[..32].try_into().expect("32 bytes");
        secret[0] &= 0xf8;
        secret[31] = secret[31] & 0x7f | 0x40;
        let challenge = Sha512::new()
            .chain_update(IDENTITY_POINT)
            .chain_update(key.public())
            .chain_update(self.signing_input())
            .finalize();
        let s = times(&challenge, times(&secret, [1, 0, 0, 0]));
        self.signature[..32].copy_from_slice(&IDENTITY_POINT);
        self.signature[32..].copy_from_slice(&bytes(s));
        self
    }
}

/// The identity point as RFC 8032 writes it. As a public key, R = itself and S = 0 signs every text.
pub const IDENTITY_POINT: [u8; 32] = {
    let mut bytes = [0; 32];
    bytes[0] = 1;
    bytes
};

/// L, the order of the base point (RFC 8032, 5.1), the lowest 64 bits first.
const ORDER: [u64; 4] = [0x5812_631a_5cf5_d3ed, 0x14de_f9de_a2f7_9cd6, 0, 0x1000_0000_0000_0000];

/// A number, written with the lowest bit first, times another below L, modulo L: doubling and adding.
fn times(number: &[u8], factor: [u64; 4]) -> [u64; 4] {
    let bits = number.iter().rev().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1));
    bits.fold([0; 4], |product, bit| {
        let doubled = reduced(add(product, product));
        if bit { reduced(add(doubled, factor)) } else { doubled }
    })
}

/// Both below 2^255, so that nothing is carried out.
fn add(a: [u64; 4], b: [u64; 4]) -> [u64; 4] {
    let mut carry = 0;
    std::array::from_fn(|limb| {
        let sum = u128::from(a[limb]) + u128::from(b[limb]) + carry;
        carry = sum >> 64;
        u64::try_from(sum & u128::from(u64::MAX)).expect("64 bits")
    })
}

/// Below 2 L before, below L after.
fn reduced(number: [u64; 4]) -> [u64; 4] {
    if number.iter().rev().lt(ORDER.iter().rev()) {
        return number;
    }
    let mut borrow = false;
    std::array::from_fn(|limb| {
        let (without, first) = number[limb].overflowing_sub(ORDER[limb]);
        let (difference, second) = without.overflowing_sub(u64::from(borrow));
        borrow = first || second;
        difference
    })
}

fn limbs(bytes: [u8; 32]) -> [u64; 4] {
    std::array::from_fn(|limb| u64::from_le_bytes(bytes[limb * 8..limb * 8 + 8].try_into().expect("8 bytes")))
}

fn bytes(limbs: [u64; 4]) -> [u8; 32] {
    std::array::from_fn(|index| limbs[index / 8].to_le_bytes()[index % 8])
}
