//! The database itself: how a connection opens, how a transaction begins and ends, how a statement runs.

use std::path::Path;
use std::time::Duration;

use errors::{Code, Failure};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql};

use crate::StoreError;
use crate::folder::unwritable;
use crate::row::Row;
use crate::sql::Sql;

/// How long a writer waits for another process: two programs share the file, and no closure runs for long.
const BUSY: Duration = Duration::from_secs(5);

/// Pages in the write-ahead log after which they are copied to the database: 16 MiB. A page that is written again and again
/// meanwhile is copied once.
const CHECKPOINT: i64 = 4_000;

/// Memory for the pages of one connection, in KiB.
const CACHE: i64 = 8_000;

/// More than there are statements, so that each is prepared once.
const STATEMENTS: usize = 256;

/// One connection.
pub(crate) struct Db(Connection);

/// How a connection may be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The file may be made.
    Create,
    /// The file must be there.
    Existing,
    /// Nothing is written: for the first look at a file of unknown version.
    Look,
}

impl Db {
    /// Opens the file with the settings that the promises rest on: a commit is on the disk when it returns.
    pub(crate) fn open(file: &Path, mode: Mode) -> Result<Self, StoreError> {
        let access = match mode {
            Mode::Create => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
            Mode::Existing => OpenFlags::SQLITE_OPEN_READ_WRITE,
            Mode::Look => OpenFlags::SQLITE_OPEN_READ_ONLY,
        };
        let connection = Connection::open_with_flags(file, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(BUSY)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        // A plan that may depend on the values would be made anew at each run, which takes longer than the run.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        if mode != Mode::Look {
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.pragma_update(None, "synchronous", "FULL")?;
            connection.pragma_update(None, "foreign_keys", true)?;
            connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT)?;
            connection.pragma_update(None, "cache_size", -CACHE)?;
        }
        Ok(Self(connection))
    }

    /// Begins a transaction that holds the write lock from its first statement, so that everything read in it stays true
    /// until it commits. A plain `BEGIN` would let two writers decide on the same counts.
    pub(crate) fn begin_write(&self) -> Result<(), StoreError> {
        self.run("BEGIN IMMEDIATE")
    }

    /// Begins a transaction that reads one state of the database.
    pub(crate) fn begin_read(&self) -> Result<(), StoreError> {
        self.run("BEGIN")
    }

    /// Makes the transaction durable.
    pub(crate) fn commit(&self) -> Result<(), StoreError> {
        self.run("COMMIT")
    }

    /// Takes the transaction back; SQLite may have done so already.
    pub(crate) fn rollback(&self) {
        if self.is_in_transaction() {
            // Nothing can be done if this fails: the connection is closed or the file is gone, and nothing was committed.
            let _ = self.run("ROLLBACK");
        }
    }

    /// Whether a transaction is open. A full disk can end one without being asked.
    pub(crate) fn is_in_transaction(&self) -> bool {
        !self.0.is_autocommit()
    }

    /// Marks the place to which a refused decision rolls back.
    pub(crate) fn savepoint(&self) -> Result<(), StoreError> {
        self.run("SAVEPOINT decision")
    }

    /// Keeps what was done since the mark.
    pub(crate) fn release(&self) -> Result<(), StoreError> {
        self.run("RELEASE decision")
    }

    /// Takes back what was done since the mark.
    pub(crate) fn rollback_to_savepoint(&self) -> Result<(), StoreError> {
        self.run("ROLLBACK TO decision")?;
        self.release()
    }

    /// Runs a statement that changes rows, and tells how many.
    pub(crate) fn execute(&self, sql: Sql, values: &[Value<'_>]) -> Result<usize, rusqlite::Error> {
        self.0.prepare_cached(sql.sqlite)?.execute(rusqlite::params_from_iter(values))
    }

    /// The first row, if there is one.
    pub(crate) fn one<T>(
        &self,
        sql: Sql,
        values: &[Value<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut statement = self.0.prepare_cached(sql.sqlite)?;
        let mut rows = statement.query(rusqlite::params_from_iter(values))?;
        rows.next()?.map(|row| read(&Row(row))).transpose()
    }

    /// Every row.
    pub(crate) fn many<T>(
        &self,
        sql: Sql,
        values: &[Value<'_>],
        read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.0.prepare_cached(sql.sqlite)?;
        let mut rows = statement.query(rusqlite::params_from_iter(values))?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(read(&Row(row))?);
        }
        Ok(all)
    }

    /// Whether a table of that name is there.
    pub(crate) fn has_table(&self, name: &str) -> Result<bool, StoreError> {
        Ok(self.0.table_exists(None, name)?)
    }

    /// Whether there is a column of that name in the table.
    pub(crate) fn has_column(&self, table: &str, column: &str) -> Result<bool, StoreError> {
        Ok(self.0.column_exists(None, table, column)?)
    }

    /// Writes everything as of one moment into a file that is not there yet.
    pub(crate) fn copy_to(&self, file: &Path) -> Result<(), StoreError> {
        let name = file.to_str().ok_or_else(|| StoreError::internal("the name of the copy is not UTF-8"))?;
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        // For its owner alone, from the first byte: it holds password hashes.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(file).map_err(|error| unwritable(file, &error))?;
        self.0.execute("VACUUM INTO ?1", [name])?;
        std::fs::File::open(file).and_then(|copy| copy.sync_all()).map_err(|error| unwritable(file, &error))
    }

    /// Reads every page, and compares the tables with their indexes.
    pub(crate) fn check_whole(&self) -> Result<(), StoreError> {
        let said: String = self.0.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if said == "ok" { Ok(()) } else { Err(StoreError::damaged(said)) }
    }

    /// Puts everything into the one file.
    pub(crate) fn settle_log(&self) -> Result<(), StoreError> {
        self.0.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// The names of all tables.
    pub(crate) fn tables(&self) -> Result<Vec<String>, StoreError> {
        let mut statement =
            self.0.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")?;
        let names = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(names)
    }

    /// Opens another database beside this one, under that name.
    pub(crate) fn attach(&self, file: &Path, name: &str) -> Result<(), StoreError> {
        let file = file.to_str().ok_or_else(|| StoreError::internal("the name of the file is not UTF-8"))?;
        self.0.execute(&format!("ATTACH DATABASE ?1 AS {name}"), [file])?;
        Ok(())
    }

    /// Whether the database holds nothing at all.
    pub(crate) fn is_blank(&self) -> Result<bool, StoreError> {
        let tables: i64 = self.0.query_row("SELECT COUNT(*) FROM sqlite_master", [], |row| row.get(0))?;
        Ok(tables == 0)
    }

    /// Runs a migration: several statements without parameters.
    pub(crate) fn run_script(&self, text: &str) -> Result<(), StoreError> {
        Ok(self.0.execute_batch(text)?)
    }

    /// A disk with room for so many pages more, for tests of a full one.
    #[cfg(test)]
    pub(crate) fn limit_pages(&self, more: u32) -> Result<(), StoreError> {
        let pages: u32 = self.0.pragma_query_value(None, "page_count", |row| row.get(0))?;
        Ok(self.0.pragma_update(None, "max_page_count", pages + more)?)
    }

    fn run(&self, text: &str) -> Result<(), StoreError> {
        self.0.prepare_cached(text)?.execute([])?;
        Ok(())
    }
}

/// A parameter: text or a whole number, present or not. Both databases have these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Text(&'a str),
    Integer(i64),
    Absent,
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Absent => ValueRef::Null,
        }))
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

