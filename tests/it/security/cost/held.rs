//! Requests that begin in time and end too late.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde_json::json;

use crate::world;

/// A session that had ended could write for as long as a body may take.
#[tokio::test]
async fn a_body_that_is_held_back_does_not_outlive_its_session() {
    let world = world().await;
    let authority = world.url().strip_prefix("http://").unwrap().to_owned();
    let (tom, notes) = (world.as_("tom"), world.booklet("samira", "notes"));
    let body = json!({ "body": "Trop tard.", "visibility": "shared" }).to_string();
    let head = format!(
        "POST {notes} HTTP/1.1\r\nHost: {authority}\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        tom.token().unwrap(),
        body.len()
    );
    let mut stream = TcpStream::connect(&authority).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    // The head is read, and the caller known, before the session ends.
    tokio::time::sleep(Duration::from_millis(500)).await;
    tom.act("/v1/auth/logout").await.expect(204);
    world.clock.advance(TimeDelta::seconds(3));
    let answer = tokio::task::spawn_blocking(move || {
        stream.write_all(body.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    let answer = answer.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    let listed = world.as_("claire").get(&notes).await.expect(200);
    assert_eq!(listed["items"], json!([]));
}

/// It was read on for ever, 22 GiB in 12 seconds.
#[tokio::test]
async fn a_body_without_end_that_nobody_wants_ends_its_connection() {
    let world = world().await;
    let authority = world.url().strip_prefix("http://").unwrap().to_owned();
    let tom = world.as_("tom").token().unwrap();
    for (who, status) in [
        (String::new(), "401"),
        (format!("Authorization: Bearer {tom}\r\n"), "413"),
    ] {
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: {authority}\r\n{who}Content-Type: application/json\r\n\
             Transfer-Encoding: chunked\r\n\r\n",
            world.booklet("samira", "notes")
        );
        let mut stream = TcpStream::connect(&authority).unwrap();
        let pouring = tokio::task::spawn_blocking(move || {
            let piece = format!("10000\r\n{}\r\n", "[".repeat(0x10000));
            stream.write_all(head.as_bytes()).unwrap();
            let began = Instant::now();
            while stream.write_all(piece.as_bytes()).is_ok() {
                assert!(began.elapsed() < Duration::from_secs(30), "for ever");
            }
            let mut answer = String::new();
            // What was answered came before the end.
            let _cut = stream.read_to_string(&mut answer);
            answer
        });
        let answer = pouring.await.unwrap();
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
    }
}
