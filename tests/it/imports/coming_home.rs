//! What this service exports, in any form, is an import without faults that changes nothing.

use serde_json::json;
use tests::{Chance, World};

use super::{counts, faults, went};
use crate::world;

const FORMS: [(&str, &str); 4] = [
    ("csv", "text/csv"),
    ("csv&separator=semicolon", "text/csv"),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ("jsonl", "application/x-ndjson"),
];

/// Names that spreadsheets, separators and apostrophes have to do with.
fn hostile() -> Vec<String> {
    let mut names: Vec<String> = [
        "-Ana",
        "'-Ana",
        "''-Ana",
        "=1+1",
        "+33612345678",
        "@SUM(A1)",
        "#N/A",
        "'#N/A",
        "#NOM?",
        "'",
        "d'Aubigné",
        "a;b",
        "a,b\"c\"",
        "\"",
        "a;=1",
        "[1]",
        "{\"a\":1}",
        "true",
        "01/05/1980",
        "1e5",
        "0042",
        "sep=;",
        "|",
        "＝1",
        "_x0041_",
        "É\u{300}",
        "a\tb",
    ]
    .map(ToOwned::to_owned)
    .to_vec();
    let signs = ['\'', '=', ';', '"', '-', 'a', '#'];
    for first in signs {
        names.extend(signs.map(|second| format!("{first}{second}b")));
    }
    let mut chance = Chance::seeded(0);
    names.extend((0..MADE_UP).map(|_| made_up(&mut chance)));
    names
}

/// How many names are made up.
const MADE_UP: usize = 200;

/// A name of signs that mean something to those who write or read files.
fn made_up(chance: &mut Chance) -> String {
    const SIGNS: [char; 32] = [
        '\'', '"', '=', '+', '-', '@', '#', ';', ',', '|', '\\', '/', '[', ']', '{', '}', '<', '&',
        ':', '%', '(', '!', '0', '1', 'e', 'a', 'Z', 'é', 'ł', '’', '＝', ' ',
    ];
    let length = 1 + chance.below(6);
    let signs = (0..length).map(|_| SIGNS[chance.below(SIGNS.len())]);
    // Blanks around it are trimmed; a name says something.
    format!("{}x", signs.collect::<String>().trim_start())
}

async fn assert_comes_home(world: &World, resource: &str, rows: usize) {
    let claire = world.as_("claire");
    for (form, media_type) in FORMS {
        let path = format!("/v1/exports/{resource}?format={form}");
        let file = claire.get(&path).await;
        assert_eq!(file.status, 200);
        let path = format!("/v1/imports?resource={resource}&apply=all_or_nothing");
        let headers = [("content-type", media_type)];
        let sent = claire.post_bytes(&path, &file.bytes, &headers).await;
        let import = went(world, sent).await;
        let found = faults(world, &import).await;
        let rows = i64::try_from(rows).unwrap();
        assert_eq!(
            counts(&import),
            ("done", [0, 0, rows, 0]),
            "{resource} {form}: {found:?}"
        );
    }
}

#[tokio::test]
async fn what_is_exported_is_imported_without_a_change() {
    let world = world().await;
    let claire = world.as_("claire");
    let before = super::candidates(&world).await;
    let mut lines = String::new();
    for name in hostile() {
        let needs = format!("{name}\n{name}");
        let one = json!({ "given_name": name, "family_name": name, "accessibility_needs": needs });
        lines.push_str(&format!("{one}\n"));
    }
    let sent = super::send_as(
        &world,
        "resource=candidates&apply=all_or_nothing",
        super::JSON_LINES,
        &lines,
    )
    .await;
    let made = hostile().len();
    assert_eq!(went(&world, sent).await["rows_created"], made);
    assert_comes_home(&world, "candidates", before + made).await;

    let address = |name: &str, more: serde_json::Value| {
        let mut body = json!({ "category": "other", "name": name, "missions": name });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    for body in [
        address(
            "'-x",
            json!({ "urls": ["https://a.example/?b=1;c", "https://b.example/%7C"], "department_codes": ["2A", "01"] }),
        ),
        address(
            "=x",
            json!({ "phone": "0 800 00 70 70", "postal_address": "1 rue\n34000 Ici", "verified_on": "2026-01-05" }),
        ),
        address(
            "x",
            json!({ "phone": "04 67 00 00 01", "postal_address": "" }),
        ),
    ] {
        claire.post("/v1/useful-addresses", body).await.expect(201);
    }
    let mut chance = Chance::seeded(1);
    for _ in 0..20 {
        let (name, place) = (made_up(&mut chance), made_up(&mut chance));
        let body = address(
            &name,
            json!({ "postal_address": format!("{place}\n{name}") }),
        );
        claire.post("/v1/useful-addresses", body).await.expect(201);
    }
    let all = claire
        .get("/v1/useful-addresses?limit=100")
        .await
        .expect(200);
    assert_comes_home(
        &world,
        "useful_addresses",
        all["items"].as_array().unwrap().len(),
    )
    .await;

    let certification = json!({ "label": "'=CAP", "rncp_code": "RNCP38430", "scope": "blocks", "blocks": ["Bloc |1", "=2"] });
    let body = json!({ "certification": certification, "purpose": "-a\n'b" });
    claire
        .patch(&world.booklet("samira", ""), body)
        .await
        .expect(200);
    let booklet = claire.get(&world.booklet("samira", "")).await.expect(200);
    assert_eq!(booklet["certification"]["rncp_code"], "38430");
    for name in ["karim", "nadia"] {
        let [label, block] = [(); 2].map(|()| made_up(&mut chance));
        let certification = json!({ "label": label, "scope": "blocks", "blocks": [block, label] });
        let body = json!({ "certification": certification, "purpose": made_up(&mut chance) });
        let path = world.booklet(name, "");
        claire.patch(&path, body).await.expect(200);
    }
    let all = claire.get("/v1/booklets?limit=100").await.expect(200);
    assert_comes_home(&world, "booklets", all["items"].as_array().unwrap().len()).await;
}

#[tokio::test]
async fn our_own_ids_name_the_objects_that_a_file_changes() {
    let world = world().await;
    let samira = world.candidate_id("samira");
    let file = format!("id,given_name,family_name,version\n{samira},Samira,Nouveau,1\n,Ana,Roy,\n");
    let import = super::applied(&world, &file).await;
    assert_eq!(counts(&import), ("done", [1, 1, 0, 0]));
    let path = format!("/v1/candidates/{samira}");
    let samira = world.as_("claire").get(&path).await.expect(200);
    assert_eq!(samira["family_name"], "Nouveau");

    // Of nobody, of another organization, and the same one twice.
    let other = world.candidate_id("rita");
    let (unknown, id) = (api::kit::new_id(), samira["id"].as_str().unwrap());
    let file = format!(
        "id,given_name,family_name\n{unknown},A,B\n{other},A,B\nC-1,A,B\n{id},Samira,Un\n{id},Samira,Deux\n"
    );
    let import = super::checked(&world, &file).await;
    let found = faults(&world, &import).await;
    let text = |text: &str| text.to_owned();
    let at_id = |line: i64, code: &str| (line, json!(1), text("/id"), text(code));
    assert_eq!(
        found,
        [
            at_id(2, "unknown_reference"),
            at_id(3, "unknown_reference"),
            at_id(4, "unknown_reference"),
            at_id(6, "taken"),
        ]
    );
}
