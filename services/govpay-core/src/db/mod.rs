//! The store of the service: one file per noun, compiled once per backend.

#[macro_use]
mod conta;
mod pg;
mod sqlite;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use domain::rpt::Origine;
use platform::Store;
use platform::store::Migrations;

use crate::anagrafica::{
    ApplicazioneRow, OperatoreRow, RigaConto, RigaDominio, RigaEntrata, RigaIntermediario,
    RigaRuolo, RigaStazione, RigaTipoEntrata, RigaTipoPendenza, RigaTipoPendenzaDominio,
    RigaUnitaOperativa, Semina,
};
use crate::archivio::{
    ElencoPendenze, ElencoRicevute, PendenzaPagata, RicevutaIntera, TentativoIntero,
};
use crate::blocco::{Blocco, Esito};
use crate::elenco::{Fetta, Taglio};
use crate::giornale::{Evento, EventoRow, FiltroEventi};
use crate::notifica::{ElencoNotifiche, NotificaRow, Spedizione};
use crate::pendenza::{
    AllegatoRow, DominioRow, EsitoOrdine, ModificaPendenza, Ordine, PendenzaConTentativi,
    PendenzaConVoci, PendenzaRow, Rifiuto as RifiutoPendenza,
};
use crate::posizione::{EnteRow, IntermediarioRow, Posizione, PosizioneRow, Stazione};
use crate::ricevuta::RtInArrivo;
use crate::riscossione::{ElencoRiscossioni, FiltroRiscossioni, Gruppo, Riscossa, Somma};
use crate::tentativo::{
    Acquisizione, Apertura, Attivazione, AttivazioneUnico, AttivazioneV1, AttivazioneV2,
    EsitoInvio, FiltroPagamenti, FiltroRpt, NuovaSessione, OrfanaRow, PagamentoRow, Rifiuto,
    RptRow, Sessione, Visibili,
};

const PG: EmbeddedMigrations = embed_migrations!("migrations/pg");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

pub fn migrations() -> Migrations {
    Migrations {
        pg: PG,
        sqlite: SQLITE,
    }
}

/// The store of this service; its methods are the query functions of this folder.
#[derive(Clone)]
pub struct Db(pub Store);

// Bodies and callers.
platform::facade!(Db {
    anagrafica::semina(semina: Semina) -> bool;
    anagrafica::is_empty() -> bool;
    utenze::find_applicazione(principal: String) -> Option<ApplicazioneRow>;
    utenze::find_applicazione_a2a(id_a2a: String) -> Option<ApplicazioneRow>;
    utenze::find_operatore(principal: String) -> Option<OperatoreRow>;
    utenze::find_applicazione_con_ruoli(principal: String) -> Option<(ApplicazioneRow, Vec<RigaRuolo>)>;
    utenze::find_operatore_con_ruoli(principal: String) -> Option<(OperatoreRow, Vec<RigaRuolo>)>;
    utenze::ruoli_di(nomi: Vec<String>) -> Vec<RigaRuolo>;
    utenze::list_applicazioni() -> Vec<ApplicazioneRow>;
    utenze::list_operatori() -> Vec<OperatoreRow>;
    utenze::list_ruoli() -> Vec<RigaRuolo>;
    utenze::put_applicazione(row: ApplicazioneRow) -> Option<bool>;
    utenze::put_operatore(row: OperatoreRow) -> Option<bool>;
    utenze::put_ruolo(row: RigaRuolo) -> bool;
    configurazioni::list_configurazioni() -> Vec<(String, String)>;
    configurazioni::put_configurazioni(sezioni: Vec<(String, String)>) -> ();
    creditori::list_domini(visibili: Visibili) -> Vec<RigaDominio>;
    creditori::list_enti(visibili: Visibili) -> Vec<DominioRow>;
    creditori::put_intermediario(row: RigaIntermediario) -> bool;
    creditori::find_intermediario(key: String) -> Option<RigaIntermediario>;
    creditori::list_intermediari() -> Vec<RigaIntermediario>;
    creditori::put_stazione(row: RigaStazione) -> bool;
    creditori::find_stazione(key: String) -> Option<RigaStazione>;
    creditori::list_stazioni() -> Vec<RigaStazione>;
    creditori::put_dominio(row: RigaDominio) -> bool;
    creditori::find_dominio(key: String) -> Option<RigaDominio>;
    creditori::put_tipo_entrata(row: RigaTipoEntrata) -> bool;
    creditori::find_tipo_entrata(key: String) -> Option<RigaTipoEntrata>;
    creditori::list_tipi_entrata() -> Vec<RigaTipoEntrata>;
    creditori::put_tipo_pendenza(row: RigaTipoPendenza) -> bool;
    creditori::find_tipo_pendenza(key: String) -> Option<RigaTipoPendenza>;
    creditori::list_tipi_pendenza() -> Vec<RigaTipoPendenza>;
    creditori::put_unita(row: RigaUnitaOperativa) -> bool;
    creditori::find_unita(id_dominio: String, key: String) -> Option<RigaUnitaOperativa>;
    creditori::list_unita(id_dominio: String) -> Vec<RigaUnitaOperativa>;
    creditori::put_conto(row: RigaConto) -> bool;
    creditori::find_conto(id_dominio: String, key: String) -> Option<RigaConto>;
    creditori::list_conti(id_dominio: String) -> Vec<RigaConto>;
    creditori::put_entrata(row: RigaEntrata) -> bool;
    creditori::find_entrata(id_dominio: String, key: String) -> Option<RigaEntrata>;
    creditori::list_entrate(id_dominio: String) -> Vec<RigaEntrata>;
    creditori::put_tipo_pendenza_dominio(row: RigaTipoPendenzaDominio) -> bool;
    creditori::find_tipo_pendenza_dominio(id_dominio: String, key: String) -> Option<RigaTipoPendenzaDominio>;
    creditori::list_tipi_pendenza_dominio(id_dominio: String) -> Vec<RigaTipoPendenzaDominio>;
});

