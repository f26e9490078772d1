//! What user types, roles, privileges and products are.
//!
//! A [`Catalog`] is data: ids, names, and which privileges a user type admits. It is read from a JSON file whose
//! SHA-256 is its identity, and a catalog that contradicts itself is refused with the place ([`CatalogError`]). The
//! catalog of the seeds is compiled in as [`Catalog::arcgis`]; the code names no user type and no role, and only the
//! privileges that the portal enforces itself ([`enforced`]). The roles that an organization makes for itself join the
//! default ones in [`Catalog::with_custom_roles`].
//!
//! ```
//! use catalog::Catalog;
//! use entitlement::UserTypeId;
//!
//! let catalog = Catalog::arcgis();
//! let viewer = catalog.user_type(&UserTypeId::parse("viewer").unwrap()).unwrap();
//! let publisher = catalog.roles().iter().find(|role| role.name == "Publisher").unwrap();
//! assert!(!catalog.role_fits(publisher, viewer));
//! assert_eq!(catalog.nearest_role(publisher, viewer).unwrap().name, "Viewer");
//! ```

mod add_on;
mod catalog;
mod check;
pub mod enforced;
mod error;
mod id;
mod load;
mod names;
mod privilege;
mod role;
#[cfg(test)]
mod tests;
mod user_type;
mod wire;
mod workflow;

pub use add_on::{AddOn, AddOnKind, Product};
pub use catalog::{App, Catalog, Settings, Universal};
pub use entitlement::{ProductId, RoleId};
pub use error::CatalogError;
pub use id::{PrivilegeId, WorkflowId};
pub use privilege::{Privilege, Reserved, Scope};
pub use role::{CUSTOM_PREFIX, CustomRole, Role};
pub use user_type::{Included, UserType};
pub use workflow::Workflow;
