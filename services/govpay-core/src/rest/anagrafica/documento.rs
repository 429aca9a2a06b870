//! The anagrafica in the OpenAPI document: what `routes` serves, with the types that judge and answer.
//! All resources have the same four operations, hence one description of them.

use actix_web::dev::{AppService, HttpServiceFactory};
use govpay_api::anagrafica as a;
use govpay_api::{Applicazione, Fault, PatchOp};
use utoipa::ToSchema;
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathItem, Paths,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{
    AnyOfBuilder, ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type,
};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, ResponseBuilder};
use utoipa_actix_web::OpenApiFactory;

use crate::rest::BACKOFFICE;

const TAG: &str = "API Backoffice v1: anagrafica";

/// Put among the documented services, it describes and serves nothing.
pub struct Documento;

impl HttpServiceFactory for Documento {
    fn register(self, _: &mut AppService) {}
}

impl OpenApiFactory for Documento {
    fn paths(&self) -> Paths {
        scrivi().paths
    }

    fn schemas(&self, schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.extend(scrivi().schemas);
    }
}

#[derive(Default)]
struct Scritto {
    paths: Paths,
    schemas: Vec<(String, RefOr<Schema>)>,
}

fn scrivi() -> Scritto {
    let mut d = Scritto::default();
    let di_dominio = |of: &str| format!("/domini/{{idDominio}}/{of}");
    d.risorsa::<a::NuovoIntermediario, a::Intermediario, a::IntermediarioElenco>(
        "/intermediari",
        "idIntermediario",
    );
    d.risorsa::<a::NuovaStazione, a::Stazione, a::StazioneElenco>(
        "/intermediari/{idIntermediario}/stazioni",
        "idStazione",
    );
    d.risorsa::<a::NuovoDominio, a::DominioDettaglio, a::DominioElenco>("/domini", "idDominio");
    d.risorsa::<a::NuovaUnitaOperativa, a::UnitaOperativa, a::UnitaOperativa>(
        &di_dominio("unitaOperative"),
        "idUnitaOperativa",
    );
    d.risorsa::<a::NuovoContoAccredito, a::ContoAccredito, a::ContoAccredito>(
        &di_dominio("contiAccredito"),
        "ibanAccredito",
    );
    d.risorsa::<a::NuovaEntrata, a::EntrataDominio, a::EntrataDominio>(
        &di_dominio("entrate"),
        "idEntrata",
    );
    d.risorsa::<a::NuovoTipoPendenzaDominio, a::TipoPendenzaDominio, a::TipoPendenzaDominio>(
        &di_dominio("tipiPendenza"),
        "idTipoPendenza",
    );
    d.risorsa::<a::NuovoTipoEntrata, a::TipoEntrata, a::TipoEntrata>("/entrate", "idEntrata");
    d.risorsa::<a::NuovoTipoPendenza, a::TipoPendenzaDettaglio, a::TipoPendenzaDettaglio>(
        "/tipiPendenza",
        "idTipoPendenza",
    );
    d.risorsa::<a::NuovaApplicazione, a::ApplicazioneDettaglio, Applicazione>(
        "/applicazioni",
        "idA2A",
    );
    d.risorsa::<a::NuovoOperatore, a::OperatoreDettaglio, a::OperatoreElenco>(
        "/operatori",
        "principal",
    );
    d.risorsa::<a::NuovoRuolo, a::Ruolo, a::Ruolo>("/ruoli", "idRuolo");
    d.modifica::<a::ApplicazioneDettaglio>("/applicazioni/{idA2A}");
    d.modifica::<a::OperatoreDettaglio>("/operatori/{principal}");
    d.modifica::<a::Ruolo>("/ruoli/{idRuolo}");
    d.modifica::<a::Configurazione>("/configurazioni");
    let leggi = d.operazione("/configurazioni", &[]);
    let letta = d.json::<a::Configurazione>("");
    d.metti(
        "/configurazioni",
        HttpMethod::Get,
        leggi.response("200", letta),
    );
    let scrivi = d.operazione("/configurazioni", &[]);
    let body = d.corpo::<a::Configurazione>();
    let scritta = ResponseBuilder::new().description("Scritta");
    let scrivi = scrivi.request_body(Some(body)).response("200", scritta);
    d.metti("/configurazioni", HttpMethod::Post, scrivi);
    d.nominato::<Fault>();
    d
}

impl Scritto {
    /// The type under its name, with those that it refers to.
    fn nominato<T: ToSchema>(&mut self) -> Ref {
        let name = T::name().into_owned();
        if !self.schemas.iter().any(|(known, _)| *known == name) {
            self.schemas.push((name.clone(), T::schema()));
            T::schemas(&mut self.schemas);
        }
        Ref::from_schema_name(name)
    }

