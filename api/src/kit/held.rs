//! Places that somebody holds until their answer is taken: an answer that waits for a slow reader
//! takes memory as one that is being made does.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest};

use crate::foundation::limiter::Turn;

/// What a request holds.
#[derive(Default)]
struct Places(Vec<Arc<Turn>>);

/// Holds this place until the answer is taken, or its reader is gone.
pub(crate) fn hold(request: &impl HttpMessage, turn: Arc<Turn>) {
    let mut extensions = request.extensions_mut();
    if let Some(places) = extensions.get_mut::<Places>() {
        places.0.push(turn);
    } else {
        extensions.insert(Places(vec![turn]));
    }
}

/// The same answer, with the places that its request held.
pub(super) fn with_places(request: &HttpRequest, body: BoxBody) -> BoxBody {
    match request.extensions_mut().remove::<Places>() {
        Some(places) => BoxBody::new(Held {
            body,
            _places: places,
        }),
        None => body,
    }
}

struct Held {
    body: BoxBody,
    _places: Places,
}

impl MessageBody for Held {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}
