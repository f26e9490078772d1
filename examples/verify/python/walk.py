"""What the Python scripts share: the walk from root to trust list to entitlement, and the counts.

The signature, the header and the claims are the library's part; each script brings it as one function.
"""

import json
import sys
import time

TRUST = "seatwarden-trust+jwt"
ENTITLEMENT = "seatwarden-entitlement+jwt"


class Refused(Exception):
    """The file must not be used; the text says why."""


def read(path):
    """Reads a JSON file; a byte-order mark is tolerated."""
    with open(path, encoding="utf-8-sig") as file:
        return json.load(file)


def root_key(roots, kid):
    """The root of a JWK Set that signed the trust list."""
    for jwk in roots["keys"]:
        if jwk["kid"] == kid:
            return jwk
    raise Refused(f"the root `{kid}` is not one of the roots")


def vendor_key(trust, kid):
    """The vendor key of an opened trust list, as a JWK."""
    for key in trust["keys"]:
        if key["kid"] == kid:
            return {"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": key["x"]}
    raise Refused(f"the key `{kid}` is not in the trust list")


def key_was_valid(trust, kid, issued):
    """A key counts for what it signed while it was valid; a revoked key for nothing new."""
    key = next(key for key in trust["keys"] if key["kid"] == kid)
    if not key["nbf"] <= issued < key["exp"]:
        raise Refused(f"the key `{kid}` was not valid when the file was issued")
    if any(revoked["kid"] == kid for revoked in trust["revoked_keys"]):
        raise Refused(f"the key `{kid}` is revoked")


def still_counts(trust, file):
    """The vendor may take a license back, or ask for a newer file of its contract."""
    if file["jti"] in trust["revoked_licenses"]:
        raise Refused(f"the license `{file['jti']}` is revoked")
    if file["sequence"] < trust["min_sequence"].get(file["contract"], 0):
        raise Refused("a newer file of this contract exists")
    if trust["version"] < file["min_trust"]:
        raise Refused("the file needs a newer trust list")


def counts(file, now):
    """How many of each user type are licensed at a moment: lines of one id add up while they last."""
    total = {}
    for line in file["user_types"]:
        in_force = line.get("from", now) <= now < line.get("until", now + 1)
        total[line["id"]] = total.get(line["id"], 0) + (line["count"] if in_force else 0)
    return total


def licensed(opened, file, trust_file, roots):
    """Walks root -> trust list -> entitlement; `opened(file, typ, find_key)` verifies one file and returns its payload."""
    trust, _ = opened(trust_file, TRUST, lambda kid: root_key(roots, kid))
    payload, kid = opened(file, ENTITLEMENT, lambda kid: vendor_key(trust, kid))
    key_was_valid(trust, kid, payload["iat"])
    still_counts(trust, payload)
    return trust, payload


def main(opened):
    """Prints the counts of the entitlement that the command line names."""
    if len(sys.argv) != 4:
        sys.exit(f"usage: {sys.argv[0]} FILE TRUST ROOTS-JWKS")
    try:
        file, trust_file, roots = (read(path) for path in sys.argv[1:])
        _, payload = licensed(opened, file, trust_file, roots)
        print(json.dumps(counts(payload, int(time.time())), sort_keys=True, separators=(",", ":")))
    except Refused as refusal:
        sys.exit(f"refused: {refusal}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.exit(f"refused: not a file of this kind: {error!r}")
