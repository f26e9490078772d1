### The texts of the pages, in English.
###
### A text may hold links, emphasis and code, which stay as they are in every language; { $name } is where a value comes.
### An id begins with the template that shows the text, or with `common` where several do.

## Shown by several templates

common-actions = Actions
common-add-a-member = Add a member
common-add-on-licenses = Add-on licenses
common-added = Added
common-and-more-refused-more = And { $more-refused } more.
common-assigned = Assigned
common-available = Available
common-back-to-licenses = Back to Licenses
common-back-to-the-members = Back to the members
common-breadcrumb = Breadcrumb
common-cancel = Cancel
common-categories = Categories
common-change = Change
common-change-the-password = Change the password
common-changes = Changes
common-choose = Choose
common-choose-all-on-this-page = Choose all on this page
common-choose-name = Choose { $name }
common-clear = Clear
common-code = Code
common-contact = Contact
common-count-chosen = { $count } chosen
common-customer = Customer
common-delete = Delete
common-delete-name = Delete { $name }
common-dismiss = Dismiss
common-effect = Effect
common-end-the-session-on-computer = End session on { $computer }
common-ends = Ends
common-ends-by-itself = Ends by itself
common-error-codes = Error codes
common-export-as-a-table-csv = Export as a table (CSV)
common-file = File
common-fits = Fits
common-for = For
common-full-name = Full name
common-full-name-if-known = Full name, if known
common-groups = Groups
common-held-by = Held by
common-id = Id
common-import = Import
common-imported = Imported
common-includes = Includes
common-invitations = Invitations
common-invite-somebody = Invite somebody
common-key-key = key { $key }
common-kind = Kind
common-last-signed-in = Last signed in
common-last-used = Last used
common-license = License
common-license-activity = License activity
common-license-activity-of-name = License activity of { $name }
common-license-sequence-sequence = { $license }, sequence { $sequence }
common-licensed = Licensed
common-licenses = Licenses
common-mail-address = Mail address
common-mail-address-if-known = Mail address, if known
common-member = Member
common-members = Members
common-name = Name
common-never = never
common-new = New
common-new-password = New password
common-no-end = No end
common-none = none
common-none-capital = None
common-none-was-user-type = none; was { $user-type }
common-now = Now
common-number-of-members-who-will-be = Number of members who will be locked out
common-offline = Offline
common-offline-use = Offline use
common-one-time-password = One-time password
common-only-for-default-administrators = Only for default Administrators
common-overview = Overview
common-pages = Pages
common-password = Password
common-privilege = Privilege
common-privileges = Privileges
common-problem = Problem:
common-product = Product
common-products = Products
common-profile = Profile
common-put-it-right = Put it right
common-reason-for-the-audit-log = Reason, for the audit log
common-release-the-offline-license-on-computer = Release the offline license on { $computer }
common-reports = Reports
common-reset-the-password = Reset the password
common-revoke = Revoke
common-revoke-the-invitation-of-whom = Revoke the invitation of { $whom }
common-role = Role
common-roles = Roles
common-save = Save
common-sessions-and-offline-use = Sessions and offline use
common-settings = Settings
common-shortest-to-256-characters-and-not = { $shortest } to 256 characters, and not your user name. A few unrelated words do well.
common-show = Show
common-show-what-would-change = Show what would change
common-signature = Signature
common-state = State
common-term = Term
common-the-role-must-fit-the-user = The role must fit the user type.
common-this-cannot-be-undone = This cannot be undone
common-undo = Undo
common-user-name = User name
common-user-type = User type
common-vendors-site = Vendor's site
common-what-would-change-is-shown-first = What would change is shown first; nothing changes before you confirm.
common-what-ends-when = What ends when
common-when = When
common-which-role-fits = Which role fits
common-who = Who
common-why = Why
common-your-account = Your account

## accept_invitation.html

accept-invitation-your-invitation = Your invitation
accept-invitation-you-are-invited-to-portal-name = You are invited to { $portal-name }
accept-invitation-before-you-begin = Before you begin
accept-invitation-your-invitation-stays-valid-until-until = Your invitation stays valid until { $until }. Try again later.
accept-invitation-good-until = Good until
accept-invitation-you-sign-in-with-it = You sign in with it.
accept-invitation-password-again = Password again
accept-invitation-accept-the-invitation = Accept the invitation

## activity.html

activity-name-license-activity = { $name }: license activity
activity-online-online = { $online } online
activity-offline-offline = { $offline } offline.
activity-all-who-can-use-it = All who can use it
activity-online-used-in-the-last-session = Online: used in the last { $session-minutes } minutes
activity-not-in-use = Not in use
activity-not-in-use-for-days = Not in use for days
activity-nobody-is-in-this-list = Nobody is in this list.
activity-level-and-extensions = Level and extensions
activity-online = online
activity-offline = offline

## add_member.html

add-member-add = Add
add-member-you-get-a-one-time-password = You get a one-time password to hand over. To let the person choose user name and password, <a href="/invitations/new">invite instead</a>.
add-member-add-the-member = Add the member

## add_on.html

add-on-available-words-since-since = { $available-words }, since { $since }
add-on-user-types-that-can-hold-it = User types that can hold it
add-on-who-holds-it = Who holds it
add-on-nobody-holds-it = Nobody holds it.
add-on-choose-members-in-members-and-manage = Choose members in <a href="/members">Members</a> and manage their add-on licenses.
add-on-unassign-from-the-chosen = Unassign from the chosen…

## audit.html

audit-audit-log = Audit log
audit-the-log-is-not-as-it = The log is not as it was written
audit-keep-the-data-as-it-is = Keep the data as it is for whoever looks into it, and compare it with your backups. <a href="/api/v1/audit-events/verification">Check every row</a>
audit-chain-intact-to-row-last = <span class="good"><span aria-hidden="true">✓</span> Chain intact</span> to row { $last }, { $at }, over the newest { $rows } rows. <a href="/api/v1/audit-events/verification">Check every row</a>
audit-what = What
audit-anything = Anything
audit-to-whom-or-what = To whom or what
audit-from-the-day = From the day
audit-to-the-day = To the day
audit-text = Text
audit-days-are-days-in-utc = Days are days in UTC. Export what is shown, the oldest first: <a href="/api/v1/audit-events/export?format=csv{ $query }">as a table (CSV)</a> or <a href="/api/v1/audit-events/export?format=jsonl{ $query }">as JSON lines</a>.
audit-no-row-is-like-that = No row is like that.
audit-what-is-different = What is different
audit-row-seq-at = Row { $seq }: { $at }
audit-more-of-row-seq = and more of row { $seq }
audit-and-more = and more

## audit_row.html

audit-row-row-seq-of-the-audit = Row { $seq } of the audit log
audit-row-row-seq = Row { $seq }
audit-row-row = Row
audit-row-of-what = Of what
audit-row-before = Before
audit-row-after = After
audit-row-value = Value
audit-row-the-row-as-it-is = The row as it is stored
audit-row-the-detail-as-it-is = The detail as it is stored
audit-row-hash-of-the-row-before = Hash of the row before
audit-row-none-this-is-the-first = none: this is the first row
audit-row-its-own-hash = Its own hash
audit-row-rows = Rows
audit-row-row-before = Row before
audit-row-row-after = Row after

## Why something cannot be done

