//! Hostile files: given ones that others collected, and made ones, one for every change of every kind of file.
//!
//! A file is refused for a reason, or it means what its signer meant. There is no third answer.

mod attacks;
mod edits;
mod jose;
mod json_texts;
mod kinds;
mod mutants;
mod naughty;
mod signatures;
