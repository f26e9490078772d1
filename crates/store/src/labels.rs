//! Groups and categories: plain names on members, for defaults and filters.

use std::collections::{BTreeMap, BTreeSet};

use errors::{Code, Failure};
use rules::{Actor, MemberId};
use serde_json::json;

use crate::audit::Action;
use crate::backend::values;
use crate::tx::{ReadTx, WriteTx};
use crate::{StoreError, sql};

/// What a label is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LabelKind {
    /// A group that members belong to.
    Group,
    /// A category that members are sorted into.
    Category,
}

impl LabelKind {
    /// The kind as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Category => "category",
        }
    }
}

/// The labels of one member.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    /// Groups, by name.
    pub groups: BTreeSet<String>,
    /// Categories, by name.
    pub categories: BTreeSet<String>,
}

impl Labels {
    fn of(&self, kind: LabelKind) -> &BTreeSet<String> {
        match kind {
            LabelKind::Group => &self.groups,
            LabelKind::Category => &self.categories,
        }
    }
}

impl ReadTx<'_> {
    /// The labels of a member.
    ///
    /// # Errors
    /// What the database says.
    pub fn labels(&self, member: &MemberId) -> Result<Labels, StoreError> {
        let mut labels = Labels::default();
        for (kind, label) in
            self.db().many(sql::LABELS, values![member.as_str()], |row| Ok((row.owned(0)?, row.owned(1)?)))?
        {
            let is_group = kind == LabelKind::Group.as_str();
            let of_kind = if is_group { &mut labels.groups } else { &mut labels.categories };
            of_kind.insert(label);
        }
        Ok(labels)
    }

    /// How many members each label of a kind has.
    ///
    /// # Errors
    /// What the database says.
    pub fn label_use(&self, kind: LabelKind) -> Result<BTreeMap<String, u64>, StoreError> {
        let used = self.db().many(sql::LABEL_USE, values![kind.as_str()], |row| Ok((row.owned(0)?, row.count(1)?)))?;
        Ok(used.into_iter().collect())
    }
}

impl WriteTx<'_> {
    /// Sets the labels of one kind on a member.
    ///
    /// # Errors
    /// `not-found`, or what the database says.
    pub fn set_labels(
        &self,
        actor: &Actor,
        member: &MemberId,
        kind: LabelKind,
        labels: &BTreeSet<String>,
    ) -> Result<(), StoreError> {
        if self.member(member)?.is_none() {
            return Err(Failure::plain(Code::NotFound).with("member", member.as_str()).into());
        }
        let before = self.labels(member)?;
        if before.of(kind) == labels {
            return Ok(());
        }
        self.whole(|| {
            self.db().execute(sql::DROP_LABELS, values![member.as_str(), kind.as_str()])?;
            self.add_labels(member, kind, labels)?;
            self.db().execute(sql::TOUCH_MEMBER, values![member.as_str(), self.now()])?;
            let detail = json!({ kind.as_str(): { "before": before.of(kind), "after": labels } });
            self.append_audit(actor, Action::MemberUpdated, member.as_str(), &detail)
        })
    }

    /// The rows alone, for a write that has an audit row of its own.
    pub(crate) fn add_labels(
        &self,
        member: &MemberId,
        kind: LabelKind,
        labels: &BTreeSet<String>,
    ) -> Result<(), StoreError> {
        for label in labels {
            self.db().execute(sql::ADD_LABEL, values![member.as_str(), kind.as_str(), label])?;
        }
        Ok(())
    }
}
