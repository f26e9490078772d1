//! seatwarden-portal: the customer's house.

include!(concat!(env!("OUT_DIR"), "/built_in.rs"));

fn main() -> std::process::ExitCode {
    portal::command::run(portal::house::BuiltIn { roots: ROOTS, demo_trust: DEMO_TRUST })
}
