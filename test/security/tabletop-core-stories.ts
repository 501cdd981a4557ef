import { randomUUID } from 'node:crypto';
import { call, post } from '../support/api-client.js';
import { newPerson, type Person } from '../support/people.js';
import type { Sent } from './second-factor-and-key-stories.js';

const TABLETOP = '/api/v1/tabletop';
const CAMPAIGNS = `${TABLETOP}/campaigns`;

type Token = Pick<Person, 'accessToken'>;

async function made(
  base: string,
  path: string,
  body: object,
  token: string,
): Promise<{ id: string; code?: string }> {
  const { status, json, text } = await post(base, path, body, { token });
  if (status >= 300) throw new Error(`POST ${path}: ${status} ${text}`);
  return json as { id: string; code?: string };
}

/** @returns id of a campaign of which the account is the master */
export async function makeCampaign(base: string, token: string): Promise<string> {
  return (await made(base, CAMPAIGNS, { name: 'The Sunken Bell' }, token)).id;
}

/** @param kind the last part of the list's path @returns id of an object in a campaign of its own, or in the one that is named */
export async function makeTabletopObject(
  base: string,
  token: string,
  kind = 'notes',
  campaignId?: string,
  more: object = {},
): Promise<string> {
  const campaign = campaignId ?? (await makeCampaign(base, token));
  return (await made(base, `${CAMPAIGNS}/${campaign}/${kind}`, { name: 'Spec', ...more }, token)).id;
}

/** A campaign with a second member, who came by an invitation. */
export async function makeTable(
  base: string,
  role = 'player',
): Promise<{ master: Person; member: Person; campaignId: string }> {
  const [master, member] = await Promise.all([newPerson(base), newPerson(base)]);
  const campaignId = await makeCampaign(base, master.accessToken);
  const { code } = await made(base, `${CAMPAIGNS}/${campaignId}/invites`, { role }, master.accessToken);
  const joined = await post(
    base,
    `${TABLETOP}/invites/accept`,
    { code, displayName: 'Mira' },
    { token: member.accessToken },
  );
  if (joined.status !== 200) throw new Error(`The invitation did not hold: ${joined.text}`);
  return { master, member, campaignId };
}

