import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import type { Step } from '../../../test/support/fake-provider.js';
import { openOutbound, useOutbound } from '../../../test/support/outbound-trial.js';
import { PLAYER, profileAnswer } from '../../../test/support/profile-answers.js';
import { BungieClient } from './bungie.client.js';
import { BungieFault, type BungieFaultKind } from './bungie-fault.js';

const world = useOutbound();
const API_KEY = 'key-canary-0123456789';
const TOKEN = 'token-canary-0123456789';
let client: BungieClient;
let nowMs = 1_900_000_000_000;

const envelope = (given: object, status = 200): Step => ({
  status,
  body: JSON.stringify({
    ErrorCode: 1,
    ThrottleSeconds: 0,
    ErrorStatus: 'Success',
    Message: 'Ok',
    MessageData: {},
    ...given,
  }),
});
const failed = (code: number, status = 500, seconds = 0): Step =>
  envelope({ ErrorCode: code, ThrottleSeconds: seconds, Message: `canary ${TOKEN}` }, status);

async function faultOf(call: Promise<unknown>): Promise<BungieFault> {
  const error: unknown = await call.then(
    () => new Error('The call went well'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(BungieFault);
  return error as BungieFault;
}

beforeEach(async () => {
  await world.trial.outbound.onApplicationShutdown();
  nowMs += 7_200_000; // no silence of an earlier test holds any more
  world.trial = openOutbound(
    world.units,
    { sleep: (ms) => Promise.resolve(void (nowMs += ms)), nowMs: () => nowMs },
    () => nowMs,
  );
  client = new BungieClient(world.trial.outbound, {
    bungie: { apiKey: API_KEY, client: undefined, baseUrl: world.provider.url },
  });
});

/** Fault 3 of the original: keys and tokens in its logs. */
afterEach(() => expect(world.trial.logged.join()).not.toContain('canary'));

describe('a call', () => {
  it('carries the key, and the token that it was given and no other', async () => {
    world.provider.script(envelope({ Response: profileAnswer() }));
    const snapshot = await client.profile(PLAYER, [100, 900], { token: TOKEN });
    expect(snapshot).toMatchObject({ ...PLAYER, records: 'present', inventory: 'present' });
    await client.profile(PLAYER, [100]);
    expect(
      world.provider.seen.map(({ url, headers }) => [url, headers['x-api-key'], headers.authorization]),
    ).toEqual([
      [`/Platform/Destiny2/3/Profile/${PLAYER.membershipId}/?components=100,900`, API_KEY, `Bearer ${TOKEN}`],
      [`/Platform/Destiny2/3/Profile/${PLAYER.membershipId}/?components=100`, API_KEY, undefined],
    ]);
  });

  it('asks each of its questions at Bungie’s address for it', async () => {
    world.provider.script(
      envelope({ Response: { destiny2CoreSettings: { exoticCatalystsRootNodeHash: 1_984_921_914 } } }),
      envelope({
        Response: {
          version: '241051.26.06.01.1730-3-bnet.61000',
          mobileWorldContentPaths: { en: '/common/destiny2_content/sqlite/en/a.content' },
          jsonWorldComponentContentPaths: { en: { DestinyRecordDefinition: '/common/x.json', Odd: '/../x' } },
        },
      }),
      envelope({ Response: { destinyMemberships: [], bungieNetUser: { membershipId: '9' } } }),
      envelope({ Response: { profiles: [{ ...PLAYER, dateLastPlayed: '2026-06-09T16:58:00Z' }] } }),
      envelope({ Response: { hash: 5 } }),
      failed(21, 404),
    );
    expect((await client.settings()).exoticCatalystsRootNodeHash).toBe(1_984_921_914);
    const { tables, databases } = await client.manifest();
    expect([...tables.get('en')!]).toEqual([['DestinyRecordDefinition', '/common/x.json']]);
    expect([...databases.keys()]).toEqual(['en']);
    expect(await client.memberships(TOKEN)).toMatchObject({ bungieId: '9', cards: [] });
    expect(await client.linkedProfiles('9')).toEqual([
      { ...PLAYER, lastPlayedAtMs: Date.parse('2026-06-09T16:58:00Z') },
    ]);
    expect(await client.definition('DestinyRecordDefinition', 5)).toEqual({ hash: 5 });
    expect(await client.definition('DestinyRecordDefinition', 6)).toBeNull();
    await expect(client.definition('../../App', 6)).rejects.toThrow(TypeError);
    expect(world.provider.seen.map(({ url }) => url)).toEqual([
      '/Platform/Settings/',
      '/Platform/Destiny2/Manifest/',
      '/Platform/User/GetMembershipsForCurrentUser/',
      '/Platform/Destiny2/254/Profile/9/LinkedProfiles/',
      '/Platform/Destiny2/Manifest/DestinyRecordDefinition/5/',
      '/Platform/Destiny2/Manifest/DestinyRecordDefinition/6/',
    ]);
  });

  it('without a key ends before it begins', async () => {
    const keyless = new BungieClient(world.trial.outbound, { bungie: undefined });
    expect([keyless.isConfigured, (await faultOf(keyless.settings())).kind]).toEqual([false, 'key']);
  });

  it('that nobody wants any more ends with the caller’s own reason', async () => {
    world.provider.script('hang');
    const controller = new AbortController();
    const reason = new Error('enough');
    const call = client.settings({ signal: controller.signal });
    setTimeout(() => controller.abort(reason), 50);
    await expect(call).rejects.toBe(reason);
  });
});

describe('an error of the API', () => {
  it.each<[number, BungieFaultKind]>([
    [5, 'maintenance'],
    ...[31, 35, 36, 37, 51, 54, 55, 56, 57, 1672].map((code): [number, BungieFaultKind] => [
      code,
      'throttled',
    ]),
    ...[99, 2106, 2111, 2122, 2123, 2124].map((code): [number, BungieFaultKind] => [code, 'sign_in_again']),
    [12, 'private'],
    [1665, 'private'],
    [1601, 'no_account'],
    ...[2101, 2102, 2103].map((code): [number, BungieFaultKind] => [code, 'key']),
    [1618, 'unexpected'],
    [987_654, 'unexpected'],
  ])('%i is %s, with every status, tried once and without a word of Bungie’s', async (code, kind) => {
    for (const status of [200, 401, 403, 500, 503]) {
      nowMs += 7_200_000;
      world.provider.script(failed(code, status, 11));
      const fault = await faultOf(client.profile(PLAYER, [900], { token: TOKEN }));
      expect([fault.kind, fault.retryAfterMs]).toEqual([kind, 11_000]);
      expect(world.provider.seen).toHaveLength(1);
      expect(inspect(fault, { depth: 10 })).not.toContain('canary');
    }
    nowMs += 7_200_000;
    world.provider.script(envelope({ Response: profileAnswer() }));
    expect(await client.profile(PLAYER, [900])).toMatchObject(PLAYER); // none of them has opened the circuit
  });

  it('of all calls silences all processes for its ThrottleSeconds; one of a player or endpoint does not', async () => {
    world.provider.script(failed(57, 500, 10), failed(36, 200, 10));
    await faultOf(client.settings());
    await faultOf(client.settings());
    nowMs += 4_000;
    const other = openOutbound(world.units, { nowMs: () => nowMs }, () => nowMs);
    const silenced = new BungieClient(other.outbound, {
      bungie: { apiKey: API_KEY, client: undefined, baseUrl: world.provider.url },
    });
    expect(await faultOf(silenced.settings())).toMatchObject({ kind: 'throttled', retryAfterMs: 6_000 });
    expect(world.provider.seen).toHaveLength(2);
    await other.outbound.onApplicationShutdown();
  });
});

describe('an answer that is none', () => {
  it.each<[string, Step, BungieFaultKind, number]>([
    ['half a body', 'half-body', 'unreachable', 2],
    ['a reset', 'reset', 'unreachable', 2],
    ['a page of an outage', { status: 503, body: '<html>canary</html>' }, 'unreachable', 2],
    ['a page', { body: '<html>canary</html>' }, 'malformed', 1],
    ['JSON that was cut', { body: '{"Response":{"canary":' }, 'malformed', 1],
    ['JSON of another kind', { body: '[1]' }, 'malformed', 1],
    ['an envelope without a code', { body: '{"Response":{}}' }, 'malformed', 1],
    ['an envelope of something else', envelope({ Response: [] }), 'malformed', 1],
    ['an empty envelope', envelope({}), 'malformed', 1],
    [
      'the way to elsewhere',
      { status: 302, headers: { location: 'http://127.0.0.1:1/canary' } },
      'malformed',
      1,
    ],
    ['nothing for this token', { status: 401, body: '' }, 'sign_in_again', 1],
    ['nothing here', { status: 404, body: '<html>canary</html>' }, 'unexpected', 1],
    ['429 of a gateway', { status: 429, headers: { 'retry-after': '30' }, body: '' }, 'throttled', 1],
  ])('such as %s is a fault of its kind', async (_what, step, kind, tries) => {
    world.provider.script(step);
    const fault = await faultOf(client.profile(PLAYER, [900], { token: TOKEN }));
    expect([fault.kind, world.provider.seen.length]).toEqual([kind, tries]);
    expect(inspect(fault, { depth: 10 })).not.toContain('canary');
  });

  it('is not had from nowhere', async () => {
    const port = 1; // nothing listens there
    const lost = new BungieClient(world.trial.outbound, {
      bungie: { apiKey: API_KEY, client: undefined, baseUrl: `http://127.0.0.1:${port}` },
    });
    expect((await faultOf(lost.settings())).kind).toBe('unreachable');
  });
});

describe('the budget', () => {
  it('is used to 95 % and never above 250 calls in any ten seconds', async () => {
    const at: number[] = [];
    world.provider.script((response) => {
      at.push(nowMs);
      response.end(JSON.stringify({ ErrorCode: 1, Response: { destiny2CoreSettings: {} } }));
    });
    const startedAtMs = nowMs;
    while (nowMs - startedAtMs < 30_000)
      await Promise.all(Array.from({ length: 24 }, () => client.settings()));
    for (const [index, startMs] of at.entries()) {
      const inTenSeconds = at.slice(index).findIndex((ms) => ms - startMs >= 10_000);
      expect(inTenSeconds).toBeLessThanOrEqual(250);
    }
    const used = at.filter((ms) => ms - startedAtMs < 30_000).length / (25 * 30);
    expect(used).toBeGreaterThanOrEqual(0.95);
    expect(used).toBeLessThanOrEqual(1);
  });
});
