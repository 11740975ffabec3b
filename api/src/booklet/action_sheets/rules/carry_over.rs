//! Carry-over for all histories: whatever is raised, settled, carried on and locked in whatever
//! order, the rules do what a ledger of one line per answer does.

use std::collections::{BTreeMap, BTreeSet};

use entity::action_sheet::Model as Sheet;
use entity::sheet_answer::Model as AnswerRow;
use entity::sheet_item::Model as Item;
use entity::values::{Answer, ItemState, SheetState};
use proptest::prelude::*;
use uuid::Uuid;

use super::samples::{item, noted_done, sheet};
use super::{complete, shown};
use crate::booklet::sheet_items::rules::{Verdict, came_to, carry_on, editable, settle};
use crate::kit::Result;

/// What happens to a booklet; numbers choose among the sheets and items there are.
#[derive(Clone, Debug)]
enum Step {
    Start,
    Raise(usize),
    NoteDone(usize),
    Answer(usize, usize, Answer),
    Lock(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let answer = prop_oneof![
        Just(Answer::Done),
        Just(Answer::Dropped),
        Just(Answer::CarriedOn)
    ];
    let step = prop_oneof![
        2 => Just(Step::Start),
        4 => any::<usize>().prop_map(Step::Raise),
        1 => any::<usize>().prop_map(Step::NoteDone),
        12 => (any::<usize>(), any::<usize>(), answer)
            .prop_map(|(item, sheet, answer)| Step::Answer(item, sheet, answer)),
        3 => any::<usize>().prop_map(Step::Lock),
    ];
    prop::collection::vec(step, 0..60)
}

/// The rows, changed by the rules as the service does.
#[derive(Default)]
struct Booklet {
    sheets: Vec<Sheet>,
    items: Vec<Item>,
    answers: Vec<AnswerRow>,
    completed: Vec<Uuid>,
}

impl Booklet {
    fn answer(&mut self, item: usize, sheet: usize, answer: Answer) -> Result<()> {
        let (old, sheet) = (&self.items[item], &self.sheets[sheet]);
        let said = |on: &&Sheet| {
            let mut answers = self.answers.iter();
            answers.any(|row| row.sheet_id == on.id && row.item_id == old.id)
        };
        let later = self.sheets.iter().filter(|on| on.number > sheet.number);
        let later: Vec<Sheet> = later.filter(said).cloned().collect();
        let (new, withdrawn) = match answer {
            Answer::Done => (settle(old, sheet, &later, Verdict::Done(None))?, later),
            Answer::Dropped => {
                let dropped = Verdict::Dropped("Plus utile".to_owned());
                (settle(old, sheet, &later, dropped)?, later)
            }
            Answer::CarriedOn => (carry_on(old, sheet, None)?, Vec::new()),
        };
        let silent: BTreeSet<Uuid> = withdrawn.iter().chain([sheet]).map(|on| on.id).collect();
        self.answers
            .retain(|row| row.item_id != old.id || !silent.contains(&row.sheet_id));
        if came_to(old, sheet) {
            self.answers.push(AnswerRow {
                id: crate::kit::new_id(),
                organization_id: Uuid::nil(),
                booklet_id: Uuid::nil(),
                sheet_id: sheet.id,
                item_id: old.id,
                answer,
                reason: None,
            });
        }
        self.items[item] = new;
        Ok(())
    }

    fn lock(&mut self, sheet: usize) -> Result<()> {
        let locked = &self.sheets[sheet];
        editable(locked.state)?;
        let shown = shown(locked, &self.items, &self.answers);
        complete(&shown)?;
        let done = shown.done.iter().map(|item| item.id);
        self.completed.extend(done.collect::<Vec<_>>());
        self.sheets[sheet].state = SheetState::Locked;
        Ok(())
    }

