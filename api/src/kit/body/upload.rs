//! Uploads: files in bodies that may be too large to hold, read as they arrive.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_http::BoxedPayloadStream;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest, web};
use encoding_rs::Encoding;
use futures_util::StreamExt;
use sha2::Sha256;
use sha2::digest::Digest as _;
use tokio::time::Instant;

use crate::foundation::state::State;
use crate::kit::body::encoding::Decoding;
use crate::kit::body::input::{BODY_LIMIT, media_type};
use crate::kit::{Code, Problem, Result};

/// The largest file, in bytes.
pub(crate) const FILE_LIMIT: usize = 64 * 1024 * 1024;
/// The largest record of a file: as much as any other body.
pub(crate) const RECORD_LIMIT: usize = BODY_LIMIT;
/// How long a file may take, whatever its pace.
const LONGEST: Duration = Duration::from_secs(3600);

/// A file that is arriving.
pub(crate) struct Upload {
    payload: Payload,
    /// What it is sent as, without parameters.
    pub(crate) media_type: String,
    decoding: Decoding,
    is_over: bool,
    waiting: BytesMut,
    size: usize,
    patience: Duration,
    ends: Instant,
}

impl Upload {
    /// Reads the head of the request, nothing of the file.
    ///
    /// # Errors
    /// 415 for a character set that nobody knows.
    pub(crate) fn of(request: &HttpRequest, payload: Payload) -> Result<Self> {
        let content_type = request.headers().get(header::CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        let charset = content_type.and_then(|text| {
            let (_, rest) = text.split_once("charset=")?;
            Some(rest.split(';').next()?.trim().trim_matches('"').to_owned())
        });
        let declared = charset.map(|label| {
            let encoding = Encoding::for_label(label.as_bytes());
            encoding.ok_or(Problem::new(Code::UnsupportedMediaType))
        });
        let declared = declared.transpose()?;
        let state = request.app_data::<web::Data<State>>();
        let seconds = state.map(|state| state.config.body_seconds.get().into());
        Ok(Self {
            payload,
            media_type: media_type(request),
            decoding: Decoding::of_text(declared),
            is_over: false,
            waiting: BytesMut::new(),
            size: 0,
            patience: Duration::from_secs(seconds.unwrap_or_default()),
            ends: Instant::now() + LONGEST,
        })
    }

    /// Its bytes are taken as they come. To be said before any of them is.
    pub(crate) fn is_no_text(&mut self) {
        self.decoding = Decoding::none();
    }

    /// The encoding of the text that arrived so far, as its report names it.
    pub(crate) fn encoding(&self) -> String {
        self.decoding.name()
    }

    /// What has arrived and was not taken yet: UTF-8, where it is a text.
    pub(crate) fn waiting(&self) -> &[u8] {
        &self.waiting
    }

    /// Takes so many bytes of it.
    pub(crate) fn take(&mut self, bytes: usize) {
        let _ = self.waiting.split_to(bytes.min(self.waiting.len()));
    }

    /// Waits for more; false at the end. A file may be slow, but it must go on: each part of it
    /// has as long as other bodies have as a whole.
    ///
    /// # Errors
    /// 408 when nothing comes; 413 above the bound; 400 when the connection breaks; 422 for a text in an
    /// encoding that cannot be told.
    pub(crate) async fn more(&mut self) -> Result<bool> {
        let until = self.ends.min(Instant::now() + self.patience);
        let next = tokio::time::timeout_at(until, self.payload.next()).await;
        let part = match next.or(Err(Problem::new(Code::RequestTimeout)))? {
            Some(part) => part.or(Err(Problem::new(Code::BadRequest)))?,
            None if self.is_over => return Ok(false),
            None => {
                self.is_over = true;
                self.decoding.feed(&[], true, &mut self.waiting)?;
                return Ok(!self.waiting.is_empty());
            }
        };
        self.size += part.len();
        if self.size > FILE_LIMIT {
            return Err(Problem::new(Code::PayloadTooLarge));
        }
        self.decoding.feed(&part, false, &mut self.waiting)?;
        Ok(true)
    }

    /// The next line, without its end; none at the end of the file.
    ///
    /// # Errors
    /// As [`more`](Self::more); 413 for a line above the bound of a record.
    pub(crate) async fn line(&mut self) -> Result<Option<Bytes>> {
        let mut searched = 0;
        loop {
            let rest = self.waiting.get(searched..).unwrap_or_default();
            if let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
                let mut line = self.waiting.split_to(searched + end + 1);
                line.truncate(searched + end);
                if line.last() == Some(&b'\r') {
                    line.truncate(line.len() - 1);
                }
                return Ok(Some(line.freeze()));
            }
            searched = self.waiting.len();
            if searched > RECORD_LIMIT {
                return Err(Problem::new(Code::PayloadTooLarge));
            }
            if !self.more().await? {
                let line = self.waiting.split().freeze();
                return Ok(Some(line).filter(|line| !line.is_empty()));
            }
        }
    }

    /// Reads the rest and forgets it.
    pub(in crate::kit) async fn read_to_end(mut self) -> Result<()> {
        self.decoding = Decoding::none();
        while self.more().await? {
            self.waiting.clear();
        }
        Ok(())
    }
}

impl FromRequest for Upload {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        std::future::ready(Self::of(request, payload.take()))
    }
}

/// The hash of what passed.
#[derive(Clone, Default)]
pub(in crate::kit) struct Digest(Arc<Mutex<Sha256>>);

impl Digest {
    /// Of what passed up to now.
    pub(in crate::kit) fn so_far(&self) -> Vec<u8> {
        let hash = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hash.clone().finalize().to_vec()
    }
}

/// The same payload, its hash taken while it passes.
pub(in crate::kit) fn digested(payload: Payload) -> (Payload, Digest) {
    let digest = Digest::default();
    let seen = digest.clone();
    let passing = payload.inspect(move |part| {
        if let Ok(part) = part {
            let mut hash = seen.0.lock().unwrap_or_else(PoisonError::into_inner);
            hash.update(part);
        }
    });
    let payload: BoxedPayloadStream = Pin::from(Box::new(passing));
    (Payload::Stream { payload }, digest)
}
