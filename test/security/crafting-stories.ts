import { call, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import type { Sent } from './second-factor-and-key-stories.js';

const ITEMS = '/api/v1/market/games/dofus/items';

/** Calls that succeed on routes of recipes, each for an item of its own. */
export function craftingStories(base: () => string): Record<string, () => Promise<Sent>> {
  let nextId = 978_000_000;
  const body = { ingredients: [{ itemId: 1, quantity: 2 }] };
  const aRecipePath = async (): Promise<string> => {
    const externalId = (nextId += 1);
    const point = { externalId, unitPrice: 1, capturedAt: new Date().toISOString() };
    await post(base(), OBSERVATIONS_PATH, [point]);
    const { json } = await get(base(), `${ITEMS}?q=%23${externalId}`);
    const [item] = (json as { items: { id: number }[] }).items;
    return `${ITEMS}/${item!.id}/recipe`;
  };
  return {
    'PUT /api/v1/market/games/{game}/items/{itemId}/recipe': async () => ({
      path: await aRecipePath(),
      body,
    }),
    'DELETE /api/v1/market/games/{game}/items/{itemId}/recipe': async () => {
      const path = await aRecipePath();
      await call(base(), 'PUT', path, { body });
      return { path };
    },
  };
}
