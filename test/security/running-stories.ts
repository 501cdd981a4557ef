import { randomUUID } from 'node:crypto';
import { call, get, post } from '../support/api-client.js';
import { newPerson, type Person } from '../support/people.js';
import { makeGhost, makeRace, plantRun } from '../support/running-trial.js';
import { waitUntil } from '../support/wait-until.js';
import { courseTrack } from '../support/courses.js';
import { aRunnerPicture } from './running-profile-stories.js';
import type { Sent } from './second-factor-and-key-stories.js';

const RUNNING = '/api/v1/running';
const WISP = '/compat/wisp/api/v1';
const A_WISP_RUN = {
  distance: 5_000,
  moving_time: 1_500,
  elapsed_time: 1_500,
  started_at: '2026-01-01T00:00:00Z',
};
const A_WISP_GOAL = {
  ghost_type: 'custom_goal',
  name: 'Goal',
  target_distance: 5_000,
  target_duration: 1_500,
};
const A_GOAL = { type: 'custom_goal', goal: { distanceM: 5_000, durationS: 1_500 } };

/** A run that is being recorded. @returns its id */
export async function makeRecording(base: string, token: string): Promise<string> {
  const made = await post(base, `${RUNNING}/runs`, { startedAt: '2026-01-01T00:00:00Z' }, { token });
  return (made.json as { id: string }).id;
}

/** A plan to race against, ready. @returns its id */
export async function makeGoalGhost(base: string, token: string): Promise<string> {
  const made = await post(base, `${RUNNING}/ghosts`, A_GOAL, { token });
  const { id } = made.json as { id: string };
  await waitUntil('the ghost is ready', 30_000, async () => {
    const { json } = await get(base, `${RUNNING}/ghosts/${id}`, { token });
    return (json as { curveState: string }).curveState === 'ready';
  });
  return id;
}

/** A race over a kilometre that its owner has run. @returns its id */
export async function makeOwnRace(
  base: string,
  databaseUrl: string,
  owner: Pick<Person, 'id' | 'accessToken'>,
  mode: 'ghosts' | 'group',
): Promise<string> {
  const course = await makeGhost(base, databaseUrl, owner, courseTrack({ speedMps: 3 }));
  return makeRace(base, owner, [course], { mode });
}

/** A form with a picture, as the original's app sends it. */
async function anUpload(): Promise<{ body: Buffer; headers: Record<string, string> }> {
  const { body } = await aRunnerPicture();
  const head =
    '--part\r\nContent-Disposition: form-data; name="avatar"; filename="me.png"\r\nContent-Type: image/png\r\n\r\n';
  return {
    body: Buffer.concat([Buffer.from(head), body, Buffer.from('\r\n--part--\r\n')]),
    headers: { 'content-type': 'multipart/form-data; boundary=part' },
  };
}

