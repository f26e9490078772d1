//! Why somebody can or cannot do something: which privilege is missing, and who can give it (S227).
//!
//! The answers are ids; whoever shows them looks the names up in the catalog.

use catalog::{Catalog, PrivilegeId, Role, RoleId, UserType, WorkflowId, enforced};
use entitlement::UserTypeId;

/// What somebody wants to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// What one privilege, or one reserved act, allows (S135 to S201, S218 to S226).
    Privilege(PrivilegeId),
    /// What a workflow is (S228 to S249).
    Workflow(WorkflowId),
}

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// What it takes, all of it, in the order of the ids.
    pub required: Vec<Need>,
    /// What parts of a workflow take besides; empty for a privilege.
    pub optional: Vec<Need>,
}

/// One privilege that is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Which privilege, or which reserved act.
    pub privilege: PrivilegeId,
    /// Whether it is there, and if not, what stands in the way.
    pub answer: Answer,
}

/// Whether a member has a privilege, and what stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is there.
    Granted,
    /// The user type allows it, and the role does not give it.
    MissingFromRole {
        /// The roles that give it and fit the user type, in catalog order; the Administrator role among them, which only
        /// default Administrators give (S114).
        roles_that_have_it_and_fit: Vec<RoleId>,
        /// The privileges by which somebody gives another role, all of them together.
        who: &'static [&'static str],
    },
    /// The user type does not allow it, whatever the role (S96).
    AboveUserType {
        /// The user types that allow it, in catalog order.
        user_types_that_admit_it: Vec<UserTypeId>,
        /// Whether the role gives it, so that another user type is all it takes.
        is_in_role: bool,
        /// The privileges by which somebody changes the user type, all of them together (S248).
        who: &'static [&'static str],
    },
    /// Default Administrators only; no role can be given it (S217).
    Reserved,
}

impl Why {
    /// Whether everything that is required is there.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.required.iter().all(|need| need.answer == Answer::Granted)
    }
}

/// Whom the question is about.
struct Subject<'c> {
    catalog: &'c Catalog,
    user_type: Option<&'c UserType>,
    role: Option<&'c Role>,
}

/// Why a member of that user type and role can or cannot do what is wanted (S227); `None` where the catalog has no such
/// privilege, reserved act or workflow.
///
/// Somebody without a user type, or with one that the catalog does not have, is allowed nothing; a role that it does not
/// have gives nothing. The default Administrator has everything, as in [`Actor::member`](crate::Actor::member).
#[must_use]
pub fn explain(catalog: &Catalog, user_type: Option<&UserTypeId>, role: &RoleId, wanted: &Wanted) -> Option<Why> {
    let user_type = user_type.and_then(|id| catalog.user_type(id));
    let subject = Subject { catalog, user_type, role: catalog.role(role) };
    let needs = |ids: &mut dyn Iterator<Item = &PrivilegeId>| ids.map(|id| subject.need(id)).collect();
    match wanted {
        Wanted::Privilege(id) if catalog.privilege(id).is_some() || is_reserved(catalog, id) => {
            Some(Why { required: vec![subject.need(id)], optional: Vec::new() })
        }
        Wanted::Privilege(_) => None,
        Wanted::Workflow(id) => catalog.workflow(id).map(|workflow| Why {
            required: needs(&mut workflow.required.iter()),
            optional: needs(&mut workflow.optional.iter()),
        }),
    }
}

fn is_reserved(catalog: &Catalog, id: &PrivilegeId) -> bool {
    catalog.reserved().iter().any(|act| act.id == *id)
}

impl Subject<'_> {
    fn need(&self, id: &PrivilegeId) -> Need {
        Need { privilege: id.clone(), answer: self.answer(id) }
    }

    fn answer(&self, id: &PrivilegeId) -> Answer {
        if self.role.is_some_and(|role| role.is_administrator) {
            return Answer::Granted;
        }
        if is_reserved(self.catalog, id) {
            return Answer::Reserved;
        }
        let is_in_role = self.role.is_some_and(|role| role.privileges.contains(id));
        match self.user_type.filter(|user_type| user_type.ceiling.contains(id)) {
            Some(_) if is_in_role => Answer::Granted,
            Some(user_type) => self.missing_from_role(id, user_type),
            None => self.above_user_type(id, is_in_role),
        }
    }

    fn missing_from_role(&self, id: &PrivilegeId, user_type: &UserType) -> Answer {
        let fitting = self.catalog.roles().iter().filter(|role| role.privileges.contains(id) && user_type.admits(role));
        Answer::MissingFromRole {
            roles_that_have_it_and_fit: fitting.map(|role| role.id.clone()).collect(),
            who: &[enforced::CHANGE_ROLES],
        }
    }

    fn above_user_type(&self, id: &PrivilegeId, is_in_role: bool) -> Answer {
        let admitting = self.catalog.user_types().iter().filter(|user_type| user_type.ceiling.contains(id));
        Answer::AboveUserType {
            user_types_that_admit_it: admitting.map(|user_type| user_type.id.clone()).collect(),
            is_in_role,
            who: enforced::CHANGE_USER_TYPE,
        }
    }
}

#[cfg(test)]
mod tests {
    use catalog::{Catalog, PrivilegeId, Scope, WorkflowId, enforced};

    use super::{Answer, Need, Wanted, Why, explain};
    use crate::sample::{custom_role, role, user_type};

    fn catalog() -> Catalog {
        Catalog::arcgis().with_custom_roles(&[custom_role("desk", &["admin.members.view_all", "members.view"])])
    }

