import { call, get, post } from '../support/api-client.js';
import { aFoundryCreature } from '../factories/foundry-samples.js';
import { aBeyondSheet } from '../support/dndbeyond-sample.js';
import { newPerson, type Person } from '../support/people.js';
import { waitUntil } from '../support/wait-until.js';
import { makeCampaign } from './tabletop-core-stories.js';
import type { Sent } from './second-factor-and-key-stories.js';

const TABLETOP = '/api/v1/tabletop';
const CAMPAIGNS = `${TABLETOP}/campaigns`;
/** Of nobody. */
export const A_WEBHOOK = `https://discord.com/api/webhooks/123456789012345678/${'abcDEF0123456789_-'.repeat(3)}`;

/** A campaign with a channel of Discord and a session that the party sees. */
export async function makePostable(
  base: string,
  token: string,
): Promise<{ campaignId: string; sessionId: string }> {
  const campaignId = await makeCampaign(base, token);
  const set = await call(base, 'PUT', `${CAMPAIGNS}/${campaignId}/discord`, {
    token,
    body: { url: A_WEBHOOK },
  });
  const session = { name: 'The bell', details: { number: 1 }, visibility: 'party', summary: 'It rang.' };
  const made = await post(base, `${CAMPAIGNS}/${campaignId}/sessions`, session, { token });
  if (set.status !== 200 || made.status !== 201) throw new Error(`${set.text} ${made.text}`);
  return { campaignId, sessionId: (made.json as { id: string }).id };
}

/** An import that has finished. @returns its id */
export async function makeCampaignImport(base: string, token: string): Promise<string> {
  const campaignId = await makeCampaign(base, token);
  const made = await post(base, `${CAMPAIGNS}/${campaignId}/imports/json`, [{ name: 'Eel' }], { token });
  const { id } = made.json as { id: string };
  await waitUntil('the import has finished', 30_000, async () => {
    const { json } = await get(base, `${TABLETOP}/imports/${id}`, { token });
    return (json as { state: string }).state === 'finished';
  });
  return id;
}

/** Calls that succeed on what goes out of a campaign and comes into it. */
export function tabletopImportStories(base: () => string): Record<string, () => Promise<Sent>> {
  const discord = async (): Promise<Sent & { token: string }> => {
    const { accessToken: token } = await newPerson(base());
    const { campaignId } = await makePostable(base(), token);
    return { path: `${CAMPAIGNS}/${campaignId}/discord`, token };
  };
  const file = async (source: string, body: unknown, headers: Record<string, string> = {}): Promise<Sent> => {
    const { accessToken: token } = await newPerson(base());
    return {
      path: `${CAMPAIGNS}/${await makeCampaign(base(), token)}/imports/${source}`,
      token,
      body,
      headers,
    };
  };
  const sheet = async (source: string, body: object): Promise<Sent> => {
    const { accessToken: token } = await newPerson(base());
    const campaignId = await makeCampaign(base(), token);
    return { path: `${TABLETOP}/characters/import/${source}`, token, body: { campaignId, sheet: body } };
  };
  return {
    [`POST ${CAMPAIGNS}/{c}/imports/dndbeyond`]: () => file('dndbeyond', aBeyondSheet()),
    [`POST ${CAMPAIGNS}/{c}/imports/foundry`]: () => file('foundry', aFoundryCreature()),
    [`POST ${CAMPAIGNS}/{c}/imports/csv`]: () => file('csv', 'name\nEel\n', { 'content-type': 'text/csv' }),
    [`POST ${CAMPAIGNS}/{c}/imports/json`]: () => file('json', [{ name: 'Eel' }]),
    [`POST ${CAMPAIGNS}/{c}/imports/obsidian`]: () =>
      file('obsidian', Buffer.from('no archive'), { 'content-type': 'application/octet-stream' }),
    [`POST ${TABLETOP}/characters/import/dndbeyond`]: () => sheet('dndbeyond', aBeyondSheet()),
    [`POST ${TABLETOP}/characters/import/foundry`]: () => sheet('foundry', aFoundryCreature()),
    [`POST ${TABLETOP}/characters/import/json`]: () =>
      sheet('json', { format: 'guildhall-character/1', name: 'Ulssin' }),
    [`PUT ${CAMPAIGNS}/{c}/discord`]: async () => ({ ...(await discord()), body: { url: A_WEBHOOK } }),
    [`DELETE ${CAMPAIGNS}/{c}/discord`]: discord,
    [`POST ${TABLETOP}/sessions/{id}/discord/post`]: async () => {
      const { accessToken: token } = await newPerson(base());
      const { sessionId } = await makePostable(base(), token);
      return { path: `${TABLETOP}/sessions/${sessionId}/discord/post`, token };
    },
  };
}

/** What strangers must send so that a route looks for the thing. */
export const TABLETOP_IMPORT_BODIES: Readonly<Record<string, object>> = {
  [`PUT ${CAMPAIGNS}/{c}/discord`]: { url: A_WEBHOOK },
};

/** Things of a master by the collection in a route's path. */
export function tabletopImportThings(
  base: () => string,
): Record<string, (owner: Pick<Person, 'accessToken'>) => Promise<string>> {
  return { 'tabletop/imports': ({ accessToken }) => makeCampaignImport(base(), accessToken) };
}
