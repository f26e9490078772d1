//! The proofs: what is broken, and which check must notice.

use super::proofs::Row;

/// The main job, played over TCP against release builds of both programs.
const BUILD_SELF_CHECK: &[&str] =
    &["build", "--locked", "--release", "-p", "issuer", "-p", "portal", "-p", "quickstart"];
const SELF_CHECK: &[&str] = &["run", "--locked", "--release", "-p", "quickstart", "--", "--self-check"];

/// Every proof of `soak proofs`.
pub const ROWS: &[Row] = &[
    Row {
        name: "write-lock",
        file: "crates/store/src/backend.rs",
        old: "self.run(\"BEGIN IMMEDIATE\")",
        new: "self.run(\"BEGIN\")",
        build: &["test", "--locked", "-p", "store", "--test", "conformance", "--no-run"],
        check: &["test", "--locked", "-p", "store", "--test", "conformance", "through_two_writers"],
        says: "_at_the_last_seat_exactly_one_is_admitted ... FAILED",
    },
    Row {
        name: "cap",
        file: "crates/rules/src/capacity.rs",
        old: "if count.assigned.saturating_add(count.reserved) < licensed {",
        new: "if count.assigned.saturating_add(count.reserved) <= licensed {",
        build: BUILD_SELF_CHECK,
        check: SELF_CHECK,
        says: "one more viewer\n  expected: 409 ",
    },
    Row {
        name: "lockout",
        file: "crates/portal/src/auth/session.rs",
        old: "rules::sign_in::enter(&session.view.standing).map_err(|refusal| Problem(request.on(refusal.into())))?;",
        new: "let _ = request;",
        build: BUILD_SELF_CHECK,
        check: SELF_CHECK,
        says: " is refused at /api/v1/me\n  expected: 403 ",
    },
];
