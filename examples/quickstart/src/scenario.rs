//! The example of the handbook (S29 to S36), played over HTTP: a full portal, a Viewer who urgently needs to create
//! content, a Creator who steps down for a while. The numbers are the handbook's, written out.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::accounts::{Accounts, Seated};
use crate::http::{Answer, Client};
use crate::report::Report;
use crate::seating::sign_in;

/// What a locked-out member reads (S17).
const LOCKED_OUT: &str = "You cannot use this portal at the moment because of a software authorization error. \
                          Contact your portal administrator for assistance.";
/// What is answered when nobody can be added (S20, S21).
const NOT_CREATED: &str = "The account could not be created because of a software authorization error. \
                           Contact your portal administrator for assistance.";

/// Somebody with a token that was opened before anything happened.
#[derive(Debug, Clone)]
pub struct Person {
    name: String,
    password: String,
    id: String,
    token: String,
}

/// Everybody, signed in.
pub struct House<'a> {
    client: &'a Client,
    admin: Person,
    viewers: Vec<Person>,
    creators: Vec<Person>,
}

impl<'a> House<'a> {
    /// Signs everybody in: twenty-five Viewers, four Creators, and the administrator, who is the fifth.
    pub fn enter(client: &'a Client, accounts: &Accounts, report: &mut Report) -> Result<Self> {
        let person = |login: &crate::accounts::Login| {
            let token = sign_in(client, login)?;
            let id = client.get("/api/v1/me", Some(&token))?.expecting(200)?.text("id")?;
            anyhow::Ok(Person { name: login.username.clone(), password: login.password.clone(), id, token })
        };
        let all = |user_type| {
            accounts.of_type(user_type).map(|seated: &Seated| person(&seated.login)).collect::<Result<Vec<_>>>()
        };
        let house = Self {
            client,
            admin: person(&accounts.administrator)?,
            viewers: all("viewer")?,
            creators: all("creator")?,
        };
        report.same("Viewers that signed in", &25, &house.viewers.len())?;
        report.same("Creators that signed in, beside the administrator", &4, &house.creators.len())?;
        report.passed("25 Viewers, 4 Creators and the administrator are signed in");
        Ok(house)
    }

    /// The administrator's token.
    pub fn admin(&self) -> &str {
        &self.admin.token
    }

    fn requester(&self) -> Result<&Person> {
        self.viewers.first().context("there are no Viewers")
    }

    fn lender(&self) -> Result<&Person> {
        self.creators.first().context("there are no Creators")
    }

    fn change(&self, person: &Person, user_type: &str, consent: Value) -> Result<Answer> {
        let role = if user_type == "creator" { "publisher" } else { "viewer" };
        let body = json!({"user_type": user_type, "role": role, "reason": "urgent request", "allow_one_over": consent});
        self.client.put(&format!("/api/v1/members/{}/user-type", person.id), self.admin(), &body)
    }

    fn register(&self, user_type: &str) -> Result<Answer> {
        let body = json!({"username": format!("one-more-{user_type}"), "user_type": user_type});
        self.client.post("/api/v1/members", Some(self.admin()), &body)
    }

    /// Every one of these people is let in with the old token.
    fn let_in(&self, report: &mut Report, people: &[&Person]) -> Result<()> {
        people.iter().try_for_each(|person| {
            let found = self.client.get("/api/v1/me", Some(&person.token))?;
            report.answer(&format!("{} is let in", person.name), (200, &json!({"username": person.name})), &found)
        })
    }

    /// Every one of these people is refused at the next request, in the handbook's words.
    fn refused(&self, report: &mut Report, people: &[&Person]) -> Result<()> {
        let expected = json!({"code": "user-type-over-limit", "detail": LOCKED_OUT});
        people.iter().try_for_each(|person| {
            for path in ["/api/v1/me", "/api/v1/me/privileges"] {
                let found = self.client.get(path, Some(&person.token))?;
                report.answer(&format!("{} is refused at {path}", person.name), (403, &expected), &found)?;
            }
            Ok(())
        })
    }

