"""Verifies a Seatwarden entitlement with jwcrypto: python verify_jwcrypto.py FILE TRUST ROOTS-JWKS.

Prints the licensed user types as one JSON line, or ends with status 1 and the reason.
"""

import json
import time

from jwcrypto import jwk, jws
from jwcrypto.common import JWException

import walk


def opened(file, typ, find_key):
    """Verifies one signed file, as flattened JSON. jwcrypto checks the signature; the dates are checked here."""
    try:
        signed = jws.JWS()
        signed.allowed_algs = ["EdDSA"]
        signed.deserialize(json.dumps({name: file[name] for name in ("protected", "payload", "signature")}))
        header = signed.jose_header
        if header.get("typ") != typ:
            raise walk.Refused(f"the file is a `{header.get('typ')}`, not a `{typ}`")
        signed.verify(jwk.JWK(**find_key(header["kid"])))
    except JWException as error:
        raise walk.Refused(f"{type(error).__name__}: {error}") from error
    payload, now = json.loads(signed.payload), int(time.time())
    if payload.get("nbf", now) > now:
        raise walk.Refused("the term has not begun")
    if payload.get("exp", now + 1) <= now:
        raise walk.Refused("the term has ended")
    return payload, header["kid"]


if __name__ == "__main__":
    walk.main(opened)