barred-adding = Nobody can be added at this moment because of a software authorization error.
barred-adding-over = Nobody can be added while a user type is over its limit: { $names }.
barred-show-the-members-of = Show the members of { $name }
barred-make-another-administrator = Make another member an Administrator
barred-show-the-administrators = Show the Administrators
barred-show-later-changes = Show the later changes
barred-what-this-means = What this means
full-no-seat-is-free = A user type that is marked as full has no free seat.

## base.html

base-skip-to-the-content = Skip to the content
base-demonstration-this-portal-trusts-a-public = <strong>Demonstration.</strong> This portal trusts a public key: anybody can make license files for it. Do not use it for real members.
base-main = Main
base-audit = Audit
base-signed-in-as-name = Signed in as { $name }
base-sign-out = Sign out
base-information = Information
base-help-with-error-codes = Help with error codes
base-portal-portal-id = Portal <code>{ $portal-id }</code>
base-license-id-sequence-sequence = License { $id }, sequence { $sequence }
base-no-license-file = No license file
base-version-version = Version { $version }
base-time-your-time = ({ $time } your time)

## bulk_change.html

bulk-change-the-accounts-and-their-sessions-end = The accounts and their sessions end at once, and their seats become free. The audit log keeps what the members did.
bulk-change-and-more-more = and { $more } more
bulk-change-the-license-file-holds-no-add = The license file holds no add-on licenses.
bulk-change-above = Above { $user-type }, and not to be given to this member: { $roles }.
bulk-change-compare-with-the-user-type = Compare the roles with the user type
bulk-change-leave-as-it-is = Leave as it is
bulk-change-assign = Assign
bulk-change-unassign = Unassign
bulk-change-release-offline-licenses-that-depend-on = Release offline licenses that depend on what is unassigned
bulk-change-if-some-cannot-be-changed = If some cannot be changed
bulk-change-change-nobody-all-or-nothing = Change nobody: all or nothing
bulk-change-change-as-many-as-can-be = Change as many as can be; no user type is taken over its limit

## change.html

change-change-what = Change: { $what }
change-undoes = Undoes
change-another-change = another change
change-undone = Undone
change-by-a-later-change = by <a href="/changes/{ $by }">a later change</a>
change-return = Return
change-seats-kept-for-it-reserves = Seats kept for it: { $reserves }
change-return-now = Return now…
change-undo = Undo…
change-cancel-the-return = Cancel the return
change-without-the-return-the-members-keep = Without the return the members keep what they have now, and the seats kept for it become free.

## change_password.html

change-password-set-a-password = Set a password
change-password-set-a-password-of-your-own = Set a password of your own
change-password-you-signed-in-with-a-one = You signed in with a one-time password. Everything else opens once you have set your own.
change-password-your-other-sessions-end-when-the = Your other sessions end when the password changes.
change-password-present-password = Present password
change-password-new-password-again = New password again
change-password-set-the-password = Set the password

## change_user_type.html

change-user-type-user-type-of-name = User type of { $name }
change-user-type-swap-instead = Swap instead
change-user-type-both-members-exchange-user-type-and = Both members exchange user type and role in one step, and nobody is locked out.
change-user-type-user-name-of-the-other-member = User name of the other member
change-user-type-show-the-swap = Show the swap

## changes.html

changes-planned-returns = Planned returns
changes-no-return-is-planned = No return is planned.
changes-who-returns-to-what = Who returns to what
changes-dismiss-what = Dismiss: { $what }
changes-return-now-or-cancel-what = Return now, or cancel: { $what }
changes-return-now-or-cancel = Return now, or cancel
changes-applied-changes = Applied changes
changes-no-change-has-been-applied-yet = No change has been applied yet.
changes-what = What
changes-undone-show-the-change-that-did = Undone: show the change that did it
changes-undone = undone
changes-undoes-another-change-show-it = Undoes another change: show it
changes-undoes-another = undoes another
changes-in-force = in force
changes-newest = Newest
changes-older = Older

## consent.html

consent-take-name-one-over = Take { $name } one over?
consent-finish-by-moving-one-name-member = Finish by moving one { $name } member to a user type with room. A swap of two members avoids all this.
consent-to-swap-with-those-first-who = To swap with, those first who have not signed in for the longest time:
consent-to-save-anyway-type-locked-out = To save anyway, type { $locked-out }.

## delete_member.html

delete-member-delete-name = Delete { $name }?
delete-member-the-account-and-its-sessions-end = The account and its sessions end at once, and its { $user-type } seat becomes free. The audit log keeps what the member did.
delete-member-delete-username = Delete { $username }

## directory.html

directory-portal-directory = Portal Directory
directory-what-programs-are-answered-at-path = What programs are answered at <code>{ $path }</code>. The same address gives JSON to whoever does not ask for a page.
directory-directory = Directory

## due_returns.html

due-returns-a-planned-return-found-no-seat = A planned return found no seat
due-returns-it-is-tried-again-each-minute = It is tried again each minute until it finds one, or until it is cancelled.
due-returns-who-due-since-since-problem = { $who }, due since { $since }: { $problem }
due-returns-who-due-since-since = { $who }, due since { $since }
due-returns-show-the-change-of-who = Show the change of { $who }
due-returns-show-the-change = Show the change

## edit_member.html

edit-member-profile-of-name = Profile of { $name }
edit-member-there-are-no-groups-yet = There are no groups yet.
edit-member-there-are-no-categories-yet = There are no categories yet.
edit-member-open-the-vendors-own-site-to = Open the vendor's own site to this member
edit-member-only-an-administrator-can-change-the = Only an administrator can change the mail address and the access to the vendor's site.

## end_session.html

end-session-end-session = End session
end-session-end-the-session-on-computer = End the session on { $computer }?
end-session-created = Created
end-session-active-until = Active until
end-session-the-place-is-free-at-once = The place is free at once

## ends_soon.html

ends-soon-licenses-end-soon = Licenses end soon
ends-soon-the-license-file-gives-less-from = The license file gives less from { $at } on: within { $days-words }. <a href="/licenses">Licenses</a>

## error.html

error-reference = Reference

## extras.html

extras-open-the-vendors-site-to-the = Open the vendor’s site to the member

## help_error.html

help-error-what-it-means = What it means
help-error-what-to-do = What to do
help-error-for-programs = For programs
help-error-http-status = HTTP status
help-error-exit-code = Exit code

## help_errors.html

help-errors-every-refusal-names-its-code-the = Every refusal names its code. The same texts are in <code>explain CODE</code> of both programs.
help-errors-what-it-says = What it says

## import_members.html

import-members-import-members = Import members
import-members-a-table-csv-in-utf-8 = A table (CSV, in UTF-8, with commas or semicolons) with a first line that names the columns:
import-members-only-username-is-needed = Only <code>username</code> is needed.
import-members-members-who-are-there-already-are = Members who are there already are changed; the others are added, each with a one-time password. An empty cell changes nothing, and gives a new member the default. Several groups or categories in one cell are separated by semicolons.
import-members-table = Table
import-members-at-most-10-000-rows-and = At most 10,000 rows and 4 MB. What would change is shown first; nothing changes before you confirm.
import-members-if-some-rows-cannot-be-imported = If some rows cannot be imported
import-members-import-nothing-all-or-nothing = Import nothing: all or nothing
import-members-import-as-many-rows-as-can = Import as many rows as can be

## import_members_done.html

