//! Checks that each service runs on its texts and templates in its own tests.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use fluent_bundle::FluentResource;

use crate::i18n::{Catalog, Lang, SHELL_TEXTS};

/// Panics unless both files of the catalog parse and have the same keys with the same places to fill.
pub fn check_catalog(catalog: &Catalog) {
    let it = keys(catalog.it, "it");
    let en = keys(catalog.en, "en");
    let differences: Vec<_> = it.symmetric_difference(&en).collect();
    assert!(
        differences.is_empty(),
        "keys or places in one language only: {differences:?}"
    );
}

/// `key` or `key $place $place` of each message.
fn keys(source: &str, lang: &str) -> BTreeSet<String> {
    if let Err((_, errors)) = FluentResource::try_new(source.to_owned()) {
        panic!("{lang}.ftl: {errors:?}");
    }
    let mut messages: Vec<(String, BTreeSet<String>)> = Vec::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        let is_key = line.starts_with(|c: char| c.is_ascii_alphabetic());
        if let Some((key, _)) = line.split_once('=').filter(|_| is_key) {
            let key = key.trim().to_owned();
            assert!(
                !messages.iter().any(|(k, _)| *k == key),
                "{lang}.ftl: {key} twice"
            );
            messages.push((key, BTreeSet::new()));
        }
        if let Some((_, places)) = messages.last_mut() {
            places.extend(line.split('$').skip(1).map(|rest| word(rest).to_owned()));
        }
    }
    messages
        .into_iter()
        .map(|(key, places)| {
            let places: Vec<_> = places.into_iter().map(|p| format!(" ${p}")).collect();
            format!("{key}{}", places.concat())
        })
        .collect()
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
    &text[..end.unwrap_or(text.len())]
}

/// Panics if a template or a source of the crate asks for a text that is missing. `crate_dir` is
/// `env!("CARGO_MANIFEST_DIR")`.
pub fn check_texts(crate_dir: &str, catalog: &Catalog) {
    let mut missing = BTreeSet::new();
    let mut asked = 0;
    for file in files(crate_dir, &["templates", "src"]) {
        for key in asked_keys(&read(&file)) {
            asked += 1;
            let known = |lang| {
                catalog
                    .get(lang, &key, &[])
                    .or_else(|| SHELL_TEXTS.get(lang, &key, &[]))
                    .is_some()
            };
            if !known(Lang::It) || !known(Lang::En) {
                missing.insert(format!("{} ({})", key, file.display()));
            }
        }
    }
    assert!(missing.is_empty(), "texts that are missing: {missing:#?}");
    assert!(
        asked > 0,
        "no text is asked for in {crate_dir}: is this the right folder?"
    );
}

/// The literal keys in `.t("…")`, `.t1("…"`, `.t2("…"`, `.text("…"`, `.titled("…"`.
fn asked_keys(source: &str) -> Vec<String> {
    let calls = [".t(\"", ".t1(\"", ".t2(\"", ".text(\"", ".titled(\""];
    calls
        .iter()
        .flat_map(|call| source.split(call).skip(1))
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

/// Panics if a template uses an icon that is not in the sprite, a class of Bootstrap Italia that is
/// not in the trimmed style sheet, or an inline style or script (the security policy blocks both).
pub fn check_templates(crate_dir: &str) {
    let sprite = asset_text("sprites.svg");
    let css = asset_text("govpay.css");
    let mut wrong = BTreeSet::new();
    let mut seen = 0;
    for file in files(crate_dir, &["templates", "src"]) {
        let source = read(&file);
        let name = file.display();
        for icon in quoted(&source, "it-") {
            let id = format!("id=\"{icon}\"");
            if !sprite.contains(&id) && !has_class(&css, &icon) && !icon.ends_with('-') {
                wrong.insert(format!("{name}: no icon or class {icon}"));
            }
        }
        if file.extension().is_none_or(|ext| ext != "html") {
            continue;
        }
        seen += 1;
        for class in classes(&source) {
            if is_bootstrap(&class) && !has_class(&css, &class) {
                wrong.insert(format!("{name}: class {class} is not in govpay.css"));
            }
        }
        for banned in [
            " style=",
            "<style",
            " onclick=",
            " onsubmit=",
            "javascript:",
            "|safe",
        ] {
            if source.contains(banned) {
                wrong.insert(format!("{name}: {banned} is not allowed"));
            }
        }
    }
    assert!(seen > 0, "no template in {crate_dir}");
    assert!(
        wrong.is_empty(),
        "{wrong:#?}\n(classes and icons: run crates/web/ui/build.sh)"
    );
}

/// Words that begin with `prefix` right after a quotation mark.
fn quoted(source: &str, prefix: &str) -> BTreeSet<String> {
    source
        .split('"')
        .skip(1)
        .filter(|text| text.starts_with(prefix))
        .map(|text| word(text).to_owned())
        .filter(|text| text.len() > prefix.len())
        .collect()
}

/// The literal words of `class="…"`; what is between `{` and `}` is left out.
fn classes(source: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rest in source.split("class=\"").skip(1) {
        let value = rest.split('"').next().unwrap_or_default();
        let mut depth = 0;
        let literal: String = value
            .chars()
            .map(|c| {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => return if depth == 0 { c } else { '\u{0}' },
                }
                '\u{0}'
            })
            .collect();
        // A word that touches a placeholder is only half a class.
        let words = literal
            .split([' ', '\n'])
            .filter(|w| !w.is_empty() && !w.contains('\u{0}'));
        found.extend(words.map(str::to_owned));
    }
    found
}

