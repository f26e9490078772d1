//! seatwarden-issuer: the vendor's desk.

fn main() -> std::process::ExitCode {
    issuer::run()
}