/** Calls that succeed on the routes of runs, ghosts and races. */
export function runningStories(
  base: () => string,
  databaseUrl: () => string,
): Record<string, () => Promise<Sent>> {
  const person = (): Promise<Person> => newPerson(base());
  const byPerson = async (path: string, sent: object = {}): Promise<Sent> => ({
    path,
    token: (await person()).accessToken,
    ...sent,
  });
  const ofRun = async (end: string, sent: object = {}): Promise<Sent> => {
    const { accessToken: token } = await person();
    return { path: `${RUNNING}/runs/${await makeRecording(base(), token)}${end}`, token, ...sent };
  };
  const ofGhost = async (end: string, sent: object = {}): Promise<Sent> => {
    const { accessToken: token } = await person();
    return { path: `${RUNNING}/ghosts/${await makeGoalGhost(base(), token)}${end}`, token, ...sent };
  };
  const ofRuns = async (): Promise<Sent> => {
    const { id, accessToken: token } = await person();
    const runIds: string[] = [];
    for (const speedMps of [3, 3.2])
      runIds.push(await plantRun(databaseUrl(), id, courseTrack({ speedMps })));
    return { path: `${RUNNING}/ghosts/compose`, token, body: { runIds } };
  };
  const ofRace = async (mode: 'ghosts' | 'group', end: string, sent: object = {}): Promise<Sent> => {
    const owner = await person();
    const id = await makeOwnRace(base(), databaseUrl(), owner, mode);
    return { path: `${RUNNING}/races/${id}${end}`, token: owner.accessToken, ...sent };
  };
  const invited = async (): Promise<Sent> => {
    const { path, token } = await ofRace('group', '/invite');
    const { json } = await post(base(), path, {}, { token: token! });
    return byPerson(`${RUNNING}/races/invited/${(json as { token: string }).token}/join`, { body: {} });
  };
  const started = async (): Promise<Sent> => {
    const sent = await ofRace('group', '');
    const runId = await makeRecording(base(), sent.token!);
    return { ...sent, path: `${sent.path}/join`, body: { runId } };
  };
  return {
    [`POST ${RUNNING}/runs`]: () =>
      byPerson(`${RUNNING}/runs`, { body: { startedAt: '2026-01-01T00:00:00Z', id: randomUUID() } }),
    [`PATCH ${RUNNING}/runs/{id}`]: () => ofRun('', { body: { title: 'Mine' } }),
    [`DELETE ${RUNNING}/runs/{id}`]: () => ofRun(''),
    [`POST ${RUNNING}/ghosts`]: () => byPerson(`${RUNNING}/ghosts`, { body: A_GOAL }),
    [`POST ${RUNNING}/ghosts/compose`]: ofRuns,
    [`PATCH ${RUNNING}/ghosts/{id}`]: () => ofGhost('', { body: { name: 'Mine' } }),
    [`DELETE ${RUNNING}/ghosts/{id}`]: () => ofGhost(''),
    [`POST ${RUNNING}/ghosts/{id}/link`]: () => ofGhost('/link', { body: {} }),
    [`DELETE ${RUNNING}/ghosts/{id}/link`]: async () => {
      const sent = await ofGhost('/link');
      await post(base(), sent.path, {}, { token: sent.token! });
      return sent;
    },
    [`POST ${RUNNING}/races`]: async () => {
      const { accessToken: token } = await person();
      const ghostIds = [await makeGoalGhost(base(), token)];
      return { path: `${RUNNING}/races`, token, body: { ghostIds } };
    },
    [`POST ${RUNNING}/races/invited/{token}/join`]: invited,
    [`PATCH ${RUNNING}/races/{id}`]: () => ofRace('ghosts', '', { body: { name: 'Mine' } }),
    [`DELETE ${RUNNING}/races/{id}`]: () => ofRace('ghosts', ''),
    [`POST ${RUNNING}/races/{id}/join`]: started,
    [`POST ${RUNNING}/races/{id}/leave`]: async () => {
      const sent = await invited();
      const joined = await call(base(), 'POST', sent.path, { token: sent.token!, body: {} });
      return {
        path: `${RUNNING}/races/${(joined.json as { id: string }).id}/leave`,
        token: sent.token!,
      };
    },
    [`POST ${RUNNING}/races/{id}/invite`]: () => ofRace('group', '/invite', { body: {} }),
    [`DELETE ${RUNNING}/races/{id}/invite`]: async () => {
      const sent = await ofRace('group', '/invite');
      await post(base(), sent.path, {}, { token: sent.token! });
      return sent;
    },
    ...wispStories(person, databaseUrl, byPerson, ofGhost),
    [`PUT ${WISP}/users/profile`]: () =>
      byPerson(`${WISP}/users/profile`, { body: { display_name: 'Somebody' } }),
    [`PUT ${WISP}/users/preferences`]: () =>
      byPerson(`${WISP}/users/preferences`, { body: { units_distance: 'imperial' } }),
    [`POST ${WISP}/users/profile/upload-avatar`]: async () =>
      byPerson(`${WISP}/users/profile/upload-avatar`, await anUpload()),
  };
}

/** Of the original's paths. Ghosts are made by the native ones, and are the same. */
function wispStories(
  person: () => Promise<Person>,
  databaseUrl: () => string,
  byPerson: (path: string, sent: object) => Promise<Sent>,
  ofGhost: (end: string, sent?: object) => Promise<Sent>,
): Record<string, () => Promise<Sent>> {
  const ofRun = async (sent: object = {}): Promise<Sent> => {
    const { id, accessToken: token } = await person();
    const runId = await plantRun(databaseUrl(), id, courseTrack({ speedMps: 3 }));
    return { path: `${WISP}/runs/${runId}`, token, ...sent };
  };
  const ofWispGhost = async (sent: object = {}): Promise<Sent> => {
    const { path, ...rest } = await ofGhost('', sent);
    return { ...rest, path: path.replace(RUNNING, WISP) };
  };
  return {
    [`POST ${WISP}/runs`]: () => byPerson(`${WISP}/runs`, { body: A_WISP_RUN }),
    [`PUT ${WISP}/runs/{id}`]: () => ofRun({ body: { title: 'Mine' } }),
    [`DELETE ${WISP}/runs/{id}`]: () => ofRun(),
    [`POST ${WISP}/ghosts`]: () => byPerson(`${WISP}/ghosts`, { body: A_WISP_GOAL }),
    [`PUT ${WISP}/ghosts/{id}`]: () => ofWispGhost({ body: { name: 'Mine' } }),
    [`DELETE ${WISP}/ghosts/{id}`]: () => ofWispGhost(),
    [`POST ${WISP}/ghost-races`]: async () => {
      const { path, token } = (await ofGhost('')) as Sent & { token: string };
      const { sub } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as {
        sub: string;
      };
      const run_id = await plantRun(databaseUrl(), sub, courseTrack({ speedMps: 3 }));
      return { path: `${WISP}/ghost-races`, token, body: { run_id, ghost_id: path.split('/').at(-1) } };
    },
  };
}
