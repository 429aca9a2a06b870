//! A robot that uses pages as a person without script does: it reads text, fills fields by their
//! label, presses buttons by their words and follows every redirect, across sites.

use std::collections::BTreeMap;

use scraper::{ElementRef, Html, Selector};
use url::Url;

/// A browser with its own cookies.
#[derive(Clone)]
pub struct Browser {
    http: reqwest::Client,
}

/// What the browser shows now.
#[derive(Clone, Debug)]
pub struct Page {
    pub url: Url,
    pub status: u16,
    pub content_type: String,
    pub body: Vec<u8>,
    /// Values typed or chosen on this page, by field name.
    typed: BTreeMap<String, Vec<Typed>>,
}

#[derive(Clone, Debug)]
enum Typed {
    Text(String),
    File { name: String, content: Vec<u8> },
}

const MAX_REDIRECTS: usize = 10;

impl Browser {
    #[expect(
        clippy::new_without_default,
        reason = "opening a browser is an act, not a default"
    )]
    pub fn new() -> Self {
        let http = reqwest::Client::builder()
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client without options");
        Self { http }
    }

    pub async fn open(&self, url: &str) -> Page {
        let url = Url::parse(url).expect("an address");
        self.follow(self.http.get(url)).await
    }

    /// Presses the button with these words (or, without one, follows the link with them).
    pub async fn press(&self, page: &Page, words: &str) -> Page {
        let request = self.submission(page, words);
        self.follow(request).await
    }

    /// The request of a button, to be sent by the caller: twice, at the same time, or not at all.
    pub fn submission(&self, page: &Page, words: &str) -> reqwest::RequestBuilder {
        let document = Html::parse_document(&page.text());
        let Some(button) = find_button(&document, words) else {
            panic!(
                "no button «{words}» on {}:\n{}",
                page.url,
                page.visible_text()
            );
        };
        let form = form_of(button, &document)
            .unwrap_or_else(|| panic!("the button «{words}» is in no form on {}", page.url));
        let attribute = |name: &str| button.attr(&format!("form{name}")).or(form.attr(name));
        let action = match attribute("action") {
            None | Some("") => page.url.clone(),
            Some(action) => page.url.join(action).expect("an address"),
        };
        let mut fields = page.fields_of(form);
        if let Some(name) = button.attr("name") {
            let value = button.attr("value").unwrap_or_default().to_owned();
            fields.push((name.to_owned(), Typed::Text(value)));
        }
        let multipart = attribute("enctype") == Some("multipart/form-data");
        match attribute("method")
            .unwrap_or("get")
            .to_ascii_lowercase()
            .as_str()
        {
            "post" if multipart => {
                let mut form = reqwest::multipart::Form::new();
                for (name, value) in fields {
                    form = match value {
                        Typed::Text(text) => form.text(name, text),
                        Typed::File {
                            name: file,
                            content,
                        } => {
                            let part = reqwest::multipart::Part::bytes(content).file_name(file);
                            form.part(name, part.mime_str("text/csv").expect("a media type"))
                        }
                    };
                }
                self.http.post(action).multipart(form)
            }
            "post" => self.http.post(action).form(&text_fields(fields)),
            _ => self.http.get(action).query(&text_fields(fields)),
        }
    }

    /// Follows the link with these words.
    pub async fn click(&self, page: &Page, words: &str) -> Page {
        let target = page.link(words).unwrap_or_else(|| {
            panic!(
                "no link «{words}» on {}:\n{}",
                page.url,
                page.visible_text()
            )
        });
        self.open(target.as_str()).await
    }

    /// Sends a request and follows its redirects as a browser does (303 and 302 become GET, 307 and
    /// 308 are not used by our pages and are an error).
    pub async fn follow(&self, request: reqwest::RequestBuilder) -> Page {
        let mut response = request.send().await.expect("an answer");
        for _ in 0..MAX_REDIRECTS {
            let status = response.status();
            if !status.is_redirection() {
                return Page::read(response).await;
            }
            assert!(matches!(status.as_u16(), 301..=303), "redirect {status}");
            let location = response.headers().get("location").expect("a location");
            let location = location.to_str().expect("an address in ASCII");
            let next = response.url().join(location).expect("an address");
            response = self.http.get(next).send().await.expect("an answer");
        }
        panic!(
            "more than {MAX_REDIRECTS} redirects, last {}",
            response.url()
        );
    }
}

fn text_fields(fields: Vec<(String, Typed)>) -> Vec<(String, String)> {
    fields
        .into_iter()
        .map(|(name, value)| match value {
            Typed::Text(text) => (name, text),
            Typed::File { name: file, .. } => (name, file),
        })
        .collect()
}

