# Texts of the Loader's pages.
sito-descrizione = Bulk loading of pendenze
cruscotto = Dashboard
operazioni = Operations
tracciati = Tracciati
accesso = Sign in
nome-utente = User name
password = Password
credenziali-errate = User name or password is wrong. Check capital letters and try again.
accessi-demo = Demo logins
accessi-demo-testo = This is the demo environment: you can sign in with one of these names.
da-validare = To be validated
da-caricare = To be loaded
con-errori = With errors
con-errori-oggi = With errors today
caricati = Loaded
caricati-oggi = Loaded today
aggiungi-tracciato = Add a tracciato
scarica-esempio = Download a sample tracciato
ultimi-tracciati = Latest tracciati
procedure-a-tempo = Timed procedures
prossima-validazione = Next validation
prossimo-caricamento = Next loading
tra-secondi = { $n ->
    [0] now
    [one] in one second
   *[other] in { $n } seconds
}
al-lavoro = at work
file = File
caricato-il = Uploaded on
stato = State
righe = Rows
operatore = Operator
ente-creditore = Body
elaborate = Processed
in-errore = Failed
n-enti = { $n } bodies
nome-del-file = File name
caricati-dal = Uploaded from
caricati-al = Uploaded until
filtra = Filter
togli-filtri = Remove filters
tutti-gli-stati = All states
tutti-gli-enti = All bodies
data-non-valida = Choose a date of the calendar.
elenco-vuoto = Here you will see the uploaded tracciati. Begin with the first, or download a sample file.
ricerca-vuota = The search found no tracciati. Remove a filter or search by date.
letto-alle = Data read on
aggiorna = Refresh
nuovo-tracciato = New tracciato
file-csv = CSV file
file-aiuto = A CSV file with the pendenze, at most { $n } MiB.
opzioni-lettura = More choices (rarely needed): reading of the file, wrong rows, dry run
codifica = Character encoding
separatore = Column separator
riconosci = Find out from the file
virgola = Comma
punto-e-virgola = Semicolon
tabulazione = Tab
barra = Vertical bar
salva = Save
annulla = Cancel
cosa-succede-dopo = What happens next
cosa-succede-dopo-testo = The whole file is checked. If all is well the pendenze are loaded into GovPay and can be paid; with even one error nothing is loaded, unless you choose to load the good rows, and here you find row, column and remedy. “Preview” shows beforehand what is read.
tracciato-caricato = The file { $file } was uploaded and its state is “New”: it will be validated shortly.
file-manca = Choose a CSV file to upload.
file-non-csv = The name of the file must end with .csv or .json.
file-non-piu = The file is no longer available: upload it again.
mappa-non-piu = This format is there no more, or you may not use it: choose another one.
rifiuto-non-json = The file is not a JSON tracciato: it must begin with a brace.
rifiuto-vuoto = The file is empty. Choose one with a header and at least one row.
rifiuto-solo-intestazione = The file has only the header. Add at least one row.
rifiuto-troppo-grande = The file is larger than { $n } MiB. Split it into several tracciati.
rifiuto-troppe-righe = The file has { $trovate } lines of text, the header among them: { $n } are the most. Split it into several tracciati.
rifiuto-troppi-elementi = The file has { $trovate } elements in inserimenti and annullamenti: { $n } are the most. Split it into several tracciati.
rifiuto-foglio = The file looks like an Excel sheet or a ZIP archive. Export it as CSV and try again.
rifiuto-non-testo = The file is not a CSV: it has bytes that are not text, or it is an HTML or XML page. Export it as CSV and try again.
rifiuto-utf16 = The file is in UTF-16. Save it as “CSV UTF-8” and try again.
rifiuto-non-utf8 = Some characters are not UTF-8 (line { $n }). Choose “Windows-1252” or save the file in UTF-8.
gia-caricato = You have already uploaded this file
gia-caricato-testo = The same content is already in tracciato { $n }, named { $file }.
gia-caricato-scelta = Uploading it again updates the same pendenze: it does not make double ones.
apri-quello = Open that one
carica-comunque = Upload anyway
tracciato-sconosciuto-titolo = This tracciato is not here
tracciato-sconosciuto-testo = The address is wrong, or the tracciato belongs to another body.
torna-elenco = Back to the list
torna-tracciato = Back to the tracciato
tracciato-originale = Original file (Tracciato Originale)
tracciato-elaborato = Processed file (Tracciato Elaborato)
errori-csv = Errors (CSV)
per-excel = If you open the file with Excel:
per-excel-link = download the processed file with a mark of its encoding
elaborato-non-pronto-titolo = The processed file is not ready yet
elaborato-non-pronto = The processed file (Tracciato Elaborato) will be available when the loading ends.
riepilogo = Summary
righe-del-file = Rows of the file
tutte = All
riuscite = Done
rifiutate = Refused
nessuna-riga = No row to show.
riga = Line
operazione = Operation
pendenza = Pendenza
numero-avviso = Notice number
importo = Amount
esito = Outcome
inserimento = Insertion
annullamento = Annulment
non-valida = Not valid
in-attesa = Waiting
errori-titolo = { $n ->
    [one] One error to be corrected
   *[other] { $n } errors to be corrected
}
errori-primi-cento = These are the first hundred: all of them are in the file “Errors (CSV)”.
errori-didascalia = Errors found in the file
avvisi-titolo = { $n ->
    [one] One warning
   *[other] { $n } warnings
}
avvisi-didascalia = Warnings: they do not prevent the loading
colonna = Column
valore = Value
problema = Problem
come-correggere = How to correct
effetto = What we do
carica-corretto = Upload the corrected file
identificativo = Identifier
dimensione = Size
n-byte = { $n } bytes
formato = Format
formato-add-del = GovPay 2.x (ADD and DEL rows)
formato-standard = Standard, 87 columns
formato-json = JSON (pendenze and annulments)
formato-ignoto = Not recognised yet
valide = Valid
caricate = Loaded
importo-totale = Total amount
impronta = SHA-256 fingerprint
storia = Story
passo-ricevuto = File received
passo-validazione = Validation
passo-caricamento = Loading of the pendenze
durata = { $s } s
avanzamento = { $fatte } of { $tutte } rows
esiti-non-conservati = The tracciato was loaded with an earlier version, whose outcomes of rows are not kept.
formati = Formats
anteprima = Preview
anteprima-testo = Nothing is loaded yet: check how the file was read, correct it if needed and save.
anteprima-ripetute = { $n ->
    [one] One key appears in several rows: the validation will say which.
   *[other] { $n } keys appear in several rows: the validation will say which.
}
come-letto = How it was read
correggi-lettura = Correct the reading
aggiorna-anteprima = Update the preview
intestazione = Header
senza-intestazione = None: the columns are read by position
almeno = at least { $n }
avvisi-trovati = Warnings
enti = Bodies
prime-righe = First rows
file-scartato = The file was discarded.
decimali = Decimal separator
decimali-riconosci = Find out from each amount
punto = Point
forma-delle-date = Form of the dates
date-riconosci = 2030-12-31 or 31/12/2030
formato-delle-colonne = Format of the columns
formato-di-sempre = Standard or 2.x
se-ci-sono-errori = If some rows are wrong
politica-tutto-o-niente = Load nothing
politica-riga-per-riga = Load the good rows
solo-prova = Dry run
solo-prova-aiuto = Checks the file and loads nothing.
importi-e-date = Amounts and dates
formato-proprio = The body's own columns
copia-corretta = Corrected copy
corretto-non-pronto = The file was not read yet: there is nothing to correct.
ricarica-rifiutate = Load only the refused rows again
ricarica-avviata = The refused rows will be loaded again shortly.
ricarica-niente = There are no refused rows to load again.
carica-adesso = Load now
carica-avviato = The tracciato will be loaded shortly.
carica-niente = The tracciato is not a valid dry run: there is nothing to load.
prova-riuscita = The dry run succeeded: no pendenza was loaded.
per-programmi-link = NDJSON, for programs
nuova-mappa = New format
mappa = Format of the columns
mappe-testo = The own columns of a body: which column of its file feeds each field, by tipo pendenza.
mappe-vuoto = There is no own format yet. The standard format and the 2.x one are always read.
mappa-json = Mapping (JSON)
mappa-campi = How it is written, and the names of the fields
mappa-come = A column is given by its name, its position (a number, from 1) or a list to be joined with a blank. Constants have the same value in every row.
prova-campione = Try on a sample
mappa-salvata = The format was saved.
mappa-tolta = The format was removed.
tipo-pendenza = Tipo pendenza
aggiornata-il = Updated on
togli = Remove
colonna-n = Column { $n }
anteprima-parziale = The file is very long: the preview stops after the first rows and counts only those. The validation checks all of them.
colonne-non-usate = Columns not used
importo-delle-valide = Amount of the valid rows
anteprima-primi = Here are the first { $n }: correct these and try again, or save and download all errors from the detail page.
decimali-con = decimals after “{ $segno }”
caricato-in-parte = Valid rows loaded: { $caricate }; rows to put right: { $errate }. Download the errors, put those rows right and load them with a new file.
mappa-usata = The mapping of the columns
azioni = Actions
ente-e-tipo = Body and tipo pendenza
mappa-obbligatori = Required fields, besides tipoEntrataVoce1 or what stands for it (tipoBolloVoce1, ibanAccreditoVoce1):
mappa-nomi = All fields:
mappa-esempio = An example: a file of a body and the mapping that reads it.
mappa-esempio-file = Example file of a body
mappa-errata = { $n ->
    [one] The mapping has an error, told below.
   *[other] The mapping has { $n } errors, told below.
}
mappa-esiste = There is a format for this body and tipo pendenza already: open it from the list and change it.
mappa-campione-testo = Nothing is saved or loaded: you only see what is read.
mappa-campione-file = File of the sample
mappa-campione-aiuto = The first rows are enough: at most 1 MiB.
mappa-campione = Or paste the first lines here
campione-manca = Choose a file, or paste some lines, with the header.
campione-troppo-grande = The sample is larger than 1 MiB: the first lines are enough.
prova-esito = { $valide ->
    [one] { $righe ->
        [one] One valid row of one
       *[other] One valid row of { $righe }
    }
   *[other] { $righe ->
        [one] { $valide } valid rows of one
       *[other] { $valide } valid rows of { $righe }
    }
}
togli-mappa = Remove the format
togli-domanda = Do you want to remove the format of { $ente } for the tipo { $tipo }?
togli-effetto = Tracciati that were read with it do not change. It cannot be chosen for the next ones.
