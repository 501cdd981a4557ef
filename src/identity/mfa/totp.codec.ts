import { generateSecret, generateURI, verifySync } from 'otplib';

// Codes of authenticator apps (RFC 6238) as every app knows them: SHA-1, six digits, steps of 30 s. A code of the step before
// or after counts too, since clocks differ; so a code would live for 90 s, and whoever checks it remembers the step (ASVS 6.5.1).

const PERIOD_S = 30;
const CODE = /^\d{6}$/;

/** 160 bits in Base32. */
export function newSeed(): string {
  return generateSecret({ length: 20 });
}

/** What the app reads from a QR code. @param label whose account it is, in the app's list */
export function enrolmentUri(seed: string, label: string): string {
  return generateURI({ issuer: 'Guildhall', label, secret: seed, period: PERIOD_S, digits: 6 });
}

/** The step (30 s each since 1970) of a code that is right at this time, at most one off; undefined for any other. */
export function stepOfCode(seed: string, typed: string, nowMs: number): number | undefined {
  const token = typed.replace(/\s/g, '');
  if (!CODE.test(token)) return undefined;
  const result = verifySync({
    secret: seed,
    token,
    epoch: Math.floor(nowMs / 1_000),
    period: PERIOD_S,
    epochTolerance: PERIOD_S,
  });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
}
