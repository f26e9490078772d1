//! Each door in each state: one table, which stands in `docs/RULES.md` too (S5, S18 to S21, S23 to S28; A-ENF-16).

use portal::actions::Caller;
use portal::actions::members::{self, Asked, AskedExtras};
use serde_json::{Value, json};
use tests::acts::{act, set};
use tests::doors::{DOORS, Door, Row, in_document};
use tests::files::order;
use tests::people::{Answer, Person};
use tests::portal::Portal;

const STATES: [&str; 4] = ["one seat free", "full", "one over", "not activated"];
const EVENING: &str = "2026-12-01T18:00:00Z";

/// A portal in which the user type viewer is in one of the states.
struct Stage {
    portal: Portal,
    /// The administrator; a stranger where nothing is activated.
    ana: Person,
    /// A Viewer, whom the doors are about that let somebody out.
    vera: Person,
    /// A Creator, whom the doors are about that let a member in.
    carla: Person,
    /// Whoever was made ready for the door: archived, disabled, lent.
    ready: Person,
    /// The secret of an invitation, the id of a role.
    word: String,
    licensed: u32,
}

impl Stage {
    async fn not_activated() -> Self {
        let portal = Portal::not_activated();
        let somebody = Person { id: "mem_00000000000000000000000000".to_owned(), ..portal.person("somebody") };
        let [ana, vera, carla, ready] = [(); 4].map(|()| somebody.clone());
        Self { portal, ana, vera, carla, ready, word: "viewer".to_owned(), licensed: 2 }
    }

    async fn of(door: Door, state: usize) -> Self {
        if state == 3 {
            return Self::not_activated().await;
        }
        let portal = Portal::with(&order(1, &[("viewer", 20), ("creator", 20)])).await;
        let ana = portal.administrator().await;
        let vera = ana.adds("vera", "viewer").await;
        ana.adds("victor", "viewer").await;
        let (carla, carlo) = (ana.adds("carla", "creator").await, ana.adds("carlo", "creator").await);
        let ready = ana.adds("ready", "viewer").await;
        let word = ana.makes_role("Looker", &["members.view"]).await;
        let mut stage = Self { portal, ana, vera, carla, ready, word, licensed: 20 };
        stage.prepare(door).await;
        let assigned = u32::try_from(stage.ana.counts("viewer").await.0).unwrap();
        let by_file = door.is_promised();
        stage.licensed = match state {
            0 => assigned + 1,
            2 if by_file => assigned - 1,
            _ => assigned,
        };
        let confirmed = (state == 2 && by_file).then_some(u64::from(assigned));
        stage.ana.imports_license(&stage.file(2, stage.licensed), confirmed).await.expecting(200);
        if state == 2 && !by_file {
            let page = stage.ana.changes(&carlo, "viewer", "viewer").await.json();
            let locked_out = page["locked_out"]["viewer"].as_u64().unwrap();
            stage.ana.changes_with_consent(&carlo, ("viewer", "viewer"), locked_out).await.expecting(200);
        }
        stage
    }

    fn file(&self, sequence: u32, viewers: u32) -> Vec<u8> {
        order(sequence, &[("viewer", viewers), ("creator", 20)]).signed()
    }

    async fn prepare(&mut self, door: Door) {
        let ana = &self.ana;
        match door {
            Door::Restore => drop(ana.does(&[act(&self.ready, "archive")]).await.expecting(201)),
            Door::Enable => drop(ana.does(&[act(&self.ready, "disable")]).await.expecting(201)),
            Door::Accept => self.word = ana.invites("viewer").await.expecting(201).text_of("token"),
            Door::Defaults => {
                drop(ana.puts("/settings/defaults", &json!({"user_type": "viewer"})).await.expecting(200));
            }
            Door::Return => {
                let lent = [set(&self.ready, "creator", "publisher")];
                ana.applies(&json!({"operations": lent, "revert_at": EVENING})).await.expecting(201);
            }
            _ => {}
        }
    }

    /// Somebody goes through the door.
    async fn goes_through(&self, door: Door) -> String {
        match door {
            Door::Page => self.fills_in_the_form().await,
            Door::CommandLine => self.command_line().await,
            Door::Return => self.evening_comes().await,
            Door::Activation => self.activates().await,
            Door::Rest | Door::Defaults | Door::Invite | Door::Accept => self.somebody_new(door).await.in_short(),
            Door::TableAdds => table_in_short(&self.ana.imports("", "username,user_type\nnina,viewer\n").await),
            Door::SmallerFile if self.ana.token.is_none() => {
                self.ana.posts("/license-previews/lic_x/import", &json!({})).await.in_short()
            }
            Door::SmallerFile => self.ana.imports_license(&self.file(3, self.licensed - 1), None).await.in_short(),
            Door::TableMoves => {
                let table = "username,user_type,role\ncarla,viewer,viewer\n";
                table_in_short(&self.ana.imports("", table).await)
            }
            _ => self.a_member(door).await.in_short(),
        }
    }

    async fn somebody_new(&self, door: Door) -> Answer {
        match door {
            Door::Rest => self.ana.posts("/members", &json!({"username": "nina", "user_type": "viewer"})).await,
            Door::Defaults => self.ana.posts("/members", &json!({"username": "nina"})).await,
            Door::Invite => self.ana.invites("viewer").await,
            _ => self.portal.person("guest").accepts(&self.word, "nina").await,
        }
    }

