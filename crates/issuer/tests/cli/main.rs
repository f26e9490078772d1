//! The built program, driven as people and scripts drive it.

mod desk;
mod harness;
mod help;
mod issuing;
mod operating;
mod refused;
mod rehearsal;
mod rotation;
mod taken_back;
