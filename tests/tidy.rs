//! The fences that are machines: arrows, sizes, doors, words and maps, read off the source itself.
//!
//! Each check is a function from files to complaints. One test runs it on the tree, another on a sample that must fail:
//! a fence that cannot fall is no fence.

#[path = "tidy/answers.rs"]
mod answers;
#[path = "tidy/arrows.rs"]
mod arrows;
#[path = "tidy/doors.rs"]
mod doors;
#[path = "tidy/maps.rs"]
mod maps;
#[path = "tidy/tree.rs"]
mod tree;
#[path = "tidy/words.rs"]
mod words;
