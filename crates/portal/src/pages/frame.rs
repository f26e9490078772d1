//! What every page shows around its content.

use crate::actions::surroundings::Sections;
use crate::pages::when::When;
use crate::texts::text;

/// The surroundings of a page: who reads it, what must be noticed, and which portal this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The name of the house: the one that was set, or the customer's.
    pub portal_name: String,
    /// What else the house says of itself.
    pub house: House,
    /// Whether this is a demonstration; the banner cannot be put away.
    pub demo: bool,
    /// Who is signed in.
    pub reader: Option<Reader>,
    /// The user types over their limit, for administrators; empty for everybody else. The notice stands on every page
    /// and cannot be dismissed (S11 to S13).
    pub over_limit: Vec<OverLimit>,
    /// The planned returns that are due and found no seat, for those who can help it; on every page as well.
    pub due_returns: Vec<DueReturn>,
    /// What keeps everybody from starting a product, for those who can help it; on every page as well.
    pub products_blocked: Option<ProductsBlocked>,
    /// The end that is near, for those who may see the licenses; it stands on every page as well.
    pub ends_soon: Option<EndsSoon>,
    /// What else those who may see the licenses are told: the clock, the trust list, the keys.
    pub cautions: Vec<Caution>,
    /// The facts at the end of the page.
    pub footer: Footer,
}

/// The words and notices of the house (S205, S206); empty where it has none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct House {
    /// A line about it, shown before the sign-in.
    pub summary: String,
    /// Whom members turn to, shown to who is locked out.
    pub contact: String,
    /// What is shown before the sign-in.
    pub access_notice: String,
    /// What is shown on every page to who is signed in.
    pub information_banner: String,
}

/// The member who reads the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// The full name, or the user name.
    pub name: String,
    /// The form token of the session.
    pub csrf: String,
    /// What the navigation offers.
    pub open: Sections,
}

/// The facts at the end of every page, which support asks for first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footer {
    /// The portal's id.
    pub portal_id: String,
    /// The installed file.
    pub license: Option<FooterLicense>,
    /// The version of the program.
    pub version: &'static str,
}

/// The installed file in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FooterLicense {
    /// The id of the license.
    pub id: String,
    /// Its sequence in the contract.
    pub sequence: u32,
}

/// One user type over its limit, as administrators are told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverLimit {
    /// The id of the user type.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Registered members.
    pub assigned: u64,
    /// Seats in force.
    pub licensed: u64,
    /// Assigned beyond licensed.
    pub over: u64,
    /// Since when, where it is known.
    pub since: Option<When>,
    /// Members who are refused now.
    pub locked_out: u64,
    /// Who began it and how, where it was a member's change.
    pub started: Option<Started>,
}

/// More add-on licenses are assigned than licensed (S46, S49).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductsBlocked {
    /// Since when.
    pub since: When,
    /// Which: the name, assigned, licensed.
    pub short: Vec<(String, u64, u64)>,
}

/// Licenses end soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndsSoon {
    /// When.
    pub at: When,
    /// The threshold that was passed, in days.
    pub within_days: u64,
}

/// Something that is told on every page, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caution {
    /// The id of the heading.
    pub id: &'static str,
    /// The heading.
    pub heading: String,
    /// What it is, and the way out.
    pub text: String,
}

/// A planned return whose time has come, and that found no seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueReturn {
    /// The id of the change that is to be taken back.
    pub change: String,
    /// Who is to return, such as `bsato, vlund and 3 more`.
    pub who: String,
    /// Since when.
    pub since: When,
    /// Why it has not happened.
    pub problem: Option<String>,
}

/// The change that took a user type over its limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// The id of the change, for those who may take it back.
    pub change: Option<String>,
    /// Who made it.
    pub who: String,
    /// The change, such as `bsato Creator → Viewer`.
    pub what: String,
}

impl Frame {
    /// The same surroundings for somebody who is nobody yet, even where a session still lives in the browser: what
    /// only a signed-in member is told is left out.
    #[must_use]
    pub fn for_nobody(self) -> Self {
        Self {
            reader: None,
            over_limit: Vec::new(),
            due_returns: Vec::new(),
            products_blocked: None,
            ends_soon: None,
            cautions: Vec::new(),
            ..self
        }
    }
}

