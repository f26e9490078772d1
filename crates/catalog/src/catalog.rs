//! A checked catalog and what can be asked of it.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use entitlement::{AddOnId, CatalogDigest, CatalogId, ProductId, RoleId, UserTypeId};

use crate::load::{Parts, load};
use crate::{AddOn, CatalogError, CustomRole, Privilege, PrivilegeId, Product, Reserved, Role, UserType};
use crate::{Workflow, WorkflowId, check};

/// The bytes of the built-in catalog. Once released they never change: a license file names their SHA-256.
const ARCGIS: &[u8] = include_bytes!("../catalogs/arcgis.json");

/// Their SHA-256, written out so that a verifier that runs once need not hash the catalog. A test holds the two together.
const ARCGIS_DIGEST: &str = "tUH_n43jFez2Y2AygPDb8ciH57zJNQ7ne1WhZPVOTxY";

/// User types, roles, privileges, products: the meaning of the ids in a license file. Lists keep the order of the file.
#[derive(Debug, Clone)]
pub struct Catalog {
    digest: CatalogDigest,
    parts: Parts,
}

/// Something that every member can do, whatever the role (S119, S120).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Universal {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What members can do.
    pub description: String,
}

/// What one privilege over settings covers (S202 to S216).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The privilege.
    pub privilege: PrivilegeId,
    /// The page of the settings.
    pub section: String,
    /// The topics on that page.
    pub topics: Vec<String>,
}

