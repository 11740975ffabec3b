//! Screens across booklets cost the same however many there are: calls, statements, bytes.

use sea_orm::Database;
use secrecy::ExposeSecret;
use tests::{Grown, grow};

use super::*;

/// What a screen asks: who, which addresses, and how many KiB it may take.
struct Screen {
    name: &'static str,
    who: &'static str,
    asks: &'static [&'static str],
    most: usize,
}

const SCREENS: [Screen; 7] = [
    Screen {
        name: "a tutor's dashboard",
        who: "tom",
        asks: &[
            "/v1/to-do?waiting_for=me&limit=50",
            "/v1/to-do/counts",
            "/v1/appointments?state=planned&from=2026-01-01T00:00:00Z&sort=starts_at&limit=10",
        ],
        most: 40,
    },
    Screen {
        name: "what an organization has to do",
        who: "claire",
        asks: &["/v1/to-do?limit=50", "/v1/to-do/counts"],
        most: 40,
    },
    Screen {
        name: "a coordinator's board",
        who: "claire",
        asks: &[
            "/v1/booklets?state=open,active&include=summary&sort=name&limit=25",
            "/v1/booklets/counts?group_by=tutor",
            "/v1/to-do/counts",
        ],
        most: 60,
    },
    Screen {
        name: "a candidate's home",
        who: "samira",
        asks: &[
            "/v1/booklets?include=summary",
            "/v1/to-do?waiting_for=me&limit=20",
        ],
        most: 40,
    },
    Screen {
        name: "a search for a person with their booklet",
        who: "claire",
        asks: &["/v1/search?q=benaly"],
        most: 20,
    },
    Screen {
        name: "what is new since the last visit",
        who: "claire",
        asks: &["/v1/me/news?since=2020-01-01T00:00:00Z&limit=50"],
        most: 40,
    },
    Screen {
        name: "what a prescriber follows",
        who: "paul",
        asks: &["/v1/milestones?limit=20"],
        // With who signed, when, and when that was written.
        most: 44,
    },
];

/// How often the organization has its booklets over again; the second time, what it has by then.
const TIMES: [u32; 2] = [80, 4];

#[tokio::test]
async fn a_screen_costs_the_same_however_many_booklets_there_are() {
    let world = world().await;
    manners::fill(&world).await;
    let url = world.state.config.database_url.expose_secret();
    let (mut first, mut booklets, mut spent) = (1, 3, Vec::new());
    for times in TIMES {
        let db = Database::connect(url).await.unwrap();
        let home = world.organization_id("horizon");
        grow(&db, Grown::Booklets, home, first, first + times)
            .await
            .unwrap();
        db.close().await.unwrap();
        first += times;
        booklets *= times + 1;
        let mut costs = Vec::new();
        for screen in &SCREENS {
            let (statements, bytes) = cost(&world, screen).await;
            println!(
                "{booklets} booklets, {}: {} calls, {statements} statements, {} KiB",
                screen.name,
                screen.asks.len(),
                bytes.div_ceil(1024),
            );
            assert!(screen.asks.len() <= 3, "{}", screen.name);
            assert!(bytes <= screen.most * 1024, "{}: {bytes}", screen.name);
            costs.push((screen.name, statements));
        }
        spent.push(costs);
    }
    assert_eq!(spent[0], spent[1]);
}

/// Statements and bytes; the least of some times, for who asks is looked up now and then.
async fn cost(world: &World, screen: &Screen) -> (u64, usize) {
    let (who, mut least, mut bytes) = (world.as_(screen.who), u64::MAX, 0);
    for _ in 0..3 {
        let before = world.state.db.statements();
        bytes = 0;
        for path in screen.asks {
            bytes += who.get(path).await.expect(200).to_string().len();
        }
        least = least.min(world.state.db.statements() - before);
    }
    (least, bytes)
}
