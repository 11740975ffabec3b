//! Booklets with what is shown beside them, and booklets shown beside their pages: a fixed number
//! of queries, however many they are, and the rights of the direct reads.

use std::collections::HashMap;

use entity::{Row, booklet};
use sea_orm::{ColumnTrait, QueryFilter};
use strum::{Display, EnumIter, EnumString};
use uuid::Uuid;

use super::board::summary;
use super::dto::Booklet;
use crate::booklet::{appointments, contracts, members};
use crate::foundation::policy::Resource;
use crate::kit::external_references;
use crate::kit::list::include::Beside;
use crate::kit::{Ctx, Include, Included, Result};
use crate::people::candidates;
use crate::people::candidates::dto::Candidate;

/// What a booklet can be shown with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, EnumIter, EnumString)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum BookletPart {
    Candidate,
    Tutor,
    CurrentContract,
    NextAppointment,
    Summary,
}

/// What a page of a booklet can be shown with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, EnumIter, EnumString)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum PagePart {
    Booklet,
    #[strum(serialize = "booklet.candidate")]
    BookletCandidate,
}

/// These booklets, each with the parts asked for.
pub(super) async fn shown(
    ctx: &Ctx,
    rows: Vec<booklet::Model>,
    include: &Include<BookletPart>,
) -> Result<Vec<Booklet>> {
    let ids: Vec<Uuid> = rows.iter().map(Row::id).collect();
    let asked = |part| include.has(part);
    let candidates = Beside::read(
        ctx,
        asked(BookletPart::Candidate),
        Resource::Candidates,
        async |ctx: &Ctx| candidates::store::of_booklets(ctx, &rows).await,
    )
    .await?;
    let tutors = Beside::read(
        ctx,
        asked(BookletPart::Tutor),
        Resource::Members,
        async |ctx: &Ctx| members::store::main_tutors(ctx.state.db.reader(), &rows).await,
    )
    .await?;
    let contracts = Beside::read(
        ctx,
        asked(BookletPart::CurrentContract),
        Resource::Contracts,
        async |ctx: &Ctx| contracts::store::in_force_of(ctx, &ids).await,
    )
    .await?;
    let appointments = Beside::read(
        ctx,
        asked(BookletPart::NextAppointment),
        Resource::Appointments,
        async |ctx: &Ctx| appointments::store::next_of(ctx, &ids).await,
    )
    .await?;
    let summaries = match asked(BookletPart::Summary) {
        true => summary::of(ctx, &ids).await?,
        false => HashMap::new(),
    };
    let people = candidates.values().map(Row::id);
    let all = ids.iter().copied().chain(people).collect();
    let references = external_references::of_ids(ctx.state.db.reader(), all).await?;
    let named = |id: Uuid| references.get(&id).cloned().unwrap_or_default();
    let candidates = candidates.map(|row| {
        let references = named(row.id);
        Candidate::of(row, references)
    });
    let show = |row: booklet::Model| {
        let mut booklet = Booklet::on(ctx.today, row.clone(), named(row.id));
        booklet.candidate = candidates.of(row.candidate_id);
        booklet.tutor = tutors.of(row.id);
        booklet.current_contract = contracts.of(row.id);
        booklet.next_appointment = appointments.of(row.id);
        let own =
            asked(BookletPart::Summary).then(|| summaries.get(&row.id).cloned().map(Box::new));
        booklet.summary = own;
        booklet
    };
    Ok(rows.into_iter().map(show).collect())
}

/// The booklets that pages are of, by their own ids.
pub(crate) async fn of_pages(
    ctx: &Ctx,
    ids: Vec<Uuid>,
    include: &Include<PagePart>,
) -> Result<Beside<Booklet>> {
    let candidate = include.has(PagePart::BookletCandidate);
    let within = Include::of(candidate.then_some(BookletPart::Candidate));
    let is_asked = !include.is_empty();
    Beside::read(ctx, is_asked, Resource::Booklets, async |ctx: &Ctx| {
        let rows = ctx
            .select::<booklet::Entity>()
            .filter(booklet::Column::Id.is_in(ids))
            .all(ctx.state.db.reader())
            .await?;
        let ids: Vec<Uuid> = rows.iter().map(Row::id).collect();
        let booklets = shown(ctx, rows, &within).await?;
        Ok(ids.into_iter().zip(booklets).collect())
    })
    .await
}

/// The booklet that a page is of.
pub(crate) async fn of_page(
    ctx: &Ctx,
    id: Uuid,
    include: &Include<PagePart>,
) -> Result<Included<Booklet>> {
    Ok(of_pages(ctx, vec![id], include).await?.of(id))
}
