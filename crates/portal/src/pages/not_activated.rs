//! What a portal shows before it is activated.

use askama::Template;

use crate::pages::frame::Frame;

/// Every address of a portal that has no license file yet; the footer tells its id.
#[derive(Debug, Clone, Template)]
#[template(path = "not_activated.html")]
pub struct NotActivated {
    /// The surroundings.
    pub frame: Frame,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::{html, sample};

    #[test]
    fn the_page_names_the_two_commands_and_the_portal() {
        let mut frame = sample::stranger();
        frame.footer.license = None;
        let page = html(&NotActivated { frame }).unwrap();
        assert!(page.contains("<h1>This portal is not activated yet</h1>"));
        assert!(page.contains("seatwarden-portal request --data DIR --out request.json"));
        assert!(page.contains("seatwarden-portal activate license.json --trust trust.json --data DIR --admin NAME"));
        assert!(
            page.contains("<span>No license file</span>")
                && page.contains("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
        );
    }
}
