//! Every statement of the store, once, in the text that SQLite and PostgreSQL both take.
//!
//! Parameters are `$1`, `$2`, …, in any order and as often as needed. SQLite numbers `$n` by first appearance and not by
//! `n` (measured), so its text says `?n`; the rewriting is done when the program is compiled.

/// One statement.
#[derive(Clone, Copy)]
pub(crate) struct Sql {
    /// As SQLite takes it.
    pub(crate) sqlite: &'static str,
}

/// The bytes of `text` with `?` for `$`. No statement holds a `$` that is not a parameter (a test looks).
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, where an index out of bounds does not compile")]
pub(crate) const fn numbered<const N: usize>(text: &str) -> [u8; N] {
    let from = text.as_bytes();
    let mut to = [0; N];
    let mut at = 0;
    while at < N {
        to[at] = if from[at] == b'$' { b'?' } else { from[at] };
        at += 1;
    }
    to
}

/// Declares the statements and the table of all of them together.
macro_rules! statements {
    ($($name:ident = $text:expr;)+) => {
        $(
            pub(crate) const $name: Sql = Sql {
                sqlite: {
                    const BYTES: [u8; $text.len()] = numbered($text);
                    match std::str::from_utf8(&BYTES) {
                        Ok(text) => text,
                        Err(_) => "",
                    }
                },
            };
        )+

        /// Every statement with its name and its text as written, for the test that prepares each on a database.
        #[cfg(test)]
        pub(crate) const ALL: &[(&str, &str, Sql)] = &[$((stringify!($name), $text, $name)),+];
    };
}
#[cfg(test)]
pub(crate) use statements;

/// The columns of a member, in the order in which `row::member` reads them.
macro_rules! member_columns {
    () => {
        "members.id, members.username, members.full_name, members.email, members.user_type, members.role, \
         CASE WHEN members.archived_at IS NULL THEN members.state ELSE 'archived' END, members.former_user_type, \
         members.former_role, members.former_change, members.password_kind, members.created_at, members.changed_at, \
         members.last_signed_in_at, members.version, members.archived_at, members.vendor_access"
    };
}

/// Members who can hold a product, by user type or add-on, narrowed by how they used it.
macro_rules! product_members {
    () => {
        "FROM members WHERE username_key > $1 AND archived_at IS NULL \
         AND ($2 LIKE '%,' || user_type || ',%' OR EXISTS (SELECT 1 FROM member_add_ons \
         WHERE member_add_ons.member = members.id AND $3 LIKE '%,' || member_add_ons.add_on || ',%')) \
         AND ($4 < 0 OR EXISTS (SELECT 1 FROM product_use WHERE product_use.product = $5 \
         AND product_use.member = members.id AND product_use.last_used > $4)) \
         AND ($6 < 0 OR NOT EXISTS (SELECT 1 FROM product_use WHERE product_use.product = $5 \
         AND product_use.member = members.id AND product_use.last_used > $6)) \
         AND ($7 = 0 OR ($7 = 1) = EXISTS (SELECT 1 FROM checkouts WHERE checkouts.product = $5 \
         AND checkouts.member = members.id AND checkouts.state <> 'returned' AND checkouts.until_at > $8))"
    };
}

/// What a list of members is narrowed by. Without a state it shows those who hold a seat.
macro_rules! member_filter {
    () => {
        "($2 = '' OR role = $2) \
         AND ((archived_at IS NULL AND $3 IN ('', state)) OR (archived_at IS NOT NULL AND $3 = 'archived')) \
         AND ($4 = '' OR search_key LIKE $4 ESCAPE '!') \
         AND ($6 = '' OR EXISTS (SELECT 1 FROM member_labels WHERE kind = 'group' AND label = $6 AND member = members.id)) \
         AND ($7 = '' OR EXISTS (SELECT 1 FROM member_labels WHERE kind = 'category' AND label = $7 \
         AND member = members.id)) AND ($8 = 0 OR seen_at < $8)"
    };
}

/// A page of all members, in an order that an index gives.
macro_rules! walked {
    ($key:expr, $past:expr, $order:expr) => {
        concat!(
            "SELECT ",
            member_columns!(),
            ", ",
            $key,
            ", username_key FROM members WHERE ",
            $past,
            " AND ($9 = '' OR user_type || '' = $9) AND ",
            member_filter!(),
            " ORDER BY ",
            $order,
            " LIMIT $5"
        )
    };
}

