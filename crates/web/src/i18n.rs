//! The texts of a service in Italian (the source, and the default) and English, in Fluent files.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// The language of a page. Italian unless the reader asked otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    #[default]
    It,
    En,
}

impl Lang {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "it" => Some(Self::It),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// Value of the `lang` attribute.
    pub fn code(self) -> &'static str {
        match self {
            Self::It => "it",
            Self::En => "en",
        }
    }
}

/// The two Fluent files of one service. Make it a `static`:
/// `static CATALOG: Catalog = Catalog::new(include_str!("../i18n/it.ftl"), include_str!("../i18n/en.ftl"));`
pub struct Catalog {
    pub(crate) it: &'static str,
    pub(crate) en: &'static str,
    bundles: OnceLock<[FluentBundle<FluentResource>; 2]>,
}

/// The texts of the shell, of the components and of the error pages; a service's own come first.
pub static SHELL_TEXTS: Catalog = Catalog::new(
    include_str!("../i18n/it.ftl"),
    include_str!("../i18n/en.ftl"),
);

/// Something that can fill a `{ $place }` of a text.
pub trait Arg {
    fn to_value(&self) -> FluentValue<'static>;
}

impl Arg for str {
    fn to_value(&self) -> FluentValue<'static> {
        FluentValue::String(self.to_owned().into())
    }
}

impl Arg for String {
    fn to_value(&self) -> FluentValue<'static> {
        self.as_str().to_value()
    }
}

impl<T: Arg + ?Sized> Arg for &T {
    fn to_value(&self) -> FluentValue<'static> {
        (**self).to_value()
    }
}

macro_rules! number_arg {
    ($($t:ty),*) => { $(
        /// Numbers choose plural forms.
        impl Arg for $t {
            fn to_value(&self) -> FluentValue<'static> {
                FluentValue::from(*self)
            }
        }
    )* };
}
number_arg!(i32, i64, u8, u16, u32, u64, usize);

impl Catalog {
    pub const fn new(it: &'static str, en: &'static str) -> Self {
        Self {
            it,
            en,
            bundles: OnceLock::new(),
        }
    }

    /// The text of `key`, or `None` when the catalog has none in this language.
    pub fn get(&self, lang: Lang, key: &str, args: &[(&str, &dyn Arg)]) -> Option<String> {
        let [it, en] = self
            .bundles
            .get_or_init(|| [bundle(Lang::It, self.it), bundle(Lang::En, self.en)]);
        let bundle = match lang {
            Lang::It => it,
            Lang::En => en,
        };
        let pattern = bundle.get_message(key)?.value()?;
        let mut values = FluentArgs::new();
        for (name, value) in args {
            values.set((*name).to_owned(), value.to_value());
        }
        let mut errors = Vec::new();
        let text = bundle
            .format_pattern(pattern, Some(&values), &mut errors)
            .into_owned();
        if !errors.is_empty() {
            tracing::error!(key, ?errors, "a text could not be filled");
        }
        Some(text)
    }

    /// The text of `key` in this catalog, else in the shell's, else the key itself in brackets
    /// (tests find those: [`crate::testing::check_texts`]).
    pub fn text(&self, lang: Lang, key: &str, args: &[(&str, &dyn Arg)]) -> String {
        self.get(lang, key, args)
            .or_else(|| SHELL_TEXTS.get(lang, key, args))
            .unwrap_or_else(|| {
                tracing::error!(key, lang = lang.code(), "a text is missing");
                format!("⟦{key}⟧")
            })
    }
}

fn bundle(lang: Lang, source: &str) -> FluentBundle<FluentResource> {
    // Both codes are valid; the default would only choose other plural rules.
    let id: LanguageIdentifier = lang.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    bundle.set_use_isolating(false);
    // What is wrong in a file is found by `testing::check_catalog`; the rest of it still works.
    let resource =
        FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, errors)| {
            tracing::error!(?errors, "a file of texts has errors");
            resource
        });
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;

    static C: Catalog = Catalog::new(
        "righe = { $n ->\n    [one] una riga\n   *[other] { $n } righe\n}\nchi = Ciao { $nome }",
        "righe = { $n ->\n    [one] one row\n   *[other] { $n } rows\n}\nchi = Hello { $nome }",
    );

    #[test]
    fn texts_are_filled_and_numbers_choose_the_plural() {
        assert_eq!(C.text(Lang::It, "righe", &[("n", &1)]), "una riga");
        assert_eq!(C.text(Lang::En, "righe", &[("n", &3)]), "3 rows");
        assert_eq!(C.text(Lang::It, "chi", &[("nome", &"<b>")]), "Ciao <b>");
    }

    #[test]
    fn the_shell_answers_for_what_a_service_does_not_say() {
        assert_eq!(C.text(Lang::En, "esci", &[]), "Sign out");
        assert_eq!(
            C.text(Lang::It, "chiave-che-non-esiste", &[]),
            "⟦chiave-che-non-esiste⟧"
        );
    }

    #[test]
    fn both_languages_of_the_shell_say_the_same_things() {
        crate::testing::check_catalog(&SHELL_TEXTS);
    }
}
