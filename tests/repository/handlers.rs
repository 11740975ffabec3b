//! What a handler takes, it declares: the API document reads declarations, not signatures.

use std::fs;
use std::path::Path;

use crate::architecture::collect;

/// The headers that handlers take and declare; a change demands `If-Match` undeclared.
const PRECONDITIONS: [&str; 2] = ["IfMatch", "PutCondition"];

#[test]
fn a_handler_that_takes_a_precondition_declares_it() {
    let mut files = Vec::new();
    collect(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/src"),
        &mut files,
    );
    let mut broken = Vec::new();
    let mut declared = 0;
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for handler in text.split("#[utoipa::path(").skip(1) {
            let (declaration, signature) = handler.split_once("async fn ").unwrap();
            let (signature, _) = signature.split_once("{\n").unwrap();
            for name in PRECONDITIONS {
                let takes = signature.contains(name);
                let declares = declaration.contains(name);
                let demands = !declaration.contains("#[post(") && name == "IfMatch";
                if takes != declares && !demands {
                    let handler = signature.split('(').next().unwrap_or_default();
                    broken.push(format!("{handler}: {name}"));
                }
                declared += usize::from(declares);
            }
        }
    }
    assert!(declared > 30, "only {declared} were read");
    assert!(broken.is_empty(), "{broken:#?}");
}