    /// The three lists of a sheet, by the places of the items.
    fn lists(&self, sheet: usize) -> Lists {
        let shown = shown(&self.sheets[sheet], &self.items, &self.answers);
        let place = |item: &Item| self.items.iter().position(|other| other.id == item.id);
        Lists {
            to_do: shown.to_do.iter().filter_map(|item| place(item)).collect(),
            done: shown.done.iter().filter_map(|item| place(item)).collect(),
            carried_over: shown
                .carried_over
                .iter()
                .filter_map(|(item, answer)| Some((place(item)?, answer.map(|row| row.answer))))
                .collect(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Lists {
    to_do: Vec<usize>,
    done: Vec<usize>,
    carried_over: Vec<(usize, Option<Answer>)>,
}

/// The ledger: where each item was raised, what each sheet said of it, where it ended.
#[derive(Default)]
struct Ledger {
    locked: Vec<bool>,
    raised: Vec<Option<usize>>,
    ended: Vec<Option<(usize, Answer)>>,
    said: BTreeMap<(usize, usize), Answer>,
}

impl Ledger {
    fn comes_to(&self, item: usize, sheet: usize) -> bool {
        self.raised[item].is_some_and(|raised| raised < sheet)
    }

    /// Whether the sheet may say so; if it may, it has.
    fn answer(&mut self, item: usize, sheet: usize, answer: Answer) -> bool {
        let written_here = match self.raised[item] {
            Some(raised) => raised == sheet && answer == Answer::Dropped,
            None => answer != Answer::CarriedOn,
        };
        let ended_elsewhere = self.ended[item].is_some_and(|(other, _)| other != sheet);
        let settles = answer != Answer::CarriedOn;
        let later = |(item_said, on): &(usize, usize)| *item_said == item && *on > sheet;
        let stands = |key: &(usize, usize)| later(key) && self.locked[key.1];
        if self.locked[sheet]
            || ended_elsewhere
            || !(self.comes_to(item, sheet) || written_here)
            || (settles && self.said.keys().any(stands))
        {
            return false;
        }
        self.ended[item] = settles.then_some((sheet, answer));
        if settles {
            self.said.retain(|key, _| !later(key));
        }
        if self.comes_to(item, sheet) {
            self.said.insert((item, sheet), answer);
        }
        true
    }

    fn lists(&self, sheet: usize) -> Lists {
        let items = || 0..self.raised.len();
        let answer = |item| self.said.get(&(item, sheet)).copied();
        Lists {
            to_do: items()
                .filter(|item| self.raised[*item] == Some(sheet))
                .collect(),
            done: items()
                .filter(|item| self.ended[*item] == Some((sheet, Answer::Done)))
                .collect(),
            carried_over: items()
                .filter(|item| self.comes_to(*item, sheet))
                .filter(|item| self.ended[*item].is_none() || answer(*item).is_some())
                .map(|item| (item, answer(item)))
                .collect(),
        }
    }

    fn lock(&mut self, sheet: usize) -> bool {
        let open = self.lists(sheet).carried_over;
        let may = !self.locked[sheet] && open.iter().all(|(_, answer)| answer.is_some());
        self.locked[sheet] |= may;
        may
    }
}

/// Plays a history on both; they agree on each step and on what each sheet shows after it.
fn play(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let (mut booklet, mut ledger) = (Booklet::default(), Ledger::default());
    let mut kept: BTreeMap<usize, Vec<(usize, Option<Answer>)>> = BTreeMap::new();
    for step in steps {
        let sheets = booklet.sheets.len();
        match step {
            Step::Start => {
                let number = i32::try_from(sheets).unwrap() + 1;
                booklet.sheets.push(sheet(number));
                ledger.locked.push(false);
            }
            _ if sheets == 0 => {}
            Step::Raise(on) | Step::NoteDone(on) => {
                let raises = matches!(step, Step::Raise(_));
                let place = on % sheets;
                let on = &booklet.sheets[place];
                if on.state == SheetState::Draft {
                    let done = Some((place, Answer::Done));
                    booklet
                        .items
                        .push(if raises { item(on) } else { noted_done(on) });
                    ledger.raised.push(raises.then_some(place));
                    ledger.ended.push(if raises { None } else { done });
                }
            }
            Step::Answer(item, on, answer) if !booklet.items.is_empty() => {
                let (item, on) = (item % booklet.items.len(), on % sheets);
                let allowed = booklet.answer(item, on, answer).is_ok();
                prop_assert_eq!(allowed, ledger.answer(item, on, answer));
            }
            Step::Answer(..) => {}
            Step::Lock(on) => {
                let on = on % sheets;
                let locked = booklet.lock(on).is_ok();
                prop_assert_eq!(locked, ledger.lock(on));
                if locked {
                    kept.insert(on, booklet.lists(on).carried_over);
                }
            }
        }
        for place in 0..booklet.sheets.len() {
            let lists = booklet.lists(place);
            prop_assert_eq!(&lists, &ledger.lists(place));
            if let Some(kept) = kept.get(&place) {
                let answered = |list: &[(usize, Option<Answer>)]| -> BTreeMap<_, _> {
                    list.iter()
                        .copied()
                        .filter(|(_, said)| said.is_some())
                        .collect()
                };
                prop_assert_eq!(answered(&lists.carried_over), answered(kept));
            }
        }
    }
    let mut once = booklet.completed.clone();
    once.sort_unstable();
    once.dedup();
    prop_assert_eq!(once.len(), booklet.completed.len());
    for item in &booklet.items {
        let done_on_locked = item.state == ItemState::Done
            && booklet.sheets.iter().any(|sheet| {
                item.settled_in == Some(sheet.id) && sheet.state == SheetState::Locked
            });
        prop_assert_eq!(done_on_locked, booklet.completed.contains(&item.id));
    }
    Ok(())
}

proptest! {
    #[test]
    fn whatever_happens_the_sheets_show_what_the_ledger_says(steps in steps()) {
        play(steps)?;
    }
}
