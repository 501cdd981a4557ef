import { afterEach, describe, expect, it } from '@jest/globals';
import {
  at,
  BUNGIE_CLIENT,
  BUNGIE_START,
  BungieTrial,
  type Tree,
} from '../../../test/support/bungie-trial.js';
import { type BungieSandboxOptions, SANDBOX_HEADER } from './bungie-sandbox.js';
import { BUNGIE_FAULTS } from './bungie-faults.js';
import { BUNGIE_RATE } from './bungie-rate.js';

const ME = '/Platform/User/GetMembershipsForCurrentUser/';
const HOUR_MS = 3_600_000;

let trial: BungieTrial;
const open = async (options: Partial<BungieSandboxOptions> = {}): Promise<BungieTrial> => {
  trial = await BungieTrial.open(options);
  return trial;
};

afterEach(() => trial.close());

describe('signing in', () => {
  it('gives the player that was asked for, the first otherwise, and whoever is next', async () => {
    const { sandbox } = await open();
    const idOf = async (query: Record<string, string>): Promise<unknown> => {
      const answer = await trial.authorize(query);
      const back = new URL(answer.headers.get('location')!);
      expect(back.searchParams.get('state')).toBe('s7');
      expect(back.href.startsWith(BUNGIE_CLIENT.redirectUris[0]!)).toBe(true);
      const code = back.searchParams.get('code')!;
      return (await trial.token({ grant_type: 'authorization_code', code }, 'form')).body['membership_id'];
    };
    expect(await idOf({ login_hint: 'linus' })).toBe(sandbox.player('linus').bungieMembershipId);
    expect(await idOf({})).toBe(sandbox.player('ada').bungieMembershipId);
    sandbox.signInAs('grace');
    expect(await idOf({})).toBe(sandbox.player('grace').bungieMembershipId);
    expect(await idOf({})).toBe(sandbox.player('ada').bungieMembershipId);
  });

  it('shows people a page, and refuses strangers’ addresses, scopes, and what a player denies', async () => {
    await open();
    const page = await (await trial.authorize({}, { accept: 'text/html,*/*' })).text();
    expect(page).toContain('login_hint=grace');
    expect(page).toContain('stand-in');
    expect((await trial.authorize({ redirect_uri: 'http://evil.example/' })).status).toBe(400);
    expect((await trial.authorize({ client_id: 'other' })).status).toBe(400);
    const errorOf = async (query: Record<string, string>): Promise<string | null> =>
      new URL((await trial.authorize(query)).headers.get('location')!).searchParams.get('error');
    expect(await errorOf({ scope: 'ReadBasicUserProfile' })).toBe('invalid_scope');
    expect(await errorOf({ sandbox_deny: '1' })).toBe('access_denied');
    expect(await errorOf({ login_hint: 'nobody' })).toBe('access_denied');
  });

  it('gives pairs that rotate: the old refresh token is used up, the new one goes on', async () => {
    await open();
    const first = await trial.signIn('ada');
    expect(first.answer.body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 3_600,
      refresh_expires_in: 7_776_000,
    });
    const second = await trial.refresh(first.refresh);
    expect(second.status).toBe(200);
    expect(await trial.refresh(first.refresh)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', error_description: 'ProvidedTokenNotValidRefreshToken' },
    });
    expect((await trial.refresh(String(second.body['refresh_token']))).status).toBe(200);
    expect((await trial.get(ME, first.access)).body['ErrorCode']).toBe(1);
  });

  it('ends tokens by the clock, codes after one use, and all of it when the player revokes', async () => {
    const { sandbox } = await open();
    const code = await trial.codeOf('ada');
    const form = { grant_type: 'authorization_code', code };
    const { body } = await trial.token(form);
    expect((await trial.token(form)).body['error_description']).toBe('AuthorizationCodeInvalid');
    const late = await trial.codeOf('ada');
    sandbox.advance(HOUR_MS);
    const stale = await trial.token({ grant_type: 'authorization_code', code: late });
    expect(stale.body['error_description']).toBe('AuthorizationCodeStale');
    expect((await trial.get(ME, String(body['access_token']))).body['ErrorCode']).toBe(99);
    const { access, refresh } = await trial.signIn('ada');
    const other = await trial.signIn('grace');
    expect(sandbox.player('ada').revoke()).toBeGreaterThan(0);
    expect((await trial.get(ME, access)).body['ErrorCode']).toBe(99);
    expect((await trial.refresh(refresh)).body['error_description']).toBe('AuthorizationRecordRevoked');
    expect((await trial.get(ME, other.access)).body['ErrorCode']).toBe(1);
    sandbox.advance(91 * 24 * HOUR_MS);
    expect((await trial.refresh(other.refresh)).body['error_description']).toBe('RefreshTokenExpired');
  });
});

