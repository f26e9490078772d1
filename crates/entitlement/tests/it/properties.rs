//! What holds of every file: changed, it is refused or means the same; opened, it seals to the same.

use entitlement::*;
use proptest::prelude::*;

use crate::fixture::*;

fn slug() -> impl Strategy<Value = String> {
    "[a-z0-9][a-z0-9-]{0,63}"
}

fn moment() -> impl Strategy<Value = Moment> {
    (0_i64..=253_402_300_799).prop_map(|seconds| Moment::from_unix(seconds).unwrap())
}

/// Two instants, each or none of them there, in order.
fn term() -> impl Strategy<Value = (Option<Moment>, Option<Moment>)> {
    (proptest::option::of(moment()), proptest::option::of(moment())).prop_map(|(a, b)| match (a, b) {
        (Some(a), Some(b)) if a == b => (Some(a), None),
        (Some(a), Some(b)) => (Some(a.min(b)), Some(a.max(b))),
        other => other,
    })
}

prop_compose! {
    fn user_type_line()(id in slug(), count in any::<u32>(), (from, until) in term()) -> UserTypeLine {
        UserTypeLine { id: UserTypeId::parse(&id).unwrap(), count, from, until }
    }
}

prop_compose! {
    fn add_on_line()(id in slug(), count in any::<u32>(), (from, until) in term(), trial in any::<Option<bool>>()) -> AddOnLine {
        AddOnLine { id: AddOnId::parse(&id).unwrap(), count, from, until, trial }
    }
}

prop_compose! {
    fn any_draft()(
        jti in "[A-Za-z0-9._-]{1,64}",
        sequence in 1_u32..,
        names in ("\\PC{1,200}", "\\PC{1,200}"),
        bound in any::<bool>(),
        (from, until) in term(),
        user_types in proptest::collection::vec(user_type_line(), 0..8),
        add_ons in proptest::collection::vec(add_on_line(), 0..8),
    ) -> EntitlementDraft {
        let name = |text: &str| Name::parse(text).unwrap_or_else(|_| Name::parse("a").unwrap());
        let mut draft = draft();
        draft.jti = LicenseId::parse(&jti).unwrap();
        draft.sequence = sequence;
        draft.iss = name(&names.0);
        draft.customer.name = name(&names.1);
        draft.portal = bound.then(|| portal().public());
        draft.nbf = from.unwrap_or(draft.nbf);
        draft.exp = until.filter(|until| *until > draft.nbf);
        draft.user_types = user_types;
        draft.add_ons = add_ons;
        draft
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_sealed_opens_to_what_was_said(draft in any_draft()) {
        let file = sealed(&draft);
        let opened = open(&file).unwrap();
        prop_assert_eq!(opened.draft(), &draft);
        prop_assert_eq!(sealed(opened.draft()), file);
    }

    #[test]
    fn the_next_change_is_where_the_numbers_change(draft in any_draft(), now in moment()) {
        let file = opened(&draft);
        let here = file.at(now);
        let same = |there: &Allotment| there.user_types() == here.user_types() && there.add_ons() == here.add_ons();
        match here.next_change() {
            Some(next) => {
                prop_assert!(next > now);
                prop_assert!(!same(&file.at(next)));
                prop_assert!(same(&file.at(next.plus_seconds(-1))));
            }
            None => prop_assert!(same(&file.at(Moment::parse("9999-12-31T23:59:59Z").unwrap()))),
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(peek_kind(&bytes).is_err());
        prop_assert!(open_trust_list(&bytes, &roots(), now()).is_err());
    }

    #[test]
    fn a_changed_file_is_refused_or_means_the_same(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let file = sealed(&full_draft());
        let mut changed = file.clone().into_bytes();
        changed[at.index(file.len())] = byte;
        if let Ok(opened) = open_entitlement(&changed, &trust(), Use::Importing, now()) {
            prop_assert_eq!(opened, open(&file).unwrap());
        }
    }

    #[test]
    fn a_shortened_or_doubled_part_is_refused_or_means_the_same(from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>()) {
        let file = sealed(&draft());
        let (from, to) = (from.index(file.len()), to.index(file.len()));
        let (from, to) = (from.min(to), from.max(to));
        for changed in [format!("{}{}", &file[..from], &file[to..]), format!("{}{}", &file[..to], &file[from..])] {
            if let Ok(opened) = open(&changed) {
                prop_assert_eq!(opened, open(&file).unwrap());
            }
        }
    }
}

/// Every byte of the two signed members, by every single-bit change: all are refused.
#[test]
fn every_byte_of_the_signed_part_counts() {
    let file = sealed(&draft());
    let parts = outer(&file);
    let trust = trust();
    let mut tried = 0;
    for name in ["protected", "payload", "signature"] {
        let text = parts[name].as_str().unwrap();
        let start = file.find(text).unwrap();
        for at in start..start + text.len() {
            let mut changed = file.clone().into_bytes();
            changed[at] ^= 1;
            let refused = open_entitlement(&changed, &trust, Use::Importing, now());
            let code = refused.map(|_| ()).map_err(|error| error.code());
            let expected: &[&str] = match name {
                "payload" => &["license-signature"],
                "protected" => &["license-malformed", "license-wrong-kind", "license-key-unknown", "license-signature"],
                _ => &["license-signature", "license-malformed"],
            };
            let is_control_or_quote = matches!(changed[at], b'"' | b'\\') || changed[at] < 0x20;
            assert!(code.is_err_and(|code| expected.contains(&code) || is_control_or_quote), "{name} {at}: {code:?}");
            tried += 1;
        }
    }
    assert!(tried > 800, "{tried}");
}
