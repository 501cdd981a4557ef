import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aFoundryCreature, aFoundryHero } from '../factories/foundry-samples.js';
import { expectProblem } from '../support/answer-shapes.js';
import { type DiscordSandbox, openDiscordSandbox } from '../../src/sandbox/discord/discord-sandbox.js';
import { type Answer, call, get, post } from '../support/api-client.js';
import { readArchive } from '../support/archive.js';
import { aBeyondSheet } from '../support/dndbeyond-sample.js';
import { zipOf } from '../support/zip-file.js';
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

const by = (person: Person) => ({ token: person.accessToken });

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

describe('imports', () => {
  interface Brought {
    id: string;
    state: string;
    error: string | null;
    counts: Record<string, number>;
    objects: [
      { id: string; name: string; outcome: string },
      ...{ id: string; name: string; outcome: string }[],
    ];
    conflicts: { path: string; ours: unknown; theirs: unknown }[];
    report: { odd: object[]; kept: string[]; counts: Record<string, number> };
  }
  const bring = (source: string, body: unknown, person = ada, more: object = {}): Promise<Answer> =>
    call(server.url, 'POST', `${campaign}/imports/${source}`, { ...by(person), body, ...more });
  const brought = async (source: string, body: unknown, person = ada): Promise<Brought> => {
    const { status, json, text } = await bring(source, body, person);
    if (status !== 201) throw new Error(text);
    return json as Brought;
  };
  const BYTES = { headers: { 'content-type': 'application/octet-stream' } };
  const worked = async (answer: Answer): Promise<Brought> => {
    if (answer.status !== 202) throw new Error(answer.text);
    const path = `${TABLETOP}/imports/${(answer.json as Brought).id}`;
    await waitUntil(
      'the import is over',
      20_000,
      async () => (await get(server.url, path, by(ada))).json.state !== 'waiting',
    );
    return (await get(server.url, path, by(ada))).json as Brought;
  };
  const character = async (id: string, person = ada): Promise<Record<string, never>> =>
    (await get(server.url, `${TABLETOP}/characters/${id}`, by(person))).json as Record<string, never>;
  const exported = (id: string, format: string, person = ada): Promise<Answer> =>
    get(server.url, `${TABLETOP}/characters/${id}/export?format=${format}`, by(person));

  it('of a Foundry actor come back as they were, and keep the master’s words from the party', async () => {
    const { objects, report } = await brought('foundry', aFoundryHero());
    expect(objects).toEqual([{ id: expect.any(String), name: 'Brannoch Thistlewind', outcome: 'created' }]);
    expect(report.kept).toContain('/prototypeToken');
    const [{ id }] = objects;
    expect(JSON.parse((await exported(id, 'foundry')).text)).toEqual(aFoundryHero());
    const secrets = await get(server.url, `${TABLETOP}/objects/${id}/secrets`, by(ada));
    expect(secrets.json.items).toMatchObject([
      { field: 'biography', text: 'Was once a spy of the Ashen Court.' },
    ]);
    expectProblem(await exported(id, 'foundry', player), 404, 'tabletop/unknown-object');
    await call(server.url, 'PATCH', `${TABLETOP}/characters/${id}`, {
      ...by(ada),
      body: { visibility: 'party', isOpen: true },
    });
    const seen = await exported(id, 'foundry', player);
    expect(seen.status).toBe(200);
    for (const text of [seen.text, JSON.stringify(await character(id, player))]) {
      expect(text).toContain('Sooty amulet');
      expect(text).not.toMatch(/Ashen|spy of/);
    }
  });

  it('of a D&D Beyond sheet bring what has changed there, keep what was changed here, and tell what both have', async () => {
    const first = await brought('dndbeyond', aBeyondSheet(), player);
    const [{ id }] = first.objects;
    const own = await character(id, player);
    expect(own).toMatchObject({
      name: 'Ser Ysolde Marrow',
      play: { sheet: { armorClass: { value: 19 }, hitPoints: { value: 68, max: 78 } } },
    });
    expect((await brought('dndbeyond', aBeyondSheet(), player)).objects).toMatchObject([
      { id, outcome: 'unchanged' },
    ]);
    const patch = { sheet: { hitPoints: { value: 12 }, alignment: 'Chaotic Good' } };
    const patched = await call(server.url, 'PATCH', `${TABLETOP}/characters/${id}`, {
      ...by(player),
      body: patch,
    });
    expect(patched.status).toBe(200);
    const later = aBeyondSheet();
    Object.assign(later.data, { removedHitPoints: 3, inspiration: false });
    const second = await brought('dndbeyond', later, player);
    expect(second.objects).toMatchObject([{ id, outcome: 'updated' }]);
    expect(second.conflicts).toMatchObject([{ path: '/sheet/hitPoints/value', ours: 12, theirs: 75 }]);
    expect(await character(id, player)).toMatchObject({
      play: { sheet: { hitPoints: { value: 12 }, alignment: 'Chaotic Good', inspiration: false } },
    });
    const named = await post(
      server.url,
      `${TABLETOP}/characters/import/dndbeyond`,
      { campaignId: campaign.split('/').at(-1), sheet: later },
      by(player),
    );
    expect(named.json.objects).toMatchObject([{ id }]);
  });

  it('of a sheet make its things an inventory, and bring later what has changed of each thing there', async () => {
    interface Entry {
      id: string;
      name: string;
      quantity: number;
      isEquipped: boolean;
      version: number;
    }
    const sheet = (): ReturnType<typeof aBeyondSheet> => {
      const made = aBeyondSheet();
      made.data.id = 70_009_999;
      return made;
    };
    const first = await brought('dndbeyond', sheet(), player);
    expect(JSON.stringify(first.report)).toContain('"to":"inventory"');
    const [{ id }] = first.objects;
    const things = async (): Promise<Entry[]> =>
      (await get(server.url, `${TABLETOP}/characters/${id}/inventory`, by(player))).json.items as Entry[];
    const change = async (
      method: 'PATCH' | 'DELETE',
      { id: entryId }: Entry,
      body?: object,
    ): Promise<void> => {
      const path = `${TABLETOP}/inventory/${entryId}`;
      const { status, text } = await call(server.url, method, path, { ...by(player), ...(body && { body }) });
      if (status >= 300) throw new Error(text);
    };
    const named = (list: readonly Entry[], name: string): Entry | undefined =>
      list.find((entry) => entry.name === name);
    const there = await things();
    expect(there).toHaveLength((sheet().data.inventory as unknown[]).length + 1);
    expect(named(there, 'Arrows')).toMatchObject({ quantity: 40, isEquipped: false, weightLb: 0.05 });
    expect(named(there, 'Marrow signet')).toMatchObject({ quantity: 1, notes: 'Her mother’s.' });

    await change('PATCH', named(there, 'Arrows')!, { quantity: 12, notes: 'Half of them wet.' });
    await change('PATCH', named(there, 'Marrow signet')!, { quantity: 2 });
    await change('DELETE', named(there, 'Quiver')!);
    await post(server.url, `${TABLETOP}/characters/${id}/inventory`, { name: 'Rope' }, by(player));
    expect((await brought('dndbeyond', sheet(), player)).objects).toMatchObject([
      { id, outcome: 'unchanged' },
    ]);

    const later = sheet();
    const inventory = later.data.inventory as { definition: { name: string }; quantity: number }[];
    inventory.find(({ definition }) => definition.name === 'Arrows')!.quantity = 30;
    const custom = later.data.customItems as { name: string }[];
    custom[0]!.name = 'Marrow seal';
    const second = await brought('dndbeyond', later, player);
    expect(second.objects).toMatchObject([{ id, outcome: 'updated' }]);
    expect(second.conflicts).toContainEqual(
      expect.objectContaining({
        path: expect.stringMatching(/^\/inventory\/#.*\/quantity$/),
        ours: 12,
        theirs: 30,
      }),
    );
    const after = await things();
    expect(named(after, 'Arrows')).toMatchObject({ quantity: 12, notes: 'Half of them wet.' });
    expect(named(after, 'Marrow seal')).toMatchObject({ quantity: 2 });
    expect([named(after, 'Quiver'), named(after, 'Rope')?.quantity]).toEqual([undefined, 1]);
    expect(after).toHaveLength(there.length);
  });

  it('of a player whose master approves become a proposal', async () => {
    const [{ id }] = (await brought('foundry', aFoundryCreature(), player)).objects;
    await call(server.url, 'PATCH', campaign, { ...by(ada), body: { needsApproval: true } });
    const later = aFoundryCreature() as { system: { details: { cr: number } } };
    later.system.details.cr = 5;
    expect((await brought('foundry', later, player)).objects).toMatchObject([{ id, outcome: 'proposed' }]);
    await call(server.url, 'PATCH', campaign, { ...by(ada), body: { needsApproval: false } });
    expect(await character(id, player)).toMatchObject({ play: { sheet: { challengeRating: 0.25 } } });
  });

  it('of our own files are what was exported', async () => {
    const [{ id }] = (await brought('dndbeyond', aBeyondSheet())).objects;
    const file = JSON.parse((await exported(id, 'json')).text) as { name: string; sheet: object };
    const table = await makeTable(server.url);
    const again = await post(
      server.url,
      `${TABLETOP}/characters/import/json`,
      { campaignId: table.campaignId, sheet: file },
      by(table.master),
    );
    expect(again.status).toBe(201);
    const [{ id: other }] = (again.json as Brought).objects;
    const { sheet } = JSON.parse((await exported(other, 'json', table.master)).text) as { sheet: object };
    expect(sheet).toEqual(file.sheet);
  });

  it('of lists and folders are jobs that tell what became of each thing', async () => {
    const table = Buffer.from('name,kind,tags\nBellhaven,city,port\nUlssin,npc,\n,city,\n');
    const first = await worked(await bring('csv', table, ada, BYTES));
    expect(first).toMatchObject({
      state: 'finished',
      counts: { created: 2 },
      report: { odd: [{ reason: 'has no name; left out' }] },
    });
    expect(await worked(await bring('csv', table, ada, BYTES))).toMatchObject({ counts: { unchanged: 2 } });
    const vault = await zipOf({
      'Places/The Pier.md': '---\ntags: [fog]\n---\nSee [[Bellhaven]].<script>1</script>',
      'a.png': 'x',
    });
    const notes = await worked(await bring('obsidian', vault, ada, BYTES));
    expect(notes.objects).toMatchObject([{ name: 'The Pier', outcome: 'created' }]);
    const list = await worked(
      await bring(
        'json',
        [
          { name: 'Eel', type: 'sandwich' },
          { name: 'Oar', type: 'item' },
        ],
        player,
      ),
    );
    expect(list.objects.map(({ outcome }) => outcome)).toEqual(['created', 'refused']);
    const zip = await get(server.url, `${campaign}/exports/obsidian`, by(ada));
    expect(zip.status).toBe(200);
    const download = await fetch(`${server.url}${campaign}/exports/obsidian`, {
      headers: { authorization: `Bearer ${player.accessToken}` },
    });
    const files = await readArchive(Buffer.from(await download.arrayBuffer()));
    expect([...files.keys()]).not.toContain('Locations/The Pier.md');
    expect([...files.keys()]).toContain('Notes/Eel.md');
  });

  it.each([
    ['private', 'dndbeyond', { success: false, data: null }, 'private-sheet'],
    ['of something else', 'dndbeyond', { name: 'x' }, 'not-a-sheet'],
    ['of another system', 'foundry', { ...aFoundryHero(), _stats: { systemId: 'pf2e' } }, 'other-system'],
    ['too deep', 'foundry', JSON.parse(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`), 'too-deep'],
  ])('are refused where they are %s', async (_, source, body, code) => {
    const refused = await bring(source, body);
    expectProblem(refused, 422, 'tabletop/import-refused');
    expect(refused.json.errors).toMatchObject([{ code }]);
  });

  it('of what is no list fail with the reason, and of what is endless at once', async () => {
    const failed = await worked(await bring('obsidian', Buffer.from('no archive'), ada, BYTES));
    expect(failed).toMatchObject({ state: 'failed', error: expect.stringContaining('ZIP') });
    const endless = await bring('foundry', Buffer.alloc(9 * 1_048_576, 0x20), ada, BYTES);
    expectProblem(endless, 413, 'tabletop/import-too-large');
  });

  it('are their bringer’s and the masters’ to look at', async () => {
    const { id } = await brought('dndbeyond', aBeyondSheet());
    expectProblem(
      await get(server.url, `${TABLETOP}/imports/${id}`, by(player)),
      404,
      'tabletop/unknown-import',
    );
    const mine = (await get(server.url, `${campaign}/imports?limit=100`, by(player))).json.items as Brought[];
    const all = (await get(server.url, `${campaign}/imports?limit=100`, by(ada))).json.items as Brought[];
    expect(mine.length).toBeGreaterThan(0);
    expect(all.length).toBeGreaterThan(mine.length);
    expect(mine.map((one) => one.id)).not.toContain(id);
  });

  it('of the same sheet at the same time make one character', async () => {
    const sheet = aBeyondSheet();
    sheet.data.id = 99;
    const answers = await Promise.all([bring('dndbeyond', sheet), bring('dndbeyond', sheet)]);
    for (const answer of answers.filter(({ status }) => status !== 201))
      expectProblem(answer, 409, 'tabletop/import-moved');
    const ids = answers
      .filter(({ status }) => status === 201)
      .map(({ json }) => (json as Brought).objects[0].id);
    expect(new Set(ids).size).toBe(1);
  });

  it('are in a campaign that is taken along, each with its own original, for its bringer and for masters', async () => {
    interface Source {
      objectId: string;
      source: string;
      importedBy: string;
      mapped: object;
      original: string | null;
    }
    const hero = { ...aFoundryHero(), name: 'Taken Along' };
    const [{ id: heroId }] = (await brought('foundry', hero)).objects;
    const taken = async (person: Person): Promise<Source[]> =>
      (await get(server.url, `${campaign}/export`, by(person))).json.importSources as Source[];
    const [all, own] = [await taken(ada), await taken(player)];
    const found = all.find(({ objectId }) => objectId === heroId)!;
    expect(JSON.parse(found.original!)).toEqual(hero);
    expect(JSON.stringify(found.mapped)).toContain('Taken Along');
    expect(all.length).toBeGreaterThan(own.length);
    expect(own.length).toBeGreaterThan(0);
    expect(new Set(own.map(({ importedBy }) => importedBy))).toEqual(new Set([player.id]));
    for (const { source, original } of all)
      if (source === 'foundry') expect(JSON.parse(original!)).toHaveProperty('system');
  });

  it('leave nothing of a master’s words in the clear', async () => {
    const rows = await queryRows(database.url, 'SELECT mapped, original FROM tabletop.import_source', []);
    expect(rows.length).toBeGreaterThan(0);
    for (const { mapped, original } of rows as { mapped: Buffer; original: Buffer | null }[])
      for (const bytes of [mapped, original]) expect(bytes?.includes('Brannoch') ?? false).toBe(false);
  });
});
