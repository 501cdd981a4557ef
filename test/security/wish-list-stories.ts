import { call } from '../support/api-client.js';
import { newPerson } from '../support/people.js';
import type { Sent } from './second-factor-and-key-stories.js';

const LISTS = '/api/v1/destiny/wishlists';
export const A_WISH_LIST = {
  headers: { 'content-type': 'text/plain' },
  body: 'title:Spec\ndimwishlist:item=2023002233&perks=1467527085,2969185026',
} as const;

/** @returns id of a list of an account */
export async function makeWishList(base: string, token: string): Promise<string> {
  const { json } = await call(base, 'POST', LISTS, { ...A_WISH_LIST, token });
  return (json as { id: string }).id;
}

/** Calls that succeed on the routes of wish lists. */
export function wishListStories(base: () => string): Record<string, () => Promise<Sent>> {
  const made = async (sent: object = {}): Promise<Sent> => {
    const { accessToken: token } = await newPerson(base());
    return { path: `${LISTS}/${await makeWishList(base(), token)}`, token, ...sent };
  };
  return {
    [`POST ${LISTS}`]: async () => ({
      path: LISTS,
      token: (await newPerson(base())).accessToken,
      ...A_WISH_LIST,
    }),
    [`PUT ${LISTS}/{id}`]: () => made(A_WISH_LIST),
    [`DELETE ${LISTS}/{id}`]: () => made(),
  };
}
