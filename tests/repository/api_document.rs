//! The files in `openapi/` are what the code says.

use std::path::Path;

use api::program::openapi::Form;

#[test]
fn the_committed_api_document_is_the_generated_one() {
    for (file, form) in [
        ("openapi.json", Form::OpenApi31),
        ("openapi-3.0.json", Form::OpenApi30),
        ("swagger-2.0.json", Form::Swagger20),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../openapi")
            .join(file);
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            committed.trim_end() == api::program::openapi::api_document_text(form),
            "openapi/{file} is stale: run `just openapi`, and `just examples` before it if an operation is new"
        );
    }
}
