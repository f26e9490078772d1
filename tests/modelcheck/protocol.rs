//! Two nodes, their clients and one database, step by step.
//!
//! A node serves one request at a time: it takes the lock, reads, decides, writes the rows, writes the books, commits,
//! and answers. Before each step it may crash: what it has not committed is gone, the lock is free, and the node is
//! ready again. A client whose node crashed, or whose connection broke while the node works on, sends the same request
//! with the same key to whichever node is free.

use std::collections::BTreeMap;

use stateright::{Model, Property, Representative};

use crate::database::{Answer, Database, Write};
use crate::decision::{Decision, Transaction, decide};
use crate::promises;
use crate::request::{ASKED, Request};

/// How many nodes there are.
const NODES: usize = 2;

/// A mistake that is built in on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A transaction begins without the lock.
    NoLock,
    /// The client is told before the commit.
    AnswerBeforeCommit,
    /// The rows are committed first, and the books in a transaction of their own.
    BooksApart,
}

/// The model, with its bounds.
#[derive(Clone, Copy, Debug)]
pub struct Protocol {
    /// What is broken in it.
    pub fault: Option<Fault>,
    /// How many different requests clients send in one run; the minute job is not counted.
    pub requests: usize,
    /// How many crashes there are in one run.
    pub crashes: u8,
    /// How many connections break in one run.
    pub broken_connections: u8,
}

/// What a node has come to. Each name says which step was the last.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phase {
    /// It waits for work.
    Idle,
    /// It has a request, and no lock.
    Asked(Request),
    /// It holds the lock.
    Begun(Request),
    /// It has read.
    Read(Request, Box<Database>),
    /// It knows what to write.
    Decided(Request, Decision),
    /// The rows are written, and not committed.
    RowsWritten(Request, Transaction),
    /// The books too.
    BooksWritten(Request, Transaction),
    /// Everything is committed, or there was nothing to write: the client has to be told.
    Settled(Request, Answer),
    /// Broken: told, but not committed.
    ToldEarly(Request, Transaction),
    /// Broken: the rows are committed, the lock is free, and the books are still to be written.
    RowsCommitted(Request, Transaction),
}

impl Phase {
    /// What the node works on.
    pub fn request(&self) -> Option<Request> {
        match self {
            Self::Idle => None,
            Self::Asked(request)
            | Self::Begun(request)
            | Self::Read(request, _)
            | Self::Decided(request, _)
            | Self::RowsWritten(request, _)
            | Self::BooksWritten(request, _)
            | Self::Settled(request, _)
            | Self::ToldEarly(request, _)
            | Self::RowsCommitted(request, _) => Some(*request),
        }
    }

    /// Whether the node is inside a transaction.
    pub fn is_in_transaction(&self) -> bool {
        !matches!(self, Self::Idle | Self::Asked(_) | Self::Settled(..) | Self::RowsCommitted(..))
    }

    /// Whether the node has something to write, or has written it without committing.
    pub fn writes(&self) -> bool {
        matches!(self, Self::Decided(_, Decision::Write(_)) | Self::RowsWritten(..) | Self::BooksWritten(..))
    }
}

/// A client with a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Client {
    /// The node whose answer would be heard.
    pub hears: Option<usize>,
    /// The answer.
    pub told: Option<Answer>,
    /// Whether a node may have worked on after the client had lost it.
    pub lost_connection: bool,
    /// Whether a node crashed after its commit and before its answer.
    pub lost_answer: bool,
}

/// A state of the whole.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct System {
    /// The nodes.
    pub nodes: [Phase; NODES],
    /// Who holds the lock.
    pub lock: Option<usize>,
    /// The clients that have sent something.
    pub clients: BTreeMap<Request, Client>,
    /// What is committed.
    pub database: Database,
    /// Whether the date of the planned return has come.
    pub date_has_come: bool,
    /// How many crashes there may still be.
    pub crashes: u8,
    /// How many connections may still break.
    pub broken_connections: u8,
}

/// What may happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A client sends its request to a node, for the first time or again.
    Send(Request, usize),
    /// The minute job of a node finds a return to carry out.
    Job(usize),
    /// A node takes its next step.
    Step(usize),
    /// A node crashes.
    Crash(usize),
    /// A client loses the connection to its node, which does not notice.
    LoseConnection(Request),
    /// The date of the planned return comes.
    DateComes,
}

impl Model for Protocol {
    type State = System;
    type Action = Event;

    fn init_states(&self) -> Vec<System> {
        vec![System {
            nodes: [Phase::Idle, Phase::Idle],
            lock: None,
            clients: BTreeMap::new(),
            database: Database::start(),
            date_has_come: false,
            crashes: self.crashes,
            broken_connections: self.broken_connections,
        }]
    }

    fn actions(&self, state: &System, events: &mut Vec<Event>) {
        let sent = ASKED.into_iter().filter(|request| state.waits_for_a_node(*request, self.requests));
        let idle = |node: &usize| state.nodes[*node] == Phase::Idle;
        for request in sent {
            events.extend((0..NODES).filter(idle).map(|node| Event::Send(request, node)));
        }
        if state.has_return_to_carry_out() {
            events.extend((0..NODES).filter(idle).map(Event::Job));
        }
        let busy = (0..NODES).filter(|node| !idle(node));
        events.extend(busy.clone().map(Event::Step));
        if state.crashes > 0 {
            events.extend(busy.map(Event::Crash));
        }
        if state.broken_connections > 0 {
            let hearing = state.clients.iter().filter(|(_, client)| client.hears.is_some());
            events.extend(hearing.map(|(request, _)| Event::LoseConnection(*request)));
        }
        if !state.date_has_come && state.database.planned.is_some() {
            events.push(Event::DateComes);
        }
    }