import-members-done-members-imported = Members imported
import-members-done-this-table-has-been-imported-already = This table has been imported already. Nothing was done again; this is what was done the first time.
import-members-done-one-time-passwords = One-time passwords
import-members-done-they-were-shown-the-first-time = They were shown the first time and are not kept. Whose password is lost is given a new one on the member's page.
import-members-done-they-are-shown-only-now-hand = They are shown only now. Hand each over by a safe way; at the first sign-in it must be changed.

## import_members_preview.html

import-members-preview-import-members-preview = Import members: preview
import-members-preview-preview = Preview
import-members-preview-nothing-has-been-imported-yet-with = Nothing has been imported yet. With this table, so many members would be:
import-members-preview-the-one-time-passwords-of-new = The one-time passwords of new members are shown once, on the next page.
import-members-preview-import-the-table = Import the table
import-members-preview-the-table-changes-nothing = The table changes nothing.
import-members-preview-nothing-can-be-imported-in-this = Nothing can be imported in this way.
import-members-preview-choose-another-table-or-import-as = Choose another table, or import as many rows as can be

## import_preview.html

import-preview-import-a-license-file = Import a license file
import-preview-import-a-license-file-preview = Import a license file: preview
import-preview-good = good
import-preview-this-portal = this portal
import-preview-any-portal = any portal
import-preview-replaces = Replaces
import-preview-nothing-it-is-the-first-file = nothing; it is the first file
import-preview-from-up-to-ends = { $from } up to { $ends }
import-preview-from-without-end = { $from } without end
import-preview-the-file-waits-for-its-term = The file waits for its term
import-preview-it-comes-in-force-by-itself = It comes in force by itself at { $begins }; until then the present file stays. The numbers below are those of that instant, with the members as they are now.
import-preview-these-waiting-files-could-never-come = These waiting files could never come in force after it, and are given up: { $overtakes }.
import-preview-counts-before-and-after = Counts before and after
import-preview-user-type-or-add-on = User type or add-on
import-preview-available-after = Available after
import-preview-and-more-people-more = and { $more-people } more
import-preview-you-can-move-members-to-other = You can move members to other user types first and import afterwards.
import-preview-nobody-could-start-a-product = Nobody could start a product
import-preview-more-add-on-licenses-would-be = More add-on licenses would be assigned than licensed. Until they are unassigned, nobody can start a product, administrators included; sessions that run go on for as long as there is to save. You can unassign first and import afterwards.
import-preview-the-file-gives-none-of-these = The file gives none of these add-ons any more
import-preview-before-you-import-you-can = Before you import you can
import-preview-the-new-member-defaults-would-not = The new-member defaults would not work any more
import-preview-fault-until-the-defaults-are-changed = { $fault } Until the defaults are changed, the user type and role have to be chosen for each new member.
import-preview-to-import-anyway-type-the-number = To import anyway, type the number above.
import-preview-let-the-file-wait-for-its = Let the file wait for its term
import-preview-import-the-file = Import the file

## in_use.html

in-use-computer-created-created-last-used-last = <strong>{ $computer }</strong>: created { $created }, last used { $last-used }, active until { $until }
in-use-end-session = End session…
in-use-released-may-still-be-used-offline = Released; may still be used offline on <strong>{ $computer }</strong> until { $until }
in-use-offline-on-computer-until-until = Offline on <strong>{ $computer }</strong> until { $until }
in-use-release = Release…
in-use-hand-in-a-return-code-from = Hand in a return code from { $computer }
in-use-return-code = Return code…

## includes.html

includes-this-role-gives-no-privileges = This role gives no privileges.

## invitation_ended.html

invitation-ended-the-invitation-is-no-longer-good = The invitation is no longer good

## invitation_revocation.html

invitation-revocation-revoke-the-invitation-of-whom = Revoke the invitation of { $whom }?
invitation-revocation-sent = Sent
invitation-revocation-sent-by-invited-by = { $sent } by { $invited-by }
invitation-revocation-the-address-accepts-nothing-any-more = The address accepts nothing any more, and the { $user-type } seat becomes free.
invitation-revocation-revoke-the-invitation = Revoke the invitation

## invitation_sent.html

invitation-sent-invitation-of-whom = Invitation of { $whom }
invitation-sent-address = Address
invitation-sent-holds-its-seat = Holds its seat
invitation-sent-until-until = until { $until }
invitation-sent-address-to-hand-over = Address to hand over
invitation-sent-it-is-shown-only-now-no = It is shown only now. No mail was sent: hand it over yourself, by a safe way. Whoever has it can take the seat.
invitation-sent-the-address-that-was-given-out = The address that was given out before does not work any more.
invitation-sent-invite-somebody-else = Invite somebody else
invitation-sent-back-to-the-invitations = Back to the invitations

## invitations.html

invitations-an-invitation-holds-a-seat-for = An invitation holds a seat for 14 days. Whoever opens its address chooses a user name and a password and takes the seat.
invitations-waiting = Waiting
invitations-nobody-is-invited-at-the-moment = Nobody is invited at the moment.
invitations-invitations-that-wait = Invitations that wait
invitations-holds-its-seat-until = Holds its seat until
invitations-still = Still
invitations-sent-by = Sent by
invitations-new-address-for-whom = New address for { $whom }
invitations-new-address = New address
invitations-a-new-address-replaces-the-old = A new address replaces the old one, which then accepts nothing, and holds the seat for 14 more days.
invitations-older-ones = Older ones
invitations-ended = Ended
invitations-no-invitation-has-ended-yet = No invitation has ended yet.
invitations-invitations-that-have-ended = Invitations that have ended

## invite.html

invite-no-mail-is-sent-you-get = No mail is sent. You get an address to hand over yourself. The seat is held for 14 days.
invite-user-name-to-propose = User name to propose
invite-the-invited-person-may-choose-another = The invited person may choose another.
invite-make-the-invitation = Make the invitation

## licenses.html

licenses-verified = verified
licenses-no-license-file-in-force = No license file in force
licenses-the-installed-file-cannot-be-used = The installed file cannot be used: { $why }
licenses-every-user-type-counts-as-0 = Every user type counts as 0 until a file is imported.
licenses-user-types = User types
licenses-reserved = Reserved
licenses-over-since = Over since
licenses-locked-out = Locked out
licenses-exempt = Exempt
licenses-invitations = invitations
licenses-planned-returns = planned returns
licenses-not-in-the-file = Not in the file: { $names }.
licenses-the-file-holds-no-add-on-licenses = The file holds no add-on licenses.
licenses-add-on = Add-on
licenses-trial = Trial
licenses-paid = Paid
licenses-held-by-the-organization = held by the organization
licenses-over-since-since = over since { $since }
licenses-in-order = in order
licenses-products-and-license-activity = Products and license activity
licenses-nothing-in-the-file-begins-or-ends = Nothing that is licensed begins or ends later.
licenses-licensed-then = Licensed then
licenses-if-nothing-else-changes = If nothing else changes
licenses-files = Files
licenses-license-files = License files
licenses-sequence = Sequence
licenses-import-file = Import a file…
licenses-signed-usage-report = Signed usage report
licenses-in-force-since = In force since
licenses-file = File
licenses-download = Download
licenses-download-license-sequence-sequence = Download { $license }, sequence { $sequence }
licenses-no-file-has-been-imported = No file has been imported.
licenses-files-that-wait-for-their-terms = Files that wait for their terms
licenses-comes-in-force = Comes in force
licenses-imported-by = Imported by
licenses-give-up = Give up
licenses-waits = waits
licenses-give-up-license = Give up { $license }
licenses-import-a-file = Import a file
licenses-license-file = License file
licenses-the-file-from-your-vendor-unedited = The file from your vendor, unedited. Its effects are shown first; nothing changes before you confirm.
licenses-trust-list-if-your-vendor-sent = Trust list, if your vendor sent a new one

