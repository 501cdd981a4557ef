import { randomUUID } from 'node:crypto';
import { call, get, post } from '../support/api-client.js';
import type { Sent } from './second-factor-and-key-stories.js';

const GAME = '/api/v1/market/games/dofus';

/** Calls that succeed on routes of personal things, each for things of its own. */
export function personalStories(base: () => string): Record<string, () => Promise<Sent>> {
  const make = async (what: string, body: object): Promise<string> => {
    const { json } = await post(base(), `${GAME}/${what}`, body);
    return `${GAME}/${what}/${(json as { id: string }).id}`;
  };
  const aProfile = (): Promise<string> => make('profiles', { name: randomUUID() });
  const aList = (): Promise<string> => make('lists', { name: 'Spec', scope: 'private' });
  const idOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const anItem = async (): Promise<number> => {
    const { json } = await get(base(), `${GAME}/items?limit=1`);
    return (json as { items: { id: number }[] }).items[0]!.id;
  };
  const aMessage = async (): Promise<string> =>
    make('messages', { profileId: idOf(await aProfile()), content: 'Spec' });
  const sent = (path: string, body?: object): Sent => ({ path, ...(body && { body }) });
  const stock = async (): Promise<string> => `${await aProfile()}/stock?server=draconiros`;
  const compat = (query: string, body?: object): Sent => sent(`/compat/dofus/api/user?${query}`, body);

  return {
    'POST /api/v1/market/games/{game}/profiles': () =>
      Promise.resolve(sent(`${GAME}/profiles`, { name: randomUUID() })),
    'PATCH /api/v1/market/games/{game}/profiles/{id}': async () =>
      sent(await aProfile(), { name: randomUUID() }),
    'DELETE /api/v1/market/games/{game}/profiles/{id}': async () => sent(await aProfile()),
    'PUT /api/v1/market/games/{game}/profiles/{id}/favourites/{itemId}': async () =>
      sent(`${await aProfile()}/favourites/${await anItem()}`),
    'DELETE /api/v1/market/games/{game}/profiles/{id}/favourites/{itemId}': async () => {
      const path = `${await aProfile()}/favourites/${await anItem()}`;
      await call(base(), 'PUT', path);
      return sent(path);
    },
    'PUT /api/v1/market/games/{game}/profiles/{id}/stock': async () => sent(await stock(), { items: [] }),
    'PATCH /api/v1/market/games/{game}/profiles/{id}/stock': async () =>
      sent(await stock(), { items: [{ externalId: 303, delta: 1 }] }),
    'PATCH /api/v1/market/games/{game}/lists/{id}': async () => sent(await aList(), { name: 'Other' }),
    'DELETE /api/v1/market/games/{game}/lists/{id}': async () => sent(await aList()),
    'PUT /api/v1/market/games/{game}/lists/{id}/items/{itemId}': async () =>
      sent(`${await aList()}/items/${await anItem()}`, { quantity: 2 }),
    'DELETE /api/v1/market/games/{game}/lists/{id}/items/{itemId}': async () => {
      const path = `${await aList()}/items/${await anItem()}`;
      await call(base(), 'PUT', path, { body: {} });
      return sent(path);
    },
    'POST /api/v1/market/games/{game}/lists': () =>
      Promise.resolve(sent(`${GAME}/lists`, { name: 'Spec', scope: 'public' })),
    'POST /api/v1/market/games/{game}/messages': async () =>
      sent(`${GAME}/messages`, { profileId: idOf(await aProfile()), content: 'Spec' }),
    'PATCH /api/v1/market/games/{game}/messages/{id}': async () =>
      sent(await aMessage(), { content: 'Other' }),
    'DELETE /api/v1/market/games/{game}/messages/{id}': async () => sent(await aMessage()),
    'POST /compat/dofus/api/user': () => Promise.resolve(compat('resource=profiles', { name: randomUUID() })),
    'PUT /compat/dofus/api/user': async () => {
      const { json } = await post(base(), '/compat/dofus/api/user?resource=lists', {
        name: 'Spec',
        scope: 'public',
      });
      return compat('resource=lists', { id: (json as { id: string }).id, name: 'Other' });
    },
    'DELETE /compat/dofus/api/user': async () => compat(`resource=profiles&id=${idOf(await aProfile())}`),
  };
}
