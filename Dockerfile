# syntax=docker/dockerfile:1

# rust-toolchain.toml is left out (.dockerignore): the image already is the right toolchain.
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
# The caches keep the registry and the compiled dependencies from one build to the next.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked -p api --bin livret \
    && cp target/release/livret /usr/local/bin/livret

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin livret \
    && install -d -o livret -g livret -m 0700 /data
COPY --from=build /usr/local/bin/livret /usr/local/bin/livret
# Whom to believe to be who: for identity providers.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
USER livret
WORKDIR /data
VOLUME /data
ENV LIVRET_DATABASE_URL=sqlite:///data/livret.db?mode=rwc \
    LIVRET_LISTEN=0.0.0.0:8080
EXPOSE 8080
STOPSIGNAL SIGTERM
# This image has no curl: bash asks.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${LIVRET_LISTEN##*:} && printf 'GET /health/ready HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["livret"]
CMD ["serve"]