## member.html

member-since-at = since { $at }
member-locked-out-the-user-type-is = locked out: the user type is over its limit
member-never-signed-in = Never signed in
member-has-a-one-time-password = has a one-time password
member-member-since = Member since
member-seat = Seat
member-what-it-allows-role-words = What it allows: { $role-words }
member-before = Before
member-held-the-change = { $held } (<a href="/changes/{ $change }">the change</a>)
member-planned = Planned
member-returns-to-to-on-at-the = Returns to { $to } on { $at } (<a href="/changes/{ $change }">the change</a>).
member-it-waits-problem = It waits: { $problem }
member-return-now = Return now
member-change-user-type = Change user type
member-swap-with = Swap with…
member-change-role = Change role
member-both-can-be-for-good-or = Both can be for good, or until a day and time.
member-add-on-licenses-and-products = Add-on licenses and products
member-no-add-on-license-is-assigned = No add-on license is assigned.
member-unassign-name = Unassign { $name }
member-unassign = Unassign…
member-manage-add-on-licenses = Manage add-on licenses
member-open-to-this-member = open to this member
member-not-open-to-this-member = not open to this member
member-edit-the-profile = Edit the profile
member-account = Account
member-disable = Disable
member-enable = Enable
member-archive = Archive
member-restore = Restore

## member_added.html

member-added-name-was-added = { $name } was added
member-added-it-is-shown-only-now-hand = It is shown only now. Hand it over by a safe way; at the first sign-in it must be changed.
member-added-add-another = Add another

## members.html

members-import-a-table = Import a table
members-name-or-mail-address = Name or mail address
members-name-or-user-name = Name or user name
members-any = Any
members-enabled-or-disabled = Enabled or disabled
members-more-filters = More filters
members-group = Group
members-category = Category
members-days-without-a-sign-in = Days without a sign-in
members-locked-out-only = Locked out only
members-filters = Filters
members-take-away-the-filter-text = Take away the filter { $text }
members-user-type-change-the-user-type = { $user-type }: change the user type of { $name }
members-locked-out = locked out
members-with-the-chosen-members = With the chosen members
members-one-change-can-have-most-members = One change can have { $most } members at most; narrow the filters to choose all that they find.
members-change-user-type = Change user type…
members-swap-the-two-chosen = Swap the two chosen…
members-change-role = Change role…
members-manage-add-on-licenses = Manage add-on licenses…
members-enable = Enable…
members-disable = Disable…
members-archive = Archive…
members-restore = Restore…
members-delete = Delete…

## needs.html

needs-answer = Answer
needs-what-is-missing = What is missing
needs-granted = granted
needs-missing = missing
needs-nothing = nothing

## not_activated.html

not-activated-not-activated = Not activated
not-activated-this-portal-is-not-activated-yet = This portal is not activated yet
not-activated-it-has-no-license-file-so = It has no license file, so nobody can sign in. Whoever runs this machine activates it on the command line:
not-activated-make-an-activation-request-and-send = Make an activation request and send it to your vendor.
not-activated-activate-the-portal-with-the-files = Activate the portal with the files that come back. This also makes the first administrator.
not-activated-or-in-the-browser = Or <a href="/setup">set it up in the browser</a>, with the setup code that stands on the console of the program.
not-activated-the-portal-need-not-be-stopped = The portal need not be stopped for it. Open this page again afterwards.

## over_limit.html

over-limit-more-seats-are-assigned-than-licensed = More seats are assigned than licensed
over-limit-name-is-over-by-over-assigned = <strong>{ $name } is over by { $over }</strong>: { $assigned } assigned, { $licensed } licensed, since { $since }. { $effect } No new members can be added.
over-limit-name-is-over-by-over-assigned-2 = <strong>{ $name } is over by { $over }</strong>: { $assigned } assigned, { $licensed } licensed. { $effect } No new members can be added.
over-limit-started-by-who-what = Started by { $who }: { $what }.
over-limit-finish-the-exchange = Finish the exchange
over-limit-who-is-locked-out = Who is locked out

## overview.html

overview-to-do = To do
overview-everything-that-ends = Everything that begins or ends
overview-recent-activity = Recent activity
overview-who-did-what-to-whom = { $who }: { $what }, { $target }
overview-the-whole-audit-log = The whole audit log
overview-compliance = Compliance
overview-compliant = Compliant
overview-no-user-type-is-over = No user type is over its licensed number.
overview-not-compliant = Not compliant
overview-next-end-date = Next end date
overview-what-days = { $what }, { $days }.
overview-nothing-in-the-license-file-ends = Nothing in the license file ends.
overview-seats = Seats
overview-seats-by-user-type = Seats by user type
overview-over-by-over = over by { $over }

## pages.html

pages-first-page = First page
pages-next-page = Next page

## password_reset.html

password-reset-new-password-of-name = New password of { $name }
password-reset-it-is-shown-only-now-hand = It is shown only now. Hand it over by a safe way; at the next sign-in it must be changed.
password-reset-back-to-name = Back to { $name }

## plan.html

plan-seats-before-and-after = Seats before and after
plan-after = After
plan-add-on-licenses-before-and-after = Add-on licenses before and after
plan-add-on-license = Add-on license
plan-members-before-and-after = Members before and after
plan-and-more-members-more = And { $more-members } more.
plan-they-return-by-themselves-on-at = They return by themselves on { $at }.
plan-seats-kept-for-the-return-until = Seats kept for the return until then: { $reserves }.

## problem.html

problem-there-is-a-problem = There is a problem
problem-reference-reference = reference <code>{ $reference }</code>

## products.html

products-who-may-use-which-product-comes = Who may use which product comes from the user type, or from an add-on license.
products-members-who-can-use-it = Members who can use it
products-online = Online
products-the-catalog-has-no-products = The catalog has no products.

## products_blocked.html

products-blocked-nobody-can-start-a-product = Nobody can start a product
products-blocked-more-add-on-licenses-are-assigned = More add-on licenses are assigned than licensed, since { $since }. Administrators cannot start one either.
products-blocked-name-assigned-assigned-licensed-licensed = <strong>{ $name }</strong>: { $assigned } assigned, { $licensed } licensed

## products_in_use.html

products-in-use-no-product-comes-with-the-user = No product comes with the user type, and none by an add-on license.
products-in-use-none-any-more = none any more

## profile.html

profile-role-role-information = { $role }, <a href="#role-information">Role information</a>
profile-vendors-site = Vendor’s site
profile-open-to-you = open to you
profile-not-open-to-you = not open to you
profile-save-the-name = Save the name
profile-your-products = Your products
profile-add-on-licenses-add-ons = Add-on licenses: { $add-ons }.
profile-can-i = Can I …?
profile-choose-what-you-would-like-to = Choose what you would like to do. You see what you have for it, what is missing, and who can give it to you.
profile-role-information-role = Role information: { $role }
profile-you-can-do-what-the-role = You can do what the role includes, as far as the user type { $user-type } allows it.
profile-what-the-role-includes = What the role includes

