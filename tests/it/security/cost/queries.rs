//! Questions made to be told of at length.

use super::bounded;
use crate::world;

#[tokio::test]
async fn a_query_of_very_many_parameters_is_a_hundred_faults() {
    let world = world().await;
    for pairs in [
        "a=&".repeat(15_000),
        (0..9000).map(|n| format!("p{n}&")).collect(),
    ] {
        let answer = world.as_("tom").get(&format!("/v1/booklets?{pairs}")).await;
        bounded(&answer);
        let problem = answer.refused(400, "malformed_query");
        assert_eq!(problem["errors"].as_array().unwrap().len(), 100);
    }
}

#[tokio::test]
async fn the_name_of_a_parameter_comes_back_as_far_as_it_is_needed() {
    let world = world().await;
    // Control characters are six bytes each on their way back.
    for letter in ["x", "%01", "%C3%A9"] {
        let query = (0..100).map(|n| format!("{n}{}=1", letter.repeat(550 / letter.len())));
        let query: Vec<String> = query.collect();
        let path = format!("/v1/booklets?{}", query.join("&"));
        let answer = world.as_("tom").get(&path).await;
        bounded(&answer);
        answer.refused(400, "malformed_query");
    }
}

#[tokio::test]
async fn a_list_in_a_query_is_at_fault_as_a_list() {
    let world = world().await;
    let path = format!("/v1/booklets?include={}", "a,".repeat(20_000));
    let answer = world.as_("tom").get(&path).await;
    bounded(&answer);
    answer.refused(400, "malformed_query");
}
