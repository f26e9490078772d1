//! What is printed once the portal answers: where it is, who can sign in, and what to try.

use crate::accounts::{Accounts, Seated};
use crate::output;
use crate::workspace::Place;

/// Prints address, accounts, and the exchange of the handbook in its three ways.
pub fn print(place: &Place, address: &str, accounts: &Accounts) {
    output::line(&format!("\nThe portal answers at {address}\n"));
    who(place, address, accounts);
    let Some((lender, requester)) = accounts.one("creator", 1).ok().zip(accounts.one("viewer", 1).ok()) else { return };
    let (lender, requester) = (lender.login.username.as_str(), requester.login.username.as_str());
    pages(address, lender, requester);
    lines(place, address, lender, requester);
    products(place, address, accounts);
    output::line("Ctrl-C stops it; the same command goes on with the same data.");
}

fn who(place: &Place, address: &str, accounts: &Accounts) {
    output::line(&format!("Sign in at {address}/signin:"));
    let admin = &accounts.administrator;
    output::line(&format!("    {:<12} {:<18} administrator, one of the 5 Creators", admin.username, admin.password));
    for (user_type, kind) in [("creator", "the other Creators"), ("viewer", "the Viewers")] {
        let all: Vec<&Seated> = accounts.of_type(user_type).collect();
        output::line(&format!("  {kind}:"));
        for row in all.chunks(3) {
            let cells = row.iter().map(|one| format!("{:<12} {:<18}", one.login.username, one.login.password));
            output::line(format!("    {}", cells.collect::<String>()).trim_end());
        }
    }
    output::line(&format!("All 30 stand in {}\n", place.accounts().display()));
}

fn pages(address: &str, lender: &str, requester: &str) {
    output::line(
        "What to try: every seat is taken, 25 Viewers and 5 Creators, and a Viewer urgently needs to create content.",
    );
    output::line(&format!("As administrator, on {address}/members:"));
    output::line(&format!(
        "  - Demote first: change {lender} to Viewer. The page names the 26 Viewers whom that locks out and asks"
    ));
    output::line("    for consent. Every Viewer is now refused, at the next request. Change the other one");
    output::line(&format!("    ({requester}) to Creator, with the role Publisher: everybody is let in again."));
    output::line(&format!(
        "  - Promote first: change {requester} to Creator before anybody leaves: now the Creators are refused."
    ));
    output::line(&format!("  - Swap: exchange {lender} and {requester} in one step: nobody is ever refused."));
    output::line(&format!(
        "  The notice on every page and {address}/licenses show which user type is over, and since when.\n"
    ));
}

fn products(place: &Place, address: &str, accounts: &Accounts) {
    let Ok(user) = accounts.one("creator", 2) else { return };
    let (name, password, roots) =
        (&user.login.username, &user.login.password, place.vendor().join("demo-root.root.jwk"));
    output::line(&format!(
        "Products: on {address}/members choose {name}, then `Manage add-on licenses`, and assign ArcGIS Pro Standard. \
         A product on a desktop then lives by this portal:"
    ));
    output::line(&format!("    cargo run --release -p desktop-app -- --portal {address} --roots {}", roots.display()));
    output::line(&format!(
        "  Type `sign-in {name} {password}`, `start`, `work`; end the session on {address}/products/arcgis-pro/activity, \
         and type `work` again. `offline` and `home` need no portal in between.\n"
    ));
}

fn lines(place: &Place, address: &str, lender: &str, requester: &str) {
    let list = place.accounts();
    let list = list.display();
    let text = format!(
        r#"The same with curl and jq:
    A={address}/api/v1
    J='content-type: application/json'
    T=$(jq '.administrator' {list} | curl -s $A/session -H "$J" -d @- | jq -r .token)
    V=$(jq '.members[] | select(.username == "{requester}") | {{username, password}}' {list} | curl -s $A/session -H "$J" -d @- | jq -r .token)
    id() {{ curl -s "$A/members?q=$1" -H "authorization: Bearer $T" | jq -r '.items[0].id'; }}
    turn() {{ curl -s -X PUT $A/members/$(id $1)/user-type -H "authorization: Bearer $T" -H 'if-match: *' -H "$J" -d "$2"; echo; }}

    # Demote first. Without consent it is refused; with the number it names it is done, and all 26 Viewers are refused.
    turn {lender} '{{"user_type": "viewer", "role": "viewer"}}'
    turn {lender} '{{"user_type": "viewer", "role": "viewer", "allow_one_over": {{"viewer": 26}}}}'
    curl -s $A/me -H "authorization: Bearer $V"; echo
    curl -s $A/status -H "authorization: Bearer $T" | jq '{{compliant, over}}'
    turn {requester} '{{"user_type": "creator", "role": "publisher"}}'
    curl -s $A/me -H "authorization: Bearer $V"; echo

    # Back in one step that refuses nobody, even at 25 of 25 and 5 of 5.
    curl -s $A/changes -H "authorization: Bearer $T" -H "idempotency-key: $(date +%s%N)" -H "$J" -d '{{"operations": [
      {{"member": "'$(id {lender})'", "set_user_type": "creator", "set_role": "publisher"}},
      {{"member": "'$(id {requester})'", "set_user_type": "viewer", "set_role": "viewer"}}]}}'; echo

    # Promote first: the same with Creator, where 5 people are locked out until {lender} leaves.
    turn {requester} '{{"user_type": "creator", "role": "publisher", "allow_one_over": {{"creator": 5}}}}'
    turn {lender} '{{"user_type": "viewer", "role": "viewer"}}'
"#
    );
    output::line(&text);
}
