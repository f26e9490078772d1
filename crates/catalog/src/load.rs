//! From the file as written to checked types: every id well-formed and given once, every reference known.

use std::str::FromStr;

use entitlement::{AddOnId, CatalogId, ProductId, RoleId, UserTypeId};

use crate::names::Names;
use crate::wire::{self, Object};
use crate::{
    AddOn, App, CUSTOM_PREFIX, CatalogError, Included, Privilege, PrivilegeId, Product, Reserved, Role, Settings,
    Universal, UserType, Workflow, WorkflowId,
};

/// The one version of the file's form.
const SCHEMA: u32 = 1;

/// What the file says, in checked types; not yet checked as a whole.
#[derive(Debug, Clone)]
pub(crate) struct Parts {
    pub(crate) id: CatalogId,
    pub(crate) name: String,
    pub(crate) privileges: Vec<Privilege>,
    pub(crate) user_types: Vec<UserType>,
    pub(crate) roles: Vec<Role>,
    pub(crate) reserved: Vec<Reserved>,
    pub(crate) workflows: Vec<Workflow>,
    pub(crate) products: Vec<Product>,
    pub(crate) add_ons: Vec<AddOn>,
    pub(crate) universal: Vec<Universal>,
    pub(crate) settings: Vec<Settings>,
    pub(crate) apps: Vec<App>,
}

/// The ids that lists of the file give to other lists.
struct Known<'file> {
    privileges: Names<'file, PrivilegeId>,
    user_types: Names<'file, UserTypeId>,
    roles: Names<'file, RoleId>,
    products: Names<'file, ProductId>,
    add_ons: Names<'file, AddOnId>,
}

/// Reads the bytes of a catalog.
pub(crate) fn load(bytes: &[u8]) -> Result<Parts, CatalogError> {
    let Object(file) = serde_json::from_slice::<Object<wire::File>>(bytes).map_err(|error| shape(&error))?;
    if file.schema != SCHEMA {
        return Err(CatalogError::new("schema", format!("this version reads schema {SCHEMA}, not {}", file.schema)));
    }
    let known = Known {
        privileges: Names::read("privilege", "privileges", ids(&file.privileges, |it| &it.id), PrivilegeId::parse)?,
        user_types: Names::read("user type", "user_types", ids(&file.user_types, |it| &it.id), parsed)?,
        roles: Names::read("role", "roles", ids(&file.roles, |it| &it.id), parsed)?,
        products: Names::read("product", "products", ids(&file.products, |it| &it.id), parsed)?,
        add_ons: Names::read("add-on", "add_ons", ids(&file.add_ons, |it| &it.id), parsed)?,
    };
    Ok(Parts {
        id: CatalogId::parse(&file.id).map_err(|_| CatalogError::new("id", format!("`{}` is not an id", file.id)))?,
        name: said("name", &file.name)?,
        privileges: each("privileges", &file.privileges, |at, it| privilege(at, it, &known))?,
        user_types: each("user_types", &file.user_types, |at, it| user_type(at, it, &known))?,
        roles: each("roles", &file.roles, |at, it| role(at, it, &known))?,
        reserved: reserved(&file.reserved, &known)?,
        workflows: workflows(&file.workflows, &known)?,
        products: each("products", &file.products, |at, it| product(at, it, &known))?,
        add_ons: each("add_ons", &file.add_ons, |at, it| add_on(at, it, &known))?,
        universal: universal(&file.universal)?,
        settings: each("settings", &file.settings, |at, it| settings(at, it, &known))?,
        apps: apps(&file.apps)?,
    })
}

/// Where serde stopped, and why, without the position that it repeats at the end of its sentence.
fn shape(error: &serde_json::Error) -> CatalogError {
    let text = error.to_string();
    let problem = text.split(" at line ").next().unwrap_or_default();
    CatalogError::new(format!("line {}, column {}", error.line(), error.column()), problem)
}

/// An id of the signed files; why it is none is said by whoever asks.
fn parsed<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn ids<T>(list: &[Object<T>], id: impl Fn(&T) -> &str) -> impl Iterator<Item = &str> {
    list.iter().map(move |it| id(&it.0))
}

fn each<T, U>(
    list: &str,
    items: &[Object<T>],
    read: impl Fn(&str, &T) -> Result<U, CatalogError>,
) -> Result<Vec<U>, CatalogError> {
    items.iter().enumerate().map(|(index, item)| read(&format!("{list}[{index}]"), item)).collect()
}

/// A text that is shown to people, so it says something.
fn said(place: &str, text: &str) -> Result<String, CatalogError> {
    if text.trim().is_empty() {
        return Err(CatalogError::new(place, "the text is empty"));
    }
    Ok(text.to_owned())
}

fn privilege(at: &str, it: &wire::Privilege, known: &Known<'_>) -> Result<Privilege, CatalogError> {
    Ok(Privilege {
        id: known.privileges.one(&format!("{at}.id"), &it.id)?,
        scope: it.scope,
        group: said(&format!("{at}.group"), &it.group)?,
        name: said(&format!("{at}.name"), &it.name)?,
        description: said(&format!("{at}.description"), &it.description)?,
        conditions: it.conditions.clone(),
    })
}

