#[path = "../tests/it/campioni.rs"]
#[allow(dead_code)]
mod campioni;
fn main() {
    let d = std::env::args().nth(1).unwrap();
    let w = |n: &str, b: Vec<u8>| std::fs::write(format!("{d}/{n}.pdf"), b).unwrap();
    w("r", stampe::ricevuta(&campioni::ricevuta()).unwrap());
    w(
        "rn",
        stampe::ricevuta(&campioni::ricevuta_negativa(
            domain::EsitoPagamento::NonEseguito,
        ))
        .unwrap(),
    );
    let mut l = campioni::ricevuta();
    l.esito = domain::EsitoPagamento::EseguitoParziale;
    l.ente.denominazione = "Unione dei comuni ".repeat(8);
    l.causale = "Causale".repeat(20);
    l.importo = domain::Importo::from_cents(domain::Importo::MAX_CENTS).unwrap();
    for v in &mut l.voci {
        v.importo = l.importo;
        v.iur = Some("I7".repeat(17));
        v.descrizione = "Causale ".repeat(17);
    }
    w("rl", stampe::ricevuta(&l).unwrap());
    w("a", stampe::avviso(&campioni::avviso()).unwrap());
    let mut l = campioni::avviso();
    l.causale = "Causale".repeat(20);
    l.ente.denominazione = "EnteDalNomeMoltoLungo".repeat(7)[..140].to_owned();
    l.settore_ente = Some("Settore".repeat(9));
    l.info_ente = Some("informazioni ".repeat(8));
    l.destinatario = campioni::soggetto(&"Nome lungo ".repeat(7)[..70], "VRDGPP80A01H501U");
    l.indirizzo_destinatario.via = Some("Via dei Lunghi Nomi ".repeat(4));
    l.importo = domain::Importo::from_cents(domain::Importo::MAX_CENTS).unwrap();
    w("al", stampe::avviso(&l).unwrap());
    for n in 0..3 {
        let t = std::time::Instant::now();
        for i in 0..100 {
            let mut a = campioni::avviso();
            a.causale = format!("c {n} {i}");
            stampe::avviso(&a).unwrap();
        }
        eprintln!("avvisi/100: {:?}", t.elapsed());
        let t = std::time::Instant::now();
        for i in 0..100 {
            let mut a = campioni::ricevuta();
            a.causale = format!("c {n} {i}");
            stampe::ricevuta(&a).unwrap();
        }
        eprintln!("ricevute/100: {:?}", t.elapsed());
    }
    eprintln!(
        "{}",
        std::fs::read_to_string("/proc/self/status")
            .unwrap()
            .lines()
            .filter(|l| l.starts_with("VmHWM") || l.starts_with("VmRSS"))
            .collect::<String>()
    );
}
