//! Members as a table.

use axum::body::Body;
use axum::http::{Request, header};
use errors::{Code, Failure};
use portal::actions::member_table::{Outcome, Report, Table};

use crate::{house, promise};

/// More rows are read, and not sent to a portal.
const MOST_ROWS: usize = 30;

/// A table: what comes back refused reads as it was sent, and a rehearsal of it never is a fault of the portal.
pub fn member_table(bytes: &[u8]) {
    let table = match Table::read(bytes) {
        Ok(table) => table,
        Err(failure) => return promise::shown(&failure),
    };
    let refused = |row: &portal::actions::member_table::Row| {
        (row.line, String::new(), Outcome::Refused(Failure::plain(Code::ValidationFailed)))
    };
    let report = Report { outcomes: table.rows.iter().map(refused).collect() };
    let written = report.refused_table(&table).expect("a table can be written");
    let again = Table::read(written.as_bytes()).expect("what was written can be read");
    let cells = |table: &Table| table.rows.iter().map(|row| row.cells.clone()).collect::<Vec<_>>();
    assert_eq!(cells(&again), cells(&table), "{written}");
    if table.rows.len() > MOST_ROWS {
        return;
    }
    house::visit(|house| {
        for mode in ["atomic", "fill"] {
            let token = house.ana.token.clone().unwrap_or_default();
            let request = Request::post(format!("/api/v1/members/import?dry_run=true&mode={mode}"))
                .header(header::AUTHORIZATION, format!("Bearer {token}"))
                .header(header::CONTENT_TYPE, "text/csv; charset=utf-8")
                .body(Body::from(bytes.to_vec()));
            house.sends(request.expect("a request"));
        }
    });
}
