//! What the pages load: one stylesheet, one picture and one script, all inside the program.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// The stylesheet, served at `/assets/portal.css`.
pub const STYLESHEET: &[u8] = include_bytes!("../../assets/portal.css");
/// The picture in the tab, served at `/assets/icon.svg`.
pub const ICON: &[u8] = include_bytes!("../../assets/icon.svg");
/// What pages do more where a script may run, served at `/assets/portal.js`. No page depends on it.
pub const SCRIPT: &[u8] = include_bytes!("../../assets/portal.js");
/// What a page may do: load these three, and send its forms here. No code in a page, no frame, no other host.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                                           form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

static ADDRESSES: LazyLock<[String; 3]> = LazyLock::new(|| {
    let address = |name: &str, bytes: &[u8]| {
        let [a, b, c, d, ..]: [u8; 32] = Sha256::digest(bytes).into();
        format!("/assets/{name}?v={a:02x}{b:02x}{c:02x}{d:02x}")
    };
    [address("portal.css", STYLESHEET), address("icon.svg", ICON), address("portal.js", SCRIPT)]
});

/// The addresses of the stylesheet, of the picture and of the script. They change with the content, so all may be kept for
/// ever.
#[must_use]
pub fn addresses() -> &'static [String; 3] {
    &ADDRESSES
}

/// The bytes and the media type of an asset, by the last part of its address.
#[must_use]
pub fn asset(name: &str) -> Option<(&'static [u8], &'static str)> {
    match name {
        "portal.css" => Some((STYLESHEET, "text/css; charset=utf-8")),
        "icon.svg" => Some((ICON, "image/svg+xml")),
        "portal.js" => Some((SCRIPT, "text/javascript; charset=utf-8")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_assets_load_nothing_further() {
        for name in ["portal.css", "icon.svg", "portal.js"] {
            let text = String::from_utf8(asset(name).unwrap().0.to_vec()).unwrap();
            assert!(!text.contains("url(") && !text.contains("@import") && !text.contains("<script"), "{name}");
        }
        assert_eq!(asset("../Cargo.toml"), None);
    }

    #[test]
    fn the_script_makes_no_markup_and_no_code_of_text_asks_nobody_and_speaks_no_language() {
        let script = String::from_utf8(SCRIPT.to_vec()).unwrap();
        let code: String = script.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for never in [
            "eval",
            "Function(",
            "innerHTML",
            "outerHTML",
            "insertAdjacent",
            "document.write",
            "setTimeout",
            "import",
            "fetch",
            "XMLHttp",
            "WebSocket",
            "sendBeacon",
            "cookie",
            "Storage",
            "location",
            "createContextual",
        ] {
            assert!(!code.contains(never), "{never}");
        }
        // What it shows is taken from the page: `data-your-time`, `data-chosen`, `data-choose-all`, `data-show`.
        let shown: Vec<&str> = code.split("textContent = ").skip(1).filter_map(|rest| rest.split(';').next()).collect();
        assert_eq!(shown, ["` ${pattern.replace(\"{time}\", words)}`", "words", "field.dataset.show"]);
    }

    #[test]
    fn a_page_may_run_what_the_portal_serves_and_nothing_that_stands_in_it() {
        let policy: Vec<&str> = CONTENT_SECURITY_POLICY.split("; ").collect();
        assert_eq!(policy[..4], ["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'"]);
        assert!(!CONTENT_SECURITY_POLICY.contains("unsafe"));
    }

    #[test]
    fn on_paper_there_is_nothing_to_press_and_nothing_is_cut_off() {
        let css = String::from_utf8(STYLESHEET.to_vec()).unwrap();
        let (_, print) = css.split_once("@media print").unwrap();
        let hidden = print.split(" { display: none; }").next().unwrap().rsplit('}').next().unwrap();
        for part in [".skip", "nav", ".reader", ".filters", ".bulk", ".actions", "button", ".button"] {
            assert!(hidden.split([',', '\n']).any(|selector| selector.trim() == part), "{part}");
        }
        for rule in [
            ".scroll, .scroll.matrix { overflow: visible; max-height: none;",
            "a::after { content: none; }",
            ".meter { print-color-adjust: exact;",
        ] {
            assert!(print.contains(rule), "{rule}");
        }
    }

    #[test]
    fn the_palette_is_the_measured_one_in_light_and_dark() {
        let css = String::from_utf8(STYLESHEET.to_vec()).unwrap();
        let (light, rest) = css.split_once("prefers-color-scheme: dark").unwrap();
        let (dark, print) = rest.split_once("@media print").unwrap();
        assert!(light.contains("color-scheme: light dark;") && !dark.contains("color-scheme:"));
        assert!(print.contains("color-scheme: light;") && print.contains("--bg: #ffffff"));
        for token in ["--bg: #ffffff", "--fg: #1b1f24", "--muted: #5a6472", "--link: #0b57d0", "--danger: #b3261e"] {
            assert!(light.contains(token), "{token}");
        }
        for token in ["--bg: #14181d", "--fg: #e6eaf0", "--muted: #a3adba", "--link: #8ab4f8", "--danger: #ff8a80"] {
            assert!(dark.contains(token), "{token}");
        }
    }
}
