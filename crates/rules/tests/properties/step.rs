//! What can happen. Members, user types and roles are named by numbers that are taken modulo what there is.

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};

use rules::change_set::{Act, Mode};

use crate::license::{Draft, DraftLine};

/// Who asks.
#[derive(Debug, Clone)]
pub enum By {
    /// The console, with the rights of a default Administrator.
    Console,
    /// A member whose custom role has every privilege and is still not the default Administrator's.
    Delegate,
    /// One of the members, with the default role that he has.
    Member(usize),
    /// The portal itself, when a return is due. No step is taken by it.
    Schedule,
}

/// The role that an operation sets.
#[derive(Debug, Clone)]
pub enum RoleChoice {
    Keep,
    /// One of those that fit the user type after the change.
    Fitting(usize),
    Any(usize),
}

/// One operation of a change set. A member number that is one too high names nobody.
#[derive(Debug, Clone)]
pub struct Op {
    pub member: usize,
    pub user_type: Option<usize>,
    pub role: RoleChoice,
    pub act: Option<Act>,
}

/// How the operations of a change are taken.
#[derive(Debug, Clone)]
pub struct How {
    pub mode: Mode,
    /// After how many seconds the members return; some are not ahead.
    pub returns: Option<i64>,
    pub consent: Consent,
}

/// What is consented to.
#[derive(Debug, Clone)]
pub enum Consent {
    Nothing,
    /// Exactly the types that end over, with the people locked out.
    Right,
    /// The same with one person more.
    Wrong,
    /// The same, and another type.
    TooMuch(usize),
}

/// How an import is confirmed.
#[derive(Debug, Clone)]
pub enum Confirm {
    Nothing,
    Right,
    Wrong,
}

/// How long it takes until the next step.
#[derive(Debug, Clone)]
pub enum Wait {
    Seconds(i64),
    /// Up to the very second at which a number changes.
    UntilTheNextChange,
    /// Up to the second before it.
    UntilJustBeforeIt,
}

/// One step.
#[derive(Debug, Clone)]
pub enum Step {
    Activate(Draft),
    /// Registers, one after the other, so many members at the most.
    Fill {
        user_type: usize,
        most: usize,
    },
    /// `twice` makes two permits of one reading.
    Register {
        by: By,
        user_type: usize,
        role: RoleChoice,
        twice: bool,
    },
    Change {
        by: By,
        operations: Vec<Op>,
        how: How,
    },
    /// Two members exchange user type and role.
    Swap {
        by: By,
        first: usize,
        second: usize,
    },
    /// Takes the change of that number back, counted from the last one.
    Revert {
        by: By,
        change: usize,
        consent: Consent,
    },
    /// Gives its planned return up.
    Cancel {
        by: By,
        change: usize,
    },
    Invite {
        by: By,
        user_type: usize,
        role: RoleChoice,
    },
    /// Accepts the invitation of that number, counted from the last one.
    Accept {
        invitation: usize,
    },
    Revoke {
        by: By,
        invitation: usize,
    },
    Import {
        by: By,
        file: Draft,
        confirm: Confirm,
    },
    Wait(Wait),
}

/// A first file and what happens after it. The first file mostly has some seats for ever, or little would happen.
pub fn a_sequence() -> impl Strategy<Value = (Draft, Vec<Step>)> {
    let sure = prop_oneof![
        8 => (1..5_u32, 1..5_u32).prop_map(|(viewers, creators)| vec![(0, viewers), (2, creators)]),
        2 => Just(vec![]),
    ];
    let first = (any::<Draft>(), sure).prop_map(|(mut draft, sure)| {
        draft.lines.extend(sure.iter().map(|(user_type, count)| DraftLine {
            user_type: *user_type,
            count: *count,
            from: None,
            days: None,
        }));
        draft
    });
    (first, vec(step(), 1..80))
}

fn by() -> impl Strategy<Value = By> {
    prop_oneof![6 => Just(By::Console), 1 => Just(By::Delegate), 1 => any::<usize>().prop_map(By::Member)]
}

fn role() -> impl Strategy<Value = RoleChoice> {
    prop_oneof![
        1 => Just(RoleChoice::Keep),
        6 => (0..6_usize).prop_map(RoleChoice::Fitting),
        1 => (0..6_usize).prop_map(RoleChoice::Any),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        2 => Just(Act::Enable),
        2 => Just(Act::Disable),
        5 => Just(Act::Archive),
        4 => Just(Act::Restore),
        1 => Just(Act::Delete),
    ]
}