// Who is logged in.
platform::facade!(Db {
    accessi::insert_accesso(id: String, principal: String, real_now: NaiveDateTime) -> ();
    accessi::touch_accesso(id: String, idle_since: NaiveDateTime, born_since: NaiveDateTime, real_now: NaiveDateTime) -> Option<String>;
    accessi::delete_accesso(id: String) -> ();
    accessi::purge_accessi(idle_since: NaiveDateTime) -> usize;
    accessi::set_password(principal: String, hash: String) -> ();
    accessi::principal_di_certificati() -> Vec<String>;
});

// Pendenze.
platform::facade!(Db {
    blocchi::esegui_blocco(blocco: Blocco, prova: bool) -> Vec<Esito>;
    ordini::put_pendenza(ordine: Ordine) -> EsitoOrdine;
    pendenze::pendenza_by_key(id_a2a: String, id_pendenza: String) -> Option<PendenzaConVoci>;
    pendenze::pendenza_by_avviso(id_dominio: String, numero_avviso: String) -> Option<PendenzaConVoci>;
    pendenze::dettaglio_by_key(id_a2a: String, id_pendenza: String) -> Option<PendenzaConTentativi>;
    pendenze::dettaglio_by_avviso(id_dominio: String, numero_avviso: String) -> Option<PendenzaConTentativi>;
    pendenze::modifica_pendenza(id: i64, modifica: ModificaPendenza, now: DateTime<Utc>) -> Result<PendenzaConVoci, RifiutoPendenza>;
    pendenze::pendenze_del_documento(id_a2a: String, id_dominio: String, id_documento: String, limit: i64) -> Vec<PendenzaConVoci>;
    pendenze::find_allegato(id: i64) -> Option<(AllegatoRow, [String; 3])>;
});

