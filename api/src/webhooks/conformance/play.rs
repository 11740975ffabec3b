//! Plays the scenes, one after another.

use std::time::Duration;

use chrono::TimeDelta;
use entity::values::DeliveryError;
use entity::webhook;
use tokio::sync::Semaphore;

use super::advice::advice;
use super::dto::{
    ConformanceCall, ConformanceReport, ConformanceScene, Expected, Scene, SceneResult,
};
use crate::kit::{Code, Ctx, Problem, Result, new_id};
use crate::outbound::{Failure, Parcel};
use crate::webhooks::message::{TestData, TestMessage, headers, id_of, text};
use crate::webhooks::secret::{Secret, salt};

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
struct Test {
    id: String,
    body: String,
}

impl Trial<'_> {
    /// Plays all scenes, if the first one goes well.
    ///
    /// # Errors
    /// 500 when nothing can be signed.
    pub(super) async fn play(&self) -> Result<ConformanceReport> {
        let _turn = AT_ONCE.acquire().await.or(Err(Problem::new(Code::InternalError)))?;
        let [secret, other] = [self.webhook.secret_salt.clone(), salt()?]
            .map(|salt| Secret::of(&self.ctx.state.keys, self.webhook.id, &salt));
        let tests: Result<Vec<Test>> = [1, 3, 2, 4, 5].map(|sequence| self.test(sequence)).into_iter().collect();
        let [good, newer, older, unsigned, old] = &tests?[..] else {
            return Err(Problem::new(Code::InternalError));
        };
        let now = TimeDelta::zero();
        let mut scenes = vec![self.scene(Scene::Good, vec![self.send(good, &secret, now).await?])];
        let goes_well = scenes.iter().all(|scene| scene.result == SceneResult::Passed);
        for scene in [Scene::Duplicate, Scene::Disorder, Scene::BadSignature, Scene::OldTimestamp] {
            let calls = match scene {
                _ if !goes_well => Vec::new(),
                Scene::Good | Scene::Duplicate => vec![self.send(good, &secret, now).await?],
                Scene::Disorder => vec![
                    self.send(newer, &secret, now).await?,
                    self.send(older, &secret, now).await?,
                ],
                Scene::BadSignature => vec![self.send(unsigned, &other, now).await?],
                Scene::OldTimestamp => vec![self.send(old, &secret, OLD).await?],
            };
            scenes.push(self.scene(scene, calls));
        }
        Ok(ConformanceReport {
            webhook_id: self.webhook.id,
            passed: scenes.iter().all(|scene| scene.result == SceneResult::Passed),
            scenes,
        })
    }

    fn test(&self, sequence: i64) -> Result<Test> {
        let message = TestMessage {
            kind: "webhook.test",
            timestamp: self.ctx.state.clock.now(),
            data: TestData {
                webhook_id: self.webhook.id,
                sequence: Some(sequence),
            },
        };
        Ok(Test {
            id: id_of(new_id()),
            body: text(&message)?,
        })
    }

    /// Sends it, as if so long ago.
    async fn send(&self, test: &Test, secret: &Secret, ago: TimeDelta) -> Result<ConformanceCall> {
        let timestamp = (self.ctx.state.clock.now() - ago).timestamp();
        let signature = secret.sign(&test.id, timestamp, &test.body)?;
        let parcel = Parcel {
            address: self.webhook.url.clone(),
            headers: headers(&test.id, timestamp, &signature)?,
            body: test.body.clone(),
            timeout: TIMEOUT,
        };
        let answer = self.ctx.state.outbound.post(parcel).await;
        let error = answer.as_ref().err().map(|failure| match failure {
            Failure::Refused => DeliveryError::Address,
            Failure::Late => DeliveryError::Timeout,
            _ => DeliveryError::Connection,
        });
        Ok(ConformanceCall {
            webhook_id: test.id.clone(),
            webhook_timestamp: timestamp,
            payload: test.body.clone(),
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
        ConformanceScene {
            name,
            expected,
            result: match wrong {
                _ if calls.is_empty() => SceneResult::NotPlayed,
                Some(_) => SceneResult::Failed,
                None => SceneResult::Passed,
            },
            advice: wrong.map(|call| advice(name, call, self.ctx.locale)),
            calls,
        }
    }
}
