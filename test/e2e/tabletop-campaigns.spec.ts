import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { TABLETOP_ERROR } from '../../src/tabletop/tabletop.errors.js';
import { makeCampaign, makeTable, makeTabletopObject } from '../security/tabletop-core-stories.js';
import { type Answer, call, get } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { dumpTables } from '../support/table-dump.js';

// Campaigns over HTTP, as masters, players, observers and strangers use them.

const TABLETOP = '/api/v1/tabletop';
const CAMPAIGNS = `${TABLETOP}/campaigns`;

let database: TestDatabase;
let server: ServerProcess;
let master: Person;
let member: Person;
let stranger: Person;
let campaignId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  ({ master, member, campaignId } = await makeTable(server.url));
  stranger = await newPerson(server.url);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const as =
  ({ accessToken: token }: Person) =>
  (method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> =>
    call(server.url, method, path, { token, headers, ...(body && { body }) });
const aNote = (more: object = {}): Promise<string> =>
  makeTabletopObject(server.url, master.accessToken, 'notes', campaignId, more);

describe('a campaign', () => {
  it('is founded once for a key, found by those who sit there, and changed by its masters', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const wish = { name: 'Emberfall', system: 'dnd5e', tone: { mood: 'grim' } };
    const first = await as(master)('POST', CAMPAIGNS, wish, key);
    const again = await as(master)('POST', CAMPAIGNS, wish, key);
    expect([first.status, again.json]).toEqual([201, first.json]);
    expect(first.json).toMatchObject({ ...wish, role: 'gm', isOwner: true, language: 'en', aiPolicy: 'off' });
    const path = `${CAMPAIGNS}/${(first.json as { id: string }).id}`;
    const changed = await as(master)('PATCH', path, { description: 'Ash.' }, { 'if-match': '"1"' });
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"']);
    const stale = await as(master)('PATCH', path, { description: 'Snow.' }, { 'if-match': '"1"' });
    expectProblem(stale, 412, TABLETOP_ERROR.stale);
    const odd = await as(master)('PATCH', path, { description: 'Snow.' }, { 'if-match': 'one' });
    expectProblem(odd, 400, TABLETOP_ERROR.invalidIfMatch);
    const loud = await as(master)('PATCH', path, { tone: { mood: 5 } });
    expectProblem(loud, 422, TABLETOP_ERROR.invalidTone);
    expectProblem(await as(stranger)('GET', path), 404, TABLETOP_ERROR.unknownCampaign);
    expect((await as(stranger)('GET', CAMPAIGNS)).json).toEqual({ items: [], nextCursor: null });
  });

  it('is closed to nobody’s wishes: a member’s are refused by role', async () => {
    const path = `${CAMPAIGNS}/${campaignId}`;
    const answers = await Promise.all([
      as(member)('PATCH', path, { name: 'Mine' }),
      as(member)('DELETE', path),
      as(member)('POST', `${path}/invites`, { role: 'gm' }),
      as(member)('GET', `${path}/audit`),
      as(member)('GET', `${path}/objects?deleted=true`),
    ]);
    for (const answer of answers) expectProblem(answer, 403, TABLETOP_ERROR.roleTooLow);
  });

  it('is taken along as its reader sees it, unless its masters say no', async () => {
    const [open, hidden] = [
      await aNote({ name: 'Open lore', visibility: 'party' }),
      await aNote({ name: 'Hidden lore' }),
    ];
    await as(master)('PUT', `${TABLETOP}/objects/${open}/secrets/true-name`, { text: 'Vecna himself' });
    const exported = async (person: Person): Promise<string> =>
      (await as(person)('GET', `${CAMPAIGNS}/${campaignId}/export`)).text;
    const [all, some] = [await exported(master), await exported(member)];
    expect(JSON.parse(all)).toMatchObject({
      format: 'guildhall-campaign/1',
      members: [{ role: 'gm' }, { role: 'player' }],
    });
    for (const text of [hidden, 'Hidden lore', 'Vecna himself']) {
      expect(all).toContain(text);
      expect(some).not.toContain(text);
    }
    expect(some).toContain(open);
    await as(master)('PATCH', `${CAMPAIGNS}/${campaignId}`, { hasExports: false });
    const refused = await as(member)('GET', `${CAMPAIGNS}/${campaignId}/export`);
    expectProblem(refused, 403, TABLETOP_ERROR.exportsOff);
  });
});