    async fn a_member(&self, door: Door) -> Answer {
        let (ana, carla) = (&self.ana, &self.carla);
        let inward = || set(carla, "viewer", "viewer");
        match door {
            Door::Enable => ana.does(&[act(&self.ready, "enable")]).await,
            Door::Restore => ana.does(&[act(&self.ready, "restore")]).await,
            Door::Move => ana.changes(carla, "viewer", "viewer").await,
            Door::MoveWithConsent => {
                ana.changes_with_consent(carla, ("viewer", "viewer"), u64::from(self.licensed) + 1).await
            }
            Door::PartialChangeSet => ana.applies(&json!({"mode": "partial", "operations": [inward()]})).await,
            Door::Exchange => ana.does(&[inward(), set(&self.vera, "creator", "publisher")]).await,
            Door::Role => ana.puts(&format!("/members/{}/role", self.vera.id), &json!({"role": self.word})).await,
            Door::Delete => ana.deletes(&format!("/members/{}", self.vera.id)).await,
            Door::Archive => ana.does(&[act(&self.vera, "archive")]).await,
            Door::Disable => ana.does(&[act(&self.vera, "disable")]).await,
            _ => ana.does(&[inward()]).await,
        }
    }

    async fn fills_in_the_form(&self) -> String {
        let fields = [("username", "nina"), ("user_type", "viewer"), ("role", "viewer")];
        let page = self.ana.submits("/members/new", &fields).await;
        if page.status == 200 {
            return page.in_short();
        }
        let text = page.text();
        let linked = text.split("/help/errors/").skip(1).find_map(|rest| rest.split('"').next());
        let unlinked = text.contains("not activated").then_some("not-activated");
        format!("{} {}", page.status, linked.or(unlinked).unwrap_or("without a code"))
    }

    async fn command_line(&self) -> String {
        let asked = Asked {
            username: "nina".to_owned(),
            user_type: Some("viewer".to_owned()),
            role: None,
            full_name: None,
            email: None,
            extras: AskedExtras::default(),
        };
        let addition = asked.addition(tests::portal::own_password()).unwrap();
        let added = self.portal.state.store.write(move |tx| members::add(tx, &Caller::Console, addition)).await;
        added.map_or_else(in_short, |_| "added".to_owned())
    }

    async fn evening_comes(&self) -> String {
        if self.ana.token.is_none() {
            return "–".to_owned();
        }
        self.portal.clock.set(tests::files::at(EVENING));
        if self.portal.minute_passes().await == 1 { "returns".to_owned() } else { "waits".to_owned() }
    }

    async fn activates(&self) -> String {
        self.portal.activate(&order(9, &[("creator", 1)])).await.map_or_else(in_short, |()| "activated".to_owned())
    }
}

fn in_short(error: store::StoreError) -> String {
    let failure: errors::Failure = error.into();
    format!("{} {}", failure.row().status, failure.row().name)
}

/// The answer with the code of the first row that is refused.
fn table_in_short(answer: &Answer) -> String {
    match answer.json()["rows"][0]["code"].as_str() {
        Some(code) => format!("{}: {code}", answer.in_short()),
        None => answer.in_short(),
    }
}

#[tokio::test]
async fn every_door_answers_in_every_state_as_the_table_says() {
    let mut wrong = Vec::new();
    for Row { door, name, answers } in DOORS {
        for (state, expected) in answers.iter().enumerate() {
            let stage = Stage::of(*door, state).await;
            let answer = stage.goes_through(*door).await;
            if answer != *expected {
                wrong.push(format!("{name}, {}: {answer}, not {expected}", STATES[state]));
            }
            assert_eq!(stage.portal.state.store.read(|tx| tx.recount()).unwrap(), [], "{name}, {}", STATES[state]);
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn the_rules_hold_the_table_of_doors_as_it_is() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/RULES.md");
    let is = std::fs::read_to_string(path).unwrap();
    assert_eq!(in_document(&is).as_deref(), Some(is.as_str()), "`cargo run -p tests --bin make-rules` writes it");
}

#[tokio::test]
async fn what_a_full_or_blocked_door_says_names_the_numbers_to_the_administrator() {
    let full = Stage::of(Door::Rest, 1).await;
    let refused = full.somebody_new(Door::Rest).await.json();
    assert_eq!(refused["detail"], "viewer is full: 3 of 3 assigned. Types with room: creator (17 free).");
    assert_eq!(refused["types_with_room"], json!([{"id": "creator", "free": 17}]));
    let over = Stage::of(Door::Rest, 2).await;
    let refused = over.somebody_new(Door::Rest).await.json();
    let one = json!({"id": "viewer", "assigned": 4, "licensed": 3, "locked_out": 4});
    assert_eq!(refused["over"], Value::Array(vec![one]));
    // While anything is over, nobody is added anywhere.
    for user_type in ["viewer", "creator"] {
        let asked = json!({"username": "nina", "user_type": user_type});
        over.ana.posts("/members", &asked).await.is_problem(403, "creation-blocked-not-compliant");
    }
}
