//! Values and components that templates print.

use std::fmt::Display;

use super::{Choice, ErrorSummary, Field, Page, Select, button_link};
use crate::badge::{self, Stato};
use crate::form::Form;
use crate::format::{self, Amount, Day, Moment};
use crate::html::{Html, IntoHtml, escape};
use crate::timeline::{Timeline, TimelineItem};

/// Values and components: called by templates.
impl Page {
    /// `1.234,56 €`.
    pub fn euro(&self, importo: impl Amount) -> String {
        format::euro(importo)
    }

    /// `118.400`.
    pub fn intero(&self, n: impl Display) -> String {
        format::intero(n)
    }

    /// `05/08/2026`.
    pub fn data(&self, day: impl Day) -> Html {
        format::data(day)
    }

    /// `05/08/2026 12:20`.
    pub fn data_ora(&self, at: impl Moment) -> Html {
        format::data_ora(at)
    }

    /// `05/08/2026 12:20:07`.
    pub fn data_ora_secondi(&self, at: impl Moment) -> Html {
        format::data_ora_secondi(at)
    }

    /// An identifier in the fixed-width font that can break on a narrow page.
    pub fn digits(&self, value: impl Display) -> Html {
        format::digits(value)
    }

    /// The same, with a button that copies it (shown by the script).
    pub fn copyable(&self, value: impl Display) -> Html {
        let value = value.to_string();
        Html(format!(
            "<span class=\"font-monospace\">{}</span>{}",
            format::broken(&value),
            self.copy_button(&value)
        ))
    }

    fn copy_button(&self, value: &str) -> String {
        format!(
            "<button type=\"button\" class=\"copia\" hidden data-copia=\"{}\" data-copiato=\"{}\">\
             {}<span class=\"visually-hidden\">{} {}</span></button>",
            escape(value),
            escape(&self.t("copiato")),
            self.icon("it-copy"),
            escape(&self.t("copia")),
            escape(value)
        )
    }

    /// The badge of a state of the domain.
    pub fn badge(&self, stato: impl Stato) -> Html {
        let badge = stato.badge();
        let moving = if badge.moving { " in-moto" } else { "" };
        Html(format!(
            "<span class=\"badge {}{moving}\">{}</span>",
            badge.class,
            badge.label(self.lang())
        ))
    }

    /// The badge of a state known by name only; see [`badge::by_name`].
    pub fn badge_named(&self, object: &str, stato: impl Display) -> Html {
        let stato = stato.to_string();
        match badge::by_name(object, &stato) {
            Some(badge) => self.badge(badge),
            None => Html(format!(
                "<span class=\"badge bg-secondary\">{}</span>",
                escape(&stato)
            )),
        }
    }

    /// An icon of the sprite (`it-check`), hidden from assistive technology: the text beside it says
    /// the same.
    pub fn icon(&self, name: &str) -> Html {
        self.icon_class(name, "")
    }

    /// An icon with more classes: `page.icon_class("it-check", "icon-success")`.
    pub fn icon_class(&self, name: &str, class: &str) -> Html {
        Html(format!(
            "<svg class=\"icon {}\" aria-hidden=\"true\" focusable=\"false\">\
             <use href=\"{}#{}\"></use></svg>",
            escape(class),
            crate::assets::url("sprites.svg"),
            escape(name)
        ))
    }

    /// Address of a file of `crates/web/assets`.
    pub fn asset(&self, name: &str) -> String {
        crate::assets::url(name)
    }

    /// A pair of a definition list (inside `<dl class="row dati">`). The value is text or a component.
    pub fn dato(&self, label: impl Display, value: impl IntoHtml) -> Html {
        Html(format!(
            "<dt class=\"col-sm-5\">{}</dt><dd class=\"col-sm-7\">{}</dd>",
            escape(&label.to_string()),
            value.to_html()
        ))
    }

