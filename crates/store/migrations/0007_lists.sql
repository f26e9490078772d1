-- What lists of members are sorted by, and how many seats were taken on each day.

-- Every page of every order comes from walking one of these; the user name breaks ties and is the place of the next page.
DROP INDEX members_by_user_type;
CREATE INDEX members_by_user_type ON members (user_type, username_key);
DROP INDEX members_by_role;
CREATE INDEX members_by_role ON members (role, username_key);
CREATE INDEX members_by_state ON members (state, username_key);

-- The full name without regard to case, or the user name of who has none. It stands in the search key, behind the user name.
ALTER TABLE members ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
UPDATE members SET name_key = CASE WHEN full_name = '' THEN username_key
    ELSE SUBSTR(search_key, LENGTH(username_key) + 2, LENGTH(full_name)) END;
CREATE INDEX members_by_name ON members (name_key, username_key);

-- The last sign-in; who never signed in counts from the registration.
ALTER TABLE members ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
UPDATE members SET seen_at = COALESCE(last_signed_in_at, created_at);
CREATE INDEX members_by_seen_at ON members (seen_at, username_key);

-- One row a day (days since 1970, UTC) and user type, written in the transaction that changes a count or a license file,
-- and once a day by a portal that serves. The last row of a type tells how it stood at the instant `as_of`.
CREATE TABLE usage_days (
    user_type TEXT NOT NULL,
    day BIGINT NOT NULL,
    assigned_max BIGINT NOT NULL CHECK (assigned_max >= 0),
    licensed_min BIGINT NOT NULL CHECK (licensed_min >= 0),
    over_seconds BIGINT NOT NULL CHECK (over_seconds >= 0),
    assigned BIGINT NOT NULL CHECK (assigned >= 0),
    as_of BIGINT NOT NULL,
    PRIMARY KEY (user_type, day)
);
