-- Files that wait for their day, the clock that a person accepted, and where the data runs.

-- Files that were imported before their term begins, in the order in which they will come in force.
CREATE TABLE staged_entitlements (
    identity TEXT NOT NULL PRIMARY KEY,
    contract TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    license_id TEXT NOT NULL,
    issuer TEXT NOT NULL,
    customer TEXT NOT NULL,
    catalog TEXT NOT NULL,
    bytes TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    staged_at BIGINT NOT NULL,
    staged_by TEXT NOT NULL,
    -- Why it did not come in force when its term began.
    problem TEXT
);

ALTER TABLE organization ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;
ALTER TABLE organization ADD COLUMN clock_accepted BIGINT NOT NULL DEFAULT 0;
ALTER TABLE organization ADD COLUMN newest_issue BIGINT NOT NULL DEFAULT 0;
ALTER TABLE organization ADD COLUMN staged_from BIGINT;
-- The machine and folder that the data runs in, as a digest; empty before the first start that knew of it.
ALTER TABLE organization ADD COLUMN home TEXT NOT NULL DEFAULT '';
-- The thumbprints of the roots that the data was last opened with, one a line; empty where only their digest is known.
ALTER TABLE organization ADD COLUMN root_keys TEXT NOT NULL DEFAULT '';
