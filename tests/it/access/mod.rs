//! Every operation of the API document, played as every role, on what is theirs, on another booklet of
//! their organization, on another organization, and by nobody known. What the service answered is
//! written to `docs/policy.md`. An operation without a case fails.

pub(crate) mod objects;
mod opened;
mod report;

use std::collections::BTreeMap;

use api::foundation::policy::{self, Reach};
use entity::values::Role;
use reqwest::Method;
use tests::{Operation, World};

use self::objects::{Target, object, targets};
use crate::world;

/// One person a role.
pub(crate) const CAST: [(Role, &str); 7] = [
    (Role::Candidate, "samira"),
    (Role::Tutor, "tom"),
    (Role::Coordinator, "claire"),
    (Role::Prescriber, "paul"),
    (Role::Validator, "vera"),
    (Role::Integration, "crm"),
    (Role::Admin, "ada"),
];

/// What the service let somebody do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    /// Anything but 401, 403 and 404.
    Admitted,
    Forbidden,
    NotFound,
    /// Forbidden, but in a booklet that is open by break-glass.
    Opened,
}

type Line = BTreeMap<(usize, Target), Verdict>;

#[tokio::test]
async fn every_role_reaches_what_the_table_says_and_nothing_else() {
    let world = world().await;
    let standing = objects::standing(&world).await;
    let mut lines: Vec<(Operation, Line)> = Vec::new();
    for operation in Operation::all() {
        let Some((resource, action)) = operation.policy() else {
            continue;
        };
        let mut line = Line::new();
        for (column, (role, name)) in CAST.into_iter().enumerate() {
            let reach = policy::reach(resource, action, role);
            for target in targets(&operation.collection()).iter().copied() {
                let expected = expected(&operation, role, target);
                let path = match expected {
                    Verdict::Admitted => {
                        operation.fill(&object(&world, &operation, role, target).await)
                    }
                    _ => operation.fill(&standing[&(operation.collection(), target)]),
                };
                let verdict = play(&world, &operation, name, &path).await;
                assert_eq!(
                    verdict, expected,
                    "{} as {name} on {path} ({target:?})",
                    operation.id
                );
                line.insert((column, target), verdict);
                opened::close_all(&world).await;
            }
            if reach == Reach::Opened {
                opened::reads_what_is_open(&world, &operation, &standing).await;
                line.insert((column, Target::Own), Verdict::Opened);
            }
        }
        anonymous_is_refused(&world, &operation, &standing).await;
        lines.push((operation, line));
    }
    report::compare(&report::render(&lines));
}

/// What the table promises for this target.
fn expected(operation: &Operation, role: Role, target: Target) -> Verdict {
    let (resource, action) = operation.policy().unwrap();
    let within = match policy::reach(resource, action, role) {
        Reach::Nothing | Reach::Opened => return Verdict::Forbidden,
        // What another calls so is another object: one's own is made.
        _ if operation.is_upsert() => true,
        // Names are an organization's own, and tutors do not see those of users.
        _ if operation.is_by_external_id() && role == Role::Admin => false,
        _ if operation.id == "get_user_by_external_id" && role == Role::Tutor => false,
        Reach::Own | Reach::Assigned => target == Target::Own,
        Reach::Organization => target != Target::OtherOrganization,
        Reach::Everything => target == Target::Own || !is_text(&operation.collection()),
    };
    if within {
        Verdict::Admitted
    } else {
        Verdict::NotFound
    }
}

/// Texts and addresses: the admin keeps those shared by all, and leaves organizations theirs.
fn is_text(collection: &str) -> bool {
    matches!(
        collection,
        "contract-templates" | "pledges" | "plan-templates" | "useful-addresses"
    )
}

async fn play(world: &World, operation: &Operation, name: &str, path: &str) -> Verdict {
    let body = objects::body(world, operation, name).or_else(|| operation.example());
    let headers = match operation.method {
        Method::PATCH | Method::PUT | Method::DELETE => &[("if-match", "*")][..],
        _ => &[],
    };
    let answer = world
        .as_(name)
        .send(operation.method.clone(), path, body, headers)
        .await;
    match answer.status {
        403 => Verdict::Forbidden,
        404 => Verdict::NotFound,
        _ => Verdict::Admitted,
    }
}

async fn anonymous_is_refused(world: &World, operation: &Operation, standing: &objects::Standing) {
    let path = operation.fill(&standing[&(operation.collection(), Target::Own)]);
    let answer = world
        .anonymous()
        .send(operation.method.clone(), &path, None, &[])
        .await;
    assert_eq!(answer.status, 401, "{} lets anybody in", operation.id);
}
