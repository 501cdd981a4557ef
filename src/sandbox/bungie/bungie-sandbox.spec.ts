import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type BungieSandbox,
  type BungieSandboxOptions,
  openBungieSandbox,
  SANDBOX_HEADER,
} from './bungie-sandbox.js';

const CLIENT = { id: '4711', secret: 's3cret', redirectUris: ['http://127.0.0.1/callback'] };
const KEY = 'key-of-the-stand-in';
const START = Date.parse('2026-06-09T17:00:00Z');

let sandbox: BungieSandbox;

/** An answer, read by dotted paths. */
type Tree = Record<string, unknown>;
function at<T = Tree>(tree: unknown, path: string): T {
  return path.split('.').reduce<unknown>((node, key) => (node as Tree)[key], tree) as T;
}

async function open(options: Partial<BungieSandboxOptions> = {}): Promise<BungieSandbox> {
  await sandbox?.close();
  sandbox = await openBungieSandbox({ clients: [CLIENT], apiKey: KEY, nowMs: () => START, ...options });
  return sandbox;
}

beforeEach(async () => {
  await open();
});

afterEach(() => sandbox.close());

async function post(form: Record<string, string>): Promise<{ status: number; body: Tree }> {
  const answer = await fetch(new URL('/platform/app/oauth/token/', sandbox.url), {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}` },
    body: new URLSearchParams(form),
  });
  return { status: answer.status, body: (await answer.json()) as Tree };
}

async function codeOf(name: string): Promise<string> {
  const url = new URL('/en/OAuth/Authorize', sandbox.url);
  const query = { client_id: CLIENT.id, response_type: 'code', state: 's7', login_hint: name };
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  const answer = await fetch(url, { redirect: 'manual' });
  const back = new URL(answer.headers.get('location')!);
  expect(back.searchParams.get('state')).toBe('s7');
  return back.searchParams.get('code')!;
}

async function signIn(name: string): Promise<Tree> {
  return (await post({ grant_type: 'authorization_code', code: await codeOf(name) })).body;
}

const refresh = (tokens: Tree) =>
  post({ grant_type: 'refresh_token', refresh_token: String(tokens['refresh_token']) });

async function get(
  path: string,
  token?: string,
  key: string | null = KEY,
): Promise<{ status: number; body: Tree }> {
  const headers: Record<string, string> = {};
  if (key !== null) headers['x-api-key'] = key;
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  const answer = await fetch(new URL(path, sandbox.url), { headers });
  expect(answer.headers.get(SANDBOX_HEADER)).toBe('bungie');
  return { status: answer.status, body: (await answer.json()) as Tree };
}

const tokenOf = async (name: string): Promise<string> => String((await signIn(name))['access_token']);

const profilePath = (name: string, components: string): string => {
  const { membership, membershipId } = sandbox.player(name).profile;
  return `/Platform/Destiny2/${membership.type}/Profile/${membershipId}/?components=${components}`;
};
const ALL = '100,102,200,201,202,205,300,304,305,309,310,900,1300';

describe('signing in', () => {
  it('gives a pair that rotates: the old refresh token is used up, the new one goes on', async () => {
    const first = await signIn('ada');
    expect(first).toMatchObject({ token_type: 'Bearer', expires_in: 3_600, refresh_expires_in: 7_776_000 });
    expect(first['membership_id']).toBe(sandbox.player('ada').bungieMembershipId);
    const second = await refresh(first);
    expect(second.status).toBe(200);
    expect(second.body['refresh_token']).not.toBe(first['refresh_token']);
    expect(await refresh(first)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', error_description: 'ProvidedTokenNotValidRefreshToken' },
    });
    expect((await refresh(second.body)).status).toBe(200);
  });
});

describe('the platform', () => {
  it('needs a key, and a token where it is somebody’s own', async () => {
    const path = '/Platform/User/GetMembershipsForCurrentUser/';
    expect((await get(path, undefined, null)).body['ErrorCode']).toBe(2_102);
    expect((await get(path, undefined, 'other')).body['ErrorCode']).toBe(2_101);
    expect(await get(path)).toMatchObject({ status: 401, body: { ErrorCode: 99 } });
    const { body } = await get(path, await tokenOf('grace'));
    expect(at(body, 'Response.destinyMemberships')).toHaveLength(3);
    expect(at(body, 'Response.primaryMembershipId')).toBe(sandbox.player('grace').profile.membershipId);
  });

  it('answers a whole profile to its owner', async () => {
    const { body } = await get(profilePath('ada', ALL), await tokenOf('ada'));
    expect(body['ErrorCode']).toBe(1);
    expect(Object.keys(at(body, 'Response.profileRecords.data.records')).length).toBeGreaterThan(40);
    expect(Object.keys(at(body, 'Response.itemComponents.instances.data')).length).toBeGreaterThan(40);
    expect(at(body, 'Response.responseMintedTimestamp')).toBe('2026-06-09T17:00:00.000Z');
  });

  it('serves the files that the manifest lists', async () => {
    const { body } = await get('/Platform/Destiny2/Manifest/');
    const paths = at<Record<string, string>>(body, 'Response.jsonWorldComponentContentPaths.en');
    for (const path of Object.values(paths)) {
      const answer = await fetch(new URL(path, sandbox.url));
      const rows = (await answer.json()) as Record<string, { hash: number }>;
      expect(Object.keys(rows).length).toBeGreaterThan(0);
      for (const [hash, row] of Object.entries(rows)) expect(String(row.hash)).toBe(hash);
    }
  });
});