/// A page of the members of one user type.
macro_rules! of_type {
    ($key:expr, $past:expr, $order:expr) => {
        concat!(
            "SELECT ",
            member_columns!(),
            ", ",
            $key,
            ", username_key FROM members WHERE user_type = $9 AND ",
            $past,
            " AND ",
            member_filter!(),
            " ORDER BY ",
            $order,
            " LIMIT $5"
        )
    };
}

/// From the first to the last. What stands behind the value of the order keeps its index from being used, on both
/// databases, where that of the user type is the better one.
macro_rules! forwards {
    ($list:ident, $key:expr, $apart:literal) => {
        $list!(
            $key,
            concat!("(", $key, $apart, ", username_key", ") > ($1, $10)"),
            concat!($key, $apart, ", username_key")
        )
    };
}

/// From the last to the first.
macro_rules! backwards {
    ($list:ident, $key:expr, $apart:literal) => {
        $list!(
            $key,
            concat!("(", $key, $apart, ", username_key) < ($1, $10)"),
            concat!($key, $apart, " DESC, username_key DESC")
        )
    };
}

/// The columns of a change, in the order in which `changes` reads them.
macro_rules! change_columns {
    () => {
        "id, version, at, actor_id, actor_name, reason, plan, allow_one_over, revert_at, return_state, return_problem, \
         reverts, reverted_by"
    };
}

/// The columns of a product session, in the order in which `product_sessions` reads them.
macro_rules! session_columns {
    () => {
        "id, member, product, device, device_name, request, created_at, last_used, ended_at, cause"
    };
}

/// The columns of a checkout, in the order in which `product_sessions` reads them.
macro_rules! checkout_columns {
    () => {
        "id, member, product, device, device_name, device_key, state, until_at, lease, created_at"
    };
}

/// The columns of an invitation, in the order in which `invitations` reads them.
macro_rules! invitation_columns {
    () => {
        "id, username, full_name, email, user_type, role, extras, state, invited_by, created_at, expires_at, ended_at, \
         member"
    };
}

/// The columns of an audit row, in the order in which `audit` and `chain` read them.
macro_rules! audit_columns {
    () => {
        "seq, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash"
    };
}

/// What a list of audit rows is narrowed by. A change is about every member of its plan, of which the row names some.
macro_rules! audit_filter {
    () => {
        "($3 = '' OR LOWER(actor_name) = LOWER($3) OR actor_id = $3) AND ($4 = '' OR action = $4) \
         AND ($5 = '' OR target = $5 OR ($6 <> '' AND (target = $6 OR detail LIKE $7 ESCAPE '!' \
         OR EXISTS (SELECT 1 FROM changes WHERE changes.id = audit.target AND changes.plan LIKE $7 ESCAPE '!')))) \
         AND at >= $8 AND at < $9 AND ($10 = '' OR detail LIKE $10 ESCAPE '!' OR actor_name LIKE $11 ESCAPE '!' \
         OR target LIKE $11 ESCAPE '!' OR action LIKE $11 ESCAPE '!')"
    };
}

