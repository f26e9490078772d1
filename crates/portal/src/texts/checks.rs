//! The file of texts and those who use it agree.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::locale::ENGLISH;
use super::visible::unbracketed;

struct Source {
    name: String,
    content: String,
}

fn sources(below: &str, extension: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(below);
    let mut found = Vec::new();
    collect(&root, &root, extension, &mut found);
    found
}

fn collect(root: &Path, folder: &Path, extension: &str, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, extension, found);
        } else if path.extension().is_some_and(|this| this == extension) {
            let name = path.strip_prefix(root).unwrap().display().to_string();
            found.push(Source { name, content: fs::read_to_string(&path).unwrap() });
        }
    }
}

/// Each id with the names of its values.
fn messages() -> BTreeMap<String, BTreeSet<String>> {
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut id = String::new();
    for line in ENGLISH.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        if !line.starts_with([' ', '}']) {
            id = line.split_once(" = ").or_else(|| line.split_once(" =")).unwrap().0.to_owned();
            assert!(messages.insert(id.clone(), BTreeSet::new()).is_none(), "{id} is there twice");
        }
        let values = line.split("$").skip(1).filter_map(|rest| rest.split([' ', '}']).next());
        messages.get_mut(&id).unwrap().extend(values.map(str::to_owned));
    }
    messages
}

/// Each use of a text in a source: the id, and the names of the values that are put in.
fn uses(content: &str) -> Vec<(String, BTreeSet<String>)> {
    let call = if content.contains("texts::text") { "text(\"" } else { "crate::t(\"" };
    let calls = content.split(call).skip(1).filter_map(|rest| rest.split_once("\")"));
    calls.map(|(id, rest)| (id.to_owned(), values_in(rest))).collect()
}

/// The names in a chain of `.with("name", value)`.
fn values_in(mut rest: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    while let Some(call) = rest.trim_start().strip_prefix(".with(\"") {
        let (name, value) = call.split_once('"').unwrap();
        names.insert(name.to_owned());
        let mut depth = 1_usize;
        let end = value.find(|letter| {
            depth = match letter {
                '(' => depth + 1,
                ')' => depth - 1,
                _ => depth,
            };
            depth == 0
        });
        rest = value.split_at(end.unwrap() + 1).1;
    }
    names
}

fn everything() -> Vec<Source> {
    let mut all = sources("templates", "html");
    all.extend(sources("src", "rs").into_iter().filter(|source| !source.name.starts_with("texts/")));
    all
}

#[test]
fn every_text_that_is_used_exists_and_is_given_the_values_it_names() {
    let messages = messages();
    let mut complaints = Vec::new();
    for source in everything() {
        for (id, given) in uses(&source.content) {
            match messages.get(&id) {
                None => complaints.push(format!("{}: there is no text {id}", source.name)),
                Some(named) if *named != given => {
                    complaints.push(format!("{}: {id} names {named:?} and is given {given:?}", source.name));
                }
                Some(_) => {}
            }
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn every_text_in_the_file_is_used() {
    let all = everything();
    let used = |id: &str| all.iter().any(|source| source.content.contains(&format!("\"{id}\"")));
    let unused: Vec<String> = messages().into_keys().filter(|id| !used(id)).collect();
    assert!(unused.is_empty(), "{unused:#?}");
}

#[test]
fn no_template_has_words_of_its_own() {
    let mut complaints = Vec::new();
    for template in sources("templates", "html") {
        let own = unbracketed(&without_code(&template.content));
        if !own.is_empty() {
            complaints.push(format!("{}: {own:?}", template.name));
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
}

/// A template without what is computed, and without the one attribute that some have in a block of its own.
fn without_code(template: &str) -> String {
    let mut plain = String::new();
    let mut rest = template;
    while let Some((before, code)) = rest.split_once('{') {
        plain.push_str(before);
        let end = match code.chars().next() {
            Some('{') => "}}",
            Some('%') => "%}",
            Some('#') => "#}",
            _ => panic!("a brace that begins nothing: {code}"),
        };
        rest = code.split_once(end).unwrap().1;
    }
    plain.push_str(rest);
    plain.replace(" aria-current=\"page\"", "")
}

/// What has spaces and is no sentence of a page: refusals, whose texts are the registry's, headers and markup.
const OTHERWISE: [&str; 11] = [
    "Failure::new",
    "invalid_at",
    "StoreError::",
    "tracing::",
    "#[",
    "let rule",
    "from_static",
    "let route",
    "CACHE_CONTROL",
    "write!(",
    "assert_eq!",
];

/// The policy of what a page may load, and the people of the tests.
const NO_PAGES: [&str; 2] = ["pages/assets.rs", "pages/sample.rs"];

#[test]
fn no_code_of_the_pages_composes_sentences_of_its_own() {
    let mut complaints = Vec::new();
    let of_pages = |source: &Source| {
        let of_them = source.name.starts_with("pages/") || source.name.starts_with("web/");
        of_them && !NO_PAGES.contains(&source.name.as_str())
    };
    for source in sources("src", "rs").into_iter().filter(of_pages) {
        let code = source.content.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let lines = code.lines().map(str::trim).filter(|line| !line.starts_with("//"));
        let lines = lines.filter(|line| !OTHERWISE.iter().any(|other| line.contains(other)));
        let own: Vec<&str> = lines.flat_map(|line| line.split('"').skip(1).step_by(2)).filter(is_sentence).collect();
        if !own.is_empty() {
            complaints.push(format!("{}: {own:?}", source.name));
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
}

/// Two words beside each other.
fn is_sentence(literal: &&str) -> bool {
    let words = literal.split(' ').map(|word| word.trim_matches(|letter: char| !letter.is_alphabetic()));
    let spoken = words.filter(|word| word.len() > 1 && word.chars().all(char::is_alphabetic));
    spoken.count() > 1
}
