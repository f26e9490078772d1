//! What must hold across the lists of a catalog. Each check names the place that breaks it.

use crate::enforced::ENFORCED;
use crate::load::Parts;
use crate::{AddOn, AddOnKind, CatalogError, Product, Scope, UserType};

/// Refuses a catalog that contradicts itself.
pub(crate) fn check(parts: &Parts) -> Result<(), CatalogError> {
    enforced_privileges(parts)?;
    one_administrator(parts)?;
    administering_types(parts)?;
    fitting_roles(parts)?;
    usual_roles(parts)?;
    included_products(parts)?;
    parts.add_ons.iter().enumerate().try_for_each(|(index, add_on)| one_add_on(parts, index, add_on))?;
    workflows(parts)
}

/// The portal asks for these by name, so they must exist.
fn enforced_privileges(parts: &Parts) -> Result<(), CatalogError> {
    for enforced in ENFORCED {
        if !parts.privileges.iter().any(|privilege| privilege.id.as_str() == *enforced) {
            return Err(CatalogError::new("privileges", format!("the portal enforces `{enforced}`, which is missing")));
        }
    }
    Ok(())
}

/// One role is the default Administrator role, and it holds every administrative privilege (S133).
fn one_administrator(parts: &Parts) -> Result<(), CatalogError> {
    let administrators = parts.roles.iter().enumerate().filter(|(_, role)| role.is_administrator).collect::<Vec<_>>();
    let [(index, administrator)] = administrators.as_slice() else {
        let problem = format!("exactly one role is the administrator role, not {}", administrators.len());
        return Err(CatalogError::new("roles", problem));
    };
    let lacking = parts
        .privileges
        .iter()
        .find(|it| it.scope == Scope::Administrative && !administrator.privileges.contains(&it.id));
    match lacking {
        None => Ok(()),
        Some(privilege) => Err(CatalogError::new(
            format!("roles[{index}].privileges"),
            format!("the administrator role lacks the administrative privilege `{}`", privilege.id),
        )),
    }
}

/// A user type that can administer has a ceiling that admits the Administrator role; one of them exists (S115).
fn administering_types(parts: &Parts) -> Result<(), CatalogError> {
    if !parts.user_types.iter().any(|user_type| user_type.can_administer) {
        return Err(CatalogError::new("user_types", "no user type can administer"));
    }
    let Some(administrator) = parts.roles.iter().find(|role| role.is_administrator) else { return Ok(()) };
    for (index, user_type) in parts.user_types.iter().enumerate().filter(|(_, it)| it.can_administer) {
        if let Some(privilege) = user_type.exceeded_by(administrator).first() {
            return Err(CatalogError::new(
                format!("user_types[{index}].ceiling"),
                format!(
                    "`{}` can administer, but its ceiling lacks `{privilege}` of the administrator role",
                    user_type.id
                ),
            ));
        }
    }
    Ok(())
}

/// The user types that a role is said to fit are those whose ceilings admit it, no more and no fewer (S95, A-UT-1).
fn fitting_roles(parts: &Parts) -> Result<(), CatalogError> {
    for (index, role) in parts.roles.iter().enumerate() {
        for user_type in &parts.user_types {
            let place = format!("roles[{index}].fits");
            let problem = match (role.fits.contains(&user_type.id), user_type.admits(role)) {
                (true, true) | (false, false) => continue,
                (false, true) => format!("`{}` is missing, although its ceiling admits `{}`", user_type.id, role.id),
                (true, false) => match user_type.exceeded_by(role).first() {
                    Some(privilege) => {
                        format!("`{}` holds `{privilege}`, which is above the ceiling of `{}`", role.id, user_type.id)
                    }
                    None => format!("`{}` cannot administer", user_type.id),
                },
            };
            return Err(CatalogError::new(place, problem));
        }
    }
    Ok(())
}