describe('seats, invitations and grants', () => {
  it('are refused with a reason', async () => {
    const path = `${CAMPAIGNS}/${campaignId}`;
    const { json } = await as(master)('POST', `${path}/invites`, { role: 'player', mostUses: 3 });
    const { code, id } = json as { code: string; id: string };
    const join = (person: Person, sent = code): Promise<Answer> =>
      as(person)('POST', `${TABLETOP}/invites/accept`, { code: sent, displayName: 'Somebody' });
    expectProblem(await join(member), 409, TABLETOP_ERROR.alreadySeated);
    expectProblem(await join(stranger, 'ABCD-EFGH-2345-6789'), 404, TABLETOP_ERROR.unknownInvite);
    expect((await as(master)('DELETE', `${path}/invites/${id}`)).status).toBe(204);
    expectProblem(await join(stranger), 404, TABLETOP_ERROR.unknownInvite);
    const nobody = await as(master)('PATCH', `${path}/members/${stranger.id}`, { role: 'gm' });
    expectProblem(nobody, 404, TABLETOP_ERROR.unknownMember);
    expectProblem(await as(master)('DELETE', `${path}/members/${master.id}`), 409, TABLETOP_ERROR.ownerStays);
    const objectId = await aNote();
    const lend = { objectId, level: 'read' };
    const lent = await as(master)('POST', `${path}/grants`, { ...lend, userId: stranger.id });
    expectProblem(lent, 422, TABLETOP_ERROR.notAMember);
    expectProblem(await as(master)('DELETE', `${path}/grants/${id}`), 404, TABLETOP_ERROR.unknownGrant);
    for (let at = 0; at < 50; at += 1) await as(master)('POST', `${path}/invites`, { role: 'player' });
    const more = await as(master)('POST', `${path}/invites`, { role: 'player' });
    expectProblem(more, 409, TABLETOP_ERROR.tooMany);
  });
});