impl Page {
    async fn read(response: reqwest::Response) -> Self {
        let url = response.url().clone();
        let status = response.status().as_u16();
        let content_type = response
            .headers()
            .get("content-type")
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let body = response.bytes().await.expect("a body").to_vec();
        Self {
            url,
            status,
            content_type,
            body,
            typed: BTreeMap::new(),
        }
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The words a person reads, blanks made single.
    pub fn visible_text(&self) -> String {
        let document = Html::parse_document(&self.text());
        let main = select("main").and_then(|s| document.select(&s).next());
        words(main.unwrap_or_else(|| document.root_element()))
    }

    pub fn heading(&self) -> String {
        let document = Html::parse_document(&self.text());
        select("h1")
            .and_then(|s| document.select(&s).next())
            .map(words)
            .unwrap_or_default()
    }

    /// Fails the test unless the page shows these words.
    pub fn expect(&self, wanted: &str) -> &Self {
        let seen = self.visible_text();
        assert!(
            seen.contains(wanted),
            "«{wanted}» is not on {} ({}):\n{seen}",
            self.url,
            self.status
        );
        self
    }

    pub fn shows(&self, wanted: &str) -> bool {
        self.visible_text().contains(wanted)
    }

    /// Types into the field with this label.
    pub fn fill(mut self, label: &str, value: &str) -> Self {
        let name = self.field(label);
        self.typed.insert(name, vec![Typed::Text(value.to_owned())]);
        self
    }

    /// Chooses a file in the field with this label.
    pub fn attach(mut self, label: &str, file: &str, content: &[u8]) -> Self {
        let field = self.field(label);
        let file = Typed::File {
            name: file.to_owned(),
            content: content.to_vec(),
        };
        self.typed.insert(field, vec![file]);
        self
    }

    /// Chooses the radio button, or ticks the box, with this label.
    pub fn choose(mut self, label: &str) -> Self {
        let document = Html::parse_document(&self.text());
        let input = labelled(&document, label).unwrap_or_else(|| {
            panic!(
                "no choice «{label}» on {}:\n{}",
                self.url,
                self.visible_text()
            )
        });
        let name = input.attr("name").expect("a choice with a name").to_owned();
        let value = Typed::Text(input.attr("value").unwrap_or("on").to_owned());
        if input.attr("type") == Some("checkbox") {
            self.typed.entry(name).or_default().push(value);
        } else {
            self.typed.insert(name, vec![value]);
        }
        self
    }

    pub fn link(&self, words_wanted: &str) -> Option<Url> {
        let document = Html::parse_document(&self.text());
        let links = select("a[href]")?;
        let link = document
            .select(&links)
            .find(|a| words(*a).contains(words_wanted))?;
        self.url.join(link.attr("href")?).ok()
    }

    fn field(&self, label: &str) -> String {
        let document = Html::parse_document(&self.text());
        labelled(&document, label)
            .and_then(|input| input.attr("name"))
            .unwrap_or_else(|| {
                panic!(
                    "no field «{label}» on {}:\n{}",
                    self.url,
                    self.visible_text()
                )
            })
            .to_owned()
    }

    /// The fields that a form sends, with what was typed.
    fn fields_of(&self, form: ElementRef<'_>) -> Vec<(String, Typed)> {
        let mut fields = Vec::new();
        let mut sent: Vec<&str> = Vec::new();
        let controls = select("input[name], select[name], textarea[name]").expect("a selector");
        for control in form.select(&controls) {
            let name = control.attr("name").unwrap_or_default();
            if control.attr("disabled").is_some() {
                continue;
            }
            if let Some(typed) = self.typed.get(name) {
                if !sent.contains(&name) {
                    sent.push(name);
                    fields.extend(typed.iter().map(|value| (name.to_owned(), value.clone())));
                }
                continue;
            }
            if let Some(value) = default_value(control) {
                fields.push((name.to_owned(), value));
            }
        }
        fields
    }
}

/// What an untouched control sends; `None` when it sends nothing.
fn default_value(control: ElementRef<'_>) -> Option<Typed> {
    let text = |value: &str| Some(Typed::Text(value.to_owned()));
    match (
        control.value().name(),
        control.attr("type").unwrap_or("text"),
    ) {
        ("input", "submit" | "button" | "image" | "reset") => None,
        ("input", "radio" | "checkbox") => control
            .attr("checked")
            .and_then(|_| text(control.attr("value").unwrap_or("on"))),
        ("input", "file") => Some(Typed::File {
            name: String::new(),
            content: vec![],
        }),
        ("input", _) => text(control.attr("value").unwrap_or_default()),
        ("textarea", _) => text(&control.text().collect::<String>()),
        _ => {
            let options = select("option")?;
            let chosen = control
                .select(&options)
                .find(|o| o.attr("selected").is_some())
                .or_else(|| control.select(&options).next())?;
            let shown = words(chosen);
            text(chosen.attr("value").unwrap_or(&shown))
        }
    }
}

fn select(selector: &str) -> Option<Selector> {
    Selector::parse(selector).ok()
}

fn words(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect::<Vec<_>>().join(" ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn find_button<'a>(document: &'a Html, wanted: &str) -> Option<ElementRef<'a>> {
    let buttons = select("button, input[type=submit]")?;
    let shown = |b: &ElementRef<'a>| match b.attr("value") {
        Some(value) if b.value().name() == "input" => value.to_owned(),
        _ => words(*b),
    };
    let all: Vec<_> = document.select(&buttons).collect();
    let exact = all.iter().find(|b| shown(b) == wanted);
    exact
        .or_else(|| all.iter().find(|b| shown(b).contains(wanted)))
        .copied()
}

fn form_of<'a>(button: ElementRef<'a>, document: &'a Html) -> Option<ElementRef<'a>> {
    if let Some(id) = button.attr("form") {
        return document.select(&select(&format!("form#{id}"))?).next();
    }
    button
        .ancestors()
        .filter_map(ElementRef::wrap)
        .find(|e| e.value().name() == "form")
}

/// The control that a label with these words belongs to.
fn labelled<'a>(document: &'a Html, wanted: &str) -> Option<ElementRef<'a>> {
    let labels: Vec<_> = document.select(&select("label")?).collect();
    let exact = labels.iter().find(|l| words(**l) == wanted);
    let label = exact.or_else(|| labels.iter().find(|l| words(**l).contains(wanted)))?;
    match label.attr("for") {
        Some(id) => document.select(&select(&format!("[id=\"{id}\"]"))?).next(),
        None => label.select(&select("input, select, textarea")?).next(),
    }
}
