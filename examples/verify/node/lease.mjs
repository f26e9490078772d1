// Verifies a Seatwarden lease with jose: node lease.mjs LEASE LICENSE TRUST ROOTS-JWKS DEVICE INSTANT
// Prints what the lease grants on that computer at that instant (such as 2026-12-15T00:00:00Z) as one JSON line, or ends
// with status 1 and the reason.
import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { openEntitlement, openTrustList, read, refuse } from './walk.mjs';

const LEASE = 'seatwarden-lease+jwt';

// The key is the one that the vendor bound into the license. jose checks the signature, `typ`, `nbf` and `exp`.
async function openLease(file, license, now) {
  const { kid, typ } = decodeProtectedHeader(file);
  if (typ !== LEASE) refuse(`the file is a \`${typ}\`, not a \`${LEASE}\``);
  const jwk = license.cnf?.jwk ?? refuse('the license is bound to no portal');
  const portal = await calculateJwkThumbprint(jwk);
  if (kid !== portal) refuse(`the lease is of the portal \`${kid}\`, not of \`${portal}\``);
  const compact = [file.protected, file.payload, file.signature].join('.');
  const options = { algorithms: ['EdDSA'], typ: LEASE, issuer: portal, currentDate: now };
  return (await jwtVerify(compact, await importJWK(jwk, 'EdDSA'), options)).payload;
}

// A portal grants no more than its license lets it.
function checkGranted(lease, license, identity) {
  const { policy } = license;
  if (lease.schema !== 1 || !['session', 'offline'].includes(lease.use)) refuse('not a lease of version 1');
  if (lease.license !== identity) refuse('the lease was granted under another license file');
  if (lease.use === 'offline' && !policy.offline) refuse('the license allows no use offline');
  const most = lease.use === 'offline' ? policy.offline_days * 86400 : policy.session_minutes * 60;
  const inOrder = lease.iat <= lease.nbf && lease.nbf < lease.exp && lease.exp <= lease.iat + most;
  if (!inOrder) refuse('the lease is longer than the license allows');
  const within = license.nbf <= lease.nbf && lease.exp <= (license.exp ?? lease.exp);
  if (!within) refuse('the lease leaves the term of the license');
}

async function granted([lease, license, trust, roots], device, now) {
  const opened = await openEntitlement(license, await openTrustList(trust, roots), now);
  const identity = createHash('sha256').update(`${license.protected}.${license.payload}`).digest('base64url');
  const says = await openLease(lease, opened, now);
  checkGranted(says, opened, identity);
  if (says.device.id !== device) refuse(`the lease is for the computer \`${says.device.id}\`, and this is \`${device}\``);
  const { extensions, level, sub: member, product, exp: until, use } = says;
  return { extensions, level, member, product, until, use };
}

const [device, instant] = process.argv.slice(6);
if (process.argv.length !== 8) {
  console.error('usage: node lease.mjs LEASE LICENSE TRUST ROOTS-JWKS DEVICE INSTANT');
  process.exit(1);
}
try {
  const now = new Date(instant);
  if (Number.isNaN(now.getTime())) refuse(`\`${instant}\` is not an instant`);
  console.log(JSON.stringify(await granted(process.argv.slice(2, 6).map(read), device, now)));
} catch (error) {
  console.error(`refused: ${error.code ?? error.name}: ${error.message}`);
  process.exit(1);
}