impl EndsSoon {
    pub(super) fn days_words(self) -> String {
        text("days").with("count", self.within_days).plain()
    }
}

impl OverLimit {
    pub(super) fn undo(&self) -> Option<&str> {
        self.started.as_ref()?.change.as_deref()
    }

    pub(super) fn effect(&self) -> String {
        match self.locked_out {
            0 => text("nobody-is-locked-out").plain(),
            count => text("cannot-use-the-portal").with("count", count).plain(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Caution, DueReturn, EndsSoon, Frame, House, ProductsBlocked};
    use crate::pages::help::HelpErrors;
    use crate::pages::{html, sample};

    #[test]
    fn a_page_has_a_skip_link_one_heading_the_navigation_and_the_footer() {
        let page = html(&HelpErrors { frame: sample::administrator() }).unwrap();
        assert!(page.contains(r##"<a class="skip" href="#main">Skip to the content</a>"##));
        assert_eq!(page.matches("<h1").count(), 1);
        let words = [("", "Overview"), ("licenses", "Licenses"), ("members", "Members"), ("changes", "Changes")];
        for (address, word) in
            words.into_iter().chain([("roles", "Roles"), ("audit", "Audit"), ("settings", "Settings")])
        {
            let link = format!(r#"<a href="/{address}">{word}</a>"#);
            assert!(page.contains(&link), "{link}");
        }
        assert!(page.contains(r#"<a href="/profile">Signed in as Ana Kim</a>"#));
        let sign_out = r#"<form method="post" action="/signout"><input type="hidden" name="csrf" value="c5f0"><button class="quiet">Sign out</button></form>"#;
        assert!(page.contains(sign_out));
        assert!(page.contains("<span>Portal <code>kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k</code></span>"));
        assert!(page.contains("<span>License SW-2026-000123, sequence 4</span>"));
        assert!(page.contains("<span>Version 0.1.0</span>"));
    }

    #[test]
    fn a_stranger_sees_no_navigation_and_a_member_only_what_is_his() {
        let stranger = html(&HelpErrors { frame: sample::stranger() }).unwrap();
        assert!(!stranger.contains("<nav class=\"main\"") && !stranger.contains("/signout"));
        let member = html(&HelpErrors { frame: sample::member() }).unwrap();
        assert!(member.contains(r#"<a href="/">Overview</a>"#) && member.contains("/signout"));
        for closed in ["licenses", "members", "changes", "roles", "audit", "settings"] {
            assert!(!member.contains(&format!("href=\"/{closed}")), "{closed}");
        }
        assert!(member.contains(r#"<a href="/profile">Signed in as Bo Sato</a>"#));
    }

    #[test]
    fn the_information_banner_stands_on_every_page_of_who_is_signed_in() {
        let house = House { information_banner: "Closed on <Sunday>.".to_owned(), ..House::default() };
        let page = |frame| html(&HelpErrors { frame: Frame { house: house.clone(), ..frame } }).unwrap();
        let banner = "<p>Closed on &#60;Sunday&#62;.</p>";
        assert!(page(sample::member()).contains(banner));
        assert!(!page(sample::stranger()).contains(banner));
        assert!(!html(&HelpErrors { frame: sample::member() }).unwrap().contains("class=\"banner\""));
    }

    #[test]
    fn the_notice_names_the_type_the_numbers_since_when_who_and_the_way_out() {
        let page = html(&HelpErrors { frame: sample::over_limit() }).unwrap();
        let notice = page.split("<div class=\"notice\"").nth(1).and_then(|rest| rest.split("<h1").next()).unwrap();
        for part in [
            r#" role="region" aria-labelledby="over-limit">"#,
            "<strong>Viewer is over by 1</strong>: 26 assigned, 25 licensed",
            r#", since <time datetime="2026-11-22T14:02:00Z">22 Nov 2026 14:02 UTC</time>. 26 members cannot use the portal."#,
            "<p>Started by Ana Kim: bsato Creator → Viewer.</p>",
            r#"<a class="button" href="/changes/chg_7/undo">Undo</a>"#,
            r#"<a class="button" href="/members?user_type=viewer">Finish the exchange</a>"#,
            r#"<a href="/members?user_type=viewer&amp;locked_out=true">Who is locked out</a>"#,
            r##"<a href="/licenses#type-viewer">Licenses</a>"##,
        ] {
            assert!(notice.contains(part), "{part} is not in {notice}");
        }
        assert!(page.find("class=\"notice\"") < page.find("<h1"));
        assert!(!html(&HelpErrors { frame: sample::administrator() }).unwrap().contains("class=\"notice\""));
    }

    #[test]
    fn a_return_that_is_due_names_who_since_when_and_why() {
        let mut frame = sample::administrator();
        assert!(!html(&HelpErrors { frame: frame.clone() }).unwrap().contains("due-returns"));
        frame.due_returns = vec![DueReturn {
            change: "chg_7".to_owned(),
            who: "bsato".to_owned(),
            since: sample::two_past_two(),
            problem: Some("No seat is free: Creator.".to_owned()),
        }];
        let page = html(&HelpErrors { frame }).unwrap();
        assert!(page.contains(r#"<div class="caution" role="region" aria-labelledby="due-returns">"#));
        assert!(page.contains("<li>bsato, due since <time datetime=\"2026-11-22T14:02:00Z\">22 Nov 2026 14:02 UTC</time>: No seat is free: Creator. <a href=\"/changes/chg_7\""));
    }

    #[test]
    fn an_end_that_is_near_is_told_on_every_page() {
        let notice = "<div class=\"caution\" role=\"region\" aria-labelledby=\"ends-soon\">";
        let mut frame = sample::administrator();
        assert!(!html(&HelpErrors { frame: frame.clone() }).unwrap().contains(notice));
        for (within_days, words) in [(30, "within 30 days"), (1, "within 1 day")] {
            frame.ends_soon = Some(EndsSoon { at: sample::end(), within_days });
            let page = html(&HelpErrors { frame: frame.clone() }).unwrap();
            assert!(page.contains(notice));
            let told = format!(
                "<p>The license file gives less from <time datetime=\"2027-12-01T00:00:00Z\">1 Dec 2027 00:00 UTC</time> on: {words}."
            );
            assert!(page.contains(&told), "{told}");
        }
    }

    #[test]
    fn a_caution_is_told_on_every_page() {
        let mut frame = sample::administrator();
        frame.cautions =
            vec![Caution { id: "clock-behind", heading: "Behind".to_owned(), text: "Set <it> right.".to_owned() }];
        let page = html(&HelpErrors { frame }).unwrap();
        assert!(page.contains("<div class=\"caution\" role=\"region\" aria-labelledby=\"clock-behind\">"));
        assert!(page.contains("<p>Set &#60;it&#62; right.</p>"));
    }

    #[test]
    fn who_is_nobody_yet_is_told_nothing_that_members_are_told() {
        let told = Frame {
            due_returns: vec![DueReturn {
                change: "chg_7".to_owned(),
                who: "bsato".to_owned(),
                since: sample::two_past_two(),
                problem: None,
            }],
            products_blocked: Some(ProductsBlocked { since: sample::end(), short: vec![("Pro".to_owned(), 2, 1)] }),
            ends_soon: Some(EndsSoon { at: sample::end(), within_days: 30 }),
            cautions: vec![Caution { id: "clock-behind", heading: "Behind".to_owned(), text: String::new() }],
            ..sample::over_limit()
        };
        assert_eq!(told.for_nobody(), sample::stranger());
    }

    #[test]
    fn a_demonstration_says_so_on_every_page() {
        let mut frame = sample::stranger();
        assert!(!html(&HelpErrors { frame: frame.clone() }).unwrap().contains("Demonstration."));
        frame.demo = true;
        assert!(html(&HelpErrors { frame }).unwrap().contains("<strong>Demonstration.</strong>"));
    }

    #[test]
    fn names_are_escaped_wherever_they_stand() {
        let mut frame = sample::over_limit();
        frame.portal_name = "<script>1</script>".to_owned();
        frame.reader.iter_mut().for_each(|reader| reader.name = "\"><script>2</script>".to_owned());
        frame.over_limit.iter_mut().for_each(|over| over.name = "<script>3</script>".to_owned());
        let page = html(&HelpErrors { frame }).unwrap();
        assert!(!page.contains("<script>"));
        assert!(page.contains("\">Signed in as &#34;&#62;&#60;script&#62;2&#60;/script&#62;</a>"));
    }
}
