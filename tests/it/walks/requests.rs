//! Questions, headers and bodies that no operation takes.

use super::*;

/// Whether its body is a file, which is read line by line: what is wrong with it is reported.
fn is_upload(operation: &Operation) -> bool {
    operation.description["requestBody"]["content"]["text/csv"].is_object()
}

#[tokio::test]
async fn every_operation_refuses_a_question_it_does_not_know_and_answers_json_alone() {
    let world = world().await;
    let mut files = Vec::new();
    for operation in Operation::all() {
        let (client, path) = (caller(&world, &operation), nowhere(&operation));
        let mark = if path.contains('?') { '&' } else { '?' };
        let unknown = format!("{path}{mark}unheard_of=1");
        let answer = send(&client, &operation, &unknown, "", &[]).await;
        met(&operation, &answer, 400);
        if operation.description["responses"]["406"].is_null() {
            files.push(operation.id);
            continue;
        }
        let headers = [("accept", "text/plain")];
        let answer = send(&client, &operation, &path, "", &headers).await;
        met(&operation, &answer, 406);
    }
    files.sort();
    // They come as what they are.
    assert_eq!(
        files,
        [
            "export_dataset",
            "export_organization",
            "get_import_template"
        ]
    );
}

#[tokio::test]
async fn every_header_has_the_length_that_the_contract_says() {
    let world = world().await;
    for operation in Operation::all() {
        let (client, path) = (caller(&world, &operation), nowhere(&operation));
        for (name, longest) in operation.bounded_headers() {
            for (length, is_refused) in [(longest, false), (longest + 1, true)] {
                let value = "x".repeat(usize::try_from(length).unwrap());
                let headers = [(name, value.as_str())];
                let answer = send(&client, &operation, &path, "", &headers).await;
                let code = answer.body["code"].as_str().unwrap_or_default();
                let refused = matches!(code, "bad_request" | "invalid_idempotency_key");
                assert_eq!(refused, is_refused, "{} {name}: {code}", operation.id);
            }
        }
    }
}

#[tokio::test]
async fn every_operation_with_a_body_refuses_one_of_another_type_size_or_form() {
    let world = world().await;
    for operation in Operation::all() {
        let Some(media_type) = operation.media_type() else {
            continue;
        };
        let (client, path) = (caller(&world, &operation), nowhere(&operation));
        let json = [("content-type", media_type)];
        let text = [("content-type", "text/plain")];
        let answer = send(&client, &operation, &path, "text", &text).await;
        met(&operation, &answer, 415);
        if is_upload(&operation) {
            continue;
        }
        let answer = send(&client, &operation, &path, vec![b' '; 2_000_000], &json).await;
        met(&operation, &answer, 413);
        // OAuth 2.0 has one answer to all that is malformed (RFC 6749, section 5.2).
        if operation.documents(422) {
            let answer = send(&client, &operation, &path, "{", &json).await;
            met(&operation, &answer, 400);
            let unknown = json!({ "unheard_of": true }).to_string();
            let answer = send(&client, &operation, &path, unknown, &json).await;
            met(&operation, &answer, 422);
        } else {
            let answer = send(&client, &operation, &path, "scope=a&scope=b", &json).await;
            met(&operation, &answer, 400);
        }
    }
}

/// As long as the service waits for a body, and for all operations at once.
#[tokio::test]
async fn every_operation_with_a_body_gives_up_one_that_does_not_arrive() {
    let world = world().await;
    let waiting = Operation::all().into_iter().filter_map(|operation| {
        let media_type = operation.media_type()?.to_owned();
        let (client, path) = (caller(&world, &operation), nowhere(&operation));
        Some(async move {
            let never = Body::wrap_stream(stream::pending::<Result<Vec<u8>, std::io::Error>>());
            let headers = [("content-type", media_type.as_str())];
            let answer = send(&client, &operation, &path, never, &headers).await;
            met(&operation, &answer, 408);
        })
    });
    assert!(!join_all(waiting).await.is_empty());
}
