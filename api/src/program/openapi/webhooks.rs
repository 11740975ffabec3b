//! What endpoints of others are sent: the section `webhooks` of the API document.

use serde_json::{Value, json};

const BOOKLET: &str = "019ccacb-3140-7000-8000-000000000002";
const WEBHOOK: &str = "019ccacb-3140-7000-8000-000000000003";

/// Adds the messages that webhooks deliver, as operations of the receiver.
pub(super) fn add_webhooks(document: &mut Value) {
    let change = message(
        "receive_change",
        "Something changed",
        "Sent to each webhook whose topics the change is among. At least once, and in any order: know \
         `webhook-id` again, and compare `sequence` and `version` with what you have.",
        "WebhookMessage",
        &json!({
            "type": "booklet.closed",
            "timestamp": "2026-03-30T07:28:00Z",
            "data": {
                "sequence": 26,
                "at": "2026-03-30T07:28:00Z",
                "type": "booklet.closed",
                "resource": "booklet",
                "resource_id": BOOKLET,
                "booklet_id": BOOKLET,
                "version": 7,
                "state": "closed",
                "changed": []
            }
        }),
    );
    let test = message(
        "receive_test",
        "A message that means nothing",
        "A ping, or part of a trial. Verify it as all others, answer it, and do no more.",
        "WebhookTest",
        &json!({
            "type": "webhook.ping",
            "timestamp": "2026-03-30T07:28:00Z",
            "data": { "webhook_id": WEBHOOK, "sequence": null }
        }),
    );
    if let Some(document) = document.as_object_mut() {
        let webhooks = json!({ "change": { "post": change }, "test": { "post": test } });
        document.insert("webhooks".into(), webhooks);
    }
}

fn message(id: &str, summary: &str, description: &str, schema: &str, example: &Value) -> Value {
    json!({
        "operationId": id,
        "tags": ["Webhook messages"],
        "summary": summary,
        "description": description,
        "security": [],
        "parameters": [
            header(
                "webhook-id",
                "Names the message, and is the same whenever it is sent again.",
                &json!({ "type": "string", "pattern": "^msg_[0-9a-f]{32}$", "maxLength": 36 }),
                &json!("msg_01a2074499a97658b609f511341d099b"),
            ),
            header(
                "webhook-timestamp",
                "When it was sent, in seconds since 1970. Refuse what is more than five minutes off.",
                &json!({ "type": "integer", "format": "int64", "minimum": 0, "maximum": 253_402_300_799_i64 }),
                &json!(1_793_448_000),
            ),
            header(
                "webhook-signature",
                "Signatures, separated by spaces: `v1,` and the HMAC-SHA256 in base64 of id, timestamp and body, \
                 joined by dots. Two while a secret is being replaced: one of them is enough.",
                &json!({ "type": "string", "maxLength": 200 }),
                &json!("v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="),
            ),
        ],
        "requestBody": {
            "description": "What happened. The signature is over these very bytes.",
            "required": true,
            "content": { "application/json": {
                "schema": { "$ref": format!("#/components/schemas/{schema}") },
                "example": example
            } }
        },
        "responses": {
            "2XX": { "description": "Taken, or known already. What it says is not read." },
            "410": { "description": "No more, ever: the webhook is disabled." },
            "4XX": { "description": "Not taken, nor redirects and 5xx: sent again, for three days. `Retry-After` is honoured." }
        }
    })
}

fn header(name: &str, description: &str, schema: &Value, example: &Value) -> Value {
    json!({
        "name": name,
        "in": "header",
        "required": true,
        "description": description,
        "schema": schema,
        "example": example
    })
}
