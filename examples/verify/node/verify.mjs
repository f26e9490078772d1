// Verifies a Seatwarden entitlement with jose: node verify.mjs FILE TRUST ROOTS-JWKS
// Prints the licensed user types as one JSON line, or ends with status 1 and the reason.
import { readFileSync } from 'node:fs';
import { decodeProtectedHeader, flattenedVerify, importJWK, jwtVerify } from 'jose';

const TRUST = 'seatwarden-trust+jwt';
const ENTITLEMENT = 'seatwarden-entitlement+jwt';

const read = (path) => JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));

function refuse(reason) {
  throw new Error(reason);
}

async function openTrustList(file, roots) {
  const kid = decodeProtectedHeader(file).kid;
  const jwk = roots.keys.find((key) => key.kid === kid) ?? refuse(`the root \`${kid}\` is not one of the roots`);
  const { payload, protectedHeader } = await flattenedVerify(file, await importJWK(jwk, 'EdDSA'), { algorithms: ['EdDSA'] });
  if (protectedHeader.typ !== TRUST) refuse(`the file is a \`${protectedHeader.typ}\`, not a \`${TRUST}\``);
  return JSON.parse(new TextDecoder().decode(payload));
}

// jose checks the signature, `typ`, `nbf` and `exp`; for a file bound to a portal, pass `audience: ID` as well.
async function openEntitlement(file, trust) {
  const kid = decodeProtectedHeader(file).kid;
  const key = trust.keys.find((key) => key.kid === kid) ?? refuse(`the key \`${kid}\` is not in the trust list`);
  const compact = [file.protected, file.payload, file.signature].join('.');
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.x };
  const { payload } = await jwtVerify(compact, await importJWK(jwk, 'EdDSA'), { algorithms: ['EdDSA'], typ: ENTITLEMENT });
  if (payload.iat < key.nbf || payload.iat >= key.exp) refuse(`the key \`${kid}\` was not valid when the file was issued`);
  if (trust.revoked_keys.some((revoked) => revoked.kid === kid)) refuse(`the key \`${kid}\` is revoked`);
  if (trust.revoked_licenses.includes(payload.jti)) refuse(`the license \`${payload.jti}\` is revoked`);
  if (payload.sequence < (trust.min_sequence[payload.contract] ?? 0)) refuse('a newer file of this contract exists');
  if (trust.version < payload.min_trust) refuse('the file needs a newer trust list');
  return payload;
}

// Lines of one id add up while they last.
function counts(file, now) {
  const total = {};
  for (const { id, count, from = now, until = now + 1 } of file.user_types) {
    total[id] = (total[id] ?? 0) + (from <= now && now < until ? count : 0);
  }
  return Object.fromEntries(Object.entries(total).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const [file, trust, roots] = process.argv.slice(2);
if (roots === undefined || process.argv.length !== 5) {
  console.error('usage: node verify.mjs FILE TRUST ROOTS-JWKS');
  process.exit(1);
}
try {
  const opened = await openEntitlement(read(file), await openTrustList(read(trust), read(roots)));
  console.log(JSON.stringify(counts(opened, Math.floor(Date.now() / 1000))));
} catch (error) {
  console.error(`refused: ${error.code ?? error.name}: ${error.message}`);
  process.exit(1);
}
