# Testi della cornice, dei componenti e delle pagine di errore.
salta-al-contenuto = Vai al contenuto principale
ambiente-di-simulazione = Ambiente di simulazione
sito-descrizione = Pagamenti pagoPA di prova
lingua = Lingua
utente = Utente:
accedi = Accedi
esci = Esci
home = Home
percorso = Percorso di navigazione
menu-principale = Menu principale
link-utili = Link utili
dichiarazione-accessibilita = Dichiarazione di accessibilità
informativa-privacy = Informativa privacy
stato-servizi = Stato dei servizi
barra-di-prova = Barra di prova
ultimo-evento = Ultimo evento
apri-in-console = Apri in console
copia = Copia
copiato = Copiato
paginazione = Pagine dell'elenco
pagina-precedente = Precedenti
pagina-successiva = Successivi
titolo-errore = Errore:
errori-nel-modulo = { $n ->
    [one] C'è un errore nel modulo: correggilo e riprova.
   *[other] Ci sono { $n } errori nel modulo: correggili e riprova.
}
avviso-riuscito = Operazione riuscita:
avviso-attenzione = Attenzione:
avviso-errore = Errore:
avviso-informazione = Informazione:
passo-avviso = Avviso
passo-scelta = Scelta PSP
passo-conferma = Conferma
passo-pagamento = Pagamento
passo-esito = Esito
passo-fatto = Confermato
passo-attivo = Attivo
fase-fatta = fatto
fase-attuale = in corso
fase-da-fare = da fare
fase-fallita = non riuscito
stato-sito = Sito
stato-versione = Versione
stato-archivio = Archivio
stato-messaggi = Scambio di messaggi
accessibilita-stato = Le pagine sono fatte per rispettare le WCAG 2.2 a livello AA: si usano con la sola tastiera, con gli screen reader, senza script e con il testo ingrandito fino al 400%.
accessibilita-ente = Questo è un ambiente di simulazione: la dichiarazione di accessibilità prevista dalla legge è pubblicata dall'ente che usa il programma, con l'applicazione di AgID.
accessibilita-segnala = Se una pagina ti crea difficoltà, segnalalo a chi ti ha dato l'indirizzo di questo sito: indica la pagina e che cosa non riesci a fare.
privacy-dati-di-prova = Questo è un ambiente di simulazione: nessun pagamento è reale. Usa solo dati inventati, non dati di persone vere.
privacy-cookie = Il sito usa solo cookie tecnici: la sessione, la lingua e il messaggio da mostrare dopo un'operazione. Non ci sono statistiche né servizi di terzi.
privacy-ente = Chi usa il programma con dati veri è titolare del trattamento e pubblica qui la propria informativa.
codice-assistenza = Codice per l'assistenza:
troppi-tentativi = Troppi tentativi non riusciti. Riprova tra { $n ->
    [one] un secondo
   *[other] { $n } secondi
}.
errore-modulo-titolo = Il modulo è scaduto
errore-modulo-testo = La pagina è rimasta aperta troppo a lungo oppure la sessione è cambiata. Non è stato fatto nulla: torna alla pagina, ricaricala e riprova.
errore-400-titolo = Non riusciamo a leggere la richiesta
errore-400-testo = Manca qualcosa o un valore ha una forma che non riconosciamo. Non è stato fatto nulla: torna indietro, controlla i dati e riprova.
errore-400-azione = Torna alla pagina iniziale
errore-401-titolo = Accedi per continuare
errore-401-testo = Questa pagina è riservata agli operatori.
errore-401-azione = Vai alla pagina iniziale
errore-403-titolo = Non hai il permesso per questa pagina
errore-403-testo = Chiedi l'abilitazione a chi amministra l'ente.
errore-403-azione = Torna alla pagina iniziale
errore-404-titolo = Questa pagina non esiste
errore-404-testo = L'indirizzo è sbagliato oppure quello che cerchi non c'è più.
errore-404-azione = Torna alla pagina iniziale
errore-405-titolo = Questa operazione non si può fare da qui
errore-405-testo = Hai aperto direttamente l'indirizzo di un'operazione. Torna alla pagina iniziale e ricomincia da lì.
errore-405-azione = Torna alla pagina iniziale
errore-409-titolo = Qualcuno ha modificato i dati
errore-409-testo = I dati sono cambiati mentre li guardavi. Non è stato fatto nulla: rivedili e riprova.
errore-409-azione = Torna alla pagina iniziale
errore-410-titolo = Il collegamento è scaduto
errore-410-testo = Questa pagina non è più disponibile: ricomincia per averne una nuova.
errore-410-azione = Ricomincia
errore-413-titolo = Il file è troppo grande
errore-413-testo = Il file supera il limite di questo sito. Dividilo in più parti e riprova.
errore-413-azione = Torna alla pagina iniziale
errore-415-titolo = Non riconosciamo il formato dei dati
errore-415-testo = I dati sono in un formato che questa pagina non legge.
errore-415-azione = Torna alla pagina iniziale
errore-422-titolo = I dati non sono validi
errore-422-testo = Controlla i valori e riprova.
errore-422-azione = Torna alla pagina iniziale
errore-429-titolo = Troppe richieste
errore-429-testo = Aspetta un momento e riprova.
errore-429-attesa = Riprova tra { $n ->
    [one] un secondo
   *[other] { $n } secondi
}.
errore-429-azione = Torna alla pagina iniziale
errore-500-titolo = Qualcosa non ha funzionato
errore-500-testo = Abbiamo registrato il problema. Se stavi pagando, il pagamento non si perde: riprova tra poco e vedrai il suo stato.
errore-500-azione = Torna alla pagina iniziale
errore-503-titolo = Il servizio non risponde
errore-503-testo = Uno dei sistemi da cui dipende questa pagina non è raggiungibile. Quello che hai già confermato non si perde: riprova tra qualche secondo.
errore-503-azione = Torna alla pagina iniziale
