//! Small files as the tools of a training centre make them, and what must come out: `catalogue/` holds them.

use rust_xlsxwriter::{Format, Formula, Workbook};
use serde_json::{Value, json};
use tests::{Answer, World};

use super::{CSV, candidate, counts, faults, send, went};
use crate::world;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

async fn send_typed(world: &World, media_type: &str, file: &[u8]) -> Answer {
    let path = "/v1/imports?resource=candidates&system=crm&apply=all_or_nothing";
    let headers = [("content-type", media_type)];
    world.as_("claire").post_bytes(path, file, &headers).await
}

/// The two people whom all of these files hold.
async fn assert_taken(world: &World, import: &Value, name: &str) {
    let found = faults(world, import).await;
    assert_eq!(counts(import), ("done", [2, 0, 0, 0]), "{name}: {found:?}");
    for (external_id, expected) in [
        ("C-1", ["Inès", "Lefèvre", "1980-05-01", "+33612345678"]),
        ("C-2", ["Zoë", "D’Aubigné", "1979-12-31", "+590690123456"]),
    ] {
        let one = candidate(world, external_id).await;
        let fields = ["given_name", "family_name", "birth_date", "phone"];
        assert_eq!(
            fields.map(|field| one[field].clone()),
            expected.map(Value::from),
            "{name}"
        );
    }
}

#[tokio::test]
async fn files_of_spreadsheets_and_programs_say_the_same() {
    for (name, media_type, file, encoding) in [
        (
            "excel-fr.csv",
            CSV,
            &include_bytes!("catalogue/excel-fr.csv")[..],
            "windows-1252",
        ),
        (
            "… declared",
            "text/csv; charset=ISO-8859-1",
            include_bytes!("catalogue/excel-fr.csv"),
            "windows-1252",
        ),
        (
            "excel-unicode.txt",
            CSV,
            include_bytes!("catalogue/excel-unicode.txt"),
            "utf-16le",
        ),
        (
            "excel-sep.csv",
            CSV,
            include_bytes!("catalogue/excel-sep.csv"),
            "windows-1252",
        ),
        (
            "excel-utf8.csv",
            CSV,
            include_bytes!("catalogue/excel-utf8.csv"),
            "utf-8",
        ),
        (
            "numbers.csv",
            CSV,
            include_bytes!("catalogue/numbers.csv"),
            "utf-8",
        ),
        (
            "libreoffice.csv",
            CSV,
            include_bytes!("catalogue/libreoffice.csv"),
            "utf-8",
        ),
        ("crm.csv", CSV, include_bytes!("catalogue/crm.csv"), "utf-8"),
        (
            "crm-titles.csv",
            CSV,
            include_bytes!("catalogue/crm-titles.csv"),
            "utf-8",
        ),
        (
            "macintosh.csv, declared",
            "text/csv; charset=macintosh",
            include_bytes!("catalogue/macintosh.csv"),
            "macintosh",
        ),
    ] {
        let world = world().await;
        let import = went(&world, send_typed(&world, media_type, file).await).await;
        assert_taken(&world, &import, name).await;
        assert_eq!(import["encoding"], encoding, "{name}");
        let passed: &[&str] = match name {
            "crm.csv" => &["created_at", "version"],
            _ => &[],
        };
        assert_eq!(import["columns_passed_over"], json!(passed), "{name}");
        if name == "crm-titles.csv" {
            assert_eq!(import["header_line"], 4);
        }
    }
}

