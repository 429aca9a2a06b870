//! A list of steps with their time: the story of a payment or of a tracciato.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::format::{Moment, data_ora_secondi};
use crate::html::Html;

/// Where a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Done,
    Current,
    Todo,
    Failed,
}

/// One step. Texts are already in the reader's language.
#[derive(Clone, Debug)]
pub struct TimelineItem {
    pub title: String,
    pub phase: Phase,
    pub at: Option<Html>,
    pub detail: Option<String>,
}

impl TimelineItem {
    pub fn new(title: impl Into<String>, phase: Phase) -> Self {
        Self {
            title: title.into(),
            phase,
            at: None,
            detail: None,
        }
    }

    /// When it happened.
    pub fn at(mut self, at: impl Moment) -> Self {
        self.at = Some(data_ora_secondi(at));
        self
    }

    /// A line below: a duration, a count, a reason.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    fn class(&self) -> &'static str {
        match self.phase {
            Phase::Done => "fatto",
            Phase::Current => "attuale",
            Phase::Todo => "da-fare",
            Phase::Failed => "fallito",
        }
    }

    fn icon(&self) -> &'static str {
        match self.phase {
            Phase::Done => "it-check-circle",
            Phase::Current => "it-clock",
            Phase::Todo => "it-more-items",
            Phase::Failed => "it-close-circle",
        }
    }
}

/// The list as a component; made by [`crate::Page::timeline`].
#[derive(Template)]
#[template(path = "web/timeline.html")]
pub struct Timeline<'a> {
    pub(crate) page: &'a crate::Page,
    pub(crate) items: &'a [TimelineItem],
}

impl HtmlSafe for Timeline<'_> {}

impl Timeline<'_> {
    /// What the icon says, for those who do not see it.
    fn phase_text(&self, item: &TimelineItem) -> String {
        self.page.t(match item.phase {
            Phase::Done => "fase-fatta",
            Phase::Current => "fase-attuale",
            Phase::Todo => "fase-da-fare",
            Phase::Failed => "fase-fallita",
        })
    }
}