/// An app or service that is named but carries no license rule (S267).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct App {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl Catalog {
    /// Reads and checks the bytes of a catalog file.
    ///
    /// # Errors
    /// The first place that is not of the form, or that contradicts another.
    pub fn parse(bytes: &[u8]) -> Result<Self, CatalogError> {
        let parts = load(bytes)?;
        check::check(&parts)?;
        Ok(Self { digest: CatalogDigest::of(bytes), parts })
    }

    /// The built-in catalog.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test reads these very bytes; a program without its catalog cannot go on")]
    pub fn arcgis() -> &'static Self {
        static BUILT_IN: OnceLock<Catalog> = OnceLock::new();
        BUILT_IN.get_or_init(|| Self::parse(ARCGIS).expect("the built-in catalog is consistent"))
    }

    /// The bytes of the built-in catalog.
    #[must_use]
    pub const fn arcgis_bytes() -> &'static [u8] {
        ARCGIS
    }

    /// The digest of the built-in catalog, without reading the catalog.
    #[must_use]
    pub fn arcgis_digest() -> CatalogDigest {
        CatalogDigest::parse(ARCGIS_DIGEST).unwrap_or_else(|_| CatalogDigest::of(ARCGIS))
    }

    /// The catalog's identity: the SHA-256 of its bytes, as license files name it.
    #[must_use]
    pub fn digest(&self) -> &CatalogDigest {
        &self.digest
    }

    /// The catalog's id.
    #[must_use]
    pub fn id(&self) -> &CatalogId {
        &self.parts.id
    }

    /// The catalog's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.parts.name
    }

    /// The same catalog with these roles of the organization after the default ones, in the order given, in place of any
    /// that it had (S127). It keeps its digest, which names the default part.
    #[must_use]
    pub fn with_custom_roles(&self, roles: &[CustomRole]) -> Self {
        let mut whole = self.clone();
        whole.parts.roles.retain(|role| !role.is_custom);
        whole.parts.roles.extend(roles.iter().map(|role| self.in_effect(role)));
        whole
    }

    /// What a role of the organization gives under this catalog: a privilege that the catalog does not have is left out,
    /// because another catalog may have come with another file. It fits the user types that admit it (S132), and it is
    /// never the Administrator role (S134).
    #[must_use]
    pub fn in_effect(&self, custom: &CustomRole) -> Role {
        let known = custom.privileges.iter().filter(|id| self.privilege(id).is_some());
        let mut role = Role {
            id: custom.id.clone(),
            name: custom.name.clone(),
            description: custom.description.clone(),
            privileges: known.cloned().collect(),
            is_administrator: false,
            is_custom: true,
            fits: BTreeSet::new(),
        };
        role.fits = self.user_types().iter().filter(|it| it.admits(&role)).map(|it| it.id.clone()).collect();
        role
    }

    /// The user types (S97 to S105).
    #[must_use]
    pub fn user_types(&self) -> &[UserType] {
        &self.parts.user_types
    }

    /// The user type of that id.
    #[must_use]
    pub fn user_type(&self, id: &UserTypeId) -> Option<&UserType> {
        self.parts.user_types.iter().find(|it| it.id == *id)
    }

    /// The default roles (S121 to S126), and after them those of [`Catalog::with_custom_roles`].
    #[must_use]
    pub fn roles(&self) -> &[Role] {
        &self.parts.roles
    }

    /// The role of that id.
    #[must_use]
    pub fn role(&self, id: &RoleId) -> Option<&Role> {
        self.parts.roles.iter().find(|it| it.id == *id)
    }

    /// The default Administrator role; a checked catalog has exactly one.
    #[must_use]
    pub fn administrator(&self) -> Option<&Role> {
        self.parts.roles.iter().find(|it| it.is_administrator)
    }

    /// Whether the role can be given to members of the user type (S95, S96, S132).
    #[must_use]
    pub fn role_fits(&self, role: &Role, user_type: &UserType) -> bool {
        user_type.admits(role)
    }

    /// The default role to propose when `role` does not fit `user_type`: of the roles that fit and give nothing that
    /// `role` does not give, the one that gives most. Never the Administrator role (A-ENF-10), and never a role of the
    /// organization's own: nobody has said for whom it is meant.
    #[must_use]
    pub fn nearest_role(&self, role: &Role, user_type: &UserType) -> Option<&Role> {
        let may_be_proposed = |it: &&Role| !it.is_administrator && !it.is_custom;
        let candidates = self.parts.roles.iter().filter(may_be_proposed);
        let candidates = candidates.filter(|it| user_type.admits(it) && it.privileges.is_subset(&role.privileges));
        // Of equals the first in catalog order, and `max_by_key` keeps the last.
        candidates.rev().max_by_key(|it| it.privileges.len())
    }

    /// The privileges (S135 to S201).
    #[must_use]
    pub fn privileges(&self) -> &[Privilege] {
        &self.parts.privileges
    }

    /// The privilege of that id.
    #[must_use]
    pub fn privilege(&self, id: &PrivilegeId) -> Option<&Privilege> {
        self.parts.privileges.iter().find(|it| it.id == *id)
    }

    /// The acts reserved to default administrators (S218 to S226).
    #[must_use]
    pub fn reserved(&self) -> &[Reserved] {
        &self.parts.reserved
    }

    /// The workflows (S228 to S249).
    #[must_use]
    pub fn workflows(&self) -> &[Workflow] {
        &self.parts.workflows
    }

    /// The workflow of that id.
    #[must_use]
    pub fn workflow(&self, id: &WorkflowId) -> Option<&Workflow> {
        self.parts.workflows.iter().find(|it| it.id == *id)
    }

    /// The products (S260 to S263).
    #[must_use]
    pub fn products(&self) -> &[Product] {
        &self.parts.products
    }

    /// The product of that id.
    #[must_use]
    pub fn product(&self, id: &ProductId) -> Option<&Product> {
        self.parts.products.iter().find(|it| it.id == *id)
    }

    /// The add-ons, extensions and licenses of the organization (S264 to S266).
    #[must_use]
    pub fn add_ons(&self) -> &[AddOn] {
        &self.parts.add_ons
    }

    /// The add-on of that id.
    #[must_use]
    pub fn add_on(&self, id: &AddOnId) -> Option<&AddOn> {
        self.parts.add_ons.iter().find(|it| it.id == *id)
    }

    /// What every member can do (S119, S120).
    #[must_use]
    pub fn universal(&self) -> &[Universal] {
        &self.parts.universal
    }

    /// What the privileges over settings cover (S202 to S216).
    #[must_use]
    pub fn settings(&self) -> &[Settings] {
        &self.parts.settings
    }

    /// Apps and services without a license rule (S267).
    #[must_use]
    pub fn apps(&self) -> &[App] {
        &self.parts.apps
    }
}
