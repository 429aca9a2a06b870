//! Look-ups and first pages of the lists, in a small archive and in a large one in turn.

use reqwest::Client;

use super::{GESTIONALE, Settings, avviso, generator};
use crate::processes::Core;
use crate::report::median;

const ADMIN: (&str, &str) = ("gpadmin", "Gpadmin-Password1");
const PORTALE: (&str, &str) = ("portale", "Portale-Password1");

type Who = (&'static str, &'static str);

/// Base path, caller, list, and what it is asked; `N` is the number of a paid pendenza of the archive,
/// `IUV` its IUV.
const LISTS: [(&str, Who, &str, &str); 9] = [
    (
        "/govpay/backend/api/pendenze/rs/basic/v2",
        GESTIONALE,
        "/pendenze",
        "- idDominio=12345678903 idPendenza=E-N idDebitore=VRD00000005H501U stato=NON_ESEGUITA \
         stato=SCADUTA stato=ESEGUITA stato=ANNULLATA stato=ANOMALA dataDa=OGGI dataA=IERI \
         idPagamento=sN direzione=Direzione%2050 divisione=Divisione%2050 mostraSpontaneiNonPagati=true",
    ),
    (
        "/govpay/frontend/api/pagamento/rs/basic/v2",
        PORTALE,
        "/pendenze",
        "- idDominio=12345678903 idA2A=GESTIONALE idPendenza=E-N idDebitore=VRD00000005H501U iuv=IUV \
         stato=NON_ESEGUITA stato=SCADUTA stato=ESEGUITA",
    ),
    (
        "/govpay/backend/api/backoffice/rs/basic/v1",
        ADMIN,
        "/pendenze",
        "- idDominio=12345678903 idA2A=GESTIONALE idPendenza=E-N idDebitore=VRD00000005H501U iuv=IUV \
         idTipoPendenza=TARI stato=NON_ESEGUITA stato=SCADUTA stato=ESEGUITA stato=ANNULLATA \
         stato=ANOMALA dataDa=OGGI dataA=IERI",
    ),
    (
        "/govpay/backend/api/pendenze/rs/basic/v2",
        GESTIONALE,
        "/rpp",
        "- idDominio=12345678903 iuv=IUV ccp=cN idPendenza=E-N idPagamento=sN esito=ESEGUITO \
         dataRptDa=OGGI dataRtDa=OGGI",
    ),
    (
        "/govpay/backend/api/backoffice/rs/basic/v1",
        ADMIN,
        "/rpp",
        "- idDominio=12345678903 idA2A=GESTIONALE iuv=IUV ccp=cN idPendenza=E-N idPagamento=sN \
         esito=ESEGUITO esito=NON_ESEGUITO esito=IN_CORSO esito=RIFIUTATO dataRptDa=OGGI dataRptA=IERI \
         dataRtDa=OGGI dataRtA=IERI",
    ),
    (
        "/govpay/backend/api/backoffice/rs/basic/v1",
        ADMIN,
        "/pagamenti",
        "- idDominio=12345678903 idA2A=GESTIONALE idPendenza=E-N iuv=IUV id=sN idSessionePortale=pN \
         idSessionePsp=nN stato=ESEGUITO stato=NON_ESEGUITO verificato=true dataDa=OGGI dataA=IERI",
    ),
    (
        "/govpay/backend/api/backoffice/rs/basic/v1",
        ADMIN,
        "/riscossioni",
        "- idDominio=12345678903 idA2A=GESTIONALE idPendenza=E-N iuv=IUV iur=RN stato=RISCOSSA \
         stato=INCASSATA tipo=ENTRATA tipo=MBT dataDa=OGGI dataA=IERI",
    ),
    (
        "/govpay/backend/api/backoffice/rs/basic/v1",
        ADMIN,
        "/eventi",
        "- idDominio=12345678903 idA2A=GESTIONALE idPendenza=E-N idPagamento=sN iuv=IUV ccp=cN esito=OK \
         esito=KO tipoEvento=nodoInviaRPT componente=API_PAGOPA categoriaEvento=INTERFACCIA \
         ruolo=CLIENT severitaDa=3 dataDa=OGGI dataA=IERI",
    ),
    (
        "/govpay/frontend/api/pagamento/rs/basic/v3",
        PORTALE,
        "/ricevute/12345678903/IUV",
        "- esito=ESEGUITO",
    ),
];