statements! {
    // How many seats were taken on each day.
    LAST_USAGE = "SELECT day, assigned_max, licensed_min, over_seconds, assigned, as_of FROM usage_days \
                  WHERE user_type = $1 ORDER BY day DESC LIMIT 1";
    SAVE_USAGE = "INSERT INTO usage_days (user_type, day, assigned_max, licensed_min, over_seconds, assigned, as_of) \
                  VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (user_type, day) DO UPDATE SET assigned_max = $3, \
                  licensed_min = $4, over_seconds = $5, assigned = $6, as_of = $7";
    USAGE = "SELECT user_type, day, assigned_max, licensed_min, over_seconds, assigned FROM usage_days \
             WHERE day >= $1 AND day <= $2 ORDER BY day, user_type";
    USAGE_TYPES = "SELECT user_type, MAX(as_of) FROM usage_days GROUP BY user_type ORDER BY user_type";

    // The organization's row and the counts: read and written by `books` alone.
    ORGANIZATION = "SELECT version, seat_revision, newest_instant, enabled_administrators, entitlement, trust_version, \
                    policy_revision, epoch, clock_accepted, newest_issue, staged_from, \
                    audit_hash FROM organization WHERE id = 1";
    SAVE_ORGANIZATION = "UPDATE organization SET version = $1, seat_revision = $2, newest_instant = $3, \
                         enabled_administrators = $4, entitlement = $5, trust_version = $6, policy_revision = $7, \
                         epoch = $8, clock_accepted = $9, newest_issue = $10, staged_from = $11, audit_hash = $12 \
                         WHERE id = 1";
    FOUND_ORGANIZATION = "INSERT INTO organization (id, version, seat_revision, newest_instant, \
                          enabled_administrators, root_fingerprint, entitlement, trust_version, created_at) \
                          VALUES (1, 0, 0, $1, 0, $2, NULL, 0, $1) ON CONFLICT (id) DO NOTHING";
    FOUNDATION = "SELECT root_fingerprint FROM organization WHERE id = 1";
    ROOT_KEYS = "SELECT root_keys FROM organization WHERE id = 1";
    KEEP_ROOTS = "UPDATE organization SET root_fingerprint = $1, root_keys = $2 WHERE id = 1";
    OFFLINE_HELD = "SELECT offline_held_until FROM organization WHERE id = 1";
    HOLD_OFFLINE = "UPDATE organization SET offline_held_until = $1 WHERE id = 1";
    END_ALL_TOKENS = "DELETE FROM tokens";
    HOME = "SELECT home FROM organization WHERE id = 1";
    KEEP_HOME = "UPDATE organization SET home = $1 WHERE id = 1";
    HEADCOUNTS = "SELECT user_type, assigned, reserved, lockable, over_since FROM headcounts ORDER BY user_type";
    SAVE_HEADCOUNT = "INSERT INTO headcounts (user_type, assigned, reserved, lockable, over_since) \
                      VALUES ($1, $2, $3, $4, $5) ON CONFLICT (user_type) DO UPDATE SET assigned = $2, reserved = $3, \
                      lockable = $4, over_since = $5";
    RECOUNT = "SELECT user_type, role, state, COUNT(*) FROM members WHERE archived_at IS NULL \
               GROUP BY user_type, role, state ORDER BY user_type, role, state";
    INVITED = "SELECT user_type, COUNT(*) FROM invitations WHERE state = 'pending' AND expires_at > $1 \
               GROUP BY user_type ORDER BY user_type";
    OVERDUE_INVITATIONS = "SELECT user_type, COUNT(*), SUM(CASE WHEN expires_at <= $2 THEN 1 ELSE 0 END) \
                           FROM invitations WHERE state = 'pending' AND expires_at <= $1 \
                           GROUP BY user_type ORDER BY user_type";
    ENDING_INVITATIONS = "SELECT COUNT(*), MIN(expires_at) FROM invitations WHERE state = 'pending' AND expires_at > $1 \
                          AND expires_at <= $2";
    EXPIRE_INVITATIONS = "UPDATE invitations SET state = 'expired', ended_at = expires_at \
                          WHERE state = 'pending' AND expires_at <= $1";
    PLANNED_SEATS = "SELECT plan FROM changes WHERE return_state IN ('planned', 'due')";

    // Members.
    INSERT_MEMBER = "INSERT INTO members (id, username, username_key, full_name, email, search_key, user_type, role, \
                     state, password, password_kind, created_at, changed_at, version, vendor_access, name_key, seen_at) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'enabled', $9, $10, $11, $11, 1, $12, $13, $11)";
    MEMBER = concat!("SELECT ", member_columns!(), " FROM members WHERE id = $1");
    MEMBER_BY_USERNAME = concat!("SELECT ", member_columns!(), " FROM members WHERE username_key = $1");
    CREDENTIALS = concat!("SELECT ", member_columns!(), ", members.password FROM members WHERE username_key = $1");
    // Every order of a list has four: forwards and backwards, out of all members and out of those of one user type. The
    // first two walk the index of the order; the others find the members of the type and sort them (`order` chooses).
    ALL_BY_USERNAME = walked!("username_key", "username_key > $1 AND $10 = $10", "username_key");
    ALL_BY_USERNAME_BACK = walked!("username_key", "username_key < $1 AND $10 = $10", "username_key DESC");
    TYPE_BY_USERNAME = of_type!("username_key", "username_key > $1 AND $10 = $10", "username_key");
    TYPE_BY_USERNAME_BACK = of_type!("username_key", "username_key < $1 AND $10 = $10", "username_key DESC");
    ALL_BY_NAME = forwards!(walked, "name_key", "");
    ALL_BY_NAME_BACK = backwards!(walked, "name_key", "");
    TYPE_BY_NAME = forwards!(of_type, "name_key", " || ''");
    TYPE_BY_NAME_BACK = backwards!(of_type, "name_key", " || ''");
    ALL_BY_USER_TYPE = forwards!(walked, "user_type", "");
    ALL_BY_USER_TYPE_BACK = backwards!(walked, "user_type", "");
    TYPE_BY_USER_TYPE = forwards!(of_type, "user_type", "");
    TYPE_BY_USER_TYPE_BACK = backwards!(of_type, "user_type", "");
    ALL_BY_ROLE = forwards!(walked, "role", "");
    ALL_BY_ROLE_BACK = backwards!(walked, "role", "");
    TYPE_BY_ROLE = forwards!(of_type, "role", " || ''");
    TYPE_BY_ROLE_BACK = backwards!(of_type, "role", " || ''");
    ALL_BY_LAST_SIGN_IN = forwards!(walked, "seen_at", "");
    ALL_BY_LAST_SIGN_IN_BACK = backwards!(walked, "seen_at", "");
    TYPE_BY_LAST_SIGN_IN = forwards!(of_type, "seen_at", " + 0");
    TYPE_BY_LAST_SIGN_IN_BACK = backwards!(of_type, "seen_at", " + 0");
    ALL_BY_STATE = forwards!(walked, "state", "");
    ALL_BY_STATE_BACK = backwards!(walked, "state", "");
    TYPE_BY_STATE = forwards!(of_type, "state", " || ''");
    TYPE_BY_STATE_BACK = backwards!(of_type, "state", " || ''");
    COUNT_MEMBERS = concat!("SELECT COUNT(*) FROM (SELECT 1 FROM members WHERE ($9 = '' OR user_type = $9) \
               AND $1 = $10 AND ", member_filter!(), " LIMIT $5) AS found");
    UNSEEN_MEMBERS = "SELECT 1 FROM members WHERE seen_at < $1 AND archived_at IS NULL ORDER BY seen_at LIMIT $2";
    MOVE_MEMBER = "UPDATE members SET user_type = $4, role = $5, state = $6, archived_at = $7, former_user_type = $2, \
                   former_role = $3, former_change = $8, changed_at = $9, version = version + 1 \
                   WHERE id = $1 AND user_type = $2 AND role = $3 \
                   AND CASE WHEN archived_at IS NULL THEN state ELSE 'archived' END = $10";
    SET_VENDOR_ACCESS = "UPDATE members SET vendor_access = $2, changed_at = $3, version = version + 1 WHERE id = $1";
    TOUCH_MEMBER = "UPDATE members SET changed_at = $2, version = version + 1 WHERE id = $1";
    SIGNED_IN_NOW = "SELECT COUNT(*) FROM members WHERE user_type = $1 AND archived_at IS NULL AND state = 'enabled' \
                     AND role <> $2 AND EXISTS (SELECT 1 FROM tokens WHERE member = members.id AND expires_at > $3)";
    LEAST_RECENT = concat!("SELECT ", member_columns!(), " FROM members WHERE user_type = $1 AND archived_at IS NULL \
               AND state = 'enabled' AND role <> $2 ORDER BY seen_at, username_key \
               LIMIT $3");

    // Add-ons: the counts are read and written by `books` alone.
    ADD_ON_COUNTS = "SELECT add_on, assigned, over_since FROM add_on_counts ORDER BY add_on";
    SAVE_ADD_ON_COUNT = "INSERT INTO add_on_counts (add_on, assigned, over_since) VALUES ($1, $2, $3) \
                         ON CONFLICT (add_on) DO UPDATE SET assigned = $2, over_since = $3";
    RECOUNT_ADD_ONS = "SELECT add_on, COUNT(*) FROM member_add_ons GROUP BY add_on ORDER BY add_on";
    ADD_ONS_OF = "SELECT add_on FROM member_add_ons WHERE member = $1 ORDER BY add_on";
    ASSIGN_ADD_ON = "INSERT INTO member_add_ons (member, add_on, assigned_at) VALUES ($1, $2, $3)";
    UNASSIGN_ADD_ON = "DELETE FROM member_add_ons WHERE member = $1 AND add_on = $2";
    HOLDERS_OF_ADD_ON = concat!("SELECT ", member_columns!(), ", COALESCE((SELECT MAX(last_used) FROM product_use \
               WHERE product_use.member = members.id AND ($2 = '' OR product_use.product = $2)), 0) FROM member_add_ons \
               JOIN members ON members.id = member_add_ons.member WHERE member_add_ons.add_on = $1 \
               AND members.username_key > $3 ORDER BY members.username_key LIMIT $4");
    PRODUCT_MEMBERS = concat!("SELECT ", member_columns!(), " ", product_members!(), " ORDER BY username_key LIMIT $9");
    COUNT_PRODUCT_MEMBERS = concat!("SELECT COUNT(*) ", product_members!());
    LEAST_USED_HOLDERS = concat!("SELECT ", member_columns!(), ", COALESCE((SELECT MAX(last_used) FROM product_use \
               WHERE product_use.member = members.id AND ($2 = '' OR product_use.product = $2)), 0) AS used \
               FROM member_add_ons JOIN members ON members.id = member_add_ons.member \
               WHERE member_add_ons.add_on = $1 ORDER BY used, members.username_key LIMIT $3");

    // Products in use.
    PRODUCTS_IN_SESSION = "SELECT product FROM product_sessions WHERE member = $1 AND ended_at IS NULL \
                           AND last_used > $2 ORDER BY product, id";
    PRODUCTS_OUT = "SELECT product, device_name, until_at FROM checkouts WHERE member = $1 AND state = 'out' \
                    AND until_at > $2 ORDER BY product";
    SESSIONS_OF = concat!("SELECT ", session_columns!(), " FROM product_sessions WHERE member = $1 AND product = $2 \
                   ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, last_used DESC, id LIMIT 100");
    PRODUCT_SESSION = concat!("SELECT ", session_columns!(), " FROM product_sessions WHERE id = $1");
    INSERT_SESSION = "INSERT INTO product_sessions (id, member, product, device, device_name, request, created_at, \
                      last_used) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
    USE_SESSION = "UPDATE product_sessions SET last_used = $2 WHERE id = $1 AND ended_at IS NULL AND last_used < $2";
    END_SESSION = "UPDATE product_sessions SET ended_at = $2, cause = $3 WHERE id = $1 AND ended_at IS NULL";
    END_SESSIONS_OF = "UPDATE product_sessions SET ended_at = $4, cause = $5 WHERE member = $1 AND product = $2 \
                       AND ended_at IS NULL AND last_used > $3";
    FORGET_SESSIONS = "DELETE FROM product_sessions WHERE member = $1 AND COALESCE(ended_at, last_used + $3) < $2";
    PRODUCT_USED = "INSERT INTO product_use (product, member, last_used) SELECT $1, id, $3 FROM members WHERE id = $2 \
                    ON CONFLICT (product, member) DO UPDATE SET last_used = $3 WHERE product_use.last_used < $3";
    LAST_USED = "SELECT last_used FROM product_use WHERE product = $1 AND member = $2";
    CHECKOUTS_OF = concat!("SELECT ", checkout_columns!(), " FROM checkouts WHERE member = $1 AND product = $2 \
                    ORDER BY CASE state WHEN 'returned' THEN 1 ELSE 0 END, created_at DESC, id LIMIT 20");
    LEASES_BESIDE_RELEASED = "SELECT until_at, lease FROM checkouts WHERE product = $1 AND state <> 'returned' \
                    AND until_at > $2 AND member <> $3 AND EXISTS (SELECT 1 FROM checkouts WHERE product = $1 \
                    AND state = 'released' AND until_at > $2 AND member <> $3) ORDER BY until_at, id";
    CHECKOUT = concat!("SELECT ", checkout_columns!(), " FROM checkouts WHERE id = $1");
    RUNNING_CHECKOUTS = concat!("SELECT ", checkout_columns!(), " FROM checkouts WHERE state <> 'returned' \
                         AND until_at > $1 ORDER BY until_at, id");
    INSERT_CHECKOUT = "INSERT INTO checkouts (id, member, product, device, device_name, device_key, state, created_at, \
                       until_at, lease) VALUES ($1, $2, $3, $4, $5, $6, 'out', $7, $8, $9)";
    END_CHECKOUT = "UPDATE checkouts SET state = $2, ended_at = $3 WHERE id = $1 AND state <> 'returned'";
    RELEASE_CHECKOUTS = "UPDATE checkouts SET state = $3, ended_at = $4 WHERE member = $1 AND product = $2 \
                         AND state = 'out'";

    // Labels.
    LABELS = "SELECT kind, label FROM member_labels WHERE member = $1 ORDER BY kind, label";
    ADD_LABEL = "INSERT INTO member_labels (member, kind, label) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    DROP_LABELS = "DELETE FROM member_labels WHERE member = $1 AND kind = $2";
    LABEL_USE = "SELECT label, COUNT(*) FROM member_labels WHERE kind = $1 GROUP BY label ORDER BY label";

    SET_PROFILE = "UPDATE members SET full_name = $2, email = $3, search_key = $4, name_key = $6, changed_at = $5, \
                   version = version + 1 WHERE id = $1";
    SET_PASSWORD = "UPDATE members SET password = $2, password_kind = $3, changed_at = $4, version = version + 1 \
                    WHERE id = $1";
    SIGNED_IN = "UPDATE members SET last_signed_in_at = $2, seen_at = $2 WHERE id = $1";
    DELETE_MEMBER = "DELETE FROM members WHERE id = $1 AND user_type = $2 AND role = $3 \
                     AND CASE WHEN archived_at IS NULL THEN state ELSE 'archived' END = $4";

    // Tokens.
    OPEN_TOKEN = "INSERT INTO tokens (hash, member, created_at, expires_at) VALUES ($1, $2, $3, $4)";
    SESSION = concat!("SELECT ", member_columns!(), ", tokens.created_at, tokens.expires_at FROM tokens \
               JOIN members ON members.id = tokens.member WHERE tokens.hash = $1 AND tokens.expires_at > $2 \
               AND tokens.created_at <= $3");
    END_TOKEN = "DELETE FROM tokens WHERE hash = $1";
    END_LATER_TOKENS = "DELETE FROM tokens WHERE created_at > $1";
    END_OTHER_TOKENS = "DELETE FROM tokens WHERE member = $1 AND hash <> $2";
    FORGET_EXPIRED_TOKENS = "DELETE FROM tokens WHERE member = $1 AND expires_at <= $2";

    // License files.
    ENTITLEMENT = "SELECT bytes FROM entitlements WHERE identity = $1 \
                   UNION ALL SELECT bytes FROM staged_entitlements WHERE identity = $1 LIMIT 1";
    STAGED = "SELECT identity, contract, sequence, license_id, issuer, customer, starts_at, staged_at, staged_by, problem \
              FROM staged_entitlements ORDER BY starts_at, contract, sequence";
    STAGE = "INSERT INTO staged_entitlements (identity, contract, sequence, license_id, issuer, customer, catalog, bytes, \
             starts_at, staged_at, staged_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
             ON CONFLICT (identity) DO UPDATE SET staged_at = $10, staged_by = $11, problem = NULL";
    FORGET_CONTRACT = "DELETE FROM contracts WHERE contract = $1";
    FORGET_ENTITLEMENT = "DELETE FROM entitlements WHERE identity = $1";
    POINT_TO_ENTITLEMENT = "UPDATE organization SET entitlement = $1 WHERE id = 1";
    SHORTEN_INVITATIONS = "UPDATE invitations SET expires_at = $1 WHERE state = 'pending' AND expires_at > $1";
    UNSTAGE = "DELETE FROM staged_entitlements WHERE identity = $1";
    STAGED_PROBLEM = "UPDATE staged_entitlements SET problem = $2 WHERE identity = $1";
    INSTALLED_OF = "SELECT contract, issuer, customer FROM entitlements WHERE identity = $1";
    SAVE_ENTITLEMENT = "INSERT INTO entitlements (identity, contract, sequence, license_id, issuer, customer, catalog, \
                        bytes, installed_at, installed_version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
                        ON CONFLICT (identity) DO UPDATE SET contract = $2, sequence = $3, license_id = $4, \
                        issuer = $5, customer = $6, catalog = $7, bytes = $8";
    HISTORY = "SELECT identity, contract, sequence, license_id, issuer, customer, installed_at, actor_name, detail \
               FROM entitlements LEFT JOIN audit ON seq = installed_version ORDER BY installed_version DESC";
    CONTRACTS = "SELECT contract, sequence, identity FROM contracts ORDER BY contract";
    CATALOG_OF_INSTALLED = "SELECT catalog FROM entitlements WHERE identity = $1";
    SAVE_CONTRACT = "INSERT INTO contracts (contract, sequence, identity) VALUES ($1, $2, $3) \
                     ON CONFLICT (contract) DO UPDATE SET sequence = $2, identity = $3";
    TRUST_LIST = "SELECT identity, bytes FROM trust_lists WHERE version = $1";
    SAVE_TRUST_LIST = "INSERT INTO trust_lists (version, identity, bytes, installed_at) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (version) DO UPDATE SET identity = $2, bytes = $3";
    TRUST_LISTS = "SELECT version, identity, bytes FROM trust_lists ORDER BY version DESC";
    CATALOG = "SELECT bytes FROM catalogs WHERE identity = $1";
    CATALOGS = "SELECT identity FROM catalogs ORDER BY identity";
    SAVE_CATALOG = "INSERT INTO catalogs (identity, bytes, installed_at) VALUES ($1, $2, $3) \
                    ON CONFLICT (identity) DO NOTHING";

    // Changes.
    INSERT_CHANGE = "INSERT INTO changes (id, version, at, actor_id, actor_name, reason, plan, allow_one_over, \
                     revert_at, return_state, reverts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    CHANGE = concat!("SELECT ", change_columns!(), " FROM changes WHERE id = $1");
    CHANGES = concat!("SELECT ", change_columns!(), " FROM changes WHERE version < $1 ORDER BY version DESC LIMIT $2");
    OPEN_RETURNS = concat!("SELECT ", change_columns!(), " FROM changes WHERE return_state IN ('planned', 'due', 'stale') \
                    ORDER BY revert_at, version LIMIT $1");
    DUE_RETURNS = "SELECT id FROM changes WHERE return_state IN ('planned', 'due') AND revert_at <= $1 \
                   ORDER BY revert_at, version LIMIT $2";
    RETURN = "SELECT return_state, return_problem FROM changes WHERE id = $1 AND return_state IS NOT NULL";
    SET_RETURN = "UPDATE changes SET return_state = $2, return_problem = $3 WHERE id = $1";
    SET_REVERTED = "UPDATE changes SET reverted_by = $2 WHERE id = $1";
    RETURNS_NAMING = "SELECT plan FROM changes WHERE return_state IN ('planned', 'due') AND plan LIKE $1 ESCAPE '!'";

    // Invitations.
    INSERT_INVITATION = "INSERT INTO invitations (id, secret, username, full_name, email, user_type, role, extras, \
                         state, invited_by, created_at, expires_at) \
                         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'pending', $9, $10, $11)";
    INVITATION = concat!("SELECT ", invitation_columns!(), " FROM invitations WHERE id = $1");
    INVITATION_BY_SECRET = concat!("SELECT ", invitation_columns!(), " FROM invitations WHERE secret = $1");
    INVITATIONS = concat!("SELECT ", invitation_columns!(), " FROM invitations \
                   WHERE ($1 = '' OR $1 = CASE WHEN state = 'pending' AND expires_at <= $4 THEN 'expired' ELSE state END) \
                   AND id < $2 ORDER BY id DESC LIMIT $3");
    END_INVITATION = "UPDATE invitations SET state = $2, ended_at = $3, member = $4 WHERE id = $1 AND state = 'pending'";
    RENEW_INVITATION = "UPDATE invitations SET secret = $2, expires_at = $3 WHERE id = $1";
    INVITATIONS_NAMING = "SELECT COUNT(*) FROM invitations WHERE role = $1 AND state = 'pending' AND expires_at > $2";

    // The organization's own roles.
    ROLES = "SELECT id, name, description, privileges, created_at, changed_at, version FROM roles ORDER BY id";
    SAVE_ROLE = "INSERT INTO roles (id, name, description, privileges, created_at, changed_at, version) \
                 VALUES ($1, $2, $3, $4, $5, $5, 1) ON CONFLICT (id) DO UPDATE SET name = $2, description = $3, \
                 privileges = $4, changed_at = $5, version = roles.version + 1";
    DELETE_ROLE = "DELETE FROM roles WHERE id = $1";
    HOLDERS = "SELECT CASE WHEN archived_at IS NULL THEN user_type ELSE '' END, COUNT(*) FROM members WHERE role = $1 \
               GROUP BY CASE WHEN archived_at IS NULL THEN user_type ELSE '' END ORDER BY 1";
    SOME_HOLDERS = "SELECT id, username, user_type FROM members WHERE role = $1 AND archived_at IS NULL \
                    ORDER BY username_key LIMIT $2";

    // Settings.
    SETTING = "SELECT value, changed_by, changed_at, version FROM settings WHERE topic = $1";
    SAVE_SETTING = "INSERT INTO settings (topic, value, changed_by, changed_at, version) VALUES ($1, $2, $3, $4, 1) \
                    ON CONFLICT (topic) DO UPDATE SET value = $2, changed_by = $3, changed_at = $4, \
                    version = settings.version + 1";

    // The audit log.
    APPEND_AUDIT = "INSERT INTO audit (seq, at, actor_kind, actor_id, actor_name, action, target, detail, previous, hash) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    AUDIT = concat!("SELECT ", audit_columns!(), " FROM audit WHERE seq < $1 AND ", audit_filter!(), " \
             ORDER BY seq DESC LIMIT $2");
    AUDIT_FORWARD = concat!("SELECT ", audit_columns!(), " FROM audit WHERE seq > $1 AND ", audit_filter!(), " \
             ORDER BY seq LIMIT $2");
    AUDIT_ROW = concat!("SELECT ", audit_columns!(), " FROM audit WHERE seq = $1");
    AUDIT_COUNT = "SELECT COUNT(*), COALESCE(MAX(seq), 0) FROM audit";
    AUDIT_CHAIN = concat!("SELECT ", audit_columns!(), " FROM audit WHERE seq >= $1 ORDER BY seq LIMIT $2");
    AUDIT_HASH = "SELECT hash FROM audit WHERE seq = $1";
    AUDIT_HEAD = "SELECT version, audit_hash FROM organization WHERE id = 1";
    LINK_AUDIT = "UPDATE audit SET previous = $2, hash = $3 WHERE seq = $1";
    KEEP_AUDIT_HASH = "UPDATE organization SET audit_hash = $1 WHERE id = 1";

    // Requests.
    REMEMBERED = "SELECT body_hash, status, answer FROM idempotency WHERE actor = $1 AND request_key = $2 \
                  AND created_at > $3";
    REMEMBER = "INSERT INTO idempotency (actor, request_key, body_hash, status, answer, created_at) \
                VALUES ($1, $2, $3, $4, $5, $6)";
    FORGET_REQUESTS = "DELETE FROM idempotency WHERE created_at <= $1";
    SAVE_PREVIEW = "INSERT INTO previews (id, actor, entitlement, trust, catalog, created_at) \
                    VALUES ($1, $2, $3, $4, $5, $6)";
    PREVIEW = "SELECT entitlement, trust, catalog, created_at FROM previews \
               WHERE id = $1 AND actor = $2 AND created_at > $3";
    FORGET_PREVIEWS = "DELETE FROM previews WHERE created_at <= $1";

    // Migrations.
    MIGRATIONS = "SELECT number, name, sha256 FROM migrations ORDER BY number";
    RECORD_MIGRATION = "INSERT INTO migrations (number, name, sha256, applied_at) VALUES ($1, $2, $3, $4)";
}

