//! Which page of a list, and in which order: read from the query, read from the database.

use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::web::Query;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order};
use sea_orm::{
    ConnectionTrait, EntityTrait, Iterable, ModelTrait, PrimaryKeyToColumn, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Required, Schema};

use crate::kit::list::cursor::Cursor;
use crate::kit::list::order::{ordered, placed};
use crate::kit::{Call, Code, Page, Problem, Result};

/// The orders of a list: a column, under the name that the API gives it. Rows that have no value there come
/// after all others ([`ordered`]).
pub type Sorts<E> = &'static [(&'static str, <E as EntityTrait>::Column)];

/// A list: its rows, and what may put them in order.
pub trait Listed: 'static {
    /// Whose rows it shows.
    type Entity: EntityTrait;
    /// What `sort` may name. The first one, descending, is the default.
    const SORTS: Sorts<Self::Entity>;
    /// Whether the list begins with the last of them, as what happened last is read first.
    const BEGINS_WITH_THE_LAST: bool = true;

    /// The rows that changed at this instant or later.
    #[must_use]
    fn changed_since(instant: DateTime<Utc>) -> Condition {
        let column = Expr::col((Self::Entity::default(), "updated_at"));
        Condition::all().add(column.gte(instant))
    }
}

/// Which page of a list.
#[derive(Debug)]
pub struct Paging<L> {
    asked: Asked,
    /// The list, its filters and its order, which the cursor is bound to.
    list: String,
    call: Call,
    of: PhantomData<L>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// The `next` of the page before, unchanged. Without it, or empty: the first page.
    #[param(max_length = 200, example = "")]
    after: Option<String>,
    /// How many items at most, from 1 to 100. Default: 20.
    #[param(minimum = 1, maximum = 100, default = 20, example = 2)]
    limit: Option<u64>,
    /// Only what changed at this instant or later (RFC 3339).
    #[param(example = "2020-01-01T00:00:00Z")]
    updated_since: Option<DateTime<Utc>>,
    #[param(ignore)]
    sort: Option<String>,
}

impl<L: Listed> Paging<L> {
    /// Reads this page of the list.
    ///
    /// # Errors
    /// 400 when the cursor is not one of this list.
    pub async fn fetch(
        self,
        db: &impl ConnectionTrait,
        query: Select<L::Entity>,
    ) -> Result<Page<<L::Entity as EntityTrait>::Model>> {
        let (column, order) = self.order()?;
        let key = <L::Entity as EntityTrait>::PrimaryKey::iter()
            .next()
            .ok_or(Problem::new(Code::InternalError))?
            .into_column();
        let place = [ordered(column), ordered(key)];
        let limit = self.asked.limit.unwrap_or(20);
        let mut query = query
            .order_by(ordered(column), order.clone())
            .order_by(key, order.clone())
            .limit(limit + 1);
        if let Some(after) = self
            .asked
            .after
            .as_deref()
            .filter(|after| !after.is_empty())
        {
            let after = Cursor::open(after, &self.call, &self.list)?;
            let after = Expr::tuple([Expr::val(after.value), Expr::val(after.key)]);
            let place = Expr::tuple(place);
            query = query.filter(match order {
                Order::Desc => place.lt(after),
                _ => place.gt(after),
            });
        }
        if let Some(instant) = self.asked.updated_since {
            query = query.filter(L::changed_since(instant));
        }
        let mut items = query.filter(self.call.proof()).all(db).await?;
        if !items.is_empty() {
            self.call.is_proven();
        }
        let mut next = None;
        if items.len() as u64 > limit {
            items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            next = items.last().map(|row| Cursor {
                value: placed(column, row.get(column)),
                key: row.get(key),
            });
        }
        let next = next.map(|place| place.seal(&self.call, &self.list));
        Ok(Page {
            items,
            next: next.transpose()?,
        })
    }

    /// The column of the order asked for, and its direction.
    fn order(&self) -> Result<(<L::Entity as EntityTrait>::Column, Order)> {
        let malformed = || Problem::new(Code::MalformedQuery);
        let sort = match &self.asked.sort {
            Some(sort) => sort.clone(),
            None => default_sort::<L>(),
        };
        let (name, order) = match sort.strip_prefix('-') {
            Some(name) => (name, Order::Desc),
            None => (sort.as_str(), Order::Asc),
        };
        let mut sorts = L::SORTS.iter();
        let (_, column) = sorts
            .find(|(known, _)| *known == name)
            .ok_or_else(malformed)?;
        Ok((*column, order))
    }
}

/// The first one, descending unless the list is read from its beginning.
fn default_sort<L: Listed>() -> String {
    let first = L::SORTS.first().map(|(name, _)| *name);
    let sign = if L::BEGINS_WITH_THE_LAST { "-" } else { "" };
    format!("{sign}{}", first.unwrap_or_default())
}

impl<L: Listed> IntoParams for Paging<L> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let orders = L::SORTS
            .iter()
            .flat_map(|(name, _)| [format!("-{name}"), (*name).to_owned()]);
        let schema = ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(orders))
            .default(Some(default_sort::<L>().into()))
            .build();
        let sort = ParameterBuilder::new()
            .name("sort")
            .parameter_in(ParameterIn::Query)
            .required(Required::False)
            .description(Some(
                "What puts the list in order: ascending, or descending after `-`.",
            ))
            .schema(Some(Schema::Object(schema)))
            .example(Some(default_sort::<L>().into()))
            .build();
        let mut parameters = Asked::into_params(|| Some(ParameterIn::Query));
        parameters.push(sort);
        parameters
    }
}

impl<L: Listed> FromRequest for Paging<L> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(read(request))
    }
}

fn read<L>(request: &HttpRequest) -> Result<Paging<L>> {
    let asked = Query::<Asked>::from_query(request.query_string());
    let call = request.extensions().get::<Call>().cloned();
    let mut filters: Vec<&str> = request
        .query_string()
        .split('&')
        .filter(|pair| !pair.starts_with("after=") && !pair.starts_with("limit="))
        .collect();
    filters.sort_unstable();
    Ok(Paging {
        asked: asked
            .or(Err(Problem::new(Code::MalformedQuery)))?
            .into_inner(),
        list: format!("{}?{}", request.path(), filters.join("&")),
        call: call.ok_or(Problem::new(Code::InternalError))?,
        of: PhantomData,
    })
}
