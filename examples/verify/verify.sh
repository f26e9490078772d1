#!/bin/sh
# Verifies a Seatwarden entitlement with openssl and the tools of every Unix: sh verify.sh FILE TRUST ROOTS-JWKS
# Prints the licensed user types as one JSON line, or ends with status 1 and the reason.
#
# There is no JSON library here: members are found by pattern. Before the signature that is harmless, because whatever
# is found must verify; after it, the text is the vendor's own compact JSON.
set -eu

refuse() {
  echo "refused: $1" >&2
  exit 1
}

[ $# -eq 3 ] || refuse "usage: sh verify.sh FILE TRUST ROOTS-JWKS"
for file in "$@"; do [ -f "$file" ] || refuse "no file: $file"; done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# base64url without padding, from standard input to bytes.
decode() {
  tr -d '\n' | tr '_-' '/+' | awk '{ while (length($0) % 4) $0 = $0 "="; print }' | openssl base64 -d -A
}

# member FILE NAME: the one base64url string of that name in the envelope.
member() {
  value=$(tr -d '\r' < "$1" | tr '\n,{}' '\n\n\n\n' | sed -n 's/^[^"]*"'"$2"'"[[:space:]]*:[[:space:]]*"\([A-Za-z0-9_-]*\)"[[:space:]]*$/\1/p')
  [ -n "$value" ] && [ "$(printf '%s\n' "$value" | wc -l)" -eq 1 ] || refuse "$1 has no single member \"$2\""
  printf '%s' "$value"
}

# text JSON NAME, number JSON NAME: the value of the first member of that name, or nothing.
text() {
  printf '%s' "$1" | tr -d ' \n\r\t' | awk -v name="$2" '
    match($0, "[{,]\"" name "\":\"[^\"]*\"") { print substr($0, RSTART + length(name) + 5, RLENGTH - length(name) - 6) }'
}
number() {
  printf '%s' "$1" | tr -d ' \n\r\t' | awk -v name="$2" '
    match($0, "[{,]\"" name "\":[0-9]+") { print substr($0, RSTART + length(name) + 4, RLENGTH - length(name) - 4) }'
}

# outline JSON: its numbers at the top level; texts are emptied, and what is nested becomes 0.
outline() {
  printf '%s' "$1" | sed -e 's/\\["\\]//g' -e 's/:"[^"]*"/:""/g' -e 's/^{\(.*\)}$/,\1/' \
    -e ':again' -e 's/{[^{}]*}/0/g' -e 's/\[[^][{}]*\]/0/g' -e 't again'
}

# object JSON KID: the innermost object whose kid is KID.
object() { printf '%s' "$1" | tr -d ' \n\r\t' | tr '{' '\n' | grep -F "\"kid\":\"$2\"" | sed 's/^/{/; s/}.*$/}/' | head -n 1; }

# verified FILE TYP KEYS: checks kind, key and signature, and prints the payload. KEYS is JSON with kid and x.
verified() {
  member "$1" protected > "$work/protected"
  member "$1" payload > "$work/payload"
  member "$1" signature | decode > "$work/signature"
  header=$(decode < "$work/protected")
  [ "$(text "$header" typ)" = "$2" ] || refuse "the file is a '$(text "$header" typ)', not a '$2'"
  [ "$(text "$header" alg)" = EdDSA ] || refuse "the algorithm is not EdDSA"
  kid=$(text "$header" kid)
  x=$(text "$(object "$3" "$kid")" x)
  [ -n "$x" ] || refuse "the key '$kid' is not known"
  # An Ed25519 public key in DER is twelve fixed bytes (RFC 8410) before the 32 of the key.
  { printf '\060\052\060\005\006\003\053\145\160\003\041\000'; printf '%s' "$x" | decode; } > "$work/key.der"
  { cat "$work/protected"; printf .; cat "$work/payload"; } > "$work/input"
  openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$work/key.der" \
    -in "$work/input" -sigfile "$work/signature" > /dev/null 2>&1 || refuse "the signature of $1 does not verify"
  decode < "$work/payload"
}

now=$(date +%s)
trust=$(verified "$2" seatwarden-trust+jwt "$(cat "$3")")
keys=$(printf '%s' "$trust" | sed 's/.*"keys":\[\([^]]*\)\].*/\1/')
payload=$(verified "$1" seatwarden-entitlement+jwt "$keys")

# The key, the license and the sequence, by the trust list.
kid=$(text "$(member "$1" protected | decode)" kid)
key=$(object "$keys" "$kid")
top=$(outline "$payload")
issued=$(number "$top" iat)
[ "$issued" -ge "$(number "$key" nbf)" ] && [ "$issued" -lt "$(number "$key" exp)" ] ||
  refuse "the key '$kid' was not valid when the file was issued"
revoked=$(printf '%s' "$trust" | sed -n 's/.*"revoked_keys":\[\([^]]*\)\].*/\1/p')
[ -z "$(object "$revoked" "$kid")" ] || refuse "the key '$kid' is revoked"
printf '%s' "$trust" | sed -n 's/.*"revoked_licenses":\[\([^]]*\)\].*/\1/p' | grep -qF "\"$(text "$payload" jti)\"" &&
  refuse "the license '$(text "$payload" jti)' is revoked"
least=$(number "$(printf '%s' "$trust" | sed -n 's/.*"min_sequence":\({[^}]*}\).*/\1/p')" "$(text "$payload" contract)")
[ "$(number "$top" sequence)" -ge "${least:-0}" ] || refuse "a newer file of this contract exists"
[ "$(number "$trust" version)" -ge "$(number "$top" min_trust)" ] || refuse "the file needs a newer trust list"
[ "$(number "$top" nbf)" -le "$now" ] || refuse "the term has not begun"
ends=$(number "$top" exp)
[ -z "$ends" ] || [ "$now" -lt "$ends" ] || refuse "the term has ended"

# Lines of one id add up while they last.
printf '%s' "$payload" | awk 'match($0, /"user_types":\[[^]]*\]/) { print substr($0, RSTART, RLENGTH) }' | tr '{' '\n' | sed -n '/"id"/p' | awk -v now="$now" '
  function number(name) { return match($0, "\"" name "\":[0-9]+") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3) + 0 : -1 }
  { match($0, /"id":"[^"]*"/); id = substr($0, RSTART + 6, RLENGTH - 7)
    from = number("from"); until = number("until")
    print id, (from <= now && (until < 0 || now < until)) ? number("count") : 0 }' | LC_ALL=C sort | awk '
  { if (!($1 in total)) order[++n] = $1; total[$1] += $2 }
  END { printf "{"; for (i = 1; i <= n; i++) printf "%s\"%s\":%d", (i > 1 ? "," : ""), order[i], total[order[i]]; print "}" }'
