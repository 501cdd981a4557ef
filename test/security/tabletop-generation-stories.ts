import { post } from '../support/api-client.js';
import { newPerson, type Person } from '../support/people.js';
import type { Sent } from './second-factor-and-key-stories.js';
import { makeCampaign } from './tabletop-core-stories.js';
import type { Planting } from './tabletop-secrets.js';

const TABLETOP = '/api/v1/tabletop';
const CAMPAIGNS = `${TABLETOP}/campaigns`;

type Token = Pick<Person, 'accessToken'>;

async function makeGeneration(base: string, token: string, campaignId?: string): Promise<string> {
  const campaign = campaignId ?? (await makeCampaign(base, token));
  const path = `${CAMPAIGNS}/${campaign}/generate/npc`;
  const { status, json, text } = await post(base, path, { seed: 'spec' }, { token });
  if (status !== 201) throw new Error(`POST ${path}: ${status} ${text}`);
  return (json as { id: string }).id;
}

/** Calls that succeed on drafts. */
export function tabletopGenerationStories(base: () => string): Record<string, () => Promise<Sent>> {
  const ofDraft = async (end = '', body?: object): Promise<Sent> => {
    const { accessToken: token } = await newPerson(base());
    const path = `${TABLETOP}/generations/${await makeGeneration(base(), token)}${end}`;
    return { path, token, ...(body && { body }) };
  };
  return {
    [`POST ${CAMPAIGNS}/{c}/generate/{kind}`]: async () => {
      const { accessToken: token } = await newPerson(base());
      const path = `${CAMPAIGNS}/${await makeCampaign(base(), token)}/generate/shop`;
      return { path, token, body: {} };
    },
    [`PATCH ${TABLETOP}/generations/{id}`]: () => ofDraft('', { name: 'Other' }),
    [`POST ${TABLETOP}/generations/{id}/accept`]: () => ofDraft('/accept', {}),
    [`DELETE ${TABLETOP}/generations/{id}`]: () => ofDraft(),
  };
}

/** Things of a master by the collection in a route's path. */
export function tabletopGenerationThings(
  base: () => string,
): Record<string, (owner: Token) => Promise<string>> {
  return {
    'tabletop/generations': ({ accessToken }) => makeGeneration(base(), accessToken),
  };
}

/** Drafts for requests that are made up. */
export async function tabletopGenerationIds(base: string, token: string): Promise<Record<string, string[]>> {
  const campaignId = await makeCampaign(base, token);
  const ids: string[] = [];
  for (let at = 0; at < 8; at += 1) ids.push(await makeGeneration(base, token, campaignId));
  return { 'tabletop/generations': ids, 'tabletop/campaigns/{c}/generate': ['npc', 'shop', 'loot'] };
}

/** A draft with secrets, and one that has become a thing which all see, with a secret of its own. */
export async function plantGenerations({
  campaignId,
  word,
  sealedWord,
  make,
  call,
  field,
}: Planting): Promise<void> {
  const generate = (kind: string): Promise<string> =>
    make(`${CAMPAIGNS}/${campaignId}/generate/${kind}`, { seed: word('seed of a draft') });
  const secret = (about: string): object => ({
    secrets: [{ field: field(about), text: `In truth ${sealedWord('secret of a draft')}.` }],
  });
  const draft = await generate('npc');
  await call('PATCH', `${TABLETOP}/generations/${draft}`, {
    name: word('name of a draft'),
    body: word('body of a draft'),
    ...secret('lie'),
  });
  const accepted = await generate('location');
  await call('PATCH', `${TABLETOP}/generations/${accepted}`, { name: 'Open place', ...secret('below') });
  await call('POST', `${TABLETOP}/generations/${accepted}/accept`, { visibility: 'party' });
}
