import { generateSync } from 'otplib';
import { call, post } from './api-client.js';
import type { Person } from './people.js';

const STEP_S = 30;

/** An authenticator app, which may also look one step ahead, so that a test need not wait for the next code. */
export const codeOf = (seed: string, stepsAhead = 0): string =>
  generateSync({ secret: seed, epoch: Math.floor(Date.now() / 1_000) + stepsAhead * STEP_S });

/** Somebody with a second factor. */
export interface Enrolled {
  seed: string;
  recoveryCodes: string[];
}

/** Enrols over HTTP, as a client does. That uses up the present code; the next one is left for the test. */
export async function enrol(
  base: string,
  { accessToken: token }: Pick<Person, 'accessToken'>,
): Promise<Enrolled> {
  const begun = await call(base, 'POST', '/api/v1/account/totp', { token });
  if (begun.status !== 201) throw new Error(`Enrolling failed: ${begun.text}`);
  const { secret } = begun.json as { secret: string };
  const confirmed = await post(base, '/api/v1/account/totp/confirm', { code: codeOf(secret) }, { token });
  if (confirmed.status !== 200) throw new Error(`Confirming failed: ${confirmed.text}`);
  return { seed: secret, recoveryCodes: (confirmed.json as Enrolled).recoveryCodes };
}