    fn json<T: ToSchema>(&mut self, description: &str) -> ResponseBuilder {
        let schema = self.nominato::<T>();
        let content = ContentBuilder::new().schema(Some(schema)).build();
        ResponseBuilder::new()
            .description(description)
            .content("application/json", content)
    }

    fn corpo<T: ToSchema>(&mut self) -> utoipa::openapi::request_body::RequestBody {
        let schema = self.nominato::<T>();
        let content = ContentBuilder::new().schema(Some(schema)).build();
        RequestBodyBuilder::new()
            .content("application/json", content)
            .required(Some(Required::True))
            .build()
    }

    /// An operation with the parameters of its path, those named, and the faults that all have.
    fn operazione(&mut self, path: &str, query: &[(&str, Type)]) -> OperationBuilder {
        let parameter = |name: &str, place: ParameterIn, required: Required, kind: Type| {
            let schema = ObjectBuilder::new().schema_type(SchemaType::new(kind));
            let schema = match name {
                "pagina" => schema.minimum(Some(1)),
                "risultatiPerPagina" => schema.minimum(Some(1)).maximum(Some(5000)),
                _ => schema,
            };
            ParameterBuilder::new()
                .name(name)
                .parameter_in(place)
                .required(required)
                .schema(Some(schema))
                .build()
        };
        let names = path.split('/').filter_map(|part| {
            part.strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'))
        });
        let mut operation = OperationBuilder::new().tag(TAG);
        for name in names {
            let found = parameter(name, ParameterIn::Path, Required::True, Type::String);
            operation = operation.parameter(found);
        }
        for (name, kind) in query {
            let found = parameter(name, ParameterIn::Query, Required::False, kind.clone());
            operation = operation.parameter(found);
        }
        operation.response("4XX", self.json::<Fault>(""))
    }

    fn metti(&mut self, path: &str, method: HttpMethod, operation: OperationBuilder) {
        let path = format!("{}{path}", BACKOFFICE[0].replace("{auth}", "basic"));
        let item = PathItem::new(method, operation.build());
        match self.paths.paths.get_mut(&path) {
            Some(known) => known.merge_operations(item),
            None => {
                self.paths.paths.insert(path, item);
            }
        }
    }

    /// PUT and GET of one, GET of the list.
    fn risorsa<Nuova: ToSchema, Letta: ToSchema, Riga: ToSchema>(&mut self, list: &str, key: &str) {
        let path = format!("{list}/{{{key}}}");
        let body = self.corpo::<Nuova>();
        let risposta = |text: &str| ResponseBuilder::new().description(text);
        let put = self
            .operazione(&path, &[])
            .request_body(Some(body))
            .response("200", risposta("Aggiornata"))
            .response("201", risposta("Creata"));
        self.metti(&path, HttpMethod::Put, put);
        let letta = self.json::<Letta>("");
        let get = self.operazione(&path, &[]).response("200", letta);
        self.metti(&path, HttpMethod::Get, get);
        let query = [
            ("pagina", Type::Integer),
            ("risultatiPerPagina", Type::Integer),
            ("ordinamento", Type::String),
            ("campi", Type::String),
            ("abilitato", Type::Boolean),
            ("metadatiPaginazione", Type::Boolean),
        ];
        let scelti = ObjectBuilder::new().description(Some("Con `campi`: quelli richiesti"));
        let righe = AnyOfBuilder::new()
            .item(self.nominato::<Riga>())
            .item(scelti);
        let numero = || ObjectBuilder::new().schema_type(SchemaType::new(Type::Integer));
        let lista = ObjectBuilder::new()
            .property("numRisultati", numero())
            .property("numPagine", numero())
            .property("risultatiPerPagina", numero())
            .property("pagina", numero())
            .property(
                "prossimiRisultati",
                ObjectBuilder::new().schema_type(SchemaType::new(Type::String)),
            )
            .property("risultati", ArrayBuilder::new().items(righe))
            .required("risultati");
        let content = ContentBuilder::new().schema(Some(lista)).build();
        let elenco = risposta("Una pagina").content("application/json", content);
        let operation = self.operazione(list, &query).response("200", elenco);
        self.metti(list, HttpMethod::Get, operation);
    }

    fn modifica<Letta: ToSchema>(&mut self, path: &str) {
        let ops = self.nominato::<PatchOp>();
        let content = ContentBuilder::new()
            .schema(Some(ArrayBuilder::new().items(ops)))
            .build();
        let body = RequestBodyBuilder::new()
            .content("application/json-patch+json", content)
            .required(Some(Required::True))
            .build();
        let letta = self.json::<Letta>("");
        let operation = self.operazione(path, &[]).request_body(Some(body));
        self.metti(path, HttpMethod::Patch, operation.response("200", letta));
    }
}
