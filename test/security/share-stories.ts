import { post } from '../support/api-client.js';
import { newPerson } from '../support/people.js';
import type { Sent } from './second-factor-and-key-stories.js';

const SHARES = '/api/v1/destiny/shares';
const A_SHARE = { shows: 'summary', displayName: 'Somebody' };

/** @returns id of a link of an account */
export async function makeShare(base: string, token: string): Promise<string> {
  return ((await post(base, SHARES, A_SHARE, { token })).json as { id: string }).id;
}

/** Calls that succeed on the routes of Destiny's links. */
export function shareStories(base: () => string): Record<string, () => Promise<Sent>> {
  return {
    [`POST ${SHARES}`]: async () => ({
      path: SHARES,
      token: (await newPerson(base())).accessToken,
      body: A_SHARE,
    }),
    [`DELETE ${SHARES}/{id}`]: async () => {
      const { accessToken: token } = await newPerson(base());
      return { path: `${SHARES}/${await makeShare(base(), token)}`, token };
    },
  };
}
