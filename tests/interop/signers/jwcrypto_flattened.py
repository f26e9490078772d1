"""Signs with jwcrypto: python jwcrypto_flattened.py KEY-PEM KID TYP PAYLOAD-FILE. Prints a flattened JWS."""

import json
import sys

from jwcrypto import jwk, jws

with open(sys.argv[1], "rb") as pem, open(sys.argv[4], "rb") as payload:
    key, signed = jwk.JWK.from_pem(pem.read()), jws.JWS(payload.read())
header = json.dumps({"kid": sys.argv[2], "alg": "EdDSA", "typ": sys.argv[3]}, indent=1)
signed.add_signature(key, alg="EdDSA", protected=header)
print(signed.serialize())
