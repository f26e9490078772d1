//! What the pages load: one stylesheet and one picture, both inside the program.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// The stylesheet, served at `/assets/portal.css`.
pub const STYLESHEET: &[u8] = include_bytes!("../../assets/portal.css");
/// The picture in the tab, served at `/assets/icon.svg`.
pub const ICON: &[u8] = include_bytes!("../../assets/icon.svg");
/// What a page may do: load these two, and send its forms here. No script, no frame, no other host.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                                           frame-ancestors 'none'; base-uri 'none'";

static ADDRESSES: LazyLock<[String; 2]> = LazyLock::new(|| {
    let address = |name: &str, bytes: &[u8]| {
        let [a, b, c, d, ..]: [u8; 32] = Sha256::digest(bytes).into();
        format!("/assets/{name}?v={a:02x}{b:02x}{c:02x}{d:02x}")
    };
    [address("portal.css", STYLESHEET), address("icon.svg", ICON)]
});

/// The addresses of the stylesheet and of the picture. They change with the content, so both may be kept for ever.
#[must_use]
pub fn addresses() -> &'static [String; 2] {
    &ADDRESSES
}

/// The bytes and the media type of an asset, by the last part of its address.
#[must_use]
pub fn asset(name: &str) -> Option<(&'static [u8], &'static str)> {
    match name {
        "portal.css" => Some((STYLESHEET, "text/css; charset=utf-8")),
        "icon.svg" => Some((ICON, "image/svg+xml")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_assets_load_nothing_further() {
        for name in ["portal.css", "icon.svg"] {
            let text = String::from_utf8(asset(name).unwrap().0.to_vec()).unwrap();
            assert!(!text.contains("url(") && !text.contains("@import") && !text.contains("<script"), "{name}");
        }
        assert_eq!(asset("../Cargo.toml"), None);
    }

    #[test]
    fn the_palette_is_the_measured_one_in_light_and_dark() {
        let css = String::from_utf8(STYLESHEET.to_vec()).unwrap();
        let (light, dark) = css.split_once("prefers-color-scheme: dark").unwrap();
        for token in ["--bg: #ffffff", "--fg: #1b1f24", "--muted: #5a6472", "--link: #0b57d0", "--danger: #b3261e"] {
            assert!(light.contains(token), "{token}");
        }
        for token in ["--bg: #14181d", "--fg: #e6eaf0", "--muted: #a3adba", "--link: #8ab4f8", "--danger: #ff8a80"] {
            assert!(dark.contains(token), "{token}");
        }
    }
}
