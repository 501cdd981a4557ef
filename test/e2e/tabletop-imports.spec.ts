import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectProblem } from '../support/answer-shapes.js';
import { type DiscordSandbox, openDiscordSandbox } from '../../src/sandbox/discord/discord-sandbox.js';
import { type Answer, call, get, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import type { Person } from '../support/people.js';
import { makeTable } from '../security/tabletop-core-stories.js';
import { A_WEBHOOK } from '../security/tabletop-imports-stories.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';
import { READ_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';

// What comes into a campaign and goes out of it, and the reference that is the same for all.

const TABLETOP = '/api/v1/tabletop';
const REFERENCE = `${TABLETOP}/reference`;

let database: TestDatabase;
let server: ServerProcess;
let discord: DiscordSandbox;
let ada: Person;
let player: Person;
let campaign: string;

beforeAll(async () => {
  database = await createTestDatabase();
  discord = await openDiscordSandbox();
  server = await startServerProcess({ DATABASE_URL: database.url, DISCORD_URL: discord.url });
  const table = await makeTable(server.url);
  [ada, player] = [table.master, table.member];
  campaign = `${TABLETOP}/campaigns/${table.campaignId}`;
}, 60_000);

afterAll(async () => {
  await server.stop();
  await discord.close();
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

describe('posts to Discord', () => {
  interface Post {
    id: string;
    state: string;
    error: string | null;
    parts: { state: string; content: string }[];
  }
  const by = (person: Person) => ({ token: person.accessToken });
  const send = (sessionId: string, person = ada): Promise<Answer> =>
    post(server.url, `${TABLETOP}/sessions/${sessionId}/discord/post`, undefined, by(person));
  const posts = async (sessionId: string): Promise<Post[]> =>
    (await get(server.url, `${TABLETOP}/sessions/${sessionId}/discord/posts`, by(ada))).json.items as Post[];
  const settled = async (sessionId: string): Promise<Post> => {
    await waitUntil(
      'the post is settled',
      20_000,
      async () => (await posts(sessionId))[0]?.state !== 'waiting',
    );
    return (await posts(sessionId))[0]!;
  };
  let nextNumber = 1;
  const aSession = async (more: object = {}): Promise<string> => {
    const wish = {
      name: `Session ${nextNumber}`,
      visibility: 'party',
      summary: 'The bell rang. @everyone fled.',
      ...more,
      details: { number: nextNumber, scenes: [{ title: 'The pier', text: 'Fog. '.repeat(300) }, { title: 'The bell', text: 'Deep. '.repeat(200) }] },
    }; // prettier-ignore
    nextNumber += 1;
    const made = await post(server.url, `${campaign}/sessions`, wish, by(ada));
    if (made.status !== 201) throw new Error(made.text);
    return (made.json as { id: string }).id;
  };
  const setChannel = (): Promise<Answer> =>
    call(server.url, 'PUT', `${campaign}/discord`, {
      ...by(ada),
      body: { url: A_WEBHOOK, label: 'table-talk' },
    });

  it('need a channel, whose address is shown by its end and stored sealed', async () => {
    const sessionId = await aSession();
    expectProblem(await send(sessionId), 404, 'tabletop/unknown-discord-channel');
    expectProblem(
      await get(server.url, `${campaign}/discord`, by(ada)),
      404,
      'tabletop/unknown-discord-channel',
    );
    const wrong = {
      url: 'https://discord.com.example.org/api/webhooks/123456789012345678/xxxxxxxxxxxxxxxxxxxxxxxx',
    };
    const refused = await call(server.url, 'PUT', `${campaign}/discord`, { ...by(ada), body: wrong });
    expectProblem(refused, 422, 'tabletop/invalid-webhook');
    const set = await setChannel();
    expect(set.json).toMatchObject({ lastFour: A_WEBHOOK.slice(-4), label: 'table-talk' });
    expect(set.text).not.toContain('abcDEF');
    const [row] = (await queryRows(database.url, 'SELECT sealed_url FROM tabletop.discord_channel', [])) as [
      { sealed_url: Buffer },
    ];
    expect(row.sealed_url.includes('abcDEF')).toBe(false);
    const hosts = (await get(server.url, `${campaign}/outbound`, by(ada))).json.items;
    expect(hosts).toContainEqual(
      expect.objectContaining({ host: new URL(discord.url).host, isEnabled: true }),
    );
  });

  it('say what the party sees, in messages in their order, once', async () => {
    const sessionId = await aSession();
    const secret = 'The smith rang it himself';
    await call(server.url, 'PUT', `${TABLETOP}/objects/${sessionId}/secrets/truth`, {
      ...by(ada),
      body: { text: secret },
    });
    const before = discord.messages.length;
    const first = await send(sessionId);
    expect(first.status).toBe(202);
    const done = await settled(sessionId);
    expect(done).toMatchObject({ state: 'sent', error: null });
    const said = discord.messages.slice(before);
    expect(said.map(({ content }) => content)).toEqual(done.parts.map(({ content }) => content));
    expect(said.length).toBeGreaterThan(1);
    expect(said[0]!.content).toContain('The bell rang.');
    for (const { content, allowedMentions } of said) {
      expect(content).not.toContain('@everyone');
      expect(content).not.toContain(secret);
      expect(allowedMentions).toEqual({ parse: [] });
    }
    const again = await send(sessionId);
    expect(again.json.id).toBe(first.json.id);
    await settled(sessionId);
    expect(discord.messages.length).toBe(before + said.length);
  });

  it('obey Discord’s patience and outlast its faults', async () => {
    const sessionId = await aSession();
    const before = discord.messages.length;
    discord.fail('rate-limit');
    discord.fail('down');
    await send(sessionId);
    const done = await settled(sessionId);
    expect(done.state).toBe('sent');
    expect(discord.messages.length).toBe(before + done.parts.length);
  }, 40_000);

  it('stop at a message of which nobody knows, and go on when a master says so', async () => {
    const sessionId = await aSession();
    const before = discord.messages.length;
    discord.fail('cut-after');
    await send(sessionId);
    const unsure = await settled(sessionId);
    expect(unsure).toMatchObject({ state: 'failed', error: 'unanswered' });
    expect(unsure.parts.map(({ state }) => state)).toEqual([
      'unsure',
      ...unsure.parts.slice(1).map(() => 'waiting'),
    ]);
    expect(discord.messages.length).toBe(before + 1);
    await send(sessionId);
    await waitUntil(
      'the post has gone out',
      20_000,
      async () => (await posts(sessionId))[0]?.state === 'sent',
    );
  });

  it('fail where the webhook is gone', async () => {
    const sessionId = await aSession();
    discord.fail('gone');
    await send(sessionId);
    expect(await settled(sessionId)).toMatchObject({ state: 'failed', error: 'refused' });
  });

  it('say nothing that the party does not see', async () => {
    const hidden = await aSession({ visibility: 'gm' });
    const requests = discord.requests();
    expectProblem(await send(hidden), 409, 'tabletop/not-for-party');
    const endless = await aSession({ body: 'And then. '.repeat(15_000) });
    expectProblem(await send(endless), 422, 'tabletop/nothing-to-post');
    expect(discord.requests()).toBe(requests);
  });

  it('are the masters’ matter', async () => {
    const sessionId = await aSession();
    expectProblem(await send(sessionId, player), 403, 'tabletop/role-too-low');
    for (const path of [
      `${campaign}/discord`,
      `${campaign}/outbound`,
      `${TABLETOP}/sessions/${sessionId}/discord/posts`,
    ])
      expectProblem(await get(server.url, path, by(player)), 403, 'tabletop/role-too-low');
    const hidden = await aSession({ visibility: 'gm' });
    expectProblem(await send(hidden, player), 404, 'tabletop/unknown-object');
  });

  it('are over when the channel is forgotten', async () => {
    const sessionId = await aSession();
    expect((await call(server.url, 'DELETE', `${campaign}/discord`, by(ada))).status).toBe(204);
    expectProblem(await send(sessionId), 404, 'tabletop/unknown-discord-channel');
  });
});
