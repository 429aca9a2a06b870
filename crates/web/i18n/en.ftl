# Texts of the shell, of the components and of the error pages.
salta-al-contenuto = Skip to main content
ambiente-di-simulazione = Simulation environment
sito-descrizione = pagoPA payments for tests
lingua = Language
utente = User:
accedi = Sign in
esci = Sign out
home = Home
percorso = Breadcrumb
menu-principale = Main menu
link-utili = Useful links
dichiarazione-accessibilita = Accessibility statement
informativa-privacy = Privacy notice
stato-servizi = Service status
barra-di-prova = Test bar
ultimo-evento = Last event
apri-in-console = Open in the console
copia = Copy
copiato = Copied
paginazione = Pages of the list
pagina-precedente = Previous
pagina-successiva = Next
titolo-errore = Error:
errori-nel-modulo = { $n ->
    [one] There is one error in the form: correct it and try again.
   *[other] There are { $n } errors in the form: correct them and try again.
}
avviso-riuscito = Done:
avviso-attenzione = Warning:
avviso-errore = Error:
avviso-informazione = Information:
passo-avviso = Notice
passo-scelta = PSP choice
passo-conferma = Check
passo-pagamento = Payment
passo-esito = Outcome
passo-fatto = Confirmed
passo-attivo = Active
fase-fatta = done
fase-attuale = in progress
fase-da-fare = to do
fase-fallita = failed
stato-sito = Site
stato-versione = Version
stato-archivio = Archive
stato-messaggi = Message exchange
accessibilita-stato = The pages are made to meet WCAG 2.2 at level AA: they work with the keyboard alone, with screen readers, without scripts and with text enlarged up to 400%.
accessibilita-ente = This is a simulation environment: the accessibility statement required by law is published by the body that uses the program, with AgID's application.
accessibilita-segnala = If a page gives you trouble, tell whoever gave you the address of this site: name the page and what you cannot do.
privacy-dati-di-prova = This is a simulation environment: no payment is real. Use invented data only, not data of real people.
privacy-cookie = The site uses technical cookies only: the session, the language and the message to show after an operation. There are no statistics and no third-party services.
privacy-ente = Whoever uses the program with real data is the controller and publishes their own notice here.
codice-assistenza = Support code:
troppi-tentativi = Too many failed attempts. Try again in { $n ->
    [one] one second
   *[other] { $n } seconds
}.
errore-modulo-titolo = The form has expired
errore-modulo-testo = The page stayed open too long or the session changed. Nothing was done: go back to the page, reload it and try again.
errore-400-titolo = We cannot read the request
errore-400-testo = Something is missing or a value has a form we do not recognise. Nothing was done: go back, check the data and try again.
errore-400-azione = Go to the home page
errore-401-titolo = Sign in to continue
errore-401-testo = This page is for operators only.
errore-401-azione = Go to the home page
errore-403-titolo = You may not see this page
errore-403-testo = Ask the administrator of the body for permission.
errore-403-azione = Go to the home page
errore-404-titolo = This page does not exist
errore-404-testo = The address is wrong, or what you are looking for is no longer here.
errore-404-azione = Go to the home page
errore-405-titolo = This cannot be done from here
errore-405-testo = You opened the address of an operation directly. Go to the home page and start from there.
errore-405-azione = Go to the home page
errore-409-titolo = Somebody changed the data
errore-409-testo = The data changed while you were looking at them. Nothing was done: look again and retry.
errore-409-azione = Go to the home page
errore-410-titolo = The link has expired
errore-410-testo = This page is no longer available: start again to get a new one.
errore-410-azione = Start again
errore-413-titolo = The file is too large
errore-413-testo = The file is over the limit of this site. Split it and try again.
errore-413-azione = Go to the home page
errore-415-titolo = We do not recognise the format of the data
errore-415-testo = The data are in a format that this page does not read.
errore-415-azione = Go to the home page
errore-422-titolo = The data are not valid
errore-422-testo = Check the values and try again.
errore-422-azione = Go to the home page
errore-429-titolo = Too many requests
errore-429-testo = Wait a moment and try again.
errore-429-attesa = Try again in { $n ->
    [one] one second
   *[other] { $n } seconds
}.
errore-429-azione = Go to the home page
errore-500-titolo = Something went wrong
errore-500-testo = We have recorded the problem. If you were paying, the payment is not lost: try again soon and you will see its state.
errore-500-azione = Go to the home page
errore-503-titolo = The service does not answer
errore-503-testo = One of the systems this page depends on cannot be reached. What you already confirmed is not lost: try again in a few seconds.
errore-503-azione = Go to the home page
