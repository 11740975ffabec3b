//! Somebody who asks for more than their share.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use api::foundation::config::RateLimit;
use tests::World;

use crate::world_with;

/// A request that is being answered for as long as this lives: its body never comes.
fn busy(world: &World, name: &str) -> TcpStream {
    let authority = world.url().strip_prefix("http://").unwrap();
    let token = world.as_(name).token().unwrap();
    let mut stream = TcpStream::connect(authority).unwrap();
    write!(
        stream,
        "PATCH /v1/me HTTP/1.1\r\nHost: {authority}\r\nAuthorization: Bearer {token}\r\n\
         If-Match: *\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n"
    )
    .unwrap();
    stream
}

#[tokio::test]
async fn one_person_has_so_many_requests_answered_at_once_and_no_more() {
    let world = world_with(|config| {
        config.rate_limit = RateLimit::PerSecond(10_000.try_into().unwrap());
        config.concurrency = 2.try_into().unwrap();
    })
    .await;
    let tom = world.as_("tom");
    let mut held = Vec::new();
    let mut answer = tom.get("/v1/me").await;
    while answer.status == 200 {
        assert!(held.len() < 100, "never refused");
        // One that arrives beside the request below may itself be the one too many.
        held.push(busy(&world, "tom"));
        tokio::time::sleep(Duration::from_millis(20)).await;
        answer = tom.get("/v1/me").await;
    }
    assert!(held.len() >= 2);
    assert_eq!(answer.header("retry-after"), Some("1"));
    answer.refused(429, "too_many_requests");
    world.as_("tina").get("/v1/me").await.expect(200);

    drop(held);
    for _ in 0..250 {
        if tom.get("/v1/me").await.status == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("refused for ever");
}