    /// The hidden field that every `<form method="post">` of ours carries.
    pub fn csrf(&self) -> Html {
        Html(format!(
            "<input type=\"hidden\" name=\"csrf\" value=\"{}\">",
            self.csrf_token()
        ))
    }

    pub fn csrf_token(&self) -> String {
        self.session.csrf_token(&self.shell)
    }

    /// A link that looks like a button.
    pub fn button(&self, label: impl Display, href: impl Display) -> Html {
        button_link(&label.to_string(), &href.to_string())
    }

    /// Previous and next page of a list, as addresses; `None` at the ends.
    pub fn pager(&self, previous: &Option<String>, next: &Option<String>) -> Html {
        if previous.is_none() && next.is_none() {
            return Html(String::new());
        }
        let item = |href: &Option<String>, key: &str, rel: &str| match href {
            None => String::new(),
            Some(href) => format!(
                "<li class=\"page-item\"><a class=\"page-link\" rel=\"{rel}\" href=\"{}\">{}</a></li>",
                escape(href),
                escape(&self.t(key))
            ),
        };
        Html(format!(
            "<nav class=\"pagination-wrapper\" aria-label=\"{}\"><ul class=\"pagination\">{}{}</ul></nav>",
            escape(&self.t("paginazione")),
            item(previous, "pagina-precedente", "prev"),
            item(next, "pagina-successiva", "next")
        ))
    }

    /// The steps of a story.
    pub fn timeline<'a>(&'a self, items: &'a [TimelineItem]) -> Timeline<'a> {
        Timeline { page: self, items }
    }

    /// A message box: `kind` is `success`, `info`, `warning` or `danger`.
    pub fn alert(&self, kind: &str, text: impl IntoHtml) -> Html {
        let (icon, word) = match kind {
            "success" => ("it-check-circle", "avviso-riuscito"),
            "warning" => ("it-warning-circle", "avviso-attenzione"),
            "danger" => ("it-error", "avviso-errore"),
            _ => ("it-info-circle", "avviso-informazione"),
        };
        let role = if kind == "danger" { "alert" } else { "status" };
        Html(format!(
            "<div class=\"alert alert-{}\" role=\"{role}\">{}<span class=\"visually-hidden\">{}</span>\
             <div>{}</div></div>",
            escape(kind),
            self.icon(icon),
            escape(&self.t(word)),
            text.to_html()
        ))
    }

    /// A text field; go on with [`Field::email`], [`Field::help`], …
    pub fn field<'a>(&'a self, form: &'a Form, name: &'a str, label: impl Display) -> Field<'a> {
        Field::new(self, form, name, label.to_string())
    }

    /// A choice of one among `options` (value, label) as a drop-down list.
    pub fn select<'a>(
        &'a self,
        form: &'a Form,
        name: &'a str,
        label: impl Display,
        options: &'a [(String, String)],
    ) -> Select<'a> {
        Select::new(form, name, label.to_string(), options)
    }

    /// One radio button with a line of explanation; put several in a `<fieldset>` with a `<legend>`.
    pub fn radio<'a>(
        &'a self,
        form: &'a Form,
        name: &'a str,
        value: &'a str,
        label: impl Display,
        help: impl Display,
    ) -> Choice<'a> {
        Choice::new(
            "radio",
            form,
            (name, value),
            label.to_string(),
            help.to_string(),
        )
    }

    /// One check box; it is on when the form's value of `name` is `value`.
    pub fn checkbox<'a>(
        &'a self,
        form: &'a Form,
        name: &'a str,
        value: &'a str,
        label: impl Display,
        help: impl Display,
    ) -> Choice<'a> {
        Choice::new(
            "checkbox",
            form,
            (name, value),
            label.to_string(),
            help.to_string(),
        )
    }

    /// The list of what is wrong in a form, with links to the fields. Nothing when nothing is.
    pub fn error_summary<'a>(&'a self, form: &'a Form) -> ErrorSummary<'a> {
        ErrorSummary { page: self, form }
    }
}
