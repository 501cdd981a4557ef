import { call, post } from '../support/api-client.js';
import { newPerson } from '../support/people.js';
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

/** Calls that succeed on what goes out of a campaign and comes into it. */
export function tabletopImportStories(base: () => string): Record<string, () => Promise<Sent>> {
  const discord = async (): Promise<Sent & { token: string }> => {
    const { accessToken: token } = await newPerson(base());
    const { campaignId } = await makePostable(base(), token);
    return { path: `${CAMPAIGNS}/${campaignId}/discord`, token };
  };
  return {
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
