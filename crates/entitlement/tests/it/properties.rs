//! What holds of every file: changed, it is refused or means the same; opened, it seals to the same.

use entitlement::*;
use proptest::prelude::*;

use crate::fixture::*;
use crate::lease_fixture::*;

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

prop_compose! {
    fn any_lease()(
        ids in ("[A-Za-z0-9._-]{1,64}", "\\PC{1,128}", "\\PC{1,128}", "\\PC{1,200}"),
        names in (proptest::option::of("\\PC{1,128}"), proptest::option::of("\\PC{1,128}")),
        product in slug(),
        extensions in proptest::collection::btree_set(slug(), 0..8),
        (key, offline) in any::<(bool, bool)>(),
        (after, lasts) in (0_i64..1800, 1_i64..30 * 86_400),
        epoch in 0_u64..1 << 53,
    ) -> LeaseDraft {
        let label = |text: &str| Label::parse(text).unwrap_or_else(|_| Label::parse("a").unwrap());
        let mut draft = lease_draft(&bound());
        draft.jti = LeaseId::parse(&ids.0).unwrap();
        (draft.sub, draft.device.id) = (label(&ids.1), label(&ids.2));
        draft.device.name = Name::parse(&ids.3).unwrap_or(draft.device.name);
        draft.device.key = draft.device.key.filter(|_| key);
        (draft.username, draft.level) = (names.0.as_deref().map(label), names.1.as_deref().map(label));
        draft.product = ProductId::parse(&product).unwrap();
        draft.extensions = extensions.iter().map(|id| AddOnId::parse(id).unwrap()).collect();
        let most = if offline { 30 * 86_400 } else { 1800 };
        draft.usage = if offline { LeaseUse::Offline } else { LeaseUse::Session };
        draft.nbf = draft.iat.plus_seconds(after.min(most - 1));
        draft.exp = draft.nbf.plus_seconds(lasts.min(most - (draft.nbf.unix() - draft.iat.unix())));
        draft.epoch = epoch;
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
    fn a_sealed_lease_opens_to_what_was_said(draft in any_lease()) {
        let file = seal_lease(&draft, &portal()).unwrap();
        let lease = open_lease(file.as_bytes(), &bound(), now(), Some(draft.device.id.as_str())).unwrap();
        prop_assert_eq!(lease.draft(), &draft);
        prop_assert_eq!(seal_lease(lease.draft(), &portal()).unwrap(), file);
    }

    #[test]
    fn a_changed_lease_is_refused_or_means_the_same(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let file = sealed_lease();
        let mut changed = file.clone().into_bytes();
        changed[at.index(file.len())] = byte;
        if let Ok(lease) = open_lease(&changed, &bound(), now(), None) {
            prop_assert_eq!(lease, opened_lease());
        }
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

/// Every byte of a lease, by every single-bit change: refused, or the same lease.
#[test]
fn every_byte_of_a_lease_counts_or_changes_nothing() {
    let (file, license, lease) = (sealed_lease(), bound(), opened_lease());
    let signed: Vec<std::ops::Range<usize>> = ["protected", "payload", "signature"]
        .iter()
        .map(|name| {
            let text = outer(&file)[name].as_str().unwrap().to_owned();
            let start = file.find(&text).unwrap();
            start..start + text.len()
        })
        .collect();
    for at in 0..file.len() {
        for bit in 0..8 {
            let mut changed = file.clone().into_bytes();
            changed[at] ^= 1 << bit;
            match open_lease(&changed, &license, now(), None) {
                Ok(opened) => {
                    assert!(!signed.iter().any(|part| part.contains(&at)), "{at} {bit}");
                    assert_eq!(opened, lease, "{at} {bit}");
                }
                Err(error) => {
                    let known = error.code() == "lease-other-portal" || error.code().starts_with("license-");
                    assert!(known, "{at} {bit}: {error}");
                }
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
