// What the scripts share: the walk from the root to the trust list to the entitlement.
import { readFileSync } from 'node:fs';
import { decodeProtectedHeader, flattenedVerify, importJWK, jwtVerify } from 'jose';

const TRUST = 'seatwarden-trust+jwt';
const ENTITLEMENT = 'seatwarden-entitlement+jwt';

export const read = (path) => JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));

export function refuse(reason) {
  throw new Error(reason);
}

export async function openTrustList(file, roots) {
  const kid = decodeProtectedHeader(file).kid;
  const jwk = roots.keys.find((key) => key.kid === kid) ?? refuse(`the root \`${kid}\` is not one of the roots`);
  const { payload, protectedHeader } = await flattenedVerify(file, await importJWK(jwk, 'EdDSA'), { algorithms: ['EdDSA'] });
  if (protectedHeader.typ !== TRUST) refuse(`the file is a \`${protectedHeader.typ}\`, not a \`${TRUST}\``);
  return JSON.parse(new TextDecoder().decode(payload));
}

// jose checks the signature, `typ`, `nbf` and `exp`; for a file bound to a portal, pass `audience: ID` as well.
export async function openEntitlement(file, trust, currentDate = new Date()) {
  const kid = decodeProtectedHeader(file).kid;
  const key = trust.keys.find((key) => key.kid === kid) ?? refuse(`the key \`${kid}\` is not in the trust list`);
  const compact = [file.protected, file.payload, file.signature].join('.');
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.x };
  const options = { algorithms: ['EdDSA'], typ: ENTITLEMENT, currentDate };
  const { payload } = await jwtVerify(compact, await importJWK(jwk, 'EdDSA'), options);
  if (payload.iat < key.nbf || payload.iat >= key.exp) refuse(`the key \`${kid}\` was not valid when the file was issued`);
  if (trust.revoked_keys.some((revoked) => revoked.kid === kid)) refuse(`the key \`${kid}\` is revoked`);
  if (trust.revoked_licenses.includes(payload.jti)) refuse(`the license \`${payload.jti}\` is revoked`);
  if (payload.sequence < (trust.min_sequence[payload.contract] ?? 0)) refuse('a newer file of this contract exists');
  if (trust.version < payload.min_trust) refuse('the file needs a newer trust list');
  return payload;
}
