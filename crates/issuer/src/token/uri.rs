//! The address of a key in a token: a PKCS #11 URI (RFC 7512), of which the part that finds one key is read.

use std::path::{Path, PathBuf};
use std::str::FromStr;

/// A key in a token.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct TokenUri {
    text: String,
    token: Option<String>,
    serial: Option<String>,
    object: Option<String>,
    id: Option<Vec<u8>>,
    module: PathBuf,
    pin_source: Option<PathBuf>,
}

const KNOWN: &str = "token, serial, object, id, type, and after a question mark module-path and pin-source";

impl TokenUri {
    /// The label of the token.
    pub(crate) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The serial number of the token.
    pub(crate) fn serial(&self) -> Option<&str> {
        self.serial.as_deref()
    }

    /// The label of the key.
    pub(crate) fn object(&self) -> Option<&str> {
        self.object.as_deref()
    }

    /// The id of the key in the token.
    pub(crate) fn id(&self) -> Option<&[u8]> {
        self.id.as_deref()
    }

    /// The library that speaks to the token.
    pub(crate) fn module(&self) -> &Path {
        &self.module
    }

    /// The file whose first line is the PIN.
    pub(crate) fn pin_source(&self) -> Option<&Path> {
        self.pin_source.as_deref()
    }

    /// What a person calls the token.
    pub(crate) fn token_name(&self) -> &str {
        self.token().or(self.serial()).unwrap_or_default()
    }

    /// What a person calls the key.
    pub(crate) fn key_name(&self) -> String {
        let bytes = self.id().unwrap_or_default().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        self.object().map_or(bytes, str::to_owned)
    }

    /// Whether both name the same key, by whatever library and with whatever PIN.
    pub(crate) fn is_of_the_key(&self, other: &Self) -> bool {
        (&self.token, &self.serial, &self.object, &self.id) == (&other.token, &other.serial, &other.object, &other.id)
    }

    /// Takes one attribute. A second one of its name would leave open which of them counts.
    fn take(&mut self, name: &str, value: &str) -> Result<(), String> {
        let bytes = decoded(value).ok_or_else(|| format!("`{name}` is not percent-encoded"))?;
        let text = || String::from_utf8(bytes.clone()).map_err(|_| format!("`{name}` is not UTF-8"));
        let twice = match name {
            "token" => self.token.replace(text()?).is_some(),
            "serial" => self.serial.replace(text()?).is_some(),
            "object" => self.object.replace(text()?).is_some(),
            "id" => self.id.replace(bytes).is_some(),
            "type" if value == "private" => false,
            "type" => return Err("`type` is not private".to_owned()),
            "module-path" => !std::mem::replace(&mut self.module, absolute(name, &text()?)?).as_os_str().is_empty(),
            "pin-source" => self.pin_source.replace(pin_file(&text()?)?).is_some(),
            "pin-value" => {
                return Err("`pin-value`: a PIN never stands in a command or a file of this program".to_owned());
            }
            _ => return Err(format!("`{name}` is not read here; what is: {KNOWN}")),
        };
        if twice { Err(format!("`{name}` stands twice")) } else { Ok(()) }
    }

    fn must_find_one_key(&self) -> Result<(), &'static str> {
        if self.module.as_os_str().is_empty() {
            return Err("`module-path`, the library of the token, is missing");
        }
        if self.token.is_none() && self.serial.is_none() {
            return Err("`token` (its label) or `serial` is missing");
        }
        if self.object.is_none() && self.id.is_none() {
            return Err("`object` (the label of the key) or `id` is missing");
        }
        Ok(())
    }
}

impl std::fmt::Display for TokenUri {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for TokenUri {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let rest = text.strip_prefix("pkcs11:").ok_or("not an address that begins with pkcs11:")?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut uri = Self { text: text.to_owned(), ..Self::default() };
        let queried = ["module-path", "pin-source", "pin-value"];
        for (attribute, is_queried) in
            path.split(';').map(|it| (it, false)).chain(query.split('&').map(|it| (it, true)))
        {
            let Some((name, value)) = attribute.split_once('=') else {
                if attribute.is_empty() {
                    continue;
                }
                return Err(format!("`{attribute}` is not of the form name=value"));
            };
            if is_queried != queried.contains(&name) && KNOWN.contains(name) {
                return Err(format!("`{name}` stands on the wrong side of the question mark"));
            }
            uri.take(name, value)?;
        }
        uri.must_find_one_key()?;
        Ok(uri)
    }
}

/// Without a folder in front, the system would search for it in places that others may write to.
fn absolute(name: &str, path: &str) -> Result<PathBuf, String> {
    if path.starts_with('/') { Ok(path.into()) } else { Err(format!("`{name}` is not a whole path")) }
}