## question.html

question-workflow-or-privilege = Workflow or privilege
question-ask = Ask
question-allowed = allowed
question-not-allowed = not allowed
question-who-can-give-what-is-missing = Who can give what is missing
question-for-to-text = For { $to }: { $text }
question-what-it-takes = What it takes
question-for-parts-of-it = For parts of it

## refused.html

refused-why-not = Why not
refused-role-that-fits = Role that fits

## release_checkout.html

release-checkout-release = Release
release-checkout-release-the-offline-license-on-computer = Release the offline license on { $computer }?
release-checkout-the-computer-is-not-asked = The computer is not asked
release-checkout-member-can-use-product-online-again = { $member } can use { $product } online again, on other computers. What is on { $computer } can still run there until { $until }, so nothing more can be taken offline before then, unless a return code from { $computer } is handed in.

## repair.html

repair-put-add-on-licenses-right = Put add-on licenses right
repair-nothing-is-over-assigned-everybody-who = Nothing is over-assigned. Everybody who has a license can start the product.
repair-while-more-is-assigned-than-licensed = While more is assigned than licensed, nobody can start a product. Import a file with more licenses, or unassign as many as are too many: below stand those who have not used the product for the longest time. <a href="/licenses#add-ons">Choose others</a>
repair-assigned-assigned-licensed-licensed-over-too = { $assigned } assigned, { $licensed } licensed: { $over } too many
repair-name-username-last-used-at = <a href="/members/{ $id }">{ $name }</a> ({ $username }), last used { $at }
repair-name-username-last-used-never = <a href="/members/{ $id }">{ $name }</a> ({ $username }), last used never

## reports.html

reports-seats-over-time = Seats over time
reports-how-far-back = How far back
reports-from-up-to-to = From { $from } up to { $to }, by days in UTC: the most members who held a seat, and the fewest seats that were licensed, at any time of the day.
reports-nothing-is-on-record-yet = Nothing is on record yet.
reports-assigned-solid = assigned (solid line)
reports-licensed-dashed = licensed (dashed line)
reports-over-hatched = over the limit (hatched)
reports-highest = Highest
reports-count-assigned = { $count } assigned
reports-over-the-limit = Over the limit
reports-the-numbers-of-name = The numbers of { $name }
reports-from-the-day = From the day
reports-to-the-day = To the day
reports-to-take-along = To take along
reports-seats-of-each-day-csv = Seats of each day, as shown (CSV)
reports-members-csv = Members (CSV)
reports-license-activity-of-name-csv = License activity of { $name } (CSV)
reports-audit-log = Audit log:
reports-as-a-table-csv = as a table (CSV)
reports-as-json-lines = as JSON lines
reports-the-signed-usage-report = The signed usage report
reports-for-your-vendor-counts-without-names = For your vendor: the license and the counts, signed by this portal, without the name of any member. It is written on the machine of the portal, and nothing sends it by itself. <code>FOLDER</code> is the data folder.

## reset_password.html

reset-password-reset-the-password-of-name = Reset the password of { $name }
reset-password-reset-the-password-of-name-question = Reset the password of { $name }?
reset-password-the-present-password-stops-working-and = The present password stops working, and every session of { $username } ends. A one-time password is shown to you once; it must be changed at the next sign-in.

## return_code.html

return-code-return-code-from-computer = Return code from { $computer }
return-code-return-code = Return code
return-code-a-computer-that-cannot-reach-the = A computer that cannot reach the portal gives its license up by a code. Once the code is handed in here, { $product } can be taken offline on another computer at once.
return-code-the-whole-code-as-computer-shows = The whole code, as { $computer } shows it.
return-code-hand-in = Hand in

## role.html

role-role-information-name = Role information: { $name }
role-edit = Edit
role-make-a-role-like-this-one = Make a role like this one
role-a-default-role-stays = A default role cannot be changed or deleted.
role-what-it-includes = What it includes

## role_deletion.html

role-deletion-delete-the-role-name = Delete the role { $name }
role-deletion-delete-the-role-name-question = Delete the role { $name }?
role-deletion-it-is-held-by-holders-words = It is held by { $holders-words }. A role can be deleted only when nobody holds it and nothing refers to it.
role-deletion-show-these-members = Show these members
role-deletion-nobody-holds-the-role-the-audit = Nobody holds the role. The audit log keeps what it was.

## role_editor.html

role-editor-show-the-role-as-it-is = <a href="/roles/{ $id }/edit">Show the role as it is now</a>. What you have typed below is not saved.
role-editor-members-whose-user-type-does-not = Members whose user type does not allow what you add
role-editor-give-them-another-user-type-or = Give them another user type or another role first, or leave out what they cannot have.
role-editor-what-the-role-would-be = What the role would be
role-editor-nothing-is-saved-yet = Nothing is saved yet.
role-editor-what-it-is-for = What it is for
role-editor-show-the-effects = Show the effects
role-editor-save-the-role = Save the role

## roles.html

roles-a-role-says-what-a-member = A role says what a member may do. It never gives more than the member's user type allows.
roles-make-a-role = Make a role
roles-compare-with-the-user-type = Compare with the user type
roles-compare = Compare
roles-with-bound = With { $bound }
roles-members-with-the-role-name-holders = Members with the role { $name }: { $holders }
roles-privileges-of-each-role = Privileges of each role
roles-above-bound = above { $bound }
roles-yes-above-the-user-type = yes, above the user type
roles-yes = yes
roles-no = no
roles-the-role-gives-it = the role gives it
roles-the-role-gives-it-and-it = the role gives it, and it is above { $bound }
roles-the-role-does-not-give-it = the role does not give it.
roles-no-other-role-can-be-given = No other role can be given these.

## setup.html

setup-set-up-this-portal = Set up this portal
setup-two-steps = In two steps: first the license file is opened and shown, then you make the first administrator. Nothing changes before the second.
setup-setup-code = Setup code
setup-it-stands-on-the-console = It stands on the console of the program, and holds until the portal is activated or the program ends.
setup-license-file = License file
setup-it-answers-the-request = The file that came back from your vendor for this portal; the foot of the page names the portal.
setup-trust-list = Trust list, if you have one
setup-the-vendor-sends-it-along = The vendor sends it along with the first license file.
setup-catalog = Catalog, if you have one
setup-only-with-user-types-of = Only where the vendor has user types of his own.
setup-show-what-the-file-gives = Show what the file gives

## setup_confirm.html

setup-confirm-what-the-file-gives = What the file gives
setup-confirm-the-first-administrator = The first administrator
setup-confirm-those-that-can-administer = Those of the file in which an administrator can sit.
setup-confirm-show-the-password = Show the password
setup-confirm-activate-the-portal = Activate the portal
setup-confirm-choose-another-file = Choose another file

## settings_defaults.html

settings-defaults-new-member-defaults = New-member defaults
settings-defaults-what-a-new-member-gets-where = What a new member gets where nothing else is chosen: on the page, by invitation, from a table, and by programs.
settings-defaults-the-saved-defaults-do-not-work = The saved defaults do not work
settings-defaults-text-choose-others-and-save = { $text } Choose others and save.
settings-defaults-none-it-is-chosen-for-each = None: it is chosen for each member
settings-defaults-it-must-fit-the-user-type = It must fit the user type, and cannot be the Administrator role.
settings-defaults-viewer-or-the-usual-role-of = Viewer, or the usual role of the user type
settings-defaults-add-ons-and-extensions = Add-ons and extensions
settings-defaults-each-is-given-where-the-user = Each is given where the user type of the new member admits it and one is free. Nobody is kept out for want of one.

