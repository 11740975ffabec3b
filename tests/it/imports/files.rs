//! CSV as spreadsheets and programs write it.

use serde_json::json;

use super::{applied, candidate, checked, counts, faults, read, send, send_as, went};
use crate::world;

#[tokio::test]
async fn a_file_with_semicolons_commas_a_mark_or_other_line_ends_says_the_same() {
    let rows = |separator: &str, end: &str| {
        let lines = [
            ["external_id", "given_name", "family_name", "birth_date"],
            ["C-1", "Inès", "Carpentier", "1987-04-12"],
            ["C-2", "Paul", "d'Aubigné", ""],
        ];
        let lines = lines.map(|cells| cells.join(separator));
        lines.join(end)
    };
    for (separator, end, before, after) in [
        (";", "\n", "", ""),
        (",", "\r\n", "\u{feff}", "\r\n"),
        (";", "\r\n", "\u{feff}", "\r\n\r\n"),
        (",", "\n", "", "\n\n"),
    ] {
        let world = world().await;
        let file = format!("{before}{}{after}", rows(separator, end));
        let import = applied(&world, &file).await;
        assert_eq!(counts(&import), ("done", [2, 0, 0, 0]), "{file:?}");
        let ines = candidate(&world, "C-1").await;
        assert_eq!(ines["given_name"], "Inès");
        assert_eq!(ines["birth_date"], "1987-04-12");
        let paul = candidate(&world, "C-2").await;
        assert_eq!(paul["family_name"], "d'Aubigné");
        assert_eq!(paul["birth_date"], json!(null));
    }
}

#[tokio::test]
async fn quoted_cells_hold_separators_quotes_and_line_breaks() {
    let world = world().await;
    let file = "external_id;given_name;family_name;accessibility_needs\r\n\
        C-1;Inès;\"Carpentier; née \"\"Roy\"\"\";\"Une rampe,\r\nun ascenseur\"\r\n\
        \"C-2\";\"Paul\";\"Roy\";\r\n\
        C-3;Zoé;Roy;;;\"\"\r\n\
        C-4;Zoé;Roy;;trop\r\n";
    let import = checked(&world, file).await;
    // The line where the record begins, in an editor.
    let found = faults(&world, &import).await;
    assert_eq!(
        found,
        [(
            6,
            json!(4),
            "/accessibility_needs".into(),
            "cell_count".into()
        )]
    );
    let done = super::apply(&world, &import, "valid_rows").await;
    assert_eq!(counts(&done), ("done", [3, 0, 0, 1]));
    let ines = candidate(&world, "C-1").await;
    assert_eq!(ines["family_name"], "Carpentier; née \"Roy\"");
    assert_eq!(ines["accessibility_needs"], "Une rampe,\r\nun ascenseur");
}

