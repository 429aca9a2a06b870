# Testi delle pagine del Loader.
sito-descrizione = Caricamento massivo delle pendenze
cruscotto = Cruscotto
operazioni = Operazioni
tracciati = Tracciati
accesso = Accesso
nome-utente = Nome utente
password = Password
credenziali-errate = Nome utente o password non corretti. Controlla maiuscole e riprova.
accessi-demo = Accessi di prova
accessi-demo-testo = Questo è l'ambiente dimostrativo: puoi entrare con uno di questi nomi.
da-validare = Da validare
da-caricare = Da caricare
con-errori = Con errori
con-errori-oggi = Con errori oggi
caricati = Caricati
caricati-oggi = Caricati oggi
aggiungi-tracciato = Aggiungi un tracciato
scarica-esempio = Scarica un tracciato di esempio
ultimi-tracciati = Ultimi tracciati
procedure-a-tempo = Procedure a tempo
prossima-validazione = Prossima validazione
prossimo-caricamento = Prossimo caricamento
tra-secondi = { $n ->
    [0] adesso
    [one] tra un secondo
   *[other] tra { $n } secondi
}
al-lavoro = al lavoro
file = File
caricato-il = Caricato il
stato = Stato
righe = Righe
operatore = Operatore
ente-creditore = Ente creditore
elaborate = Elaborate
in-errore = In errore
n-enti = { $n } enti
nome-del-file = Nome del file
caricati-dal = Caricati dal
caricati-al = Caricati fino al
filtra = Filtra
togli-filtri = Togli i filtri
tutti-gli-stati = Tutti gli stati
tutti-gli-enti = Tutti gli enti
data-non-valida = Scegli una data del calendario.
elenco-vuoto = Qui vedrai i tracciati caricati. Comincia dal primo, oppure scarica un file di esempio.
ricerca-vuota = La ricerca non ha trovato tracciati. Togli un filtro o cerca per data.
letto-alle = Dati letti il
aggiorna = Aggiorna
nuovo-tracciato = Nuovo tracciato
file-csv = File CSV
file-aiuto = Un file CSV con le pendenze, al massimo { $n } MiB.
opzioni-lettura = Altre scelte (di solito non servono): lettura del file, righe errate, prova
codifica = Codifica dei caratteri
separatore = Separatore delle colonne
riconosci = Riconosci dal file
virgola = Virgola
punto-e-virgola = Punto e virgola
tabulazione = Tabulazione
barra = Barra verticale
salva = Salva
annulla = Annulla
cosa-succede-dopo = Che cosa succede dopo
cosa-succede-dopo-testo = Il file viene controllato per intero. Se è tutto a posto le pendenze vengono caricate in GovPay e diventano pagabili; se c'è anche un solo errore non viene caricato nulla, a meno che tu non scelga di caricare le righe buone, e trovi qui riga, colonna e rimedio. Con «Anteprima» vedi prima che cosa si legge.
tracciato-caricato = Il file { $file } è stato caricato ed è nello stato «Nuovo»: tra poco verrà validato.
file-manca = Scegli un file CSV da caricare.
file-non-csv = Il nome del file deve finire con .csv o .json.
file-non-piu = Il file non è più disponibile: caricalo di nuovo.
mappa-non-piu = Questo formato non c'è più, oppure non puoi usarlo: scegline un altro.
rifiuto-non-json = Il file non è un tracciato JSON: deve cominciare con una parentesi graffa.
rifiuto-vuoto = Il file è vuoto. Scegline uno con l'intestazione e almeno una riga.
rifiuto-solo-intestazione = Il file contiene solo l'intestazione. Aggiungi almeno una riga.
rifiuto-troppo-grande = Il file supera { $n } MiB. Dividilo in più tracciati.
rifiuto-troppe-righe = Il file ha { $trovate } righe di testo, intestazione compresa: il massimo è { $n }. Dividilo in più tracciati.
rifiuto-troppi-elementi = Il file ha { $trovate } elementi fra inserimenti e annullamenti: il massimo è { $n }. Dividilo in più tracciati.
rifiuto-foglio = Il file sembra un foglio Excel o un archivio ZIP. Esportalo come CSV e riprova.
rifiuto-non-testo = Il file non è un CSV: contiene byte che non sono testo, oppure è una pagina HTML o XML. Esportalo come CSV e riprova.
rifiuto-utf16 = Il file è in UTF-16. Salvalo come «CSV UTF-8» e riprova.
rifiuto-non-utf8 = Alcuni caratteri non sono UTF-8 (riga { $n }). Scegli «Windows-1252» o salva il file in UTF-8.
gia-caricato = Hai già caricato questo file
gia-caricato-testo = Lo stesso contenuto è già nel tracciato { $n }, con il nome { $file }.
gia-caricato-scelta = Caricarlo di nuovo aggiorna le stesse pendenze: non ne crea di doppie.
apri-quello = Apri quello
carica-comunque = Carica comunque
tracciato-sconosciuto-titolo = Questo tracciato non c'è
tracciato-sconosciuto-testo = L'indirizzo è sbagliato, oppure il tracciato è di un altro ente.
torna-elenco = Torna all'elenco
torna-tracciato = Torna al tracciato
tracciato-originale = Tracciato Originale
tracciato-elaborato = Tracciato Elaborato
errori-csv = Errori (CSV)
per-excel = Se apri il file con Excel:
per-excel-link = scarica l'elaborato con l'indicazione della codifica
elaborato-non-pronto-titolo = Il Tracciato Elaborato non è ancora pronto
elaborato-non-pronto = Il Tracciato Elaborato sarà disponibile alla fine del caricamento.
riepilogo = Riepilogo
righe-del-file = Righe del file
tutte = Tutte
riuscite = Riuscite
rifiutate = Rifiutate
nessuna-riga = Nessuna riga da mostrare.
riga = Riga
operazione = Operazione
pendenza = Pendenza
numero-avviso = Numero avviso
importo = Importo
esito = Esito
inserimento = Inserimento
annullamento = Annullamento
non-valida = Non valida
in-attesa = In attesa
errori-titolo = { $n ->
    [one] Un errore da correggere
   *[other] { $n } errori da correggere
}
errori-primi-cento = Qui ci sono i primi cento: nel file «Errori (CSV)» li trovi tutti.
errori-didascalia = Errori trovati nel file
avvisi-titolo = { $n ->
    [one] Un avviso
   *[other] { $n } avvisi
}
avvisi-didascalia = Avvisi: non impediscono il caricamento
colonna = Colonna
valore = Valore
problema = Problema
come-correggere = Come correggere
effetto = Che cosa facciamo
carica-corretto = Carica il file corretto
identificativo = Identificativo
dimensione = Dimensione
n-byte = { $n } byte
formato = Formato
formato-add-del = GovPay 2.x (righe ADD e DEL)
formato-standard = Standard a 87 colonne
formato-json = JSON (pendenze e annullamenti)
formato-ignoto = Non ancora riconosciuto
valide = Valide
caricate = Caricate
importo-totale = Importo totale
impronta = Impronta SHA-256
storia = Storia
passo-ricevuto = File ricevuto
passo-validazione = Validazione
passo-caricamento = Caricamento delle pendenze
durata = durata { $s } s
avanzamento = { $fatte } di { $tutte } righe
esiti-non-conservati = Il tracciato è stato caricato con una versione precedente, di cui non si conservano gli esiti delle righe.
formati = Formati
anteprima = Anteprima
anteprima-testo = Non è ancora stato caricato niente: controlla come è stato letto il file, correggi se serve e salva.
anteprima-ripetute = { $n ->
    [one] Una chiave compare in più righe: la validazione dirà quali.
   *[other] { $n } chiavi compaiono in più righe: la validazione dirà quali.
}
come-letto = Come è stato letto
correggi-lettura = Correggi la lettura
aggiorna-anteprima = Aggiorna anteprima
intestazione = Intestazione
senza-intestazione = Nessuna: le colonne si leggono per posizione
almeno = almeno { $n }
avvisi-trovati = Avvisi
enti = Enti
prime-righe = Prime righe
file-scartato = Il file è stato scartato.
decimali = Separatore dei decimali
decimali-riconosci = Riconosci da ogni importo
punto = Punto
forma-delle-date = Forma delle date
date-riconosci = 2030-12-31 oppure 31/12/2030
formato-delle-colonne = Formato delle colonne
formato-di-sempre = Standard o 2.x
se-ci-sono-errori = Se ci sono righe errate
politica-tutto-o-niente = Non caricare niente
politica-riga-per-riga = Carica le righe buone
solo-prova = Solo prova
solo-prova-aiuto = Controlla il file e non carica niente.
importi-e-date = Importi e date
formato-proprio = Colonne proprie dell'ente
copia-corretta = Copia corretta
corretto-non-pronto = Il file non è stato ancora letto: non c'è niente da correggere.
ricarica-rifiutate = Ricarica solo le righe rifiutate
ricarica-avviata = Le righe rifiutate verranno caricate di nuovo tra poco.
ricarica-niente = Non ci sono righe rifiutate da caricare di nuovo.
carica-adesso = Carica adesso
carica-avviato = Il tracciato verrà caricato tra poco.
carica-niente = Il tracciato non è una prova valida: non c'è niente da caricare.
prova-riuscita = La prova è riuscita: nessuna pendenza è stata caricata.
per-programmi-link = NDJSON, per i programmi
nuova-mappa = Nuovo formato
mappa = Formato delle colonne
mappe-testo = Le colonne proprie di un ente: quale colonna del suo file alimenta ogni campo, per tipo di pendenza.
mappe-vuoto = Non c'è ancora nessun formato proprio. Il formato standard e quello 2.x si leggono sempre.
mappa-json = Mappa (JSON)
mappa-campi = Come si scrive, e i nomi dei campi
mappa-come = Una colonna si indica con il suo nome, con la posizione (un numero, da 1) o con un elenco da unire con uno spazio. Nelle costanti il valore è lo stesso per ogni riga.
prova-campione = Prova su un campione
mappa-salvata = Il formato è stato salvato.
mappa-tolta = Il formato è stato tolto.
tipo-pendenza = Tipo di pendenza
aggiornata-il = Aggiornata il
togli = Togli
colonna-n = Colonna { $n }
anteprima-parziale = Il file è molto lungo: l'anteprima si ferma dopo le prime righe e ne conta una parte. La validazione le controlla tutte.
colonne-non-usate = Colonne non usate
importo-delle-valide = Importo delle righe valide
anteprima-primi = Qui ci sono i primi { $n }: correggi questi e riprova, oppure salva e scarica tutti gli errori dal dettaglio.
decimali-con = decimali con «{ $segno }»
caricato-in-parte = Righe valide caricate: { $caricate }; righe da correggere: { $errate }. Scarica gli errori, correggi quelle righe e caricale con un nuovo file.
mappa-usata = La mappa delle colonne
azioni = Azioni
ente-e-tipo = Ente e tipo di pendenza
mappa-obbligatori = Campi obbligatori, oltre a tipoEntrataVoce1 o a chi lo sostituisce (tipoBolloVoce1, ibanAccreditoVoce1):
mappa-nomi = Tutti i campi:
mappa-esempio = Un esempio: un file dell'ente e la mappa che lo legge.
mappa-esempio-file = File dell'ente di esempio
mappa-errata = { $n ->
    [one] La mappa ha un errore, scritto qui sotto.
   *[other] La mappa ha { $n } errori, scritti qui sotto.
}
mappa-esiste = C'è già un formato per questo ente e tipo di pendenza: aprilo dall'elenco e modificalo.
mappa-campione-testo = Non viene salvato né caricato niente: si vede solo che cosa se ne legge.
mappa-campione-file = File del campione
mappa-campione-aiuto = Bastano le prime righe: al massimo 1 MiB.
mappa-campione = Oppure incolla qui le prime righe
campione-manca = Scegli un file, o incolla qualche riga, intestazione compresa.
campione-troppo-grande = Il campione supera 1 MiB: bastano le prime righe.
prova-esito = { $valide ->
    [one] { $righe ->
        [one] Una riga valida su una
       *[other] Una riga valida su { $righe }
    }
   *[other] { $righe ->
        [one] { $valide } righe valide su una
       *[other] { $valide } righe valide su { $righe }
    }
}
togli-mappa = Togli il formato
togli-domanda = Vuoi togliere il formato di { $ente } per il tipo { $tipo }?
togli-effetto = I tracciati già letti con questo formato non cambiano. Per i prossimi non si potrà più scegliere.
