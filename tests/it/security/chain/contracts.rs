//! Contracts that are changed in the database, text and hashes alike.

use sea_orm::sea_query::Expr;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::*;

/// A contract that both have signed; its id and its proof.
async fn signed(world: &World) -> (Uuid, Value) {
    let tom = world.as_("tom");
    let body = json!({ "ends_on": world.day(100) });
    let drafted = tom.post(&world.booklet("samira", "contracts"), body).await;
    let id: Uuid = drafted.expect(201)["id"].as_str().unwrap().parse().unwrap();
    let at = |action: &str| format!("/v1/contracts/{id}/{action}");
    tom.act(&at("propose")).await.expect(200);
    for party in ["samira", "tom"] {
        let place = json!({ "place": "Toulouse" });
        let party = world.as_(party);
        party.sign(&at("signatures"), place).await.expect(200);
    }
    extend(world).await;
    assert_eq!(report(world).await.faults, 0);
    (id, tom.get(&at("proof")).await.expect(200))
}

/// Writes over a column of the rows where another column has this id.
async fn forge(
    world: &World,
    table: &'static str,
    (column, value): (&'static str, SimpleExpr),
    id: Uuid,
) {
    let by = if table == "contracts" {
        "id"
    } else {
        "contract_id"
    };
    let change = Query::update()
        .table(table)
        .value(column, value)
        .and_where(Expr::col(by).eq(id))
        .to_owned();
    let changed = world.state.db.writer().execute(&change).await.unwrap();
    assert!(changed.rows_affected() > 0, "{table}.{column}");
}

#[tokio::test]
async fn a_text_changed_with_all_its_hashes_is_found() {
    let world = world().await;
    let (id, proof) = signed(&world).await;
    let other = "Je ne m'engage à rien.";
    forge(&world, "contracts", ("preamble", other.into()), id).await;
    tells(
        &report(&world).await,
        &[&id.to_string(), "its text is not the one"],
    );

    let mut content: Value = serde_json::from_str(proof["canonical"].as_str().unwrap()).unwrap();
    content["preamble"] = json!(other);
    let text = serde_json_canonicalizer::to_string(&content).unwrap();
    let hash = format!("{:x}", Sha256::digest(&text));
    let hash = || ("content_sha256", hash.as_str().into());
    forge(&world, "contracts", hash(), id).await;
    tells(
        &report(&world).await,
        &[&id.to_string(), "signature of the"],
    );
    forge(&world, "signatures", hash(), id).await;
    // Whoever reads the contract finds nothing odd: only the events know better.
    let proof = format!("/v1/contracts/{id}/proof");
    let shown = world.as_("samira").get(&proof).await.expect(200);
    assert_eq!(shown["canonical"], text);
    tells(
        &report(&world).await,
        &[&id.to_string(), "tells of another text"],
    );
}

#[tokio::test]
async fn a_proposal_undone_behind_the_events_is_found() {
    let world = world().await;
    let (id, _) = signed(&world).await;
    forge(&world, "contracts", ("state", "draft".into()), id).await;
    tells(&report(&world).await, &[&id.to_string(), "nobody withdrew"]);
    forge(&world, "contracts", ("state", "no such state".into()), id).await;
    tells(&report(&world).await, &[&id.to_string(), "cannot be read"]);
}

#[tokio::test]
async fn events_from_before_they_named_hashes_stay_valid() {
    let world = world().await;
    let tom = world.as_("tom");
    let body = json!({ "ends_on": world.day(100) });
    let drafted = tom.post(&world.booklet("samira", "contracts"), body).await;
    let id = drafted.expect(201)["id"].as_str().unwrap().to_owned();
    let propose = format!("/v1/contracts/{id}/propose");
    tom.act(&propose).await.expect(200);
    let forget = Query::update()
        .table("events")
        .value("content_sha256", Option::<String>::None)
        .to_owned();
    world.state.db.writer().execute(&forget).await.unwrap();
    extend(&world).await;
    assert_eq!(report(&world).await.sentences, Vec::<String>::new());
}

#[tokio::test]
async fn the_trail_shows_what_was_proposed_and_signed() {
    let world = world().await;
    let (_, proof) = signed(&world).await;
    let audit = world.booklet("samira", "audit");
    let trail = world.as_("samira").get(&audit).await.expect(200);
    let hashes = trail["items"].as_array().unwrap().iter().map(|event| {
        let is_content = event["content_sha256"] == proof["content_sha256"];
        (event["type"].as_str().unwrap(), is_content)
    });
    let told: Vec<&str> = hashes.filter(|(_, is)| *is).map(|(kind, _)| kind).collect();
    assert_eq!(
        told,
        ["contract.signed", "contract.signed", "contract.proposed"]
    );
}
