"""Verifies a Seatwarden entitlement with joserfc: python verify_joserfc.py FILE TRUST ROOTS-JWKS.

Prints the licensed user types as one JSON line, or ends with status 1 and the reason.
"""

import base64
import json
import warnings

from joserfc import errors, jws, jwt
from joserfc.jwk import OKPKey

import walk

# joserfc warns about the name `EdDSA`; it is the one that every library knows.
warnings.filterwarnings("ignore", module="joserfc")


def opened(file, typ, find_key):
    """Verifies one signed file, as flattened JSON. joserfc checks the signature, then `nbf` and `exp`."""
    try:
        protected = file["protected"]
        header = json.loads(base64.urlsafe_b64decode(protected + "=" * (-len(protected) % 4)))
        if header.get("typ") != typ:
            raise walk.Refused(f"the file is a `{header.get('typ')}`, not a `{typ}`")
        key = OKPKey.import_key(find_key(header["kid"]))
        signed = {name: file[name] for name in ("protected", "payload", "signature")}
        payload = json.loads(jws.deserialize_json(signed, key, algorithms=["EdDSA"]).payload)
        jwt.JWTClaimsRegistry().validate(payload)
    except errors.JoseError as error:
        raise walk.Refused(f"{type(error).__name__}: {error}") from error
    return payload, header["kid"]


if __name__ == "__main__":
    walk.main(opened)
