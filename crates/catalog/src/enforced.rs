//! The privileges that the portal enforces itself, by id. A catalog that lacks one of them is refused.

/// See the members page and the licensed counts (S135, S251).
pub const VIEW_MEMBERS: &str = "members.view";
/// See every member's account (S173).
pub const VIEW_ALL_MEMBERS: &str = "admin.members.view_all";
/// Change accounts and reset passwords (S174).
pub const UPDATE_MEMBERS: &str = "admin.members.update";
/// Delete accounts (S175).
pub const DELETE_MEMBERS: &str = "admin.members.delete";
/// Bring in members in any way (S176, A-ROLE-13).
pub const INVITE_MEMBERS: &str = "admin.members.invite";
/// Disable and enable accounts (S177).
pub const DISABLE_MEMBERS: &str = "admin.members.disable";
/// Change roles (S178).
pub const CHANGE_ROLES: &str = "admin.members.change_roles";
/// Manage licenses: user types, add-ons, license files (S179).
pub const MANAGE_LICENSES: &str = "admin.members.manage_licenses";
/// Make and change custom roles (S200).
pub const MEMBER_ROLES: &str = "admin.settings.member_roles";
/// Change the security settings (S196).
pub const SECURITY_SETTINGS: &str = "admin.settings.security";
/// Change the website settings, such as the name and the logo of the organization (S197, S206).
pub const WEBSITE_SETTINGS: &str = "admin.settings.website";
/// Set up the categories of members (S180).
pub const MANAGE_CATEGORIES: &str = "admin.members.manage_categories";
/// Put members into groups and take them out (S185).
pub const ASSIGN_GROUPS: &str = "admin.groups.assign_members";

/// All of them, in the order above.
pub const ENFORCED: &[&str] = &[
    VIEW_MEMBERS,
    VIEW_ALL_MEMBERS,
    UPDATE_MEMBERS,
    DELETE_MEMBERS,
    INVITE_MEMBERS,
    DISABLE_MEMBERS,
    CHANGE_ROLES,
    MANAGE_LICENSES,
    MEMBER_ROLES,
    SECURITY_SETTINGS,
    WEBSITE_SETTINGS,
    MANAGE_CATEGORIES,
    ASSIGN_GROUPS,
];

/// The workflow whose privileges changing a user type needs, all five of them (S248, A-ENF-5).
pub const CHANGE_USER_TYPE: &[&str] = &[VIEW_MEMBERS, VIEW_ALL_MEMBERS, UPDATE_MEMBERS, CHANGE_ROLES, MANAGE_LICENSES];

/// See all content. It counts beside others only, and a catalog may do without it.
pub const VIEW_ALL_CONTENT: &str = "admin.content.view_all";
/// See all groups. It counts beside others only, and a catalog may do without it.
pub const VIEW_ALL_GROUPS: &str = "admin.groups.view_all";

/// The workflow whose privileges looking at reports needs, all three of them (S242). Where the catalog lacks one of them,
/// that is left to default Administrators.
pub const SUBSCRIPTION_REPORTS: &[&str] = &[VIEW_ALL_MEMBERS, VIEW_ALL_CONTENT, VIEW_ALL_GROUPS];

/// Whether the portal asks for the privilege anywhere, alone or beside others.
#[must_use]
pub fn is_enforced(privilege: &str) -> bool {
    ENFORCED.contains(&privilege) || SUBSCRIPTION_REPORTS.contains(&privilege)
}