/// The four statements of each order.
pub(crate) const BY_USERNAME: [Sql; 4] =
    [ALL_BY_USERNAME, ALL_BY_USERNAME_BACK, TYPE_BY_USERNAME, TYPE_BY_USERNAME_BACK];
pub(crate) const BY_NAME: [Sql; 4] = [ALL_BY_NAME, ALL_BY_NAME_BACK, TYPE_BY_NAME, TYPE_BY_NAME_BACK];
pub(crate) const BY_USER_TYPE: [Sql; 4] =
    [ALL_BY_USER_TYPE, ALL_BY_USER_TYPE_BACK, TYPE_BY_USER_TYPE, TYPE_BY_USER_TYPE_BACK];
pub(crate) const BY_ROLE: [Sql; 4] = [ALL_BY_ROLE, ALL_BY_ROLE_BACK, TYPE_BY_ROLE, TYPE_BY_ROLE_BACK];
pub(crate) const BY_LAST_SIGN_IN: [Sql; 4] =
    [ALL_BY_LAST_SIGN_IN, ALL_BY_LAST_SIGN_IN_BACK, TYPE_BY_LAST_SIGN_IN, TYPE_BY_LAST_SIGN_IN_BACK];
pub(crate) const BY_STATE: [Sql; 4] = [ALL_BY_STATE, ALL_BY_STATE_BACK, TYPE_BY_STATE, TYPE_BY_STATE_BACK];
