//! The table of every refusal. A code is added here or it does not exist.

use crate::Row;

/// Declares the codes and their rows together, so that neither can be without the other.
macro_rules! registry {
    ($($variant:ident = $name:literal, $status:literal, $exit:literal: $title:literal, $meaning:literal, $fix:literal;)+) => {
        /// A stable error code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(
                #[doc = $meaning]
                $variant,
            )+
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Code] = &[$(Code::$variant),+];

            /// What the registry says of this code.
            #[must_use]
            pub const fn row(self) -> &'static Row {
                match self {
                    $(Code::$variant => &Row {
                        name: $name, status: $status, exit: $exit, title: $title, meaning: $meaning, fix: $fix,
                    },)+
                }
            }
        }
    };
}

impl Code {
    /// The code of that name, as written in answers and in `explain`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.row().name == name)
    }
}

registry! {
    // Seats (seed B; S2 to S36).
    SeatLimitReached = "seat-limit-reached", 409, 31: "No seat of this user type is free",
        "Every licensed seat of the user type is assigned or reserved.",
        "Choose a user type with room, free a seat of this one, or import a license file with more seats.";
    UserTypeOverLimit = "user-type-over-limit", 403, 4: "Software authorization error",
        "You cannot use this portal at the moment because of a software authorization error. Contact your portal administrator for assistance.",
        "Your account and your content are unchanged. Access returns by itself as soon as an administrator has corrected the license.";
    CreationBlocked = "creation-blocked-not-compliant", 403, 30: "The account could not be created",
        "The account could not be created because of a software authorization error. Contact your portal administrator for assistance.",
        "An administrator brings every user type back within its licensed number; the Licenses page shows which are over.";
    OneOverNeedsConsent = "one-over-needs-consent", 409, 32: "This change takes a user type one over its limit",
        "The change is possible for a moment, but it locks out the members of the user type until somebody else leaves it.",
        "Swap two members instead, or repeat the change with the number of people it locks out as consent.";
    OneOverExhausted = "one-over-exhausted", 409, 31: "The user type cannot be exceeded any further",
        "A user type can be exceeded by one member only, only while it has licensed seats, and only where the license file allows it.",
        "Move a member out of the user type first, or exchange two members in one change.";
    AdministratorInOverType = "administrator-in-over-type", 409, 31: "An administrator cannot take a seat that is not there",
        "A member with the Administrator role cannot enter, or receive that role in, a user type that is over its limit afterwards.",
        "Free a seat of the user type first, or exchange two members in one change.";
    ConfirmationMismatch = "confirmation-mismatch", 409, 8: "The confirmation does not match",
        "The number given as confirmation is not the number of people affected now.",
        "Look at the plan again and confirm the number it names.";
    RoleExceedsUserType = "role-exceeds-user-type", 409, 34: "The role does not fit the user type",
        "A role cannot give more than the member's user type allows.",
        "Give a role that fits in the same change; the answer proposes the nearest one.";
    RoleInUse = "role-in-use", 409, 34: "The role is in use",
        "A role that members hold, or that something else refers to, cannot be deleted.",
        "Give its holders another role and withdraw what else refers to it first.";
    RoleNameTaken = "role-name-taken", 409, 6: "The name of the role is taken",
        "Another role has this name; upper and lower case count as the same.",
        "Choose another name.";
    RoleIsDefault = "role-is-default", 409, 34: "A default role stays as it is",
        "The default roles come with the catalog and can be neither changed nor deleted.",
        "Make a role of your own that gives what you need.";
    LastAdministrator = "last-administrator", 409, 33: "The last administrator stays",
        "The portal must keep at least one enabled administrator.",
        "Make another member an administrator first.";
    ReservedToAdministrators = "reserved-to-administrators", 403, 4: "Reserved to administrators",
        "Only members with the default Administrator role may do this.",
        "Ask a member with the Administrator role.";
    WrongState = "wrong-state", 409, 6: "The account is in another state",
        "What was asked is not possible for an account in its present state.",
        "Restore an archived member before changing anything about the account.";
    CannotRevert = "cannot-revert", 409, 6: "This cannot be taken back",
        "The change moved nobody, or did something that no revert gives back.",
        "Make the wanted state with a change of its own.";
    NothingPlanned = "nothing-planned", 409, 6: "No return is planned",
        "The change has no planned return, or the return is over.",
        "The list of changes shows which returns are planned.";
    ImportRefused = "import-refused", 409, 34: "Nothing was imported",
        "Rows of the file cannot be brought in, and all were to stand or fall together.",
        "Correct the rows that are named, or import the others with the mode `fill`.";
    InvitationEnded = "invitation-ended", 410, 5: "The invitation is no longer good",
        "The invitation was accepted, revoked, or has expired.",
        "Ask an administrator for a new invitation.";

    // Products (seed A; S37 to S84).
    AddOnLimitReached = "add-on-limit-reached", 409, 31: "No license of this add-on is left",
        "Every license of the add-on is assigned.",
        "Unassign one from somebody else, or import a license file with more.";
    ProductOverAssigned = "product-over-assigned", 403, 30: "Licenses are over-assigned",
        "More add-on licenses are assigned than there are, so nobody in the organization can start a product.",
        "An administrator unassigns what is too much; the add-on page lists it, least recently used first.";
    NotLicensed = "not-licensed", 403, 4: "No license for this product",
        "Neither the user type nor an add-on of the member opens this product.",
        "Ask an administrator for an add-on license, or for a user type that includes the product.";
    Incompatible = "incompatible", 409, 34: "The add-on does not fit the member",
        "The member's user type and other licenses do not admit the add-on.",
        "Change the user type, or assign and unassign what belongs together in one change.";
    CheckedOut = "checked-out", 409, 34: "A product is offline on a computer",
        "The member has a product offline that depends on what would change.",
        "Let the member check it in, or release the checkout in the same change.";
    SessionLimitReached = "session-limit-reached", 409, 6: "Signed in on too many computers",
        "The member uses the product on as many computers as may be at the same time.",
        "End one of the sessions named, then start again.";
    SessionEnded = "session-ended", 410, 6: "The session is over",
        "This computer is not connected to a licensing portal any more.",
        "Save your work by the time named, and start the product again.";
    OfflineElsewhere = "offline-elsewhere", 409, 34: "Checked out on another computer",
        "The license is offline on another computer.",
        "Check it in there, or hand in a return code from there; once an administrator releases it, online use is open.";
    OfflineHeld = "offline-held", 409, 34: "Offline use waits after a restore",
        "The data was restored from a backup that does not know which leases were given after it.",
        "Wait until the time named, when all of them have ended; or an administrator says that none is out, with `offline acknowledge`.";
    OfflineDisabled = "offline-disabled", 403, 34: "Offline use is switched off",
        "The organization, the license file or the product does not allow offline use.",
        "Work online, or ask an administrator.";
    NotBound = "not-bound", 403, 34: "The license file is not bound to this portal",
        "Leases for offline use can be given only under a file that is bound to this portal.",
        "Ask your vendor for a file that is bound to this portal's activation request.";

    // Who asks.
    NotSignedIn = "not-signed-in", 401, 4: "Sign in first",
        "This needs a signed-in member.",
        "Sign in, or send a valid token.";
    SignInFailed = "sign-in-failed", 401, 4: "Sign-in failed",
        "The user name or the password is not right.",
        "Check both and try again, or ask an administrator for a new password.";
    MemberDisabled = "member-disabled", 403, 4: "The account is disabled",
        "This account has been disabled by an administrator.",
        "Ask an administrator to enable it.";
    MemberArchived = "member-archived", 403, 4: "The account is archived",
        "This account has been archived by an administrator and holds no seat.",
        "Ask an administrator to restore it.";
    PrivilegeMissing = "privilege-missing", 403, 4: "A privilege is missing",
        "Your role does not include the privilege that this needs.",
        "Ask an administrator for a role that includes it.";
    PasswordChangeRequired = "password-change-required", 403, 4: "Change your password first",
        "A one-time password opens only the way to a password of your own.",
        "Set a new password; everything else works afterwards.";
    PasswordUnsuitable = "password-unsuitable", 422, 2: "The password is not suitable",
        "A password has 12 to 256 characters and is not the user name.",
        "Choose another one; a few unrelated words do well.";
    RateLimited = "rate-limited", 429, 7: "Too many attempts",
        "Too many sign-ins failed, or too many wait at this moment.",
        "Wait for the time named in Retry-After, then try again.";
    FormExpired = "form-expired", 403, 4: "The form is out of date",
        "The form was not made by this portal for this sign-in, or it is too old.",
        "Open the page again and repeat the step.";

    // Requests.
    NotFound = "not-found", 404, 5: "Not found",
        "There is nothing of that name here, or not for you.",
        "Check the name; the lists show what there is.";
    UsernameTaken = "username-taken", 409, 6: "The user name is taken",
        "Another member has this user name; upper and lower case count as the same.",
        "Choose another user name.";
    ValidationFailed = "validation-failed", 422, 2: "Some values are not valid",
        "One or more values cannot be used.",
        "Correct the values that are named and try again.";
    RequestMalformed = "request-malformed", 400, 2: "The request cannot be read",
        "The body of the request is not what this address takes.",
        "Send well-formed JSON with the members that the description of the interface names.";
    RequestTooLarge = "request-too-large", 413, 2: "The request is too large",
        "The body of the request is larger than this address takes.",
        "Send less at once.";
    RequestTimeout = "request-timeout", 408, 7: "The request took too long",
        "The request did not arrive as a whole in time, or took too long to answer.",
        "Send it again; a large one in smaller parts.";
    MethodNotAllowed = "method-not-allowed", 405, 2: "Not at this address",
        "This address does not take that method.",
        "The header Allow names the methods that it takes.";
    Stale = "stale", 412, 6: "Somebody was faster",
        "What you are changing has changed since you read it.",
        "Read it again and repeat the change.";
    PreconditionRequired = "precondition-required", 428, 6: "If-Match is required",
        "This change needs the version that you read, so that it cannot undo somebody else's.",
        "Send If-Match with the ETag of the last answer, or `*` to change whatever is there.";
    IdempotencyKeyRequired = "idempotency-key-required", 428, 6: "Idempotency-Key is required",
        "This request needs a key of your choice, so that a repeated one is carried out once only.",
        "Send Idempotency-Key with a fresh random value, and the same value when you repeat the request.";
    IdempotencyMismatch = "idempotency-mismatch", 409, 6: "The key belongs to another request",
        "The same Idempotency-Key was sent with other content before.",
        "Take a new key for a new request.";

    // The signed files, in the order of the checks of docs/FORMAT.md.
    LicenseEmpty = "license-empty", 422, 12: "The file is empty",
        "The file has no content.",
        "Take the file from your vendor's message or download again.";
    LicenseTooLarge = "license-too-large", 422, 12: "The file is too large",
        "A signed file has at most 262,144 bytes.",
        "This is not a license file; look for the one that your vendor sent.";
    LicenseNotUtf8 = "license-not-utf8", 422, 12: "The file is not UTF-8 text",
        "A signed file is UTF-8 text; this one holds other bytes.",
        "Take the file again from where it came; some programs store text in another encoding.";
    LicenseMalformed = "license-malformed", 422, 12: "The file is not well-formed",
        "The file is not a signed file of version 1, or it is cut off.",
        "Take the file again from where it came, unedited; if that one is refused too, ask your vendor.";
    LicenseWrongKind = "license-wrong-kind", 422, 12: "A file of another kind",
        "This is a signed file of Seatwarden, but not of the kind that is needed here.",
        "Give the file of the kind named; trust lists, catalogs and entitlements are different files.";
    LicenseKeyUnknown = "license-key-unknown", 422, 11: "Signed with a key that is not known here",
        "The file names a signing key that the trust list does not hold.",
        "Import the vendor's newer trust list together with the file; or the file is from another vendor.";
    LicenseKeyWeak = "license-key-weak", 422, 11: "A weak key",
        "A public key in the file is one of the few for which signatures prove nothing.",
        "Such a key is never made by accident; ask your vendor.";
    LicenseSignature = "license-signature", 422, 10: "The signature is not good",
        "The signed part of the file is not what the vendor signed.",
        "Take the file again from where it came, unedited; if that one is refused too, ask your vendor.";
    LicenseKeyNotYetValid = "license-key-not-yet-valid", 422, 11: "Signed before its key counted",
        "The file says that it was signed before its signing key became valid.",
        "Ask your vendor to issue it again.";
    LicenseKeyRetired = "license-key-retired", 422, 11: "Signed after its key was retired",
        "The file was signed after the end of its signing key.",
        "Ask your vendor to issue it again with a current key.";
    LicenseKeyRevoked = "license-key-revoked", 422, 11: "Signed with a revoked key",
        "The vendor has revoked the key that signed this file.",
        "Ask your vendor for a file signed with a current key.";
    LicenseIssuedAhead = "license-issued-ahead", 422, 21: "Issued in the future",
        "The file says that it was issued more than a day from now.",
        "Check the clock of this machine; if it is right, ask your vendor.";
    LicenseNeedsNewer = "license-needs-newer", 422, 12: "Made for a newer version",
        "The file holds something that this version does not know, so it cannot be judged here.",
        "Update Seatwarden, or ask your vendor for a file of version 1.";
    LicenseNeedsNewerTrust = "license-needs-newer-trust", 422, 12: "Needs a newer trust list",
        "The file may be opened only under a newer trust list than the one installed.",
        "Import the vendor's newer trust list together with the file.";
    LicenseSummaryEdited = "license-summary-edited", 422, 15: "The summary was edited",
        "The readable summary at the top of the file does not say what the signed part says.",
        "Take the file again from where it came, unedited. Only the signed part counts.";
    LicenseWrongPortal = "license-wrong-portal", 422, 13: "For another portal",
        "The file is bound to another portal.",
        "Give this file to the portal that it names, or send your vendor this portal's activation request.";
    LicenseCatalogMismatch = "license-catalog-mismatch", 422, 12: "Another catalog is needed",
        "The file was made for a catalog of user types that this portal does not hold.",
        "Import the catalog file that came with it, or update Seatwarden.";
    LicenseOlder = "license-older", 422, 14: "Older than the installed file",
        "A file of the same contract with a higher sequence has been installed here.",
        "Import the newest file of the contract; an older one can never return.";
    LicenseReused = "license-reused", 422, 14: "The sequence was used twice",
        "Another file of the same contract and sequence has been installed here.",
        "Ask your vendor to issue the file again under the next sequence.";
    LicenseOtherContract = "license-other-contract", 422, 14: "For another contract",
        "The file belongs to another contract than the installed one and does not say that it replaces it.",
        "Ask your vendor for a file of the installed contract, or for one that replaces it.";
    LicenseRevoked = "license-revoked", 422, 20: "The license was revoked",
        "The vendor has revoked this license.",
        "Ask your vendor for a new file.";
    LicenseEnded = "license-ended", 422, 20: "The license has ended",
        "The term of the file is over.",
        "Ask your vendor for a renewal.";
    LicenseNotBegun = "license-not-begun", 422, 21: "The license has not begun",
        "The term of the file begins later.",
        "Import it once its term has begun; the installed file stays in force until then.";
    TrustListMissing = "trust-list-missing", 422, 3: "A trust list is needed",
        "No trust list of the vendor is installed here yet.",
        "Give the vendor's trust list together with the file (--trust FILE).";
    TrustListOlder = "trust-list-older", 422, 14: "An older trust list",
        "A trust list with a higher version has been installed here.",
        "Import the newest trust list of the vendor.";
    // Leases and return codes, in the order of the checks; before these, everything that a file is refused for.
    LeaseNotBound = "lease-not-bound", 422, 13: "The license is bound to no portal",
        "The license file names no portal, so the vendor vouches for nobody who could sign a lease under it.",
        "Send your vendor the portal's activation request, and import the license file that is bound to the portal.";
    LeaseOtherPortal = "lease-other-portal", 422, 13: "A lease of another portal",
        "The lease was granted by another portal than the one that the license file is bound to.",
        "Use the lease together with the license file that came with it.";
    LeaseOtherLicense = "lease-other-license", 422, 14: "A lease under another license file",
        "The lease names the license file that it was granted under, and the file at hand is another one.",
        "Use the lease with the file that came with it; after a renewal, the next lease comes with the new file.";
    LeaseOfflineOff = "lease-offline-off", 422, 20: "The license allows no use offline",
        "The lease is for use offline, and the license does not allow any.",
        "Start a session online, or ask your vendor for a license that allows use offline.";
    LeaseTooLong = "lease-too-long", 422, 20: "The lease is longer than the license allows",
        "From its issue to its end the lease lasts longer than the license allows for such use.",
        "Get a new lease from the portal; if that one is refused too, the portal's administrator has to look.";
    LeaseOutsideTerm = "lease-outside-term", 422, 20: "The lease leaves the term of the license",
        "The lease begins before the license it was granted under, or ends after it.",
        "Get a new lease from the portal; if that one is refused too, the portal's administrator has to look.";
    LeaseOtherDevice = "lease-other-device", 422, 13: "For another computer",
        "The lease is for one computer, and this is another one.",
        "Get a lease for this computer from the portal.";
    LeaseNoDeviceKey = "lease-no-device-key", 422, 12: "The lease cannot come back by a code",
        "The lease names no key of its computer, so that nothing proves that the computer gave it back.",
        "Give it back online, or wait for its end.";
    LeaseOtherLease = "lease-other-lease", 422, 14: "A code for another lease",
        "The return code gives back another lease than this one.",
        "Make the return code on the computer that holds this lease, and enter that one.";
    NotActivated = "not-activated", 409, 3: "The portal is not activated",
        "No license file has been activated here yet.",
        "Activate the portal with `seatwarden-portal activate FILE`.";
    SetupCodeWrong = "setup-code-wrong", 403, 4: "The setup code is another one",
        "This is not the code that this portal printed when it was started.",
        "Copy the code from the console of `seatwarden-portal serve`. Each start prints another one; the last one holds.";
    AlreadyActivated = "already-activated", 409, 6: "The portal is activated already",
        "This portal has a license file; activation happens once.",
        "Bring in the new file with `license import`.";
    NoAdministratorSeat = "no-administrator-seat", 422, 31: "No seat for an administrator",
        "The file gives no seat of a user type that can administer.",
        "Ask your vendor for a file with such a seat, or name a user type with --admin-type.";
    CatalogInvalid = "catalog-invalid", 422, 12: "The catalog is inconsistent",
        "The catalog of user types contradicts itself.",
        "Correct the place that is named.";

    // Files and places.
    FileNotFound = "file-not-found", 0, 5: "No such file",
        "There is no file of that name.",
        "Check the name and the folder.";
    FileIsDirectory = "file-is-directory", 0, 5: "A folder, not a file",
        "The name is that of a folder.",
        "Name the file in it.";
    FileUnreadable = "file-unreadable", 0, 5: "The file cannot be read",
        "The file is there but cannot be read.",
        "Check its permissions and the disk.";
    FileExists = "file-exists", 0, 6: "The file exists already",
        "Nothing is ever overwritten.",
        "Choose another name, or move the old file away.";
    FileUnwritable = "file-unwritable", 0, 1: "The file cannot be written",
        "The file or its folder cannot be written.",
        "Check the permissions of the folder and the space on the disk.";
    DiskFull = "disk-full", 507, 1: "The disk is full",
        "There is no space left to write to; nothing was changed.",
        "Free some space and repeat.";
    PortInUse = "port-in-use", 0, 3: "The address is in use",
        "Another program listens at that address.",
        "Stop it or choose another address with --listen.";
    AddressUnusable = "address-unusable", 0, 3: "The address cannot be listened at",
        "The system does not let this program listen at that address.",
        "Choose another address with --listen; numbers below 1024 often need a right of their own.";
    DatabaseNewer = "database-newer", 0, 3: "The data is of a newer version",
        "The data was written by a newer version of Seatwarden.",
        "Use that version or a later one; it was left untouched.";
    DatabaseDamaged = "database-damaged", 500, 1: "The data is damaged",
        "The data cannot be read as it should be.",
        "Stop the portal, keep a copy of the data folder, and restore the last backup.";
    DataForeign = "data-foreign", 0, 3: "The data belongs to other roots",
        "The data was made by a build that trusts other root keys.",
        "Use the build that made it; a demonstration's data never becomes a vendor's.";
    NoPortalHere = "no-portal-here", 0, 5: "No portal in this folder",
        "The folder holds no portal data.",
        "Name the right folder with --data, or begin with `request` and `activate`.";
    BackupDamaged = "backup-damaged", 0, 12: "The backup cannot be used",
        "The backup is not whole, or is none.",
        "Use another one; nothing was changed.";
    BackupOtherPortal = "backup-other-portal", 0, 13: "The backup of another portal",
        "The folder holds a portal of another key than the backup.",
        "Restore into an empty folder, or name the folder of the portal that the backup is of.";
    AlreadyRunning = "already-running", 0, 6: "The portal is running already",
        "Another `serve` works on the same data.",
        "Stop it first; the other verbs work beside it.";
    Busy = "busy", 503, 7: "Too busy",
        "The data is locked by another program for too long.",
        "Try again in a moment.";
    NotLoopback = "not-loopback", 0, 3: "The address is not of this machine",
        "The portal speaks plain HTTP, so it listens on this machine only, unless a proxy in front of it does the encryption.",
        "Listen at an address of this machine alone, such as 127.0.0.1.";
    DemoBuild = "demo-build", 0, 3: "A demonstration build",
        "This build trusts only the public demonstration root, so anybody can make license files for it.",
        "Say --demo to try it out; build with SEATWARDEN_TRUST_ROOTS for real use.";
    NotADemoBuild = "not-a-demo-build", 0, 3: "Not a demonstration build",
        "This build trusts a vendor's roots and no demonstration root.",
        "Leave --demo out.";

    // The vendor's desk.
    OrderInvalid = "order-invalid", 0, 2: "The order has mistakes",
        "One or more lines of the order cannot be used.",
        "Correct the lines that are named; every mistake is listed at once.";
    KeyInvalid = "key-invalid", 0, 3: "The key cannot be used",
        "A key file is not what it should be.",
        "Put the file back from a backup, or use another key.";
    KeyWrongPurpose = "key-wrong-purpose", 0, 3: "A key for another purpose",
        "Root keys sign trust lists only; signing keys sign everything else.",
        "Name a key of the right purpose; `key list` shows them.";
    KeyNotYetValid = "key-not-yet-valid", 0, 11: "The key may not sign yet",
        "The first day of the signing key lies ahead; portals would refuse what it signs today.",
        "Sign with a key that counts today; `key list` shows from when to when each of them counts.";
    KeyRetired = "key-retired", 0, 11: "The key is retired",
        "The last day of the signing key is over; portals would refuse what it signs now.",
        "Sign with the key that followed it; `key list` shows the keys, and `key generate` makes another one.";
    KeyRevoked = "key-revoked", 0, 11: "The key is revoked",
        "The key was revoked at this desk and signs nothing any more.",
        "Sign with another key; `key generate` makes one, and `trust build` publishes a signing key.";
    AlreadyRevoked = "already-revoked", 0, 6: "It is revoked already",
        "What was to be taken back was taken back before, and that never becomes less.",
        "Run `trust build`, if the newest trust list does not say so yet.";
    KeyInUse = "key-in-use", 0, 6: "The key has signed later than that",
        "A key cannot retire before the last file that it signed: portals would refuse that file.",
        "Let it retire later; a key that is not to be trusted any more is revoked instead.";
    PassphraseWrong = "passphrase-wrong", 0, 4: "The passphrase is wrong",
        "The secret key does not open with this passphrase.",
        "Try again; a lost passphrase cannot be recovered.";
    PassphraseNeeded = "passphrase-needed", 0, 8: "A passphrase is needed",
        "The secret key is encrypted, or lies in a token, and no passphrase or PIN was given.",
        "Give --passphrase-file or --passphrase-fd, or run on a terminal.";
    PinWrong = "pin-wrong", 0, 4: "The PIN is wrong",
        "The token does not open with this PIN.",
        "Look for the right one before the next try: a token locks itself after a few wrong PINs.";
    TokenMissing = "token-missing", 0, 5: "The token or its key is not there",
        "The library, the token or the key in it was not found, or more than one was.",
        "Check that the device is plugged in, and compare its address with what is named here.";
    TokenRefused = "token-refused", 0, 7: "The token does not do it",
        "The token answered with an error of its own.",
        "Look the error up in the manual of the device; unplug it and try again.";
    TokenKeyUnsuitable = "token-key-unsuitable", 0, 3: "The key in the token does not fit",
        "Only Ed25519 keys sign here.",
        "Make an Ed25519 key in the token (CKK_EC_EDWARDS, edwards25519), or in one that can, and name that key.";
    PasswordNeeded = "password-needed", 0, 8: "An answer is needed",
        "The command needs an answer and cannot ask for it here.",
        "Give it by the flag that is named, or run on a terminal.";
    WorkspaceMissing = "workspace-missing", 0, 5: "No workspace here",
        "The folder is not an issuer's workspace.",
        "Name it with --dir, or make one with `init`.";
    PortalCopied = "portal-copied", 0, 13: "More than one copy of a portal runs",
        "A later usage report of a portal goes back behind an earlier one.",
        "Ask the customer which copy is meant to run and to remove the others; its next request can have a new key, and the next file is bound to that.";
    LedgerDamaged = "ledger-damaged", 0, 40: "The ledger is damaged",
        "The record of what was issued cannot be read.",
        "Restore it from your backup; nothing is issued without it.";
    AuditBroken = "audit-broken", 0, 40: "The audit log is not as it was written",
        "A row of the audit log was changed, taken out or put in, or the log is another one than the anchor names.",
        "Keep the data as it is for whoever looks into it, and compare it with your backups; the row that is named is the first that does not fit.";
    RehearsalFailed = "rehearsal-failed", 0, 1: "The rehearsal went otherwise than expected",
        "A step of the rehearsal did not end as it must; nothing outside its own folder was touched.",
        "Hold no ceremony with this build; the steps that are marked say what happened.";
    Usage = "usage", 0, 2: "The command cannot be understood",
        "The command line is not complete or not understood.",
        "See --help of the command.";
    CodeUnknown = "code-unknown", 0, 5: "No such code",
        "The registry has no error of that name.",
        "`explain` without a name lists all of them.";
    Internal = "internal", 500, 1: "Something went wrong",
        "Something went wrong that is not your doing; nothing was changed.",
        "Try again; if it happens again, tell your administrator the reference.";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Code;

    #[test]
    fn every_row_is_whole_and_every_name_is_one_of_its_own() {
        let mut names = BTreeSet::new();
        for code in Code::ALL {
            let row = code.row();
            assert!(names.insert(row.name), "{} stands twice", row.name);
            assert!(row.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{}", row.name);
            assert!(row.meaning.ends_with('.') && row.fix.ends_with('.'), "{}", row.name);
            assert!(!row.title.is_empty() && !row.title.ends_with('.'), "{}", row.name);
            assert!(row.exit > 0 && (row.status == 0 || (400..=599).contains(&row.status)), "{}", row.name);
            assert_eq!(Code::from_name(row.name), Some(*code));
        }
    }
}
