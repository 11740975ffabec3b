//! What becomes known of a request while it is answered, for the access log: who asks, whose
//! booklet they see, and whether a change was kept (which the event trail tells already).

use std::sync::{Arc, Mutex, PoisonError};

use entity::values::Role;
use entity::{Row, service_account, user};
use uuid::Uuid;

use crate::foundation::operations::Operation;
use crate::kit::Code;

/// Where a call notes it; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Traces(Arc<Mutex<Trace>>);

/// What is known of one request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trace {
    pub(crate) operation: Option<Arc<Operation>>,
    /// The object of its address.
    pub(crate) id: Option<Uuid>,
    pub(crate) who: Option<Who>,
    /// Whether they are who they say.
    pub(crate) is_proven: bool,
    pub(crate) booklet_id: Option<Uuid>,
    /// Whose record was seen: somebody without organization may see one of any.
    pub(crate) organization_id: Option<Uuid>,
    /// The table that was exported.
    pub(crate) dataset: Option<&'static str>,
    /// The only person who may learn of it.
    pub(crate) private_to: Option<Uuid>,
    /// The problem it was answered with.
    pub(crate) code: Option<Code>,
    /// Why, where the answer says less than we know.
    pub(crate) reason: Option<&'static str>,
    /// Whether a change was committed with its events.
    pub(crate) is_kept: bool,
}

/// Somebody, as the access log names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Who {
    pub(crate) id: Uuid,
    pub(crate) role: Role,
    pub(crate) organization_id: Option<Uuid>,
    pub(crate) session_id: Option<Uuid>,
}

impl Who {
    /// This person, in this session.
    pub(crate) fn person(user: &user::Model, session_id: Option<Uuid>) -> Self {
        Self {
            id: user.id,
            role: user.role,
            organization_id: user.organization_id,
            session_id,
        }
    }

    /// This service account.
    pub(crate) fn service(account: &service_account::Model) -> Self {
        Self {
            id: account.id,
            role: Role::Integration,
            organization_id: Some(account.organization_id),
            session_id: None,
        }
    }
}

impl Traces {
    fn note(&self, change: impl FnOnce(&mut Trace)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// The operation called, and the path that names its object.
    pub(crate) fn operation(&self, operation: &Arc<Operation>, path: &str) {
        let id = operation.id_in(path);
        let booklet_id = id.filter(|_| operation.path.starts_with("/v1/booklets/{"));
        self.note(|trace| {
            trace.operation = Some(operation.clone());
            trace.id = id;
            trace.booklet_id = booklet_id;
        });
    }

    /// Whoever says they are this one: a wrong password may follow.
    pub(crate) fn claimed(&self, who: Who) {
        self.note(|trace| trace.who = Some(who));
    }

    /// Whoever is this one beyond doubt.
    pub(crate) fn proven(&self, who: Who) {
        self.note(|trace| {
            trace.who = Some(who);
            trace.is_proven = true;
        });
    }

    /// The booklet seen; the address's own comes first.
    pub(crate) fn booklet(&self, id: Option<Uuid>) {
        self.note(|trace| trace.booklet_id = trace.booklet_id.or(id));
    }

    /// The table that is exported.
    pub(crate) fn export(&self, dataset: &'static str) {
        self.note(|trace| trace.dataset = Some(dataset));
    }

    /// The organization whose record is seen.
    pub(crate) fn organization(&self, id: Option<Uuid>) {
        self.note(|trace| trace.organization_id = trace.organization_id.or(id));
    }

    /// A row that is seen: whose it is, and of which booklet.
    pub(in crate::kit) fn row(&self, row: &impl Row) {
        self.organization(row.organization_id());
        self.booklet(row.booklet_id());
    }

    /// The object that is seen; the address's own comes first.
    pub(in crate::kit) fn object(&self, id: Uuid) {
        self.note(|trace| trace.id = trace.id.or(Some(id)));
    }

    /// That nobody but this person may learn of the request.
    pub(crate) fn private_to(&self, user: Option<Uuid>) {
        self.note(|trace| trace.private_to = user);
    }

    pub(in crate::kit) fn code(&self, code: Code) {
        self.note(|trace| trace.code = Some(code));
    }

    /// Why, where the answer says less than we know.
    pub(crate) fn reason(&self, reason: &'static str) {
        self.note(|trace| trace.reason = Some(reason));
    }

    pub(in crate::kit) fn kept(&self) {
        self.note(|trace| trace.is_kept = true);
    }

    /// The object that the address names.
    pub(in crate::kit) fn target(&self) -> Option<Uuid> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).id
    }

    /// All of it.
    pub(in crate::kit) fn taken(&self) -> Trace {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
