import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { get } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newAddress, newPerson, signIn, signInAnswer } from '../support/people.js';
import { ADMIN_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';

// Guesses leave events, and no more of them than somebody can read. That they do not tell by time who has an account is
// enumeration.spec.ts.

let database: TestDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, TRUST_PROXY: '1' });
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const WRONG = 'a canary of a password';
const guess = async (email: string): Promise<void> =>
  expectProblem(
    await signInAnswer(server.url, { email, password: WRONG }),
    401,
    'identity/invalid-credentials',
  );

interface Event {
  action: string;
  objectId: string;
  actorId: string;
  after: Record<string, unknown>;
}

async function eventsOf(filter: string): Promise<Event[]> {
  const path = `/api/v1/admin/audit?limit=200&${filter}`;
  return (await get(server.url, path, { token: ADMIN_TOKEN })).json.items as Event[];
}

/** How many of each. */
const counts = (events: readonly Event[]): Record<string, number> => {
  const found: Record<string, number> = {};
  for (const { action } of events) found[action] = (found[action] ?? 0) + 1;
  return found;
};

describe('a refused sign-in', () => {
  it('is an event of its account; many are so many events and one that says so, and lock nobody out', async () => {
    const person = await newPerson(server.url);
    await guess(person.email);
    const [first] = await eventsOf(`subjectId=${person.id}&action=identity.sign-in-refused`);
    expect(first).toMatchObject({
      objectId: person.id,
      after: { reason: 'wrong-password', network: expect.stringMatching(/^10\.\d+\.\d+\.0\/24$/) },
    });
    expect(first!.actorId).not.toBe(person.id);
    await Promise.all(Array.from({ length: 30 }, () => guess(person.email)));
    const events = (await eventsOf(`subjectId=${person.id}`)).filter(({ action }) =>
      action.startsWith('identity.sign-in'),
    );
    expect(counts(events)).toEqual({
      'identity.sign-in-refused': 20,
      'identity.sign-in-attempts-exceeded': 1,
    });
    await signIn(server.url, person);
  });

  it('of an address without an account leaves an event that does not name it', async () => {
    const email = newAddress();
    await guess(email);
    await guess('no address at all');
    const events = await eventsOf('objectType=identity.sign-in');
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({
      action: 'identity.sign-in-refused',
      objectId: 'unknown-address',
      after: { reason: 'unknown-address' },
    });
    const rows = await queryRows<{ text: string }>(
      database.url,
      `SELECT e::text || d::text AS text FROM platform.audit_event e JOIN platform.audit_detail d ON d.event_id = e.id
       UNION ALL SELECT l::text FROM platform.rate_limit l`,
    );
    const all = rows.map(({ text }) => text).join('\n') + server.output();
    for (const secret of [email, email.split('@')[0]!, WRONG]) expect(all).not.toContain(secret);
  });

  it('of a locked account says so to administrators', async () => {
    const person = await newPerson(server.url);
    await queryRows(database.url, 'UPDATE identity.account SET locked_at = now() WHERE id = $1', [person.id]);
    expectProblem(
      await signInAnswer(server.url, { email: person.email, password: person.password }),
      403,
      'identity/account-locked',
    );
    const [event] = await eventsOf(`subjectId=${person.id}&action=identity.sign-in-refused`);
    expect(event!.after).toMatchObject({ reason: 'locked' });
  });
});