## settings_names.html

settings-names-there-are-none-yet = There are none yet.
settings-names-change-them = Change them
settings-names-names-one-in-a-line = Names, one in a line
settings-names-a-line-that-is-left-out = A line that is left out is deleted. One that members have stays until it is taken from them.

## settings_offline.html

settings-offline-who-takes-a-product-offline-uses = Who takes a product offline uses it on one computer, without the portal, until the license taken out ends or is given back.
settings-offline-members-may-take-products-offline = Members may take products offline
settings-offline-what-is-offline-already-stays-so = What is offline already stays so to its end, and can be brought back at any time.
settings-offline-most-days-offline = Most days offline
settings-offline-from-1-to-365-leave-it = From 1 to 365. Leave it empty for what the license file allows; it never becomes more than that.

## settings_security.html

settings-security-security = Security
settings-security-access-notice = Access notice
settings-security-shown-before-the-sign-in-leave = Shown before the sign-in. Leave it empty for none.
settings-security-information-banner = Information banner
settings-security-shown-on-every-page-to-who = Shown on every page to who is signed in. Leave it empty for none.
settings-security-fewest-characters-of-a-new-password = Fewest characters of a new password
settings-security-from-12-to-64-passwords-that = From 12 to 64. Passwords that are set already stay as they are.

## settings_state.html

settings-state-show-them-as-they-are-now = <a href="/settings/{ $topic }">Show them as they are now</a>. What you have typed below is not saved.
settings-state-last-changed-by-who-on-when = Last changed by { $who } on { $when }.
settings-state-nothing-has-been-set-yet = Nothing has been set yet.

## settings_website.html

settings-website-website = Website
settings-website-name-of-the-portal = Name of the portal
settings-website-stands-at-the-head-of-every = Stands at the head of every page. Leave it empty for the customer’s name in the license file.
settings-website-a-line-about-it = A line about it
settings-website-shown-on-the-sign-in-page = Shown on the sign-in page.
settings-website-whom-members-turn-to-such-as = Whom members turn to, such as a mail address. Members who are locked out see it when they sign in.

## sign_in.html

sign-in-sign-in = Sign in
sign-in-your-contact-contact = Your contact: { $contact }
sign-in-before-you-sign-in = Before you sign in

## swap.html

swap-swap-two-members = Swap two members
swap-swap = Swap
swap-swap-name-and-second-name = Swap { $name } and { $second-name }
swap-the-two-members = The two members
swap-after-the-swap = After the swap

## table_report.html

table-report-changed = Changed
table-report-unchanged = Unchanged
table-report-refused-refused-words = Refused: { $refused-words }
table-report-line = Line
table-report-problem = Problem
table-report-save-these-rows-with-their-problems = Save these rows with their problems (CSV)
table-report-to-send-them-again-mend-them = To send them again, mend them and take the column <code>problem</code> out.

## undo.html

undo-undo-what = Undo: { $what }
undo-made-by-by-on-at-everybody = Made by { $by } on { $at }. Everybody whom it moved gets back what they held before.
undo-undo-the-change = Undo the change
undo-back-to-the-change = Back to the change

## until.html

until-return-by-itself-if-wanted = Return by itself, if wanted
until-at-that-time-the-change-is = At that time the change is taken back by itself. The seats that are left stay reserved until then. Times are in UTC.
until-day = Day
until-time-in-utc-midnight-if-left = Time in UTC; midnight if left empty

## why.html

why-what-name-can-do = What { $name } can do
why-what-the-member-can-do = What the member can do

## withdraw_license.html

withdraw-license-give-up-a-license-file = Give up a license file
withdraw-license-give-up-a-file = Give up a file
withdraw-license-give-up-license-sequence-sequence = Give up { $license }, sequence { $sequence }?
withdraw-license-it-could-not-come-in-force = It could not come in force at { $from }: { $why }
withdraw-license-it-waits-to-come-in-force = It waits to come in force at { $from }. Given up, it does not; what the present file gives stays, up to its own end. The same file can be imported again.
withdraw-license-give-up-the-file = Give up the file

### What code composes

## Instants, always in UTC

when = { $day } { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
 } { $year } { $time } UTC

day-of = { $day } { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
 } { $year }

## Numbers of things

members = { $count ->
    [one] { $count } member
   *[other] { $count } members
}
privileges = { $count ->
    [one] { $count } privilege
   *[other] { $count } privileges
}
rows = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
administrators = { $count ->
    [one] { $count } administrator
   *[other] { $count } administrators
}
licenses-left = { $count ->
    [one] { $count } license left
   *[other] { $count } licenses left
}
would-be-locked-out = { $count ->
    [0] nobody locked out
    [one] { $count } member would be locked out
   *[other] { $count } members would be locked out
}
were-locked-out = { $count ->
    [0] nobody locked out
    [one] { $count } member was locked out
   *[other] { $count } members were locked out
}
less-than-a-day = less than a day

## What stands on every page

nobody-is-locked-out = Nobody is locked out.
cannot-use-the-portal = { $count ->
    [one] { $count } member cannot use the portal.
   *[other] { $count } members cannot use the portal.
}

## Seats

seats-assigned = { $assigned } of { $licensed } assigned
seats-over = { $assigned } of { $licensed } assigned, over the limit by { $over }
seats-full = full
available = { $count } available
seats-reserved = { $count ->
    [one] { $count } seat is reserved
   *[other] { $count } seats are reserved
}
seats-reserved-sentence = { $count ->
    [0] No seats are reserved.
    [one] { $count } seat is reserved.
   *[other] { $count } seats are reserved.
}
seats-of-type = { $name } { $assigned }/{ $licensed }
type-full = { $name } (full)
type-free = { $count ->
    [one] { $name } ({ $count } seat free)
   *[other] { $name } ({ $count } seats free)
}

## Products and who uses them

can-use-it = { $count ->
    [one] { $count } member can use it
   *[other] { $count } members can use it
}
session-ends-own = { $minutes ->
    [one] { $product } tells you there, and you have { $minutes } minute to save your work.
   *[other] { $product } tells you there, and you have { $minutes } minutes to save your work.
}
session-ends = { $minutes ->
    [one] { $member } is told there, and has { $minutes } minute to save the work.
   *[other] { $member } is told there, and has { $minutes } minutes to save the work.
}

## Add-ons

add-on-organization = { $licensed } licensed, held by the organization
unassign-from = { $count ->
    [one] Unassign from { $count } member
   *[other] Unassign from { $count } members
}

## One change for many members