/// Mostly an operation that sets something; else one that does something with the account, or both.
fn operation() -> impl Strategy<Value = Op> {
    let user_type = || proptest::option::weighted(0.8, 0..5_usize);
    prop_oneof![
        6 => (0..30_usize, user_type(), role()).prop_map(|(member, user_type, role)| Op { member, user_type, role, act: None }),
        4 => (0..30_usize, act()).prop_map(|(member, act)| Op { member, user_type: None, role: RoleChoice::Keep, act: Some(act) }),
        1 => (0..30_usize, user_type(), role(), act())
            .prop_map(|(member, user_type, role, act)| Op { member, user_type, role, act: Some(act) }),
    ]
}

fn how(consent: impl Strategy<Value = Consent>) -> impl Strategy<Value = How> {
    let mode = prop_oneof![4 => Just(Mode::Atomic), 1 => Just(Mode::Partial)];
    let returns = prop_oneof![
        8 => Just(None),
        3 => (1..8_i64 * crate::license::DAY).prop_map(Some),
        1 => (-1..2_i64).prop_map(Some),
    ];
    (mode, returns, consent).prop_map(|(mode, returns, consent)| {
        // A partial change takes no consent, and is mostly made without any.
        let consent = match (mode, consent) {
            (Mode::Partial, Consent::Right | Consent::Wrong) => Consent::Nothing,
            (Mode::Atomic | Mode::Partial, consent) => consent,
        };
        How { mode, returns, consent }
    })
}

/// The change of that number, mostly one of the last.
fn recent() -> impl Strategy<Value = usize> {
    prop_oneof![3 => Just(0_usize), 1 => 0..6_usize]
}

/// A user type, mostly one that the first file surely has.
fn sold() -> impl Strategy<Value = usize> {
    prop_oneof![2 => Just(0_usize), 2 => Just(2), 1 => 0..5_usize]
}

/// One to three members who all go to the same user type; sometimes another one is restored in the seat that they leave.
fn crowd() -> impl Strategy<Value = Vec<Op>> {
    let restored = proptest::option::weighted(0.4, 0..30_usize);
    (sold(), 0..30_usize, 1..4_usize, restored).prop_map(|(user_type, first, many, restored)| {
        let member =
            |next| Op { member: first + next, user_type: Some(user_type), role: RoleChoice::Fitting(0), act: None };
        let restored =
            restored.map(|member| Op { member, user_type: None, role: RoleChoice::Keep, act: Some(Act::Restore) });
        (0..many).map(member).chain(restored).collect()
    })
}

fn consent() -> impl Strategy<Value = Consent> {
    prop_oneof![
        3 => Just(Consent::Nothing),
        6 => Just(Consent::Right),
        1 => Just(Consent::Wrong),
        1 => (0..5_usize).prop_map(Consent::TooMuch),
    ]
}

fn wait() -> impl Strategy<Value = Wait> {
    prop_oneof![
        (0..20_i64 * crate::license::DAY).prop_map(Wait::Seconds),
        Just(Wait::UntilTheNextChange),
        Just(Wait::UntilJustBeforeIt),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let confirm = prop_oneof![1 => Just(Confirm::Nothing), 6 => Just(Confirm::Right), 1 => Just(Confirm::Wrong)];
    prop_oneof![
        24 => (by(), 0..5_usize, role(), any::<bool>())
            .prop_map(|(by, user_type, role, twice)| Step::Register { by, user_type, role, twice }),
        20 => (by(), vec(operation(), 0..5), how(consent()))
            .prop_map(|(by, operations, how)| Step::Change { by, operations, how }),
        24 => (crowd(), how(consent()))
            .prop_map(|(operations, how)| Step::Change { by: By::Console, operations, how }),
        8 => (by(), 0..30_usize, 0..30_usize).prop_map(|(by, first, second)| Step::Swap { by, first, second }),
        9 => (by(), recent(), consent()).prop_map(|(by, change, consent)| Step::Revert { by, change, consent }),
        3 => (by(), recent()).prop_map(|(by, change)| Step::Cancel { by, change }),
        6 => (by(), sold(), role()).prop_map(|(by, user_type, role)| Step::Invite { by, user_type, role }),
        6 => recent().prop_map(|invitation| Step::Accept { invitation }),
        2 => (by(), recent()).prop_map(|(by, invitation)| Step::Revoke { by, invitation }),
        14 => (sold(), 1..6_usize).prop_map(|(user_type, most)| Step::Fill { user_type, most }),
        2 => (by(), any::<Draft>(), confirm).prop_map(|(by, file, confirm)| Step::Import { by, file, confirm }),
        6 => wait().prop_map(Step::Wait),
        1 => any::<Draft>().prop_map(Step::Activate),
    ]
}
