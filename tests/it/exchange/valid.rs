//! What a structure must be like, as the format says it.

use jsonschema::Validator;
use serde_json::{Value, json};
use tests::World;

use super::today;

/// What the published schema (1.0) asks of structures, from its list of fields.
fn schema() -> Validator {
    let nullable = |mut schema: Value| {
        schema["type"] = json!([schema["type"], "null"]);
        schema
    };
    let text = || nullable(json!({ "type": "string" }));
    let page = || {
        nullable(
            json!({ "type": "string", "format": "uri", "minLength": 1, "maxLength": 2083, "pattern": "^https?://" }),
        )
    };
    let number = || nullable(json!({ "type": "number" }));
    let code = |pattern: &str| nullable(json!({ "type": "string", "pattern": pattern }));
    let schema = json!({
        "type": "object",
        "required": ["source", "id", "nom", "date_maj"],
        "additionalProperties": false,
        "properties": {
            "source": { "type": "string" }, "id": { "type": "string" },
            "nom": { "type": "string", "minLength": 3, "maxLength": 150 },
            "date_maj": { "type": "string", "format": "date" },
            "description": nullable(json!({ "type": "string", "minLength": 5, "maxLength": 10000 })),
            "lien_source": page(), "siret": code("^\\d{14}$"), "commune": text(),
            "code_postal": code("^\\d{5}$"), "code_insee": code("^\\w{5}$"), "adresse": text(),
            "complement_adresse": text(), "longitude": number(), "latitude": number(),
            "telephone": text(), "courriel": nullable(json!({ "type": "string", "format": "email" })),
            "site_web": page(), "horaires_accueil": text(), "accessibilite_lieu": page(),
            "reseaux_porteurs": { "type": ["array", "null"], "uniqueItems": true },
        },
    });
    let options = jsonschema::options().should_validate_formats(true);
    options.build(&schema).unwrap()
}

pub(super) fn assert_valid(world: &World, structures: &[Value]) {
    let schema = schema();
    for structure in structures {
        let faults: Vec<String> = schema
            .iter_errors(structure)
            .map(|e| e.to_string())
            .collect();
        assert!(faults.is_empty(), "{structure:#}: {faults:?}");
        // What the schema's own validators add.
        let day: chrono::NaiveDate = structure["date_maj"].as_str().unwrap().parse().unwrap();
        let earliest = chrono::NaiveDate::from_ymd_opt(2000, 1, 1).unwrap();
        assert!(day >= earliest && day <= today(world), "{structure:#}");
    }
}
