-- Archived members, vendor-site access, labels; invitations; planned returns; the organization's own roles and settings.

ALTER TABLE members ADD COLUMN archived_at BIGINT;
ALTER TABLE members ADD COLUMN vendor_access BIGINT NOT NULL DEFAULT 0;

CREATE INDEX members_by_role ON members (role);

-- Groups and categories are plain names.
CREATE TABLE member_labels (
    member TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('group', 'category')),
    label TEXT NOT NULL,
    PRIMARY KEY (member, kind, label)
);

CREATE INDEX member_labels_by_label ON member_labels (kind, label, member);

-- The secret that accepts an invitation is kept as a hash.
CREATE TABLE invitations (
    id TEXT NOT NULL PRIMARY KEY,
    secret TEXT NOT NULL UNIQUE,
    username TEXT NOT NULL,
    full_name TEXT NOT NULL,
    email TEXT NOT NULL,
    user_type TEXT NOT NULL,
    role TEXT NOT NULL,
    extras TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'revoked', 'expired')),
    invited_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    member TEXT
);

CREATE INDEX invitations_by_end ON invitations (state, expires_at);
CREATE INDEX invitations_by_role ON invitations (role, state);

-- A planned return keeps its seats until it is done, cancelled, or impossible.
ALTER TABLE changes ADD COLUMN revert_at BIGINT;
ALTER TABLE changes ADD COLUMN return_state TEXT;
ALTER TABLE changes ADD COLUMN return_problem TEXT;
ALTER TABLE changes ADD COLUMN reverts TEXT;
ALTER TABLE changes ADD COLUMN reverted_by TEXT;

CREATE INDEX changes_by_return ON changes (return_state, revert_at);

CREATE TABLE roles (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    privileges TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE settings (
    topic TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

-- Counts the changes of roles and settings: what is kept of them in memory is bound to it.
ALTER TABLE organization ADD COLUMN policy_revision BIGINT NOT NULL DEFAULT 0;
