//! Refusals of changes, told with what helps to go on: every operation that stands in the way, the consent that is asked
//! for, and the command to repeat.

use errors::{Code, Failure};
use serde_json::Value;

use super::plan::{counted, people};

/// How many of a long list are told one by one; the rest is counted.
pub(super) const TOLD: usize = 20;

/// How a verb takes the consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form<'a> {
    /// As one number: it changes the user type of this one member.
    Number(&'a str),
    /// For each user type.
    PerType,
    /// Not at all.
    None,
}

const FLAG: &str = "--allow-one-over";

/// The refusal with everything that is known about it; `typed` is the command line that was refused.
pub(super) fn told(failure: Failure, typed: &[String], form: Form<'_>) -> Failure {
    if failure.code == Code::OneOverNeedsConsent {
        return consent(failure, typed, form);
    }
    if failure.code == Code::ConfirmationMismatch {
        return mismatch(failure, typed, form);
    }
    if let Some(blockers) = failure.facts.get("blockers").and_then(Value::as_array) {
        let all = failure.facts.get("blocked").and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        let all = all.unwrap_or(blockers.len());
        let head = match all {
            1 => "1 operation cannot be carried out, so nothing was changed:".to_owned(),
            n => format!("{n} operations cannot be carried out, so nothing was changed:"),
        };
        let detail = format!("{head}\n{}", blocked(blockers, all));
        return Failure { detail, ..failure };
    }
    let proposed = failure.facts.get("proposed_role").and_then(Value::as_str);
    match proposed.filter(|_| matches!(form, Form::Number(_))) {
        Some(role) => {
            let detail = format!("{} Repeat with --role {role}.", failure.detail);
            Failure { detail, ..failure }
        }
        None => failure,
    }
}

/// The first operations that cannot be carried out, with number, member and reason; the rest is counted.
pub(super) fn blocked(blockers: &[Value], all: usize) -> String {
    let text = |one: &Value, name: &str| one.get(name).and_then(Value::as_str).map(str::to_owned);
    let line = |one: &Value| {
        let number = one.get("operation").and_then(Value::as_u64).unwrap_or(0).saturating_add(1);
        let who = text(one, "username").or_else(|| text(one, "member")).unwrap_or_default();
        format!("  operation {number}, {who}: {}", text(one, "detail").unwrap_or_default())
    };
    let mut lines: Vec<String> = blockers.iter().take(TOLD).map(line).collect();
    lines.extend(rest(all));
    lines.join("\n")
}

/// How many more there are than are told one by one.
pub(super) fn rest(all: usize) -> Option<String> {
    let more = all.saturating_sub(TOLD);
    (more > 0).then(|| format!("  and {more} more."))
}

/// The question for consent: whom it locks out, how to do without, and how to go on all the same (S24, S26, S31).
fn consent(failure: Failure, typed: &[String], form: Form<'_>) -> Failure {
    let Some(locked_out) = failure.facts.get("locked_out").and_then(Value::as_object) else { return failure };
    let of = |fact: &str, id: &str| failure.facts.get(fact).and_then(|fact| fact.get(id));
    let mut lines = vec![failure.detail.clone()];
    for (id, number) in locked_out {
        let signed_in = of("signed_in_now", id).and_then(Value::as_u64).unwrap_or(0);
        let number = number.as_u64().unwrap_or(0);
        lines.push(format!("  {id}: {} would be locked out; {signed_in} of them signed in now.", people(number)));
        let names = of("swap_candidates", id).and_then(Value::as_array).into_iter().flatten();
        let names: Vec<&str> = names.filter_map(|one| one.get("username").and_then(Value::as_str)).collect();
        if let Some(first) = names.first() {
            let (program, data) = (quoted(typed.first().map_or("", String::as_str)), data_of(typed));
            lines.push(format!("  A swap locks nobody out. Of {id}, longest not signed in: {}.", names.join(", ")));
            lines.push(format!("    {program} member swap {} {}{data}", whom(form), quoted(first)));
        }
    }
    let numbers = locked_out.iter().filter_map(|(id, n)| Some((id.clone(), n.as_u64()?))).collect::<Vec<_>>();
    lines.extend(repeat(&numbers, typed, form));
    Failure { detail: lines.join("\n"), ..failure }
}

/// Who is to be swapped, where only one member was to be changed.
fn whom(form: Form<'_>) -> String {
    match form {
        Form::Number(user) => quoted(user),
        Form::PerType | Form::None => "USER".to_owned(),
    }
}

fn mismatch(failure: Failure, typed: &[String], form: Form<'_>) -> Failure {
    let expected = failure.facts.get("expected").and_then(Value::as_object);
    let numbers: Vec<(String, u64)> =
        expected.into_iter().flatten().filter_map(|(id, n)| Some((id.clone(), n.as_u64()?))).collect();
    if numbers.is_empty() {
        let detail = format!("{} Repeat without {FLAG}.", failure.detail);
        return Failure { detail, ..failure };
    }
    let lines: Vec<String> = std::iter::once(failure.detail.clone()).chain(repeat(&numbers, typed, form)).collect();
    Failure { detail: lines.join("\n"), ..failure }
}

