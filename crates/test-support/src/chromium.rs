//! A real Chromium, driven over WebDriver, with script on or off.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::json;
use tempfile::TempDir;

use crate::wait::{LIMIT, wait_until};

/// Whether pages may run their script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    On,
    Off,
}

/// One browser window; its processes end with [`Chromium::close`], or at the latest with it.
pub struct Chromium {
    pub client: Client,
    driver: Child,
    folder: TempDir,
}

impl Chromium {
    pub async fn start(script: Script) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (driver, port) = start_driver(folder.path());
        let downloads = folder.path().join("downloads");
        std::fs::create_dir(&downloads).expect("a temporary folder");
        let setting = if script == Script::On { 1 } else { 2 };
        let options = json!({
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic",
                "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--disable-dev-shm-usage", "--window-size=1280,3000",
                format!("--user-data-dir={}", folder.path().join("profile").display()),
            ],
            "prefs": {
                "profile.managed_default_content_settings.javascript": setting,
                "download.default_directory": downloads,
                "download.prompt_for_download": false,
                "plugins.always_open_pdf_externally": true,
            }
        });
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("goog:chromeOptions".into(), options);
        capabilities.insert("goog:loggingPrefs".into(), json!({ "browser": "ALL" }));
        let client = ClientBuilder::rustls()
            .expect("TLS roots")
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("Chromium starts: the packages chromium and chromium-driver are needed");
        Self {
            client,
            driver,
            folder,
        }
    }

    pub async fn open(&self, url: &str) {
        self.client.goto(url).await.expect("the page opens");
    }

    pub async fn url(&self) -> String {
        self.client.current_url().await.expect("an address").into()
    }

    /// Text of the page as it is shown.
    pub async fn text(&self) -> String {
        match self.client.find(Locator::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Waits until the page shows these words.
    pub async fn expect(&self, words: &str) {
        wait_until(&format!("the page shows «{words}»"), || async {
            let text = self.text().await;
            if text.contains(words) {
                Ok(())
            } else {
                Err(format!("{}\n{text}", self.url().await))
            }
        })
        .await;
    }

    /// Types into the field with this label.
    pub async fn fill(&self, label: &str, value: &str) {
        let input = self.labelled(label).await;
        // A file field cannot be cleared, and need not be.
        let _ = input.clear().await;
        input.send_keys(value).await.expect("the field takes text");
    }

    /// Clicks the radio button or box with this label.
    pub async fn choose(&self, label: &str) {
        self.act(&format!(
            "//label[contains(normalize-space(.), {})]",
            quoted(label)
        ))
        .await;
    }

    /// Presses the button with these words.
    pub async fn press(&self, words: &str) {
        self.act(&format!(
            "//button[contains(normalize-space(.), {})]",
            quoted(words)
        ))
        .await;
    }

    /// Follows the link with these words; a closed menu that holds it is opened first, as a person
    /// does.
    pub async fn click(&self, words: &str) {
        let path = format!("//a[contains(normalize-space(.), {})]", quoted(words));
        self.find(&path).await;
        let menu = format!("({path})[1]/ancestor::details[not(@open)]/summary");
        if let Ok(summary) = self.client.find(Locator::XPath(&menu)).await {
            summary.click().await.expect("the menu can be opened");
        }
        self.act(&path).await;
    }

    /// Clicks what the path finds. A page may be replaced between finding and clicking: then nothing
    /// was clicked, and a person would try again.
    async fn act(&self, path: &str) {
        wait_until(&format!("{path} can be clicked"), || async {
            self.find(path)
                .await
                .click()
                .await
                .map_err(|error| error.to_string())
        })
        .await;
    }

    /// The one file that was downloaded, complete.
    pub async fn downloaded(&self) -> Vec<u8> {
        let folder = self.folder.path().join("downloads");
        let (path, content) = wait_until("a file is downloaded", || async {
            let files: Vec<PathBuf> = std::fs::read_dir(&folder)
                .map_err(|e| e.to_string())?
                .filter_map(|entry| entry.ok().map(|e| e.path()))
                .collect();
            match &files[..] {
                [one] if is_whole(one) => {
                    // It may be renamed between the look and the reading: then it is looked for again.
                    let content = std::fs::read(one).map_err(|e| e.to_string())?;
                    Ok((one.clone(), content))
                }
                other => Err(format!("{other:?}")),
            }
        })
        .await;
        std::fs::remove_file(path).expect("the downloaded file can be removed");
        content
    }

    /// Saves what the window shows, for a person to look at.
    pub async fn screenshot(&self, path: &Path) {
        let png = self.client.screenshot().await.expect("a screenshot");
        std::fs::write(path, png).expect("a writable path");
    }

    pub async fn close(mut self) {
        self.client
            .clone()
            .close()
            .await
            .expect("the window closes");
        self.driver.kill().expect("the driver is ours");
        self.driver.wait().expect("the driver ends");
    }

    async fn labelled(&self, label: &str) -> Element {
        let path = format!("//label[contains(normalize-space(.), {})]", quoted(label));
        let element = self.find(&path).await;
        let id = element
            .attr("for")
            .await
            .expect("an answer")
            .expect("a label with for");
        self.find(&format!("//*[@id={}]", quoted(&id))).await
    }

    async fn find(&self, path: &str) -> Element {
        self.client
            .wait()
            .at_most(LIMIT)
            .every(Duration::from_millis(100))
            .for_element(Locator::XPath(path))
            .await
            .unwrap_or_else(|error| panic!("{path} is not on the page: {error}"))
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // The browser is a child of the driver and ends with it. Both may have ended already.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// A text as an XPath literal: our labels have apostrophes, never double quotes.
fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// Starts the driver on a free port and reads the port from what it prints.
fn start_driver(folder: &Path) -> (Child, u16) {
    let log = std::fs::File::create(folder.join("driver.log")).expect("a temporary file");
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        .env("HOME", folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .expect("chromedriver is needed: install the package chromium-driver");
    let output = driver.stdout.take().expect("a pipe");
    let mut lines = BufReader::new(output).lines();
    let port = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| {
            line.strip_prefix("ChromeDriver was started successfully on port ")?
                .trim_end_matches('.')
                .parse()
                .ok()
        })
        .expect("chromedriver says its port");
    // It goes on printing: somebody must read, or it would stop on a full pipe.
    std::thread::spawn(move || lines.for_each(drop));
    (driver, port)
}

/// Chromium begins with an empty file of the final name, and writes into one with a name of its own:
/// hidden, or ending in `crdownload`.
fn is_whole(path: &Path) -> bool {
    let hidden = path
        .file_name()
        .is_none_or(|name| name.to_string_lossy().starts_with('.'));
    !hidden
        && path.extension().is_none_or(|e| e != "crdownload")
        && path.metadata().is_ok_and(|m| m.len() > 0)
}
