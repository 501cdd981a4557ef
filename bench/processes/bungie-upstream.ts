import { shippedCatalog } from '../../src/destiny/catalysts/catalog.reader.js';
import { PROFILE_COMPONENTS } from '../../src/destiny/profiles/bungie-profiles.family.js';
import { type BungieSandbox, openBungieSandbox } from '../../src/sandbox/bungie/bungie-sandbox.js';
import { BUNGIE_RATE } from '../../src/sandbox/bungie/bungie-rate.js';
import {
  BUNGIE_CLIENT,
  BUNGIE_KEY,
  type BungieCalls,
  type BungieRequest,
  type LinkedPlayer,
  type OpenBungie,
} from '../support/bungie-world.js';
import { answerRequests } from '../support/worker.js';

// The Bungie that is asked, in a process of its own with its rate rule: what it costs to make profiles is not ours.

/** Signing in counts as a call too, so that the clock comes from the past while players do, and stands at now when they have. */
const SIGN_IN_MS = 60;
/** Of a small profile: what a full one costs to read is another benchmark's matter, and a stand-in on the same cores must make it. */
const CATALYSTS = 24;
const LEGENDARIES = 12;
const SIGNED_IN_AT_ONCE = 16;
const PROFILE = /^\/Platform\/Destiny2\/\d+\/Profile\/(\d+)\/$/;

let sandbox: BungieSandbox;
let behindMs = 0;

answerRequests(async (request: BungieRequest): Promise<OpenBungie | BungieCalls> => {
  return request.kind === 'open' ? open(request.players) : count(request.fromMs, request.untilMs);
});

async function open(count: number): Promise<OpenBungie> {
  behindMs = (count + 500) * SIGN_IN_MS;
  const dayMs = 86_400_000;
  sandbox = await openBungieSandbox({
    clients: [{ ...BUNGIE_CLIENT, redirectUris: [] }],
    apiKey: BUNGIE_KEY,
    catalysts: shippedCatalog().catalysts.slice(0, CATALYSTS),
    legendaries: { owned: LEGENDARIES },
    players: Array.from({ length: count }, (_, index) => ({ name: `player-${index}` })),
    nowMs: () => Date.now() - behindMs,
    bornMs: Date.now() - 3 * dayMs,
    rate: BUNGIE_RATE,
  });
  const names = sandbox.players.map(({ name }) => name);
  const players: LinkedPlayer[] = [];
  for (let at = 0; at < names.length; at += SIGNED_IN_AT_ONCE)
    players.push(...(await Promise.all(names.slice(at, at + SIGNED_IN_AT_ONCE).map(signIn))));
  const profileBytes = await sizeOf(players[0]!);
  behindMs = 0;
  if (sandbox.journal.some(({ isOver }) => isOver)) throw new Error('Signing in was over the rate');
  sandbox.journal.length = 0;
  return { url: sandbox.url, players, profileBytes };
}

async function signIn(name: string): Promise<LinkedPlayer> {
  behindMs -= SIGN_IN_MS;
  const { profile, bungieMembershipId } = sandbox.player(name);
  const query = new URLSearchParams({
    client_id: BUNGIE_CLIENT.id,
    response_type: 'code',
    state: 'benchmark',
    redirect_uri: 'http://127.0.0.1/callback',
    login_hint: name,
  });
  const consent = await fetch(`${sandbox.url}/en/OAuth/Authorize?${query.toString()}`, {
    redirect: 'manual',
  });
  const code = new URL(consent.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const { id, secret } = BUNGIE_CLIENT;
  const answer = await fetch(`${sandbox.url}/platform/app/oauth/token/`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'authorization_code', code }),
  });
  const tokens = (await answer.json()) as { access_token: string; refresh_token: string };
  return {
    bungieId: bungieMembershipId,
    membershipType: profile.membership.type,
    membershipId: profile.membershipId,
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
  };
}

async function sizeOf({ membershipType, membershipId, accessToken }: LinkedPlayer): Promise<number> {
  const path = `/Platform/Destiny2/${membershipType}/Profile/${membershipId}/?components=${PROFILE_COMPONENTS.join()}`;
  const headers = { 'x-api-key': BUNGIE_KEY, authorization: `Bearer ${accessToken}` };
  return (await (await fetch(sandbox.url + path, { headers })).arrayBuffer()).byteLength;
}

function count(fromMs: number, untilMs: number): Promise<BungieCalls> {
  const calls = sandbox.journal.filter(({ atMs }) => atMs >= fromMs && atMs < untilMs);
  const profiles = calls.filter(({ path, status }) => status === 200 && PROFILE.test(path));
  return Promise.resolve({
    calls: calls.length,
    over: calls.filter(({ isOver }) => isOver).length,
    profiles: profiles.length,
    foreign: profiles.filter(({ path, player }) => !isOwn(path, player)).length,
  });
}

function isOwn(path: string, player: string | null): boolean {
  return player !== null && sandbox.player(player).profile.membershipId === PROFILE.exec(path)?.[1];
}
