//! What the handlers share, and the people who may come in.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use govpay_api::{Api, GovpayClient};
use platform::{Clock, Peers, Settings};
use tenant::Tenant;
use web::login::LoginThrottle;
use web::sse::Hub;

use crate::db::Db;
use crate::filtri::Visibili;
use crate::salute::Salute;

/// In the app's data; clones are the same.
#[derive(Clone)]
pub struct App {
    pub db: Db,
    pub clock: Clock,
    /// The core's Backoffice, as the administrator of the tenant: what an operator may see of its
    /// answers is decided here.
    pub core: GovpayClient,
    pub tenant: Arc<Tenant>,
    pub peers: Peers,
    pub hub: Hub,
    pub throttle: Arc<LoginThrottle>,
    pub operatori: Arc<Vec<Operatore>>,
    pub salute: Salute,
    /// The demo tenant: its credentials are public and shown.
    pub demo: bool,
    /// Whether the projection was found full, or filled, since the start.
    pub riempita: Arc<AtomicBool>,
}

/// Who uses the console.
#[derive(Clone)]
pub struct Operatore {
    pub principal: String,
    pub nome: String,
    /// Plain or argon2; see [`web::login::verify_password`].
    pub password: String,
    pub visibili: Visibili,
    pub amministratore: bool,
}

/// The people of the tenant; of an empty archive, the administrator of the settings.
pub fn operatori(tenant: &Tenant, settings: &Settings) -> Vec<Operatore> {
    let of_tenant = tenant.operatori.iter().map(|o| Operatore {
        principal: o.principal.clone(),
        nome: o.nome.clone(),
        password: o.password.reveal().to_owned(),
        visibili: Visibili::new(&o.domini),
        amministratore: o.amministratore,
    });
    let mut all: Vec<Operatore> = of_tenant.collect();
    if let (true, Some(user), Some(password)) = (
        all.is_empty(),
        &settings.admin_user,
        &settings.admin_password,
    ) {
        all.push(Operatore {
            principal: user.clone(),
            nome: user.clone(),
            password: password.clone(),
            visibili: Visibili::Tutti,
            amministratore: true,
        });
    }
    all
}

/// Reads answer from the core's own store; a page must not wait longer.
const CORE_TIMEOUT: Duration = Duration::from_secs(8);

/// The client of the core's Backoffice. Without an administrator it has no credentials, and the core
/// says so.
pub fn core_client(base: &str, operatori: &[Operatore]) -> anyhow::Result<GovpayClient> {
    let admin = operatori
        .iter()
        .find(|o| o.amministratore && o.visibili == Visibili::Tutti);
    let (user, password) = admin.map_or(("", ""), |o| (&o.principal, &o.password));
    let http = platform::http::client(CORE_TIMEOUT)?;
    let client = GovpayClient::new(http, base, Api::Backoffice, user, password)?;
    Ok(client.with_traceparent(platform::telemetry::current_traceparent))
}

impl App {
    pub fn operatore(&self, principal: &str) -> Option<&Operatore> {
        self.operatori.iter().find(|o| o.principal == principal)
    }

    /// Name of a body, or its id when the tenant does not know it.
    pub fn ente<'a>(&'a self, id_dominio: &'a str) -> &'a str {
        self.tenant
            .dominio(id_dominio)
            .map_or(id_dominio, |d| d.ragione_sociale.as_str())
    }

    /// Name of a PSP, or its id when the tenant does not know it.
    pub fn psp<'a>(&'a self, id_psp: &'a str) -> &'a str {
        let psp = self.tenant.psp.iter().find(|psp| psp.id == id_psp);
        psp.map_or(id_psp, |psp| psp.denominazione.as_str())
    }

    /// The bodies of the tenant that the operator sees: id and name.
    pub fn domini(&self, visibili: &Visibili) -> Vec<(String, String)> {
        let domini = self
            .tenant
            .domini
            .iter()
            .filter(|d| visibili.sees(d.id.as_str()));
        domini
            .map(|d| (d.id.to_string(), d.ragione_sociale.clone()))
            .collect()
    }

    /// Tells the open pages that something changed: the lists of whoever sees that body (nobody's
    /// when `None`: of whoever sees all), and the page of the pendenza.
    pub fn wake(&self, id_dominio: Option<&str>, pendenza: Option<(&str, &str)>) {
        for operatore in self
            .operatori
            .iter()
            .filter(|o| o.visibili.sees_maybe(id_dominio))
        {
            self.hub.publish(
                &lists_topic(&operatore.principal),
                web::sse::Event::stato(""),
            );
        }
        if let Some((id_a2a, id_pendenza)) = pendenza {
            self.hub.publish(
                &pendenza_topic(id_a2a, id_pendenza),
                web::sse::Event::stato(""),
            );
        }
    }
}

/// Topic of the lists of one operator.
pub fn lists_topic(principal: &str) -> String {
    format!("elenchi/{principal}")
}

/// Topic of the page of one pendenza.
pub fn pendenza_topic(id_a2a: &str, id_pendenza: &str) -> String {
    format!("pendenze/{id_a2a}/{id_pendenza}")
}
