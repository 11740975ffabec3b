//! What numbers tell of what is not shown.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::json;

use crate::it::rows;
use crate::world;

/// The database numbers the changes of all together: whoever saw its numbers would count, by the gaps
/// between those of two changes, what is written in private.
#[tokio::test]
async fn no_number_tells_how_many_private_notes_were_written() {
    let world = world().await;
    let (samira, notes) = (world.as_("samira"), world.booklet("samira", "notes"));
    for private in 0..6 {
        for _ in 0..private {
            samira.post(&notes, json!({ "body": "À moi." })).await;
        }
        let shared = json!({ "body": "À nous.", "visibility": "shared" });
        samira.post(&notes, shared).await.expect(201);
    }
    let shared = rows::events(&world, "note").await.into_iter();
    let shared = shared.filter(|event| event.private_to.is_none());
    let stored: Vec<i64> = shared.map(|event| event.sequence).collect();
    let tom = world.as_("tom");
    let audit = format!("{}?limit=1", world.booklet("samira", "audit"));
    let (mut shown, mut after) = (Vec::new(), String::new());
    for sequence in stored.iter().rev() {
        let page = tom.get(&format!("{audit}&after={after}")).await.expect(200);
        assert_eq!(page["items"][0]["type"], "note.created");
        shown.push(page["items"][0]["sequence"].as_i64().unwrap());
        page["next"]
            .as_str()
            .unwrap_or_default()
            .clone_into(&mut after);
        let cursor = BASE64_URL_SAFE_NO_PAD.decode(&after).unwrap();
        let bytes = sequence.to_be_bytes();
        assert!(!cursor.windows(8).any(|some| some == bytes), "{after}");
    }
    let apart = |numbers: &[i64]| -> Vec<i64> {
        let pairs = numbers.windows(2);
        pairs.map(|pair| (pair[0] - pair[1]).abs()).collect()
    };
    stored
        .iter()
        .for_each(|number| assert!(!shown.contains(number)));
    assert_eq!(apart(&stored), [2, 3, 4, 5, 6]);
    assert!(apart(&shown).iter().all(|apart| *apart > 10), "{shown:?}");
    // The same of what leaves the service.
    let exported = world
        .as_("claire")
        .get("/v1/exports/events?format=jsonl")
        .await;
    let exported = exported.text(200);
    for number in &shown {
        assert!(
            exported.contains(&number.to_string()),
            "{number}: {exported}"
        );
    }
}
