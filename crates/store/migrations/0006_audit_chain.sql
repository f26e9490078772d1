-- The audit log as a chain: each row carries the hash of the row before it and its own. SQL has no SHA-256: the program
-- fills in both for the rows that are there, in the transaction of this migration.

ALTER TABLE audit ADD COLUMN previous TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN hash TEXT NOT NULL DEFAULT '';

-- The hash of the newest row, read and written with the version, which is that row's number.
ALTER TABLE organization ADD COLUMN audit_hash TEXT NOT NULL DEFAULT '';
