//! The three forms say the same, and a spreadsheet calculates nothing of what people wrote.

use serde_json::{Value, json};

use super::{columns, datasets, name, rows, told};
use crate::it::imports::applied;
use crate::world;

/// The records of a CSV text.
fn records(text: &str, separator: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let records = reader.records().map(Result::unwrap);
    records
        .map(|record| record.iter().map(str::to_owned).collect())
        .collect()
}

/// What a cell of CSV says of a value like this one.
fn read(cell: &str, like: &Value) -> Value {
    match like {
        Value::Null => json!((!cell.is_empty()).then_some(cell)),
        Value::String(_) => json!(given_back(cell)),
        _ => serde_json::from_str(cell).unwrap(),
    }
}

/// The text of a cell: an apostrophe where a cell of another program would begin is none of it.
fn given_back(cell: &str) -> String {
    let (mut text, mut begins) = (String::new(), true);
    let mut signs = cell.chars();
    while let Some(mut sign) = signs.next() {
        if begins && sign == '\'' {
            sign = signs.next().unwrap();
        }
        text.push(sign);
        begins = [';', ',', '\t', '\r', '\n', '"'].contains(&sign);
    }
    text
}

#[tokio::test]
async fn csv_and_json_lines_say_the_same() {
    let (_demo, _world, claire) = told().await;
    let mut compared = 0;
    for dataset in datasets(&claire).await {
        let (name, columns) = (name(&dataset), columns(&dataset));
        let text = claire.get(&format!("/v1/exports/{name}")).await.text(200);
        assert!(text.ends_with("\r\n"), "{name}");
        let mut records = records(&text, b',').into_iter();
        assert_eq!(records.next().unwrap(), columns, "{name}");
        let lines = rows(&claire, name, "").await;
        assert_eq!(records.len(), lines.len(), "{name}");
        for (record, line) in records.zip(&lines) {
            for (cell, column) in record.iter().zip(&columns) {
                let value = &line[column];
                assert_eq!(read(cell, value), *value, "{name} {column}");
                compared += 1;
            }
        }
    }
    assert!(compared > 1000, "only {compared} cells were compared");
}

#[tokio::test]
async fn a_text_that_would_be_calculated_is_harmless_and_comes_back() {
    let world = world().await;
    let claire = world.as_("claire");
    for given_name in [
        "=1+1",
        "+33 6",
        "-2",
        "@SUM(A1)",
        "'tis",
        // A name is on one line.
        "a;b,\"c\"\nd",
        "a;=1,-2",
    ] {
        let body =
            json!({ "given_name": given_name, "family_name": "Zed", "phone": "+33612345678" });
        claire.post("/v1/candidates", body).await.expect(201);
    }
    for (query, separator) in [("", b','), ("?separator=semicolon", b';')] {
        let at = format!("/v1/exports/candidates{query}");
        let text = claire.get(&at).await.text(200);
        assert_eq!(text.starts_with('\u{feff}'), separator == b';');
        let records = records(text.trim_start_matches('\u{feff}'), separator);
        let zed: Vec<&Vec<String>> = records.iter().filter(|row| row[3] == "Zed").collect();
        let names: Vec<&str> = zed.iter().map(|row| row[2].as_str()).collect();
        assert_eq!(
            names,
            [
                "'=1+1",
                "'+33 6",
                "'-2",
                "'@SUM(A1)",
                "''tis",
                "a;b,\"c\" d",
                "a;'=1,'-2"
            ]
        );
        assert!(zed.iter().all(|row| row[6] == "'+33612345678"));
    }
    let lines = rows(&claire, "candidates", "").await;
    assert!(lines.iter().any(|row| row["given_name"] == "=1+1"));
    assert!(lines.iter().any(|row| row["phone"] == "+33612345678"));
}

/// Programs differ in what they take for the end of a cell.
#[tokio::test]
async fn no_cell_begins_with_a_formula_whatever_stands_between_cells() {
    let world = world().await;
    let claire = world.as_("claire");
    let attacks = [
        "=0", "a;=1", "a,-2", "a\t@3", "a\n+4", "a;\"=5", "b;\"\"=6", "''=7",
    ];
    for attack in attacks {
        let body = json!({ "given_name": attack, "family_name": "Zed" });
        claire.post("/v1/candidates", body).await.expect(201);
    }
    let address = json!({ "category": "other", "name": "Zed", "missions": "a", "urls": ["https://a.example/?;=8,=9"] });
    claire
        .post("/v1/useful-addresses", address)
        .await
        .expect(201);
    for dataset in ["candidates", "useful_addresses"] {
        for query in ["", "?separator=semicolon"] {
            let at = format!("/v1/exports/{dataset}{query}");
            let text = claire.get(&at).await.text(200);
            for separator in [';', ',', '\t'] {
                let cells = text.split(['\r', '\n', separator]);
                let mut begun = cells.map(|cell| cell.trim_start_matches('"'));
                let formula = begun.find(|cell| cell.starts_with(['=', '+', '-', '@']));
                assert_eq!(formula, None, "{at} read with {separator:?}");
            }
        }
    }
    // What was exported is what comes in again.
    let exported = claire.get("/v1/exports/candidates").await.text(200);
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(["external_id", "given_name", "family_name"])
        .unwrap();
    let zed = records(&exported, b',');
    for (number, row) in zed.iter().filter(|row| row[3] == "Zed").enumerate() {
        file.write_record([&number.to_string(), &row[2], &row[3]])
            .unwrap();
    }
    applied(
        &world,
        &String::from_utf8(file.into_inner().unwrap()).unwrap(),
    )
    .await;
    let lines = rows(&claire, "candidates", "").await;
    for attack in attacks {
        // A name is on one line.
        let kept = attack.replace(['\t', '\n'], " ");
        let twins = lines.iter().filter(|row| row["given_name"] == *kept);
        assert_eq!(twins.count(), 2, "{attack}");
    }
}

#[tokio::test]
async fn a_spreadsheet_is_one_whole_file_with_its_length() {
    let (_demo, _world, claire) = told().await;
    for dataset in datasets(&claire).await {
        let name = name(&dataset);
        let at = format!("/v1/exports/{name}?format=xlsx");
        let answer = claire.get(&at).await;
        assert_eq!(answer.status, 200, "{name}");
        let length = answer.header("content-length").unwrap();
        assert_eq!(length, answer.bytes.len().to_string(), "{name}");
        assert_eq!(answer.header("content-encoding"), None);
        let file = std::io::Cursor::new(answer.bytes);
        let mut book = zip::ZipArchive::new(file).unwrap();
        let sheet = book.by_name("xl/worksheets/sheet1.xml").unwrap();
        let sheet = std::io::read_to_string(sheet).unwrap();
        let rows = rows(&claire, name, "").await.len();
        assert_eq!(sheet.matches("<row ").count(), rows + 1, "{name}");
        assert!(!sheet.contains("<f>"), "{name} calculates");
    }
}
