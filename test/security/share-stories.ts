import { post } from '../support/api-client.js';
import { newPerson } from '../support/people.js';
import type { Sent } from './second-factor-and-key-stories.js';

const SHARES = '/api/v1/destiny/shares';
const A_SHARE = { shows: 'summary', displayName: 'Somebody' };

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
      const { json } = await post(base(), SHARES, A_SHARE, { token });
      return { path: `${SHARES}/${(json as { id: string }).id}`, token };
    },
  };
}
