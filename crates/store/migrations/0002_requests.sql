-- Answers to requests that may be repeated, and license files that wait for a confirmation.

CREATE TABLE idempotency (
    actor TEXT NOT NULL,
    request_key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    status BIGINT NOT NULL,
    answer TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (actor, request_key)
);

CREATE INDEX idempotency_by_age ON idempotency (created_at);

CREATE TABLE previews (
    id TEXT NOT NULL PRIMARY KEY,
    actor TEXT NOT NULL,
    entitlement TEXT NOT NULL,
    trust TEXT,
    catalog TEXT,
    created_at BIGINT NOT NULL
);

CREATE INDEX previews_by_age ON previews (created_at);
