//! Structures that come into the directory.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::{PATH, address, import, structure, today, with};
use crate::it::rows::{events, everything};
use crate::world;

fn outcomes(report: &Value) -> Vec<&str> {
    let structures = report["structures"].as_array().unwrap().iter();
    let outcomes = structures.map(|one| one["outcome"].as_str().unwrap());
    outcomes.collect()
}

#[tokio::test]
async fn a_structure_becomes_an_address_of_the_directory() {
    let world = world().await;
    let crm = world.as_("crm");
    let fields = json!({
        "nom": "Mission locale de Montpellier", "description": "Accompagne les jeunes.",
        "adresse": "4 rue de la Vieille", "complement_adresse": "Bât. B", "code_postal": "34000",
        "commune": "Montpellier", "code_insee": "34172", "telephone": "04.67.00.00.01",
        "courriel": "Accueil@Mission.Example", "site_web": "https://mission.example/34",
        "reseaux_porteurs": ["mission-locale"],
    });
    let report = import(&crm, &[with("dora--1", &fields)]).await;
    assert_eq!(report["created"], 1);
    assert_eq!(report["structures"][0]["left_out"], json!([]));
    let made = address(&crm, "dora--1").await;
    assert_eq!(made["id"], report["structures"][0]["useful_address_id"]);
    for (field, value) in [
        ("category", json!("prescriber")),
        ("name", json!("Mission locale de Montpellier")),
        ("missions", json!("Accompagne les jeunes.")),
        ("phone", json!("+33467000001")),
        ("email", json!("accueil@mission.example")),
        ("urls", json!(["https://mission.example/34"])),
        (
            "postal_address",
            json!("4 rue de la Vieille, Bât. B, 34000 Montpellier"),
        ),
        ("department_codes", json!(["34"])),
        ("verified_on", json!("2026-09-01")),
        ("organization_id", json!(world.organization_id("horizon"))),
    ] {
        assert_eq!(made[field], value, "{field}");
    }
}

#[tokio::test]
async fn what_has_no_place_in_the_directory_is_told() {
    let world = world().await;
    let claire = world.as_("claire");
    let fields = json!({
        "siret": "73282932000074", "lien_source": "https://dora.example/1", "longitude": 3.87,
        "latitude": 43.61, "horaires_accueil": "Mo-Fr 08:30-12:30",
        "accessibilite_lieu": "https://acceslibre.example/1", "reseaux_porteurs": ["caf"],
        "telephone": "04 67 00 00 01 ou 02", "description": "é".repeat(2001),
    });
    let report = import(&claire, &[with("dora--1", &fields)]).await;
    let mut left_out: Vec<&str> = fields
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let mut told: Vec<&str> = report["structures"][0]["left_out"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| field.as_str().unwrap())
        .collect();
    left_out.sort_unstable();
    told.sort_unstable();
    assert_eq!(told, left_out);
    let made = address(&claire, "dora--1").await;
    assert_eq!(made["missions"], "é".repeat(2000));
    assert_eq!(
        (&made["phone"], &made["category"]),
        (&Value::Null, &json!("other"))
    );
    // Without a description there is its name.
    import(&claire, &[structure("dora--2")]).await;
    assert_eq!(
        address(&claire, "dora--2").await["missions"],
        "Maison de l'emploi"
    );
}

#[tokio::test]
async fn a_department_is_read_from_the_commune_or_the_postal_code() {
    let world = world().await;
    let claire = world.as_("claire");
    let cases = [
        (
            "2A",
            json!({ "code_insee": "2A004", "code_postal": "20000" }),
        ),
        ("2B", json!({ "code_postal": "20200" })),
        ("971", json!({ "code_insee": "97105" })),
        ("974", json!({ "code_postal": "97400" })),
        ("01", json!({ "code_postal": "01000" })),
    ];
    for (expected, fields) in cases {
        let id = format!("dora--{expected}");
        import(&claire, &[with(&id, &fields)]).await;
        let made = address(&claire, &id).await;
        assert_eq!(made["department_codes"], json!([expected]));
    }
}

#[tokio::test]
async fn what_is_imported_again_is_changed_and_not_doubled() {
    let world = world().await;
    let crm = world.as_("crm");
    let all = [structure("dora--1"), structure("dora--2")];
    assert_eq!(outcomes(&import(&crm, &all).await), ["created", "created"]);
    let told = events(&world, "useful_address").await.len();
    let again = import(&crm, &all).await;
    assert_eq!(outcomes(&again), ["unchanged", "unchanged"]);
    assert_eq!(
        (&again["created"], &again["unchanged"]),
        (&json!(0), &json!(2))
    );
    assert_eq!(events(&world, "useful_address").await.len(), told);
    assert_eq!(address(&crm, "dora--1").await["version"], 1);
    let named = with("dora--2", &json!({ "nom": "Maison de l'emploi de Sète" }));
    let report = import(&crm, &[structure("dora--3"), all[0].clone(), named]).await;
    assert_eq!(outcomes(&report), ["created", "unchanged", "updated"]);
    let last = events(&world, "useful_address").await.pop().unwrap();
    assert_eq!(
        (&*last.kind, last.changed.0),
        ("useful_address.created", vec![])
    );
    let changed = address(&crm, "dora--2").await;
    assert_eq!(
        (&changed["version"], &changed["name"]),
        (&json!(2), &json!("Maison de l'emploi de Sète"))
    );
}

