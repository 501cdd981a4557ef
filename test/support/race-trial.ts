import { call, get, post } from './api-client.js';
import { waitUntil } from './wait-until.js';

const RUNNING = '/api/v1/running';

/** A ghost of an own run, with its curve. @returns its id */
export async function makeGhost(
  base: string,
  token: string,
  runId: string,
  more: object = {},
): Promise<string> {
  const wish = { type: 'past_run', runId, name: 'Last time', ...more };
  const made = await post(base, `${RUNNING}/ghosts`, wish, { token });
  if (made.status !== 201) throw new Error(made.text);
  const { id } = made.json as { id: string };
  await waitUntil('the ghost has its curve', 20_000, async () => {
    const { curveState } = (await get(base, `${RUNNING}/ghosts/${id}`, { token })).json as {
      curveState: string;
    };
    if (curveState === 'failed') throw new Error('No curve can be made of the run');
    return curveState === 'ready';
  });
  return id;
}

/** A race of a run that is over against a ghost, judged. @returns its id */
export async function raceGhost(
  base: string,
  token: string,
  ghostId: string,
  runId: string,
): Promise<string> {
  const made = await post(base, `${RUNNING}/races`, { ghostIds: [ghostId] }, { token });
  if (made.status !== 201) throw new Error(made.text);
  const { id } = made.json as { id: string };
  const joined = await call(base, 'POST', `${RUNNING}/races/${id}/join`, { token, body: { runId } });
  if (joined.status >= 300) throw new Error(joined.text);
  await waitUntil('the race is judged', 20_000, async () => {
    const { results } = (await get(base, `${RUNNING}/races/${id}/results`, { token })).json as {
      results: unknown[];
    };
    return results.length > 0;
  });
  return id;
}
