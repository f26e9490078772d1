// Signs with jose: node jose.mjs KEY-PEM KID TYP PAYLOAD-FILE. Prints a flattened JWS.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

// The package lives beside the scripts of examples/verify.
const beside = createRequire(pathToFileURL('examples/verify/node/walk.mjs'));
const { FlattenedSign, importPKCS8 } = await import(pathToFileURL(beside.resolve('jose')));
const [pem, kid, typ, payload] = process.argv.slice(2);
const key = await importPKCS8(readFileSync(pem, 'utf8'), 'EdDSA');
const signed = await new FlattenedSign(readFileSync(payload)).setProtectedHeader({ typ, alg: 'EdDSA', kid }).sign(key);
console.log(JSON.stringify(signed));
