//! The values that fields take: closed lists, stored and sent as `snake_case` words, and the
//! small structures kept as JSON.

use chrono::NaiveDate;
use sea_orm::FromJsonQueryResult;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! values {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident),+ $(,)? })+) => { $(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum,
            Serialize, Deserialize, ToSchema, strum::Display, strum::EnumString,
        )]
        #[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))", rename_all = "snake_case")]
        #[serde(rename_all = "snake_case")]
        #[strum(serialize_all = "snake_case")]
        pub enum $name { $($variant),+ }
    )+ };
}

values! {
    /// Language of the texts: `fr` (français) or `en` (English).
    Locale { Fr, En }
    /// Rôle: `candidate` (candidat), `tutor` (accompagnateur), `coordinator` (runs an
    /// organization), `prescriber` (prescripteur), `validator` (certificateur), `integration`
    /// (a CRM's service account), `admin` (the platform's).
    Role { Candidate, Tutor, Coordinator, Prescriber, Validator, Integration, Admin }
    /// `invited` has not yet chosen a password; `disabled` may not sign in any more.
    UserState { Invited, Active, Disabled }
    /// What a link sent by mail is for: a new password, or a new e-mail address.
    TokenPurpose { PasswordReset, EmailChange }
    /// `invitation`, `password_reset` and `email_change` hold a link; `password_changed` and
    /// `email_change_notice` say what happened, so that nobody is dispossessed in silence;
    /// `break_glass_notice` tells coordinators that a booklet was opened to the platform,
    /// `webhook_disabled` that another system is told of nothing any more; `paper_signature_notice`
    /// tells candidates that somebody recorded their signature, `service_account_notice` coordinators
    /// that programs outlive whoever made them.
    MailKind { Invitation, PasswordReset, PasswordChanged, EmailChange, EmailChangeNotice, BreakGlassNotice, WebhookDisabled, PaperSignatureNotice, ServiceAccountNotice }
    /// `pending` (to be sent, or tried again), `sent` (taken by the mail server), `failed` (given up).
    MailState { Pending, Sent, Failed }
    /// `disabled`: nothing is sent, and nothing gets lost (see `disabled_reason`).
    WebhookState { Active, Disabled }
    /// `asked` (by a coordinator), `gone` (the endpoint answered 410), `failing` (nothing could be
    /// delivered for five days).
    DisabledReason { Asked, Gone, Failing }
    /// `pending` (to be sent, or tried again), `delivered` (answered with 2xx), `failed` (given up
    /// after three days), `skipped` (passed over when the webhook was enabled again).
    DeliveryState { Pending, Delivered, Failed, Skipped }
    /// Why an attempt failed: `address` (it leads into a private network), `connection` (nobody
    /// there, or a certificate that is not trusted), `timeout` (15 s), `redirect` (3xx),
    /// `status` (another status than 2xx).
    DeliveryError { Address, Connection, Timeout, Redirect, Status }
    /// How the candidate prefers to be reached.
    PreferredChannel { Email, Sms, Phone, Mail }
    /// Whether the whole certification is aimed at, or only competence blocks.
    CertificationScope { Full, Blocks }
    /// State of a booklet: `open` (no contract in force), `active` (a contract is in force),
    /// `suspended`, `closed` (with an outcome), `withdrawn` (abandon).
    BookletState { Open, Active, Suspended, Closed, Withdrawn }
    /// What the jury granted: `full` (totale), `partial` (partielle), `none` (refus).
    Outcome { Full, Partial, None }
    /// `tutor` accompanies; `substitute` does all a tutor does but sign; `observer` reads.
    MemberKind { Tutor, Substitute, Observer }
    /// State of a contract: `draft`, `proposed` (content frozen), `in_force` (signed by both),
    /// `ended` (date passed or booklet closed), `superseded` (by an amendment), `terminated`.
    ContractState { Draft, Proposed, InForce, Ended, Superseded, Terminated }
    /// One of the two people the booklet binds.
    Party { Candidate, Tutor }
    /// Why two candidates may be one person: `name_and_birth_date`, `name` (where the birth date of one is not known),
    /// `email`, `phone`.
    Likeness { NameAndBirthDate, Name, Email, Phone }
    /// `click`: by the party in the service; `paper`: on paper, recorded by tutor or coordinator.
    SignatureMethod { Click, Paper }
    /// `project` (« Je suis candidat à la VAE »: the project), `means` (its means),
    /// `expectation` (what I expect of my accompagnateur), `working` (objectif de travail).
    ObjectiveKind { Project, Means, Expectation, Working }
    /// State of an objective.
    ObjectiveState { Active, Achieved, Dropped }
    /// Modalité: `interview` (entretien) or `workshop` (atelier).
    Activity { Interview, Workshop }
    /// Modalité: `individual` (individuel), `collective` (collectif) or `either`.
    Grouping { Individual, Collective, Either }
    /// State of the plan: `agreed` once each party has said yes.
    PlanState { Draft, Proposed, Agreed }
    /// State of a plan step.
    StepState { Planned, InProgress, Done, Postponed, Cancelled }
    /// How far a booklet has come on a stage of the VAE.
    StageState { NotStarted, InProgress, Done, Skipped }
    /// `interview` (entretien), `workshop` (atelier), `jury_training` (entraînement), `other`.
    AppointmentKind { Interview, Workshop, JuryTraining, Other }
    /// `on_site` (en présence), `phone` (téléphone), `video` (visio).
    AppointmentMode { OnSite, Phone, Video }
    /// `no_show`: absent without a word; `excused`: absent, warned ahead.
    AppointmentState { Planned, Held, NoShow, Excused, Cancelled }
    /// State of an action sheet: `locked` once the other party validated it.
    SheetState { Draft, Submitted, Locked }
    /// `document` (à produire), `contact` (à contacter), `task` (à effectuer).
    ItemKind { Document, Contact, Task }
    /// State of a sheet item.
    ItemState { Planned, Done, Dropped }
    /// What a sheet said about an item that came to it.
    Answer { Done, Dropped, CarriedOn }
    /// `manual`: written by hand; `sheet`: derived when an action sheet was locked.
    CompletedSource { Manual, Sheet }
    /// Modalité de contact: `in_person` (en présence), `phone` (téléphone), `sms`, `email`
    /// (courriel), `video` (visio), `mail` (courrier), `messaging` (messagerie), `other`.
    ContactMode { InPerson, Phone, Sms, Email, Video, Mail, Messaging, Other }
    /// Who took the contact: `in` (the candidate's side), `out` (ours), `none` (not told).
    Direction { In, Out, None }
    /// `private`: for its author alone; `shared`: for all who read the booklet.
    Visibility { Private, Shared }
    /// Kind of body (organisme) in the directory (§07).
    AddressCategory {
        PointRelaisConseil, EspaceConseilVae, Cep, Tutor, Prescriber, Validator,
        VaeSupportProvider, Other,
    }
    /// What a line of the access log tells of: `sign_in` (signing in and out, tokens), `read` (of a
    /// personal record), `write` (one that was refused), `gap` (lines that are missing).
    AccessKind { SignIn, Read, Write, Gap }
    /// How a request ended: `ok`, `refused` (4xx) or `failed` (5xx).
    AccessOutcome { Ok, Refused, Failed }
    /// What the rows of a file are.
    ImportResource { Candidates, Booklets, UsefulAddresses }
    /// What a file is written in: `csv`, or `json_lines` (one object a line).
    ImportFormat { Csv, JsonLines, Xlsx }
    /// State of an import: `checking` (its rows are being read), `ready` (checked, nothing is changed
    /// yet), `applying`, `done`, `failed` (nothing was changed; `reason` says why), `cancelled`.
    ImportState { Checking, Ready, Applying, Done, Failed, Cancelled }
    /// What becomes of a file with faults: `all_or_nothing` (nothing is written), `valid_rows` (the
    /// rows without fault are).
    ImportMode { AllOrNothing, ValidRows }
}

