//! Pagination of lists, for both clients.

use std::collections::{HashSet, VecDeque};

use radar_ct_model::ListParams;
use radar_ct_model::endpoints::{Listing, Record};

use crate::error::Error;
use crate::sequence::Sequence;

/// The pagination of a list.
///
/// The last page is the first one that is not full: the API reports no other end. The list may change between
/// two pages, so rows that come again are skipped, and a page without any new row is the last one, which
/// stops a server that repeats itself. Rows without a key cannot be compared and are never skipped.
pub(crate) struct Pager<L: Listing> {
    params: ListParams<L>,
    offset: u32,
    seen: HashSet<String>,
    rows: VecDeque<L::Record>,
    is_done: bool,
}

impl<L: Listing> Pager<L> {
    pub(crate) fn new(params: &ListParams<L>) -> Self {
        let offset = params.options().offset.unwrap_or(0);
        Self { params: params.clone(), offset, seen: HashSet::new(), rows: VecDeque::new(), is_done: false }
    }

    fn add_page(&mut self, page: L) {
        let rows = page.into_records();
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let mut has_new_row = false;
        for row in rows {
            let is_new = self.seen.insert(row.key().to_owned());
            has_new_row |= is_new;
            if is_new || row.key().is_empty() {
                self.rows.push_back(row);
            }
        }
        match self.offset.checked_add(count) {
            Some(next) if count >= self.params.page_size() && has_new_row => self.offset = next,
            _ => self.is_done = true,
        }
    }
}

impl<L: Listing> Sequence for Pager<L> {
    type Call = ListParams<L>;
    type Answer = L;
    type Item = L::Record;

    fn next_item(&mut self) -> Option<L::Record> {
        self.rows.pop_front()
    }

    fn next_call(&mut self) -> Option<ListParams<L>> {
        let page = || self.params.clone().limit(self.params.page_size()).offset(self.offset);
        (!self.is_done).then(page)
    }

    fn accept(&mut self, page: Result<L, Error>) -> Result<(), Error> {
        match page {
            Ok(page) => self.add_page(page),
            Err(error) => {
                self.is_done = true;
                return Err(error);
            }
        }
        Ok(())
    }
}
