import { newPerson, type Person } from '../support/people.js';
import type { Sent } from './second-factor-and-key-stories.js';
import { makeCampaign, makeTabletopObject } from './tabletop-core-stories.js';
import type { Planting } from './tabletop-secrets.js';

const TABLETOP = '/api/v1/tabletop';
const CAMPAIGNS = `${TABLETOP}/campaigns`;
const ROWS = { rows: [{ text: 'a wolf' }, { text: '{2d6} rats' }] };
const FILE = { format: 'list', content: 'a wolf\nan owl', name: 'Spec' };

type Token = Pick<Person, 'accessToken'>;

const makeRandomTable = (base: string, token: string, campaignId?: string): Promise<string> =>
  makeTabletopObject(base, token, 'tables', campaignId, ROWS);

/** Calls that succeed on tables. */
export function tabletopTableStories(base: () => string): Record<string, () => Promise<Sent>> {
  const inCampaign = async (end: string, body: object): Promise<Sent> => {
    const { accessToken: token } = await newPerson(base());
    return { path: `${CAMPAIGNS}/${await makeCampaign(base(), token)}${end}`, token, body };
  };
  const ofTable = async (body?: object): Promise<Sent> => {
    const { accessToken: token } = await newPerson(base());
    return {
      path: `${TABLETOP}/tables/${await makeRandomTable(base(), token)}`,
      token,
      ...(body && { body }),
    };
  };
  return {
    [`POST ${CAMPAIGNS}/{c}/tables`]: () => inCampaign('/tables', { name: 'Spec', ...ROWS }),
    [`POST ${CAMPAIGNS}/{c}/tables/import`]: () => inCampaign('/tables/import', FILE),
    [`PATCH ${TABLETOP}/tables/{id}`]: () => ofTable({ name: 'Other' }),
    [`DELETE ${TABLETOP}/tables/{id}`]: () => ofTable(),
    [`POST ${TABLETOP}/tables/{id}/shuffle`]: async () => {
      const sent = await ofTable();
      return { ...sent, path: `${sent.path}/shuffle` };
    },
  };
}

/** What strangers must send so that a route looks for the thing. */
export const TABLETOP_TABLE_BODIES: Readonly<Record<string, object>> = {
  [`POST ${CAMPAIGNS}/{c}/tables`]: { name: 'taken over', ...ROWS },
  [`POST ${CAMPAIGNS}/{c}/tables/import`]: FILE,
};

/** Things of a master by the collection in a route's path. */
export function tabletopTableThings(base: () => string): Record<string, (owner: Token) => Promise<string>> {
  return { 'tabletop/tables': ({ accessToken }) => makeRandomTable(base(), accessToken) };
}

/** Tables for requests that are made up. */
export async function tabletopTableIds(base: string, token: string): Promise<Record<string, string[]>> {
  const campaignId = await makeCampaign(base, token);
  const ids: string[] = [];
  for (let at = 0; at < 6; at += 1) ids.push(await makeRandomTable(base, token, campaignId));
  return { 'tabletop/tables': ids };
}

/** A table that players roll asks one that they must not know. */
export async function plantTables({ campaignId, word, make }: Planting): Promise<void> {
  const path = `${CAMPAIGNS}/${campaignId}/tables`;
  const name = word('name of a hidden table');
  await make(path, {
    name,
    summary: word('summary of a hidden table'),
    tags: [word('tag of a hidden table')],
    rows: [{ text: word('row of a hidden table'), when: '$level > 0' }],
    variables: { level: 1, hint: word('variable of a hidden table') },
  });
  await make(path, { name: 'Rumours', visibility: 'party', rows: [{ text: `They say {@${name}}` }] });
}
