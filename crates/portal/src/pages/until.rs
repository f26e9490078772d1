//! When members return by themselves, as a form asks for it.

/// The two fields as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Until {
    /// The day, such as `2026-12-06`.
    pub date: String,
    /// The time of the day in UTC, such as `06:00`.
    pub time: String,
}
