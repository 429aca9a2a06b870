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
