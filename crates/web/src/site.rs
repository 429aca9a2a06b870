//! Who a site is: name, colours, menu, neighbours. One [`Shell`] per service, in the app's data.

use crate::i18n::Catalog;

/// The five sites with pages. Each looks different, so that nobody gets lost between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiteKind {
    Loader,
    Portale,
    Wisp,
    Psp,
    Console,
}

/// Colours of a site's header as `#rrggbb`. The same values are in `ui/app.css`, which a test proves.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    pub slim: &'static str,
    pub slim_text: &'static str,
    pub header: &'static str,
    pub header_text: &'static str,
    /// Background of the primary buttons; their text is white.
    pub accent: &'static str,
}

impl SiteKind {
    pub const ALL: [Self; 5] = [
        Self::Loader,
        Self::Portale,
        Self::Wisp,
        Self::Psp,
        Self::Console,
    ];

    /// Word used in the class of `body` and in the names of the cookies.
    pub fn name(self) -> &'static str {
        match self {
            Self::Loader => "loader",
            Self::Portale => "portale",
            Self::Wisp => "wisp",
            Self::Psp => "psp",
            Self::Console => "console",
        }
    }

    /// Icon of the sprite shown beside the site's name.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Loader => "it-upload",
            Self::Portale => "it-pa",
            Self::Wisp => "it-card",
            Self::Psp => "gp-banca",
            Self::Console => "it-chart-line",
        }
    }

    pub fn palette(self) -> Palette {
        let (slim, slim_text, header, header_text, accent) = match self {
            Self::Loader => ("#0059b3", "#ffffff", "#0066cc", "#ffffff", "#0066cc"),
            Self::Portale => ("#00264d", "#ffffff", "#003366", "#ffffff", "#004d99"),
            Self::Wisp => ("#e6ecf2", "#17324d", "#ffffff", "#17324d", "#0059b3"),
            Self::Psp => ("#00493f", "#ffffff", "#00665a", "#ffffff", "#00665a"),
            Self::Console => ("#17212b", "#ffffff", "#2a3744", "#ffffff", "#3d5266"),
        };
        Palette {
            slim,
            slim_text,
            header,
            header_text,
            accent,
        }
    }
}

/// One entry of the menu. The label is a key of the service's catalog.
#[derive(Clone, Copy, Debug)]
pub struct NavItem {
    pub label: &'static str,
    /// Path of the page; ignored when there are children.
    pub href: &'static str,
    pub children: &'static [NavItem],
}

impl NavItem {
    pub const fn link(label: &'static str, href: &'static str) -> Self {
        Self {
            label,
            href,
            children: &[],
        }
    }

    pub const fn group(label: &'static str, children: &'static [NavItem]) -> Self {
        Self {
            label,
            href: "",
            children,
        }
    }

    /// Whether `path` is this page, a page below it, or one of the children's.
    pub fn is_active(&self, path: &str) -> bool {
        if !self.children.is_empty() {
            return self.children.iter().any(|child| child.is_active(path));
        }
        path == self.href
            || (self.href != "/"
                && path
                    .strip_prefix(self.href)
                    .is_some_and(|rest| rest.starts_with('/')))
    }
}

/// What all pages of a service have in common. Put it in the app's data as `web::Data<Shell>`.
#[derive(Clone)]
pub struct Shell {
    pub kind: SiteKind,
    /// Name of the site, or of the body that the site belongs to.
    pub name: String,
    /// One line below the name; without it, the text `sito-descrizione` of the catalog.
    pub tagline: Option<String>,
    pub catalog: &'static Catalog,
    pub nav: &'static [NavItem],
    /// Key of the tokens in forms; the same for all replicas of a service.
    pub secret: Vec<u8>,
    /// Origins (`http://host:port`) that forms of this site may post to, besides its own.
    pub form_action: Vec<String>,
    /// Public address of the console, for the test bar; without it the bar has no link.
    pub console_url: Option<String>,
    /// Whether the public address is https: cookies are then `Secure`.
    pub https: bool,
}

