"""Verifies a Seatwarden lease with PyJWT: python lease.py LEASE LICENSE TRUST ROOTS-JWKS DEVICE INSTANT.

Prints what the lease grants on that computer at that instant (such as 2026-12-15T00:00:00Z) as one JSON line, or ends
with status 1 and the reason.
"""

import base64
import datetime
import hashlib
import json
import sys

import jwt

import walk

LEASE = "seatwarden-lease+jwt"

# The instant is an argument here, so the library must not look at its own clock.
UNTIMED = {"verify_aud": False, "verify_exp": False, "verify_nbf": False, "verify_iat": False}


def opened(file, typ, find_key):
    """Verifies one signed file: kind, key and signature. What it says is checked below."""
    compact = ".".join((file["protected"], file["payload"], file["signature"]))
    try:
        header = jwt.get_unverified_header(compact)
        if header.get("typ") != typ:
            raise walk.Refused(f"the file is a `{header.get('typ')}`, not a `{typ}`")
        key = jwt.PyJWK.from_dict(find_key(header["kid"]), algorithm="EdDSA")
        return jwt.decode(compact, key, algorithms=["EdDSA"], options=UNTIMED), header["kid"]
    except jwt.PyJWTError as error:
        raise walk.Refused(f"{type(error).__name__}: {error}") from error


def digest(text):
    """The SHA-256 of a text as base64url without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def portal_key(license, kid):
    """The key that the vendor bound into the license; its name is its thumbprint (RFC 7638)."""
    if "cnf" not in license:
        raise walk.Refused("the license is bound to no portal")
    jwk = license["cnf"]["jwk"]
    thumbprint = digest(f'{{"crv":"Ed25519","kty":"OKP","x":"{jwk["x"]}"}}')
    if kid != thumbprint:
        raise walk.Refused(f"the lease is of the portal `{kid}`, not of `{thumbprint}`")
    return {**jwk, "kid": kid}


def within(lease, license):
    """A portal grants no more than its license lets it."""
    policy, offline = license["policy"], lease["use"] == "offline"
    if offline and not policy["offline"]:
        raise walk.Refused("the license allows no use offline")
    most = policy["offline_days"] * 86400 if offline else policy["session_minutes"] * 60
    if not lease["iat"] <= lease["nbf"] < lease["exp"] <= lease["iat"] + most:
        raise walk.Refused("the lease is longer than the license allows")
    if lease["nbf"] < license["nbf"] or lease["exp"] > license.get("exp", lease["exp"]):
        raise walk.Refused("the lease leaves the term of the license")


def granted(files, device, now):
    """Walks root -> trust list -> license -> lease, each of which vouches for the next."""
    lease_file, license_file, trust_file, roots = files
    _, license = walk.licensed(opened, license_file, trust_file, roots)
    lease, kid = opened(lease_file, LEASE, lambda kid: portal_key(license, kid))
    if lease["schema"] != 1 or lease["iss"] != kid or lease["use"] not in ("session", "offline"):
        raise walk.Refused("not a lease of version 1 of its portal")
    if lease["license"] != digest(f"{license_file['protected']}.{license_file['payload']}"):
        raise walk.Refused("the lease was granted under another license file")
    within(lease, license)
    if lease["device"]["id"] != device:
        raise walk.Refused(f"the lease is for the computer `{lease['device']['id']}`, and this is `{device}`")
    if now < lease["nbf"]:
        raise walk.Refused("the lease has not begun")
    if now >= lease["exp"]:
        raise walk.Refused("the lease has ended")
    says = {"member": lease["sub"], "until": lease["exp"], "level": lease.get("level")}
    says.update((name, lease[name]) for name in ("product", "extensions", "use"))
    return {name: value for name, value in says.items() if value is not None}


def main():
    if len(sys.argv) != 7:
        sys.exit(f"usage: {sys.argv[0]} LEASE LICENSE TRUST ROOTS-JWKS DEVICE INSTANT")
    try:
        instant = datetime.datetime.strptime(sys.argv[6], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
        says = granted([walk.read(path) for path in sys.argv[1:5]], sys.argv[5], int(instant.timestamp()))
        print(json.dumps(says, sort_keys=True, separators=(",", ":")))
    except walk.Refused as refusal:
        sys.exit(f"refused: {refusal}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.exit(f"refused: not a file of this kind: {error!r}")


if __name__ == "__main__":
    main()