    /// Licensed, assigned and available of both user types.
    fn counts(&self, report: &mut Report, viewers: i64, creators: i64) -> Result<()> {
        for (id, licensed, assigned) in [("viewer", 25, viewers), ("creator", 5, creators)] {
            let found = self.client.get(&format!("/api/v1/user-types/{id}"), Some(self.admin()))?;
            let expected = json!({"licensed": licensed, "assigned": assigned, "available": licensed - assigned});
            report.answer(&format!("the counts of {id}"), (200, &expected), &found)?;
        }
        Ok(())
    }

    fn is_compliant(&self, report: &mut Report) -> Result<()> {
        let found = self.client.get("/api/v1/status", Some(self.admin()))?;
        report.answer("the status", (200, &json!({"compliant": true, "over": [], "members": 30})), &found)
    }

    /// Not compliant: one user type, since an instant, with so many people locked out (S2, S7, S26).
    fn is_over(&self, report: &mut Report, user_type: &str, counts: [i64; 3]) -> Result<()> {
        let [licensed, assigned, locked_out] = counts;
        let over = json!({"id": user_type, "licensed": licensed, "assigned": assigned, "available": -1, "locked_out": locked_out});
        let found = self.client.get("/api/v1/status", Some(self.admin()))?;
        report.answer("the status", (200, &json!({"compliant": false, "over": [over]})), &found)?;
        let since = found.body.pointer("/over/0/over_since").and_then(Value::as_str).unwrap_or("nothing");
        report.same("over since an instant", &true, &(since.len() == 20 && since.ends_with('Z')))
    }

    fn everybody(&self) -> Vec<&Person> {
        self.viewers.iter().chain(&self.creators).chain([&self.admin]).collect()
    }

    /// At capacity for both user types (S29, S30): nobody more.
    pub fn at_capacity(&self, report: &mut Report) -> Result<()> {
        report.chapter("At capacity: 25 of 25 Viewers, 5 of 5 Creators");
        self.counts(report, 25, 5)?;
        self.is_compliant(report)?;
        self.let_in(report, &self.everybody())?;
        report.passed("everybody is let in, and the portal is compliant");
        for (user_type, full) in [("viewer", 25), ("creator", 5)] {
            let expected = json!({
                "code": "seat-limit-reached", "user_type": user_type, "licensed": full, "assigned": full, "reserved": 0,
                "types_with_room": [],
            });
            report.answer(&format!("one more {user_type}"), (409, &expected), &self.register(user_type)?)?;
            report.passed(&format!("one more {user_type} is refused: seat-limit-reached, {full} of {full} assigned"));
        }
        Ok(())
    }

    /// First the Creator steps down, as the handbook has it (S32 to S35): Viewers are over by one until the other step.
    pub fn demote_first(&self, report: &mut Report) -> Result<()> {
        report.chapter("Demote first: a Creator becomes the 26th Viewer");
        let (requester, lender) = (self.requester()?, self.lender()?);
        let asked = self.change(lender, "viewer", json!({}))?;
        let expected = json!({"code": "one-over-needs-consent", "locked_out": {"viewer": 26}});
        report.answer("without consent", (409, &expected), &asked)?;
        report.passed("without consent it is refused and names the number: 26 Viewers would be locked out");
        let asked = self.change(lender, "viewer", json!({"viewer": 25}))?;
        let expected = json!({"code": "confirmation-mismatch", "expected": {"viewer": 26}});
        report.answer("with another number", (409, &expected), &asked)?;
        self.counts(report, 25, 5)?;
        self.let_in(report, &self.everybody())?;
        report.passed("with another number it is refused, and nothing has changed");
        let applied = self.change(lender, "viewer", json!({"viewer": 26}))?;
        let types = json!({"dry_run": false, "types": [
            {"id": "viewer", "before": 25, "after": 26, "licensed": 25, "locked_out": 26},
            {"id": "creator", "before": 5, "after": 4, "licensed": 5, "locked_out": 0},
        ]});
        report.answer("with the number", (200, &types), &applied)?;
        report.passed("with the number it is done: Viewer 26 of 25, Creator 4 of 5");
        self.while_viewers_are_over(report)?;
        let applied = self.change(requester, "creator", json!({}))?;
        let types = json!({"types": [
            {"id": "viewer", "before": 26, "after": 25, "licensed": 25, "locked_out": 0},
            {"id": "creator", "before": 4, "after": 5, "licensed": 5, "locked_out": 0},
        ]});
        report.answer("the requesting Viewer becomes a Creator", (200, &types), &applied)?;
        self.all_is_well(report)?;
        report.passed(
            "the requesting Viewer becomes a Creator: 25 of 25, 5 of 5, and everybody gets in with the old token",
        );
        self.back(report)
    }

