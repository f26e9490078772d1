//! Licenses, sources and bans of every dependency, by the lists of `deny.toml`.
//!
//! `cargo deny check` reads the same file and checks more, but takes minutes to install; this takes a second.

use std::fs;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::tree::Tree;
use crate::{child, output};

/// What `deny.toml` says, as far as it is checked here.
#[derive(Default)]
struct Policy {
    licenses: Vec<String>,
    /// Crates that may be under one more license each, because nobody is handed what they are built into.
    exceptions: Vec<(String, String)>,
    bans: Vec<String>,
}

/// Checks every package that `Cargo.lock` names.
///
/// # Errors
/// Names every package that is not allowed, and why.
pub fn check(tree: &Tree) -> Result<()> {
    check_package(tree, "Cargo.toml")
}

/// The same for a workspace beside the main one, by the path of its `Cargo.toml`.
///
/// # Errors
/// As [`check`].
pub fn check_package(tree: &Tree, manifest: &str) -> Result<()> {
    let policy = Policy::read(&fs::read_to_string(tree.path("deny.toml")).context("deny.toml cannot be read")?)?;
    let metadata = child::capture(&mut tree.cargo(&[
        "metadata",
        "--locked",
        "--format-version",
        "1",
        "--manifest-path",
        manifest,
    ]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata.get("packages").and_then(Value::as_array).context("cargo metadata names no packages")?;
    let registry = registry(packages).context("no dependency comes from a registry")?;
    let complaints: Vec<String> = packages.iter().filter_map(|package| policy.complaint(package, registry)).collect();
    if !complaints.is_empty() {
        bail!("{}", complaints.join("\n"));
    }
    output::line(&format!("{} packages, every license and source allowed", packages.len()));
    Ok(())
}

/// The one registry that everything comes from: where the first registered package comes from.
fn registry(packages: &[Value]) -> Option<&str> {
    let sources = packages.iter().filter_map(|package| package.get("source").and_then(Value::as_str));
    sources.filter(|source| source.starts_with("registry+")).min()
}

/// Each crate that has an exception, with each license of it.
fn exceptions(table: &toml::Table) -> Option<Vec<(String, String)>> {
    let Some(listed) = table.get("licenses").and_then(|section| section.get("exceptions")) else {
        return Some(Vec::new());
    };
    let mut all = Vec::new();
    for exception in listed.as_array()? {
        let of = exception.get("crate")?.as_str()?;
        for license in exception.get("allow")?.as_array()? {
            all.push((of.to_owned(), license.as_str()?.to_owned()));
        }
    }
    Some(all)
}

impl Policy {
    fn read(text: &str) -> Result<Self> {
        let table: toml::Table = text.parse()?;
        let list = |section: &str, key: &str| -> Result<Vec<String>> {
            let entries = table.get(section).and_then(|section| section.get(key)).and_then(toml::Value::as_array);
            let entries = entries.with_context(|| format!("deny.toml has no list `{section}.{key}`"))?;
            let names = entries.iter().filter_map(|entry| entry.as_str().or_else(|| entry.get("crate")?.as_str()));
            Ok(names.map(str::to_owned).collect())
        };
        Ok(Self {
            licenses: list("licenses", "allow")?,
            exceptions: exceptions(&table).context("an exception of `licenses.exceptions` is of another form")?,
            bans: list("bans", "deny")?,
        })
    }

    fn complaint(&self, package: &Value, registry: &str) -> Option<String> {
        let text = |member: &str| package.get(member).and_then(Value::as_str);
        let name = text("name").unwrap_or("a package without a name");
        if self.bans.iter().any(|ban| ban == name) {
            return Some(format!("`{name}` is banned by deny.toml"));
        }
        if text("source").is_some_and(|source| source != registry) {
            return Some(format!("`{name}` does not come from the one registry"));
        }
        let Some(license) = text("license") else { return Some(format!("`{name}` states no license")) };
        let excepted = self.exceptions.iter().filter(|(of, _)| of == name).map(|(_, license)| license.clone());
        let own = Self { licenses: self.licenses.iter().cloned().chain(excepted).collect(), ..Self::default() };
        match own.allows(license) {
            Ok(true) => None,
            Ok(false) => Some(format!("`{name}` is under `{license}`, which deny.toml does not allow")),
            Err(error) => Some(format!("`{name}`: the license `{license}` cannot be read: {error}")),
        }
    }

    /// Whether an SPDX expression can be met by allowed licenses alone. `/` is the old spelling of `OR`.
    fn allows(&self, expression: &str) -> Result<bool> {
        let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let mut rest = words.as_slice();
        let allowed = self.either(&mut rest)?;
        ensure!(rest.is_empty(), "something follows its end");
        Ok(allowed)
    }

    fn either(&self, words: &mut &[&str]) -> Result<bool> {
        let mut allowed = self.both(words)?;
        while let ["OR", rest @ ..] = *words {
            *words = rest;
            allowed |= self.both(words)?;
        }
        Ok(allowed)
    }

    fn both(&self, words: &mut &[&str]) -> Result<bool> {
        let mut allowed = self.one(words)?;
        while let ["AND", rest @ ..] = *words {
            *words = rest;
            allowed &= self.one(words)?;
        }
        Ok(allowed)
    }

    fn one(&self, words: &mut &[&str]) -> Result<bool> {
        match *words {
            ["(", rest @ ..] => {
                *words = rest;
                let allowed = self.either(words)?;
                let [")", rest @ ..] = *words else { bail!("a parenthesis is open") };
                *words = rest;
                Ok(allowed)
            }
            [license, "WITH", exception, rest @ ..] => {
                *words = rest;
                let whole = format!("{license} WITH {exception}");
                Ok(self.licenses.contains(&whole))
            }
            [license, rest @ ..] if !["OR", "AND", "WITH", ")"].contains(license) => {
                *words = rest;
                Ok(self.licenses.iter().any(|allowed| allowed == license))
            }
            _ => bail!("a license is missing"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Policy;

    #[test]
    fn a_license_expression_is_met_by_allowed_licenses_alone() {
        let policy = Policy { licenses: vec!["MIT".to_owned(), "BSD-3-Clause".to_owned()], ..Policy::default() };
        for (expression, allowed) in [
            ("MIT", true),
            ("GPL-3.0-only", false),
            ("MIT OR GPL-3.0-only", true),
            ("MIT AND GPL-3.0-only", false),
            ("(GPL-3.0-only OR MIT) AND BSD-3-Clause", true),
            ("GPL-3.0-only/MIT", true),
            ("Apache-2.0 WITH LLVM-exception", false),
        ] {
            assert_eq!(policy.allows(expression).unwrap(), allowed, "{expression}");
        }
        assert!(policy.allows("MIT OR").is_err());
        assert!(policy.allows("(MIT").is_err());
        assert!(policy.allows("MIT BSD-3-Clause").is_err());
    }

    #[test]
    fn an_exception_is_for_its_crate_alone() {
        let text = "[licenses]\nallow = [\"MIT\"]\nexceptions = [{ allow = [\"NCSA\"], crate = \"fuzzer\" }]\n[bans]\ndeny = []";
        let policy = Policy::read(text).unwrap();
        let complaint = |name: &str| policy.complaint(&json!({"name": name, "license": "MIT AND NCSA"}), "here");
        assert_eq!(complaint("fuzzer"), None);
        assert_eq!(complaint("other").unwrap(), "`other` is under `MIT AND NCSA`, which deny.toml does not allow");
        assert!(Policy::read(&text.replace("crate =", "krate =")).is_err());
    }

    #[test]
    fn another_source_a_ban_and_a_missing_license_are_each_named() {
        let policy =
            Policy::read("[licenses]\nallow = [\"MIT\"]\n[bans]\ndeny = [{ crate = \"openssl-sys\" }]").unwrap();
        let registry = "registry+https://example.org/index";
        let complaint = |name: &str, source: &str, license: Option<&str>| {
            policy.complaint(&json!({"name": name, "source": source, "license": license}), registry)
        };
        assert_eq!(complaint("serde", registry, Some("MIT")), None);
        assert_eq!(
            complaint("serde", "git+https://example.org/serde", Some("MIT")).unwrap(),
            "`serde` does not come from the one registry"
        );
        assert_eq!(complaint("openssl-sys", registry, Some("MIT")).unwrap(), "`openssl-sys` is banned by deny.toml");
        assert_eq!(complaint("mystery", registry, None).unwrap(), "`mystery` states no license");
    }
}
