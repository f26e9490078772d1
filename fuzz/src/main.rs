//! One program for all targets; `FUZZ_TARGET` names the one that runs.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

/// The target that was named. Without one there is nothing to run, which is an error of the caller.
static TARGET: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
    let found = fuzz_targets::TARGETS.iter().find(|target| target.name == name);
    found.unwrap_or_else(|| panic!("FUZZ_TARGET is `{name}`, which is no target")).run
});

fuzz_target!(|data: &[u8]| TARGET(data));
