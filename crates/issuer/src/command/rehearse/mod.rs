//! `trust rehearse`: the key ceremony and its bad days, with throw-away keys, the verbs of this program, and the code with
//! which portals open files.

mod portal;
mod stage;

use entitlement::{
    Entitlement, Moment, Roots, SealError, SecretKey, TrustListDraft, Use, open_entitlement, open_trust_list,
    seal_entitlement, seal_trust_list,
};
use errors::{Code, Failure};

use crate::clock;
use crate::output::Answer;
use crate::workspace::Purpose;
use portal::Portal;
use stage::Expected::{Good, Refused};
use stage::Stage;

const ORDER: &str = "contract = \"rehearsal\"\n\
                     customer = { id = \"rehearsal\", name = \"Rehearsal\" }\n\
                     from = 2020-01-01\n\
                     [user_types]\n\
                     viewer = 2\n";

/// Plays every act, and tells what was expected and what came. The workspace of `--dir` is not touched.
pub(super) fn rehearse() -> Result<Answer, Failure> {
    let mut stage = Stage::set_up(clock::now()?)?;
    stage.write("order.toml", ORDER)?;
    if let Err(failure) = acts(&mut stage) {
        stage.portal("cannot go on", Err(failure), Good);
    }
    Ok(stage.told())
}

fn acts(stage: &mut Stage) -> Result<(), Failure> {
    let mut portal = beginning(stage)?;
    rotation(stage, &mut portal)?;
    stolen_key(stage, &mut portal)?;
    taken_back(stage, &mut portal)?;
    lost_root(stage, &mut portal)
}

fn issue(stage: &mut Stage, key: &str, out: &str, expected: stage::Expected) {
    let line = format!("license issue @order.toml --key {key} --unbound --passphrase-file @pass --out @{out}");
    stage.desk(&line, expected);
}

/// Builds a list and has the portal import it.
fn build(stage: &mut Stage, portal: &mut Portal, root: &str, version: u32) {
    let out = format!("trust-{version}.json");
    stage.desk(&format!("trust build --root {root} --passphrase-file @pass --out @{out}"), Good);
    let said = portal.take_list(&stage.read(&out), stage.now);
    stage.portal(&format!("imports {out}"), said, Good);
}

fn import(stage: &mut Stage, portal: &mut Portal, file: &str, expected: stage::Expected) {
    let said = portal.import(&stage.read(file), stage.now);
    stage.portal(&format!("imports {file}"), said, expected);
}

fn load(stage: &mut Stage, portal: &Portal, file: &str, now: Moment, expected: stage::Expected) {
    let said = portal.load(&stage.read(file), now);
    let when = if now == stage.now { String::new() } else { format!(" on {now}") };
    stage.portal(&format!("loads {file}, which is installed{when}"), said, expected);
}

fn beginning(stage: &mut Stage) -> Result<Portal, Failure> {
    stage.act("The ceremony: two roots, a signing key, a first list, a first file");
    stage.desk("init --vendor Rehearsal --from 2020-01-01 --passphrase-file @pass --until 2999-01-01", Good);
    stage.desk("key generate --id root-2 --purpose root --passphrase-file @pass", Good);
    let set = stage.desk("key export root-1 root-2", Good);
    let mut portal = Portal::built_with(roots(&set)?);
    let said = portal.take_list(&stage.read("desk/trust.json"), stage.now);
    stage.portal("built with both roots, imports trust.json", said, Good);
    issue(stage, "signing-1", "a.json", Good);
    import(stage, &mut portal, "a.json", Good);
    Ok(portal)
}

fn rotation(stage: &mut Stage, portal: &mut Portal) -> Result<(), Failure> {
    stage.act("Rotation: signing-2 follows signing-1");
    stage.desk("key rotate signing-1 --to signing-2 --passphrase-file @pass", Good);
    issue(stage, "signing-2", "b.json", Refused(Code::LicenseKeyUnknown));
    stage.desk("trust build --root root-1 --passphrase-file @pass --out @trust-2.json", Good);
    issue(stage, "signing-2", "b.json", Good);
    import(stage, portal, "b.json", Refused(Code::LicenseKeyUnknown));
    let said = portal.take_list(&stage.read("trust-2.json"), stage.now);
    stage.portal("imports trust-2.json", said, Good);
    import(stage, portal, "b.json", Good);
    let said = portal.take_list(&stage.read("desk/trust.json"), stage.now);
    stage.portal("is given the old trust.json again", said, Refused(Code::TrustListOlder));
    // A year later the old key has long retired.
    let later = stage.now.plus_seconds(365 * 86_400);
    load(stage, portal, "a.json", later, Good);
    let late = forged(stage, ("a.json", "trust-2.json"), &stage.stolen("signing-1", Purpose::Signing)?, later)?;
    let said = portal.import(late.as_bytes(), later);
    stage.portal("imports what signing-1 signed after it retired", said, Refused(Code::LicenseKeyRetired));
    Ok(())
}

