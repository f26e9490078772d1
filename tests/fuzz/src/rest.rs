//! The interface for programs: any method, address, headers and body, of somebody who is signed in or nobody.

use crate::{house, request};

/// Up to four requests in a row.
pub fn rest(input: &[u8]) {
    house::visit(|house| request::play(house, input, |_| ()));
}
