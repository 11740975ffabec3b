//! The order of the stages: positions are 1..n, without holes.

use crate::kit::{Fault, FaultCode, Problem, Result};

/// The stages in their new order, when one of them (or a new one) goes to this position.
///
/// # Errors
/// 422 at `/position` beyond the last place.
pub(super) fn moved_to<T: PartialEq>(stages: Vec<T>, stage: T, position: i32) -> Result<Vec<T>> {
    let mut order: Vec<T> = stages.into_iter().filter(|other| *other != stage).collect();
    let last = order.len() + 1;
    match usize::try_from(position) {
        Ok(place @ 1..) if place <= last => {
            order.insert(place - 1, stage);
            Ok(order)
        }
        _ => {
            let fault = Fault::new("/position", FaultCode::Maximum).with("max", last);
            Err(Problem::invalid(vec![fault]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_that_moves_makes_the_others_close_ranks() {
        let order = vec!["a", "b", "c"];
        assert_eq!(moved_to(order.clone(), "a", 3).unwrap(), ["b", "c", "a"]);
        assert_eq!(moved_to(order.clone(), "c", 1).unwrap(), ["c", "a", "b"]);
        assert_eq!(moved_to(order, "b", 2).unwrap(), ["a", "b", "c"]);
    }

    #[test]
    fn a_new_stage_goes_anywhere_up_to_the_end() {
        let order = vec!["a", "b"];
        assert_eq!(moved_to(order.clone(), "n", 1).unwrap(), ["n", "a", "b"]);
        assert_eq!(moved_to(order.clone(), "n", 3).unwrap(), ["a", "b", "n"]);
        assert!(moved_to(order.clone(), "n", 4).is_err());
        assert!(moved_to(order, "n", 0).is_err());
    }
}
