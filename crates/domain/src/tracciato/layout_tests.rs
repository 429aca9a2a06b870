//! First records of files, recognised.

use super::*;

fn nomi(n: usize) -> Vec<String> {
    Colonna::tutte().take(n).map(Colonna::nome).collect()
}

#[test]
fn the_whole_header_in_any_order_is_the_standard_layout() {
    let mut testa = nomi(COLONNE);
    testa.reverse();
    let (layout, avvisi) = Layout::riconosci(&testa).unwrap();
    assert!(layout.intestazione && avvisi.is_empty());
    let mut riga = vec![String::new(); COLONNE];
    riga[COLONNE - 1] = " GESTIONALE ".into();
    assert_eq!(
        layout.celle(&riga, &[])[Colonna::ID_A2A.posizione()],
        "GESTIONALE"
    );
    assert_eq!(
        layout.celle(&riga[..3], &[])[Colonna::ID_A2A.posizione()],
        ""
    );
}

#[test]
fn a_header_that_is_the_beginning_of_the_layout_lets_rows_go_on_by_position() {
    for n in [67, 82, 31] {
        let (layout, _) = Layout::riconosci(&nomi(n)).unwrap();
        assert_eq!((layout.campi, layout.intestazione), (COLONNE, true), "{n}");
    }
}

#[test]
fn b033_a_repeated_column_is_an_error_and_an_unknown_one_a_warning() {
    let mut testa = nomi(38);
    testa.push("Importo ".into());
    testa.push("note2".into());
    let errori = Layout::riconosci(&testa).unwrap_err();
    assert!(errori[0].problema.contains("13 e 39"), "{errori:?}");
    testa.remove(38);
    let (layout, avvisi) = Layout::riconosci(&testa).unwrap();
    assert_eq!((layout.campi, avvisi.len()), (39, 1));
    assert_eq!(avvisi[0].colonna, "note2");
}

#[test]
fn b012_a_missing_column_is_named_with_those_found() {
    let mut testa = nomi(40);
    testa.retain(|n| n != "causale");
    let errori = Layout::riconosci(&testa).unwrap_err();
    assert_eq!(errori.len(), 1);
    assert!(
        errori[0]
            .problema
            .contains("causale; trovate: idA2A, idPendenza")
    );
}

#[test]
fn the_two_x_layout_is_recognised_by_its_first_field() {
    let (layout, _) = Layout::riconosci(&["ADD", "GESTIONALE", "1"]).unwrap();
    assert_eq!(layout.formato, Formato::AddDel);
    assert!(!layout.intestazione);
    assert_eq!(
        Formato::parse(Formato::AddDel.name()),
        Some(Formato::AddDel)
    );
}

#[test]
fn rows_without_a_header_are_read_by_position() {
    let mut riga = vec![""; 38];
    riga[2] = "12345678903";
    let (layout, _) = Layout::riconosci(&riga).unwrap();
    assert!(!layout.intestazione);
    assert_eq!(
        layout.celle(&riga, &[])[Colonna::ID_DOMINIO.posizione()],
        "12345678903"
    );
}

#[test]
fn b017_one_column_only_asks_about_the_separator() {
    let errori = Layout::riconosci(&["a|b|c"]).unwrap_err();
    assert!(errori[0].suggerimento.contains("separatore"));
    assert!(Layout::riconosci(&["a", "b", "c"]).is_err());
    assert!(Layout::riconosci::<&str>(&[]).is_err());
}
