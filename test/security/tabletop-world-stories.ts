import { randomUUID } from 'node:crypto';
import { call, post } from '../support/api-client.js';
import { newPerson, type Person } from '../support/people.js';
import { queryRows } from '../support/table-counts.js';
import { aUvtt } from '../support/uvtt-files.js';
import type { Sent } from './second-factor-and-key-stories.js';
import { makeCampaign, makeTabletopObject } from './tabletop-core-stories.js';

const TABLETOP = '/api/v1/tabletop';
const CAMPAIGN = `${TABLETOP}/campaigns/{c}`;
const NOWHERE = '01890000-0000-7000-8000-000000000000';

type Token = Pick<Person, 'accessToken'>;
/** Lists of a campaign whose things this file makes. */
type Kind = 'locations' | 'plots' | 'sessions' | 'events';

const A_CALENDAR = { name: 'Harptos', months: [{ name: 'Hammer', days: 30 }] };

const A_PIN = { kind: 'pin', name: 'Spec', x: 1, y: 1 };
const A_SCENE = { scene: { grid: { size: 100 }, tokens: [] } };
const UVTT = {
  body: Buffer.from(JSON.stringify(aUvtt())),
  headers: { 'content-type': 'application/octet-stream' },
};
const uvttPath = (campaignId: string): string =>
  `${TABLETOP}/campaigns/${campaignId}/maps/import/uvtt?name=Spec`;

/** A battle map with a picture. @returns its id */
export async function makeMap(
  base: string,
  token: string,
  campaignId: string,
  more = '&visibility=gm',
): Promise<string> {
  const answer = await call(base, 'POST', uvttPath(campaignId) + more, { token, ...UVTT });
  if (answer.status !== 201) throw new Error(`The map was not taken: ${answer.text}`);
  return (answer.json as { id: string }).id;
}

async function made(base: string, path: string, body: object, token: string): Promise<string> {
  const { status, json, text } = await post(base, path, body, { token });
  if (status >= 300) throw new Error(`POST ${path}: ${status} ${text}`);
  return (json as { id: string }).id;
}

/** Two things of a campaign. */
async function makeTwo(
  base: string,
  token: string,
  kinds: readonly [string, string],
  campaignId: string,
): Promise<[string, string]> {
  return [
    await makeTabletopObject(base, token, kinds[0], campaignId),
    await makeTabletopObject(base, token, kinds[1], campaignId),
  ];
}

/** A way from one place to another. @returns its id */
export async function makeEdge(base: string, token: string, campaignId?: string): Promise<string> {
  const campaign = campaignId ?? (await makeCampaign(base, token));
  const [from, toId] = await makeTwo(base, token, ['locations', 'locations'], campaign);
  return made(base, `${TABLETOP}/locations/${from}/edges`, { toId }, token);
}

async function makeOwnTable(base: string): Promise<{ token: string; campaignId: string }> {
  const { accessToken: token } = await newPerson(base);
  return { token, campaignId: await makeCampaign(base, token) };
}

