//! The audit log as a file: a table for people, or one JSON object a line for programs. It goes out as it is read, so that
//! a log of any length takes no more memory than a page of it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use http_body::Frame;
use serde::Deserialize;
use store::{AuditRow, StoreError};
use tokio::sync::mpsc;

use super::row;
use crate::actions::Caller;
use crate::actions::audit::{self, Sought, title};
use crate::actions::member_table::safe;
use crate::api::member_table::CSV;
use crate::state::AppState;

/// Rows that are read at a time.
const PAGE: u32 = 500;

/// The columns of the table.
const COLUMNS: [&str; 11] =
    ["seq", "at", "actor_kind", "actor_id", "actor", "action", "title", "target", "detail", "previous", "hash"];

/// The form of the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// One JSON object a line, each as the list has it.
    #[default]
    Jsonl,
    /// A table; no cell of it is taken for a formula.
    Csv,
}

/// What stands above the rows.
///
/// # Errors
/// `internal` when it cannot be written.
pub fn head(format: Format) -> Result<String, StoreError> {
    match format {
        Format::Jsonl => Ok(String::new()),
        Format::Csv => table(std::iter::once(COLUMNS.map(str::to_owned))),
    }
}

/// The rows themselves.
///
/// # Errors
/// `internal` when they cannot be written.
pub fn part(format: Format, rows: &[AuditRow]) -> Result<String, StoreError> {
    match format {
        Format::Jsonl => Ok(rows.iter().map(|one| format!("{}\n", row(one))).collect()),
        Format::Csv => table(rows.iter().map(cells)),
    }
}

fn table(rows: impl Iterator<Item = [String; COLUMNS.len()]>) -> Result<String, StoreError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for cells in rows {
        writer.write_record(&cells).map_err(StoreError::internal)?;
    }
    String::from_utf8(writer.into_inner().map_err(StoreError::internal)?).map_err(StoreError::internal)
}

fn cells(row: &AuditRow) -> [String; COLUMNS.len()] {
    [
        row.seq.to_string(),
        row.at.to_string(),
        safe(&row.actor_kind),
        safe(row.actor_id.as_deref().unwrap_or_default()),
        safe(&row.actor_name),
        safe(&row.action),
        safe(&title(&row.action)),
        safe(&row.target),
        safe(&row.detail.to_string()),
        safe(&row.previous),
        safe(&row.hash),
    ]
}

/// The file as an answer. The first rows are read before it begins, so that a refusal is one.
///
/// # Errors
/// `privilege-missing`.
pub async fn file(state: AppState, caller: Caller, sought: Sought, format: Format) -> Result<Response, StoreError> {
    let mut source = Source { state, caller, sought, format, after: 0, until: None };
    let first = source.next().await?;
    let (parts, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        let mut next = Ok(first);
        while let Some(part) = next.transpose() {
            let is_last = part.is_err();
            // A reader that has gone away needs no more of it.
            if parts.send(part.map(Bytes::from)).await.is_err() || is_last {
                return;
            }
            next = source.next().await;
        }
    });
    let mut response = Body::new(Parts(receiver)).into_response();
    let (kind, name) = match format {
        Format::Jsonl => ("application/jsonl; charset=utf-8", "attachment; filename=\"audit.jsonl\""),
        Format::Csv => (CSV, "attachment; filename=\"audit.csv\""),
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
    Ok(response)
}

/// Where the file comes from: page after page, up to the row that was the newest when it began. Each page is a reading of
/// its own, since rows are never changed, so that a slow reader holds up nobody.
struct Source {
    state: AppState,
    caller: Caller,
    sought: Sought,
    format: Format,
    after: u64,
    until: Option<u64>,
}

impl Source {
    /// The next part of the text; nothing after the last.
    async fn next(&mut self) -> Result<Option<String>, StoreError> {
        let Self { after, until, format, .. } = *self;
        if until.is_some_and(|until| after >= until) {
            return Ok(None);
        }
        let (caller, sought) = (self.caller.clone(), self.sought.clone());
        let read = self.state.read_long(move |tx| {
            let mut rows = audit::after(tx, &caller, &sought, (after, PAGE))?;
            let until = until.unwrap_or(tx.version());
            rows.retain(|row| row.seq <= until);
            Ok((rows, until))
        });
        let (rows, until) = read.await?;
        let above = if self.until.is_none() { head(format)? } else { String::new() };
        let is_full = rows.len() == usize::try_from(PAGE).unwrap_or(usize::MAX);
        self.after = rows.last().filter(|_| is_full).map_or(until, |last| last.seq);
        self.until = Some(until);
        Ok(Some(above + &part(format, &rows)?))
    }
}

/// The parts as a body.
struct Parts(mpsc::Receiver<Result<Bytes, StoreError>>);

impl HttpBody for Parts {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        self.0.poll_recv(context).map(|part| part.map(|part| part.map(Frame::data).map_err(io::Error::other)))
    }
}
