-- Add-ons and extensions of members, product sessions, offline checkouts.

CREATE TABLE member_add_ons (
    member TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    add_on TEXT NOT NULL,
    assigned_at BIGINT NOT NULL,
    PRIMARY KEY (member, add_on)
);

CREATE INDEX member_add_ons_by_add_on ON member_add_ons (add_on, member);

-- Kept like the headcounts, in the same transaction as the rows above.
CREATE TABLE add_on_counts (
    add_on TEXT NOT NULL PRIMARY KEY,
    assigned BIGINT NOT NULL CHECK (assigned >= 0),
    over_since BIGINT
);

CREATE TABLE product_sessions (
    id TEXT NOT NULL PRIMARY KEY,
    member TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    product TEXT NOT NULL,
    device TEXT NOT NULL,
    device_name TEXT NOT NULL,
    request TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used BIGINT NOT NULL,
    ended_at BIGINT,
    cause TEXT
);

CREATE INDEX product_sessions_by_member ON product_sessions (member, product, last_used);

-- When somebody last used a product, also after the session is forgotten.
CREATE TABLE product_use (
    product TEXT NOT NULL,
    member TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    last_used BIGINT NOT NULL,
    PRIMARY KEY (product, member)
);

-- A lease outlives its member here: it may still be on a computer.
CREATE TABLE checkouts (
    id TEXT NOT NULL PRIMARY KEY,
    member TEXT NOT NULL,
    product TEXT NOT NULL,
    device TEXT NOT NULL,
    device_name TEXT NOT NULL,
    device_key TEXT,
    state TEXT NOT NULL CHECK (state IN ('out', 'returned', 'released')),
    created_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    ended_at BIGINT,
    lease TEXT NOT NULL
);

CREATE INDEX checkouts_by_member ON checkouts (member, product, state);
