//! Uploads: files in bodies that may be too large to hold, read as they arrive.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_http::BoxedPayloadStream;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::StreamExt;
use sha2::Sha256;
use sha2::digest::Digest as _;
use tokio::time::Instant;

use crate::foundation::state::State;
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
    waiting: BytesMut,
    size: usize,
    patience: Duration,
    ends: Instant,
}

impl Upload {
    /// Reads the head of the request, nothing of the file.
    ///
    /// # Errors
    /// 415 for another encoding than plain UTF-8.
    pub(crate) fn of(request: &HttpRequest, payload: Payload) -> Result<Self> {
        let header = |name| {
            let value = request.headers().get(name)?;
            value.to_str().ok().map(str::to_ascii_lowercase)
        };
        let charset = header(header::CONTENT_TYPE).and_then(|text| {
            let (_, rest) = text.split_once("charset=")?;
            let charset = rest.split(';').next()?;
            Some(charset.trim().trim_matches('"').to_owned())
        });
        let is_utf8 = charset.is_none_or(|charset| charset == "utf-8" || charset == "us-ascii");
        if !is_utf8 {
            return Err(Problem::new(Code::UnsupportedMediaType));
        }
        let state = request.app_data::<web::Data<State>>();
        let seconds = state.map(|state| state.config.body_seconds.get().into());
        Ok(Self {
            payload,
            media_type: media_type(request),
            waiting: BytesMut::new(),
            size: 0,
            patience: Duration::from_secs(seconds.unwrap_or_default()),
            ends: Instant::now() + LONGEST,
        })
    }

    /// What has arrived and was not taken yet.
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
    /// 408 when nothing comes; 413 above the bound; 400 when the connection breaks.
    pub(crate) async fn more(&mut self) -> Result<bool> {
        let until = self.ends.min(Instant::now() + self.patience);
        let next = tokio::time::timeout_at(until, self.payload.next()).await;
        let part = match next.or(Err(Problem::new(Code::RequestTimeout)))? {
            Some(part) => part.or(Err(Problem::new(Code::BadRequest)))?,
            None => return Ok(false),
        };
        self.size += part.len();
        if self.size > FILE_LIMIT {
            return Err(Problem::new(Code::PayloadTooLarge));
        }
        self.waiting.extend_from_slice(&part);
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