/** Calls that succeed on places, threads, sessions and events. What other rooms make is put into the database. */
export function tabletopWorldStories(
  base: () => string,
  databaseUrl: () => string,
): Record<string, () => Promise<Sent>> {
  // One campaign for all of them: each story makes what it changes.
  let ownTable: Promise<{ token: string; campaignId: string }> | undefined;
  const table = (): Promise<{ token: string; campaignId: string }> => (ownTable ??= makeOwnTable(base()));
  /** Something in a place, of a kind that other rooms make. */
  const inPlace = async (kind: 'character' | 'table', end: string): Promise<Sent> => {
    const { token, campaignId } = await table();
    const [id, objectId] = [await makeTabletopObject(base(), token, 'locations', campaignId), randomUUID()];
    await queryRows(
      databaseUrl(),
      `INSERT INTO tabletop.object (id, campaign_id, kind, name) VALUES ($1, $2, $3, 'Spec')`,
      [objectId, campaignId, kind],
    );
    return { path: `${TABLETOP}/locations/${id}${end}`, token, body: { objectId } };
  };
  const inCampaign = async (end: string, body: object): Promise<Sent> => {
    const { token, campaignId } = await table();
    return { path: `${TABLETOP}/campaigns/${campaignId}/${end}`, token, body };
  };
  const ofOne = async (kind: Kind, end = '', body?: object): Promise<Sent> => {
    const { token, campaignId } = await table();
    const id = await makeTabletopObject(base(), token, kind, campaignId);
    return { path: `${TABLETOP}/${kind}/${id}${end}`, token, ...(body && { body }) };
  };
  /** On one of two things of a campaign, with the other one in the body. */
  const ofTwo = async (
    kinds: readonly [Kind, string],
    end: string,
    body: (other: string) => object,
  ): Promise<Sent> => {
    const { token, campaignId } = await table();
    const [id, other] = await makeTwo(base(), token, kinds, campaignId);
    return { path: `${TABLETOP}/${kinds[0]}/${id}${end}`, token, body: body(other) };
  };
  /** The same with what was made there. */
  const ofMade = async (first: Promise<Sent>, body?: object): Promise<Sent> => {
    const { path, token, body: wish } = await first;
    const id = await made(base(), path, wish as object, token!);
    return { path: `${path}/${id}`, token: token!, ...(body && { body }) };
  };
  const tied = (kind: Kind, other: string, end: string): Promise<Sent> =>
    ofTwo([kind, other], end, (objectId) => ({ objectId }));
  const edge = async (body?: object): Promise<Sent> => {
    const { token, campaignId } = await table();
    return {
      path: `${TABLETOP}/edges/${await makeEdge(base(), token, campaignId)}`,
      token,
      ...(body && { body }),
    };
  };
  const beat = (end: string): Promise<Sent> => ofOne('plots', end, { title: 'Spec' });
  const stories: Record<string, () => Promise<Sent>> = {
    [`PUT ${CAMPAIGN}/calendar`]: () => inCampaign('calendar', A_CALENDAR),
    [`POST ${TABLETOP}/locations/{id}/move`]: () =>
      ofTwo(['locations', 'locations'], '/move', (parentId) => ({ parentId })),
    [`POST ${TABLETOP}/locations/{id}/edges`]: () =>
      ofTwo(['locations', 'locations'], '/edges', (toId) => ({ toId })),
    [`PATCH ${TABLETOP}/edges/{id}`]: () => edge({ distanceM: 5 }),
    [`DELETE ${TABLETOP}/edges/{id}`]: () => edge(),
    [`POST ${TABLETOP}/locations/{id}/visits`]: () => tied('locations', 'sessions', '/visits'),
    [`DELETE ${TABLETOP}/locations/{id}/visits/{tie}`]: () =>
      ofMade(tied('locations', 'sessions', '/visits')),
    [`POST ${TABLETOP}/locations/{id}/occupants`]: () => inPlace('character', '/occupants'),
    [`DELETE ${TABLETOP}/locations/{id}/occupants/{tie}`]: () => ofMade(inPlace('character', '/occupants')),
    [`POST ${TABLETOP}/locations/{id}/encounter-tables`]: () => inPlace('table', '/encounter-tables'),
    [`DELETE ${TABLETOP}/locations/{id}/encounter-tables/{tie}`]: () =>
      ofMade(inPlace('table', '/encounter-tables')),
    [`PUT ${TABLETOP}/plots/{id}/progress`]: () => ofOne('plots', '/progress', { progressPct: 5 }),
    [`POST ${TABLETOP}/plots/{id}/dependencies`]: () =>
      ofTwo(['plots', 'plots'], '/dependencies', (plotId) => ({ plotId })),
    [`DELETE ${TABLETOP}/plots/{id}/dependencies/{dependency}`]: () =>
      ofMade(ofTwo(['plots', 'plots'], '/dependencies', (plotId) => ({ plotId }))),
  };
  const ofMap = async (end: string, body?: object): Promise<Sent> => {
    const { token, campaignId } = await table();
    const id = await makeMap(base(), token, campaignId);
    return { path: `${TABLETOP}/maps/${id}${end}`, token, ...(body && { body }) };
  };
  Object.assign(stories, {
    [`POST ${CAMPAIGN}/maps/import/uvtt`]: async () => {
      const { token, campaignId } = await table();
      return { path: uvttPath(campaignId), token, ...UVTT };
    },
    [`PATCH ${TABLETOP}/maps/{id}`]: () => ofMap('', { grid: { cellDistance: 10 } }),
    [`DELETE ${TABLETOP}/maps/{id}`]: () => ofMap(''),
    [`POST ${TABLETOP}/maps/{id}/markers`]: () => ofMap('/markers', A_PIN),
    [`PATCH ${TABLETOP}/maps/{id}/markers/{marker}`]: () => ofMade(ofMap('/markers', A_PIN), { x: 2 }),
    [`DELETE ${TABLETOP}/maps/{id}/markers/{marker}`]: () => ofMade(ofMap('/markers', A_PIN)),
    [`POST ${TABLETOP}/maps/{id}/tokens/import/foundry`]: () => ofMap('/tokens/import/foundry', A_SCENE),
  });
  for (const kind of ['locations', 'plots', 'sessions', 'events'] as const) {
    stories[`POST ${CAMPAIGN}/${kind}`] = () => inCampaign(kind, { name: 'Spec' });
    stories[`PATCH ${TABLETOP}/${kind}/{id}`] = () => ofOne(kind, '', { summary: 'Other' });
    stories[`DELETE ${TABLETOP}/${kind}/{id}`] = () => ofOne(kind);
  }
  for (const kind of ['sessions', 'events'] as const) {
    const appeared = (): Promise<Sent> => tied(kind, 'plots', '/appearances');
    stories[`POST ${TABLETOP}/${kind}/{id}/appearances`] = appeared;
    stories[`DELETE ${TABLETOP}/${kind}/{id}/appearances/{appearance}`] = () => ofMade(appeared());
  }
  for (const end of ['/milestones', '/foreshadowing']) {
    stories[`POST ${TABLETOP}/plots/{id}${end}`] = () => beat(end);
    stories[`PATCH ${TABLETOP}/plots/{id}${end}/{beat}`] = () => ofMade(beat(end), { note: 'Other' });
    stories[`DELETE ${TABLETOP}/plots/{id}${end}/{beat}`] = () => ofMade(beat(end));
  }
  return stories;
}

