-- A portal at migration 6: that of migration 5, its audit log linked.
INSERT INTO migrations (number, name, sha256, applied_at)
VALUES (1, 'spine', 'CpB0ALSdoIHaEu9-zED6DjXJ8JuactWwSCLzyuggMQM', 1797336000);
INSERT INTO migrations (number, name, sha256, applied_at)
VALUES (2, 'requests', '_2ZnwlV2hiEd1nh4vfCfFNIRwtzCdRiIHALysx6rhas', 1797336000);
INSERT INTO migrations (number, name, sha256, applied_at)
VALUES (3, 'seats', 'ecylE2bO7_pqIlzob3JmdFCDsIVhSH6nlWwKMqYqXEY', 1797336000);
INSERT INTO migrations (number, name, sha256, applied_at)
VALUES (4, 'products', 'cwVaD4Wx7fYroFY2TYqgeLlJRSKGJBmlNYK13hP7zWE', 1797339600);
INSERT INTO migrations (number, name, sha256, applied_at)
VALUES (5, 'trust', 'N1ho75xcfgz-L9xcO2nDfyuE0CL9gPNlH4dG3dWSfwo', 1797339600);
INSERT INTO migrations (number, name, sha256, applied_at)
VALUES (6, 'audit chain', 'zbWLuDc6wF0fnEYfJWA6v3D66WwFGGcVgf9iwCr5wE4', 1797339600);
INSERT INTO entitlements (identity, contract, sequence, license_id, issuer, customer, catalog, bytes, installed_at, installed_version)
VALUES ('fP0U8zVDSd7WV8AV8HRxSM2Rh0UJIJ1aZCwwciNo5HY', 'city-of-example', 1, 'SW-2026-000001', 'Example Vendor', 'city-of-example', 'tUH_n43jFez2Y2AygPDb8ciH57zJNQ7ne1WhZPVOTxY', '{
  "about": {
    "file": "Seatwarden entitlement, version 1. Only the signed part counts; this summary is checked against it.",
    "license": "SW-2026-000001",
    "sequence": 1,
    "customer": "City of Example",
    "from": "2026-12-01T00:00:00Z",
    "user_types": {
      "creator": 3,
      "viewer": 3
    },
    "add_ons": {}
  },
  "payload": "eyJzY2hlbWEiOjEsImp0aSI6IlNXLTIwMjYtMDAwMDAxIiwiY29udHJhY3QiOiJjaXR5LW9mLWV4YW1wbGUiLCJzZXF1ZW5jZSI6MSwibWluX3RydXN0IjoxLCJpc3MiOiJFeGFtcGxlIFZlbmRvciIsImlhdCI6MTc5NjA4MzIwMCwibmJmIjoxNzk2MDgzMjAwLCJjdXN0b21lciI6eyJpZCI6ImNpdHktb2YtZXhhbXBsZSIsIm5hbWUiOiJDaXR5IG9mIEV4YW1wbGUifSwiY2F0YWxvZyI6eyJpZCI6ImFyY2dpcyIsInNoYTI1NiI6InRVSF9uNDNqRmV6MlkyQXlnUERiOGNpSDU3ekpOUTduZTFXaFpQVk9UeFkifSwidXNlcl90eXBlcyI6W3siaWQiOiJ2aWV3ZXIiLCJjb3VudCI6M30seyJpZCI6ImNyZWF0b3IiLCJjb3VudCI6M31dLCJhZGRfb25zIjpbXSwicG9saWN5Ijp7Im9uZV9vdmVyIjoxLCJzZXNzaW9uX21pbnV0ZXMiOjMwLCJjb21wdXRlcnMiOjMsInNhdmVfbWludXRlcyI6NjAsIm9mZmxpbmUiOnRydWUsIm9mZmxpbmVfZGF5cyI6MzB9fQ",
  "protected": "eyJhbGciOiJFZERTQSIsImtpZCI6InRlc3Qtc2lnbmluZyIsInR5cCI6InNlYXR3YXJkZW4tZW50aXRsZW1lbnQrand0In0",
  "signature": "zjaSCECoyLDCvndfFbfL3LdJ0pyFEEc_004-NGjHc-wD7kBKq5ew6XEKSFKKRYrqJjxORqX4YTjBr5DX1tKOCg"
}
', 1797336000, 1);
INSERT INTO entitlements (identity, contract, sequence, license_id, issuer, customer, catalog, bytes, installed_at, installed_version)
VALUES ('XhbnVaGnPyN8SSKJ7TCjoVGBUE0mos452DcqvYn5Gvc', 'city-of-example', 2, 'SW-2026-000001', 'Example Vendor', 'city-of-example', 'tUH_n43jFez2Y2AygPDb8ciH57zJNQ7ne1WhZPVOTxY', '{
  "about": {
    "file": "Seatwarden entitlement, version 1. Only the signed part counts; this summary is checked against it.",
    "license": "SW-2026-000001",
    "sequence": 2,
    "customer": "City of Example",
    "from": "2026-12-01T00:00:00Z",
    "user_types": {
      "creator": 2,
      "viewer": 3
    },
    "add_ons": {}
  },
  "payload": "eyJzY2hlbWEiOjEsImp0aSI6IlNXLTIwMjYtMDAwMDAxIiwiY29udHJhY3QiOiJjaXR5LW9mLWV4YW1wbGUiLCJzZXF1ZW5jZSI6MiwibWluX3RydXN0IjoxLCJpc3MiOiJFeGFtcGxlIFZlbmRvciIsImlhdCI6MTc5NjA4MzIwMCwibmJmIjoxNzk2MDgzMjAwLCJjdXN0b21lciI6eyJpZCI6ImNpdHktb2YtZXhhbXBsZSIsIm5hbWUiOiJDaXR5IG9mIEV4YW1wbGUifSwiY2F0YWxvZyI6eyJpZCI6ImFyY2dpcyIsInNoYTI1NiI6InRVSF9uNDNqRmV6MlkyQXlnUERiOGNpSDU3ekpOUTduZTFXaFpQVk9UeFkifSwidXNlcl90eXBlcyI6W3siaWQiOiJ2aWV3ZXIiLCJjb3VudCI6M30seyJpZCI6ImNyZWF0b3IiLCJjb3VudCI6Mn1dLCJhZGRfb25zIjpbXSwicG9saWN5Ijp7Im9uZV9vdmVyIjoxLCJzZXNzaW9uX21pbnV0ZXMiOjMwLCJjb21wdXRlcnMiOjMsInNhdmVfbWludXRlcyI6NjAsIm9mZmxpbmUiOnRydWUsIm9mZmxpbmVfZGF5cyI6MzB9fQ",
  "protected": "eyJhbGciOiJFZERTQSIsImtpZCI6InRlc3Qtc2lnbmluZyIsInR5cCI6InNlYXR3YXJkZW4tZW50aXRsZW1lbnQrand0In0",
  "signature": "6-LDQQXYnPt_xqM8SrOT3spGD6Zaawj-bUgO09kzCSdGvATyfvJylf1oQdpSg0jLrJv_9UmTYqMGOulUqtyWAg"
}
', 1797339600, 14);
INSERT INTO entitlements (identity, contract, sequence, license_id, issuer, customer, catalog, bytes, installed_at, installed_version)
VALUES ('Cjxfp0n__5nZnTr6Ih1oTDPmL5OIK766ypUggg0Lc9g', 'city-of-example', 3, 'SW-2026-000001', 'Example Vendor', 'city-of-example', 'tUH_n43jFez2Y2AygPDb8ciH57zJNQ7ne1WhZPVOTxY', '{
  "about": {
    "file": "Seatwarden entitlement, version 1. Only the signed part counts; this summary is checked against it.",
    "license": "SW-2026-000001",
    "sequence": 3,
    "customer": "City of Example",
    "from": "2026-12-01T00:00:00Z",
    "user_types": {
      "creator": 9,
      "gis-pro-basic": 4,
      "viewer": 25
    },
    "add_ons": {
      "arcgis-pro-basic": 1
    }
  },
  "payload": "eyJzY2hlbWEiOjEsImp0aSI6IlNXLTIwMjYtMDAwMDAxIiwiY29udHJhY3QiOiJjaXR5LW9mLWV4YW1wbGUiLCJzZXF1ZW5jZSI6MywibWluX3RydXN0IjoxLCJpc3MiOiJFeGFtcGxlIFZlbmRvciIsImlhdCI6MTc5NjA4MzIwMCwibmJmIjoxNzk2MDgzMjAwLCJjdXN0b21lciI6eyJpZCI6ImNpdHktb2YtZXhhbXBsZSIsIm5hbWUiOiJDaXR5IG9mIEV4YW1wbGUifSwiY2F0YWxvZyI6eyJpZCI6ImFyY2dpcyIsInNoYTI1NiI6InRVSF9uNDNqRmV6MlkyQXlnUERiOGNpSDU3ekpOUTduZTFXaFpQVk9UeFkifSwidXNlcl90eXBlcyI6W3siaWQiOiJ2aWV3ZXIiLCJjb3VudCI6MjV9LHsiaWQiOiJjcmVhdG9yIiwiY291bnQiOjl9LHsiaWQiOiJnaXMtcHJvLWJhc2ljIiwiY291bnQiOjR9XSwiYWRkX29ucyI6W3siaWQiOiJhcmNnaXMtcHJvLWJhc2ljIiwiY291bnQiOjF9XSwicG9saWN5Ijp7Im9uZV9vdmVyIjoxLCJzZXNzaW9uX21pbnV0ZXMiOjMwLCJjb21wdXRlcnMiOjMsInNhdmVfbWludXRlcyI6NjAsIm9mZmxpbmUiOnRydWUsIm9mZmxpbmVfZGF5cyI6MzB9fQ",
  "protected": "eyJhbGciOiJFZERTQSIsImtpZCI6InRlc3Qtc2lnbmluZyIsInR5cCI6InNlYXR3YXJkZW4tZW50aXRsZW1lbnQrand0In0",
  "signature": "GcjRARNWZJnGmewdyeT9VJw5__Mz7oN10F_IQemZosV-5yatTn26Ii612-85jXRc84oWiY9NQCFo7O0tlnwiBQ"
}
', 1797339600, 15);
INSERT INTO contracts (contract, sequence, identity)
VALUES ('city-of-example', 3, 'Cjxfp0n__5nZnTr6Ih1oTDPmL5OIK766ypUggg0Lc9g');
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
INSERT INTO organization (id, version, seat_revision, newest_instant, enabled_administrators, root_fingerprint, entitlement, trust_version, created_at, policy_revision, epoch, clock_accepted, newest_issue, staged_from, offline_held_until, home, root_keys, audit_hash)
VALUES (1, 19, 14, 1797339600, 1, 'DxeBsY0x57wzkUDaGXoGy4CPTPA4RDLD7jsk12C9ifk', 'Cjxfp0n__5nZnTr6Ih1oTDPmL5OIK766ypUggg0Lc9g', 1, 1797336000, 2, 1, 0, 1796083200, 1798761600, NULL, 'there', 'UDDReOZl1ipXAfp9wYsm13sDBMK5og--QWdBjzuf6o4
', '95c1b8ef21b281ad973cc8624dc3f4b4c692ca558811cc4745aca66225c7c7cf');
INSERT INTO members (id, username, username_key, full_name, email, search_key, user_type, role, state, former_user_type, former_role, former_change, password, password_kind, created_at, changed_at, last_signed_in_at, version, archived_at, vendor_access)
VALUES ('mem_00dcgjqg0000001rtm99jz06eb', 'admin', 'admin', '', '', 'admin

', 'creator', 'administrator', 'enabled', NULL, NULL, NULL, 'sha256:none', 'one-time', 1797336000, 1797336000, NULL, 1, NULL, 0);
INSERT INTO members (id, username, username_key, full_name, email, search_key, user_type, role, state, former_user_type, former_role, former_change, password, password_kind, created_at, changed_at, last_signed_in_at, version, archived_at, vendor_access)
VALUES ('mem_00dcgjqg0000005wsbsgsjwcja', 'Ann', 'ann', '', '', 'ann

', 'creator', 'viewer', 'enabled', 'viewer', 'viewer', 'chg_00dcgjqg000000nkpm9y8gbq1w', 'sha256:none', 'one-time', 1797336000, 1797336000, NULL, 2, NULL, 0);
INSERT INTO members (id, username, username_key, full_name, email, search_key, user_type, role, state, former_user_type, former_role, former_change, password, password_kind, created_at, changed_at, last_signed_in_at, version, archived_at, vendor_access)
VALUES ('mem_00dcgjqg00000061mq62x6acvq', 'bob', 'bob', '', '', 'bob

', 'viewer', 'viewer', 'enabled', NULL, NULL, NULL, 'sha256:none', 'one-time', 1797336000, 1797336000, NULL, 2, NULL, 0);
INSERT INTO members (id, username, username_key, full_name, email, search_key, user_type, role, state, former_user_type, former_role, former_change, password, password_kind, created_at, changed_at, last_signed_in_at, version, archived_at, vendor_access)
VALUES ('mem_00dcgjqg0000009x6yxxt6gnnm', 'dan', 'dan', '', '', 'dan

', 'creator', 'custom-field-crew', 'enabled', 'creator', 'custom-field-crew', 'chg_00dcgkkm000000y16wq00c0wda', 'sha256:none', 'one-time', 1797336000, 1797339600, NULL, 3, NULL, 0);
INSERT INTO members (id, username, username_key, full_name, email, search_key, user_type, role, state, former_user_type, former_role, former_change, password, password_kind, created_at, changed_at, last_signed_in_at, version, archived_at, vendor_access)
VALUES ('mem_00dcgjqg000000ay0c7cyg5xa1', 'cat', 'cat', '', '', 'cat

', 'viewer', 'viewer', 'enabled', 'viewer', 'viewer', 'chg_00dcgjqg000000cgff9hnrkwdn', 'sha256:none', 'one-time', 1797336000, 1797336000, NULL, 2, 1797336000, 0);
INSERT INTO headcounts (user_type, assigned, reserved, lockable, over_since)
VALUES ('creator', 3, 0, 2, NULL);
INSERT INTO headcounts (user_type, assigned, reserved, lockable, over_since)
VALUES ('viewer', 1, 2, 1, NULL);
INSERT INTO tokens (hash, member, created_at, expires_at)
VALUES ('4fx4MtBp11Zj_7dTz6cZK4k4h578gVdgQrvr241z_-Y', 'mem_00dcgjqg00000061mq62x6acvq', 1797336000, 1798761600);
INSERT INTO changes (id, version, at, actor_id, actor_name, reason, plan, allow_one_over, revert_at, return_state, return_problem, reverts, reverted_by)
VALUES ('chg_00dcgjqg000000cgff9hnrkwdn', 7, 1797336000, NULL, 'console', 'a test', '{"types":[{"id":"viewer","before":3,"after":2,"licensed":3,"locked_out":0}],"members":[{"id":"mem_00dcgjqg000000ay0c7cyg5xa1","username":"cat","user_type":null,"role":"viewer","state":"archived","former":{"user_type":"viewer","role":"viewer","state":"enabled"}}]}', '{}', NULL, NULL, NULL, NULL, NULL);
INSERT INTO changes (id, version, at, actor_id, actor_name, reason, plan, allow_one_over, revert_at, return_state, return_problem, reverts, reverted_by)
VALUES ('chg_00dcgjqg000000emt8x1sz4kz3', 8, 1797336000, NULL, 'console', 'a test', '{"types":[{"id":"creator","before":2,"after":2,"licensed":3,"locked_out":0}],"members":[{"id":"mem_00dcgjqg0000009x6yxxt6gnnm","username":"dan","user_type":"creator","role":"custom-field-crew","state":"enabled","former":{"user_type":"creator","role":"viewer","state":"enabled"}}]}', '{}', NULL, NULL, NULL, NULL, NULL);
INSERT INTO changes (id, version, at, actor_id, actor_name, reason, plan, allow_one_over, revert_at, return_state, return_problem, reverts, reverted_by)
VALUES ('chg_00dcgjqg000000nkpm9y8gbq1w', 11, 1797336000, NULL, 'console', 'a test', '{"types":[{"id":"viewer","before":2,"after":1,"licensed":3,"locked_out":0},{"id":"creator","before":2,"after":3,"licensed":3,"locked_out":0}],"members":[{"id":"mem_00dcgjqg0000005wsbsgsjwcja","username":"Ann","user_type":"creator","role":"viewer","state":"enabled","former":{"user_type":"viewer","role":"viewer","state":"enabled"}}],"revert_at":"2026-12-16T12:00:00Z","reserves":{"viewer":1}}', '{}', 1797422400, 'planned', NULL, NULL, NULL);
INSERT INTO changes (id, version, at, actor_id, actor_name, reason, plan, allow_one_over, revert_at, return_state, return_problem, reverts, reverted_by)
VALUES ('chg_00dcgkkm000000y16wq00c0wda', 16, 1797339600, NULL, 'console', 'a test', '{"types":[{"id":"creator","before":3,"after":3,"licensed":9,"locked_out":0}],"add_ons":[{"id":"arcgis-pro-basic","before":0,"after":1,"licensed":1}],"members":[{"id":"mem_00dcgjqg0000009x6yxxt6gnnm","username":"dan","user_type":"creator","role":"custom-field-crew","state":"enabled","assigns":["arcgis-pro-basic"],"former":{"user_type":"creator","role":"custom-field-crew","state":"enabled"}}]}', '{}', NULL, NULL, NULL, NULL, NULL);
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash)
VALUES (1, 1797336000, 'console', NULL, 'console', 'portal.activate', 'mem_00dcgjqg0000001rtm99jz06eb', '{"administrator":"admin","license":{"contract":"city-of-example","identity":"fP0U8zVDSd7WV8AV8HRxSM2Rh0UJIJ1aZCwwciNo5HY","license":"SW-2026-000001","sequence":1,"trust_version":1},"user_type":"creator"}', '', '2bd92427a269b23551150430b86b878269889fa30768063e296fe0f3edc4ee4e');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash)
VALUES (2, 1797336000, 'console', NULL, 'console', 'role.create', 'custom-field-crew', '{"after":{"name":"Field crew","privileges":["members.view"]},"before":null}', '2bd92427a269b23551150430b86b878269889fa30768063e296fe0f3edc4ee4e', 'db9bec6c20fe10716c1405aa57e2799d9d9f8d6777f784e18f74921359af8152');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash)
VALUES (3, 1797336000, 'console', NULL, 'console', 'member.add', 'mem_00dcgjqg0000005wsbsgsjwcja', '{"role":"viewer","user_type":"viewer","username":"Ann"}', 'db9bec6c20fe10716c1405aa57e2799d9d9f8d6777f784e18f74921359af8152', '77d94010e3c98e3717bca23c70db148ed9412fc2a21126d59b6d7416e3ebd2c8');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash)
VALUES (4, 1797336000, 'console', NULL, 'console', 'member.add', 'mem_00dcgjqg00000061mq62x6acvq', '{"role":"viewer","user_type":"viewer","username":"bob"}', '77d94010e3c98e3717bca23c70db148ed9412fc2a21126d59b6d7416e3ebd2c8', '1b7580a9709bba857b33b50a8b399d3669f30b71359c1340440dc262223d5f6b');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash)
VALUES (5, 1797336000, 'console', NULL, 'console', 'member.add', 'mem_00dcgjqg0000009x6yxxt6gnnm', '{"role":"viewer","user_type":"creator","username":"dan"}', '1b7580a9709bba857b33b50a8b399d3669f30b71359c1340440dc262223d5f6b', 'c487072d10ea849a09943eb5c512c0a39768f757f488aa70800ec80a09bb1516');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash)
VALUES (6, 1797336000, 'console', NULL, 'console', 'member.add', 'mem_00dcgjqg000000ay0c7cyg5xa1', '{"role":"viewer","user_type":"viewer","username":"cat"}', 'c487072d10ea849a09943eb5c512c0a39768f757f488aa70800ec80a09bb1516', 'f0e1af2ccb492ab6021bcf667c2cb034f44a32ed9ca36f842a0bc9b6eb9b0f66');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash)
VALUES (7, 1797336000, 'console', NULL, 'console', 'change.apply', 'chg_00dcgjqg000000cgff9hnrkwdn', '{"moved":1,"moves":[{"after":{"role":"viewer","state":"archived","user_type":"viewer"},"before":{"role":"viewer","state":"enabled","user_type":"viewer"},"member":"mem_00dcgjqg000000ay0c7cyg5xa1"}],"reason":"a test","reverts":null}', 'f0e1af2ccb492ab6021bcf667c2cb034f44a32ed9ca36f842a0bc9b6eb9b0f66', 'e9e617439c95f09917acdb5e4a292d16341f0a0cea927018b5212a870c6ed16a');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash)
VALUES (8, 1797336000, 'console', NULL, 'console', 'change.apply', 'chg_00dcgjqg000000emt8x1sz4kz3', '{"moved":1,"moves":[{"after":{"role":"custom-field-crew","state":"enabled","user_type":"creator"},"before":{"role":"viewer","state":"enabled","user_type":"creator"},"member":"mem_00dcgjqg0000009x6yxxt6gnnm"}],"reason":"a test","reverts":null}', 'e9e617439c95f09917acdb5e4a292d16341f0a0cea927018b5212a870c6ed16a', '4a74b57dab1125369f5f0364053ee8bd13434e37e205a0418d6afeff62865789');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash)
VALUES (9, 1797336000, 'console', NULL, 'console', 'member.update', 'mem_00dcgjqg00000061mq62x6acvq', '{"group":{"after":["North"],"before":[]}}', '4a74b57dab1125369f5f0364053ee8bd13434e37e205a0418d6afeff62865789', '4a656559a3f5ea6b0685e885a3cc1774f59b83c2c1e91fe6800207896c10c84a');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash)
VALUES (10, 1797336000, 'console', NULL, 'console', 'invitation.send', 'inv_00dcgjqg000000k9bvx71jqzqx', '{"email":"eve@example.com","role":"viewer","user_type":"viewer","username":"eve"}', '4a656559a3f5ea6b0685e885a3cc1774f59b83c2c1e91fe6800207896c10c84a', 'f4cf58e8bc2987d36daaa75917641fecf75ab5d29c1147b4b06cd7ff66bb1e97');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash)
VALUES (11, 1797336000, 'console', NULL, 'console', 'change.apply', 'chg_00dcgjqg000000nkpm9y8gbq1w', '{"moved":1,"moves":[{"after":{"role":"viewer","state":"enabled","user_type":"creator"},"before":{"role":"viewer","state":"enabled","user_type":"viewer"},"member":"mem_00dcgjqg0000005wsbsgsjwcja"}],"reason":"a test","reverts":null}', 'f4cf58e8bc2987d36daaa75917641fecf75ab5d29c1147b4b06cd7ff66bb1e97', 'a99b0966e4ad0b2dc73dd3e803875daa91e98bd7166c66676d91141ef395e1ac');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash)
VALUES (12, 1797336000, 'console', NULL, 'console', 'settings.change', 'defaults', '{"after":{"categories":[],"groups":[],"role":null,"user_type":"viewer","vendor_access":false},"before":null}', 'a99b0966e4ad0b2dc73dd3e803875daa91e98bd7166c66676d91141ef395e1ac', 'a3be81ccec92826285e62888e32265a0a99be92ec351a3581feca5fff8fa2309');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash)
VALUES (13, 1797336000, 'member', 'mem_00dcgjqg00000061mq62x6acvq', 'bob', 'token.open', 'mem_00dcgjqg00000061mq62x6acvq', '{"expires_at":"2027-01-01T00:00:00Z"}', 'a3be81ccec92826285e62888e32265a0a99be92ec351a3581feca5fff8fa2309', '9ee8aa545c1b67bf7c787b248332c9fdba0aab4179356ac2874610aedc09a31b');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash)
VALUES (14, 1797339600, 'console', NULL, 'console', 'license.import', 'SW-2026-000001', '{"license":{"contract":"city-of-example","identity":"XhbnVaGnPyN8SSKJ7TCjoVGBUE0mos452DcqvYn5Gvc","license":"SW-2026-000001","sequence":2,"trust_version":1},"locked_out":2}', '9ee8aa545c1b67bf7c787b248332c9fdba0aab4179356ac2874610aedc09a31b', 'c6ddbb1c153b948547c8095ea9c2a68ed8ed07efc9bbd7c01884745752d2d231');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash)
VALUES (15, 1797339600, 'console', NULL, 'console', 'license.import', 'SW-2026-000001', '{"from":null,"license":{"contract":"city-of-example","identity":"Cjxfp0n__5nZnTr6Ih1oTDPmL5OIK766ypUggg0Lc9g","license":"SW-2026-000001","sequence":3,"trust_version":1},"locked_out":0}', 'c6ddbb1c153b948547c8095ea9c2a68ed8ed07efc9bbd7c01884745752d2d231', '705516c13bc41ec72e748734f83fc1c45cf3fb786c8d3c85e1dacf42d0f4c21c');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash)
VALUES (16, 1797339600, 'console', NULL, 'console', 'change.apply', 'chg_00dcgkkm000000y16wq00c0wda', '{"moved":1,"moves":[{"after":{"role":"custom-field-crew","state":"enabled","user_type":"creator"},"assigned":["arcgis-pro-basic"],"before":{"role":"custom-field-crew","state":"enabled","user_type":"creator"},"ended_sessions_of":[],"member":"mem_00dcgjqg0000009x6yxxt6gnnm","released_checkouts_of":[],"unassigned":[]}],"reason":"a test","returns_ended":[],"reverts":null}', '705516c13bc41ec72e748734f83fc1c45cf3fb786c8d3c85e1dacf42d0f4c21c', 'a6fd119fa81ec8c5ff6ce8c88d8140cd7404eab1e09e14671055ca464ea36280');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash)
VALUES (17, 1797339600, 'member', 'mem_00dcgjqg0000009x6yxxt6gnnm', 'dan', 'session.begin', 'ses_76671626s4k5txrhsvwsp0tkj2', '{"computer":"DESK","product":"arcgis-pro","replaces":null}', 'a6fd119fa81ec8c5ff6ce8c88d8140cd7404eab1e09e14671055ca464ea36280', '3701981de23d0961e1c1d082846b74965c761205c3f9b3a9cb99d2d406073ade');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash)
VALUES (18, 1797339600, 'console', NULL, 'console', 'portal.epoch', 'portal', '{"epoch":1,"why":"another machine or folder"}', '3701981de23d0961e1c1d082846b74965c761205c3f9b3a9cb99d2d406073ade', 'b68c29fde7487afc1bfd6437c6b1ea6bb44f996d28aa75c0c4fce7e59b74153c');
INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash)
VALUES (19, 1797339600, 'console', NULL, 'console', 'license.stage', 'SW-2027-000004', '{"from":"2027-01-01T00:00:00Z","license":{"contract":"city-of-example","identity":"o9R7lag_CDwtEOWC1cSStu2u6_EuSyJeI8BAswF81Mc","license":"SW-2027-000004","sequence":4,"trust_version":1},"locked_out":0}', 'b68c29fde7487afc1bfd6437c6b1ea6bb44f996d28aa75c0c4fce7e59b74153c', '95c1b8ef21b281ad973cc8624dc3f4b4c692ca558811cc4745aca66225c7c7cf');
INSERT INTO member_labels (member, kind, label)
VALUES ('mem_00dcgjqg00000061mq62x6acvq', 'group', 'North');
INSERT INTO invitations (id, secret, username, full_name, email, user_type, role, extras, state, invited_by, created_at, expires_at, ended_at, member)
VALUES ('inv_00dcgjqg000000k9bvx71jqzqx', 'r1Vw9aGBC3r3jK9LxwpmDw31HkK6-R1N5bIyjeDoPfw', 'eve', '', 'eve@example.com', 'viewer', 'viewer', '{"groups":[],"categories":[],"vendor_access":false}', 'pending', 'console', 1797336000, 1798545600, NULL, NULL);
INSERT INTO roles (id, name, description, privileges, created_at, changed_at, version)
VALUES ('custom-field-crew', 'Field crew', '', '["members.view"]', 1797336000, 1797336000, 1);
INSERT INTO settings (topic, value, changed_by, changed_at, version)
VALUES ('defaults', '{"categories":[],"groups":[],"role":null,"user_type":"viewer","vendor_access":false}', 'console', 1797336000, 1);
INSERT INTO member_add_ons (member, add_on, assigned_at)
VALUES ('mem_00dcgjqg0000009x6yxxt6gnnm', 'arcgis-pro-basic', 1797339600);
INSERT INTO add_on_counts (add_on, assigned, over_since)
VALUES ('arcgis-pro-basic', 1, NULL);
INSERT INTO product_sessions (id, member, product, device, device_name, request, created_at, last_used, ended_at, cause)
VALUES ('ses_76671626s4k5txrhsvwsp0tkj2', 'mem_00dcgjqg0000009x6yxxt6gnnm', 'arcgis-pro', 'desk', 'DESK', 'request-0', 1797339600, 1797339600, NULL, NULL);
INSERT INTO product_use (product, member, last_used)
VALUES ('arcgis-pro', 'mem_00dcgjqg0000009x6yxxt6gnnm', 1797339600);
INSERT INTO staged_entitlements (identity, contract, sequence, license_id, issuer, customer, catalog, bytes, starts_at, staged_at, staged_by, problem)
VALUES ('o9R7lag_CDwtEOWC1cSStu2u6_EuSyJeI8BAswF81Mc', 'city-of-example', 4, 'SW-2027-000004', 'Example Vendor', 'city-of-example', 'tUH_n43jFez2Y2AygPDb8ciH57zJNQ7ne1WhZPVOTxY', '{
  "about": {
    "file": "Seatwarden entitlement, version 1. Only the signed part counts; this summary is checked against it.",
    "license": "SW-2027-000004",
    "sequence": 4,
    "customer": "City of Example",
    "from": "2027-01-01T00:00:00Z",
    "user_types": {
      "creator": 9,
      "viewer": 3
    },
    "add_ons": {}
  },
  "payload": "eyJzY2hlbWEiOjEsImp0aSI6IlNXLTIwMjctMDAwMDA0IiwiY29udHJhY3QiOiJjaXR5LW9mLWV4YW1wbGUiLCJzZXF1ZW5jZSI6NCwibWluX3RydXN0IjoxLCJpc3MiOiJFeGFtcGxlIFZlbmRvciIsImlhdCI6MTc5NjA4MzIwMCwibmJmIjoxNzk4NzYxNjAwLCJjdXN0b21lciI6eyJpZCI6ImNpdHktb2YtZXhhbXBsZSIsIm5hbWUiOiJDaXR5IG9mIEV4YW1wbGUifSwiY2F0YWxvZyI6eyJpZCI6ImFyY2dpcyIsInNoYTI1NiI6InRVSF9uNDNqRmV6MlkyQXlnUERiOGNpSDU3ekpOUTduZTFXaFpQVk9UeFkifSwidXNlcl90eXBlcyI6W3siaWQiOiJ2aWV3ZXIiLCJjb3VudCI6M30seyJpZCI6ImNyZWF0b3IiLCJjb3VudCI6OX1dLCJhZGRfb25zIjpbXSwicG9saWN5Ijp7Im9uZV9vdmVyIjoxLCJzZXNzaW9uX21pbnV0ZXMiOjMwLCJjb21wdXRlcnMiOjMsInNhdmVfbWludXRlcyI6NjAsIm9mZmxpbmUiOnRydWUsIm9mZmxpbmVfZGF5cyI6MzB9fQ",
  "protected": "eyJhbGciOiJFZERTQSIsImtpZCI6InRlc3Qtc2lnbmluZyIsInR5cCI6InNlYXR3YXJkZW4tZW50aXRsZW1lbnQrand0In0",
  "signature": "DY0zGN7r3dg0oT00_BCJmIwrQMaSqf6S-TY0hqw6fDfUhTx-TqaRZaAikU_SXmYo2jQwViwE_IcRUxLTs_F-Bg"
}
', 1798761600, 1797339600, 'console', NULL);
