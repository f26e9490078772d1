//! `settings show|set`.

use errors::Failure;
use serde_json::Value;

use super::{Answer, CONSOLE, Desk, given, write};
use crate::actions::settings;
use crate::api::settings::{Sent, topic_of, value_of};
use crate::cli::Settings;

pub(super) fn settings(desk: &Desk, verb: Settings) -> Result<Answer, Failure> {
    match verb {
        Settings::Show { topic, data } => {
            let topic = topic_of(&topic)?;
            let house = desk.open(&data)?;
            let facts = value_of(house.store.read(|tx| settings::show(tx, &CONSOLE, topic))?);
            Ok(Answer::new(lines(&facts), facts))
        }
        Settings::Set { topic, file, data, dry_run } => {
            let topic = topic_of(&topic)?;
            let house = desk.open(&data)?;
            let sent = Sent::read(topic, &given::name(&file), &given::bytes(&file)?)?;
            let shown = write(&house, dry_run, move |tx| {
                sent.set(tx, &CONSOLE, None)?;
                settings::show(tx, &CONSOLE, topic)
            })?;
            let facts = value_of(shown);
            let done = format!("{}\n\nThe settings `{}` are set.", lines(&facts), topic.as_str());
            Ok(Answer::written(dry_run, &done, facts))
        }
    }
}

/// Each value after its name; what is empty or unset is said to be.
fn lines(facts: &Value) -> String {
    let Some(members) = facts.as_object() else { return facts.to_string() };
    let shown = members.iter().filter(|(name, value)| !(value.is_null() && SILENT.contains(&name.as_str())));
    let rows: Vec<(String, String)> = shown.map(|(name, value)| (name.replace('_', " "), text(value))).collect();
    let rows: Vec<(&str, String)> = rows.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    crate::output::pairs(&rows)
}

/// What is not worth a line while there is nothing of it.
const SILENT: [&str; 3] = ["changed_by", "changed_at", "problem"];

fn text(value: &Value) -> String {
    let joined = |parts: Vec<String>| if parts.is_empty() { "none".to_owned() } else { parts.join(", ") };
    match value {
        Value::Null => "not set".to_owned(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(words) if words.is_empty() => "empty".to_owned(),
        Value::String(words) => words.clone(),
        Value::Array(values) => joined(values.iter().map(text).collect()),
        Value::Object(values) => {
            joined(values.iter().map(|(name, value)| format!("{name}: {}", text(value))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::lines;

    #[test]
    fn settings_are_told_with_what_is_empty_and_unset() {
        let facts = json!({"user_type": null, "groups": [], "access_notice": "", "names": ["a", "b"],
                           "members": {"a": 2}, "vendor_access": true, "changed_by": null, "problem": null});
        let told = lines(&facts);
        let words: Vec<&str> = told.lines().map(str::trim_end).collect();
        assert!(words.contains(&"user type      not set"), "{told}");
        assert!(words.contains(&"groups         none"), "{told}");
        assert!(words.contains(&"members        a: 2"), "{told}");
        assert!(words.contains(&"vendor access  yes"), "{told}");
        assert_eq!(words.len(), 6, "{told}");
    }
}