// Payments.
platform::facade!(Db {
    posizioni::posizione_by_iuv(id_dominio: String, iuv: String) -> Option<Posizione>;
    posizioni::posizione_by_avviso(id_dominio: String, numero_avviso: String) -> Option<Posizione>;
    posizioni::posizione_by_key(id_a2a: String, id_pendenza: String) -> Option<Posizione>;
    posizioni::load(id: i64) -> Posizione;
    posizioni::stazione_pagopa(id_stazione: String) -> Option<Stazione>;
    posizioni::intermediario_pagopa(id: String) -> Option<IntermediarioRow>;
    posizioni::ente_pagopa(id_dominio: String) -> Option<EnteRow>;
    pagamenti::apri_pagamento(new: NuovaSessione) -> Apertura;
    pagamenti::esito_invio(id: String, esito: EsitoInvio, now: DateTime<Utc>) -> Sessione;
    pagamenti::ritorno_dal_psp(id_sessione: String, esito: String, now: DateTime<Utc>) -> Option<PagamentoRow>;
    pagamenti::find_pagamento(id: String) -> Option<Sessione>;
    pagamenti::find_pagamento_by_sessione(id: String) -> Option<Sessione>;
    sessioni::list_pagamenti(filtro: FiltroPagamenti, taglio: Taglio) -> Fetta<PagamentoRow>;
    attivazioni::attiva_v1(new: AttivazioneV1) -> Attivazione;
    attivazioni::attiva_v2(new: AttivazioneV2) -> AttivazioneUnico;
    rpt::ostacolo_pagamento(pendenza: i64, verificata: bool, new: Origine, now: DateTime<Utc>) -> Option<Rifiuto>;
    rpt::esito_attivata(id: i64, esito: EsitoInvio, now: DateTime<Utc>) -> ();
    rpt::claim_rpt(only: Option<i64>, lease: TimeDelta, now: DateTime<Utc>) -> Option<RptRow>;
    rpt::scadi_rpt(now: DateTime<Utc>) -> usize;
    rpt::find_rpt(id_dominio: String, iuv: String, ccp: String) -> Option<RptRow>;
    rpt::rpt_of_pendenza(pendenza: i64) -> Vec<RptRow>;
    rpp::list_rpt(filtro: FiltroRpt, taglio: Taglio) -> Fetta<(RptRow, PosizioneRow, EnteRow)>;
    rt::acquisisci_rt(rt: RtInArrivo) -> Acquisizione;
    rt::list_orfane(limit: i64) -> Vec<OrfanaRow>;
    notifiche::notifiche_dovute(now: DateTime<Utc>, real_now: DateTime<Utc>) -> Vec<String>;
    notifiche::claim_notifica(id_a2a: String, lease: TimeDelta, now: DateTime<Utc>, real_now: DateTime<Utc>) -> Option<NotificaRow>;
    notifiche::esito_notifica(taken: NotificaRow, esito: Spedizione, now: DateTime<Utc>) -> ();
    notifiche::rinvia_notifica(id: i64, now: DateTime<Utc>) -> Option<NotificaRow>;
    notifiche::find_notifica(id: i64) -> Option<NotificaRow>;
    notifiche::list_notifiche(elenco: ElencoNotifiche) -> Fetta<NotificaRow>;
    eventi::insert_evento(evento: Evento) -> ();
    eventi::list_eventi(filtro: FiltroEventi, taglio: Taglio) -> Fetta<EventoRow>;
    eventi::find_evento(id: i64) -> Option<EventoRow>;
});

// The archive of money, read.
platform::facade!(Db {
    archivio::elenco_pendenze(elenco: ElencoPendenze) -> Fetta<(PendenzaRow, DominioRow)>;
    archivio::tipi_visibili(visibili: Visibili) -> Vec<(String, String)>;
    ricevute::list_ricevute(elenco: ElencoRicevute) -> Fetta<(RptRow, Option<String>)>;
    ricevute::find_ricevuta(key: [String; 3]) -> Option<RicevutaIntera>;
    ricevute::tentativo_intero(id: i64) -> TentativoIntero;
    ricevute::pendenza_pagata(pendenza: PendenzaConVoci) -> PendenzaPagata;
    riscossioni::list_riscossioni(elenco: ElencoRiscossioni) -> Fetta<Riscossa>;
    riscossioni::find_riscossione(key: [String; 3], indice: i32) -> Option<Riscossa>;
    riscossioni::somma_riscossioni(filtro: FiltroRiscossioni, gruppi: Vec<Gruppo>, taglio: Taglio) -> Fetta<Somma>;
    rpt::set_bloccante(id: i64, bloccante: bool, now: DateTime<Utc>) -> ();
    sessioni::set_verificato(id: String, verificato: bool, now: DateTime<Utc>) -> ();
});
