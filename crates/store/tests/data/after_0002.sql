-- A portal at migration 2: an administrator, two Viewers and a Creator after an exchange, two license files, a token, an
-- answer and a preview. Its change is of a time when a plan told no states.
INSERT INTO migrations (number, name, sha256, applied_at)
VALUES (1, 'spine', 'CpB0ALSdoIHaEu9-zED6DjXJ8JuactWwSCLzyuggMQM', 1797336000);
INSERT INTO migrations (number, name, sha256, applied_at)
VALUES (2, 'requests', '_2ZnwlV2hiEd1nh4vfCfFNIRwtzCdRiIHALysx6rhas', 1797336000);
INSERT INTO entitlements (identity, contract, sequence, license_id, issuer, customer, catalog, bytes, installed_at, installed_version)
VALUES ('RD1eaHgXih-JU0cayFY5OkQRMkQcNuV0_UabJ6T_LKw', 'city-of-example', 1, 'SW-2026-000001', 'Example Vendor', 'city-of-example', 'tUH_n43jFez2Y2AygPDb8ciH57zJNQ7ne1WhZPVOTxY', '{
  "about": {
    "file": "Seatwarden entitlement, version 1. Only the signed part counts; this summary is checked against it.",
    "license": "SW-2026-000001",
    "sequence": 1,
    "customer": "City of Example",
    "from": "2026-12-01T00:00:00Z",
    "user_types": {
      "creator": 2,
      "viewer": 3
    },
    "add_ons": {}
  },
  "payload": "eyJzY2hlbWEiOjEsImp0aSI6IlNXLTIwMjYtMDAwMDAxIiwiY29udHJhY3QiOiJjaXR5LW9mLWV4YW1wbGUiLCJzZXF1ZW5jZSI6MSwibWluX3RydXN0IjoxLCJpc3MiOiJFeGFtcGxlIFZlbmRvciIsImlhdCI6MTc5NjA4MzIwMCwibmJmIjoxNzk2MDgzMjAwLCJjdXN0b21lciI6eyJpZCI6ImNpdHktb2YtZXhhbXBsZSIsIm5hbWUiOiJDaXR5IG9mIEV4YW1wbGUifSwiY2F0YWxvZyI6eyJpZCI6ImFyY2dpcyIsInNoYTI1NiI6InRVSF9uNDNqRmV6MlkyQXlnUERiOGNpSDU3ekpOUTduZTFXaFpQVk9UeFkifSwidXNlcl90eXBlcyI6W3siaWQiOiJ2aWV3ZXIiLCJjb3VudCI6M30seyJpZCI6ImNyZWF0b3IiLCJjb3VudCI6Mn1dLCJhZGRfb25zIjpbXSwicG9saWN5Ijp7Im9uZV9vdmVyIjoxLCJzZXNzaW9uX21pbnV0ZXMiOjMwLCJjb21wdXRlcnMiOjMsInNhdmVfbWludXRlcyI6NjAsIm9mZmxpbmUiOnRydWUsIm9mZmxpbmVfZGF5cyI6MzB9fQ",
  "protected": "eyJhbGciOiJFZERTQSIsImtpZCI6InRlc3Qtc2lnbmluZyIsInR5cCI6InNlYXR3YXJkZW4tZW50aXRsZW1lbnQrand0In0",
  "signature": "r7rwtv-skyA1hcHs317R4ZM_mLKXHoBDSSdnb_m1tHRREoXiCuKynRw3ZP_LL-9_63fvSDShFSkuhk6St2yLBA"
}
', 1797336000, 1);
INSERT INTO entitlements (identity, contract, sequence, license_id, issuer, customer, catalog, bytes, installed_at, installed_version)
VALUES ('ggVEZcuz5whp5yk8bO_T1elxSZLpocelFfV06M9MDJ4', 'city-of-example', 2, 'SW-2026-000001', 'Example Vendor', 'city-of-example', 'tUH_n43jFez2Y2AygPDb8ciH57zJNQ7ne1WhZPVOTxY', '{
  "about": {
    "file": "Seatwarden entitlement, version 1. Only the signed part counts; this summary is checked against it.",
    "license": "SW-2026-000001",
    "sequence": 2,
    "customer": "City of Example",
    "from": "2026-12-01T00:00:00Z",
    "user_types": {
      "creator": 2,
      "viewer": 2
    },
    "add_ons": {}
  },
  "payload": "eyJzY2hlbWEiOjEsImp0aSI6IlNXLTIwMjYtMDAwMDAxIiwiY29udHJhY3QiOiJjaXR5LW9mLWV4YW1wbGUiLCJzZXF1ZW5jZSI6MiwibWluX3RydXN0IjoxLCJpc3MiOiJFeGFtcGxlIFZlbmRvciIsImlhdCI6MTc5NjA4MzIwMCwibmJmIjoxNzk2MDgzMjAwLCJjdXN0b21lciI6eyJpZCI6ImNpdHktb2YtZXhhbXBsZSIsIm5hbWUiOiJDaXR5IG9mIEV4YW1wbGUifSwiY2F0YWxvZyI6eyJpZCI6ImFyY2dpcyIsInNoYTI1NiI6InRVSF9uNDNqRmV6MlkyQXlnUERiOGNpSDU3ekpOUTduZTFXaFpQVk9UeFkifSwidXNlcl90eXBlcyI6W3siaWQiOiJ2aWV3ZXIiLCJjb3VudCI6Mn0seyJpZCI6ImNyZWF0b3IiLCJjb3VudCI6Mn1dLCJhZGRfb25zIjpbXSwicG9saWN5Ijp7Im9uZV9vdmVyIjoxLCJzZXNzaW9uX21pbnV0ZXMiOjMwLCJjb21wdXRlcnMiOjMsInNhdmVfbWludXRlcyI6NjAsIm9mZmxpbmUiOnRydWUsIm9mZmxpbmVfZGF5cyI6MzB9fQ",
  "protected": "eyJhbGciOiJFZERTQSIsImtpZCI6InRlc3Qtc2lnbmluZyIsInR5cCI6InNlYXR3YXJkZW4tZW50aXRsZW1lbnQrand0In0",
  "signature": "U8jjCXw8UiOUNcU8-tetSFAc0oLCryNSUI5lLFygds5C_KTulvUqc521Hb3ndErKUNy0W8zJpa6YBuODW5KLAw"
}
', 1797336000, 6);
INSERT INTO contracts (contract, sequence, identity)
VALUES ('city-of-example', 2, 'ggVEZcuz5whp5yk8bO_T1elxSZLpocelFfV06M9MDJ4');
INSERT INTO trust_lists (version, identity, bytes, installed_at)
VALUES (1, 'v315RoSWrF8Em2Q2jzK2X6ytvLiXmYO9T1SU876iTug', '{
  "about": {
    "file": "Seatwarden trust list. Only the signed part counts; this summary is checked against it.",
    "version": 1,
    "issued": "2026-01-01T00:00:00Z",
    "expires": "2030-01-01T00:00:00Z",
    "keys": [
      "test-signing"
    ],
    "revoked_keys": []
  },
  "payload": "eyJ2ZXJzaW9uIjoxLCJpYXQiOjE3NjcyMjU2MDAsImV4cGlyZXMiOjE4OTM0NTYwMDAsImtleXMiOlt7ImtpZCI6InRlc3Qtc2lnbmluZyIsIngiOiJnVGwzRHFoOUYxOVdvMVJtdzB4LXpNdU5pcEcwN2plaVhmWVBXNF9KczVRIiwibmJmIjoxNzY3MjI1NjAwLCJleHAiOjE4OTM0NTYwMDB9XSwicmV2b2tlZF9rZXlzIjpbXSwicmV2b2tlZF9saWNlbnNlcyI6W10sIm1pbl9zZXF1ZW5jZSI6e319",
  "protected": "eyJhbGciOiJFZERTQSIsImtpZCI6InRlc3Qtcm9vdCIsInR5cCI6InNlYXR3YXJkZW4tdHJ1c3Qrand0In0",
  "signature": "B39xdIaHeOmwESE4gqOR6BaYdWA5WnGGYR61a7M48Tmd8FU2uxy4ZlurWMDYCPiFZI4ciVr56Rj4rGQXsb1lBg"
}
', 1797336000);
INSERT INTO organization (id, version, seat_revision, newest_instant, enabled_administrators, root_fingerprint, entitlement, trust_version, created_at)
VALUES (1, 7, 6, 1797336000, 1, 'DxeBsY0x57wzkUDaGXoGy4CPTPA4RDLD7jsk12C9ifk', 'ggVEZcuz5whp5yk8bO_T1elxSZLpocelFfV06M9MDJ4', 1, 1797336000);
INSERT INTO members (id, username, username_key, full_name, email, search_key, user_type, role, state, former_user_type, former_role, former_change, password, password_kind, created_at, changed_at, last_signed_in_at, version)
VALUES ('mem_00dcgjqg67nt7ppeeaexe0xh6k', 'admin', 'admin', '', '', 'admin

', 'creator', 'administrator', 'enabled', NULL, NULL, NULL, 'sha256:none', 'one-time', 1797336000, 1797336000, NULL, 1);
INSERT INTO members (id, username, username_key, full_name, email, search_key, user_type, role, state, former_user_type, former_role, former_change, password, password_kind, created_at, changed_at, last_signed_in_at, version)
VALUES ('mem_00dcgjqg1v27jp8kkak11h8s3r', 'Ann', 'ann', '', '', 'ann

', 'creator', 'viewer', 'enabled', 'viewer', 'viewer', 'chg_00dcgjqg3meaxhf1s3eyc5b3mr', 'sha256:none', 'one-time', 1797336000, 1797336000, NULL, 2);
INSERT INTO members (id, username, username_key, full_name, email, search_key, user_type, role, state, former_user_type, former_role, former_change, password, password_kind, created_at, changed_at, last_signed_in_at, version)
VALUES ('mem_00dcgjqg2wxywthaqhrnrjb13c', 'bob', 'bob', '', '', 'bob

', 'viewer', 'viewer', 'enabled', NULL, NULL, NULL, 'sha256:none', 'one-time', 1797336000, 1797336000, NULL, 1);
INSERT INTO members (id, username, username_key, full_name, email, search_key, user_type, role, state, former_user_type, former_role, former_change, password, password_kind, created_at, changed_at, last_signed_in_at, version)
VALUES ('mem_00dcgjqg59qpxnkzq0a57s4ks3', 'dan', 'dan', '', '', 'dan

', 'viewer', 'viewer', 'enabled', 'creator', 'viewer', 'chg_00dcgjqg3meaxhf1s3eyc5b3mr', 'sha256:none', 'one-time', 1797336000, 1797336000, NULL, 2);
INSERT INTO headcounts (user_type, assigned, reserved, lockable, over_since)
VALUES ('creator', 2, 0, 1, NULL);
INSERT INTO headcounts (user_type, assigned, reserved, lockable, over_since)
VALUES ('viewer', 2, 0, 2, NULL);
INSERT INTO tokens (hash, member, created_at, expires_at)
VALUES ('4fx4MtBp11Zj_7dTz6cZK4k4h578gVdgQrvr241z_-Y', 'mem_00dcgjqg2wxywthaqhrnrjb13c', 1797336000, 1798761600);
INSERT INTO changes (id, version, at, actor_id, actor_name, reason, plan, allow_one_over)
VALUES ('chg_00dcgjqg3meaxhf1s3eyc5b3mr', 5, 1797336000, NULL, 'console', 'a test', '{"types":[{"id":"viewer","before":2,"after":2,"licensed":3,"locked_out":0},{"id":"creator","before":2,"after":2,"licensed":2,"locked_out":0}],"members":[{"id":"mem_00dcgjqg1v27jp8kkak11h8s3r","username":"Ann","user_type":"creator","role":"viewer","former":{"user_type":"viewer","role":"viewer"}},{"id":"mem_00dcgjqg59qpxnkzq0a57s4ks3","username":"dan","user_type":"viewer","role":"viewer","former":{"user_type":"creator","role":"viewer"}}]}', '{}');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail)
VALUES (1, 1797336000, 'console', NULL, 'console', 'portal.activate', 'mem_00dcgjqg67nt7ppeeaexe0xh6k', '{"administrator":"admin","license":{"contract":"city-of-example","identity":"RD1eaHgXih-JU0cayFY5OkQRMkQcNuV0_UabJ6T_LKw","license":"SW-2026-000001","sequence":1,"trust_version":1},"user_type":"creator"}');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail)
VALUES (2, 1797336000, 'console', NULL, 'console', 'member.add', 'mem_00dcgjqg1v27jp8kkak11h8s3r', '{"role":"viewer","user_type":"viewer","username":"Ann"}');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail)
VALUES (3, 1797336000, 'console', NULL, 'console', 'member.add', 'mem_00dcgjqg2wxywthaqhrnrjb13c', '{"role":"viewer","user_type":"viewer","username":"bob"}');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail)
VALUES (4, 1797336000, 'console', NULL, 'console', 'member.add', 'mem_00dcgjqg59qpxnkzq0a57s4ks3', '{"role":"viewer","user_type":"creator","username":"dan"}');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail)
VALUES (5, 1797336000, 'console', NULL, 'console', 'change.apply', 'chg_00dcgjqg3meaxhf1s3eyc5b3mr', '{"moves":[{"member":"mem_00dcgjqg1v27jp8kkak11h8s3r","role":{"after":"viewer","before":"viewer"},"user_type":{"after":"creator","before":"viewer"}},{"member":"mem_00dcgjqg59qpxnkzq0a57s4ks3","role":{"after":"viewer","before":"viewer"},"user_type":{"after":"viewer","before":"creator"}}],"reason":"a test"}');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail)
VALUES (6, 1797336000, 'console', NULL, 'console', 'license.import', 'SW-2026-000001', '{"license":{"contract":"city-of-example","identity":"ggVEZcuz5whp5yk8bO_T1elxSZLpocelFfV06M9MDJ4","license":"SW-2026-000001","sequence":2,"trust_version":1},"locked_out":0}');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail)
VALUES (7, 1797336000, 'member', 'mem_00dcgjqg2wxywthaqhrnrjb13c', 'bob', 'token.open', 'mem_00dcgjqg2wxywthaqhrnrjb13c', '{"expires_at":"2027-01-01T00:00:00Z"}');
INSERT INTO idempotency (actor, request_key, body_hash, status, answer, created_at)
VALUES ('console', 'key-1', 'QqZgvU7-aZPziHeqTwVSQnXahKbOOu_lM0Go54I-Ci0', 201, '{"username":"dan"}', 1797336000);
INSERT INTO previews (id, actor, entitlement, trust, catalog, created_at)
SELECT 'lic_00000000000000000000000001', 'console', bytes, NULL, NULL, 1797336000 FROM entitlements WHERE sequence = 2;
