"""Verifies a Seatwarden entitlement with PyJWT: python verify_pyjwt.py FILE TRUST ROOTS-JWKS.

Prints the licensed user types as one JSON line, or ends with status 1 and the reason.
"""

import jwt

import walk


def opened(file, typ, find_key):
    """Verifies one signed file. PyJWT checks the signature, `iat`, `nbf` and `exp`; the rest is checked here."""
    compact = ".".join((file["protected"], file["payload"], file["signature"]))
    try:
        header = jwt.get_unverified_header(compact)
        if header.get("typ") != typ:
            raise walk.Refused(f"the file is a `{header.get('typ')}`, not a `{typ}`")
        key = jwt.PyJWK.from_dict(find_key(header["kid"]), algorithm="EdDSA")
        # `aud` is a portal's id; whoever checks a file for one portal passes `audience=ID` instead.
        payload = jwt.decode(compact, key, algorithms=["EdDSA"], options={"verify_aud": False})
    except jwt.PyJWTError as error:
        raise walk.Refused(f"{type(error).__name__}: {error}") from error
    return payload, header["kid"]


if __name__ == "__main__":
    walk.main(opened)