fn stolen_key(stage: &mut Stage, portal: &mut Portal) -> Result<(), Failure> {
    stage.act("A signing key is stolen: signing-2 is revoked");
    let installed = opened(stage, "b.json", "trust-2.json")?;
    let from = installed.issued_at().plus_seconds(1);
    let thief = stage.stolen("signing-2", Purpose::Signing)?;
    let backdated = forged(stage, ("b.json", "trust-2.json"), &thief, installed.issued_at())?;
    let said = portal.clone().import(backdated.as_bytes(), stage.now);
    stage.portal("that has no newer list is given the thief's file: why the next list is urgent", said, Good);
    stage.desk(&format!("key revoke signing-2 --reason 'the laptop was stolen' --from {from}"), Good);
    issue(stage, "signing-2", "c.json", Refused(Code::KeyRevoked));
    build(stage, portal, "root-1", 3);
    let said = portal.import(backdated.as_bytes(), stage.now);
    stage.portal("imports the thief's file, which bears an old date", said, Refused(Code::LicenseKeyRevoked));
    let dated = forged(stage, ("b.json", "trust-2.json"), &thief, from)?;
    let said = portal.load(dated.as_bytes(), stage.now);
    stage.portal("loads a file that was signed since that day", said, Refused(Code::LicenseKeyRevoked));
    load(stage, portal, "b.json", stage.now, Good);
    import(stage, portal, "b.json", Refused(Code::LicenseKeyRevoked));
    stage.desk("key generate --id signing-3 --purpose signing --passphrase-file @pass", Good);
    build(stage, portal, "root-1", 4);
    issue(stage, "signing-3", "c.json", Good);
    import(stage, portal, "c.json", Good);
    Ok(())
}

fn taken_back(stage: &mut Stage, portal: &mut Portal) -> Result<(), Failure> {
    stage.act("A license is revoked, then the earlier files of its contract");
    let first = opened(stage, "a.json", "trust-4.json")?.license().clone();
    stage.desk("license revoke SW-1999-000001 --reason 'a slip'", Refused(Code::NotFound));
    stage.desk(&format!("license revoke {first} --reason 'paid back'"), Good);
    load(stage, portal, "a.json", stage.now, Good);
    build(stage, portal, "root-1", 5);
    load(stage, portal, "a.json", stage.now, Refused(Code::LicenseRevoked));
    load(stage, portal, "b.json", stage.now, Good);
    stage.desk("license withdraw rehearsal --below 3 --reason 'fewer seats'", Good);
    build(stage, portal, "root-1", 6);
    load(stage, portal, "b.json", stage.now, Refused(Code::LicenseRevoked));
    load(stage, portal, "c.json", stage.now, Good);
    Ok(())
}

fn lost_root(stage: &mut Stage, portal: &mut Portal) -> Result<(), Failure> {
    stage.act("A root is lost: root-2 signs, and the next build drops root-1");
    let thief = stage.stolen("root-1", Purpose::Root)?;
    stage.desk(&format!("key revoke root-1 --reason 'the safe is empty' --from {}", stage.now), Good);
    stage.desk("trust build --root root-1 --passphrase-file @pass --out @trust-7.json", Refused(Code::KeyRevoked));
    build(stage, portal, "root-2", 7);
    stage.desk("key export root-1 root-2", Refused(Code::KeyRevoked));
    let set = roots(&stage.desk("key export root-2", Good))?;
    let mut next = Portal::built_with(set.clone());
    let said = next.take_list(&stage.read("trust-7.json"), stage.now);
    stage.portal("of the next build, with root-2 alone, imports trust-7.json", said, Good);
    let list = open_trust_list(&stage.read("trust-7.json"), &set, stage.now).map_err(Failure::from)?;
    let draft = TrustListDraft { version: 8, ..list.draft().clone() };
    let forged = seal_trust_list(&draft, &thief).map_err(|error| unsealed(&error))?;
    let said = portal.take_list(forged.as_bytes(), stage.now);
    stage.portal("of the old build is given a list by the thief of root-1: why the next build is urgent", said, Good);
    let said = next.take_list(forged.as_bytes(), stage.now);
    stage.portal("of the next build is given the same list", said, Refused(Code::LicenseKeyUnknown));
    import(stage, &mut next, "c.json", Good);
    Ok(())
}

fn roots(set: &str) -> Result<Roots, Failure> {
    Roots::from_jwk_set(set.as_bytes())
        .map_err(|error| Failure::new(Code::RehearsalFailed, format!("No roots: {error}.")))
}

/// A file of the stage as a portal with that list opens it.
fn opened(stage: &Stage, file: &str, list: &str) -> Result<Entitlement, Failure> {
    let both = ["root-1", "root-2"].map(|kid| stage.stolen(kid, Purpose::Root).map(|root| root.public()));
    let both = both.into_iter().collect::<Result<Vec<_>, Failure>>()?;
    let both = Roots::new(both).map_err(|error| Failure::new(Code::RehearsalFailed, format!("No roots: {error}.")))?;
    let trust = open_trust_list(&stage.read(list), &both, stage.now).map_err(Failure::from)?;
    open_entitlement(&stage.read(file), &trust, Use::Importing, stage.now).map_err(Failure::from)
}

/// A file like that one, of the next sequence, signed by whoever has the key, with any date.
fn forged(stage: &Stage, (file, list): (&str, &str), key: &SecretKey, dated: Moment) -> Result<String, Failure> {
    let mut draft = opened(stage, file, list)?.draft().clone();
    draft.sequence = draft.sequence.saturating_add(1);
    draft.iat = dated;
    seal_entitlement(&draft, key).map_err(|error| unsealed(&error))
}

fn unsealed(error: &SealError) -> Failure {
    Failure::new(Code::RehearsalFailed, format!("{error}."))
}
