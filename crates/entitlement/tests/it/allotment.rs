//! What is in force at one moment: every boundary, to the second.

use std::collections::BTreeMap;

use entitlement::*;

use crate::fixture::{add_on, at, creator, draft, line, opened, viewer};

fn with_line(from: Option<&str>, until: Option<&str>) -> Entitlement {
    let mut draft = draft();
    draft.user_types =
        vec![line("viewer", 25), UserTypeLine { from: from.map(at), until: until.map(at), ..line("creator", 5) }];
    draft.add_ons = vec![];
    opened(&draft)
}

#[test]
fn a_line_counts_from_its_first_instant_to_the_one_before_its_last() {
    let file = with_line(Some("2027-01-01T00:00:00Z"), Some("2027-02-01T00:00:00Z"));
    for (now, creators) in [
        ("2026-12-31T23:59:59Z", 0),
        ("2027-01-01T00:00:00Z", 5),
        ("2027-01-31T23:59:59Z", 5),
        ("2027-02-01T00:00:00Z", 0),
    ] {
        let allotment = file.at(at(now));
        assert_eq!(allotment.licensed(&creator()), creators, "{now}");
        let counts: Vec<bool> = file.user_types().iter().map(|line| line.counts_at(at(now))).collect();
        assert_eq!(counts, [true, creators > 0], "{now}");
        assert_eq!(allotment.licensed(&viewer()), 25, "{now}");
        assert_eq!(allotment.user_types(), &BTreeMap::from([(creator(), creators), (viewer(), 25)]), "{now}");
    }
}

#[test]
fn a_file_counts_from_its_first_instant_to_the_one_before_its_last_and_names_its_state() {
    let file = with_line(None, None);
    for (now, viewers, state) in [
        ("2026-11-30T23:59:59Z", 0, TermState::NotBegun),
        ("2026-12-01T00:00:00Z", 25, TermState::InTerm),
        ("2027-11-30T23:59:59Z", 25, TermState::InTerm),
        ("2027-12-01T00:00:00Z", 0, TermState::Ended),
    ] {
        assert_eq!(file.at(at(now)).licensed(&viewer()), viewers, "{now}");
        assert_eq!(file.term_state(at(now)), state, "{now}");
    }
}

#[test]
fn a_perpetual_file_never_ends() {
    let mut draft = draft();
    draft.exp = None;
    let file = opened(&draft);
    let end = at("9999-12-31T23:59:59Z");
    assert_eq!(file.at(end).licensed(&viewer()), 25);
    assert_eq!(file.term_state(end), TermState::InTerm);
    assert_eq!(file.at(end).next_change(), None);
    assert_eq!(file.until(), None);
}

#[test]
fn a_line_never_counts_outside_the_term_of_its_file() {
    let file = with_line(Some("2026-01-01T00:00:00Z"), Some("2029-01-01T00:00:00Z"));
    assert_eq!(file.at(at("2026-11-30T23:59:59Z")).licensed(&creator()), 0);
    assert_eq!(file.at(at("2026-12-01T00:00:00Z")).licensed(&creator()), 5);
    assert_eq!(file.at(at("2027-12-01T00:00:00Z")).licensed(&creator()), 0);
    let before = with_line(Some("2026-01-01T00:00:00Z"), Some("2026-12-01T00:00:00Z"));
    assert_eq!(before.at(at("2026-12-01T00:00:00Z")).licensed(&creator()), 0);
    assert_eq!(before.at(at("2026-12-01T00:00:00Z")).next_change(), Some(at("2027-12-01T00:00:00Z")));
}

#[test]
fn half_open_lines_take_the_other_end_from_the_file() {
    let begins = with_line(Some("2027-06-01T00:00:00Z"), None);
    assert_eq!(begins.at(at("2027-05-31T23:59:59Z")).licensed(&creator()), 0);
    assert_eq!(begins.at(at("2027-11-30T23:59:59Z")).licensed(&creator()), 5);
    let ends = with_line(None, Some("2027-06-01T00:00:00Z"));
    assert_eq!(ends.at(at("2026-12-01T00:00:00Z")).licensed(&creator()), 5);
    assert_eq!(ends.at(at("2027-06-01T00:00:00Z")).licensed(&creator()), 0);
}

#[test]
fn several_lines_of_one_id_add_up_beyond_u32() {
    let mut draft = draft();
    draft.user_types = vec![line("viewer", u32::MAX), line("creator", 1), line("viewer", u32::MAX)];
    draft.add_ons = vec![add_on("arcgis-pro-standard", u32::MAX), add_on("arcgis-pro-standard", 2)];
    let file = opened(&draft);
    let allotment = file.at(at("2026-12-15T00:00:00Z"));
    assert_eq!(allotment.licensed(&viewer()), 8_589_934_590);
    assert_eq!(allotment.licensed(&creator()), 1);
    let standard = AddOnId::parse("arcgis-pro-standard").unwrap();
    assert_eq!(allotment.add_on(&standard), 4_294_967_297);
    assert_eq!(allotment.add_ons(), &BTreeMap::from([(standard, 4_294_967_297)]));
}

