import { call, get } from '../support/api-client.js';
import { newPerson } from '../support/people.js';
import { aGpxFile } from '../support/run-files.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';
import { aRunnerPicture } from './running-profile-stories.js';
import type { Sent } from './second-factor-and-key-stories.js';

const IMPORTS = '/api/v1/running/imports';
const HOUR_MS = 3_600_000;
let nextStartMs = Date.UTC(2024, 0, 1);

/** A file of a run that no other one resembles, as a client sends it. */
export function aRunFile(): { body: Buffer; headers: Record<string, string> } {
  nextStartMs += HOUR_MS;
  return { body: aGpxFile(nextStartMs, 30), headers: { 'content-type': 'application/gpx+xml' } };
}

/** An import that has finished. @returns its id */
export async function makeRunImport(base: string, token: string): Promise<string> {
  const sent = await call(base, 'POST', IMPORTS, { token, ...aRunFile() });
  const { id } = sent.json as { id: string };
  await waitUntil('the import has finished', 30_000, async () => {
    const { json } = await get(base, `${IMPORTS}/${id}`, { token });
    return (json as { state: string }).state === 'finished';
  });
  return id;
}

/** Calls that succeed on the routes of imports. @param databaseUrl of the owner, who can make an import one that was stopped */
export function runFileStories(
  base: () => string,
  databaseUrl: () => string,
): Record<string, () => Promise<Sent>> {
  return {
    [`POST ${IMPORTS}`]: async () => ({
      path: IMPORTS,
      token: (await newPerson(base())).accessToken,
      ...aRunFile(),
    }),
    [`POST ${IMPORTS}/{id}/start`]: async () => {
      const { accessToken: token } = await newPerson(base());
      const id = await makeRunImport(base(), token);
      const sent = { token, ...(await aRunnerPicture()) };
      const file = await call(base(), 'POST', '/api/v1/files?purpose=picture', sent);
      await queryRows(
        databaseUrl(),
        `WITH stopped AS (UPDATE running.run_import SET finished_at = NULL, file_id = $2 WHERE id = $1 RETURNING job_id)
         UPDATE platform.job j SET state = 'cancelled' FROM stopped WHERE j.id = stopped.job_id`,
        [id, (file.json as { id: string }).id],
      );
      return { path: `${IMPORTS}/${id}/start`, token };
    },
    [`DELETE ${IMPORTS}/{id}`]: async () => {
      const { accessToken: token } = await newPerson(base());
      return { path: `${IMPORTS}/${await makeRunImport(base(), token)}`, token };
    },
  };
}
