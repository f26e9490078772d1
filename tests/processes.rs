//! The programs as processes: races, faults, and files that must not come in.
//!
//! Everything here starts the built `seatwarden-portal` and speaks to it as anybody else would: arguments, exit codes,
//! TCP. The data lies in the target folder, on a real disk.

#[path = "processes/attack_restores.rs"]
mod attack_restores;
#[path = "processes/audit_line.rs"]
mod audit_line;
#[path = "processes/builds.rs"]
mod builds;
#[path = "processes/ceremony.rs"]
mod ceremony;
#[path = "processes/clock_turned.rs"]
mod clock_turned;
#[path = "processes/command_line.rs"]
mod command_line;
#[path = "processes/desk.rs"]
mod desk;
#[path = "processes/desktop.rs"]
mod desktop;
#[path = "processes/faked.rs"]
mod faked;
#[path = "processes/faults.rs"]
mod faults;
#[path = "processes/files.rs"]
mod files;
#[path = "processes/first_start.rs"]
mod first_start;
#[path = "processes/forgeries.rs"]
mod forgeries;
#[path = "processes/full_disk.rs"]
mod full_disk;
#[path = "processes/house.rs"]
mod house;
#[path = "processes/http.rs"]
mod http;
#[path = "processes/installed.rs"]
mod installed;
#[path = "processes/issuer_desk.rs"]
mod issuer_desk;
#[path = "processes/kill.rs"]
mod kill;
#[path = "processes/lease_walk.rs"]
mod lease_walk;
#[path = "processes/lost_answer.rs"]
mod lost_answer;
#[path = "processes/moves.rs"]
mod moves;
#[path = "processes/next_build.rs"]
mod next_build;
#[path = "processes/no_other_root.rs"]
mod no_other_root;
#[path = "processes/product_desk.rs"]
mod product_desk;
#[path = "processes/product_line.rs"]
mod product_line;
#[path = "processes/races.rs"]
mod races;
#[path = "processes/replays.rs"]
mod replays;
#[path = "processes/tokens.rs"]
mod tokens;
#[path = "processes/vendor.rs"]
mod vendor;
#[path = "processes/vendor_build.rs"]
mod vendor_build;
