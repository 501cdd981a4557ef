import { get, post } from '../support/api-client.js';
import type { Sent } from './second-factor-and-key-stories.js';

const ITEMS = '/api/v1/market/games/dofus/items';
const OBSERVATIONS = '/api/v1/market/games/dofus/servers/draconiros/observations';
const COMPAT = '/compat/dofus/api';

/** Calls that succeed on routes of items and of single observations, each on one of its own. */
export function itemStories(base: () => string): Record<string, () => Promise<Sent>> {
  let nextId = 975_000_000;
  const anItem = async (): Promise<{ id: number; name: string; observationId: number }> => {
    const externalId = (nextId += 1);
    const name = `item of a story ${externalId}`;
    const point = { externalId, name, unitPrice: 1, capturedAt: new Date().toISOString() };
    const stored = await post(base(), OBSERVATIONS, [point]);
    const { json } = await get(base(), `${ITEMS}?q=${externalId}`);
    const [item] = (json as { items: { id: number }[] }).items;
    const [{ observationId }] = stored.json.results as [{ observationId: number }];
    return { id: item!.id, name, observationId };
  };

  return {
    'PATCH /api/v1/market/games/{game}/items/{itemId}': async () => ({
      path: `${ITEMS}/${(await anItem()).id}`,
      body: { level: 12 },
    }),
    'DELETE /api/v1/market/games/{game}/items/{itemId}': async () => ({
      path: `${ITEMS}/${(await anItem()).id}`,
    }),
    'PUT /compat/dofus/api/data': async () => {
      const { name } = await anItem();
      const body = { old_item_name: name, new_item_name: `${name} renamed`, server: 'Draconiros' };
      return { path: `${COMPAT}/data?resource=items`, body };
    },
    'DELETE /compat/dofus/api/data': async () => ({
      path: `${COMPAT}/data?resource=items&id=${(await anItem()).id}`,
    }),
    'POST /compat/dofus/api/market_v2': async () => ({
      path: `${COMPAT}/market_v2?resource=observations`,
      body: {
        item_name: (await anItem()).name,
        server: 'Draconiros',
        price_unit_avg: 5,
        captured_at: new Date().toISOString(),
      },
    }),
    'PUT /compat/dofus/api/market_v2': async () => ({
      path: `${COMPAT}/market_v2?resource=observations`,
      body: { id: (await anItem()).observationId, price_unit_avg: 6 },
    }),
    'DELETE /compat/dofus/api/market_v2': async () => ({
      path: `${COMPAT}/market_v2?resource=observations`,
      body: { id: (await anItem()).observationId },
    }),
  };
}
