import { randomUUID } from 'node:crypto';
import { post } from '../support/api-client.js';
import { newPerson, type Person } from '../support/people.js';
import type { Sent } from './second-factor-and-key-stories.js';
import { makeCampaign, makeTabletopObject } from './tabletop-core-stories.js';
import type { Planting } from './tabletop-secrets.js';

const CAMPAIGNS = '/api/v1/tabletop/campaigns';

async function made(base: string, path: string, body: object, token: string): Promise<string> {
  const { status, json, text } = await post(base, path, body, { token });
  if (status >= 300) throw new Error(`POST ${path}: ${status} ${text}`);
  return (json as { id: string }).id;
}

const ELVES = { name: 'Elves', query: { q: 'elf' } };

/** Calls that succeed on what somebody searches for. */
export function tabletopSearchStories(base: () => string): Record<string, () => Promise<Sent>> {
  const start = async (): Promise<{ token: string; campaignId: string; path: string }> => {
    const { accessToken: token } = await newPerson(base());
    const campaignId = await makeCampaign(base(), token);
    return { token, campaignId, path: `${CAMPAIGNS}/${campaignId}` };
  };
  const aCorrection = async (): Promise<{ token: string; path: string; wish: object }> => {
    const { token, campaignId, path } = await start();
    const objectId = await makeTabletopObject(base(), token, 'notes', campaignId);
    return { token, path: `${path}/search/corrections`, wish: { heard: 'speck', objectId } };
  };
  const aSaved = async (body?: object): Promise<Sent> => {
    const { token, path } = await start();
    const id = await made(base(), `${path}/saved-searches`, ELVES, token);
    return { token, path: `${path}/saved-searches/${id}`, ...(body && { body }) };
  };
  return {
    [`POST ${CAMPAIGNS}/{c}/search/corrections`]: async () => {
      const { token, path, wish } = await aCorrection();
      return { token, path, body: wish };
    },
    [`DELETE ${CAMPAIGNS}/{c}/search/corrections/{id}`]: async () => {
      const { token, path, wish } = await aCorrection();
      return { token, path: `${path}/${await made(base(), path, wish, token)}` };
    },
    [`POST ${CAMPAIGNS}/{c}/saved-searches`]: async () => {
      const { token, path } = await start();
      return { token, path: `${path}/saved-searches`, body: ELVES };
    },
    [`PATCH ${CAMPAIGNS}/{c}/saved-searches/{id}`]: () => aSaved({ name: 'Other' }),
    [`DELETE ${CAMPAIGNS}/{c}/saved-searches/{id}`]: () => aSaved(),
  };
}

/** What strangers must send so that a route looks for the thing. */
export const TABLETOP_SEARCH_BODIES: Readonly<Record<string, object>> = {
  [`POST ${CAMPAIGNS}/{c}/search/corrections`]: { heard: 'taken over', objectId: randomUUID() },
  [`POST ${CAMPAIGNS}/{c}/saved-searches`]: { name: 'taken over', query: { q: 'elf' } },
};

/** For requests that are made up. */
export async function tabletopSearchIds(
  base: string,
  { accessToken: token }: Pick<Person, 'accessToken'>,
  campaignId: string,
): Promise<Record<string, string[]>> {
  const path = `${CAMPAIGNS}/${campaignId}`;
  const objectId = await makeTabletopObject(base, token, 'notes', campaignId);
  const [saved, corrections]: [string[], string[]] = [[], []];
  for (let at = 0; at < 10; at += 1) {
    saved.push(await made(base, `${path}/saved-searches`, ELVES, token));
    corrections.push(
      await made(base, `${path}/search/corrections`, { heard: `speck ${at}`, objectId }, token),
    );
  }
  return {
    'tabletop/campaigns/{c}/saved-searches': saved,
    'tabletop/campaigns/{c}/search/corrections': corrections,
  };
}

/** What masters alone have learnt to call something that all see. */
export async function plantSearch({ campaignId, word, make }: Planting): Promise<void> {
  const inn = await make(`${CAMPAIGNS}/${campaignId}/notes`, { name: 'The learnt inn', visibility: 'party' });
  await make(`${CAMPAIGNS}/${campaignId}/search/corrections`, { heard: word('heard'), objectId: inn });
}
