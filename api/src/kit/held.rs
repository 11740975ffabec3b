//! Slots that somebody holds until their answer is taken: an answer that waits for a slow reader
//! takes memory as one that is being made does.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest};

use crate::foundation::limiter::Slot;

/// What a request holds.
#[derive(Default)]
struct Slots(Vec<Arc<Slot>>);

/// Holds this slot until the answer is taken, or its reader is gone.
pub(crate) fn hold(request: &impl HttpMessage, slot: Arc<Slot>) {
    let mut extensions = request.extensions_mut();
    if let Some(slots) = extensions.get_mut::<Slots>() {
        slots.0.push(slot);
    } else {
        extensions.insert(Slots(vec![slot]));
    }
}

/// The same answer, with the slots that its request held.
pub(super) fn with_slots(request: &HttpRequest, body: BoxBody) -> BoxBody {
    match request.extensions_mut().remove::<Slots>() {
        Some(slots) => BoxBody::new(Held {
            body,
            _slots: slots,
        }),
        None => body,
    }
}

struct Held {
    body: BoxBody,
    _slots: Slots,
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