deed-user-type = Change the user type of { $whom }
deed-user-type-effect = Who already has the user type and a role that fits stays as they are.
deed-role = Change the role of { $whom }
deed-role-effect = The role must fit each member's user type.
deed-add-ons = Manage add-on licenses of { $whom }
deed-add-ons-effect = A license is given only where it fits the user type and one is free. Who loses one loses the sessions that depend on it.
deed-enable = Enable { $whom }
deed-enable-effect = They can sign in again. Their seats were held all the time.
deed-disable = Disable { $whom }
deed-disable-effect = They cannot sign in until they are enabled again. Their sessions end, and they keep their seats.
deed-archive = Archive { $whom }
deed-archive-effect = They have no access and hold no seat until they are restored. User type and role are remembered.
deed-restore = Restore { $whom }
deed-restore-effect = They take a seat of their former user type again, if one is free, and can sign in.
deed-delete = Delete { $whom }
deed-delete-effect = This cannot be undone. The accounts and their sessions end at once, and their seats become free.
deed-apply-change = Change { $whom }
deed-apply-change-part = Change { $count } of { $whom }
deed-apply-enable = Enable { $whom }
deed-apply-enable-part = Enable { $count } of { $whom }
deed-apply-disable = Disable { $whom }
deed-apply-disable-part = Disable { $count } of { $whom }
deed-apply-archive = Archive { $whom }
deed-apply-archive-part = Archive { $count } of { $whom }
deed-apply-restore = Restore { $whom }
deed-apply-restore-part = Restore { $count } of { $whom }
deed-apply-delete = Delete { $whom }
deed-apply-delete-part = Delete { $count } of { $whom }

## Taking a user type one over

consent-effect = { $count ->
    [one] While { $name } has { $after } of { $licensed }, { $count } member cannot use the portal, and nobody can be added.
   *[other] While { $name } has { $after } of { $licensed }, { $count } members cannot use the portal, and nobody can be added.
}
consent-signed-in = { $count ->
    [0] None of them is signed in now.
    [one] { $count } of them is signed in now and would be stopped at the next step.
   *[other] { $count } of them are signed in now and would be stopped at the next step.
}

## What a change would do, or did

plan-refused-told = { $count ->
    [one] { $count } member cannot be changed. The table names each with the reason.
   *[other] { $count } members cannot be changed. The table names each with the reason.
}
plan-title = What would change
plan-title-done = What changed
plan-before = Now
plan-before-done = Before
plan-licensed = Licensed
plan-licensed-done = Licensed then
plan-refused = Cannot be changed
plan-refused-done = Left out
plan-over-assigned = over-assigned by { $count }: nobody can start a product

## Planned returns

return-planned = planned
return-due = due, and waits for a seat
return-done = done
return-cancelled = cancelled
return-impossible = impossible
no-reason = none given

## Importing a license file

import-over = over by { $over }, { $count ->
    [0] nobody locked out
    [one] { $count } member would be locked out
   *[other] { $count } members would be locked out
}
import-over-assigned = over-assigned by { $over }
import-no-change = no change
import-nobody = nobody locked out

## Roles

role-own = own role
role-default = default role
role-fits-all = all user types
role-fits-none = no user type
fit = fits { $user-type }
fit-too-many = { $count ->
    [one] does not fit { $user-type }: { $count } privilege above it
   *[other] does not fit { $user-type }: { $count } privileges above it
}
fit-cannot-administer = does not fit { $user-type }: its members cannot be administrators
role-make = Make a role
role-change = Change the role { $name }

## Members and invitations

## What has just happened

done-activated = The portal is activated. Sign in with the user name and the password that you have just set.
done-signed-out = You are signed out.
done-password = Your password is set. Your other sessions have ended.
done-imported = The license file is in force.
done-staged = The license file waits, and comes in force by itself when its term begins.
done-withdrawn = The waiting license file is given up.
done-changed = The user type and role are saved.
done-swapped = The two members have exchanged user type and role.
done-deleted = The member was deleted.
done-applied = The change was applied.
done-undone = The change was undone. This is the change that did it.
done-cancelled = The return will not happen.
done-saved = The profile is saved.
done-role-saved = The role is saved.
done-role-deleted = The role was deleted.
done-settings-saved = The settings are saved.
done-profile-saved = Your name is saved.
done-revoked = The invitation is revoked. Its seat is free.
done-accepted = Your account is ready. Sign in with your user name and the password that you have just set.
done-session-ended = The session has ended. Its place is free.
done-released = The offline license is released. It can still run on its computer until its end.
done-returned = The return code was taken. The license is back.

## Cautions on every page

clock-behind = The clock of this machine is behind
clock-behind-text = It shows { $wall }; here it is { $now }, because time never runs back. Set the clock right. If it is right, somebody with access to the machine accepts it with `seatwarden-portal clock accept`.
clock-behind-held-text = It shows { $wall }; here it is { $now }, because a file of the vendor was issued then, and time never lies before it. Set the clock right.
clock-ahead = The clock of this machine has jumped ahead
clock-ahead-text = It shows { $wall }, and the newest time on record is { $newest }. Licenses count by the clock as it is. If it is wrong, set it right within an hour, and nothing of it remains.
trust-list-expired = The vendor's trust list has expired
trust-list-expired-text = A newer one should have come by { $since }. Everything goes on; ask the vendor for the new list.
signing-key-revoked = The key of the license file was revoked
signing-key-revoked-text = The vendor has revoked the key { $key }. The file stays in force; ask the vendor for a new one.
staged-refused = A license file could not come in force
staged-refused-text = { $license }, which waited for its day: { $problem } Give it up on the page Licenses, or with `seatwarden-portal license withdraw { $license }`.

## A change in a few words

names-and-more = { $names } and { $count } more
moved-many-what = { $count } members: { $what }
moved-deleted = { $who } deleted
moved = { $who } { $from } → { $to }
moved-offline = { $who } offline license released
moved-nobody = nobody
moved-nothing = { $who } unchanged
moved-gets = { $who } gets { $gets }
moved-loses = { $who } loses { $loses }
moved-gets-loses = { $who } gets { $gets }, loses { $loses }
moves-back = { $who } back to { $to }
plan-gets = gets { $name }
plan-loses = loses { $name }
plan-sessions-end = { $count ->
    [one] a session of { $name } ends
   *[other] { $count } sessions of { $name } end
}
plan-releases = the offline license of { $name } is released
held-deleted = deleted
held-archived = archived
held-archived-was = archived; was { $seat }
held-disabled = { $seat }, disabled

## License files

file-in-force = In force
file-not-begun = Not begun
file-ended = Ended
file-revoked = Revoked
file-replaced = Replaced
file-unusable = Cannot be used
licensed-then = { $name } { $before } → { $after }
then-begins = { $license } comes in force
then-over = { $count ->
    [0] { $name } is over by { $over }: nobody is locked out, and nobody can be added
   *[other] { $name } is over by { $over }: { $count } locked out, and nobody can be added
}
then-over-assigned = { $name }: { $assigned } assigned, { $licensed } licensed
then-products-blocked = Nobody can start a product
then-as-before = Everybody goes on as before
all-licenses = all licenses
end-within-a-day = within a day
end-in-days = { $count ->
    [one] in { $count } day
   *[other] in { $count } days
}
import-vanishes = { $count ->
    [0] { $name }: held by nobody
    [one] { $name }: held by { $count } member
   *[other] { $name }: held by { $count } members
}
import-first-change = { $count ->
    [one] Change { $count } { $name } to another user type…
   *[other] Change { $count } of { $name } to another user type…
}
import-first-unassign = Unassign { $count } of { $name }…
import-default-lost = The file gives no seat of { $name }, the default user type.

## What waits for somebody