fn user_type(at: &str, it: &wire::UserType, known: &Known<'_>) -> Result<UserType, CatalogError> {
    Ok(UserType {
        id: known.user_types.one(&format!("{at}.id"), &it.id)?,
        name: said(&format!("{at}.name"), &it.name)?,
        description: said(&format!("{at}.description"), &it.description)?,
        can_administer: it.can_administer,
        ceiling: known.privileges.all(&format!("{at}.ceiling"), &it.ceiling)?,
        usual_role: known.roles.one(&format!("{at}.usual_role"), &it.usual_role)?,
        includes: each(&format!("{at}.includes"), &it.includes, |at, it| {
            let product = known.products.one(&format!("{at}.product"), &it.product)?;
            Ok(Included { product, level: it.level.clone() })
        })?,
    })
}

fn role(at: &str, it: &wire::Role, known: &Known<'_>) -> Result<Role, CatalogError> {
    if it.id.starts_with(CUSTOM_PREFIX) {
        let problem =
            format!("`{}` begins with `{CUSTOM_PREFIX}`, which is kept for the organization's own roles", it.id);
        return Err(CatalogError::new(format!("{at}.id"), problem));
    }
    Ok(Role {
        id: known.roles.one(&format!("{at}.id"), &it.id)?,
        name: said(&format!("{at}.name"), &it.name)?,
        description: said(&format!("{at}.description"), &it.description)?,
        privileges: known.privileges.all(&format!("{at}.privileges"), &it.privileges)?,
        is_administrator: it.administrator,
        is_custom: false,
        fits: known.user_types.all(&format!("{at}.fits"), &it.fits)?,
    })
}

fn reserved(list: &[Object<wire::Described>], known: &Known<'_>) -> Result<Vec<Reserved>, CatalogError> {
    let names = Names::read("reserved act", "reserved", ids(list, |it| &it.id), PrivilegeId::parse)?;
    each("reserved", list, |at, it| {
        let place = format!("{at}.id");
        if known.privileges.find(&it.id).is_some() {
            return Err(CatalogError::new(place, format!("the reserved act `{}` is a privilege too", it.id)));
        }
        Ok(Reserved {
            id: names.one(&place, &it.id)?,
            name: said(&format!("{at}.name"), &it.name)?,
            description: said(&format!("{at}.description"), &it.description)?,
        })
    })
}

fn workflows(list: &[Object<wire::Workflow>], known: &Known<'_>) -> Result<Vec<Workflow>, CatalogError> {
    let names = Names::read("workflow", "workflows", ids(list, |it| &it.id), WorkflowId::parse)?;
    each("workflows", list, |at, it| {
        Ok(Workflow {
            id: names.one(&format!("{at}.id"), &it.id)?,
            scope: it.scope,
            name: said(&format!("{at}.name"), &it.name)?,
            required: known.privileges.all(&format!("{at}.required"), &it.required)?,
            optional: known.privileges.all(&format!("{at}.optional"), &it.optional)?,
            note: it.note.clone(),
        })
    })
}

fn product(at: &str, it: &wire::Product, known: &Known<'_>) -> Result<Product, CatalogError> {
    Ok(Product {
        id: known.products.one(&format!("{at}.id"), &it.id)?,
        name: said(&format!("{at}.name"), &it.name)?,
        levels: it.levels.clone(),
        sessions: it.sessions,
        offline: it.offline,
    })
}

fn add_on(at: &str, it: &wire::AddOn, known: &Known<'_>) -> Result<AddOn, CatalogError> {
    Ok(AddOn {
        id: known.add_ons.one(&format!("{at}.id"), &it.id)?,
        name: said(&format!("{at}.name"), &it.name)?,
        kind: it.kind,
        product: known.products.maybe(&format!("{at}.product"), it.product.as_ref())?,
        level: it.level.clone(),
        requires: known.products.maybe(&format!("{at}.requires"), it.requires.as_ref())?,
        user_types: known.user_types.all(&format!("{at}.user_types"), &it.user_types)?,
        unlocks: known.privileges.all(&format!("{at}.unlocks"), &it.unlocks)?,
    })
}

fn settings(at: &str, it: &wire::Settings, known: &Known<'_>) -> Result<Settings, CatalogError> {
    Ok(Settings {
        privilege: known.privileges.one(&format!("{at}.privilege"), &it.privilege)?,
        section: said(&format!("{at}.section"), &it.section)?,
        topics: it.topics.clone(),
    })
}

fn universal(list: &[Object<wire::Described>]) -> Result<Vec<Universal>, CatalogError> {
    let names = Names::read("universal ability", "universal", ids(list, |it| &it.id), PrivilegeId::parse)?;
    each("universal", list, |at, it| {
        Ok(Universal {
            id: names.one(&format!("{at}.id"), &it.id)?.to_string(),
            name: said(&format!("{at}.name"), &it.name)?,
            description: said(&format!("{at}.description"), &it.description)?,
        })
    })
}

fn apps(list: &[Object<wire::App>]) -> Result<Vec<App>, CatalogError> {
    let names = Names::read("app", "apps", ids(list, |it| &it.id), parsed::<ProductId>)?;
    each("apps", list, |at, it| {
        let id = names.one(&format!("{at}.id"), &it.id)?.to_string();
        Ok(App { id, name: said(&format!("{at}.name"), &it.name)? })
    })
}