/// The flags that consent, and the whole command.
fn repeat(numbers: &[(String, u64)], typed: &[String], form: Form<'_>) -> Vec<String> {
    let flags: Vec<String> = match (form, numbers) {
        (Form::None, _) => return Vec::new(),
        (Form::Number(_), [(_, number)]) => vec![format!("{FLAG} {number}")],
        (Form::Number(_) | Form::PerType, _) => numbers.iter().map(|(id, n)| format!("{FLAG} {id}={n}")).collect(),
    };
    let flags = flags.join(" ");
    let command = without_consent(typed).map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
    vec![format!("  Repeat with {flags} to consent."), format!("    {command} {flags}")]
}

/// The words of a command line without an older consent.
fn without_consent(typed: &[String]) -> impl Iterator<Item = &String> {
    let mut is_value = false;
    typed.iter().filter(move |word| {
        let was_value = std::mem::replace(&mut is_value, *word == FLAG);
        !was_value && !word.starts_with(FLAG)
    })
}

/// The data folder as it was named.
fn data_of(typed: &[String]) -> String {
    let place = typed.iter().position(|word| word == "--data" || word.starts_with("--data="));
    let words = place.map_or(&[][..], |at| typed.get(at..).unwrap_or_default());
    match words {
        [flag, dir, ..] if flag == "--data" => format!(" --data {}", quoted(dir)),
        [flag, ..] => format!(" {}", quoted(flag)),
        [] => String::new(),
    }
}

/// A word as a shell takes it back.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@%+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// So many members are named of a long list.
pub(super) fn first_of(lines: impl ExactSizeIterator<Item = String>, what: &str) -> Vec<String> {
    let all = lines.len();
    let mut told: Vec<String> = lines.take(TOLD).collect();
    if all > TOLD {
        told.push(format!(
            "and {}",
            counted(u64::try_from(all.saturating_sub(TOLD)).unwrap_or(u64::MAX), &format!("more {what}"))
        ));
    }
    told
}

#[cfg(test)]
mod tests {
    use errors::{Code, Failure};
    use serde_json::{Value, json};

    use super::{Form, quoted, told};

    fn typed(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    fn question() -> Failure {
        Failure::new(Code::OneOverNeedsConsent, "It takes viewer one over.")
            .with("locked_out", json!({"viewer": 26}))
            .with("signed_in_now", json!({"viewer": 19}))
            .with("swap_candidates", json!({"viewer": [{"username": "bo yu"}, {"username": "ana"}]}))
    }

    #[test]
    fn the_question_for_consent_says_how_to_do_without_and_how_to_go_on() {
        let failure =
            told(question(), &typed("portal change apply - --data d --allow-one-over viewer=9"), Form::PerType);
        assert_eq!(
            failure.detail,
            "It takes viewer one over.\n  viewer: 26 people would be locked out; 19 of them signed in now.\n  \
             A swap locks nobody out. Of viewer, longest not signed in: bo yu, ana.\n    \
             portal member swap USER 'bo yu' --data d\n  Repeat with --allow-one-over viewer=26 to consent.\n    \
             portal change apply - --data d --allow-one-over viewer=26"
        );
        let failure =
            told(question(), &typed("portal member set-type bo viewer --allow-one-over=9"), Form::Number("bo"));
        assert!(failure.detail.ends_with("\n    portal member set-type bo viewer --allow-one-over 26"), "{failure}");
        assert!(failure.detail.contains("\n    portal member swap bo 'bo yu'\n"), "{failure}");
    }

    #[test]
    fn a_wrong_number_is_answered_with_the_right_one() {
        let wrong = |expected: Value| Failure::new(Code::ConfirmationMismatch, "Now.").with("expected", expected);
        let failure = told(wrong(json!({"viewer": 3})), &typed("p x --allow-one-over 2"), Form::Number("bo"));
        assert_eq!(failure.detail, "Now.\n  Repeat with --allow-one-over 3 to consent.\n    p x --allow-one-over 3");
        assert_eq!(told(wrong(json!({})), &[], Form::PerType).detail, "Now. Repeat without --allow-one-over.");
    }

    #[test]
    fn the_first_twenty_operations_are_told_and_the_rest_is_counted() {
        let one = |n: u64| json!({"operation": n, "member": "mem_x", "username": null, "detail": "No."});
        let blockers: Vec<Value> = (0..100).map(one).collect();
        let failure = Failure::new(Code::SeatLimitReached, "").with("blockers", blockers).with("blocked", 9_999_u64);
        let detail = told(failure, &[], Form::PerType).detail;
        assert!(detail.starts_with(
            "9999 operations cannot be carried out, so nothing was changed:\n  operation 1, mem_x: No.\n"
        ));
        assert!(detail.ends_with("  operation 20, mem_x: No.\n  and 9979 more."), "{detail}");
    }

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(quoted("a-b/c.json"), "a-b/c.json");
        assert_eq!(quoted("it's; rm"), r"'it'\''s; rm'");
        assert_eq!(quoted(""), "''");
    }
}
