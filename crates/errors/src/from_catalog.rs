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
        let error = Catalog::parse(br#"{"schema": 2}"#).unwrap_err();
        let (place, problem) = (error.place.clone(), error.problem.clone());
        let failure = Failure::from(error);
        assert_eq!(failure.code, Code::CatalogInvalid);
        assert_eq!(failure.detail, format!("The catalog cannot be used; {place}: {problem}."));
        assert_eq!((&failure.facts["place"], &failure.facts["problem"]), (&place.into(), &problem.into()));
    }
}
