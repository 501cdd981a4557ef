import { randomUUID } from 'node:crypto';
import { call, post } from '../support/api-client.js';
import { newPerson } from '../support/people.js';
import type { Sent } from './second-factor-and-key-stories.js';
import { makeCampaign, makeTable, makeTabletopObject } from './tabletop-core-stories.js';

const TABLETOP = '/api/v1/tabletop';
const CAMPAIGNS = `${TABLETOP}/campaigns`;
const A_CHARACTER = { characterKind: 'npc' } as const;
const SAMPLE_ID = '01890000-0000-7000-8000-000000000000';

type Owner = { accessToken: string };

const makeCharacter = (
  base: string,
  token: string,
  campaignId?: string,
  more: object = {},
): Promise<string> => makeTabletopObject(base, token, 'characters', campaignId, { ...A_CHARACTER, ...more });

async function made(base: string, path: string, body: object, token: string): Promise<string> {
  const { status, json, text } = await post(base, path, body, { token });
  if (status >= 300) throw new Error(`POST ${path}: ${status} ${text}`);
  return (json as { id: string }).id;
}

async function makeRelationship(base: string, token: string, campaignId?: string): Promise<string> {
  const campaign = campaignId ?? (await makeCampaign(base, token));
  const [fromId, toId] = [
    await makeCharacter(base, token, campaign),
    await makeCharacter(base, token, campaign),
  ];
  return made(base, `${CAMPAIGNS}/${campaign}/relationships`, { fromId, toId, type: 'rival' }, token);
}

const makeOfCharacter = async (
  base: string,
  token: string,
  collection: string,
  characterId?: string,
): Promise<string> => {
  const id = characterId ?? (await makeCharacter(base, token));
  return made(base, `${TABLETOP}/characters/${id}/${collection}`, { name: 'Spec' }, token);
};

/** What a player would change where a master approves. @returns the master's token and the proposal's id */
async function makeProposal(base: string): Promise<{ master: Owner; member: Owner; id: string }> {
  const { master, member, campaignId } = await makeTable(base);
  await call(base, 'PATCH', `${CAMPAIGNS}/${campaignId}`, {
    token: master.accessToken,
    body: { needsApproval: true },
  });
  const characterId = await makeCharacter(base, member.accessToken, campaignId, { characterKind: 'pc' });
  const { json } = await call(base, 'PATCH', `${TABLETOP}/characters/${characterId}`, {
    token: member.accessToken,
    body: { name: 'Bolder' },
  });
  return { master, member, id: (json as { proposal: { id: string } }).proposal.id };
}

/** Calls that succeed on characters and what they are to each other. */
export function tabletopGraphStories(base: () => string): Record<string, () => Promise<Sent>> {
  const byMaster = async (pathOf: (token: string) => Promise<string>, body?: object): Promise<Sent> => {
    const { accessToken: token } = await newPerson(base());
    return { path: await pathOf(token), token, ...(body && { body }) };
  };
  const ofCharacter = (end: string, body?: object): Promise<Sent> =>
    byMaster(async (token) => `${TABLETOP}/characters/${await makeCharacter(base(), token)}${end}`, body);
  const ofThing = (collection: string, body?: object): Promise<Sent> =>
    byMaster(
      async (token) => `${TABLETOP}/${collection}/${await makeOfCharacter(base(), token, collection)}`,
      body,
    );
  const ofRelationship = (end: string, body?: object): Promise<Sent> =>
    byMaster(
      async (token) => `${TABLETOP}/relationships/${await makeRelationship(base(), token)}${end}`,
      body,
    );
  return {
    [`POST ${CAMPAIGNS}/{c}/characters`]: () =>
      byMaster(async (token) => `${CAMPAIGNS}/${await makeCampaign(base(), token)}/characters`, {
        name: 'Spec',
        ...A_CHARACTER,
      }),
    [`PATCH ${TABLETOP}/characters/{id}`]: () => ofCharacter('', { name: 'Other' }),
    [`DELETE ${TABLETOP}/characters/{id}`]: () => ofCharacter(''),
    [`POST ${TABLETOP}/characters/{id}/experience`]: () =>
      ofCharacter('/experience', { amount: 5, reason: 'Spec' }),
    [`POST ${TABLETOP}/characters/{id}/arcs`]: () => ofCharacter('/arcs', { name: 'Spec' }),
    [`PATCH ${TABLETOP}/arcs/{id}`]: () => ofThing('arcs', { name: 'Other' }),
    [`DELETE ${TABLETOP}/arcs/{id}`]: () => ofThing('arcs'),
    [`POST ${TABLETOP}/characters/{id}/achievements`]: () => ofCharacter('/achievements', { name: 'Spec' }),
    [`DELETE ${TABLETOP}/achievements/{id}`]: () => ofThing('achievements'),
    [`POST ${TABLETOP}/characters/{id}/inventory`]: () => ofCharacter('/inventory', { name: 'Rope' }),
    [`PATCH ${TABLETOP}/inventory/{id}`]: () => ofThing('inventory', { quantity: 2 }),
    [`DELETE ${TABLETOP}/inventory/{id}`]: () => ofThing('inventory'),
    [`POST ${TABLETOP}/characters/{id}/inventory/transfer`]: async () => {
      const { accessToken: token } = await newPerson(base());
      const campaignId = await makeCampaign(base(), token);
      const [giver, toId] = [
        await makeCharacter(base(), token, campaignId),
        await makeCharacter(base(), token, campaignId),
      ];
      const entryId = await makeOfCharacter(base(), token, 'inventory', giver);
      return { path: `${TABLETOP}/characters/${giver}/inventory/transfer`, token, body: { entryId, toId } };
    },
    [`POST ${TABLETOP}/proposals/{id}/accept`]: async () => {
      const { master, id } = await makeProposal(base());
      return { path: `${TABLETOP}/proposals/${id}/accept`, token: master.accessToken };
    },
    [`POST ${TABLETOP}/proposals/{id}/reject`]: async () => {
      const { master, id } = await makeProposal(base());
      return { path: `${TABLETOP}/proposals/${id}/reject`, token: master.accessToken, body: {} };
    },
    [`DELETE ${TABLETOP}/proposals/{id}`]: async () => {
      const { member, id } = await makeProposal(base());
      return { path: `${TABLETOP}/proposals/${id}`, token: member.accessToken };
    },
    [`POST ${CAMPAIGNS}/{c}/relationships`]: async () => {
      const { accessToken: token } = await newPerson(base());
      const campaignId = await makeCampaign(base(), token);
      const [fromId, toId] = [
        await makeCharacter(base(), token, campaignId),
        await makeCharacter(base(), token, campaignId),
      ];
      return {
        path: `${CAMPAIGNS}/${campaignId}/relationships`,
        token,
        body: { fromId, toId, type: 'rival' },
      };
    },
    [`PATCH ${TABLETOP}/relationships/{id}`]: () => ofRelationship('', { strength: 5 }),
    [`DELETE ${TABLETOP}/relationships/{id}`]: () => ofRelationship(''),
    [`POST ${TABLETOP}/relationships/{id}/events`]: () => ofRelationship('/events', { type: 'friend' }),
    [`DELETE ${TABLETOP}/relationships/{id}/events/{eventId}`]: async () => {
      const sent = await ofRelationship('/events', { type: 'friend' });
      const id = await made(base(), sent.path, { type: 'friend' }, sent.token!);
      return { path: `${sent.path}/${id}`, token: sent.token! };
    },
  };
}

