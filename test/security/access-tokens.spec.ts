import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createPublicKey,
  createSign,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomUUID,
} from 'node:crypto';
import jsonwebtoken from 'jsonwebtoken';
import { type Answer, get } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';

// What may be done to an access token by whoever has no key of ours: none of it opens anything. So that every claim can be made
// wrong by itself under a good signature, the test plants a key of its own among the installation's.

let database: TestDatabase;
let server: ServerProcess;
let person: Person;
let plantedId: string;
let plantedKey: KeyObject;
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, TRUST_PROXY: '1' });
  person = await newPerson(server.url);
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  [plantedId, plantedKey] = [randomUUID(), privateKey];
  await queryRows(
    database.url,
    `INSERT INTO identity.signing_key (id, public_jwk, sealed_private, signs_from) VALUES ($1, $2, '', now() - interval '1 day')`,
    [plantedId, JSON.stringify(publicKey.export({ format: 'jwk' }))],
  );
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const ask = (token: string): Promise<Answer> => get(server.url, '/api/v1/account', { token });
const partsOf = (token: string): { header: object; payload: Record<string, unknown>; signature: string } => {
  const [header, payload, signature] = token.split('.') as [string, string, string];
  const read = (part: string): object => JSON.parse(Buffer.from(part, 'base64url').toString()) as object;
  return { header: read(header), payload: read(payload) as Record<string, unknown>, signature };
};
const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A token like a real one, with some of it changed, signed by the planted key unless said otherwise. */
function sign(claims: object = {}, header: object = {}, key: KeyObject = plantedKey): string {
  const real = partsOf(person.accessToken);
  const text = `${encode({ ...real.header, kid: plantedId, ...header })}.${encode({ ...real.payload, ...claims })}`;
  const signature = createSign('SHA256').update(text).sign({ key, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

/** As a library would read it from a file, which is what a verifier that is fooled takes for a secret. */
const publicPem = async (): Promise<string> => {
  const { keys } = (await get(server.url, '/.well-known/jwks.json', { token: null })).json as {
    keys: (JsonWebKey & { kid: string })[];
  };
  const { kid } = partsOf(person.accessToken).header as { kid: string };
  const key = keys.find((one) => one.kid === kid)!;
  return createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
};

const nowS = (): number => Math.floor(Date.now() / 1_000);

describe('an access token', () => {
  it('opens what it is for, also one by the planted key', async () => {
    expect((await ask(person.accessToken)).json).toMatchObject({ id: person.id, email: person.email });
    expect((await ask(sign())).json).toMatchObject({ id: person.id });
  });

  it.each<[string, () => string | Promise<string>]>([
    [
      'without an algorithm',
      () => {
        const { payload } = partsOf(person.accessToken);
        return `${encode({ alg: 'none', typ: 'at+jwt', kid: plantedId })}.${encode(payload)}.`;
      },
    ],
    [
      'by HMAC with the public key as secret',
      async () => {
        const { payload, header } = partsOf(person.accessToken);
        return jsonwebtoken.sign(payload, await publicPem(), {
          algorithm: 'HS256',
          header: { ...header, alg: 'HS256' },
        });
      },
    ],
    ['by another key of the same name', () => sign({}, {}, stranger.privateKey)],
    ['by a key that nobody knows', () => sign({}, { kid: randomUUID() })],
    ['by a key that is no id', () => sign({}, { kid: "' OR 1=1 --" })],
    ['that names no key', () => sign({}, { kid: undefined })],
    [
      'with an edited payload',
      () => {
        const [header, , signature] = person.accessToken.split('.');
        const { payload } = partsOf(person.accessToken);
        return `${header}.${encode({ ...payload, role: 'administrator' })}.${signature}`;
      },
    ],
    ['without its signature', () => person.accessToken.replace(/\.[^.]*$/, '.')],
    ['of another issuer', () => sign({ iss: 'elsewhere' })],
    ['without an issuer', () => sign({ iss: undefined })],
    ['for another audience', () => sign({ aud: 'elsewhere' })],
    ['that has expired', () => sign({ exp: nowS() - 1 })],
    ['that never expires', () => sign({ exp: undefined })],
    ['that is not valid yet', () => sign({ nbf: nowS() + 60 })],
    ['of another type', () => sign({}, { typ: 'JWT' })],
    ['without a session', () => sign({ sid: undefined })],
    ['with an account that is no id', () => sign({ sub: 'root' })],
    ['with a role that there is not', () => sign({ role: 'owner' })],
    [
      'with a key of its own in its header',
      () => sign({}, { jwk: stranger.publicKey.export({ format: 'jwk' }) }, stranger.privateKey),
    ],
    ['of another algorithm', () => sign({}, { alg: 'ES384' })],
    ['that needs an extension', () => sign({}, { crit: ['exp'] })],
    ['whose payload is said to be no base64', () => sign({}, { crit: ['b64'], b64: false })],
    ['with more in its header than ours have', () => sign({}, { jku: 'https://elsewhere.example/jwks' })],
  ])('%s is refused', async (_what, make) => {
    const token = await make();
    for (const _try of [1, 2]) expectProblem(await ask(token), 401, 'auth/invalid-token');
  });

  it('is no refresh token, and a refresh token is no access token', async () => {
    expectProblem(await ask(person.refreshToken), 401, 'auth/invalid-token');
    const answer = await fetch(`${server.url}/api/v1/auth/refresh`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refreshToken: person.accessToken }),
    });
    expect(answer.status).toBe(400); // longer than any
  });
});
