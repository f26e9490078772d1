-- Members, counts, license files, tokens, changes and the audit log.
-- One text for SQLite and PostgreSQL: instants and counts are BIGINT (UTC seconds), there are no booleans.

CREATE TABLE entitlements (
    identity TEXT NOT NULL PRIMARY KEY,
    contract TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    license_id TEXT NOT NULL,
    issuer TEXT NOT NULL,
    customer TEXT NOT NULL,
    catalog TEXT NOT NULL,
    bytes TEXT NOT NULL,
    installed_at BIGINT NOT NULL,
    installed_version BIGINT NOT NULL
);

CREATE TABLE contracts (
    contract TEXT NOT NULL PRIMARY KEY,
    sequence BIGINT NOT NULL,
    identity TEXT NOT NULL
);

CREATE TABLE trust_lists (
    version BIGINT NOT NULL PRIMARY KEY,
    identity TEXT NOT NULL,
    bytes TEXT NOT NULL,
    installed_at BIGINT NOT NULL
);

CREATE TABLE catalogs (
    identity TEXT NOT NULL PRIMARY KEY,
    bytes TEXT NOT NULL,
    installed_at BIGINT NOT NULL
);

CREATE TABLE organization (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL,
    seat_revision BIGINT NOT NULL,
    newest_instant BIGINT NOT NULL,
    enabled_administrators BIGINT NOT NULL CHECK (enabled_administrators >= 0),
    root_fingerprint TEXT NOT NULL,
    entitlement TEXT REFERENCES entitlements (identity),
    trust_version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE members (
    id TEXT NOT NULL PRIMARY KEY,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL UNIQUE,
    full_name TEXT NOT NULL,
    email TEXT NOT NULL,
    search_key TEXT NOT NULL,
    user_type TEXT NOT NULL,
    role TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('enabled', 'disabled')),
    former_user_type TEXT,
    former_role TEXT,
    former_change TEXT,
    password TEXT NOT NULL,
    password_kind TEXT NOT NULL CHECK (password_kind IN ('one-time', 'own')),
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    last_signed_in_at BIGINT,
    version BIGINT NOT NULL
);

CREATE INDEX members_by_user_type ON members (user_type);

CREATE TABLE headcounts (
    user_type TEXT NOT NULL PRIMARY KEY,
    assigned BIGINT NOT NULL CHECK (assigned >= 0),
    reserved BIGINT NOT NULL CHECK (reserved >= 0),
    lockable BIGINT NOT NULL CHECK (lockable >= 0),
    over_since BIGINT
);

CREATE TABLE tokens (
    hash TEXT NOT NULL PRIMARY KEY,
    member TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX tokens_by_member ON tokens (member, expires_at);

CREATE TABLE changes (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL UNIQUE,
    at BIGINT NOT NULL,
    actor_id TEXT,
    actor_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    plan TEXT NOT NULL,
    allow_one_over TEXT NOT NULL
);

-- One row for each write, numbered without a gap: the number is the organization's version that the write made.
CREATE TABLE audit (
    seq BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    detail TEXT NOT NULL
);