impl Shell {
    pub fn new(
        kind: SiteKind,
        name: impl Into<String>,
        catalog: &'static Catalog,
        secret: &[u8],
    ) -> Self {
        Self {
            kind,
            name: name.into(),
            tagline: None,
            catalog,
            nav: &[],
            secret: secret.to_vec(),
            form_action: Vec::new(),
            console_url: None,
            https: false,
        }
    }

    pub fn nav(mut self, nav: &'static [NavItem]) -> Self {
        self.nav = nav;
        self
    }

    pub fn tagline(mut self, tagline: impl Into<String>) -> Self {
        self.tagline = Some(tagline.into());
        self
    }

    /// Allows forms, and redirects after them, to reach another site. Takes its address, keeps the
    /// origin.
    pub fn posts_to(mut self, url: &str) -> Self {
        self.form_action.push(origin(url).to_owned());
        self
    }

    /// The console's public address, without a slash at the end.
    pub fn console(mut self, url: impl Into<String>) -> Self {
        self.console_url = Some(url.into());
        self
    }

    /// The site's own public address: decides whether cookies are `Secure`.
    pub fn public_url(mut self, url: &str) -> Self {
        self.https = url.starts_with("https://");
        self
    }

    pub(crate) fn cookie(&self, what: &str) -> String {
        format!("govpay_{}_{what}", self.kind.name())
    }
}

/// `scheme://host[:port]` of an address.
fn origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |i| i + 3);
    url[start..]
        .find('/')
        .map_or(url, |end| &url[..start + end])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.2) times 10^9, in integers: floats are kept out of this workspace.
    fn luminance(hex: &str) -> u64 {
        let channel = |i: usize| u64::from(u8::from_str_radix(&hex[i..i + 2], 16).unwrap());
        2126 * linear(channel(1)) + 7152 * linear(channel(3)) + 722 * linear(channel(5))
    }

    /// sRGB channel to linear light, times 10^5.
    #[expect(clippy::float_arithmetic, reason = "a colour is not money")]
    fn linear(channel: u64) -> u64 {
        let c = channel as f64 / 255.0;
        let value = if c <= 0.04045 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        };
        (value * 100_000.0) as u64
    }

    /// Contrast of two colours times 100.
    fn contrast(a: &str, b: &str) -> u64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 50_000_000) * 100 / (a.min(b) + 50_000_000)
    }

    #[test]
    fn every_pair_of_colours_is_readable() {
        assert_eq!(contrast("#000000", "#ffffff"), 2100);
        for kind in SiteKind::ALL {
            let p = kind.palette();
            for (back, text) in [
                (p.slim, p.slim_text),
                (p.header, p.header_text),
                (p.accent, "#ffffff"),
            ] {
                assert!(contrast(back, text) >= 450, "{kind:?}: {text} on {back}");
            }
        }
    }

    #[test]
    fn the_style_sheet_has_the_same_colours() {
        let css = include_str!("../ui/app.css");
        for kind in SiteKind::ALL {
            let p = kind.palette();
            let expected = format!(
                ".sito-{}{{--slim:{};--slim-text:{};--header:{};--header-text:{};--accent:{}}}",
                kind.name(),
                p.slim,
                p.slim_text,
                p.header,
                p.header_text,
                p.accent
            );
            assert!(css.contains(&expected), "app.css has no {expected}");
        }
    }

    #[test]
    fn the_origin_is_what_a_policy_wants() {
        assert_eq!(
            origin("http://127.0.0.1:8083/wisp/scelta"),
            "http://127.0.0.1:8083"
        );
        assert_eq!(origin("https://wisp.example.it"), "https://wisp.example.it");
    }

    #[test]
    fn a_menu_entry_is_active_on_its_page_and_below() {
        let item = NavItem::group("operazioni", const { &[NavItem::link("t", "/tracciati")] });
        assert!(item.is_active("/tracciati/12"));
        assert!(!item.is_active("/tracciatix"));
        assert!(!NavItem::link("home", "/").is_active("/tracciati"));
    }
}
