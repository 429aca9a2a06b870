//! What the five sites with pages share: the shell, the looks, forms, sessions, texts and errors.
//!
//! Everything a template needs hangs on [`Page`]. No rule of pagoPA and no query lives here: a
//! service hands over values, this crate shows them.

pub mod assets;
pub mod badge;
mod download;
pub mod error;
pub mod form;
pub mod format;
mod freno;
pub mod headers;
pub mod html;
mod http_basic;
pub mod i18n;
mod info;
pub mod login;
pub mod middleware;
pub mod page;
pub mod session;
pub mod site;
pub mod sse;
pub mod testing;
pub mod timeline;
mod verified;

pub use download::attachment;
pub use error::{PageError, PageResult, not_found};
pub use form::{CsrfForm, Form, check_csrf};
pub use freno::Freno;
pub use html::{Html, local_path, render, render_status, see_other};
pub use http_basic::http_basic;
pub use i18n::{Catalog, Lang};
pub use middleware::{pages, site};
pub use page::{Journey, Page, TestBar};
pub use session::{FlashKind, Session};
pub use site::{NavItem, Shell, SiteKind};
pub use timeline::{Phase, TimelineItem};
pub use verified::Verified;