fn usual_roles(parts: &Parts) -> Result<(), CatalogError> {
    for (index, user_type) in parts.user_types.iter().enumerate() {
        let fits = parts.roles.iter().any(|role| role.id == user_type.usual_role && role.fits.contains(&user_type.id));
        if !fits {
            let problem = format!("the role `{}` does not fit `{}`", user_type.usual_role, user_type.id);
            return Err(CatalogError::new(format!("user_types[{index}].usual_role"), problem));
        }
    }
    Ok(())
}

fn included_products(parts: &Parts) -> Result<(), CatalogError> {
    for (index, user_type) in parts.user_types.iter().enumerate() {
        for (number, included) in user_type.includes.iter().enumerate() {
            let place = format!("user_types[{index}].includes[{number}].level");
            let product = parts.products.iter().find(|product| product.id == included.product);
            level(place, product, included.level.as_deref())?;
        }
    }
    Ok(())
}

/// A product with levels is always named with one of them, a product without never.
fn level(place: String, product: Option<&Product>, level: Option<&str>) -> Result<(), CatalogError> {
    let Some(product) = product else { return Ok(()) };
    let problem = match level {
        None if product.levels.is_empty() => return Ok(()),
        Some(level) if product.levels.iter().any(|known| known == level) => return Ok(()),
        None => format!("`{}` needs a level", product.id),
        Some(level) => format!("`{}` has no level `{level}`", product.id),
    };
    Err(CatalogError::new(place, problem))
}

fn one_add_on(parts: &Parts, index: usize, add_on: &AddOn) -> Result<(), CatalogError> {
    let refuse = |member: &str, problem: String| Err(CatalogError::new(format!("add_ons[{index}].{member}"), problem));
    match (add_on.kind, &add_on.product) {
        (AddOnKind::AddOn, None) => return refuse("product", "an add-on names the product that it opens".into()),
        (AddOnKind::Extension | AddOnKind::Organization, Some(_)) => {
            return refuse("product", "only an add-on opens a product".into());
        }
        (AddOnKind::AddOn, Some(product)) => {
            let product = parts.products.iter().find(|it| it.id == *product);
            level(format!("add_ons[{index}].level"), product, add_on.level.as_deref())?;
        }
        (AddOnKind::Extension | AddOnKind::Organization, None) if add_on.level.is_some() => {
            return refuse("level", "only an add-on has a level".into());
        }
        (AddOnKind::Extension | AddOnKind::Organization, None) => {}
    }
    if (add_on.kind == AddOnKind::Organization) != add_on.user_types.is_empty() {
        let problem = "what is assigned to members names user types, what the organization holds names none";
        return refuse("user_types", problem.into());
    }
    for user_type in parts.user_types.iter().filter(|it| add_on.user_types.contains(&it.id)) {
        if let Some(problem) = cannot_hold(parts, add_on, user_type) {
            return refuse("user_types", problem);
        }
    }
    Ok(())
}

/// Why members of the user type could never be given the add-on (A-ADD-4, A-ADD-5).
fn cannot_hold(parts: &Parts, add_on: &AddOn, user_type: &UserType) -> Option<String> {
    if let Some(product) = add_on.product.as_ref().filter(|product| user_type.includes(product)) {
        return Some(format!("`{}` includes `{product}` already", user_type.id));
    }
    let required = add_on.requires.as_ref()?;
    let obtainable = user_type.includes(required)
        || parts
            .add_ons
            .iter()
            .any(|it| it.product.as_ref() == Some(required) && it.user_types.contains(&user_type.id));
    (!obtainable).then(|| format!("`{}` cannot hold `{required}`, which is required", user_type.id))
}

fn workflows(parts: &Parts) -> Result<(), CatalogError> {
    for (index, workflow) in parts.workflows.iter().enumerate() {
        if workflow.required.is_empty() {
            return Err(CatalogError::new(format!("workflows[{index}].required"), "a workflow needs a privilege"));
        }
        if let Some(privilege) = workflow.required.intersection(&workflow.optional).next() {
            let problem = format!("`{privilege}` is required already");
            return Err(CatalogError::new(format!("workflows[{index}].optional"), problem));
        }
    }
    Ok(())
}
