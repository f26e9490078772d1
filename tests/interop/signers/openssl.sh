#!/bin/sh
# Signs with openssl: sh openssl.sh KEY-PEM KID TYP PAYLOAD-FILE. Prints a flattened JWS.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
encode() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
protected=$(printf '{"alg":"EdDSA","typ":"%s","kid":"%s"}' "$3" "$2" | encode)
payload=$(encode < "$4")
printf '%s.%s' "$protected" "$payload" > "$work/input"
openssl pkeyutl -sign -rawin -inkey "$1" -in "$work/input" -out "$work/signature"
printf '{"payload":"%s","protected":"%s","signature":"%s"}\n' "$payload" "$protected" "$(encode < "$work/signature")"