    fn while_viewers_are_over(&self, report: &mut Report) -> Result<()> {
        self.counts(report, 26, 4)?;
        self.is_over(report, "viewer", [25, 26, 26])?;
        let lender = self.lender()?;
        let viewers: Vec<&Person> = self.viewers.iter().chain([lender]).collect();
        report.same("Viewers now", &26, &viewers.len())?;
        self.refused(report, &viewers)?;
        report.passed("all 26 are refused at their next request, the one who stepped down too");
        let others: Vec<&Person> =
            self.creators.iter().filter(|one| one.id != lender.id).chain([&self.admin]).collect();
        self.let_in(report, &others)?;
        report.passed("the Creators are untouched, and the administrator is");
        self.sign_in_is_refused(report, self.requester()?)?;
        report.passed("a Viewer's sign-in is refused after the right password only, in the handbook's words");
        self.nobody_can_be_added(report)?;
        report.passed("nobody can be added, not even a Creator, of whom one seat is free");
        let another = self.creators.get(1).context("there is no second Creator")?;
        let asked = self.change(another, "viewer", json!({"viewer": 27}))?;
        let expected = json!({"code": "one-over-exhausted", "user_type": "viewer", "licensed": 25, "assigned": 26});
        report.answer("a 27th Viewer", (409, &expected), &asked)?;
        self.counts(report, 26, 4)?;
        report.passed("a 27th Viewer is refused: never two over");
        Ok(())
    }

    fn sign_in_is_refused(&self, report: &mut Report, person: &Person) -> Result<()> {
        let body = |password: &str| json!({"username": person.name, "password": password});
        let right = self.client.post("/api/v1/session", None, &body(&person.password))?;
        let expected = json!({"code": "user-type-over-limit", "detail": LOCKED_OUT});
        report.answer("sign-in with the right password", (403, &expected), &right)?;
        report.same("a token for somebody locked out", &None, &right.body.get("token"))?;
        let wrong = self.client.post("/api/v1/session", None, &body("not the password at all"))?;
        report.answer("sign-in with a wrong password", (401, &json!({"code": "sign-in-failed"})), &wrong)
    }

    fn nobody_can_be_added(&self, report: &mut Report) -> Result<()> {
        let expected = json!({"code": "creation-blocked-not-compliant", "detail": NOT_CREATED});
        for user_type in ["viewer", "creator"] {
            report.answer(&format!("one more {user_type}"), (403, &expected), &self.register(user_type)?)?;
        }
        Ok(())
    }

    fn all_is_well(&self, report: &mut Report) -> Result<()> {
        self.counts(report, 25, 5)?;
        self.is_compliant(report)?;
        self.let_in(report, &self.everybody())
    }

    /// Both return to what they were (S35, S36), in one change set of two.
    fn back(&self, report: &mut Report) -> Result<()> {
        self.exchange(report, "both return in one step", (self.lender()?, self.requester()?))?;
        self.all_is_well(report)?;
        report.passed("both return to what they were, and nobody is refused");
        Ok(())
    }