    fn next_state(&self, state: &System, event: Event) -> Option<System> {
        let mut next = state.clone();
        match event {
            Event::Send(request, node) => {
                next.clients.entry(request).or_default().hears = Some(node);
                next.nodes[node] = Phase::Asked(request);
            }
            Event::Job(node) => next.nodes[node] = Phase::Asked(Request::Return),
            Event::Step(node) => next.step(node, self.fault)?,
            Event::Crash(node) => next.crash(node),
            Event::LoseConnection(request) => next.lose_connection(request),
            Event::DateComes => next.date_has_come = true,
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        promises::all()
    }
}

/// The nodes are alike: of two states that differ in their names only, one is explored.
impl Representative for System {
    fn representative(&self) -> Self {
        let [first, second] = &self.nodes;
        if first < second {
            return self.clone();
        }
        let other = |node: usize| NODES - 1 - node;
        let mut swapped = self.clone();
        swapped.nodes.swap(0, 1);
        swapped.lock = self.lock.map(other);
        swapped.clients.values_mut().for_each(|client| client.hears = client.hears.map(other));
        if first == second { swapped.min(self.clone()) } else { swapped }
    }
}

impl System {
    /// Whether a client would send this request: it is new, or its answer will never be heard.
    fn waits_for_a_node(&self, request: Request, bound: usize) -> bool {
        match self.clients.get(&request) {
            Some(client) => client.hears.is_none() && client.told.is_none(),
            None => self.clients.len() < bound,
        }
    }

    /// What the minute job looks for, without a lock. One that is due is tried again every minute.
    fn has_return_to_carry_out(&self) -> bool {
        self.date_has_come && self.database.planned.as_ref().is_some_and(|planned| planned.is_open())
    }

    /// One step of a node, or nothing while it has to wait for the lock.
    fn step(&mut self, node: usize, fault: Option<Fault>) -> Option<()> {
        let phase = std::mem::replace(&mut self.nodes[node], Phase::Idle);
        self.nodes[node] = match phase {
            Phase::Idle => return None,
            Phase::Asked(request) => {
                if fault != Some(Fault::NoLock) {
                    self.take_lock(node)?;
                }
                Phase::Begun(request)
            }
            Phase::Begun(request) => Phase::Read(request, Box::new(self.database.clone())),
            Phase::Read(request, facts) => Phase::Decided(request, decide(&facts, request)),
            Phase::Decided(request, Decision::Tell(answer)) => {
                self.free_lock(node);
                Phase::Settled(request, answer)
            }
            Phase::Decided(request, Decision::Write(written)) => Phase::RowsWritten(request, written),
            Phase::RowsWritten(request, written) if fault == Some(Fault::BooksApart) => {
                self.commit(node, &[&written.rows]);
                Phase::RowsCommitted(request, written)
            }
            Phase::RowsWritten(request, written) => Phase::BooksWritten(request, written),
            Phase::BooksWritten(request, written) if fault == Some(Fault::AnswerBeforeCommit) => {
                self.tell(node, request, written.answer);
                Phase::ToldEarly(request, written)
            }
            Phase::BooksWritten(request, written) => {
                self.commit(node, &[&written.rows, &written.books]);
                Phase::Settled(request, written.answer)
            }
            Phase::Settled(request, answer) => {
                self.tell(node, request, answer);
                Phase::Idle
            }
            Phase::ToldEarly(_, written) => {
                self.commit(node, &[&written.rows, &written.books]);
                Phase::Idle
            }
            Phase::RowsCommitted(request, written) => {
                self.take_lock(node)?;
                self.commit(node, &[&written.books]);
                Phase::Settled(request, written.answer)
            }
        };
        Some(())
    }

    fn take_lock(&mut self, node: usize) -> Option<()> {
        self.lock.is_none().then(|| self.lock = Some(node))
    }

    fn free_lock(&mut self, node: usize) {
        self.lock = self.lock.filter(|holder| *holder != node);
    }

    /// Makes the writes durable and frees the lock.
    fn commit(&mut self, node: usize, writes: &[&[Write]]) {
        writes.iter().for_each(|writes| self.database.apply(writes));
        self.free_lock(node);
    }

    /// Answers, if anybody still listens.
    fn tell(&mut self, node: usize, request: Request, answer: Answer) {
        let client = self.clients.get_mut(&request).filter(|client| client.hears == Some(node));
        if let Some(client) = client {
            client.told = Some(answer);
            client.hears = None;
        }
    }

    /// The node forgets everything and is ready again; the database takes back what it had not committed.
    fn crash(&mut self, node: usize) {
        self.crashes -= 1;
        self.free_lock(node);
        let phase = std::mem::replace(&mut self.nodes[node], Phase::Idle);
        let client = phase.request().and_then(|request| self.clients.get_mut(&request));
        if let Some(client) = client.filter(|client| client.hears == Some(node)) {
            client.hears = None;
            client.lost_answer |= matches!(phase, Phase::Settled(_, Answer::Done(_)));
        }
    }

    fn lose_connection(&mut self, request: Request) {
        self.broken_connections -= 1;
        if let Some(client) = self.clients.get_mut(&request) {
            client.hears = None;
            client.lost_connection = true;
        }
    }
}
