//! `/help/errors`, the assets, and addresses that lead nowhere.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use errors::{Code, Failure};

use super::page;
use super::visit::{Anybody, Refused};
use crate::api::address::Path;
use crate::pages::assets;
use crate::pages::help::{HelpError, HelpErrors};

/// Every code of the registry. Everybody may read it, the locked out too.
pub async fn list(anybody: Anybody) -> Response {
    page(&HelpErrors { frame: anybody.frame })
}

/// One code.
///
/// # Errors
/// `not-found`.
pub async fn show(anybody: Anybody, Path(name): Path<String>) -> Result<Response, Refused> {
    match Code::from_name(&name) {
        Some(code) => Ok(page(&HelpError { frame: anybody.frame, row: code.row() })),
        None => Err(Refused::new(anybody.frame, Failure::plain(Code::NotFound))),
    }
}

/// A stylesheet or picture. Its address names its content, so a browser may keep it for ever.
///
/// # Errors
/// `not-found`.
pub async fn asset(Path(name): Path<String>, anybody: Anybody) -> Result<Response, Refused> {
    match assets::asset(&name) {
        Some((bytes, kind)) => {
            let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
            Ok((headers, bytes).into_response())
        }
        None => Err(Refused::new(anybody.frame, Failure::plain(Code::NotFound))),
    }
}

/// No page of that address.
pub async fn no_such_page(anybody: Anybody) -> Refused {
    Refused::new(anybody.frame, Failure::new(Code::NotFound, "There is no page at this address."))
}

/// A page that is not asked for in that way.
pub async fn no_such_method(anybody: Anybody) -> Refused {
    Refused::new(anybody.frame, Failure::plain(Code::MethodNotAllowed))
}
