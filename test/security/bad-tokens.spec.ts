import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, call, get } from '../support/api-client.js';
import { TRACE_OF_CODE } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  type Forge,
  plantSigningKey,
  withAnotherSignature,
  withOtherClaims,
} from '../support/forged-tokens.js';
import { type Operation, readOpenApi, samplePath } from '../support/open-api.js';
import { newPerson, type Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { PUBLIC_ROUTES } from './public-routes.js';

// Generated from the OpenAPI document, so a new route is covered the day it appears: a token that has ended, is meant for somebody else, or
// was tampered with opens no route, and the refusal looks like the one without any token. What else may be wrong with a token is
// tried on one route in access-tokens.spec.ts; here it is every route that counts.

let database: TestDatabase;
let server: ServerProcess;
let closed: Operation[];
let member: Person;
let forge: Forge;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({
    DATABASE_URL: database.url,
    COMPAT_DOFUS_ANONYMOUS: 'off',
    COMPAT_CUPID_ANONYMOUS: 'off',
    TRUST_PROXY: '1',
  });
  const { operations } = await readOpenApi(server.url);
  closed = operations.filter(({ id }) => !PUBLIC_ROUTES.includes(id));
  member = await newPerson(server.url);
  forge = await plantSigningKey(database.url);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const isCompat = ({ path }: Operation): boolean => path.startsWith('/compat/');
/** What a wrong token is told there. The catalyst tracker says 401 to whoever has none that is good. */
const compatRefusal = ({ path }: Operation): { status: number; error: string | true } =>
  path.startsWith('/compat/wisp/')
    ? { status: 401, error: path.startsWith('/compat/wisp/api/') ? 'UNAUTHORIZED' : true }
    : path.startsWith('/compat/destiny/')
      ? { status: 401, error: 'auth_required' }
      : { status: 403, error: 'forbidden' };
const nowS = (): number => Math.floor(Date.now() / 1_000);

/** An empty body where the route takes one: nobody is told what is wrong with it before it is clear who asks. */
const knock = (operation: Operation, token: string | null): Promise<Answer> =>
  call(server.url, operation.method, samplePath(operation), {
    token,
    ...(operation.bodySchema && { body: {} }),
  });

/** All but what belongs to the one request, and the words that tell the two refusals apart. */
function shape({ status, headers, json }: Answer): object {
  const names = ['content-type', 'www-authenticate', 'cache-control'];
  return {
    status,
    headers: names.map((name) => headers.get(name)?.replace(/^(Bearer).*/, '$1') ?? null),
    keys: Object.keys(json as object).sort(),
  };
}

describe('a token', () => {
  it('that is good gets through all of these doors, so that it is the fault that closes them', async () => {
    expect(closed.length).toBeGreaterThan(60);
    const good = forge(member.accessToken);
    expect((await get(server.url, '/api/v1/account', { token: good })).json).toMatchObject({ id: member.id });
    const shut: string[] = [];
    for (const operation of closed.filter(({ method }) => method === 'GET'))
      if ((await knock(operation, good)).status === 401) shut.push(operation.id);
    expect(shut).toEqual([]);
  });

  it.each<[string, () => string]>([
    ['that has expired', () => forge(member.accessToken, { iat: nowS() - 900, exp: nowS() - 1 })],
    ['for another audience', () => forge(member.accessToken, { aud: 'another-api' })],
    ['of another issuer', () => forge(member.accessToken, { iss: 'elsewhere' })],
    ['with a signature of which one bit was turned', () => withAnotherSignature(member.accessToken)],
    [
      'that was made an administrator’s afterwards',
      () => withOtherClaims(member.accessToken, { role: 'administrator' }),
    ],
    ['without its signature', () => member.accessToken.replace(/[^.]+$/, '')],
  ])('%s is refused by every route, as none would be', async (_name, make) => {
    const token = make();
    const wrong: unknown[] = [];
    for (const operation of closed) {
      const [refused, without] = [await knock(operation, token), await knock(operation, null)];
      // The first originals say 401 to callers without a token and 403 to those with a wrong one.
      const status = isCompat(operation) ? compatRefusal(operation).status : 401;
      const code = isCompat(operation)
        ? (refused.json?.error?.code ?? refused.json?.error)
        : refused.json?.code;
      const isRight =
        refused.status === status &&
        code === (isCompat(operation) ? compatRefusal(operation).error : 'auth/invalid-token') &&
        !TRACE_OF_CODE.test(refused.text) &&
        !refused.text.includes(token) &&
        (isCompat(operation) || JSON.stringify(shape(refused)) === JSON.stringify(shape(without)));
      if (!isRight) wrong.push({ id: operation.id, refused: shape(refused), without: shape(without), code });
    }
    expect(wrong).toEqual([]);
  });
});
