//! Who signs: a key file that a passphrase opens, or a token that a PIN opens.

use std::str::FromStr;

use entitlement::{
    EntitlementDraft, KeyId, PublicKey, SealError, SecretKey, TrustListDraft, seal_entitlement_with,
    seal_trust_list_with,
};
use errors::{Code, Failure};

use crate::passphrase::{Asking, PassphraseArgs};
use crate::token::{TokenKey, TokenUri};
use crate::workspace::{Purpose, Workspace};

/// A key as a person names it.
#[derive(Debug, Clone)]
pub(crate) enum KeyName {
    /// By its name in the workspace.
    Here(KeyId),
    /// By its place in a token.
    Token(TokenUri),
}

impl FromStr for KeyName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with("pkcs11:") {
            return text.parse().map(Self::Token);
        }
        KeyId::parse(text).map(Self::Here).map_err(|error| error.to_string())
    }
}

/// A secret key that is ready to sign.
pub(crate) enum Signer {
    /// From a key file.
    File(SecretKey),
    /// In a token.
    Token(PublicKey, Box<TokenKey>),
}

impl Signer {
    /// Opens the secret half of a key of the workspace. The passphrase, or the PIN, is asked for here.
    pub(crate) fn open(
        workspace: &Workspace,
        (key, purpose): (&PublicKey, Purpose),
        name: &KeyName,
        (passphrase, asking): (&PassphraseArgs, Asking),
    ) -> Result<Self, Failure> {
        let uri = match name {
            KeyName::Token(uri) => Some(uri.clone()),
            KeyName::Here(_) => workspace.token(key.kid(), purpose)?,
        };
        let Some(uri) = uri else {
            let passphrase = passphrase.existing(key.kid(), asking)?;
            return Ok(Self::File(workspace.secret(key, purpose, &passphrase)?));
        };
        let token = TokenKey::open(&uri, &passphrase.pin(&uri, asking)?)?;
        if token.public() == key.as_bytes() {
            return Ok(Self::Token(key.clone(), Box::new(token)));
        }
        let detail = format!(
            "The key `{}` of the token `{}` is another one than the workspace has as `{}`.",
            uri.key_name(),
            uri.token_name(),
            key.kid()
        );
        Err(Failure::new(Code::KeyInvalid, detail))
    }

    /// The public half.
    pub(crate) fn public(&self) -> PublicKey {
        match self {
            Self::File(secret) => secret.public(),
            Self::Token(public, _) => public.clone(),
        }
    }

    /// The file of a license.
    pub(crate) fn license(&self, draft: &EntitlementDraft) -> Result<String, Failure> {
        let sealed = match self {
            Self::File(secret) => entitlement::seal_entitlement(draft, secret).map_err(Unsealed::Draft),
            Self::Token(key, token) => {
                seal_entitlement_with(draft, key.kid(), |bytes| token.sign(bytes).map_err(Unsealed::Token))
            }
        };
        sealed.map_err(|unsealed| unsealed.failure(Code::OrderInvalid, "The order cannot be issued"))
    }

    /// The text of a trust list.
    pub(crate) fn trust_list(&self, draft: &TrustListDraft) -> Result<String, Failure> {
        let sealed = match self {
            Self::File(secret) => entitlement::seal_trust_list(draft, secret).map_err(Unsealed::Draft),
            Self::Token(key, token) => {
                seal_trust_list_with(draft, key.kid(), |bytes| token.sign(bytes).map_err(Unsealed::Token))
            }
        };
        sealed.map_err(|unsealed| unsealed.failure(Code::Usage, "The trust list"))
    }
}

/// Why there is no file.
enum Unsealed {
    /// It contradicts itself.
    Draft(SealError),
    /// The token did not sign.
    Token(Failure),
}

impl From<SealError> for Unsealed {
    fn from(error: SealError) -> Self {
        Self::Draft(error)
    }
}

impl Unsealed {
    fn failure(self, code: Code, what: &str) -> Failure {
        match self {
            Self::Draft(error) => Failure::new(code, format!("{what}: {error}.")),
            Self::Token(failure) => failure,
        }
    }
}