/** What strangers must send so that a route looks for the thing. */
export const TABLETOP_GRAPH_BODIES: Readonly<Record<string, object>> = {
  [`POST ${CAMPAIGNS}/{c}/characters`]: { name: 'taken over', ...A_CHARACTER },
  [`POST ${TABLETOP}/characters/{id}/experience`]: { amount: 5, reason: 'taken over' },
  [`POST ${TABLETOP}/characters/{id}/arcs`]: { name: 'taken over' },
  [`POST ${TABLETOP}/characters/{id}/achievements`]: { name: 'taken over' },
  [`POST ${TABLETOP}/characters/{id}/inventory`]: { name: 'taken over' },
  [`POST ${TABLETOP}/characters/{id}/inventory/transfer`]: { entryId: randomUUID(), toId: randomUUID() },
  [`POST ${CAMPAIGNS}/{c}/relationships`]: { fromId: randomUUID(), toId: randomUUID(), type: 'taken over' },
};

/** Queries without which a route would not get as far as looking for the thing. */
export const TABLETOP_GRAPH_QUERIES: readonly (readonly [end: RegExp, query: string])[] = [
  [/\/graph\/path$/, `?from=${SAMPLE_ID}&to=${SAMPLE_ID}`],
  [/\/graph\/mutual$/, `?a=${SAMPLE_ID}&b=${SAMPLE_ID}`],
];

/** Things of a master by the collection in a route's path. */
export function tabletopGraphThings(base: () => string): Record<string, (owner: Owner) => Promise<string>> {
  const ofCharacter = (collection: string) => (owner: Owner) =>
    makeOfCharacter(base(), owner.accessToken, collection);
  return {
    'tabletop/characters': ({ accessToken }) => makeCharacter(base(), accessToken),
    'tabletop/arcs': ofCharacter('arcs'),
    'tabletop/achievements': ofCharacter('achievements'),
    'tabletop/inventory': ofCharacter('inventory'),
    'tabletop/relationships': ({ accessToken }) => makeRelationship(base(), accessToken),
    // Of a table of others: their proposal is as little there for a stranger.
    'tabletop/proposals': async () => (await makeProposal(base())).id,
  };
}

/** Characters with what belongs to them, for requests that are made up. */
export async function tabletopGraphIds(base: string, token: string): Promise<Record<string, string[]>> {
  const campaignId = await makeCampaign(base, token);
  const many = async (count: number, make: () => Promise<string>): Promise<string[]> => {
    const ids: string[] = [];
    for (let at = 0; at < count; at += 1) ids.push(await make());
    return ids;
  };
  const characters = await many(12, () => makeCharacter(base, token, campaignId));
  const kept = characters.at(-1)!;
  return {
    'tabletop/characters': characters,
    'tabletop/relationships': await many(8, () => makeRelationship(base, token, campaignId)),
    'tabletop/arcs': await many(6, () => makeOfCharacter(base, token, 'arcs', kept)),
    'tabletop/achievements': await many(6, () => makeOfCharacter(base, token, 'achievements', kept)),
    'tabletop/inventory': await many(6, () => makeOfCharacter(base, token, 'inventory', kept)),
    'tabletop/systems': ['dnd5e', 'generic'],
  };
}