/// As Excel writes it: days are numbers with a format, telephones texts or numbers, errors cells of their own.
fn workbook(with_fault: bool) -> Vec<u8> {
    let mut workbook = Workbook::new();
    workbook
        .add_worksheet()
        .set_hidden(true)
        .write_string(0, 0, "notes")
        .unwrap();
    let sheet = workbook.add_worksheet();
    sheet.set_active(true);
    sheet
        .write_string(0, 0, "Candidats VAE, promotion 2026")
        .unwrap();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    let names = [
        "external_id",
        "given_name",
        "family_name",
        "birth_date",
        "phone",
    ];
    for (column, name) in (0..).zip(names) {
        sheet.write_string(1, column, name).unwrap();
    }
    for (row, [id, given, family, phone]) in [
        (2, ["C-1", "Inès", "Lefèvre", "06 12 34 56 78"]),
        (4, ["C-2", "Zoë", "D’Aubigné", "0690123456"]),
    ] {
        for (column, text) in [(0, id), (1, given), (2, family), (4, phone)] {
            sheet.write_string(row, column, text).unwrap();
        }
    }
    sheet.write_number_with_format(2, 3, 29342, &day).unwrap();
    sheet.write_string(4, 3, "31/12/1979").unwrap();
    sheet.write_string(3, 6, "  ").unwrap();
    if with_fault {
        sheet.write_string(5, 0, "C-3").unwrap();
        let error = Formula::new("=VLOOKUP(1,A1:B2,2)").set_result("#N/A");
        sheet.write_formula(5, 1, error).unwrap();
        sheet.write_string(6, 0, "C-4").unwrap();
        sheet.write_string(6, 1, "Eve").unwrap();
        sheet.write_number(6, 3, 29342).unwrap();
        sheet.write_number(6, 4, 612_345_678).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

#[tokio::test]
async fn a_workbook_is_read_as_it_shows() {
    let world = world().await;
    let import = went(&world, send_typed(&world, XLSX, &workbook(false)).await).await;
    assert_taken(&world, &import, "workbook").await;
    assert_eq!(
        (&import["format"], &import["encoding"]),
        (&json!("xlsx"), &json!(null))
    );
    let import = went(&world, send_typed(&world, XLSX, &workbook(true)).await).await;
    assert_eq!(counts(&import), ("ready", [0, 0, 2, 2]));
    let text = |text: &str| text.to_owned();
    let mut found = faults(&world, &import).await;
    found.sort_by_key(|(line, column, ..)| (*line, column.as_i64()));
    let expected = [
        (6, json!(2), text("/given_name"), text("error_cell")),
        (7, json!(3), text("/family_name"), text("required")),
        (7, json!(4), text("/birth_date"), text("format")),
        (7, json!(5), text("/phone"), text("pattern")),
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn every_fault_says_line_column_and_name_and_nobody_reads_a_pattern() {
    let world = world().await;
    let file = include_bytes!("catalogue/faults.csv");
    let import = went(&world, send(&world, "claire", "", file).await).await;
    let path = format!(
        "/v1/imports/{}/faults?limit=100",
        import["id"].as_str().unwrap()
    );
    let page = world.as_("claire").get(&path).await.expect(200);
    let items = page["items"].as_array().unwrap();
    let mut found: Vec<_> = items
        .iter()
        .map(|fault| {
            let detail = fault["detail"].as_str().unwrap();
            assert!(!detail.contains(['^', '\\', '{']), "{detail}");
            let text = |name: &str| fault[name].as_str().unwrap().to_owned();
            let at = |name: &str| fault[name].as_i64().unwrap();
            (at("line"), at("column"), text("column_name"), text("code"))
        })
        .collect();
    found.sort();
    let expected = [
        (2, 3, "family_name", "error_cell"),
        (3, 2, "given_name", "error_cell"),
        (4, 4, "birth_date", "format"),
        (4, 5, "phone", "pattern"),
        (5, 4, "birth_date", "format"),
        (5, 5, "phone", "pattern"),
        (6, 3, "family_name", "required"),
        (7, 6, "email", "cell_count"),
        (8, 1, "external_id", "required"),
        (9, 3, "family_name", "open_quote"),
    ];
    let expected =
        expected.map(|(line, column, name, code)| (line, column, name.to_owned(), code.to_owned()));
    assert_eq!(found, expected);
}

#[tokio::test]
async fn whoever_is_lacking_is_said_where_the_file_would_name_them() {
    let world = world().await;
    let path = "/v1/imports?resource=booklets&system=crm";
    let file = b"external_id;candidate_external_id;tutor_email\nB1;;\n";
    let headers = [("content-type", CSV)];
    let sent = world.as_("claire").post_bytes(path, file, &headers).await;
    let import = went(&world, sent).await;
    let mut columns: Vec<Value> = faults(&world, &import)
        .await
        .into_iter()
        .map(|fault| fault.1)
        .collect();
    columns.sort_by_key(Value::as_i64);
    assert_eq!(columns, [json!(2), json!(3)]);
}

#[tokio::test]
async fn what_could_be_read_in_two_ways_is_refused_with_what_to_do() {
    let world = world().await;
    let old = [&[0xd0, 0xcf, 0x11, 0xe0][..], &[0; 600]].concat();
    let mixed = b"given_name,family_name\nIn\xe8s,Roy\nZo\xc3\xab,Roy\n";
    for (media_type, file, code) in [
        (
            CSV,
            &include_bytes!("catalogue/macintosh.csv")[..],
            "encoding",
        ),
        (CSV, include_bytes!("catalogue/dos.csv"), "encoding"),
        (CSV, mixed, "encoding"),
        (CSV, &workbook(false), "workbook"),
        (CSV, &old, "workbook"),
        (XLSX, &old, "workbook"),
        (XLSX, b"given_name,family_name\nA,B\n", "workbook"),
        (XLSX, b"", "empty_file"),
    ] {
        let found = send_typed(&world, media_type, file).await.faults();
        assert_eq!(found, [(String::new(), code.to_owned())]);
    }
}

#[tokio::test]
async fn an_empty_file_to_begin_with_has_the_columns_that_people_fill_in() {
    let world = world().await;
    let claire = world.as_("claire");
    let csv = claire.get("/v1/imports/templates/candidates").await;
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    let csv = csv.text(200);
    assert!(csv.starts_with("\u{feff}") && csv.contains("given_name;") && csv.ends_with("\r\n"));
    assert!(!csv.contains("external_id") && !csv.contains("user_id"));
    for (resource, media_type, query) in [
        ("candidates", CSV, ""),
        ("booklets", XLSX, "?format=xlsx"),
        ("useful_addresses", XLSX, "?format=xlsx"),
    ] {
        let path = format!("/v1/imports/templates/{resource}{query}");
        let blank = claire.get(&path).await;
        assert_eq!(blank.status, 200);
        let path = format!("/v1/imports?resource={resource}");
        let headers = [("content-type", media_type)];
        let sent = claire.post_bytes(&path, &blank.bytes, &headers).await;
        assert_eq!(
            counts(&went(&world, sent).await),
            ("ready", [0; 4]),
            "{resource}"
        );
    }
    claire
        .get("/v1/imports/templates/pupils")
        .await
        .refused(404, "not_found");
}