    fn ask(of: Option<&str>, in_role: &str, wanted: &Wanted) -> Option<Why> {
        explain(&catalog(), of.map(user_type).as_ref(), &role(in_role), wanted)
    }

    fn privilege(id: &str) -> Wanted {
        Wanted::Privilege(PrivilegeId::parse(id).unwrap())
    }

    fn workflow(id: &str) -> Wanted {
        Wanted::Workflow(WorkflowId::parse(id).unwrap())
    }

    fn missing(roles: &[&str]) -> Answer {
        let roles_that_have_it_and_fit = roles.iter().map(|id| role(id)).collect();
        Answer::MissingFromRole { roles_that_have_it_and_fit, who: &["admin.members.change_roles"] }
    }

    const FROM_CREATOR: [&str; 6] =
        ["creator", "gis-pro-basic", "gis-pro-standard", "gis-pro-advanced", "insights-analyst", "storyteller"];

    fn above(user_types: &[&str], is_in_role: bool) -> Answer {
        let user_types_that_admit_it = user_types.iter().map(|id| user_type(id)).collect();
        Answer::AboveUserType { user_types_that_admit_it, is_in_role, who: enforced::CHANGE_USER_TYPE }
    }

    #[test]
    fn each_privilege_is_granted_or_missing_from_the_role_or_above_the_user_type_or_reserved() {
        let publishing = ["user", "publisher", "facilitator", "administrator"];
        let (views, creates, edits) = ("members.view", "content.create", "features.edit");
        let mobile = [&["mobile-worker"][..], &FROM_CREATOR].concat();
        for (of, in_role, asked, answer) in [
            (Some("creator"), "publisher", creates, Answer::Granted),
            (Some("creator"), "viewer", creates, missing(&publishing)),
            (Some("creator"), "publisher", "admin.members.view_all", missing(&["administrator", "custom-desk"])),
            (Some("creator"), "custom-desk", "admin.members.view_all", Answer::Granted),
            (Some("viewer"), "viewer", views, missing(&[])),
            (Some("viewer"), "publisher", views, Answer::Granted),
            (Some("viewer"), "viewer", creates, above(&FROM_CREATOR, false)),
            (Some("viewer"), "publisher", creates, above(&FROM_CREATOR, true)),
            (Some("editor"), "viewer", edits, missing(&["data-editor"])),
            (Some("editor"), "viewer", "content.view_location_tracks", above(&mobile, false)),
            (Some("of-yesterday"), "publisher", creates, above(&FROM_CREATOR, true)),
            (None, "publisher", creates, above(&FROM_CREATOR, true)),
            (Some("creator"), "of-yesterday", creates, missing(&publishing)),
            (Some("creator"), "publisher", "reserved.reports", Answer::Reserved),
            (None, "viewer", "reserved.reports", Answer::Reserved),
            (Some("creator"), "administrator", "reserved.reports", Answer::Granted),
            (Some("viewer"), "administrator", creates, Answer::Granted),
        ] {
            let is_allowed = answer == Answer::Granted;
            let need = Need { privilege: PrivilegeId::parse(asked).unwrap(), answer };
            let why = ask(of, in_role, &privilege(asked)).unwrap();
            assert_eq!(why, Why { required: vec![need], optional: vec![] }, "{of:?} {in_role} {asked}");
            assert_eq!(why.is_allowed(), is_allowed, "{of:?} {in_role} {asked}");
        }
    }

    #[test]
    fn a_workflow_is_answered_privilege_by_privilege_and_what_parts_of_it_need_apart() {
        let needs = |needs: Vec<(&str, Answer)>| {
            let need = |(id, answer)| Need { privilege: PrivilegeId::parse(id).unwrap(), answer };
            needs.into_iter().map(need).collect::<Vec<_>>()
        };
        let publishing = ["publisher", "facilitator", "administrator"];
        let why = ask(Some("creator"), "user", &workflow("use-analysis-tools")).unwrap();
        assert!(!why.is_allowed());
        assert_eq!(
            why,
            Why {
                required: needs(vec![
                    ("content.create", Answer::Granted),
                    ("content.publish_features", missing(&publishing)),
                    ("premium.spatial_analysis", Answer::Granted),
                ]),
                optional: needs(vec![
                    ("premium.geoenrichment", Answer::Granted),
                    ("premium.imagery_analysis", missing(&publishing)),
                    ("premium.network_analysis", Answer::Granted),
                ]),
            }
        );
    }

    #[test]
    fn the_optional_privileges_of_a_workflow_do_not_decide() {
        let mut why = ask(Some("creator"), "publisher", &workflow("use-analysis-tools")).unwrap();
        assert!(why.is_allowed());
        why.optional.iter_mut().for_each(|need| need.answer = Answer::Reserved);
        assert!(why.is_allowed());
    }

    #[test]
    fn an_administrator_may_do_every_workflow_and_a_publisher_no_administrative_one() {
        for known in Catalog::arcgis().workflows() {
            let wanted = Wanted::Workflow(known.id.clone());
            let allowed = |in_role: &str| ask(Some("creator"), in_role, &wanted).unwrap().is_allowed();
            assert!(allowed("administrator"), "{}", known.id);
            assert!(!(known.scope == Scope::Administrative && allowed("publisher")), "{}", known.id);
        }
    }

    #[test]
    fn what_the_catalog_does_not_have_is_not_explained() {
        for wanted in [privilege("content.fly"), workflow("fly")] {
            assert_eq!(ask(Some("creator"), "administrator", &wanted), None, "{wanted:?}");
        }
    }
}
