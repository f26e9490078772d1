use catalog::Catalog;
use entitlement::Moment;

use super::{Order, read};

const THIRTY_SEATS: &str = include_str!("../../../../examples/orders/thirty-seats.toml");

/// The mistakes of an order, one a line.
fn mistakes(order: &str) -> String {
    let found = read(order, Catalog::arcgis()).err().unwrap_or_default();
    found.iter().map(|mistake| format!("{}: {}\n", mistake.line, mistake.problem)).collect()
}

/// The order of thirty seats with one text put in the place of another.
fn with(from: &str, to: &str) -> String {
    assert!(THIRTY_SEATS.contains(from), "{from}");
    THIRTY_SEATS.replacen(from, to, 1)
}

fn good(order: &str) -> Order {
    read(order, Catalog::arcgis()).unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

fn at(text: &str) -> Option<Moment> {
    Moment::parse(text).ok()
}

#[test]
fn the_example_says_what_its_comment_says() {
    let order = good(THIRTY_SEATS);
    assert_eq!((order.contract.as_str(), order.customer.name.as_str()), ("city-of-example", "City of Example"));
    assert_eq!((Some(order.from), order.until), (at("2026-12-01T00:00:00Z"), at("2027-12-01T00:00:00Z")));
    let types = order.user_types.iter().map(|line| (line.id.as_str(), line.count, line.until)).collect::<Vec<_>>();
    assert_eq!(types, [("viewer", 25, None), ("creator", 5, None)]);
    let add_ons = order.add_ons.iter().map(|line| (line.id.as_str(), line.count, line.until, line.trial));
    assert_eq!(add_ons.collect::<Vec<_>>(), [("arcgis-pro-standard", 2, at("2027-02-01T00:00:00Z"), Some(true))]);
    assert_eq!((order.policy, order.note, order.replaces.len()), (entitlement::Policy::default(), None, 0));
}

#[test]
fn ids_may_be_typed_in_capitals_and_what_has_a_default_may_be_left_out() {
    let order = good(&with("viewer  = 25", "Viewer = 25").replace("catalog  = \"arcgis\"\n", ""));
    assert_eq!(order.user_types[0].id.as_str(), "viewer");
    let order = good(&with("last_day = 2027-11-30\n", "").replace("\"city-of-example\"\n", "\"City-of-Example\"\n"));
    assert_eq!((order.until, order.contract.as_str()), (None, "city-of-example"));
}

#[test]
fn a_zone_moves_the_midnights() {
    let order = good(&with("last_day = 2027-11-30", "last_day = 2027-11-30\nzone = \"-05:00\""));
    assert_eq!((Some(order.from), order.until), (at("2026-12-01T05:00:00Z"), at("2027-12-01T05:00:00Z")));
    assert_eq!(order.add_ons[0].until, at("2027-02-01T05:00:00Z"));
}

#[test]
fn several_lines_of_one_user_type_are_a_list() {
    let order = good(&with("viewer  = 25", "viewer = [{ count = 20 }, 3, { count = 5, from = 2027-06-01 }]"));
    let lines = order.user_types.iter().map(|line| (line.id.as_str(), line.count, line.from)).collect::<Vec<_>>();
    let june = at("2027-06-01T00:00:00Z");
    assert_eq!(lines, [("viewer", 20, None), ("viewer", 3, None), ("viewer", 5, june), ("creator", 5, None)]);
}

/// Each order has exactly these mistakes.
fn refuses_each(cases: &[(String, String)]) {
    for (order, answer) in cases {
        assert_eq!(mistakes(order), *answer, "{order}");
    }
}

#[test]
fn a_missing_part_or_a_wrong_day_is_named_with_its_line() {
    refuses_each(&[
        (with("contract = \"city-of-example\"\n", ""), "1: `contract` is missing\n".to_owned()),
        (with("[user_types]\nviewer  = 25\ncreator = 5\n", ""), "1: `user_types` is missing\n".into()),
        (
            with("viewer  = 25\ncreator = 5\n", ""),
            "9: `user_types` is empty; valid are: viewer, editor, mobile-worker, \
          creator, gis-pro-basic, gis-pro-standard, gis-pro-advanced, insights-analyst, storyteller\n"
                .into(),
        ),
        (
            with("from     = 2026-12-01", "from = 2026-12-01T00:00:00Z"),
            "6: `from` is a day such as 2026-12-01\n".into(),
        ),
        (
            with("from     = 2026-12-01", "from = \"2026-12-01\""),
            "6: `from` is a day such as 2026-12-01, without quotation marks\n".into(),
        ),
        (
            with("last_day = 2027-11-30", "last_day = 2027-02-29"),
            "7: invalid date, expected day between 01 and 28\n".into(),
        ),
        (
            with("last_day = 2027-11-30", "last_day = 2026-11-30"),
            "7: `last_day` 2026-11-30 is before `from` 2026-12-01\n".into(),
        ),
        (
            with("last_day = 2027-11-30", "last_day = 9999-12-31"),
            "7: the day 9999-12-31 is outside the years 1970 to 9999\n".into(),
        ),
        (
            with("from     = 2026-12-01", "from = 1969-12-31"),
            "6: the day 1969-12-31 is outside the years 1970 to 9999\n".into(),
        ),
    ]);
}

#[test]
fn a_wrong_count_is_named_with_its_line_and_what_is_valid() {
    const COUNT: &str = "it must be a whole number from 1 to 4294967295";
    refuses_each(&[
        (with("viewer  = 25", "viewer = 0"), format!("10: `viewer` is 0; {COUNT}\n")),
        (with("viewer  = 25", "viewer = -1"), format!("10: `viewer` is -1; {COUNT}\n")),
        (with("viewer  = 25", "viewer = 4294967296"), format!("10: `viewer` is 4294967296; {COUNT}\n")),
        (
            with("viewer  = 25", "viewer = 99999999999999999999"),
            format!("10: `viewer` is 99999999999999999999; {COUNT}\n"),
        ),
        (
            with("viewer  = 25", "viewer = 25.0"),
            "10: `viewer` must be a count, or a table with `count`, not a number with a fraction\n".into(),
        ),
        (with("viewer  = 25", "viewer = 25\nviewer = 26"), "11: duplicate key\n".into()),
        (
            with("viewer  = 25", "viewer = 25\nViewer = 26"),
            "11: `viewer` stands twice; write several lines of it as a list of tables\n".into(),
        ),
    ]);
}

#[test]
fn a_wrong_member_of_a_line_is_named_with_its_line() {
    refuses_each(&[
        (with("count = 2, ", ""), "14: `count` is missing\n".into()),
        (with(", last_day = 2027-01-31", ""), "14: a trial ends: give `last_day` of `arcgis-pro-standard`\n".into()),
        (with("2027-01-31", "2028-01-31"), "14: `last_day` is after the order's own `last_day`\n".into()),
        (with("2027-01-31", "2026-01-31"), "14: `last_day` is before the order's own `from`\n".into()),
        (with("trial = true", "from = 2026-11-01"), "14: `from` is before the order's own `from`\n".into()),
        (
            with("trial = true, last_day = 2027-01-31", "from = 2028-01-01"),
            "14: `from` is after the order's own `last_day`\n".into(),
        ),
        (with("trial = true", "trial = 1"), "14: `trial` must be true or false, not a whole number\n".into()),
        (
            with("catalog  = \"arcgis\"", "replaces = [\"city-of-example\", \"a\", \"a\"]"),
            "5: `replaces` names the contract of this order itself\n5: `replaces` names `a` twice\n".into(),
        ),
        (
            with("catalog  = \"arcgis\"", "note = \"\""),
            "5: `note`: not a text of 1 to 2000 characters without control characters\n".into(),
        ),
        (with("customer = {", "customer = \"City\" # {"), "4: `customer` must be a table, not a text\n".into()),
        (
            String::new(),
            "1: `contract` is missing\n1: `customer` is missing\n1: `from` is missing\n1: `user_types` is missing\n"
                .into(),
        ),
    ]);
}

#[test]
fn all_mistakes_are_named_at_once() {
    let order = r#"contract = "City of Example"
customer = { id = "city", nmae = "City" }
catalog = "arcgs"
zone = "Europe/Rome"
from = 2026-12-01
replaces = "old"
colour = "red"
note = 3

[user_types]
viwer = 25
mobile-worker = "3"
editor = { count = 3, trial = true }

[add_ons]
arcgis-pro-standard = { trial = true }
arcgis-velocity = { count = 1, last_day = 2026-02-30 }

[policy]
one_over = 2
offline = 1
"#;
    assert_eq!(
        mistakes(order),
        r#"1: `contract`: "City of Example" is not an id: 1 to 64 of a-z, 0-9 and hyphen, not beginning with a hyphen
2: `nmae` is not known here; did you mean `name`? Valid are: id, name
2: `name` is missing
3: `catalog`: there is no catalog `arcgs`; did you mean `arcgis`? Valid are: arcgis
4: `zone`: the zone `Europe/Rome` is not understood; write "UTC" or an offset such as "+02:00" (names of places such as "Europe/Rome" are not supported)
6: `replaces` must be a list of contracts, not a text
7: `colour` is not known here; valid are: contract, customer, catalog, from, last_day, zone, replaces, note, user_types, add_ons, policy
8: `note` must be a text in quotation marks, not a whole number
11: `user_types` knows no `viwer`; did you mean `viewer`? Valid are: viewer, editor, mobile-worker, creator, gis-pro-basic, gis-pro-standard, gis-pro-advanced, insights-analyst, storyteller
12: `mobile-worker` must be a count, or a table with `count`, not a text
13: `trial` is not known here; valid are: count, from, last_day
16: `count` is missing
16: a trial ends: give `last_day` of `arcgis-pro-standard`
17: invalid date, expected day between 01 and 28
20: `one_over` is 2; it must be a whole number from 0 to 1
21: `offline` must be true or false, not a whole number
"#
    );
}

#[test]
fn text_that_is_no_toml_is_answered_with_its_lines() {
    assert_eq!(
        mistakes(&with("viewer  = 25", "viewer =").replace("count = 2,", "count = two,")),
        "10: string values must be quoted, expected literal string\n14: invalid boolean, expected `true`\n"
    );
}