/** Calls that succeed on what is common to all of the tabletop. */
export function tabletopCoreStories(base: () => string): Record<string, () => Promise<Sent>> {
  const inCampaign = async (
    end: string,
    body?: object,
    prepare?: (campaignId: string, master: Token) => Promise<string>,
  ): Promise<Sent> => {
    const master = await newPerson(base());
    const campaignId = await makeCampaign(base(), master.accessToken);
    const id = prepare ? `/${await prepare(campaignId, master)}` : '';
    return {
      path: `${CAMPAIGNS}/${campaignId}${end}${id}`,
      token: master.accessToken,
      ...(body && { body }),
    };
  };
  const ofNote = async (path: (id: string) => string, body?: object): Promise<Sent> => {
    const { accessToken: token } = await newPerson(base());
    return { path: path(await makeTabletopObject(base(), token)), token, ...(body && { body }) };
  };
  const anInvite = async (campaignId: string, { accessToken }: Token): Promise<string> =>
    (await made(base(), `${CAMPAIGNS}/${campaignId}/invites`, { role: 'player' }, accessToken)).id;
  const ofMember = async (body?: object): Promise<Sent> => {
    const { master, member, campaignId } = await makeTable(base());
    return {
      path: `${CAMPAIGNS}/${campaignId}/members/${member.id}`,
      token: master.accessToken,
      ...(body && { body }),
    };
  };
  const grantOf = async (): Promise<{ master: Person; campaignId: string; wish: object }> => {
    const { master, member, campaignId } = await makeTable(base());
    const objectId = await makeTabletopObject(base(), master.accessToken, 'notes', campaignId);
    return { master, campaignId, wish: { objectId, userId: member.id, level: 'read' } };
  };
  return {
    [`POST ${CAMPAIGNS}`]: async () => ({
      path: CAMPAIGNS,
      token: (await newPerson(base())).accessToken,
      body: { name: 'Spec' },
    }),
    [`PATCH ${CAMPAIGNS}/{c}`]: () => inCampaign('', { name: 'Spec' }),
    [`DELETE ${CAMPAIGNS}/{c}`]: () => inCampaign(''),
    [`POST ${CAMPAIGNS}/{c}/restore`]: async () => {
      const sent = await inCampaign('');
      const { token, path } = sent;
      await call(base(), 'DELETE', path, { token: token ?? null });
      return { path: `${path}/restore`, token: token ?? null };
    },
    [`POST ${CAMPAIGNS}/{c}/notes`]: () => inCampaign('/notes', { name: 'Spec' }),
    [`POST ${CAMPAIGNS}/{c}/invites`]: () => inCampaign('/invites', { role: 'player' }),
    [`DELETE ${CAMPAIGNS}/{c}/invites/{id}`]: () => inCampaign('/invites', undefined, anInvite),
    [`PATCH ${CAMPAIGNS}/{c}/members/{id}`]: () => ofMember({ role: 'observer' }),
    [`DELETE ${CAMPAIGNS}/{c}/members/{id}`]: () => ofMember(),
    [`POST ${CAMPAIGNS}/{c}/grants`]: async () => {
      const { master, campaignId, wish } = await grantOf();
      return { path: `${CAMPAIGNS}/${campaignId}/grants`, token: master.accessToken, body: wish };
    },
    [`DELETE ${CAMPAIGNS}/{c}/grants/{id}`]: async () => {
      const { master, campaignId, wish } = await grantOf();
      const { id } = await made(base(), `${CAMPAIGNS}/${campaignId}/grants`, wish, master.accessToken);
      return { path: `${CAMPAIGNS}/${campaignId}/grants/${id}`, token: master.accessToken };
    },
    [`POST ${TABLETOP}/invites/accept`]: async () => {
      const [master, guest] = await Promise.all([newPerson(base()), newPerson(base())]);
      const campaignId = await makeCampaign(base(), master.accessToken);
      const { code } = await made(
        base(),
        `${CAMPAIGNS}/${campaignId}/invites`,
        { role: 'player' },
        master.accessToken,
      );
      return {
        path: `${TABLETOP}/invites/accept`,
        token: guest.accessToken,
        body: { code, displayName: 'Spec' },
      };
    },
    [`PATCH ${TABLETOP}/notes/{id}`]: () => ofNote((id) => `${TABLETOP}/notes/${id}`, { name: 'Other' }),
    [`DELETE ${TABLETOP}/notes/{id}`]: () => ofNote((id) => `${TABLETOP}/notes/${id}`),
    [`POST ${TABLETOP}/objects/{id}/restore`]: async () => {
      const { path, token } = await ofNote((id) => `${TABLETOP}/notes/${id}`);
      await call(base(), 'DELETE', path, { token: token ?? null });
      return { path: `${path.replace('/notes/', '/objects/')}/restore`, token: token ?? null };
    },
    [`PUT ${TABLETOP}/objects/{id}/secrets/{field}`]: () =>
      ofNote((id) => `${TABLETOP}/objects/${id}/secrets/true-name`, { text: 'Ulssin' }),
    [`DELETE ${TABLETOP}/objects/{id}/secrets/{field}`]: async () => {
      const sent = await ofNote((id) => `${TABLETOP}/objects/${id}/secrets/true-name`);
      await call(base(), 'PUT', sent.path, { token: sent.token ?? null, body: { text: 'Ulssin' } });
      return sent;
    },
  };
}

/** What strangers must send so that a route looks for the thing. */
export const TABLETOP_CORE_BODIES: Readonly<Record<string, object>> = {
  [`POST ${CAMPAIGNS}/{c}/notes`]: { name: 'taken over' },
  [`POST ${CAMPAIGNS}/{c}/invites`]: { role: 'player' },
  [`POST ${CAMPAIGNS}/{c}/grants`]: { objectId: randomUUID(), userId: randomUUID(), level: 'read' },
  [`PUT ${TABLETOP}/objects/{id}/secrets/{field}`]: { text: 'taken over' },
};

/** Things of a master by the collection in a route's path. */
export function tabletopCoreThings(base: () => string): Record<string, (owner: Token) => Promise<string>> {
  return {
    'tabletop/campaigns': ({ accessToken }) => makeCampaign(base(), accessToken),
    'tabletop/objects': ({ accessToken }) => makeTabletopObject(base(), accessToken),
    'tabletop/notes': ({ accessToken }) => makeTabletopObject(base(), accessToken),
  };
}

/** Campaigns with a few things in them, for requests that are made up. */
export async function tabletopCoreIds(base: string, token: string): Promise<Record<string, string[]>> {
  const many = async (count: number, make: () => Promise<string>): Promise<string[]> => {
    const ids: string[] = [];
    for (let at = 0; at < count; at += 1) ids.push(await make());
    return ids;
  };
  const kept = await makeCampaign(base, token);
  const anInvite = async (): Promise<string> =>
    (await made(base, `${CAMPAIGNS}/${kept}/invites`, { role: 'observer' }, token)).id;
  return {
    'tabletop/campaigns': [kept],
    [`tabletop/campaigns/restore`]: [kept],
    [`tabletop/campaigns/{c}/invites`]: await many(10, anInvite),
    'tabletop/notes': await many(20, () => makeTabletopObject(base, token, 'notes', kept)),
    'tabletop/objects': await many(10, () => makeTabletopObject(base, token, 'notes', kept)),
  };
}