/// The file of a `pin-source`; a program to run is not started.
fn pin_file(source: &str) -> Result<PathBuf, String> {
    let path = source.strip_prefix("file://").or(source.strip_prefix("file:")).unwrap_or(source);
    if path.is_empty() || path.starts_with('|') {
        return Err("`pin-source` is not a file".to_owned());
    }
    Ok(path.into())
}

/// Without its percent-encoding.
fn decoded(value: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let (high, low) = (digit(rest.next())?, digit(rest.next())?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::TokenUri;

    const WHOLE: &str =
        "pkcs11:token=The%20Safe;object=vendor-1;type=private?module-path=/lib/p11.so&pin-source=file:/s/pin";

    fn problem(text: &str) -> String {
        text.parse::<TokenUri>().unwrap_err()
    }

    #[test]
    fn an_address_names_a_token_a_key_a_library_and_a_file_with_the_pin() {
        let uri: TokenUri = WHOLE.parse().unwrap();
        assert_eq!((uri.token(), uri.object(), uri.serial()), (Some("The Safe"), Some("vendor-1"), None));
        assert_eq!((uri.module(), uri.pin_source()), (Path::new("/lib/p11.so"), Some(Path::new("/s/pin"))));
        assert_eq!(
            (uri.token_name(), uri.key_name().as_str(), uri.to_string().as_str()),
            ("The Safe", "vendor-1", WHOLE)
        );
        let by_number: TokenUri = "pkcs11:serial=42;id=%0a%FF?module-path=/p".parse().unwrap();
        assert_eq!((by_number.token_name(), by_number.key_name().as_str()), ("42", "0aff"));
        assert_eq!((by_number.id(), by_number.pin_source()), (Some(&[10, 255][..]), None));
        for spelled in ["file:///s/pin", "file:/s/pin", "/s/pin"] {
            let uri: TokenUri = format!("pkcs11:token=a;object=b?module-path=/p&pin-source={spelled}").parse().unwrap();
            assert_eq!(uri.pin_source(), Some(Path::new("/s/pin")), "{spelled}");
        }
    }

    #[test]
    fn the_library_and_the_pin_do_not_make_another_key() {
        let of = |text: &str| text.parse::<TokenUri>().unwrap();
        let one = of(WHOLE);
        assert!(one.is_of_the_key(&of("pkcs11:object=vendor-1;token=The%20Safe?module-path=/other")));
        assert!(!one.is_of_the_key(&of("pkcs11:object=vendor-2;token=The%20Safe?module-path=/lib/p11.so")));
        assert!(!one.is_of_the_key(&of("pkcs11:object=vendor-1;token=Another?module-path=/lib/p11.so")));
    }

    #[test]
    fn what_does_not_find_one_key_is_refused() {
        for (text, said) in [
            ("signing-1", "not an address that begins with pkcs11:"),
            ("pkcs11:", "`module-path`, the library of the token, is missing"),
            ("pkcs11:token=a;object=b", "`module-path`, the library of the token, is missing"),
            ("pkcs11:object=b?module-path=/p", "`token` (its label) or `serial` is missing"),
            ("pkcs11:token=a?module-path=/p", "`object` (the label of the key) or `id` is missing"),
            ("pkcs11:token=a;token=b;object=c?module-path=/p", "`token` stands twice"),
            ("pkcs11:token=a;object=c?module-path=/p&module-path=/q", "`module-path` stands twice"),
            ("pkcs11:token=%zz;object=c?module-path=/p", "`token` is not percent-encoded"),
            ("pkcs11:token=%f;object=c?module-path=/p", "`token` is not percent-encoded"),
            ("pkcs11:token=%ff;object=c?module-path=/p", "`token` is not UTF-8"),
            ("pkcs11:token=a;object=c;type=public?module-path=/p", "`type` is not private"),
            ("pkcs11:token=a;object=c;what?module-path=/p", "`what` is not of the form name=value"),
            ("pkcs11:token=a;object=c?module-path=p11.so", "`module-path` is not a whole path"),
            ("pkcs11:token=a;object=c;module-path=/p", "`module-path` stands on the wrong side of the question mark"),
            ("pkcs11:object=c?token=a&module-path=/p", "`token` stands on the wrong side of the question mark"),
            ("pkcs11:token=a;object=c?module-path=/p&pin-source=|cat", "`pin-source` is not a file"),
            (
                "pkcs11:token=a;object=c?module-path=/p&pin-value=1234",
                "`pin-value`: a PIN never stands in a command or a file of this program",
            ),
        ] {
            assert_eq!(problem(text), said, "{text}");
        }
        assert!(
            problem("pkcs11:token=a;object=c;slot-id=1?module-path=/p").starts_with("`slot-id` is not read here; ")
        );
    }
}
