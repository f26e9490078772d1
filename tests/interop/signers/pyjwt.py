"""Signs with PyJWT: python pyjwt.py KEY-PEM KID TYP PAYLOAD-FILE. Prints a compact JWS."""

import json
import sys

import jwt

with open(sys.argv[1]) as pem, open(sys.argv[4], encoding="utf-8") as payload:
    key, says = pem.read(), json.load(payload)
# The library puts `typ` and `alg` before the headers that it is given, and writes the payload anew.
print(jwt.encode(says, key, algorithm="EdDSA", headers={"typ": sys.argv[3], "kid": sys.argv[2]}))
