//! The question whether a user type may be taken one over (S23 to S28).

use crate::pages::choice::Person;
use crate::texts::text;

/// What an administrator must consent to in order to take a user type one over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The name and the id of the field in which the number is typed.
    pub field: String,
    /// The name of the user type.
    pub name: String,
    /// Seats in force.
    pub licensed: u64,
    /// Assigned afterwards.
    pub after: u64,
    /// Members who will be refused; the number to type.
    pub locked_out: u64,
    /// How many of them are signed in now.
    pub signed_in_now: u64,
    /// The only member who is changed, where it is only one: a swap can be offered.
    pub instead_of: Option<String>,
    /// With whom a swap would lock nobody out.
    pub candidates: Vec<Person>,
}

impl Consent {
    pub(super) fn effect(&self) -> String {
        let Self { name, licensed, after, locked_out, .. } = self;
        text("consent-effect")
            .with("name", name)
            .with("after", after)
            .with("licensed", licensed)
            .with("count", locked_out)
            .plain()
    }

    pub(super) fn signed_in_words(&self) -> String {
        text("consent-signed-in").with("count", self.signed_in_now).plain()
    }
}

#[cfg(test)]
mod tests {
    use crate::pages::sample;

    #[test]
    fn the_question_names_the_numbers() {
        let mut consent = sample::consent();
        assert_eq!(
            consent.effect(),
            "While Viewer has 26 of 25, 26 members cannot use the portal, and nobody can be added."
        );
        assert!(consent.signed_in_words().starts_with("19 of them are signed in now"));
        consent.signed_in_now = 1;
        assert!(consent.signed_in_words().starts_with("1 of them is signed in now"));
        consent.signed_in_now = 0;
        assert_eq!(consent.signed_in_words(), "None of them is signed in now.");
    }
}
