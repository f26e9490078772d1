//! A catalog that contradicts itself, as a failure of the registry.

use catalog::CatalogError;

use crate::{Code, Failure};

impl From<CatalogError> for Failure {
    fn from(error: CatalogError) -> Self {
        let detail = format!("The catalog cannot be used; {}: {}.", error.place, error.problem);
        Self::new(Code::CatalogInvalid, detail).with("place", error.place).with("problem", error.problem)
    }
}

#[cfg(test)]
mod tests {
    use catalog::Catalog;

    use crate::{Code, Failure};

    #[test]
    fn a_broken_catalog_is_named_with_its_place() {
        let failure = Failure::from(Catalog::parse(b"[]").unwrap_err());
        assert_eq!(failure.code, Code::CatalogInvalid);
        assert_eq!(
            failure.detail,
            "The catalog cannot be used; line 1, column 0: invalid type: sequence, expected an object."
        );
        assert_eq!(failure.facts["place"], "line 1, column 0");
    }
}