#[test]
fn what_a_file_does_not_name_is_licensed_zero_times() {
    let allotment = opened(&draft()).at(at("2026-12-15T00:00:00Z"));
    assert_eq!(allotment.licensed(&UserTypeId::parse("editor").unwrap()), 0);
    assert_eq!(allotment.add_on(&AddOnId::parse("editor").unwrap()), 0);
    assert_eq!((allotment.sequence(), allotment.policy()), (4, Policy::default()));
}

#[test]
fn add_on_lines_have_terms_of_their_own() {
    let mut draft = draft();
    draft.add_ons[0].from = Some(at("2027-01-01T00:00:00Z"));
    draft.add_ons[0].until = Some(at("2027-02-01T00:00:00Z"));
    let file = opened(&draft);
    let standard = AddOnId::parse("arcgis-pro-standard").unwrap();
    assert_eq!(file.at(at("2026-12-31T23:59:59Z")).add_on(&standard), 0);
    assert_eq!(file.at(at("2027-01-01T00:00:00Z")).add_on(&standard), 2);
    assert_eq!(file.at(at("2027-02-01T00:00:00Z")).add_on(&standard), 0);
    assert_eq!(file.at(at("2026-12-31T23:59:59Z")).next_change(), Some(at("2027-01-01T00:00:00Z")));
}

#[test]
fn the_next_change_is_the_next_instant_at_which_a_number_differs() {
    let file = with_line(Some("2027-01-01T00:00:00Z"), Some("2027-02-01T00:00:00Z"));
    for (now, next) in [
        ("2026-11-01T00:00:00Z", Some("2026-12-01T00:00:00Z")),
        ("2026-12-01T00:00:00Z", Some("2027-01-01T00:00:00Z")),
        ("2027-01-01T00:00:00Z", Some("2027-02-01T00:00:00Z")),
        ("2027-01-31T23:59:59Z", Some("2027-02-01T00:00:00Z")),
        ("2027-02-01T00:00:00Z", Some("2027-12-01T00:00:00Z")),
        ("2027-12-01T00:00:00Z", None),
    ] {
        assert_eq!(file.at(at(now)).next_change(), next.map(at), "{now}");
    }
}

#[test]
fn one_line_that_takes_over_from_another_is_no_change() {
    let mut draft = draft();
    let turn = at("2027-06-01T00:00:00Z");
    draft.user_types = vec![
        UserTypeLine { until: Some(turn), ..line("viewer", 25) },
        UserTypeLine { from: Some(turn), ..line("viewer", 25) },
    ];
    draft.add_ons = vec![];
    let file = opened(&draft);
    assert_eq!(file.at(at("2026-12-15T00:00:00Z")).next_change(), Some(at("2027-12-01T00:00:00Z")));
    assert_eq!(file.at(turn).licensed(&viewer()), 25);
    draft.user_types[1].count = 24;
    assert_eq!(opened(&draft).at(at("2026-12-15T00:00:00Z")).next_change(), Some(turn));
}

#[test]
fn lines_of_zero_change_nothing() {
    let mut draft = draft();
    draft.user_types = vec![line("viewer", 0)];
    draft.add_ons = vec![];
    let file = opened(&draft);
    assert_eq!(file.at(at("2026-12-15T00:00:00Z")).next_change(), None);
    assert_eq!(file.at(at("2026-12-15T00:00:00Z")).user_types(), &BTreeMap::from([(viewer(), 0)]));
}

#[test]
fn numbers_can_be_given_without_a_file() {
    let counts = BTreeMap::from([(viewer(), 3)]);
    let standard = AddOnId::parse("arcgis-pro-standard").unwrap();
    let policy = Policy { one_over: 0, ..Policy::default() };
    let given = Allotment::from_counts(counts.clone(), BTreeMap::from([(standard.clone(), 2)]), policy, 9);
    assert_eq!((given.user_types(), given.licensed(&viewer()), given.add_on(&standard)), (&counts, 3, 2));
    assert_eq!((given.policy(), given.sequence(), given.next_change()), (policy, 9, None));
    let none = Allotment::none();
    assert!(none.user_types().is_empty() && none.add_ons().is_empty());
    assert_eq!((none.sequence(), none.policy(), none.next_change()), (0, Policy::default(), None));
}