/// One question and its median latencies in either archive, in milliseconds.
pub struct Asked {
    path: String,
    small: f64,
    large: f64,
    lookup: bool,
}

impl Asked {
    pub fn growth(&self) -> f64 {
        self.large / self.small
    }

    /// The path after the part that is alike everywhere.
    pub fn name(&self) -> String {
        self.path.replace("/govpay/", "").replace("/rs/basic", "")
    }
}

pub struct Growths(Vec<Asked>);

impl Growths {
    fn of(&self, lookup: bool) -> impl Iterator<Item = &Asked> {
        self.0.iter().filter(move |asked| asked.lookup == lookup)
    }

    pub fn lookup(&self) -> f64 {
        self.of(true).map(Asked::growth).fold(0.0, f64::max)
    }

    pub fn median_list(&self) -> f64 {
        median(self.of(false).map(Asked::growth))
    }

    pub fn worst_list(&self) -> &Asked {
        let worst = self
            .of(false)
            .max_by(|a, b| a.growth().total_cmp(&b.growth()));
        worst.unwrap_or(&self.0[0])
    }
}

/// Asks everything in both archives, the small one first.
pub async fn run(http: &Client, cores: [&Core; 2], settings: &Settings) -> anyhow::Result<Growths> {
    let rows = [settings.small, settings.rows];
    let day =
        |ago: i64| (platform::clock::real_now() - chrono::TimeDelta::days(ago)).format("%Y-%m-%d");
    let (oggi, ieri) = (day(0).to_string(), day(1).to_string());
    let lookup = |path: &str| (GESTIONALE, format!("{}{path}", super::API), true);
    let mut questions = vec![
        lookup("/pendenze/GESTIONALE/E-N"),
        lookup("/pendenze/byAvviso/AVVISO"),
    ];
    for (base, who, list, asked) in LISTS {
        questions.extend(asked.split_whitespace().map(|query| {
            let query = query.trim_start_matches('-');
            (who, format!("{base}{list}?{query}"), false)
        }));
    }
    println!(
        "medians of {} in turn, ms         small    large   growth",
        settings.pairs
    );
    let mut all = vec![];
    for (who, path, lookup) in questions {
        let mut times = [vec![], vec![]];
        // The first two do not count: plans and pages.
        for pair in 0..settings.pairs + 2 {
            for (i, core) in cores.iter().enumerate() {
                // A paid pendenza of the first body, another one each time.
                let n = rows[i] / 2 / 10 * 10 + 10 * pair as u64;
                let avviso = avviso(n);
                let path = path
                    .replace("AVVISO", &avviso)
                    .replace("IUV", &avviso[13..])
                    .replace("OGGI", &oggi)
                    .replace("IERI", &ieri)
                    .replace("E-N", &format!("E-{n}"));
                let path = ["=s", "=p", "=n", "=c", "=R"]
                    .iter()
                    .fold(path, |path, key| {
                        path.replace(&format!("{key}N"), &format!("{key}{n}"))
                    });
                let url = format!("{}{path}", core.url);
                let request = http.get(url).basic_auth(who.0, Some(who.1));
                let time = generator::latency(request).await?;
                if pair >= 2 {
                    times[i].push(time);
                }
            }
        }
        let [small, large] = times.map(median);
        let asked = Asked {
            path,
            small,
            large,
            lookup,
        };
        println!(
            "{:<64} {small:>8.2} {large:>8.2} {:>8.2}",
            asked.name(),
            asked.growth()
        );
        all.push(asked);
    }
    Ok(Growths(all))
}
