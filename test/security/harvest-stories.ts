import { post } from '../support/api-client.js';
import type { Sent } from './second-factor-and-key-stories.js';

const ROUTES = '/api/v1/market/games/dofus/harvest-routes';
const COMPAT = '/compat/dofus/api/data?resource=harvest&mode=routes';
const A_ROUTE = { name: 'round', jobIds: [2], resourceIds: [303], steps: [{ mapId: 1 }] };

/** Calls that succeed on routes of kept ways round and of the calendar. */
export function harvestStories(base: () => string): Record<string, () => Promise<Sent>> {
  const anId = async (): Promise<string> => ((await post(base(), ROUTES, A_ROUTE)).json as { id: string }).id;
  return {
    'POST /api/v1/market/games/{game}/harvest-routes': () => Promise.resolve({ path: ROUTES, body: A_ROUTE }),
    'PATCH /api/v1/market/games/{game}/harvest-routes/{id}': async () => ({
      path: `${ROUTES}/${await anId()}`,
      body: { isPublic: true },
    }),
    'DELETE /api/v1/market/games/{game}/harvest-routes/{id}': async () => ({
      path: `${ROUTES}/${await anId()}`,
    }),
    'POST /api/v1/market/games/{game}/calendar/import': () =>
      Promise.resolve({
        path: '/api/v1/market/games/dofus/calendar/import?source=spec',
        body: [{ date: '2030-01-01', tribute: { externalId: 303, quantity: 1 } }],
      }),
    'PUT /compat/dofus/api/data': async () => ({
      path: `${COMPAT}&routeId=${await anId()}`,
      body: { name: 'another' },
    }),
    'DELETE /compat/dofus/api/data': async () => ({ path: `${COMPAT}&routeId=${await anId()}` }),
  };
}