describe('an object', () => {
  it('is lent, told who sees it, and previewed as a member sees it', async () => {
    const id = await aNote({ name: 'The heir', visibility: 'gm' });
    const at = `${TABLETOP}/objects/${id}`;
    expectProblem(await as(member)('GET', at), 404, TABLETOP_ERROR.unknownObject);
    const preview = async (): Promise<object> =>
      (await as(master)('GET', `${at}/preview?as=${member.id}`)).json;
    expect(await preview()).toEqual({ object: null, secrets: [] });
    await as(master)('PUT', `${at}/secrets/father`, { text: 'The lich', shownTo: [member.id] });
    await as(master)('PUT', `${at}/secrets/mother`, { text: 'Nobody knows' });
    await as(master)('POST', `${CAMPAIGNS}/${campaignId}/grants`, {
      objectId: id,
      userId: member.id,
      level: 'read',
    });
    expect((await as(member)('GET', at)).json).toMatchObject({ name: 'The heir', shownTo: null });
    expect(await preview()).toMatchObject({
      object: { id },
      secrets: [{ field: 'father', text: 'The lich' }],
    });
    expect((await as(member)('GET', `${at}/secrets`)).json).toEqual({
      items: [expect.objectContaining({ field: 'father', shownTo: null })],
    });
    const viewers = (await as(master)('GET', `${at}/viewers`)).json as { members: object[] };
    expect(viewers.members).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          userId: master.id,
          because: ['gm'],
          canWrite: true,
          secrets: ['father', 'mother'],
        }),
        expect.objectContaining({
          userId: member.id,
          because: ['grant'],
          canWrite: false,
          secrets: ['father'],
        }),
      ]),
    );
    expectProblem(await as(member)('GET', `${at}/viewers`), 403, TABLETOP_ERROR.roleTooLow);
    expectProblem(
      await as(master)('GET', `${at}/preview?as=${stranger.id}`),
      404,
      TABLETOP_ERROR.unknownMember,
    );
    expectProblem(await as(master)('DELETE', `${at}/secrets/brother`), 404, TABLETOP_ERROR.unknownSecret);
    expectProblem(
      await as(member)('PUT', `${at}/secrets/father`, { text: 'x' }),
      403,
      TABLETOP_ERROR.roleTooLow,
    );
  });

  it('keeps its secrets sealed: neither the database nor the log tells one', async () => {
    const id = await aNote({ visibility: 'party' });
    const word = `secret-${randomUUID()}`;
    const put = await as(master)('PUT', `${TABLETOP}/objects/${id}/secrets/truth`, { text: word });
    expect(put.json).toMatchObject({ text: word, version: 1 });
    expect((await as(member)('GET', `${TABLETOP}/objects/${id}/secrets`)).json).toEqual({ items: [] });
    const log = await as(master)('GET', `${CAMPAIGNS}/${campaignId}/audit?objectId=${id}`);
    expect(log.json).toMatchObject({
      items: [{ kind: 'secret', action: 'made', after: { field: 'truth' } }, {}],
    });
    expect(log.text).not.toContain(word);
    expect(await dumpTables(database.url)).not.toContain(word);
    expect(server.output()).not.toContain(word);
  });

  it('is deleted, listed among the deleted, and restored', async () => {
    const id = await aNote({ name: 'Gone', visibility: 'party' });
    expect((await as(member)('DELETE', `${TABLETOP}/notes/${id}`)).status).toBe(403);
    const stale = await as(master)('DELETE', `${TABLETOP}/notes/${id}`, undefined, { 'if-match': '"9"' });
    expectProblem(stale, 412, TABLETOP_ERROR.stale);
    expect((await as(master)('DELETE', `${TABLETOP}/notes/${id}`)).status).toBe(204);
    for (const person of [master, member])
      expectProblem(await as(person)('GET', `${TABLETOP}/notes/${id}`), 404, TABLETOP_ERROR.unknownObject);
    const gone = await as(master)('GET', `${CAMPAIGNS}/${campaignId}/objects?deleted=true&kinds=note`);
    expect(gone.text).toContain(id);
    expect((await as(master)('POST', `${TABLETOP}/objects/${id}/restore`)).json).toMatchObject({
      version: 3,
    });
    expect((await as(member)('GET', `${TABLETOP}/notes/${id}`)).json).toMatchObject({ name: 'Gone' });
  });

  it('takes no id that is taken, and no body that says too much', async () => {
    const id = await aNote();
    const elsewhere = await makeCampaign(server.url, stranger.accessToken);
    const taken = await as(stranger)('POST', `${CAMPAIGNS}/${elsewhere}/notes`, { id, name: 'Mine' });
    expectProblem(taken, 409, TABLETOP_ERROR.objectIdTaken);
    for (const body of [{ name: '' }, { name: 'x', visibility: 'all' }, { name: 'x', kind: 'map' }, {}])
      expect((await as(master)('POST', `${CAMPAIGNS}/${campaignId}/notes`, body)).status).toBe(400);
  });

  it('is listed page by page by name, the same for all who see the same', async () => {
    const { master: other, campaignId: own } = await makeTable(server.url);
    const names = ['aa', 'ab', 'b', 'ä', 'Z'];
    for (const name of names) await makeTabletopObject(server.url, other.accessToken, 'notes', own, { name });
    const listed: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { json } = await get(
        server.url,
        `${CAMPAIGNS}/${own}/notes?limit=2${cursor && `&cursor=${cursor}`}`,
        { token: other.accessToken },
      );
      const page = json as { items: { name: string }[]; nextCursor: string | null };
      listed.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
    }
    expect([...listed].sort()).toEqual([...names].sort());
    const begun = await as(other)('GET', `${CAMPAIGNS}/${own}/objects?name=A`);
    expect((begun.json as { items: object[] }).items).toHaveLength(2);
  });
});
