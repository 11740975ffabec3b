//! Tells stories as requests to the service, in process: each by somebody, at its own time.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_http::Request;
use actix_web::body::{BoxBody, to_bytes};
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::test::TestRequest;
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Europe::Paris;
use entity::session;
use sea_orm::{ActiveModelTrait, DbErr, Set};
use serde_json::Value;
use uuid::Uuid;

use super::ids;
use super::scene::Scene;
use crate::foundation::state::State;
use crate::kit::ids::with_ids_from;
use crate::kit::new_id;
use crate::outside::imports::runner::run_due as run_imports;
use crate::people::auth::tokens::{self, Subject};
use crate::trust::chain::write_accesses;

/// Who tells: it knows the ids of what was named, and who may act.
pub(super) struct Teller<S> {
    pub(super) state: Arc<State>,
    service: S,
    started_at: DateTime<Utc>,
    today: NaiveDate,
    /// Ids, and what else later scenes need, by name.
    pub(super) names: BTreeMap<String, String>,
    /// The etag of each object when somebody last saw it, by its id.
    versions: BTreeMap<String, String>,
    cast: BTreeMap<String, Subject>,
}

impl<S> Teller<S> {
    pub(super) fn new(state: Arc<State>, service: S) -> Self {
        let started_at = state.clock.now();
        Self {
            state,
            service,
            started_at,
            today: started_at.with_timezone(&Paris).date_naive(),
            names: BTreeMap::new(),
            versions: BTreeMap::new(),
            cast: BTreeMap::new(),
        }
    }

    /// Who acted.
    pub(super) fn cast(&self) -> impl Iterator<Item = Uuid> {
        self.cast.values().map(|subject| subject.id)
    }

    /// Moves the clock to the n-th scene of this day; what happens today happens now.
    pub(super) fn go_to(&self, day: i64, scene: i64) {
        let nine = NaiveTime::default() + TimeDelta::hours(9);
        let at = match day {
            0 => self.started_at,
            _ => self.instant(day, nine) + TimeDelta::minutes(2 * scene),
        };
        self.state.clock.advance(at - self.state.clock.now());
    }

    /// Somebody who may act from now on, without signing in again each time the clock moves.
    pub(super) async fn meet(&mut self, name: &str, who: Subject) -> Result<(), String> {
        let now = self.state.clock.now();
        let session_id = new_id();
        let row = session::ActiveModel {
            id: Set(session_id),
            user_id: Set(who.id),
            generation: Set(1),
            salt: Set(String::new()),
            created_at: Set(now),
            rotated_at: Set(now),
            expires_at: Set(now + TimeDelta::days(1000)),
            revoked_at: Set(None),
            user_agent: Set(None),
            network: Set(None),
        };
        let failed = |error: DbErr| error.to_string();
        let txn = self.state.db.begin().await.map_err(failed)?;
        row.insert(&txn).await.map_err(failed)?;
        txn.commit().await.map_err(failed)?;
        let session_id = Some(session_id);
        self.cast
            .insert(name.to_owned(), Subject { session_id, ..who });
        Ok(())
    }

