//! What is meant where nothing is said.

use catalog::{Catalog, RoleId, UserType};

/// The role of a new member for whom none is asked, where the catalog has it and it fits (design: `POST /members`).
const ROLE: &str = "viewer";

/// The role of a new member of that user type for whom none is asked: `viewer`, or else the user type's usual role.
///
/// The catalog's loader has seen that the usual role is there and fits.
#[must_use]
pub fn role<'c>(catalog: &'c Catalog, user_type: &'c UserType) -> &'c RoleId {
    let default = catalog.roles().iter().find(|role| role.id.as_str() == ROLE && user_type.admits(role));
    default.map_or(&user_type.usual_role, |role| &role.id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use catalog::{Catalog, UserType};

    use super::role;
    use crate::sample::user_type;

    fn known(id: &str) -> &'static UserType {
        Catalog::arcgis().user_type(&user_type(id)).unwrap()
    }

    #[test]
    fn the_role_is_viewer_where_it_fits_and_else_the_usual_one() {
        let nothing = |id: &str| UserType { ceiling: BTreeSet::new(), ..known(id).clone() };
        for (case, of, expected) in [
            ("a Viewer", known("viewer").clone(), "viewer"),
            ("a Creator, whose usual role is another", known("creator").clone(), "viewer"),
            ("a Creator who may do nothing", nothing("creator"), known("creator").usual_role.as_str()),
            ("an Editor who may do nothing", nothing("editor"), known("editor").usual_role.as_str()),
        ] {
            assert_eq!(role(Catalog::arcgis(), &of).as_str(), expected, "{case}");
        }
        assert_ne!(known("creator").usual_role.as_str(), "viewer");
    }

    #[test]
    fn a_catalog_without_a_role_of_that_name_gives_the_usual_one() {
        let text = std::str::from_utf8(Catalog::arcgis_bytes()).unwrap();
        let mut whole: serde_json::Value = serde_json::from_str(text).unwrap();
        let rename = |value: &mut serde_json::Value| {
            if value == "viewer" {
                *value = "reader".into();
            }
        };
        for one in whole["roles"].as_array_mut().unwrap() {
            rename(&mut one["id"]);
        }
        for one in whole["user_types"].as_array_mut().unwrap() {
            rename(&mut one["usual_role"]);
        }
        let catalog = Catalog::parse(whole.to_string().as_bytes()).unwrap();
        for (id, expected) in [("viewer", "reader"), ("creator", known("creator").usual_role.as_str())] {
            assert_eq!(role(&catalog, catalog.user_type(&user_type(id)).unwrap()).as_str(), expected, "{id}");
        }
    }
}
