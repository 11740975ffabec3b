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
use entity::{session, user};
use sea_orm::{ActiveModelTrait, Set};
use serde_json::Value;
use uuid::Uuid;

use crate::app::State;
use crate::auth::tokens::{self, Subject};
use crate::kit::new_id;

/// One request of a story.
#[derive(Debug)]
pub(super) struct Scene {
    day: i64,
    who: String,
    method: Method,
    path: String,
    name: Option<String>,
    body: Option<Value>,
}

impl Scene {
    pub(super) fn new(day: i64, who: &str, method: Method, path: &str) -> Self {
        Self {
            day,
            who: who.to_owned(),
            method,
            path: path.to_owned(),
            name: None,
            body: None,
        }
    }

    pub(super) fn with(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// What later scenes call the thing that this one makes.
    pub(super) fn called(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// The scenes of a story: a line each, but for comments (`#`) and blank lines.
    pub(super) fn read_all(story: &str) -> Result<Vec<Self>, String> {
        story
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| Self::read(line).ok_or(format!("this is no scene: {line}")))
            .collect()
    }

    /// `<day> <who> <method> <path> [as <name>] [<body>]`.
    fn read(line: &str) -> Option<Self> {
        let start_of_body = line.find(" {").unwrap_or(line.len());
        let (head, body) = line.split_at(start_of_body);
        let mut words = head.split_whitespace();
        let mut scene = Self::new(
            words.next()?.parse().ok()?,
            words.next()?,
            words.next()?.parse().ok()?,
            words.next()?,
        );
        if words.next() == Some("as") {
            scene = scene.called(words.next()?);
        }
        if !body.is_empty() {
            scene = scene.with(serde_json::from_str(body).ok()?);
        }
        Some(scene)
    }
}

/// Who tells: it knows the ids of what was named, and who may act.
pub(super) struct Teller<S> {
    state: Arc<State>,
    service: S,
    today: NaiveDate,
    ids: BTreeMap<String, String>,
    cast: BTreeMap<String, Subject>,
}

impl<S> Teller<S> {
    pub(super) fn new(state: Arc<State>, service: S) -> Self {
        let today = state.clock.now().with_timezone(&Paris).date_naive();
        Self {
            state,
            service,
            today,
            ids: BTreeMap::new(),
            cast: BTreeMap::new(),
        }
    }

    /// Who acted.
    pub(super) fn cast(&self) -> impl Iterator<Item = Uuid> {
        self.cast.values().map(|subject| subject.id)
    }

    /// Moves the clock to the n-th scene of this day.
    pub(super) fn go_to(&self, day: i64, scene: i64) {
        let nine = NaiveTime::default() + TimeDelta::hours(9);
        let at = self.instant(day, nine) + TimeDelta::minutes(2 * scene);
        self.state.clock.advance(at - self.state.clock.now());
    }

    /// Somebody who may act from now on.
    pub(super) async fn meet(&mut self, name: &str, user: &user::Model) -> Result<(), String> {
        self.give_session(name, user.id, user.role, user.organization_id)
            .await
    }

    /// Spares them signing in again each time the clock moves.
    async fn give_session(
        &mut self,
        name: &str,
        id: Uuid,
        role: entity::values::Role,
        organization_id: Option<Uuid>,
    ) -> Result<(), String> {
        let now = self.state.clock.now();
        let row = session::ActiveModel {
            id: Set(new_id()),
            user_id: Set(id),
            generation: Set(1),
            salt: Set(String::new()),
            created_at: Set(now),
            rotated_at: Set(now),
            expires_at: Set(now + TimeDelta::days(1000)),
            revoked_at: Set(None),
        };
        let txn = self.state.db.begin().await.map_err(|e| e.to_string())?;
        let row = row.insert(&txn).await.map_err(|e| e.to_string())?;
        txn.commit().await.map_err(|e| e.to_string())?;
        let subject = Subject {
            id,
            session_id: Some(row.id),
            organization_id,
            role,
        };
        self.cast.insert(name.to_owned(), subject);
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
            let id = self.ids.get(name);
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

    /// So many days from today; weekends move towards today's far side, so that people work on
    /// working days and the order of days stays.
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

    /// Remembers what an answer shows: its id, its token, the ids of its items, a new account.
    async fn remember(&mut self, name: &str, answer: &Value) -> Result<(), String> {
        let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
        if let Some(token) = answer.get("token").and_then(text) {
            self.ids.insert(format!("{name}.token"), token);
        }
        let items = answer.get("items").and_then(Value::as_array);
        for (number, item) in (1..).zip(items.into_iter().flatten()) {
            if let Some(id) = item.get("id").and_then(text) {
                self.ids.insert(format!("{name}.{number}"), id);
            }
        }
        let Some(id) = answer.get("id").and_then(text) else {
            return Ok(());
        };
        self.ids.insert(name.to_owned(), id.clone());
        let Some(role) = answer.get("role").and_then(Value::as_str) else {
            return Ok(());
        };
        let organization_id = answer.get("organization_id").and_then(Value::as_str);
        self.give_session(
            name,
            id.parse().or(Err("an id is no UUID"))?,
            role.parse().or(Err("unknown role"))?,
            organization_id.and_then(|id| id.parse().ok()),
        )
        .await
    }

    fn token(&self, who: &str) -> Result<String, String> {
        let subject = self.cast.get(who);
        let subject = *subject.ok_or(format!("nobody is called {who} yet"))?;
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
        for scene in &scenes {
            let date = self.date(scene.day);
            number = if date == today { number + 1 } else { 1 };
            today = date;
            self.go_to(scene.day, number);
            self.act(scene).await.map_err(|why| {
                let (day, who, method, path) = (scene.day, &scene.who, &scene.method, &scene.path);
                format!("demo, day {day}: {who} {method} {path}: {why}")
            })?;
        }
        Ok(())
    }

    async fn act(&mut self, scene: &Scene) -> Result<(), String> {
        let segments = scene.path.split('/').map(|segment| self.resolved(segment));
        let path = segments.collect::<Result<Vec<_>, _>>()?.join("/");
        let mut request = TestRequest::with_uri(&path).method(scene.method.clone());
        if scene.who != "-" {
            let token = format!("Bearer {}", self.token(&scene.who)?);
            request = request.insert_header((header::AUTHORIZATION, token));
        }
        if scene.method == Method::PATCH {
            request = request.insert_header((header::IF_MATCH, "*"));
        }
        if let Some(mut body) = scene.body.clone() {
            self.resolve(&mut body)?;
            request = request.set_json(body);
        }
        let response = self.service.call(request.to_request()).await;
        let response = response.map_err(|error| error.to_string())?;
        let status = response.status();
        let body = to_bytes(response.into_body()).await;
        let body = body.map_err(|error| error.to_string())?;
        if !status.is_success() {
            return Err(format!("{status} {}", String::from_utf8_lossy(&body)));
        }
        match &scene.name {
            Some(name) => {
                let answer = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
                self.remember(name, &answer).await
            }
            None => Ok(()),
        }
    }
}