#[tokio::test]
async fn what_a_structure_does_not_say_stays_as_somebody_typed_it() {
    let world = world().await;
    let claire = world.as_("claire");
    let fields =
        json!({ "site_web": "https://one.example/", "code_postal": "34000", "telephone": null });
    import(&claire, &[with("dora--1", &fields)]).await;
    let made = address(&claire, "dora--1").await;
    let path = format!("/v1/useful-addresses/{}", made["id"].as_str().unwrap());
    let typed = json!({
        "category": "cep", "missions": "Conseille.", "phone": "3949", "email": "a@b.example",
        "urls": ["https://one.example/", "https://two.example/"], "department_codes": ["34", "30"],
    });
    let typed = claire.patch(&path, typed).await.expect(200);
    import(&claire, &[with("dora--1", &fields)]).await;
    assert_eq!(claire.get(&path).await.expect(200), typed);
    let moved = json!({ "site_web": "https://two.example/", "code_postal": "12000" });
    import(&claire, &[with("dora--1", &moved)]).await;
    let moved = claire.get(&path).await.expect(200);
    assert_eq!(moved["urls"], json!(["https://two.example/"]));
    assert_eq!(moved["department_codes"], json!(["12", "30", "34"]));
    assert_eq!(moved["category"], "cep");
}

#[tokio::test]
async fn what_cannot_be_read_is_left_out_and_the_rest_comes_in() {
    let world = world().await;
    let claire = world.as_("claire");
    let tomorrow = today(&world).succ_opt().unwrap();
    let unreadable = json!({
        "date_maj": tomorrow, "courriel": "nobody", "code_postal": "3400", "adresse": 12,
        "site_web": "javascript:alert(1)", "typologie": "CAF", "telephone": "04.67.00.00.01",
    });
    let typed = json!({ "site_web": "www.caf.example", "code_insee": "97701", "source": null });
    let mut nobody = structure("dora--4");
    nobody["nom"] = Value::Null;
    let all = [
        with("dora--1", &unreadable),
        nobody,
        with("dora--2", &typed),
        structure("dora--2"),
    ];
    let report = import(&claire, &all).await;
    assert_eq!(outcomes(&report), ["created", "created"]);
    let mut left_out = report["structures"][0]["left_out"].clone();
    left_out
        .as_array_mut()
        .unwrap()
        .sort_by_key(Value::to_string);
    let expected = json!([
        "adresse",
        "code_postal",
        "courriel",
        "date_maj",
        "site_web",
        "typologie"
    ]);
    assert_eq!(left_out, expected);
    let refused = report["refused"].as_array().unwrap().iter();
    let refused: Vec<_> = refused
        .map(|one| {
            (
                &one["place"],
                &one["errors"][0]["pointer"],
                &one["errors"][0]["code"],
            )
        })
        .collect();
    assert_eq!(
        refused,
        [
            (&json!(1), &json!("/structures/1/nom"), &json!("required")),
            (
                &json!(3),
                &json!("/structures/3/id"),
                &json!("unique_items")
            )
        ]
    );
    let made = address(&claire, "dora--1").await;
    assert_eq!(
        (&made["phone"], &made["verified_on"]),
        (&json!("+33467000001"), &Value::Null)
    );
    let made = address(&claire, "dora--2").await;
    assert_eq!(
        (&made["urls"], &made["department_codes"]),
        (&json!(["https://www.caf.example"]), &json!(["977"]))
    );
    for count in [0, 501] {
        let many: Vec<Value> = (0..count)
            .map(|n| structure(&format!("dora--{n}")))
            .collect();
        let refused = claire
            .post(PATH, json!({ "structures": many }))
            .await
            .faults();
        assert_eq!(refused[0].0, "/structures");
    }
}

#[tokio::test]
async fn an_import_is_rehearsed() {
    let world = world().await;
    let claire = world.as_("claire");
    let body = || Some(json!({ "structures": [structure("dora--1")] }));
    let before = everything(&world).await;
    let dry_run = [("prefer", "dry-run")];
    let rehearsed = claire
        .send(Method::POST, PATH, body(), &dry_run)
        .await
        .expect(200);
    assert_eq!(outcomes(&rehearsed), ["created"]);
    assert_eq!(everything(&world).await, before);
}

#[tokio::test]
async fn imports_at_once_in_any_order_make_each_address_once() {
    let world = world().await;
    let claire = world.as_("claire");
    let imports = (0..8).map(|turn| {
        let mut all: Vec<Value> = (0..20).map(|n| structure(&format!("dora--{n}"))).collect();
        if turn % 2 == 0 {
            all.reverse();
        }
        let claire = &claire;
        async move { import(claire, &all).await }
    });
    let reports = join_all(imports).await;
    let created: u64 = reports
        .iter()
        .map(|one| one["created"].as_u64().unwrap())
        .sum();
    assert_eq!(created, 20);
}

#[tokio::test]
async fn only_who_keeps_the_directory_imports() {
    let world = world().await;
    for name in ["tom", "samira", "paul", "vera", "ada"] {
        let body = json!({ "structures": [structure("dora--1")] });
        let refused = world.as_(name).post(PATH, body).await;
        refused.refused(403, "forbidden");
    }
}
