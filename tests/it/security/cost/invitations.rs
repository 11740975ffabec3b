//! Mails that somebody has sent to an address again and again.

use std::num::NonZeroU32;

use api::foundation::config::RateLimit;
use chrono::TimeDelta;
use serde_json::json;

use crate::world_with;

#[tokio::test]
async fn somebody_is_invited_once_a_minute() {
    let world = world_with(|config| {
        config.rate_limit = RateLimit::PerSecond(NonZeroU32::new(10_000).unwrap());
    })
    .await;
    let claire = world.as_("claire");
    let new = json!({ "email": "kim@livret.example", "role": "tutor", "given_name": "Kim", "family_name": "Roy" });
    let kim = claire.post("/v1/users", new).await.expect(201);
    let invite = format!("/v1/users/{}/invitation", kim["id"].as_str().unwrap());
    claire.act(&invite).await.expect(200);
    let refused = claire.act(&invite).await;
    assert_eq!(refused.header("retry-after"), Some("60"));
    refused.refused(429, "too_many_requests");
    assert_eq!(world.mails_to("kim@livret.example").await.len(), 1);
    world.clock.advance(TimeDelta::minutes(1));
    claire.act(&invite).await.expect(200);
}
