//! Ids, texts, digests and instants: what is one, what is not, and how it is written.

use entitlement::*;

use crate::fixture::at;

const SLUG: &str = "1 to 64 of a-z, 0-9 and hyphen, not beginning with a hyphen";

#[test]
fn a_slug_is_lower_case_letters_digits_and_hyphens() {
    for good in ["a", "0", "creator", "arcgis-pro-standard", "a-", "9-9", &"a".repeat(64)] {
        assert_eq!(UserTypeId::parse(good).unwrap().as_str(), good);
    }
    for wrong in ["", "-a", "Creator", "a_b", "a.b", "a b", " a", "a\n", "\u{e9}", &"a".repeat(65)] {
        assert_eq!(UserTypeId::parse(wrong), Err(BadId { found: wrong.to_owned(), form: SLUG }), "{wrong:?}");
    }
}

#[test]
fn people_may_type_upper_case() {
    assert_eq!(UserTypeId::from_input("Creator"), UserTypeId::parse("creator"));
    assert_eq!(AddOnId::from_input("ArcGIS-Pro").unwrap().as_str(), "arcgis-pro");
    assert_eq!(UserTypeId::from_input(" creator"), Err(BadId { found: " creator".into(), form: SLUG }));
}

#[test]
fn license_numbers_and_key_names_have_their_own_letters() {
    for good in ["SW-2026-000123", "a.b_c-D9", &"Z".repeat(64)] {
        assert_eq!(LicenseId::parse(good).unwrap().as_str(), good);
    }
    for wrong in ["", "a b", "a/b", "\u{e9}", &"Z".repeat(65)] {
        assert!(LicenseId::parse(wrong).is_err(), "{wrong:?}");
    }
    for good in ["vendor-2026-a", "_-", "A9"] {
        assert_eq!(KeyId::parse(good).unwrap().as_str(), good);
    }
    for wrong in ["", "a.b", "../a", "a b", &"a".repeat(65)] {
        assert!(KeyId::parse(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn an_id_is_written_as_it_is_and_read_as_strictly_from_json() {
    let id = UserTypeId::parse("creator").unwrap();
    assert_eq!((id.to_string(), format!("{id:?}")), ("creator".to_owned(), "UserTypeId(creator)".to_owned()));
    assert_eq!((id.as_ref(), "creator".parse::<UserTypeId>()), ("creator", Ok(id.clone())));
    assert_eq!(serde_json::to_string(&id).unwrap(), "\"creator\"");
    assert_eq!(serde_json::from_str::<UserTypeId>("\"creator\"").unwrap(), id);
    let wrong = serde_json::from_str::<UserTypeId>("\"Creator\"").unwrap_err().to_string();
    assert_eq!(wrong, format!("\"Creator\" is not an id: {SLUG} at line 1 column 9"));
    let number = serde_json::from_str::<UserTypeId>("1").unwrap_err().to_string();
    assert_eq!(number, format!("invalid type: integer `1`, expected {SLUG} at line 1 column 1"));
    let counts = std::collections::BTreeMap::from([(id, 1)]);
    assert_eq!(counts.get("creator"), Some(&1));
}

#[test]
fn a_digest_is_43_characters_of_base64url() {
    // SHA-256 of the empty text.
    let written = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
    let digest = CatalogDigest::of(b"");
    assert_eq!((digest.to_string(), digest.as_bytes()[..2].to_vec()), (written.to_owned(), vec![0xe3, 0xb0]));
    assert_eq!(CatalogDigest::parse(written), Ok(digest));
    assert_eq!(written.parse::<CatalogDigest>(), Ok(digest));
    assert_eq!(format!("{digest:?}"), format!("CatalogDigest({written})"));
    assert_eq!(serde_json::from_str::<CatalogDigest>(&serde_json::to_string(&digest).unwrap()).unwrap(), digest);
    assert!(serde_json::from_str::<CatalogDigest>("\"AAAA\"").is_err());
    let form = "a SHA-256 as 43 characters of base64url";
    // The last character holds two bits that must be zero: V for U is another spelling of the same bytes.
    for wrong in ["", "AAAA", &format!("{written}="), &format!("{}V", &written[..42]), &written.replace('-', "+")] {
        assert_eq!(CatalogDigest::parse(wrong), Err(BadId { found: wrong.to_owned(), form }), "{wrong}");
    }
    assert_eq!(Identity::of(b"").to_string(), written);
}

#[test]
fn a_text_is_bounded_and_shows_as_it_is() {
    assert_eq!(Name::parse("City of Example").unwrap().to_string(), "City of Example");
    assert_eq!(Name::parse(&"x".repeat(200)).unwrap().as_str().len(), 200);
    assert_eq!(Name::parse(&"x".repeat(201)), Err(BadText { max: 200 }));
    assert_eq!(Name::parse(""), Err(BadText { max: 200 }));
    let sentence = "not a text of 1 to 2000 characters without control characters";
    assert_eq!(Note::parse("a\u{9b}").unwrap_err().to_string(), sentence);
    assert_eq!(serde_json::to_string(&Name::parse("a\"b").unwrap()).unwrap(), r#""a\"b""#);
}

#[test]
fn an_instant_has_one_spelling() {
    for (text, seconds) in [
        ("1970-01-01T00:00:00Z", 0),
        ("2024-02-29T23:59:59Z", 1_709_251_199),
        ("2026-12-15T00:00:00Z", 1_797_292_800),
        ("9999-12-31T23:59:59Z", 253_402_300_799),
    ] {
        let moment = Moment::parse(text).unwrap();
        assert_eq!((moment.unix(), moment.to_string()), (seconds, text.to_owned()));
        assert_eq!((Moment::from_unix(seconds), text.parse()), (Some(moment), Ok(moment)));
    }
    for wrong in [
        "",
        "2026-12-15",
        "2026-12-15T00:00:00",
        "2026-12-15T00:00:00z",
        "2026-12-15t00:00:00Z",
        "2026-12-15 00:00:00Z",
        "2026-12-15T00:00:00+00:00",
        "2026-12-15T00:00:00.0Z",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-12-15T24:00:00Z",
        "2026-12-15T23:59:60Z",
        "1969-12-31T23:59:59Z",
        "10000-01-01T00:00:00Z",
        "2026-12-15T00:00:00Z ",
        " 2026-12-15T00:00:00Z",
        "+026-12-15T00:00:00Z",
        "2026-1-015T00:00:00Z",
        "2026-12-15T00:00:0\u{661}Z",
    ] {
        assert_eq!(Moment::parse(wrong), Err(BadMoment), "{wrong:?}");
    }
    assert_eq!(BadMoment.to_string(), "not an instant of the form 2026-12-01T00:00:00Z");
}

#[test]
fn an_instant_stays_in_its_range() {
    assert_eq!(Moment::from_unix(-1), None);
    assert_eq!(Moment::from_unix(253_402_300_800), None);
    let start = at("1970-01-01T00:00:00Z");
    let end = at("9999-12-31T23:59:59Z");
    assert_eq!(start.plus_seconds(61).to_string(), "1970-01-01T00:01:01Z");
    assert_eq!((start.plus_seconds(-1), end.plus_seconds(1)), (start, end));
    assert_eq!((start.plus_seconds(i64::MIN), end.plus_seconds(i64::MAX)), (start, end));
    assert_eq!(serde_json::to_string(&end).unwrap(), "253402300799");
    assert_eq!(serde_json::from_str::<Moment>("61").unwrap().unix(), 61);
    let wrong = serde_json::from_str::<Moment>("253402300800").unwrap_err().to_string();
    assert_eq!(wrong, "an instant outside the years 1970 to 9999");
}

#[test]
fn every_kind_has_a_name_for_machines_and_one_for_people() {
    let names: Vec<(&str, String)> = Kind::ALL.iter().map(|kind| (kind.typ(), kind.to_string())).collect();
    let expected = [
        ("seatwarden-trust+jwt", "trust list"),
        ("seatwarden-entitlement+jwt", "entitlement"),
        ("seatwarden-catalog+jwt", "catalog"),
        ("seatwarden-portal+jwt", "activation request"),
        ("seatwarden-lease+jwt", "lease"),
        ("seatwarden-usage+jwt", "usage report"),
        ("seatwarden-return+jwt", "return code"),
    ];
    assert_eq!(names, expected.map(|(typ, name)| (typ, name.to_owned())));
    for kind in Kind::ALL {
        assert_eq!(Kind::from_typ(kind.typ()), Some(kind));
    }
    assert_eq!(Kind::from_typ("JWT"), None);
}

#[test]
fn the_free_object_is_checked_when_it_is_made() {
    assert_eq!(Ext::parse("{\"a\": 1}").unwrap().as_str(), "{\"a\": 1}");
    for wrong in ["", "[]", "{", "{} x", "{\"a\":1,\"a\":1}"] {
        assert!(Ext::parse(wrong).is_err(), "{wrong}");
    }
    assert_eq!(Ext::parse("{\"a\":1,\"a\":1}").unwrap_err(), "member \"a\" stands twice at line 1 column 10");
    assert_ne!(Ext::parse("{\"a\":1}"), Ext::parse("{\"a\":2}"));
}
