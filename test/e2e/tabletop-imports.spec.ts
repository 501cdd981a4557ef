import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, get } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import { READ_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';

// What comes into a campaign and goes out of it, and the reference that is the same for all.

const REFERENCE = '/api/v1/tabletop/reference';

let database: TestDatabase;
let server: ServerProcess;
let ada: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  ada = await newPerson(server.url);
}, 60_000);

afterAll(async () => {
  await server.stop();
  await database.drop();
});

describe('the reference', () => {
  const read = (path: string, token = ada.accessToken): Promise<Answer> =>
    get(server.url, `${REFERENCE}${path}`, { token });

  it('is found by name and shown with whom it is by, to people and to readers', async () => {
    const { status, json } = await read('?q=firebal&category=spell&limit=3');
    expect(status).toBe(200);
    expect(json.items[0]).toEqual({
      slug: 'spell-fireball',
      term: 'Fireball',
      category: 'spell',
      editions: ['5.1', '5.2'],
      summary: 'Level 3 evocation',
    });
    expect(json.attribution).toContain('Wizards of the Coast');
    const card = await read('/spell-fireball', READ_TOKEN);
    expect(card.json.attribution).toBe(json.attribution);
    expect(card.json.cards).toHaveLength(2);
    expect(card.json.cards[1].facts).toContain('Damage 8d6 fire');
  });

  it('is read in pages', async () => {
    const slugs: string[] = [];
    let cursor: string | null = null;
    do {
      const at: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { json } = await read(`?category=skill&edition=5.2&limit=5${at}`);
      slugs.push(...json.items.map(({ slug }: { slug: string }) => slug));
      cursor = json.nextCursor as string | null;
    } while (cursor !== null);
    expect(slugs).toHaveLength(18);
    expect(new Set(slugs).size).toBe(18);
    expect(slugs).toEqual(slugs.toSorted());
  });

  it.each([
    ['blank', `q=${encodeURIComponent('   ')}`],
    ['5,000 characters long', `q=${'a'.repeat(5_000)}`],
    ['of a category that there is not', 'category=sandwich'],
    ['with a cursor of something else', 'q=fire&cursor=WzFd'],
  ])('answers a question that is %s with 400', async (_, query) => {
    expect((await read(`?${query}`)).status).toBe(400);
  });

  it.each([encodeURIComponent("' OR 1=1 --"), encodeURIComponent('日本語'), '%25%5F'])(
    'finds nothing for %s',
    async (q) => {
      const { status, json } = await read(`?q=${q}`);
      expect({ status, items: json.items }).toEqual({ status: 200, items: [] });
    },
  );

  it('does not know what there is not', async () => {
    expectProblem(await read('/spell-of-nobody'), 404, 'tabletop/unknown-reference');
  });
});
