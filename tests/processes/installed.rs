//! What is installed, byte for byte: the rows of the database itself, and what the portal answers of them.

use std::process::Command;

use serde_json::{Value, json};

use crate::house::House;
use crate::http::Client;

/// Everything that a license file, a trust list or a catalog can change.
#[derive(Debug, PartialEq)]
pub struct Installed {
    rows: String,
    current: Value,
    history: Value,
    user_types: Value,
    add_ons: Value,
}

impl Installed {
    /// What there is now.
    pub fn of(house: &House, admin: &Client) -> Self {
        let get = |path: &str| {
            let answer = admin.get(path).expect("an answer");
            assert_eq!(answer.status, 200, "{path}: {}", answer.body);
            answer.body
        };
        Self {
            rows: rows(house),
            current: get("/api/v1/licenses/current"),
            history: get("/api/v1/licenses"),
            user_types: get("/api/v1/user-types"),
            add_ons: get("/api/v1/add-ons"),
        }
    }

    /// What the file in force gives: user type and count.
    pub fn seats(&self) -> &Value {
        &self.current["user_types"]
    }
}

/// The rows of the files and what points to them.
pub fn rows(house: &House) -> String {
    let tables = ["entitlements", "contracts", "trust_lists", "catalogs"]
        .map(|table| format!("print([tuple(row) for row in db.execute('SELECT * FROM {table} ORDER BY 1')])\n"));
    let organization =
        "print(list(db.execute('SELECT root_fingerprint, entitlement, trust_version FROM organization')))\n";
    sqlite(house, &[&tables.concat(), organization].concat(), &json!(null))
}

/// Runs lines of Python with the database as `db` and the facts as `given`; what they print.
pub fn sqlite(house: &House, lines: &str, given: &Value) -> String {
    let opened = "import json, sqlite3, sys\n\
                  db, given = sqlite3.connect(sys.argv[1], timeout=60), json.loads(sys.argv[2])\n";
    let closed = "db.commit()\ndb.close()\n";
    let mut python = Command::new("python3");
    python.args(["-c", &[opened, lines, closed].concat()]).arg(house.data().join(store::FILE)).arg(given.to_string());
    let output = python.output().expect("python3 runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}
