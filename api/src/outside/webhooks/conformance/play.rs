//! Plays the scenes, one after another.

use std::time::Duration;

use chrono::TimeDelta;
use entity::values::DeliveryError;
use entity::webhook;
use tokio::sync::Semaphore;

use super::advice::{advice, to_check};
use super::dto::{
    ConformanceCall, ConformanceReport, ConformanceScene, Expected, Scene, SceneResult,
};
use crate::foundation::outbound::{Failure, Parcel};
use crate::kit::{Code, Ctx, Problem, Result, new_id};
use crate::outside::webhooks::message::{WebhookTest, WebhookTestData, headers, id_of, text};
use crate::outside::webhooks::secret::{Secret, salt, signatures};

/// How long an answer may take here.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How old an old message is: receivers tolerate five minutes.
const OLD: TimeDelta = TimeDelta::minutes(10);
/// How many trials one instance runs at once.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// A receiver on trial.
pub(super) struct Trial<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) webhook: &'a webhook::Model,
}

/// A message to send.
struct Message {
    id: String,
    body: String,
}

impl Trial<'_> {
    /// Plays all scenes, if the first one goes well.
    ///
    /// # Errors
    /// 500 when nothing can be signed.
    pub(super) async fn play(&self) -> Result<ConformanceReport> {
        let _turn = AT_ONCE
            .acquire()
            .await
            .or(Err(Problem::new(Code::InternalError)))?;
        let first = self.message(1)?;
        let mut scenes = vec![self.scene(Scene::Good, vec![self.rightly(&first).await?])];
        let goes_well = scenes
            .iter()
            .all(|scene| scene.result == SceneResult::Passed);
        for scene in [
            Scene::Duplicate,
            Scene::Disorder,
            Scene::BadSignature,
            Scene::OldTimestamp,
        ] {
            let calls = match scene {
                _ if !goes_well => Vec::new(),
                Scene::Good | Scene::Duplicate => vec![self.rightly(&first).await?],
                Scene::Disorder => vec![
                    self.rightly(&self.message(3)?).await?,
                    self.rightly(&self.message(2)?).await?,
                ],
                Scene::BadSignature => vec![self.wrongly(&self.message(4)?).await?],
                Scene::OldTimestamp => vec![self.late(&self.message(5)?).await?],
            };
            scenes.push(self.scene(scene, calls));
        }
        Ok(ConformanceReport {
            webhook_id: self.webhook.id,
            passed: scenes
                .iter()
                .all(|scene| scene.result == SceneResult::Passed),
            scenes,
        })
    }

    fn message(&self, sequence: i64) -> Result<Message> {
        let message = WebhookTest {
            kind: "webhook.test",
            timestamp: self.ctx.state.clock.now(),
            data: WebhookTestData {
                webhook_id: self.webhook.id,
                sequence: Some(sequence),
            },
        };
        Ok(Message {
            id: id_of(new_id()),
            body: text(&message)?,
        })
    }

    /// As it is delivered.
    async fn rightly(&self, message: &Message) -> Result<ConformanceCall> {
        let now = self.ctx.state.clock.now().timestamp();
        self.send(message, now, self.signed(message, now)?).await
    }

    /// As somebody sends it who copied it ten minutes ago.
    async fn late(&self, message: &Message) -> Result<ConformanceCall> {
        let then = (self.ctx.state.clock.now() - OLD).timestamp();
        self.send(message, then, self.signed(message, then)?).await
    }

    /// As somebody sends it who does not know the secret.
    async fn wrongly(&self, message: &Message) -> Result<ConformanceCall> {
        let now = self.ctx.state.clock.now().timestamp();
        let another = Secret::of(&self.ctx.state.keys, self.webhook.id, &salt()?);
        let signature = another.sign(&message.id, now, &message.body)?;
        self.send(message, now, signature).await
    }

    fn signed(&self, message: &Message, timestamp: i64) -> Result<String> {
        let state = &self.ctx.state;
        let parts = (message.id.as_str(), message.body.as_str());
        signatures(
            &state.keys,
            self.webhook,
            parts,
            state.clock.now(),
            timestamp,
        )
    }

    async fn send(
        &self,
        message: &Message,
        timestamp: i64,
        signature: String,
    ) -> Result<ConformanceCall> {
        let parcel = Parcel {
            address: self.webhook.url.clone(),
            headers: headers(&message.id, timestamp, &signature)?,
            body: message.body.clone(),
            timeout: TIMEOUT,
        };
        let answer = self.ctx.state.outbound.post(parcel).await;
        let error = answer.as_ref().err().map(|failure| match failure {
            Failure::Refused => DeliveryError::Address,
            Failure::Late => DeliveryError::Timeout,
            _ => DeliveryError::Connection,
        });
        Ok(ConformanceCall {
            webhook_id: message.id.clone(),
            webhook_timestamp: timestamp,
            payload: message.body.clone(),
            status: answer.ok().map(|receipt| receipt.status.as_u16()),
            error,
        })
    }

    fn scene(&self, name: Scene, calls: Vec<ConformanceCall>) -> ConformanceScene {
        let expected = match name {
            Scene::Good | Scene::Duplicate | Scene::Disorder => Expected::Accepted,
            Scene::BadSignature | Scene::OldTimestamp => Expected::Refused,
        };
        let right = match expected {
            Expected::Accepted => 200..300,
            Expected::Refused => 400..500,
        };
        let wrong = calls
            .iter()
            .find(|call| !call.status.is_some_and(|status| right.contains(&status)));
        let (result, advice) = match wrong {
            _ if calls.is_empty() => (SceneResult::NotPlayed, None),
            Some(call) => (
                SceneResult::Failed,
                Some(advice(name, call, self.ctx.locale)),
            ),
            None => (SceneResult::Passed, to_check(name, self.ctx.locale)),
        };
        ConformanceScene {
            name,
            expected,
            result,
            advice,
            calls,
        }
    }
}
