//! A portal with something of everything on its pages: the town that the pages are checked with.

use axum::http::Method;
use serde_json::{Value, json};
use tests::acts::set;
use tests::files::{Order, order};
use tests::people::Person;
use tests::portal::Portal;
use tests::products::{STANDARD, id};

/// A full name that is long, and has no place to break in its last word.
const LONG_NAME: &str = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh Maria Antonia Konstantinopolitanska";

/// The town's portal, and the ids of what its pages are about.
pub struct Town {
    pub portal: Portal,
    pub ana: Person,
    /// An Editor, whose user type is not over.
    pub eva: Person,
    /// A Creator, who becomes the one Viewer too many.
    ben: Person,
    /// What stands for `{…}` in the addresses of the pages, by a name of its own.
    pub ids: Vec<(&'static str, String)>,
}

fn file(portal: &Portal, sequence: u32, pro: u32) -> Order {
    let seats = [("viewer", 25), ("creator", 7), ("editor", 10), ("gis-pro-advanced", 2)];
    let of_all = order(sequence, &seats).with(STANDARD, pro).with("arcgis-pro-extension", 2);
    of_all.with_trial("2026-12-20T00:00:00Z", ("arcgis-insights", 3)).bound_to(portal.key.clone())
}

/// Somebody with a full name, a mail address and a password of their own.
async fn adds(ana: &Person, username: &str, full_name: &str, (user_type, role): (&str, &str)) -> Person {
    let email = format!("{username}@city.example");
    let body =
        json!({"username": username, "full_name": full_name, "email": email, "user_type": user_type, "role": role});
    let id = ana.posts("/members", &body).await.expecting(201).text_of("id");
    ana.portal.gives_password(&id).await;
    Person { id, ..ana.portal.person(username) }
}

/// The town in order: Viewer is full, somebody is offline, and something waits of every kind.
pub async fn calm_town() -> Town {
    let portal = Portal::not_activated();
    portal.activate(&file(&portal, 1, 4)).await.expect("the first file is good");
    let ana = portal.administrator().await;
    names(&ana).await;
    let vera = adds(&ana, "viewer1", "Vera Viewer 1", ("viewer", "viewer")).await;
    for number in 2..=25 {
        let full_name = format!("Vera Viewer {number}");
        adds(&ana, &format!("viewer{number}"), &full_name, ("viewer", "viewer")).await;
    }
    let eva = adds(&ana, "eva", "Eva Editor", ("editor", "data-editor")).await;
    let mut carla = adds(&ana, "carla", "Carla Creator", ("creator", "publisher")).await;
    let username = "wolfeschlegelsteinhausenbergerdorff_featherstonehaugh";
    let long = adds(&ana, username, LONG_NAME, ("creator", "user")).await;
    let ben = adds(&ana, "bsato", "Ben Sato", ("creator", "publisher")).await;
    let mut ids = in_use(&ana, &mut carla, &long).await;
    ids.extend(waiting(&portal, &ana, &eva).await);
    for (name, person) in [("member", &vera), ("long", &long), ("carla", &carla), ("other", &eva)] {
        ids.push((name, person.id.clone()));
    }
    Town { portal, ana, eva, ben, ids }
}

/// The town in trouble: Viewer is one over, an add-on two over, and a file is shown that would make it worse.
pub async fn town() -> Town {
    let mut town = calm_town().await;
    town.comes_into_trouble().await;
    town
}

impl Town {
    /// See [`town`].
    pub async fn comes_into_trouble(&mut self) {
        let (portal, ana) = (&self.portal, &self.ana);
        ana.imports_license(&file(portal, 2, 2).signed(), None).await.expecting(200);
        let fewer = order(4, &[("viewer", 20), ("creator", 6), ("editor", 10)]).with(STANDARD, 1);
        self.ids.push(("preview", previews(ana, &fewer.bound_to(portal.key.clone())).await));
        let next = file(portal, 3, 9).from("2027-01-01T00:00:00Z");
        ana.imports_license(&next.signed(), None).await.expecting(200);
        self.ids.push(("staged", "SW-2026-000003".to_owned()));
        ana.changes_with_consent(&self.ben, ("viewer", "viewer"), 26).await.expecting(200);
    }
}

/// The words of the house, and the names of groups and categories.
async fn names(ana: &Person) {
    let website = json!({
        "name": "City of Example", "summary": "Maps and data of the city's offices.",
        "contact": "Geodata office, extension 4711",
    });
    ana.puts("/settings/website", &website).await.expecting(200);
    ana.puts("/settings/groups", &json!({"names": ["Water", "Roads and bridges"]})).await.expecting(200);
    ana.puts("/settings/categories", &json!({"names": ["Staff", "Contractors"]})).await.expecting(200);
}

/// Licenses of Pro for four, a session, and a computer that is offline.
async fn in_use(ana: &Person, carla: &mut Person, long: &Person) -> Vec<(&'static str, String)> {
    carla.signs_in().await.expecting(200);
    for whom in [&*carla, long] {
        ana.gives(whom, STANDARD).await.expecting(200);
    }
    for number in 1..=2 {
        let username = format!("surveyor{number}");
        let one = adds(ana, &username, &format!("Sam Surveyor {number}"), ("creator", "publisher")).await;
        ana.gives(&one, STANDARD).await.expecting(200);
    }
    let session = carla.starts("desk-0117").await.expecting(201).json();
    let checkout = carla.takes_offline("field-laptop-03", 7).await.expecting(201).json();
    vec![("session", id(&session).to_owned()), ("checkout", id(&checkout).to_owned())]
}

/// Invitations, a seat that is lent until the evening, a role of the house's own.
async fn waiting(portal: &Portal, ana: &Person, eva: &Person) -> Vec<(&'static str, String)> {
    let invited = ana.invites("editor").await.expecting(201);
    let secret = invited.text_of("token");
    let invitation = ana.gets("/invitations").await.expecting(200).json()["items"][0]["id"].clone();
    let lent = adds(ana, "mroy", "Mina Roy", ("editor", "data-editor")).await;
    let until = json!({
        "operations": [set(&lent, "gis-pro-advanced", "publisher")], "reason": "Flood map for the council",
        "revert_at": "2026-12-01T18:00:00Z",
    });
    let change = ana.applies(&until).await.expecting(201).text_of("id");
    let role = ana
        .makes_role("Map crew of the harbour office", &["members.view", "content.view_org", "groups.view_org"])
        .await;
    ana.puts(&format!("/members/{}/role", eva.id), &json!({"role": role})).await.expecting(200);
    let unsure = portal.person("nobody-of-that-name");
    assert_eq!(unsure.clone().signs_in().await.status, 401);
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    vec![("secret", secret), ("invitation", text(&invitation)), ("change", change), ("role", role)]
}

/// Stages a file for its preview, and gives the preview's id.
async fn previews(ana: &Person, of: &Order) -> String {
    let shown = ana.asks(Method::POST, "/license-previews", &[], of.signed()).await.expecting(201);
    shown.text_of("id")
}
