//! Lists to their end: which page comes next, decided once for both clients.

use std::collections::{HashSet, VecDeque};

use radar_ct_model::{ListParams, Listing, Record};

use crate::error::Error;
use crate::sequence::Sequence;

/// Walks through the pages of a list.
///
/// It ends with the first page that is not full, since that is all the API says about the end. While it walks, the list may
/// grow or shrink: a row that comes again is passed over, and a page of nothing new is the end, so that a
/// server that repeats itself does not keep it for ever. Rows without a key cannot be told apart, so none of them is
/// passed over.
pub(crate) struct Pager<L: Listing> {
    params: ListParams<L>,
    offset: u32,
    seen: HashSet<String>,
    ready: VecDeque<L::Record>,
    is_over: bool,
}

impl<L: Listing> Pager<L> {
    pub(crate) fn new(params: &ListParams<L>) -> Self {
        let offset = params.options().offset.unwrap_or(0);
        Self { params: params.clone(), offset, seen: HashSet::new(), ready: VecDeque::new(), is_over: false }
    }

    fn take_page(&mut self, page: L) {
        let rows = page.into_records();
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let mut is_new = false;
        for row in rows {
            let key = row.key().to_owned();
            let is_unseen = self.seen.insert(key.clone());
            is_new |= is_unseen;
            if is_unseen || key.is_empty() {
                self.ready.push_back(row);
            }
        }
        match self.offset.checked_add(count) {
            Some(next) if count >= self.params.page_size() && is_new => self.offset = next,
            _ => self.is_over = true,
        }
    }
}

impl<L: Listing> Sequence for Pager<L> {
    type Call = ListParams<L>;
    type Answer = L;
    type Item = L::Record;

    fn next_item(&mut self) -> Option<L::Record> {
        self.ready.pop_front()
    }

    fn next_call(&mut self) -> Option<ListParams<L>> {
        let page = || self.params.clone().limit(self.params.page_size()).offset(self.offset);
        (!self.is_over).then(page)
    }

    fn take(&mut self, page: Result<L, Error>) -> Result<(), Error> {
        match page {
            Ok(page) => self.take_page(page),
            Err(error) => {
                self.is_over = true;
                return Err(error);
            }
        }
        Ok(())
    }
}
