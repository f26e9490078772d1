// Verifies a Seatwarden entitlement with jose: node verify.mjs FILE TRUST ROOTS-JWKS
// Prints the licensed user types as one JSON line, or ends with status 1 and the reason.
import { openEntitlement, openTrustList, read } from './walk.mjs';

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
