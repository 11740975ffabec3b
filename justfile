# The commands of every day. `just` lists them.

_default:
    @just --list

# Serve on SQLite with demo data
serve:
    cargo run --release -- serve --demo

# Run the whole suite, on SQLite and on PostgreSQL
test:
    cargo test --workspace

# Format check and lints, as CI runs them
lint:
    cargo fmt --all -- --check
    cargo clippy --workspace --all-targets --locked -- -D warnings

# Write the contract anew, in its three forms
contract:
    cargo run -- openapi > target/openapi.json
    cargo run -- openapi --version 3.0 > target/openapi-3.0.json
    cargo run -- openapi --version 2.0 > target/swagger-2.0.json
    mv target/openapi.json target/openapi-3.0.json target/swagger-2.0.json openapi/

# Check licences and banned crates (needs cargo-deny)
deny:
    cargo deny --offline check bans licenses sources

# All that CI does
ci:
    bash .ci/run
