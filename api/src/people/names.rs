//! Names beside ids: who wrote or did something, in one statement for a page. Whoever is named was within
//! reach of what names them.

use std::collections::{BTreeSet, HashMap};

use entity::values::Role;
use entity::{candidate, service_account, user};
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, Query, SelectStatement, UnionType};
use sea_orm::{ActiveEnum, ColumnTrait, ConnectionTrait, QueryResult};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kit::write::beside::Beside;
use crate::kit::{Code, Ctx, Page, Problem, Result};

/// Somebody: a user, a candidate or a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Someone {
    /// Their id.
    pub(crate) id: Uuid,
    /// Prénom and nom; of a program its name.
    #[schema(max_length = 401)]
    pub(crate) name: String,
    /// Their role at present.
    pub(crate) role: Role,
}

/// What says by id who wrote or did it, and by name once it is read.
pub(crate) trait Signed {
    /// Who it was; none where it was the service itself.
    fn by(&self) -> Option<Uuid>;
    /// Notes who that is.
    fn sign(&mut self, who: Someone);
}

/// Who wrote the row that is being written, as its `author_id` says; nobody when they are gone.
#[derive(Debug)]
pub(crate) struct Author(Option<Someone>);

/// Who made it, as its `created_by` says: no program.
#[derive(Debug)]
pub(crate) struct Creator(pub(crate) Author);

impl Author {
    /// This with their name.
    pub(crate) fn signing<T: Signed>(self, mut item: T) -> T {
        if let Some(who) = self.0 {
            item.sign(who);
        }
        item
    }
}

impl Beside for Author {
    const COLUMNS: Option<&'static str> = Some(
        "author_id AS by_id, \
        (SELECT given_name || ' ' || family_name FROM users WHERE users.id = author_id) AS by_name, \
        (SELECT role FROM users WHERE users.id = author_id) AS by_role, \
        (SELECT name FROM service_accounts WHERE service_accounts.id = author_id) AS by_program",
    );

    fn read(row: Option<&QueryResult>) -> Result<Self> {
        read(row).map(Self)
    }
}

impl Beside for Creator {
    const COLUMNS: Option<&'static str> = Some(
        "created_by AS by_id, \
        (SELECT given_name || ' ' || family_name FROM users WHERE users.id = created_by) AS by_name, \
        (SELECT role FROM users WHERE users.id = created_by) AS by_role, \
        CAST(NULL AS text) AS by_program",
    );

    fn read(row: Option<&QueryResult>) -> Result<Self> {
        Author::read(row).map(Self)
    }
}

fn read(row: Option<&QueryResult>) -> Result<Option<Someone>> {
    let row = row.ok_or(Problem::new(Code::Stale))?;
    let person: Option<String> = row.try_get("", "by_name")?;
    let program: Option<String> = row.try_get("", "by_program")?;
    let role: Option<Role> = row.try_get("", "by_role")?;
    let id: Option<Uuid> = row.try_get("", "by_id")?;
    let role = role.unwrap_or(Role::Integration);
    let known = id.zip(person.or(program));
    Ok(known.map(|(id, name)| Someone { id, name, role }))
}

/// Notes who wrote or did this, if they are there.
pub(crate) fn sign(item: &mut impl Signed, names: &HashMap<Uuid, Someone>) {
    if let Some(who) = item.by().and_then(|id| names.get(&id)) {
        item.sign(who.clone());
    }
}

/// This with the name of whoever wrote or did it.
pub(crate) async fn one_signed<T: Signed>(ctx: &Ctx, mut item: T) -> Result<T> {
    let names = of(ctx, item.by().into_iter()).await?;
    sign(&mut item, &names);
    Ok(item)
}

/// The same for a page.
pub(crate) async fn page_signed<T: Signed>(ctx: &Ctx, mut page: Page<T>) -> Result<Page<T>> {
    let names = of(ctx, page.items.iter().filter_map(Signed::by)).await?;
    page.items.iter_mut().for_each(|item| sign(item, &names));
    Ok(page)
}

/// Who these are, by their ids.
pub(crate) async fn of(
    ctx: &Ctx,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Someone>> {
    let ids: BTreeSet<Uuid> = ids.collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = ctx.state.db.reader().query_all(&question(&ids)).await?;
    let mut names = HashMap::with_capacity(rows.len());
    for row in rows {
        let (given, family): (String, String) =
            (row.try_get("", "given")?, row.try_get("", "family")?);
        let someone = Someone {
            id: row.try_get("", "id")?,
            name: format!("{given} {family}").trim_end().to_owned(),
            role: row.try_get("", "role")?,
        };
        names.insert(someone.id, someone);
    }
    Ok(names)
}

fn question(ids: &BTreeSet<Uuid>) -> SelectStatement {
    let word = |text: String| Expr::Constant(text.into());
    let users = rows(ids, user::Column::Id)
        .expr_as(of_column(user::Column::GivenName), "given")
        .expr_as(of_column(user::Column::FamilyName), "family")
        .expr_as(of_column(user::Column::Role), "role")
        .to_owned();
    let programs = rows(ids, service_account::Column::Id)
        .expr_as(of_column(service_account::Column::Name), "given")
        .expr_as(word(String::new()), "family")
        .expr_as(word(Role::Integration.to_value()), "role")
        .to_owned();
    let candidates = rows(ids, candidate::Column::Id)
        .expr_as(of_column(candidate::Column::GivenName), "given")
        .expr_as(of_column(candidate::Column::FamilyName), "family")
        .expr_as(word(Role::Candidate.to_value()), "role")
        .to_owned();
    let others = [programs, candidates].map(|rows| (UnionType::All, rows));
    let mut all = users;
    all.unions(others);
    all
}

/// What the row of this id says in a column. It is asked row by row: a join would let PostgreSQL read
/// everybody's first.
pub(crate) fn said_by<C: ColumnTrait>(column: C, id: impl IntoColumnRef) -> Expr {
    let its = Expr::col((C::EntityName::default(), "id"));
    let row = Query::select()
        .expr(of_column(column))
        .from(C::EntityName::default())
        .and_where(its.equals(id))
        .to_owned();
    Expr::SubQuery(None, Box::new(row.into()))
}

fn of_column(column: impl ColumnTrait) -> Expr {
    Expr::col(column.as_column_ref())
}

fn rows<C: ColumnTrait>(ids: &BTreeSet<Uuid>, id: C) -> SelectStatement {
    Query::select()
        .expr_as(of_column(id), "id")
        .from(C::EntityName::default())
        .and_where(id.is_in(ids.iter().copied()))
        .to_owned()
}
