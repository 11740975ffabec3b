//! Time forgives at its pace, however often somebody comes.

use super::*;

fn never() -> Model {
    Model {
        key: String::new(),
        failures: 0,
        last_at: DateTime::UNIX_EPOCH,
        trusted_until: None,
    }
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
}

fn fail(rule: &Rule, row: &mut Model, seconds: i64) {
    let counted = rule.one_more(row, at(seconds));
    (row.failures, row.last_at) = (counted.failures, counted.last_at);
}

fn succeed(rule: &Rule, row: &mut Model, seconds: i64) {
    let counted = rule.one_more(row, at(seconds));
    (row.failures, row.last_at) = (counted.failures - 1, counted.kept);
}

#[test]
fn one_is_forgiven_a_minute_however_often_somebody_comes() {
    let mut row = never();
    for second in 0..10 {
        fail(&ADDRESS, &mut row, second);
    }
    for second in (20..=300).step_by(20) {
        succeed(&ADDRESS, &mut row, second);
    }
    assert_eq!(row.failures, 5);
    assert_eq!(ADDRESS.standing(&row, at(300)), 5);
}

#[test]
fn neither_does_a_right_password_where_there_is_a_wait() {
    let mut row = never();
    for _ in 0..52 {
        fail(&ADDRESS, &mut row, 0);
    }
    for second in (40..=280).step_by(40) {
        succeed(&ADDRESS, &mut row, second);
    }
    assert_eq!(row.failures, 48);
}

#[test]
fn quiet_times_are_not_saved_up() {
    let mut row = never();
    fail(&ADDRESS, &mut row, 0);
    fail(&ADDRESS, &mut row, 3_600);
    fail(&ADDRESS, &mut row, 3_601);
    assert_eq!((row.failures, row.last_at), (2, at(3_600)));
}

/// The most that the rule promises: what is free, one for each that is forgiven, and those whose
/// wait is shorter than the time in which one is forgiven.
#[test]
fn a_patient_guesser_gets_no_more_than_the_rule_gives() {
    for rule in [&ACCOUNT_AT_ADDRESS, &ACCOUNT, &ADDRESS] {
        let unit = rule.forgiven.num_seconds();
        let shorter_waits = (0..20)
            .take_while(|over| (rule.wait * 2_i32.pow(*over)) < rule.forgiven)
            .count();
        let time = 200 * unit;
        let most = i64::from(rule.free) + 200 + i64::try_from(shorter_waits).unwrap() + 1;
        for pause in [1, 7, unit / 2, unit - 1, unit, unit + 1] {
            let (mut row, mut guesses) = (never(), 0);
            for second in (0..time).step_by(usize::try_from(pause).unwrap()) {
                if rule.wait(&row, at(second)) <= TimeDelta::zero() {
                    fail(rule, &mut row, second);
                    guesses += 1;
                }
            }
            assert!(
                guesses <= most,
                "{guesses} guesses every {pause} s, {most} at most"
            );
        }
    }
}

#[test]
fn a_wait_is_counted_from_the_last_attempt() {
    let mut row = never();
    for second in 0..50 {
        fail(&ADDRESS, &mut row, second);
    }
    assert_eq!(ADDRESS.wait(&row, at(49)), TimeDelta::seconds(5));
    fail(&ADDRESS, &mut row, 58);
    assert_eq!(ADDRESS.wait(&row, at(58)), TimeDelta::seconds(10));
}
