import { get } from '../support/api-client.js';
import { recorded } from '../support/made-ways.js';
import { newPerson, type Person } from '../support/people.js';
import { withRunningWorld } from '../support/running-world.js';
import { waitUntil } from '../support/wait-until.js';
import type { Sent } from './second-factor-and-key-stories.js';

const ROUTES = '/api/v1/running/routes';
const PLANS = '/api/v1/running/plans/pacing';
const DAY_MS = 86_400_000;

interface SeenRoute {
  id: string;
  bestRunId: string;
}

/** Routes of one's own, each made by a run over a way of its own some hundred metres long. @returns them, the newest first */
export async function makeRoutes(
  base: string,
  databaseUrl: string,
  { id, accessToken: token }: Pick<Person, 'id' | 'accessToken'>,
  count = 1,
): Promise<SeenRoute[]> {
  await withRunningWorld(databaseUrl, async (world) => {
    for (let at = 0; at < count; at += 1) {
      const way = recorded([[0, 0], [500, 0], [500, 300]], { latDeg: 40 + at, altitudeM: (atM) => 200 + atM / 50 }); // prettier-ignore
      await world.aRun(id, { track: way, startedAtMs: Date.now() - (count - at) * DAY_MS });
    }
  });
  return waitUntil('the runs have their routes', 30_000, async () => {
    const { json } = await get(base, `${ROUTES}?limit=200`, { token });
    const { items } = json as { items: SeenRoute[] };
    return items.length >= count && items;
  });
}

/** Calls that succeed on what writes in the library of routes. */
export function runningRouteStories(
  base: () => string,
  databaseUrl: () => string,
): Record<string, () => Promise<Sent>> {
  const ofRoutes = async (
    count: number,
    end: string,
    body?: (routes: readonly SeenRoute[]) => object,
  ): Promise<Sent> => {
    const owner = await newPerson(base());
    const routes = await makeRoutes(base(), databaseUrl(), owner, count);
    const path = `${ROUTES}/${routes[0]!.id}${end}`;
    return { path, token: owner.accessToken, ...(body && { body: body(routes) }) };
  };
  return {
    [`POST ${PLANS}/ghosts`]: async () => {
      const { accessToken: token } = await newPerson(base());
      return { path: `${PLANS}/ghosts`, token, body: { distanceM: 5_000, targetTimeS: 1_500 } };
    },
    [`PATCH ${ROUTES}/{id}`]: () => ofRoutes(1, '', () => ({ name: 'Round the lake' })),
    [`DELETE ${ROUTES}/{id}`]: () => ofRoutes(1, ''),
    [`POST ${ROUTES}/{id}/merge`]: () => ofRoutes(2, '/merge', ([, other]) => ({ routeId: other!.id })),
    [`PUT ${ROUTES}/{id}/shape`]: () => ofRoutes(2, '/shape', ([, other]) => ({ runId: other!.bestRunId })),
  };
}
