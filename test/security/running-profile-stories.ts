import sharp from 'sharp';
import { call } from '../support/api-client.js';
import { newPerson } from '../support/people.js';
import type { Sent } from './second-factor-and-key-stories.js';

const PROFILE = '/api/v1/running/profile';
const PICTURE = `${PROFILE}/picture`;

/** A small picture as a client sends it. */
export async function aRunnerPicture(): Promise<{ body: Buffer; headers: Record<string, string> }> {
  const body = await sharp({ create: { width: 4, height: 4, channels: 3, background: 'blue' } })
    .png()
    .toBuffer();
  return { body, headers: { 'content-type': 'image/png' } };
}

/** Calls that succeed on the routes of a runner's own profile. */
export function runnerProfileStories(base: () => string): Record<string, () => Promise<Sent>> {
  const byRunner = async (path: string, sent: object = {}): Promise<Sent> => ({
    path,
    token: (await newPerson(base())).accessToken,
    ...sent,
  });
  return {
    [`PATCH ${PROFILE}`]: () => byRunner(PROFILE, { body: { displayName: 'Somebody' } }),
    'PATCH /api/v1/running/preferences': () =>
      byRunner('/api/v1/running/preferences', { body: { privacyRuns: 'public' } }),
    [`PUT ${PICTURE}`]: async () => byRunner(PICTURE, await aRunnerPicture()),
    [`DELETE ${PICTURE}`]: async () => {
      const { accessToken: token } = await newPerson(base());
      await call(base(), 'PUT', PICTURE, { token, ...(await aRunnerPicture()) });
      return { path: PICTURE, token };
    },
  };
}