to-do-short = { $name }: { $assigned } assigned, { $licensed } licensed. Nobody can start a product until it is put right.
to-do-full = { $name } is full: { $taken } of { $licensed } seats are taken or reserved.
to-do-nearly-full = { $name } is nearly full: { $taken } of { $licensed } seats are taken or reserved.
to-do-file = The file { $license } waits and comes in force at { $at }.
to-do-return = Planned return at { $at }: { $who }.
to-do-return-late = Planned return that has not happened since { $at }: { $who }.
to-do-invitations = { $count ->
    [one] { $count } invitation runs out within 7 days, at { $at }.
   *[other] { $count } invitations run out within 7 days, the first at { $at }.
}
to-do-unseen = { $count ->
    [one] { $count } member has not signed in for 90 days.
   *[other] { $count } members have not signed in for 90 days.
}
to-do-unseen-many = { $count } members or more have not signed in for 90 days.

## Reports

reports-25-months = 25 months
reports-over-on = { $count ->
    [0] on no day
    [one] on { $count } day
   *[other] on { $count } days
}
reports-duration = { $days } d { $hours } h { $minutes } min
reports-summary = { $name } from { $from } to { $to }: { $assigned } of { $licensed } assigned on the last day, { $highest } at the highest; over the limit { $over ->
    [0] on no day
    [one] on { $over } day
   *[other] on { $over } days
}.
reports-too-few-days = { $count ->
    [one] When it would be full is not estimated: { $count } day is on record, and { $fewest } are needed.
   *[other] When it would be full is not estimated: { $count } days are on record, and { $fewest } are needed.
}
reports-full-now = Full now.
reports-not-growing = It does not grow: if it goes on like that, it is never full.
reports-not-for-years = If it goes on like that, it is not full within ten years.
reports-full-around = If it goes on like that, full around { $day }.
reports-basis = By the straight line through the counts of { $count } days, { $from } ({ $first } assigned) to { $to } ({ $last }): { $growth } members in 30 days, { $licensed } licensed now.

## Products

access-included = comes with the user type
access-add-on = by { $name }
access-level = { $level }, { $by }
deleted-member = A deleted member

## Invitations and accounts

somebody = somebody without a name
keep-roles = Keep each member's role
nearest-roles = The same where it fits, else the nearest

## Privileges, and what is missing

scope-general = General
scope-administrative = Administrative
privilege-name = { $scope }, { $group }: { $name }
privilege-reserved = Reserved: { $name }
privilege-group = { $scope }, { $group }
warning-members-page = Holders can manage licenses through programs, but without “{ $privilege }” they do not see the organization page.
warning-user-types = Members of these user types cannot hold the role: { $user-types }.
missing-role = The role { $role } does not give it.
missing-user-type = It is above the user type { $user-type }, although the role { $role } gives it.
missing-both = It is above the user type { $user-type }, and the role { $role } does not give it.
missing-reserved = It is for default Administrators only.
way-new-role = No role that fits { $user-type } gives it. A member with “{ $privilege }” can make one.
way-role = These roles give it: { $roles }. A member with “{ $privileges }” can assign one.
way-user-type = These user types allow it: { $user-types }. A member with all of these privileges can change the user type: { $privileges }.
way-user-type-and-role = These user types allow it: { $user-types }. A member with all of these privileges can change the user type: { $privileges }. The role has to give it as well.
way-reserved = No other role can be given it; an Administrator has to do it.
workflows-general = Workflows, general
workflows-administrative = Workflows, administrative

## Settings

topic-defaults = User type, role, groups and categories of new members.
topic-security = Access notice, information banner, length of passwords.
topic-website = Name of the portal, a line about it, contact.
topic-groups = The groups that members can be put into.
topic-categories = The categories of members.
topic-offline = Whether members may take products offline, and for how long.
invitation-administrator-first = An administrator has to correct this first.

## The list of members

state-enabled = Enabled
state-disabled = Disabled
state-archived = Archived
filter-text = Text: { $text }
filter-user-type = User type: { $name }
filter-role = Role: { $name }
filter-state = State: { $state }
filter-group = Group: { $name }
filter-category = Category: { $name }
filter-unused = Not signed in for { $days } days
filter-locked-out = Locked out
found-more-than = { $count ->
    [one] More than { $count } member found
   *[other] More than { $count } members found
}
found-on-this-page = { $count ->
    [one] { $count } member on this page
   *[other] { $count } members on this page
}
found = { $count ->
    [one] { $count } member found
   *[other] { $count } members found
}
all-found = All that the filters find, not only those on this page
all-found-count = { $count ->
    [one] All that the filters find ({ $count } member), not only those on this page
   *[other] All that the filters find ({ $count } members), not only those on this page
}
nobody-comes-after = Nobody comes after the page before.
nobody-matches = Nobody matches all of these filters. Take one away to find more.
no-members-yet = There are no members yet.

## The audit log

action-activated = Portal activated
action-license-imported = License file imported
action-license-staged = License file taken in before its term
action-license-begun = License file came in force
action-license-not-begun = License file could not come in force
action-license-withdrawn = Waiting license file given up
action-trust-list-imported = Trust list imported
action-clock-accepted = Clock accepted
action-epoch-begun = Another epoch begun
action-restored = Data restored from a backup
action-offline-acknowledged = Offline use opened after a restore
action-member-added = Member added
action-member-updated = Account changed
action-invitation-sent = Invitation sent
action-invitation-renewed = Invitation renewed
action-invitation-revoked = Invitation revoked
action-invitation-accepted = Invitation accepted
action-return-ended = Planned return ended or put off
action-role-created = Role created
action-role-edited = Role changed
action-role-deleted = Role deleted
action-settings-changed = Settings changed
action-session-begun = Product session begun
action-session-ended = Product session ended
action-checked-out = Product taken offline
action-checkout-ended = Offline license given back or released
action-seats-changed = Seats, roles or add-ons changed
action-password-set = Password set
action-signed-in = Signed in
action-token-opened = Sign-in session begun
action-token-ended = Sign-in sessions ended
action-noted = Note
audit-label-email = E-mail address
audit-label-full-name = Name
audit-label-username = User name
audit-label-group = Groups
audit-label-category = Categories
audit-label-vendor-access = Access to the vendor's site
audit-label-assigned = Add-ons given
audit-label-unassigned = Add-ons taken away
audit-label-ended-sessions-of = Sessions ended of
audit-label-released-checkouts-of = Offline licenses released of
audit-label-expires-at = Until
audit-label-tokens-ended = Sign-in sessions ended
audit-label-reverts = Takes back
audit-label-returns-ended = Planned returns that became impossible
audit-label-locked-out = Members locked out
audit-label-log-given-up = The log that was given up had come to
audit-label-over-data = Over data that was there
audit-label-wall = Clock of the machine
audit-label-why = Reason
audit-detail = Detail
audit-value = Value
audit-taken-away = { $of }, taken away
audit-given = { $of }, given
audit-of-whom = { $who }, { $what }
audit-more-moved = { $count } more, whom the change names
audit-target-portal = this portal
audit-target-clock = the clock of the machine
audit-target-offline = offline use
audit-target-trust-list = the vendor's trust list
audit-target-product = { $product } on { $computer }
audit-administrative = Administrative { $group }: { $name }
audit-general = { $group }: { $name }
audit-by-schedule = the portal by itself
audit-by-console = the machine's command line
filter-who = Who: { $name }
filter-what = What: { $title }
filter-to-whom = To whom or what: { $name }
filter-from = From the day { $day }
filter-to = To the day { $day }