    /// One becomes a Creator and the other a Viewer, at once.
    fn exchange(&self, report: &mut Report, what: &str, (up, down): (&Person, &Person)) -> Result<()> {
        let body = json!({"mode": "atomic", "reason": what, "operations": [
            {"member": up.id, "set_user_type": "creator", "set_role": "publisher"},
            {"member": down.id, "set_user_type": "viewer", "set_role": "viewer"},
        ]});
        let found = self.client.post("/api/v1/changes", Some(self.admin()), &body)?;
        let expected = json!({"dry_run": false, "types": [
            {"id": "viewer", "before": 25, "after": 25, "licensed": 25, "locked_out": 0},
            {"id": "creator", "before": 5, "after": 5, "licensed": 5, "locked_out": 0},
        ]});
        report.answer(what, (201, &expected), &found)?;
        for (person, user_type, role) in [(up, "creator", "publisher"), (down, "viewer", "viewer")] {
            let found = self.client.get("/api/v1/me", Some(&person.token))?;
            report.answer(&person.name, (200, &json!({"user_type": user_type, "role": role})), &found)?;
        }
        Ok(())
    }

    /// First the Viewer is raised: Creators are over by one until the other step.
    pub fn promote_first(&self, report: &mut Report) -> Result<()> {
        report.chapter("Promote first: the requesting Viewer becomes the 6th Creator");
        let (requester, lender) = (self.requester()?, self.lender()?);
        let asked = self.change(requester, "creator", json!({}))?;
        let expected = json!({"code": "one-over-needs-consent", "locked_out": {"creator": 5}});
        report.answer("without consent", (409, &expected), &asked)?;
        let applied = self.change(requester, "creator", json!({"creator": 5}))?;
        let types = json!({"types": [
            {"id": "viewer", "before": 25, "after": 24, "licensed": 25, "locked_out": 0},
            {"id": "creator", "before": 5, "after": 6, "licensed": 5, "locked_out": 5},
        ]});
        report.answer("with consent", (200, &types), &applied)?;
        self.counts(report, 24, 6)?;
        self.is_over(report, "creator", [5, 6, 5])?;
        report.passed("with consent it is done: Creator 6 of 5");
        let creators: Vec<&Person> = self.creators.iter().chain([requester]).collect();
        report.same("Creators now, beside the administrator", &5, &creators.len())?;
        self.refused(report, &creators)?;
        report.passed("the 5 who are no administrators are refused, the promoted one too");
        let others: Vec<&Person> =
            self.viewers.iter().filter(|one| one.id != requester.id).chain([&self.admin]).collect();
        self.let_in(report, &others)?;
        report.passed("the Viewers are untouched, and the administrator is");
        self.nobody_can_be_added(report)?;
        let another = self.viewers.get(1).context("there is no second Viewer")?;
        let asked = self.change(another, "creator", json!({"creator": 6}))?;
        let expected = json!({"code": "one-over-exhausted", "user_type": "creator", "licensed": 5, "assigned": 6});
        report.answer("a 7th Creator", (409, &expected), &asked)?;
        report.passed("nobody can be added, and a 7th Creator is refused: never two over");
        let applied = self.change(lender, "viewer", json!({}))?;
        report.answer("the Creator becomes a Viewer", (200, &json!({"dry_run": false})), &applied)?;
        self.all_is_well(report)?;
        report.passed("the Creator becomes a Viewer: 25 of 25, 5 of 5, and everybody gets in with the old token");
        self.back(report)
    }

    /// Both at once: nobody is ever refused.
    pub fn swap(&self, report: &mut Report) -> Result<()> {
        report.chapter("Swap: both in one change set");
        self.exchange(report, "both are exchanged", (self.requester()?, self.lender()?))?;
        self.all_is_well(report)?;
        report.passed("both are exchanged at 25 of 25 and 5 of 5, and nobody is refused");
        self.back(report)
    }
}
