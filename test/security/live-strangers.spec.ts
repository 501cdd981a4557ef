import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Frames } from '../../src/platform/realtime/frames.js';
import { get } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { LiveClient, RefusedUpgrade, type SeenFrame } from '../support/live-client.js';
import { newPerson, type Person } from '../support/people.js';
import { ADMIN_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { FRAMES_WITHOUT_OWNER, LIVE_GATEWAYS, LIVE_STORIES } from './live-frames.js';

/** Data that no frame means, whatever it is about. */
const NONSENSE = [undefined, null, 7, 'x', [], {}, { __proto__: null, unknown: true }, { id: '\0' }];

describe('a stranger at the sockets', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  let owner: Person;
  let stranger: Person;

  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startServerProcess({
      DATABASE_URL: database.url,
      TRUST_PROXY: '1',
      WS_MESSAGE_BURST: '1000',
    });
    [owner, stranger] = [await newPerson(server.url), await newPerson(server.url)];
  });
  afterAll(async () => {
    await server.stop();
    await database.drop();
  });

  const frames = LIVE_GATEWAYS.flatMap((gateway) =>
    gateway.receives.map(({ event }): [name: string, gateway: Frames, event: string] => [
      `${gateway.path} ${event}`,
      gateway,
      event,
    ]),
  );
  const open = (gateway: Frames, token: string): Promise<LiveClient> =>
    LiveClient.open(server.url, gateway, { token });
  const refusalOf = (gateway: Frames, token?: string): Promise<unknown> =>
    LiveClient.open(server.url, gateway, token === undefined ? {} : { token }).catch(
      (error: unknown) => error,
    );

  it('finds every gateway that runs in the list, and every frame with a story or a reason', async () => {
    const { text } = await get(server.url, '/asyncapi.yaml', { token: null });
    const running = [...text.matchAll(/address: "?(\/ws\/[\w-]+)/g)].map(([, path]) => path!);
    expect(LIVE_GATEWAYS.map(({ path }) => path).sort()).toEqual(running.sort());
    const known = [...Object.keys(LIVE_STORIES), ...Object.keys(FRAMES_WITHOUT_OWNER)];
    expect(known.sort()).toEqual(frames.map(([name]) => name).sort());
  });

  it.each(LIVE_GATEWAYS.map((gateway): [string, Frames] => [gateway.path, gateway]))(
    'is not let into %s without a token, with a wrong one, or without the permission',
    async (_path, gateway) => {
      expect(await refusalOf(gateway)).toMatchObject({ status: 401, body: { code: 'auth/missing-token' } });
      expect(await refusalOf(gateway, 'x'.repeat(40))).toMatchObject({
        status: 401,
        body: { code: 'auth/invalid-token' },
      });
      const outcome = await refusalOf(gateway, ADMIN_TOKEN); // may administer, and nothing of the domains
      expect(outcome).toBeInstanceOf(RefusedUpgrade);
      expect(outcome).toMatchObject({ status: 403, body: { code: 'auth/forbidden' } });
    },
  );

  it.each(frames)('gets no fault of ours for nonsense in %s', async (_name, gateway, event) => {
    const client = await open(gateway, stranger.accessToken);
    for (const data of NONSENSE) {
      const answer = await client.ask(event, data);
      if (answer.event === 'error') expect(answer.data.status).toBeLessThan(500);
    }
    client.assertDeclared();
    client.close();
  });

  const stories = Object.entries(LIVE_STORIES).map(([name, story]) => {
    const [, gateway, event] = frames.find(([frame]) => frame === name)!;
    return { name, gateway, event, story };
  });
  if (stories.length > 0)
    it.each(stories)('reaches nothing of somebody else by $name', async ({ gateway, event, story }) => {
      const data = await story.data(server.url, owner);
      const ask = async (person: Person, about: Record<string, unknown>): Promise<SeenFrame> => {
        const client = await open(gateway, person.accessToken);
        for (const [first, its] of story.before?.(about) ?? []) await client.ask(first, its);
        const answer = await client.ask(event, about);
        client.close();
        return answer;
      };
      // The stranger first: whatever it could change, its owner would find changed.
      const { event: refused, data: reason } = await ask(stranger, data);
      expect({ refused, status: reason.status }).toEqual({ refused: 'error', status: 404 });
      const { data: missing } = await ask(stranger, story.missing(data));
      expect({ status: missing.status, code: missing.code }).toEqual({ status: 404, code: reason.code });
      expect(await ask(owner, data)).not.toMatchObject({ event: 'error' });
    });
});
