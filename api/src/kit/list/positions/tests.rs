//! Whatever is inserted, moved and deleted, places stay 1, 2, 3 … without holes.

use proptest::prelude::*;

use super::*;

/// What somebody does to a list; the numbers are taken modulo what is possible.
#[derive(Clone, Debug)]
enum Act {
    Insert(usize),
    Move(usize, usize),
    Delete(usize),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        3 => any::<usize>().prop_map(Act::Insert),
        2 => any::<(usize, usize)>().prop_map(|(from, to)| Act::Move(from, to)),
        1 => any::<usize>().prop_map(Act::Delete),
    ];
    prop::collection::vec(act, 0..40)
}

/// Rows as the tables hold them, in no order: (name, position).
type Rows = Vec<(u32, i32)>;

fn shift(rows: &mut Rows, from: i32, to: i32) {
    for (_, position) in rows.iter_mut().filter(|(_, position)| *position != from) {
        *position = after_move(*position, from, to);
    }
}

fn names_in_order(rows: &Rows) -> Vec<u32> {
    let mut rows = rows.clone();
    rows.sort_by_key(|(_, position)| *position);
    rows.into_iter().map(|(name, _)| name).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn places_have_no_holes_and_the_others_keep_their_order(acts in acts()) {
        let mut rows = Rows::new();
        let mut list: Vec<u32> = Vec::new();
        for (name, act) in (0..).zip(acts) {
            let count = list.len();
            match act {
                Act::Insert(to) => {
                    let to = to % (count + 1);
                    shift(&mut rows, count as i32 + 1, to as i32 + 1);
                    rows.push((name, to as i32 + 1));
                    list.insert(to, name);
                }
                Act::Move(from, to) if count > 0 => {
                    let (from, to) = (from % count, to % count);
                    shift(&mut rows, from as i32 + 1, to as i32 + 1);
                    let moved = list.remove(from);
                    list.insert(to, moved);
                    rows.iter_mut().find(|(name, _)| *name == moved).unwrap().1 = to as i32 + 1;
                }
                Act::Delete(at) if count > 0 => {
                    let at = at % count;
                    shift(&mut rows, at as i32 + 1, count as i32);
                    let gone = list.remove(at);
                    rows.retain(|(name, _)| *name != gone);
                }
                _ => {}
            }
            prop_assert_eq!(&names_in_order(&rows), &list);
            let mut places: Vec<i32> = rows.iter().map(|(_, position)| *position).collect();
            places.sort_unstable();
            prop_assert_eq!(places, (1..=list.len() as i32).collect::<Vec<_>>());
        }
    }

    #[test]
    fn any_order_of_all_ids_is_one(order in Just((1..20).map(Uuid::from_u128).collect::<Vec<_>>()).prop_shuffle()) {
        let known: Vec<Uuid> = (1..20).map(Uuid::from_u128).collect();
        prop_assert!(faults_of_order(&known, &order).is_empty());
    }

    #[test]
    fn a_list_that_lacks_or_repeats_an_id_is_no_order(at in 0..19_usize, repeats in any::<bool>()) {
        let known: Vec<Uuid> = (1..20).map(Uuid::from_u128).collect();
        let mut order = known.clone();
        let id = order.remove(at);
        prop_assert_eq!(faults_of_order(&known, &order).len(), 1);
        if repeats {
            order.extend([id, id]);
            prop_assert_eq!(faults_of_order(&known, &order).len(), 1);
        }
    }
}