/** What strangers must send so that a route looks for the thing. */
export const TABLETOP_WORLD_BODIES: Readonly<Record<string, object>> = {
  [`POST ${CAMPAIGN}/locations`]: { name: 'taken over' },
  [`POST ${CAMPAIGN}/plots`]: { name: 'taken over' },
  [`POST ${CAMPAIGN}/events`]: { name: 'taken over' },
  [`PUT ${CAMPAIGN}/calendar`]: A_CALENDAR,
  [`POST ${TABLETOP}/locations/{id}/move`]: { parentId: null },
  [`POST ${TABLETOP}/locations/{id}/edges`]: { toId: NOWHERE },
  [`POST ${TABLETOP}/locations/{id}/occupants`]: { objectId: NOWHERE },
  [`POST ${TABLETOP}/locations/{id}/encounter-tables`]: { objectId: NOWHERE },
  [`POST ${TABLETOP}/locations/{id}/visits`]: { objectId: NOWHERE },
  [`POST ${TABLETOP}/sessions/{id}/appearances`]: { objectId: NOWHERE },
  [`POST ${TABLETOP}/events/{id}/appearances`]: { objectId: NOWHERE },
  [`POST ${TABLETOP}/maps/{id}/markers`]: A_PIN,
  [`POST ${TABLETOP}/maps/{id}/tokens/import/foundry`]: A_SCENE,
  [`POST ${TABLETOP}/plots/{id}/dependencies`]: { plotId: NOWHERE },
  [`POST ${TABLETOP}/plots/{id}/milestones`]: { title: 'taken over' },
  [`POST ${TABLETOP}/plots/{id}/foreshadowing`]: { title: 'taken over' },
};

/** Queries without which a route would not get as far as looking for the thing. */
export const TABLETOP_WORLD_QUERIES: readonly (readonly [end: RegExp, query: string])[] = [
  [/\/maps\/import\/uvtt$/, '?name=Spec'],
  [/\/locations\/path$/, `?from=${NOWHERE}&to=${NOWHERE}`],
];

/** Things of a master by the collection in a route's path. */
export function tabletopWorldThings(base: () => string): Record<string, (owner: Token) => Promise<string>> {
  const one =
    (kind: Kind) =>
    ({ accessToken }: Token): Promise<string> =>
      makeTabletopObject(base(), accessToken, kind);
  return {
    'tabletop/locations': one('locations'),
    'tabletop/plots': one('plots'),
    'tabletop/sessions': one('sessions'),
    'tabletop/events': one('events'),
    'tabletop/maps': async ({ accessToken }) =>
      makeMap(base(), accessToken, await makeCampaign(base(), accessToken)),
    'tabletop/edges': ({ accessToken }) => makeEdge(base(), accessToken),
  };
}

/** The same, of one campaign, for requests that are made up. */
export async function tabletopWorldIds(base: string, token: string): Promise<Record<string, string[]>> {
  const campaignId = await makeCampaign(base, token);
  const many = async (count: number, make: () => Promise<string>): Promise<string[]> => {
    const ids: string[] = [];
    for (let at = 0; at < count; at += 1) ids.push(await make());
    return ids;
  };
  const ids: Record<string, string[]> = {};
  for (const kind of ['locations', 'plots', 'sessions', 'events'] as const)
    ids[`tabletop/${kind}`] = await many(10, () => makeTabletopObject(base, token, kind, campaignId));
  ids['tabletop/maps'] = await many(4, () => makeMap(base, token, campaignId));
  ids['tabletop/edges'] = await many(6, () => makeEdge(base, token, campaignId));
  return ids;
}