/// Counts and versions stay far below the limit; one that did not would be caught by the checks of the tables.
impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Integer(i64::from(number))
    }
}

impl From<entitlement::Moment> for Value<'_> {
    fn from(moment: entitlement::Moment) -> Self {
        Self::Integer(moment.unix())
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}

/// The parameters of a statement, in the order of their numbers.
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        &[$($crate::backend::Value::from($value)),*]
    };
}
pub(crate) use values;

/// Fails when the folder holds no data of ours.
pub(crate) fn must_be_there(file: &Path) -> Result<(), StoreError> {
    if file.is_file() {
        return Ok(());
    }
    let folder = file.parent().unwrap_or(file).display().to_string();
    Err(Failure::new(Code::NoPortalHere, format!("The folder {folder} holds no portal data."))
        .with("folder", folder)
        .into())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Db, Mode, Value};
    use crate::migrate;
    use crate::sql::{self, Sql, numbered, statements};

    statements! {
        OUT_OF_ORDER = "SELECT $2, $1";
        REPEATED = "SELECT $1, $2, $1, $3, $2";
    }

    fn memory() -> Db {
        let db = Db::open(Path::new(":memory:"), Mode::Create);
        db.unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn parameters_are_bound_by_number_in_any_order_and_as_often_as_named() {
        let db = memory();
        let texts = |sql: Sql, values: &[Value<'_>], n: usize| {
            db.one(sql, values, |row| (0..n).map(|at| row.text(at).map(str::to_owned)).collect::<Result<Vec<_>, _>>())
        };
        let two = texts(OUT_OF_ORDER, values!["one", "two"], 2).unwrap().unwrap();
        assert_eq!(two, ["two", "one"]);
        let five = texts(REPEATED, values!["one", "two", "three"], 5).unwrap().unwrap();
        assert_eq!(five, ["one", "two", "one", "three", "two"]);
    }

    #[test]
    fn every_statement_can_be_prepared_and_holds_a_dollar_only_where_a_number_follows() {
        let db = memory();
        migrate::run(&db, entitlement::Moment::from_unix(0).unwrap()).unwrap();
        for (name, text, sql) in sql::ALL {
            if let Err(error) = db.0.prepare(sql.sqlite) {
                panic!("{name}: {error}");
            }
            let after_dollars = text.split('$').skip(1);
            assert!(after_dollars.clone().all(|rest| rest.starts_with(|c: char| c.is_ascii_digit())), "{name}");
            assert_eq!(sql.sqlite, text.replace('$', "?"), "{name}");
        }
        assert_eq!(ALL.len(), 2);
    }

    #[test]
    fn a_commit_is_on_the_disk_when_it_returns() {
        let folder = tempdir();
        let db = Db::open(&folder.join("portal.db"), Mode::Create).unwrap();
        let setting =
            |name: &str| db.0.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0)).unwrap();
        assert_eq!(setting("journal_mode"), rusqlite::types::Value::Text("wal".to_owned()));
        assert_eq!(setting("synchronous"), rusqlite::types::Value::Integer(2));
        assert_eq!(setting("foreign_keys"), rusqlite::types::Value::Integer(1));
        std::fs::remove_dir_all(folder).unwrap();
    }

    /// The steps in which the database finds what a statement asks for.
    fn plan(db: &Db, sql: Sql, parameters: usize) -> Vec<String> {
        let none = [Value::Integer(0); 12];
        let mut explain = db.0.prepare(&format!("EXPLAIN QUERY PLAN {}", sql.sqlite)).unwrap();
        let values = none.get(..parameters).unwrap();
        let rows = explain.query_map(rusqlite::params_from_iter(values), |row| row.get::<_, String>(3)).unwrap();
        rows.map(Result::unwrap).filter(|step| step.contains("members") || step.contains("ORDER")).collect()
    }

    #[test]
    fn every_order_of_a_list_walks_an_index_and_sorts_nothing() {
        let db = memory();
        migrate::run(&db, entitlement::Moment::from_unix(0).unwrap()).unwrap();
        let by_type = "SEARCH members USING INDEX members_by_user_type (user_type=?";
        for (orders, index) in [
            (sql::BY_USERNAME, "sqlite_autoindex_members_2"),
            (sql::BY_NAME, "members_by_name"),
            (sql::BY_USER_TYPE, "members_by_user_type"),
            (sql::BY_ROLE, "members_by_role"),
            (sql::BY_LAST_SIGN_IN, "members_by_seen_at"),
            (sql::BY_STATE, "members_by_state"),
        ] {
            let [up, down, type_up, type_down] = orders;
            for walked in [up, down].map(|one| plan(&db, one, 10)) {
                let first = walked.first().unwrap();
                assert!(first.starts_with(&format!("SEARCH members USING INDEX {index} (")), "{walked:?}");
                assert!(walked.iter().all(|step| !step.contains("TEMP B-TREE")), "{walked:?}");
            }
            for of_type in [type_up, type_down].map(|one| plan(&db, one, 10)) {
                assert!(of_type.first().unwrap().starts_with(by_type), "{of_type:?}");
            }
        }
        // Those whom nobody has to sort: the index of the user types has the user names in it.
        for one in [sql::BY_USERNAME, sql::BY_USER_TYPE].into_iter().flatten() {
            assert!(plan(&db, one, 10).iter().all(|step| !step.contains("TEMP B-TREE")), "{}", one.sqlite);
        }
    }

    #[test]
    fn what_every_decision_asks_is_found_by_an_index_and_never_by_walking_the_members() {
        let db = memory();
        migrate::run(&db, entitlement::Moment::from_unix(0).unwrap()).unwrap();
        let none = [Value::Integer(0); 12];
        for (sql, parameters) in [
            (sql::OVERDUE_INVITATIONS, 2),
            (sql::EXPIRE_INVITATIONS, 1),
            (sql::ENDING_INVITATIONS, 2),
            (sql::UNSEEN_MEMBERS, 2),
            (sql::OPEN_RETURNS, 1),
            (sql::LAST_USAGE, 1),
            (sql::INVITATION_BY_SECRET, 1),
            (sql::INVITATIONS_NAMING, 2),
            (sql::DUE_RETURNS, 2),
            (sql::RETURN, 1),
            (sql::MEMBER, 1),
            (sql::MEMBER_BY_USERNAME, 1),
            (sql::SESSION, 3),
            (sql::HOLDERS, 1),
            (sql::LABELS, 1),
            (sql::SETTING, 1),
        ] {
            let mut explain = db.0.prepare(&format!("EXPLAIN QUERY PLAN {}", sql.sqlite)).unwrap();
            let values = none.get(..parameters).unwrap();
            let rows = explain.query_map(rusqlite::params_from_iter(values), |row| row.get::<_, String>(3)).unwrap();
            let steps: Vec<String> = rows.map(Result::unwrap).collect();
            assert!(steps.iter().all(|step| !step.starts_with("SCAN")), "{}: {steps:?}", sql.sqlite);
        }
    }

    fn tempdir() -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("store-{}", crate::ids::reference()));
        std::fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{error}"));
        folder
    }
}