describe('the platform', () => {
  it('needs the key, and a token where something is somebody’s own', async () => {
    await open();
    expect(await trial.get(ME, undefined, null)).toMatchObject({ status: 401, body: { ErrorCode: 2_102 } });
    expect(await trial.get(ME, undefined, 'other')).toMatchObject({
      status: 401,
      body: { ErrorCode: 2_101 },
    });
    expect(await trial.get(ME)).toMatchObject({
      status: 401,
      body: { ErrorCode: 99, ErrorStatus: 'WebAuthRequired', ThrottleSeconds: 0, MessageData: {} },
    });
    expect((await trial.get('/Platform/Settings/', 'forged')).body['ErrorCode']).toBe(99);
    expect(await trial.get('/Platform/Nothing/')).toMatchObject({ status: 404, body: { ErrorCode: 21 } });
    expect((await trial.get(trial.profilePath('ada', ''))).body['ErrorCode']).toBe(18);
    expect((await trial.get(trial.profilePath('ada', 'Catalysts'))).body['ErrorCode']).toBe(7);
    expect(
      at(
        (await trial.get(trial.profilePath('ada', 'Profiles'))).body,
        'Response.profile.data.userInfo.membershipId',
      ),
    ).toBe(trial.sandbox.player('ada').profile.membershipId);
  });

  it('says of every answer that it is a stand-in’s, and writes down no token', async () => {
    const { sandbox } = await open();
    const { access, refresh, answer } = await trial.signIn('ada');
    const { body } = await trial.get('/Platform/Destiny2/Manifest/');
    const file = at<string>(body, 'Response.jsonWorldComponentContentPaths.en.DestinyStatDefinition');
    for (const one of [answer, await trial.get(ME, access), await trial.get(file), await trial.get('/none')])
      expect(one.headers.get(SANDBOX_HEADER)).toBe('bungie');
    const journal = JSON.stringify(sandbox.journal);
    for (const secret of [access, refresh, 's7', BUNGIE_CLIENT.secret]) expect(journal).not.toContain(secret);
    const asked = sandbox.journal.find(({ path }) => path === ME);
    expect(asked).toMatchObject({ method: 'GET', player: 'ada', status: 200, errorCode: 1, isOver: false });
  });

  it('never mixes players: no id of one is in the profile of another', async () => {
    const players = Array.from({ length: 12 }, (_, index) => ({ name: `p${index}` }));
    await open({ players });
    const idsOf = new Map<string, Set<string>>();
    for (const { name } of players) {
      const { access } = await trial.signIn(name);
      const { body } = await trial.get(trial.profilePath(name), access);
      const text = JSON.stringify(body);
      expect(text).toContain(`Sandbox ${name}"`);
      idsOf.set(name, new Set(text.match(/"\d{17,19}"/g)));
      expect(idsOf.get(name)!.size).toBeGreaterThan(50);
    }
    const all = [...idsOf.values()].flatMap((ids) => [...ids]);
    expect(new Set(all).size).toBe(all.length);
    const records = await Promise.all(
      players.map(async ({ name }) => {
        const { body } = await trial.get(trial.profilePath(name, '900'));
        return JSON.stringify(at(body, 'Response.profileRecords.data.records'));
      }),
    );
    expect(new Set(records).size).toBe(players.length);
  });

  it('plays on with the clock, and mints by it', async () => {
    const { sandbox } = await open({ recordsLagMs: 30_000 });
    const read = async () =>
      (await trial.get(trial.profilePath('ada', '100,200,900'))).body['Response'] as Tree;
    const first = await read();
    expect(first['responseMintedTimestamp']).toBe('2026-06-09T17:00:00.000Z');
    expect(first['secondaryComponentsMintedTimestamp']).toBe('2026-06-09T16:59:30.000Z');
    expect(at(await read(), 'profileRecords')).toEqual(at(first, 'profileRecords'));
    sandbox.advance(10 * 24 * HOUR_MS);
    const later = await read();
    expect(at(later, 'profileRecords')).not.toEqual(at(first, 'profileRecords'));
    const minutes = (tree: Tree): number =>
      Object.values(at<Tree>(tree, 'characters.data'))
        .map((one) => Number(at(one, 'minutesPlayedTotal')))
        .reduce((all, one) => all + one, 0);
    expect(minutes(later)).toBeGreaterThan(minutes(first));
  });
});

