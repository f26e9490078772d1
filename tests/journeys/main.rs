//! Stories of people and a portal, through the whole of it but the socket: the interface, the pages, the rules, the data.

mod accounts;
mod activation;
mod borrowed_seat;
mod borrowed_seat_on_pages;
mod bulk;
mod creation_blocked;
mod crowd;
mod crowded_doors;
mod defaults;
mod delegates;
mod directory;
mod doors;
mod hostile_requests;
mod invitations;
mod license_files;
mod lockout;
mod member_tables;
mod notices;
mod passwords;
mod preconditions;
mod privileges;
mod reserved;
mod returns;
mod terms;
mod undo;
