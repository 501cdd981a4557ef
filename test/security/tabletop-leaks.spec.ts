import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, call, get } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type Operation, readOpenApi } from '../support/open-api.js';
import { newPerson, type Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { dumpTables, formsOf } from '../support/table-dump.js';
import { makeTable } from './tabletop-core-stories.js';
import { type PlantedSecrets, plantTabletopSecrets } from './tabletop-secrets.js';

// Secrets of every kind lie in one campaign. Everything that others than its masters can ask for is asked for, by routes out of the OpenAPI document
// with every id that there is, whether they may know it or not, and with the secrets' own words as questions: no answer holds one. What is sealed is
// not in the database or the log either.

const TABLETOP = '/api/v1/tabletop/';
/** Routes that take no id of anything in a campaign, or no question, are asked once. */
const MOST_CALLS = 6_000;

let database: TestDatabase;
let server: ServerProcess;
let operations: Operation[];
let planted: PlantedSecrets;
let campaignId: string;
let people: Record<'player' | 'observer' | 'stranger', Person>;
let master: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, LOG_LEVEL: 'debug' });
  operations = (await readOpenApi(server.url)).operations.filter(({ path }) => path.startsWith(TABLETOP));
  const table = await makeTable(server.url);
  ({ master, campaignId } = table);
  const observer = await newPerson(server.url);
  const invite = await as(master, 'POST', `${TABLETOP}campaigns/${campaignId}/invites`, { role: 'observer' });
  await as(observer, 'POST', `${TABLETOP}invites/accept`, { code: invite.json.code, displayName: 'Olin' });
  people = { player: table.member, observer, stranger: await newPerson(server.url) };
  planted = await plantTabletopSecrets(
    (method, path, body) => as(master, method, path, body),
    campaignId,
    people,
  );
}, 60_000);

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const as = ({ accessToken: token }: Person, method: string, path: string, body?: object): Promise<Answer> =>
  call(server.url, method, path, {
    token,
    ...(body && { body }),
    ...(body instanceof Uint8Array && { headers: { 'content-type': 'application/octet-stream' } }),
  });

/** Every address of a route: with the campaign and each id, and with each secret's words where it takes a text. */
function addressesOf({ path, parameters }: Operation): string[] {
  const queries = parameters.filter(
    ({ in: place, schema }) =>
      place === 'query' && schema.type === 'string' && !schema.enum && !schema.format,
  );
  const named = parameters.filter(({ in: place, name }) => place === 'path' && name !== 'c');
  let paths = [path.replace('{c}', campaignId)];
  for (const { name } of named) {
    const values = name === 'field' ? planted.fields : [...planted.ids];
    paths = paths.flatMap((one) =>
      values.map((value) => one.replace(`{${name}}`, encodeURIComponent(value))),
    );
  }
  const asked = queries
    .filter(({ name }) => /^(?:q|name|text|tag)$/.test(name))
    .flatMap(({ name }) => planted.words.map((word) => `?${name}=${encodeURIComponent(word)}`));
  const idQueries = parameters
    .filter(({ in: place, schema }) => place === 'query' && schema.format === 'uuid')
    .map(({ name }) => name);
  const byIds =
    idQueries.length === 0
      ? []
      : [...planted.ids].map((id) => `?${idQueries.map((name) => `${name}=${id}`).join('&')}`);
  return paths.flatMap((one) =>
    ['', ...(named.length > 1 ? [] : [...asked, ...byIds])].map((query) => one + query),
  );
}

describe('a campaign with secrets of every kind', () => {
  it('has many', () => {
    expect(planted.words.length).toBeGreaterThanOrEqual(30);
    expect(new Set(planted.words).size).toBe(planted.words.length);
  });

  it('tells its master all of them', async () => {
    const { text } = await as(master, 'GET', `${TABLETOP}campaigns/${campaignId}/export`);
    const told = planted.words.filter((word) => text.includes(word));
    expect(told.length).toBeGreaterThanOrEqual(20); // the others are not part of a file to take along
  });

  it.each(['player', 'observer', 'stranger'] as const)(
    'tells no %s any of them, whatever is asked',
    async (who) => {
      const leaks: string[] = [];
      let calls = 0;
      let served = 0;
      for (const operation of operations.filter(({ method }) => method === 'GET')) {
        for (const address of addressesOf(operation)) {
          if ((calls += 1) > MOST_CALLS) throw new Error('There are more addresses than the test may ask');
          const { text, status } = await as(people[who], 'GET', address);
          if (status < 300) served += 1;
          // What somebody asks for comes back in places: those words are no news.
          const asked = decodeURIComponent(address);
          const isOwnQuestions = operation.path.endsWith('/recent-searches');
          const found = isOwnQuestions
            ? []
            : planted.words.filter((word) => text.includes(word) && !asked.includes(word));
          if (found.length > 0) leaks.push(`${operation.id} ${address}: ${found.join()}`);
        }
      }
      expect(leaks).toEqual([]);
      expect(served).toBeGreaterThan(who === 'stranger' ? 0 : 20);
    },
    120_000,
  );

  it('counts nothing that is hidden: an answer to a secret’s words is an answer to nonsense', async () => {
    const differing: string[] = [];
    for (const operation of operations.filter(({ method }) => method === 'GET')) {
      const parameter = operation.parameters.find(
        ({ in: place, name }) => place === 'query' && /^(?:q|name|tag)$/.test(name),
      );
      if (parameter === undefined || /\{(?!c\})/.test(operation.path)) continue;
      // Words that are made up sound like some names and not like others: search.db.spec.ts asks a world without what is hidden instead.
      if (/\/(?:search|suggest)$/.test(operation.path)) continue;
      const path = operation.path.replace('{c}', campaignId);
      const ask = async (word: string): Promise<string> =>
        (
          await as(people.player, 'GET', `${path}?${parameter.name}=${encodeURIComponent(word)}`)
        ).text.replaceAll(word, 'WORD');
      for (const [word, nonsense] of planted.alike) {
        const [one, other] = [await ask(word), await ask(nonsense)];
        if (withoutRequest(one) !== withoutRequest(other))
          differing.push(`${operation.id} ${word}: ${one} / ${other}`);
      }
    }
    expect(differing).toEqual([]);
  });

  it('keeps what is sealed out of the database and the log in the clear', async () => {
    for (const person of [master, ...Object.values(people)])
      // what they have asked is theirs, as they asked it
      await as(person, 'DELETE', `${TABLETOP}campaigns/${campaignId}/recent-searches`);
    const [dump, log] = [await dumpTables(database.url), server.output()];
    for (const word of planted.sealed)
      for (const form of formsOf(word)) {
        expect({ word, isInDump: dump.includes(form) }).toEqual({ word, isInDump: false });
        expect({ word, isInLog: log.includes(form) }).toEqual({ word, isInLog: false });
      }
    for (const word of planted.words)
      expect({ word, isInLog: log.includes(word) }).toEqual({ word, isInLog: false });
    expect((await get(server.url, '/health', { token: null })).status).toBe(200);
  });
});

/** What belongs to the one request. */
function withoutRequest(text: string): string {
  return text.replaceAll(
    /"(?:requestId|instance|tookMs|id|createdAt|searchedAt|askedAt)":(?:"[^"]*"|[\d.]+)/g,
    '',
  );
}
