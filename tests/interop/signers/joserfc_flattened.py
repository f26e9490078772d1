"""Signs with joserfc: python joserfc_flattened.py KEY-PEM KID TYP PAYLOAD-FILE. Prints a flattened JWS."""

import json
import sys
import warnings

from joserfc import jws
from joserfc.jwk import OKPKey

# joserfc warns about the name `EdDSA`; it is the one that every library knows.
warnings.filterwarnings("ignore", module="joserfc")

with open(sys.argv[1], "rb") as pem, open(sys.argv[4], "rb") as payload:
    key, says = OKPKey.import_key(pem.read()), payload.read()
member = {"protected": {"typ": sys.argv[3], "kid": sys.argv[2], "alg": "EdDSA"}}
print(json.dumps(jws.serialize_json(member, says, key, algorithms=["EdDSA"])))
