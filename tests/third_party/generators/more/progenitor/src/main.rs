//! progenitor's client: one scenario, live.

progenitor::generate_api!(spec = "openapi-3.0.json", interface = Builder);

use types::{AddressCategory, Credentials, PersonalContactInput, PersonalContactInputPatch};

async fn signed_in(url: &str, email: &str) -> Client {
    let body = Credentials {
        email: email.parse().unwrap(),
        password: "livret de demonstration".parse().unwrap(),
    };
    let tokens = Client::new(url).log_in().body(body).send().await.unwrap();
    let mut headers = reqwest::header::HeaderMap::new();
    let bearer = format!("Bearer {}", tokens.access_token.as_str());
    headers.insert("authorization", bearer.parse().unwrap());
    let http = reqwest::Client::builder()
        .default_headers(headers)
        .build()
        .unwrap();
    Client::new_with_client(url, http)
}

#[tokio::main]
async fn main() {
    let url = std::env::var("LIVRET_URL").unwrap();
    let tutor = signed_in(&url, "tutrice@horizon.example").await;
    let coordinator = signed_in(&url, "coordinatrice@horizon.example").await;

    // Lists by pages.
    let (mut booklets, mut after) = (Vec::new(), None::<String>);
    loop {
        let mut ask = tutor.list_booklets().limit(2);
        if let Some(after) = after {
            ask = ask.after(after);
        }
        let page = ask.send().await.unwrap().into_inner();
        booklets.extend(page.items);
        after = page.next.map(|next| next.to_string());
        if after.is_none() {
            break;
        }
    }
    assert!(booklets.len() > 2);
    let id = booklets
        .iter()
        .find(|one| one.state.to_string() == "active")
        .unwrap()
        .id;

    // Create, patch, a stale version.
    let body = PersonalContactInput::builder()
        .category(AddressCategory::Cep)
        .name("Mme Roux")
        .phone(Some("+33561000009".parse().unwrap()));
    let made = tutor
        .create_personal_contact()
        .id(id)
        .body(body)
        .send()
        .await
        .unwrap();
    let change = || {
        let body = PersonalContactInputPatch::builder().name(Some("Mme Brun".parse().unwrap()));
        tutor
            .update_personal_contact()
            .id(made.id)
            .if_match(made.etag.as_str())
            .body(body)
    };
    let changed = change().send().await.unwrap();
    assert_eq!(changed.name.as_str(), "Mme Brun");
    let stale = change().send().await.unwrap_err();
    assert_eq!(stale.status().unwrap().as_u16(), 412);

    // The whole booklet, and the feed.
    let full = tutor.get_full_booklet().id(id).send().await.unwrap();
    assert_eq!(full.booklet.id, id);
    let feed = coordinator.list_changes().limit(100).send().await.unwrap();
    assert!(!feed.items.is_empty());
    println!(
        "progenitor: {} booklets, {} changes",
        booklets.len(),
        feed.items.len()
    );
}