#[tokio::test]
async fn what_looks_like_a_formula_is_text() {
    let world = world().await;
    let file = "external_id,given_name,family_name\nC-1,=1+1,@SUM(A1)\nC-2,-2,\"+3, \"\n";
    let import = applied(&world, file).await;
    assert_eq!(counts(&import), ("done", [2, 0, 0, 0]));
    let one = candidate(&world, "C-1").await;
    assert_eq!(
        (&one["given_name"], &one["family_name"]),
        (&json!("=1+1"), &json!("@SUM(A1)"))
    );
    let two = candidate(&world, "C-2").await;
    assert_eq!(
        (&two["given_name"], &two["family_name"]),
        (&json!("-2"), &json!("+3,"))
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_reported_with_line_and_column() {
    let world = world().await;
    let mut file = b"external_id,given_name,family_name\nC-0,Zo\xc3\xa9,Roy\n".to_vec();
    file.extend(b"C-1,In\xe8s,Roy\n\nC-2,Paul,R\0y\nC-3,Zo\xc3\xa9\nC-4,Ana,\"Roy\nC-5,Eve,Roy\n");
    let import = went(&world, send(&world, "claire", "", file).await).await;
    let text = |text: &str| text.to_owned();
    assert_eq!(
        faults(&world, &import).await,
        [
            (3, json!(2), text("/given_name"), text("encoding")),
            (5, json!(3), text("/family_name"), text("nul_character")),
            (6, json!(3), text("/family_name"), text("required")),
            (7, json!(3), text("/family_name"), text("open_quote")),
        ]
    );
    assert_eq!(
        (&import["rows_total"], &import["rows_checked"]),
        (&json!(5), &json!(5))
    );
}

#[tokio::test]
async fn a_header_with_unknown_or_repeated_columns_is_refused_as_a_whole() {
    let world = world().await;
    for (file, expected) in [
        (
            "given_name;nom;nom\nA;B;C\n",
            vec![("/nom", "unknown_column"), ("/nom", "unknown_column")],
        ),
        (
            "given_name,given_name\nA,B\n",
            vec![("/given_name", "unique_items")],
        ),
        (
            "given_name,state,certification\n",
            vec![
                ("/state", "unknown_column"),
                ("/certification", "unknown_column"),
            ],
        ),
        ("", vec![("", "empty_file")]),
        ("\r\n\n", vec![("", "empty_file")]),
    ] {
        let found = send(&world, "claire", "", file).await.faults();
        let found: Vec<(&str, &str)> = found.iter().map(|(at, code)| (&**at, &**code)).collect();
        assert_eq!(found, expected, "{file:?}");
    }
    let none = world.as_("claire").get("/v1/imports").await.expect(200);
    assert_eq!(none["items"], json!([]));
}

#[tokio::test]
async fn an_unknown_column_is_told_which_there_are() {
    let world = world().await;
    let sent = send(&world, "claire", "", "nom\nRoy\n").await.expect(422);
    let allowed = sent["errors"][0]["params"]["allowed"].as_str().unwrap();
    let allowed: Vec<&str> = allowed.split(", ").collect();
    assert!(allowed.contains(&"external_id") && allowed.contains(&"family_name"));
    assert!(!allowed.contains(&"external_references"));
}

#[tokio::test]
async fn names_without_their_system_are_refused_once_for_the_whole_file() {
    let world = world().await;
    let file = "external_id,given_name,family_name\nC-1,Inès,Roy\nC-2,Paul,Roy\n";
    let sent = send_as(&world, "resource=candidates", super::CSV, file).await;
    let required = ("/external_system".to_owned(), "required".to_owned());
    assert_eq!(sent.faults(), [required]);
    let file = "external_id,external_system,given_name,family_name\nC-1,crm,Inès,Roy\n";
    let sent = send_as(&world, "resource=candidates", super::CSV, file).await;
    assert_eq!(counts(&went(&world, sent).await), ("ready", [1, 0, 0, 0]));
}

#[tokio::test]
async fn a_file_without_rows_is_done_at_once() {
    let world = world().await;
    let import = applied(&world, "given_name,family_name\n").await;
    assert_eq!(counts(&import), ("done", [0, 0, 0, 0]));
}

#[tokio::test]
async fn columns_that_the_file_lacks_stay_and_empty_cells_erase() {
    let world = world().await;
    let file = "external_id,given_name,family_name,phone,preferred_channel\nC-1,Inès,Roy,+33612345678,sms\n";
    applied(&world, file).await;
    let file = "external_id,phone,preferred_channel\nC-1,,\n";
    let import = applied(&world, file).await;
    assert_eq!(counts(&import), ("done", [0, 1, 0, 0]));
    let ines = candidate(&world, "C-1").await;
    assert_eq!(ines["given_name"], "Inès");
    assert_eq!(ines["phone"], json!(null));
    assert_eq!(ines["preferred_channel"], "email");
    assert_eq!(ines["version"], 2);
}

#[tokio::test]
async fn a_repeated_upload_under_one_key_is_one_import() {
    let world = world().await;
    let path = "/v1/imports?resource=candidates";
    let file = "given_name,family_name\nInès,Roy\n";
    let headers = [
        ("content-type", super::CSV),
        ("idempotency-key", "upload-1"),
    ];
    let claire = world.as_("claire");
    let first = claire
        .post_bytes(path, file.as_bytes(), &headers)
        .await
        .expect(201);
    let again = claire.post_bytes(path, file.as_bytes(), &headers).await;
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.expect(201), first);
    let other = claire
        .post_bytes(path, b"given_name,family_name\n", &headers)
        .await;
    other.refused(422, "idempotency_key_reused");
    let all = claire.get("/v1/imports").await.expect(200);
    assert_eq!(all["items"].as_array().unwrap().len(), 1);
    assert_eq!(read(&world, &first["id"]).await["rows_total"], 1);
}

#[tokio::test]
async fn files_that_are_too_large_compressed_or_of_another_kind_are_refused() {
    let world = world().await;
    let long = format!(
        "given_name,family_name\nInès,\"{}\"\n",
        "x".repeat(1_100_000)
    );
    send(&world, "claire", "", long)
        .await
        .refused(413, "payload_too_large");
    let claire = world.as_("claire");
    let path = "/v1/imports?resource=candidates";
    for headers in [
        [
            ("content-type", "text/csv; charset=klingon"),
            ("accept", "*/*"),
        ],
        [("content-type", "text/csv"), ("content-encoding", "gzip")],
        [("content-type", "application/json"), ("accept", "*/*")],
    ] {
        let answer = claire.post_bytes(path, b"given_name\n", &headers).await;
        let said = answer.refused(415, "unsupported_media_type")["detail"].to_string();
        assert!(said.contains("text/csv") && said.contains("application/x-ndjson"));
    }
    let rows = crate::it::rows::everything(&world).await;
    assert!(!rows.contains_key("import_rows") || rows["import_rows"].is_empty());
}

#[tokio::test]
async fn the_query_says_what_a_file_is_whatever_its_media_type() {
    let world = world().await;
    let csv = "given_name,family_name\nInès,Carpentier\n";
    let lines = "{\"given_name\":\"Inès\",\"family_name\":\"Carpentier\"}\n";
    for (format, file, media_type) in [
        ("csv", csv, "application/octet-stream"),
        ("json_lines", lines, "text/csv"),
    ] {
        let query = format!("resource=candidates&format={format}");
        let sent = send_as(&world, &query, media_type, file).await;
        let import = went(&world, sent).await;
        assert_eq!(import["format"], format);
        assert_eq!(
            (&import["rows_total"], &import["rows_faulty"]),
            (&json!(1), &json!(0))
        );
    }
}