/// Whether a class has a name of Bootstrap Italia, so that the style sheet must know it. Our own
/// classes are Italian words.
fn is_bootstrap(class: &str) -> bool {
    const PREFIXES: [&str; 36] = [
        "it-",
        "btn-",
        "col-",
        "row-",
        "d-",
        "flex-",
        "justify-",
        "align-",
        "text-",
        "bg-",
        "fs-",
        "fw-",
        "p-",
        "px-",
        "py-",
        "pt-",
        "pb-",
        "m-",
        "mt-",
        "mb-",
        "my-",
        "mx-",
        "ms-",
        "me-",
        "g-",
        "gap-",
        "form-",
        "table-",
        "alert-",
        "badge-",
        "callout-",
        "nav-",
        "card-",
        "list-",
        "progress-",
        "icon-",
    ];
    PREFIXES.iter().any(|prefix| class.starts_with(prefix))
}

fn has_class(css: &str, class: &str) -> bool {
    let selector = format!(".{class}");
    css.match_indices(&selector).any(|(at, _)| {
        let next = css[at + selector.len()..].chars().next();
        next.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
    })
}

fn asset_text(name: &str) -> String {
    let file = crate::assets::file(name);
    let data = file
        .unwrap_or_else(|| panic!("crates/web/assets/{name} is missing"))
        .data;
    String::from_utf8_lossy(&data).into_owned()
}

fn files(crate_dir: &str, folders: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in folders {
        collect(&Path::new(crate_dir).join(folder), &mut found);
    }
    found
}

fn collect(dir: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, found);
        } else if path
            .extension()
            .is_some_and(|ext| ext == "html" || ext == "rs")
        {
            found.push(path);
        }
    }
}

/// The file without its comment lines.
fn read(path: &Path) -> String {
    let text = std::fs::read_to_string(path);
    let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_templates_of_this_crate_pass_their_own_checks() {
        check_templates(env!("CARGO_MANIFEST_DIR"));
        check_texts(env!("CARGO_MANIFEST_DIR"), &SHELL_TEXTS);
    }

    #[test]
    #[should_panic(expected = "in one language only: [\"a $m\", \"a $n\", \"b\"]")]
    fn a_place_with_another_name_is_found() {
        let [it, en] = ["a = x { $n }", "a = x { $m }\nb = y"];
        check_catalog(&Catalog::new(it, en));
    }

    #[test]
    fn literal_classes_are_read_and_half_ones_left_out() {
        let found = classes("<a class=\"btn btn-{{ kind }} mt-2{% if a %} active{% endif %}\">");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["btn"]);
        assert!(has_class(".mt-2{}.btn:hover", "btn") && !has_class(".btn-x{}", "btn"));
    }
}
