//! What clients find out by themselves (RFC 8414, RFC 7517).

use serde_json::{Value, json};
use tests::World;

use crate::world;

const METADATA: &str = "/.well-known/oauth-authorization-server";

fn texts(list: &Value) -> Vec<&str> {
    let list = list.as_array().unwrap().iter();
    list.map(|text| text.as_str().unwrap()).collect()
}

async fn metadata(world: &World) -> Value {
    let answer = world.anonymous().get(METADATA).await;
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
    answer.expect(200)
}

#[tokio::test]
async fn the_metadata_name_addresses_that_answer() {
    let world = world().await;
    let metadata = metadata(&world).await;
    assert_eq!(metadata["issuer"], "http://livret.example");
    assert_eq!(metadata["response_types_supported"], json!([]));
    assert_eq!(
        texts(&metadata["grant_types_supported"]),
        ["client_credentials", "refresh_token"]
    );
    let nobody = world.anonymous();
    for (name, status) in [
        ("token_endpoint", 400),
        ("revocation_endpoint", 400),
        ("introspection_endpoint", 400),
    ] {
        let path = metadata[name].as_str().unwrap();
        let path = path.strip_prefix("http://livret.example").unwrap();
        nobody.form(path, "", &[]).await.expect(status);
    }
    for name in ["jwks_uri", "service_documentation"] {
        let path = metadata[name].as_str().unwrap();
        let path = path.strip_prefix("http://livret.example").unwrap();
        assert_eq!(nobody.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn the_scopes_are_those_of_the_policy_and_of_the_contract() {
    let world = world().await;
    let metadata = metadata(&world).await;
    let supported = texts(&metadata["scopes_supported"]);
    let document = tests::api_document();
    let flow = "/components/securitySchemes/oauth2/flows/clientCredentials/scopes";
    let described = document.pointer(flow).unwrap().as_object().unwrap();
    assert_eq!(described.len(), supported.len());
    assert_eq!(
        texts(&document["components"]["schemas"]["Scope"]["enum"]),
        supported
    );
    for scope in supported {
        assert!(described.contains_key(scope), "{scope}");
        // Each may be given.
        let body = json!({ "name": "CRM", "scopes": [scope] });
        let claire = world.as_("claire");
        claire.post("/v1/service-accounts", body).await.expect(201);
    }
}

#[tokio::test]
async fn the_keys_are_published_without_what_is_private() {
    let world = world().await;
    let answer = world.anonymous().get("/.well-known/jwks.json").await;
    assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
    let keys = answer.expect(200);
    let key = &keys["keys"][0];
    assert_eq!(keys["keys"].as_array().unwrap().len(), 1);
    let mut names: Vec<&String> = key.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x"]);
    for (name, value) in [
        ("kty", "OKP"),
        ("crv", "Ed25519"),
        ("alg", "EdDSA"),
        ("use", "sig"),
    ] {
        assert_eq!(key[name], value);
    }
}
