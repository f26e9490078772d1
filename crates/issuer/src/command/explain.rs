//! `explain` and `completion`: what the program knows of itself.

use clap::CommandFactory;
use clap_complete::Shell;
use errors::{Code, Failure};
use serde_json::{Value, json};

use crate::cli::Cli;
use crate::output::Answer;

/// The row of one code, or the list of all.
pub(super) fn explain(name: Option<&str>) -> Result<Answer, Failure> {
    let Some(name) = name else {
        let rows = Code::ALL.iter().map(|code| format!("{:<32}{}", code.row().name, code.row().title));
        let json = Code::ALL.iter().map(|code| row(*code)).collect::<Vec<_>>();
        return Ok(Answer::facts(rows.collect::<Vec<_>>().join("\n"), json!({ "codes": json })));
    };
    let code = Code::from_name(&name.to_ascii_lowercase())
        .ok_or_else(|| Failure::new(Code::CodeUnknown, format!("There is no error of the name `{name}`.")))?;
    Ok(Answer::facts(code.row().explanation(), row(code)))
}

fn row(code: Code) -> Value {
    let row = code.row();
    let status = (row.status != 0).then_some(row.status);
    json!({ "code": row.name, "title": row.title, "meaning": row.meaning, "fix": row.fix, "status": status, "exit": row.exit })
}

/// The script that completes commands.
pub(super) fn completion(shell: Shell) -> Result<Answer, Failure> {
    let mut command = Cli::command();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "seatwarden-issuer", &mut script);
    Ok(Answer::document(String::from_utf8_lossy(&script)))
}
