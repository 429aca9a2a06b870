//! How a list is cut into pages, and one of its pages.

/// Which rows of a list are wanted, and whether all of them are counted.
#[derive(Clone, Copy, Debug)]
pub struct Taglio {
    /// At least 1.
    pub limit: i64,
    pub offset: i64,
    pub conta: Conta,
}

/// How far the rows of a list are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conta {
    No,
    Tutte,
    /// A count of that many means "at least".
    FinoA(i64),
}

/// One page of a list.
pub struct Fetta<T> {
    pub rows: Vec<T>,
    /// Absent when nobody asked for it.
    pub totale: Option<i64>,
    /// Whether more rows follow.
    pub altre: bool,
}

impl Taglio {
    /// How many rows to read: one more than the page has tells whether others follow.
    pub fn da_leggere(self) -> i64 {
        self.limit + 1
    }

    /// How many rows there are in all, when the rows that were read for the page already tell.
    pub fn totale_noto(self, letti: usize) -> Option<i64> {
        let letti = i64::try_from(letti).unwrap_or(i64::MAX);
        let beyond = letti == 0 && self.offset > 0;
        let totale = self.offset + letti;
        match self.conta {
            _ if letti > self.limit || beyond => None,
            Conta::FinoA(max) => Some(totale.min(max)),
            Conta::No | Conta::Tutte => Some(totale),
        }
    }

    /// The page out of the rows that were read.
    pub fn fetta<T>(self, mut rows: Vec<T>, totale: Option<i64>) -> Fetta<T> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let altre = rows.len() > limit;
        rows.truncate(limit);
        Fetta {
            rows,
            totale,
            altre,
        }
    }
}

impl<T> Fetta<T> {
    /// The same page of other things.
    pub fn con<U>(&self, rows: Vec<U>) -> Fetta<U> {
        Fetta {
            rows,
            totale: self.totale,
            altre: self.altre,
        }
    }

    /// A page of an archive that holds nothing.
    pub fn vuota(conta: Conta) -> Self {
        Self {
            rows: vec![],
            totale: (conta != Conta::No).then_some(0),
            altre: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_not_full_tells_how_many_there_are() {
        let taglio = |offset, conta| Taglio {
            limit: 2,
            offset,
            conta,
        };
        assert_eq!(taglio(0, Conta::Tutte).totale_noto(3), None);
        assert_eq!(taglio(0, Conta::Tutte).totale_noto(2), Some(2));
        assert_eq!(taglio(0, Conta::Tutte).totale_noto(0), Some(0));
        assert_eq!(taglio(4, Conta::Tutte).totale_noto(1), Some(5));
        // Nothing on a page beyond the last: the last may be any before it.
        assert_eq!(taglio(4, Conta::Tutte).totale_noto(0), None);
        assert_eq!(taglio(4, Conta::FinoA(3)).totale_noto(1), Some(3));
    }

    #[test]
    fn one_row_more_than_the_page_means_that_others_follow() {
        let taglio = Taglio {
            limit: 2,
            offset: 0,
            conta: Conta::No,
        };
        let fetta = taglio.fetta(vec![1, 2, 3], None);
        assert_eq!((fetta.rows, fetta.altre), (vec![1, 2], true));
        let fetta = taglio.fetta(vec![1, 2], Some(2));
        assert_eq!((fetta.rows.len(), fetta.altre), (2, false));
    }
}
