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

# Write the API document anew, in its three forms
openapi:
    cargo run -- openapi > target/openapi.json
    cargo run -- openapi --version 3.0 > target/openapi-3.0.json
    cargo run -- openapi --version 2.0 > target/swagger-2.0.json
    mv target/openapi.json target/openapi-3.0.json target/swagger-2.0.json openapi/

# Record the examples of the API document anew, then write it
examples:
    -cargo test -q -p tests --test on_sqlite the_recorded_examples
    cargo run -- openapi > target/openapi.json && mv target/openapi.json openapi/openapi.json
    cargo test -p tests --test on_sqlite examples

# Make the present API document the one that later ones must not break; a break is a new version
release-openapi:
    version=$(jq -r .info.version openapi/openapi.json); [ ! -e "openapi/released/v$version.json" ] || \
        tests/third_party/compatibility/gate
    cp openapi/openapi.json "openapi/released/v$(jq -r .info.version openapi/openapi.json).json"

# Fuzz each parser of untrusted bytes for a minute (needs a C++ compiler)
fuzz:
    FUZZ_SECONDS=60 bash tests/fuzz/run

# Check licences and banned crates (needs cargo-deny)
deny:
    cargo deny --offline check bans licenses sources

# Check the build with OpenTelemetry, and see what it sends to a collector of its own
traces:
    cargo clippy --locked -p api --features otel --all-targets -- -D warnings
    cargo build --locked -p api --features otel --target-dir target/otel
    LIVRET_BINARY=target/otel/debug/livret python3 -B tests/operations/traces.py

# All that CI does
ci:
    bash .ci/run
