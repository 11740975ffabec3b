//! Whether contracts still say what the chained events tell that they said: text, stored hash,
//! signatures and events are compared.

use std::collections::HashMap;

use entity::values::ContractState;
use entity::{contract, event, signature};
use sea_orm::{ColumnTrait, DbErr, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::head::Chain;
use super::report::Report;
use crate::booklet::contracts::content;
use crate::foundation::database::{Pool, is_unavailable};
use crate::foundation::unscoped;

/// How many contracts are read at a time.
const PAGE: u64 = 200;

/// Compares the contracts of this chain's organization, or of all.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn compare(
    db: &Pool,
    only: Option<Chain>,
    report: &mut Report,
) -> Result<(), DbErr> {
    let mut after = Uuid::nil();
    loop {
        let ids = ids(db, only, after).await?;
        let Some(last) = ids.last() else {
            return Ok(());
        };
        after = *last;
        if let Err(error) = compare_these(db, ids.clone(), report).await {
            if is_unavailable(&error) {
                return Err(error);
            }
            // One of them holds what no column of its kind can hold.
            for id in ids {
                match compare_these(db, vec![id], report).await {
                    Err(error) if is_unavailable(&error) => return Err(error),
                    Err(error) => report.fault(format!(
                        "contract {id} cannot be read any more, so it was changed: {error}"
                    )),
                    Ok(()) => {}
                }
            }
        }
    }
}

async fn ids(db: &Pool, only: Option<Chain>, after: Uuid) -> Result<Vec<Uuid>, DbErr> {
    use contract::Column;
    unscoped::rows::<contract::Entity>()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.gt(after))
        .apply_if(only, |query, chain| {
            query.filter(Column::OrganizationId.eq(chain.id()))
        })
        .order_by_asc(Column::Id)
        .limit(PAGE)
        .into_tuple()
        .all(db)
        .await
}

async fn compare_these(db: &Pool, ids: Vec<Uuid>, report: &mut Report) -> Result<(), DbErr> {
    let contracts = unscoped::rows::<contract::Entity>()
        .filter(contract::Column::Id.is_in(ids.clone()))
        .order_by_asc(contract::Column::Id)
        .all(db)
        .await?;
    let signatures = unscoped::rows::<signature::Entity>()
        .filter(signature::Column::ContractId.is_in(ids.clone()))
        .all(db)
        .await?;
    let mut told: HashMap<Uuid, Told> = HashMap::new();
    for event in events(db, ids).await? {
        told.entry(event.resource_id).or_default().hear(event);
    }
    for contract in contracts {
        let signed = signatures
            .iter()
            .filter(|signature| signature.contract_id == contract.id);
        let told = told.remove(&contract.id).unwrap_or_default();
        if let Some(why) = difference(&contract, signed, &told)? {
            report.fault(format!("contract {}: {why}", contract.id));
        }
    }
    Ok(())
}

async fn events(db: &Pool, contracts: Vec<Uuid>) -> Result<Vec<event::Model>, DbErr> {
    let kinds = ["contract.proposed", "contract.signed", "contract.withdrawn"];
    unscoped::rows::<event::Entity>()
        .filter(event::Column::ResourceId.is_in(contracts))
        .filter(event::Column::Kind.is_in(kinds))
        .order_by_asc(event::Column::Sequence)
        .all(db)
        .await
}

/// What the events tell of a contract since it was last proposed. Those from before they named
/// hashes tell nothing.
#[derive(Default)]
struct Told {
    is_proposed: bool,
    hashes: Vec<(i64, String)>,
}

impl Told {
    fn hear(&mut self, event: event::Model) {
        match event.kind.as_str() {
            "contract.withdrawn" => *self = Self::default(),
            "contract.proposed" => {
                *self = Self {
                    is_proposed: event.content_sha256.is_some(),
                    hashes: Vec::new(),
                }
            }
            _ => {}
        }
        let hash = event.content_sha256.map(|hash| (event.sequence, hash));
        self.hashes.extend(hash);
    }
}

/// What does not agree.
fn difference<'a>(
    contract: &contract::Model,
    signatures: impl IntoIterator<Item = &'a signature::Model>,
    told: &Told,
) -> Result<Option<String>, DbErr> {
    if contract.state == ContractState::Draft {
        let undone = "it was proposed, and is a draft now that nobody withdrew: it was changed";
        return Ok(told.is_proposed.then(|| undone.to_owned()));
    }
    let text = content::canonical(contract).map_err(|why| DbErr::Custom(why.to_string()))?;
    let hash = content::sha256(&text);
    if contract.content_sha256.as_deref() != Some(&hash) {
        return Ok(Some(
            "its text is not the one of its hash: one of the two was changed".to_owned(),
        ));
    }
    let mut signatures = signatures.into_iter();
    if let Some(other) = signatures.find(|signature| signature.content_sha256 != hash) {
        let party = other.party;
        return Ok(Some(format!(
            "the signature of the {party} is of another text: one of the two was changed"
        )));
    }
    let other = told.hashes.iter().find(|(_, told)| *told != hash);
    Ok(other.map(|(sequence, _)| {
        format!("event {sequence} tells of another text: text and hash were changed")
    }))
}