/// A list of short texts, kept as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(transparent)]
pub struct Texts(pub Vec<String>);

/// A row of a file that may tell of somebody who is there already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SimilarRow {
    /// Where the row begins in the file, from 1.
    pub line: i32,
    /// The candidate who may be the same person.
    pub id: Uuid,
    /// What they have in common.
    #[schema(min_items = 1, max_items = 3)]
    pub why: Vec<Likeness>,
}

/// A list of those, kept as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(transparent)]
pub struct SimilarRows(pub Vec<SimilarRow>);

/// A list of ids, kept as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(transparent)]
pub struct Ids(pub Vec<Uuid>);

/// The certification aimed at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
#[serde(deny_unknown_fields)]
pub struct Certification {
    /// Its title, « intitulé ».
    #[schema(
        min_length = 1,
        max_length = 200,
        example = "CAP Agent de propreté et d'hygiène"
    )]
    pub label: String,
    /// Number in the RNCP, digits only.
    #[serde(default)]
    #[schema(max_length = 6, pattern = r"^\d{1,6}$", example = "34873")]
    pub rncp_code: Option<String>,
    /// The certifying body, « certificateur ».
    #[serde(default)]
    #[schema(max_length = 200, example = "Ministère de l'Éducation nationale")]
    pub certifier_name: Option<String>,
    /// Whether all of it or only blocks are aimed at. Default: `full`.
    #[serde(default = "whole")]
    pub scope: CertificationScope,
    /// The competence blocks aimed at, when `scope` is `blocks`.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub blocks: Vec<CertificationBlock>,
}

fn whole() -> CertificationScope {
    CertificationScope::Full
}

/// Title of a competence block, « bloc de compétences ».
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(
    min_length = 1,
    max_length = 200,
    example = "Bloc 1 – Techniques professionnelles"
)]
pub struct CertificationBlock(pub String);

/// A page that a reference text was taken from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its address.
    #[schema(format = "uri", max_length = 2000, example = "https://vae.gouv.fr")]
    pub url: String,
    /// The day somebody last read it, if known.
    #[serde(default)]
    pub checked_on: Option<NaiveDate>,
}

/// Sources, kept as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(transparent)]
pub struct Sources(pub Vec<Source>);

/// One row of a plan template (§05): Objectif / Étape / Durée / Modalité.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanTemplateRow {
    /// Its place, from 1. Always there in answers; a row written without one stands where it
    /// stands in the list.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 200, example = 1)]
    pub position: Option<i32>,
    /// Objectif.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "Présenter les attendus du livret 2"
    )]
    pub objective: String,
    /// Étape.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "Présentation du livret de validation"
    )]
    pub label: String,
    /// Modalité: interview or workshop.
    pub activity: Activity,
    /// Modalité: individual, collective or either.
    pub grouping: Grouping,
    /// Durée, in minutes; empty on the paper.
    #[serde(default)]
    #[schema(minimum = 5, maximum = 10080, example = 90)]
    pub duration_minutes: Option<i32>,
    /// Code of the VAE stage it belongs to (§06).
    #[serde(default)]
    #[schema(
        pattern = "^[a-z_]{2,40}$",
        example = "validation_file",
        max_length = 40
    )]
    pub vae_stage: Option<String>,
}

/// The rows of a plan template in order, kept as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(transparent)]
pub struct PlanTemplateRows(pub Vec<PlanTemplateRow>);