    /// The value with `$name` and `@day` replaced.
    fn resolve(&self, value: &mut Value) -> Result<(), String> {
        match value {
            Value::String(text) => *text = self.resolved(text)?,
            Value::Array(values) => {
                for value in values {
                    self.resolve(value)?;
                }
            }
            Value::Object(fields) => {
                for value in fields.values_mut() {
                    self.resolve(value)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// `$name`: the id of what has this name. `@-3`: that day; `@-3T14:30`: that instant.
    fn resolved(&self, text: &str) -> Result<String, String> {
        if let Some(name) = text.strip_prefix('$') {
            let id = self.names.get(name);
            return id.cloned().ok_or(format!("nothing is called {name} yet"));
        }
        let Some(when) = text.strip_prefix('@') else {
            return Ok(text.to_owned());
        };
        let unreadable = || format!("this is no day: {text}");
        let (day, time) = when.split_once('T').unwrap_or((when, ""));
        let day = day.parse().or(Err(unreadable()))?;
        if time.is_empty() {
            return Ok(self.date(day).to_string());
        }
        let time = NaiveTime::parse_from_str(time, "%H:%M").or(Err(unreadable()))?;
        Ok(self.instant(day, time).to_rfc3339())
    }

    /// So many days from today; weekends give way to the working day farther from
    /// today, so that the order of days stays.
    fn date(&self, day: i64) -> NaiveDate {
        let date = self.today + TimeDelta::days(day);
        let shift = match (date.weekday(), day < 0) {
            (Weekday::Sat, true) => -1,
            (Weekday::Sun, true) => -2,
            (Weekday::Sat, false) => 2,
            (Weekday::Sun, false) => 1,
            _ => 0,
        };
        date + TimeDelta::days(shift)
    }

    fn instant(&self, day: i64, time: NaiveTime) -> DateTime<Utc> {
        let local = self.date(day).and_time(time);
        Paris
            .from_local_datetime(&local)
            .earliest()
            .map_or(local.and_utc(), |at| at.to_utc())
    }

    /// Remembers what an answer shows: its id, its token or client, the ids of its items, a new
    /// account.
    async fn remember(&mut self, name: &str, answer: &Value) -> Result<(), String> {
        let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
        for part in ["token", "client_id"] {
            if let Some(value) = answer.get(part).and_then(text) {
                self.names.insert(format!("{name}.{part}"), value);
            }
        }
        let items = answer.get("items").and_then(Value::as_array);
        for (number, item) in (1..).zip(items.into_iter().flatten()) {
            if let Some(id) = item.get("id").and_then(text) {
                self.names.insert(format!("{name}.{number}"), id);
            }
        }
        let Some(id) = answer.get("id").and_then(text) else {
            return Ok(());
        };
        self.names.insert(name.to_owned(), id.clone());
        let Some(role) = answer.get("role").and_then(Value::as_str) else {
            return Ok(());
        };
        let organization_id = answer.get("organization_id").and_then(Value::as_str);
        let who = Subject {
            id: id.parse().or(Err("an id is no UUID"))?,
            session_id: None,
            organization_id: organization_id.and_then(|id| id.parse().ok()),
            role: role.parse().or(Err("unknown role"))?,
            program: None,
        };
        self.meet(name, who).await
    }

    /// As the service does each second.
    async fn write_accesses(&self) -> Result<(), String> {
        let now = self.state.clock.now();
        let written = write_accesses(&self.state, &self.state.db, now).await;
        written.map(drop).map_err(|error| error.to_string())
    }

    /// What an action on the object of this address names as read.
    fn version(&self, path: &str) -> Result<String, String> {
        let known = path.split('/').find_map(|id| self.versions.get(id));
        known.cloned().ok_or(format!("nobody has seen {path} yet"))
    }

    fn token(&self, who: &str) -> Result<String, String> {
        let subject = self.cast.get(who);
        let subject = subject
            .ok_or(format!("nobody is called {who} yet"))?
            .clone();
        let issuer = self.state.config.public_url();
        tokens::sign(&self.state.keys, &issuer, subject, self.state.clock.now())
            .map_err(|problem| problem.code().to_string())
    }
}

impl<S> Teller<S>
where
    S: Service<Request, Response = ServiceResponse<BoxBody>, Error = actix_web::Error>,
{
    /// Plays the scenes day by day; those of one day in the order given.
    pub(super) async fn play(&mut self, mut scenes: Vec<Scene>) -> Result<(), String> {
        scenes.sort_by_key(|scene| scene.day);
        let (mut today, mut number) = (NaiveDate::MIN, 0);
        let (mut day, mut number_of_day) = (i64::MIN, 0);
        for scene in &scenes {
            let date = self.date(scene.day);
            number = if date == today { number + 1 } else { 1 };
            today = date;
            number_of_day = if scene.day == day {
                number_of_day + 1
            } else {
                1
            };
            day = scene.day;
            self.go_to(scene.day, number);
            let first = ids::first(day, number_of_day);
            let acted = with_ids_from(first, self.act(scene)).await;
            acted.map_err(|why| {
                let (day, who, method, path) = (scene.day, &scene.who, &scene.method, &scene.path);
                format!("demo, day {day}: {who} {method} {path}: {why}")
            })?;
        }
        Ok(())
    }

    async fn act(&mut self, scene: &Scene) -> Result<(), String> {
        let segments = scene.path.split('/').map(|segment| self.resolved(segment));
        let path = segments.collect::<Result<Vec<_>, _>>()?.join("/");
        let is_file = path.starts_with("/v1/imports?");
        let mut request = TestRequest::with_uri(&path).method(scene.method.clone());
        if scene.who != "-" {
            let token = format!("Bearer {}", self.token(&scene.who)?);
            request = request.insert_header((header::AUTHORIZATION, token));
        }
        if scene.method == Method::PATCH {
            request = request.insert_header((header::IF_MATCH, "*"));
        } else if path.ends_with("/signatures") {
            request = request.insert_header((header::IF_MATCH, self.version(&path)?));
        }
        if let Some(mut body) = scene.body.clone() {
            self.resolve(&mut body)?;
            request = if is_file {
                let lines = (header::CONTENT_TYPE, "application/x-ndjson");
                request.insert_header(lines).set_payload(body.to_string())
            } else {
                request.set_json(body)
            };
        }
        let response = self.service.call(request.to_request()).await;
        let response = response.map_err(|error| error.to_string())?;
        self.write_accesses().await?;
        if is_file {
            let imported = run_imports(&self.state).await;
            imported.map_err(|problem| problem.code().to_string())?;
        }
        let status = response.status();
        let body = to_bytes(response.into_body()).await;
        let body = body.map_err(|error| error.to_string())?;
        if !status.is_success() {
            return Err(format!("{status} {}", String::from_utf8_lossy(&body)));
        }
        if body.is_empty() {
            return Ok(());
        }
        let answer: Value = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
        let text = |field: &str| answer.get(field)?.as_str().map(ToOwned::to_owned);
        if let (Some(id), Some(etag)) = (text("id"), text("etag")) {
            self.versions.insert(id, etag);
        }
        match &scene.name {
            Some(name) => self.remember(name, &answer).await,
            None => Ok(()),
        }
    }
}