describe('faults', () => {
  it('answers a code in the envelope so many times, also with HTTP 200, by path and player', async () => {
    const { sandbox } = await open();
    const { access } = await trial.signIn('ada');
    for (const code of [5, 31, 36, 51, 99, 1_601, 1_618, 1_665, 2_106]) {
      sandbox.faults.next({ errorCode: code, throttleSeconds: 10, path: '/User/' });
      const wrong = await trial.get(ME, access);
      expect(wrong.body).toMatchObject({ ErrorCode: code, ThrottleSeconds: 10 });
      expect(wrong.body['Response']).toBeUndefined();
      expect(wrong.status).toBeGreaterThanOrEqual(400);
      expect((await trial.get(ME, access)).body['ErrorCode']).toBe(1);
    }
    sandbox.faults.next({
      errorCode: 36,
      throttleSeconds: 7,
      status: 200,
      count: 2,
      player: 'ada',
      after: 1,
    });
    expect((await trial.get('/Platform/Settings/')).body['ErrorCode']).toBe(1);
    const codes = [];
    for (let call = 0; call < 4; call += 1) codes.push((await trial.get(ME, access)).body['ErrorCode']);
    expect(codes).toEqual([1, 36, 36, 1]);
    expect(sandbox.journal.filter(({ fault }) => fault === 'error')).toHaveLength(11);
  });

  it('says of maintenance at the token endpoint what Bungie says, and keeps the token', async () => {
    const { sandbox } = await open();
    const { refresh } = await trial.signIn('ada');
    sandbox.faults.next({ errorCode: 5, path: '/oauth/token' });
    expect(await trial.refresh(refresh)).toMatchObject({
      status: 503,
      body: { error: 'server_error', error_description: 'SystemDisabled' },
    });
    expect((await trial.refresh(refresh)).status).toBe(200);
  });

  it('loses the answer to a refresh, after which the old token is used up', async () => {
    const { sandbox } = await open();
    const { refresh } = await trial.signIn('ada');
    sandbox.faults.next({ kind: 'lost', path: '/oauth/token' });
    await expect(trial.refresh(refresh)).rejects.toThrow();
    expect((await trial.refresh(refresh)).status).toBe(400);
  });

  it('answers late, older than before, cut, as a page, or not at all', async () => {
    const { sandbox } = await open();
    const path = trial.profilePath('ada', '900');
    sandbox.advance(20 * 24 * HOUR_MS);
    const now = await trial.get(path);
    sandbox.faults.next({ kind: 'stale', staleMs: 20 * 24 * HOUR_MS });
    const stale = await trial.get(path);
    expect(at(stale.body, 'Response.responseMintedTimestamp')).toBe(new Date(BUNGIE_START).toISOString());
    expect(at(stale.body, 'Response.profileRecords')).not.toEqual(at(now.body, 'Response.profileRecords'));
    expect((await trial.get(path)).body).toEqual(now.body);
    sandbox.faults.next({ kind: 'slow', delayMs: 50 });
    expect((await trial.get(path)).body).toEqual(now.body);
    for (const kind of ['cut-json', 'half-body', 'html', 'unavailable', 'reset'] as const) {
      sandbox.faults.next({ kind });
      await expect(trial.get(path)).rejects.toThrow();
    }
    sandbox.faults.next({ kind: 'wrong-json' });
    expect((await trial.get(path)).body['ErrorCode']).toBe('none');
    sandbox.faults.next({ kind: 'hang', count: 99 });
    sandbox.faults.heal();
    expect((await trial.get(path)).status).toBe(200);
    const played = new Set(sandbox.journal.map(({ fault }) => fault));
    for (const kind of BUNGIE_FAULTS)
      if (!['error', 'huge', 'hang', 'lost'].includes(kind)) expect(played).toContain(kind);
  });

  it('refuses an address that is over 25 a second for ten seconds, until the average has fallen', async () => {
    const { sandbox } = await open({ rate: BUNGIE_RATE });
    const ask = async () => (await trial.get('/Platform/Settings/')).body;
    for (let call = 0; call < 250; call += 1) expect((await ask())['ErrorCode']).toBe(1);
    expect(await ask()).toMatchObject({ ErrorCode: 36, ThrottleSeconds: 10 });
    sandbox.advance(9_000);
    expect((await ask())['ErrorCode']).toBe(36);
    sandbox.advance(1_000);
    expect((await ask())['ErrorCode']).toBe(1);
    expect(sandbox.journal.filter(({ isOver }) => isOver)).toHaveLength(2);
  });

  it('is steered from another process', async () => {
    const { sandbox } = await open();
    const post = async (path: string, body: object): Promise<number> => {
      const init = { method: 'POST', body: JSON.stringify(body) };
      return (await fetch(new URL(path, sandbox.url), init)).status;
    };
    expect(await post('/sandbox/faults', { errorCode: 5 })).toBe(200);
    expect((await trial.get('/Platform/Settings/')).body['ErrorCode']).toBe(5);
    expect(await post('/sandbox/advance', { ms: HOUR_MS })).toBe(200);
    expect(sandbox.nowMs()).toBe(BUNGIE_START + HOUR_MS);
    expect(await post('/sandbox/manifest', { version: 'v2' })).toBe(200);
    const { body } = await trial.get('/Platform/Destiny2/Manifest/');
    expect(at(body, 'Response.version')).toBe('v2');
    expect(await post('/sandbox/faults', { kind: 'no such' })).toBe(400);
    expect(await post('/sandbox/faults', {})).toBe(400);
    const journal = await trial.get('/sandbox/journal');
    expect(journal.body).toHaveLength(2);
  });
});
