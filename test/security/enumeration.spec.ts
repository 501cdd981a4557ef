import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { Mailbox } from '../support/mailbox.js';
import { fromAnywhere, newAddress, PASSWORD } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';

// Whether an address has an account shows neither in words nor in time (ASVS 6.3.8). Times are compared by medians and by
// Cliff's delta, an effect size: how much likelier one of the two is the slower. It does not depend on how fast the machine is.

/** What is there shows in every round; what the machine did meanwhile does not. */
const ROUNDS = 3;

let database: TestDatabase;
let mailbox: Mailbox;
let server: ServerProcess;
const known = newAddress();

beforeAll(async () => {
  database = await createTestDatabase();
  mailbox = await Mailbox.open();
  server = await startServerProcess({ DATABASE_URL: database.url, SMTP_URL: mailbox.url, TRUST_PROXY: '1' });
  await post(server.url, '/api/v1/auth/register', { email: known, password: PASSWORD }, { token: null });
  await queryRows(database.url, 'UPDATE identity.account SET verified_at = now()');
});

afterAll(async () => {
  await server.stop();
  await mailbox.close();
  await database.drop();
});

/** Seen from outside: all but the request id, which makes some bodies one character longer than others. */
function shown({ status, text, headers }: Answer): object {
  const kept = [...headers].filter(
    ([name]) => !['x-request-id', 'date', 'ratelimit', 'content-length'].includes(name),
  );
  return { status, text: text.replace(/"requestId":"[^"]*"/, ''), headers: kept };
}

/** Asks for both in turns, in an order that changes, `lanes` pairs at a time. */
async function compare(
  path: string,
  bodyOf: (email: string) => object,
  pairs: number,
  lanes: number,
): Promise<{ known: number[]; unknown: number[]; differences: unknown[] }> {
  const times = { known: [] as number[], unknown: [] as number[], differences: [] as unknown[] };
  const ask = (email: string): Promise<Answer> =>
    post(server.url, `/api/v1/auth/${path}`, bodyOf(email), { token: null, headers: fromAnywhere() });
  const lane = async (count: number): Promise<void> => {
    for (let at = 0; at < count; at += 1) {
      const stranger = newAddress();
      const order = at % 2 === 0 ? [known, stranger] : [stranger, known];
      const answers = [await ask(order[0]!), await ask(order[1]!)];
      answers.forEach((answer, index) => times[order[index] === known ? 'known' : 'unknown'].push(answer.ms));
      const [one, two] = answers.map(shown) as [object, object];
      if (JSON.stringify(one) !== JSON.stringify(two)) times.differences.push([one, two]);
    }
  };
  await lane(2); // the first ones pay for connections and compilation
  times.known.length = times.unknown.length = 0;
  await Promise.all(Array.from({ length: lanes }, () => lane(Math.ceil(pairs / lanes))));
  return times;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

/** -1 to 1: how much oftener a value of `a` is above one of `b` than below. */
function cliffsDelta(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (const x of a) for (const y of b) sum += Math.sign(x - y);
  return sum / (a.length * b.length);
}

describe('whether an address has an account', () => {
  it.each<[string, (email: string) => object, number, number]>([
    ['sign-in', (email) => ({ email, password: 'wrong password' }), 200, 4],
    ['register', (email) => ({ email, password: PASSWORD }), 200, 8],
    ['password-reset', (email) => ({ email }), 200, 8],
  ])(
    'does not show in %s',
    async (path, bodyOf, pairs, lanes) => {
      const seen: object[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const times = await compare(path, bodyOf, pairs, lanes);
        expect(times.differences).toEqual([]);
        const ratio = median(times.known) / median(times.unknown);
        const delta = cliffsDelta(times.known, times.unknown);
        seen.push({ ratio, delta });
        if (Math.abs(ratio - 1) < 0.1 && Math.abs(delta) < 0.2) return;
      }
      throw new Error(`${path} tells known from unknown addresses: ${JSON.stringify(seen)}`);
    },
    180_000,
  );
});
