import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type IdentityServices, newIdentity } from '../../../test/support/identity-services.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { DomainError } from '../../platform/http/domain-error.js';
import { GRACE_MS } from './judge-refresh.js';
import type { IssuedTokens } from './open-sessions.service.js';
import { decodeRefreshToken, encodeRefreshToken, newSecret } from './refresh-token.codec.js';

let units: TestUnits;
let identity: IdentityServices;
let accountId: string;

beforeAll(async () => {
  units = await openUnits({ poolMax: 12 });
  identity = newIdentity(units);
  await identity.operator.create('owner@example.org', 'member', 'a fine password');
  [{ id: accountId }] = (await units.owner<{ id: string }>('SELECT id FROM identity.account')) as [
    { id: string },
  ];
});

afterAll(async () => {
  await units.close();
});

const open = (): Promise<IssuedTokens> =>
  identity.sessions.open(
    { id: accountId, role: 'member', tokenVersion: 1, passwordHash: null },
    { name: null, userAgent: 'spec', ip: '203.0.113.9' },
  );

/** The tokens, or `refused`. */
const refresh = (token: string): Promise<IssuedTokens | 'refused'> =>
  identity.sessions.refresh(token).catch((error: unknown) => {
    expect(error).toBeInstanceOf(DomainError);
    expect(error).toMatchObject({ code: 'identity/invalid-refresh-token', kind: 'unauthenticated' });
    return 'refused' as const;
  });

/** Lets time pass for a session: its last rotation is longer ago. */
const wait = (sessionId: string, ms: number): Promise<unknown> =>
  units.owner(
    'UPDATE identity.session SET rotated_at = rotated_at - make_interval(secs => $2) WHERE id = $1',
    [sessionId, ms / 1_000],
  );

const state = async (sessionId: string) => {
  const [row] = await units.owner<{ counter: number; isRevoked: boolean; isTold: boolean }>(
    `SELECT counter, revoked_at IS NOT NULL AS "isRevoked",
       EXISTS (SELECT FROM identity.revocation r WHERE r.subject_id = s.id) AS "isTold"
     FROM identity.session s WHERE id = $1`,
    [sessionId],
  );
  return row!;
};

type Step = 'current' | 'parent' | 'older' | 'invented' | 'sign-out' | 'wait a little' | 'wait long';

/** What must be true of a session, kept by a simple model beside the real one. */
async function walk(steps: readonly Step[]): Promise<void> {
  const { sessionId, refreshToken } = await open();
  const tokens = [refreshToken];
  let agoMs: number | null = null;
  let isAlive = true;
  for (const step of steps) {
    const rank = step === 'current' ? 0 : step === 'parent' ? 1 : 2;
    const index = tokens.length - 1 - (step === 'older' ? Math.max(2, tokens.length - 1) : rank);
    if (step === 'wait a little' || step === 'wait long') {
      const ms = step === 'wait long' ? GRACE_MS : 2_000;
      await wait(sessionId, ms);
      if (agoMs !== null) agoMs += ms;
    } else if (step === 'sign-out') {
      await units.owner('UPDATE identity.session SET revoked_at = now() WHERE id = $1', [sessionId]);
      isAlive = false;
    } else if (step === 'invented') {
      const token = { sessionId, counter: 0, secret: newSecret() };
      expect(await refresh(encodeRefreshToken(token, newSecret()))).toBe('refused');
    } else if (index >= 0) {
      const answer = await refresh(tokens[index]!);
      const isGraceful = step === 'parent' && agoMs !== null && agoMs < GRACE_MS;
      if (isAlive && step === 'current') {
        expect(answer).toMatchObject({ sessionId });
        tokens.push((answer as IssuedTokens).refreshToken);
        expect(new Set(tokens).size).toBe(tokens.length);
        agoMs = 0;
      } else if (isAlive && isGraceful) {
        expect(answer).toMatchObject({ refreshToken: tokens.at(-1) }); // the current one, never a branch
      } else {
        expect(answer).toBe('refused');
        if (isAlive) expect(await state(sessionId)).toMatchObject({ isRevoked: true, isTold: true });
        isAlive = false;
      }
    }
    expect(await state(sessionId)).toMatchObject({ counter: tokens.length - 1, isRevoked: !isAlive });
  }
  // At most one token lives, and it does exactly if nothing has ended the session.
  expect((await refresh(tokens.at(-1)!)) !== 'refused').toBe(isAlive);
  if (isAlive) {
    await wait(sessionId, GRACE_MS);
    for (const old of tokens.slice(0, -1)) expect(await refresh(old)).toBe('refused');
  }
}

describe('a session', () => {
  it('keeps its promises whatever is done with its refresh tokens, in whatever order', async () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.constant<Step>('current') },
      { weight: 3, arbitrary: fc.constant<Step>('parent') },
      { weight: 1, arbitrary: fc.constant<Step>('older') },
      { weight: 1, arbitrary: fc.constant<Step>('invented') },
      { weight: 1, arbitrary: fc.constantFrom<Step>('sign-out', 'wait a little', 'wait long') },
    );
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 12 }), walk), { numRuns: 60 });
  });

  it('that is refreshed twenty times at once rotates once, and all get the same new token', async () => {
    const { sessionId, refreshToken } = await open();
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)));
    const tokens = new Set(answers.map((answer) => (answer === 'refused' ? answer : answer.refreshToken)));
    expect(tokens.size).toBe(1);
    expect(tokens.has('refused')).toBe(false);
    expect(await state(sessionId)).toEqual({ counter: 1, isRevoked: false, isTold: false });
    expect(await refresh([...tokens][0]!)).toMatchObject({ sessionId });
  });

  it('ends for thief and owner alike when a copy is used', async () => {
    const { sessionId, refreshToken: first } = await open();
    const second = (await refresh(first)) as IssuedTokens;
    await refresh(second.refreshToken);
    expect(await refresh(first)).toBe('refused');
    expect(identity.revocations.isRevoked({ id: accountId, sessionId, tokenVersion: 1 })).toBe(true);
    expect(await state(sessionId)).toMatchObject({ isRevoked: true, isTold: true });
  });

  it('is not ended by who knows its id, nor by a changed token', async () => {
    const { sessionId, refreshToken } = await open();
    const { secret, counter } = decodeRefreshToken(refreshToken)!;
    const forged = [
      encodeRefreshToken({ sessionId, counter: counter + 1, secret }, newSecret()),
      `${refreshToken.slice(0, -1)}${refreshToken.endsWith('A') ? 'B' : 'A'}`,
      refreshToken.slice(0, -4),
      'ghr_',
      '',
    ];
    for (const token of forged) expect(await refresh(token)).toBe('refused');
    expect(await refresh(refreshToken)).toMatchObject({ sessionId });
  });

  it('is over when it was not used for its time, and when its account is locked', async () => {
    const [idle, locked] = [await open(), await open()];
    await units.owner('UPDATE identity.session SET expires_at = now() WHERE id = $1', [idle.sessionId]);
    expect(await refresh(idle.refreshToken)).toBe('refused');
    await units.owner('UPDATE identity.account SET locked_at = now() WHERE id = $1', [accountId]);
    expect(await refresh(locked.refreshToken)).toBe('refused');
    await units.owner('UPDATE identity.account SET locked_at = NULL WHERE id = $1', [accountId]);
    expect(await refresh(locked.refreshToken)).not.toBe('refused');
  });

  it('leaves no token in the database', async () => {
    const { refreshToken, sessionId } = await open();
    const { refreshToken: next } = (await refresh(refreshToken)) as IssuedTokens;
    const [row] = await units.owner<{ all: string }>(
      'SELECT s::text AS all FROM identity.session s WHERE id = $1',
      [sessionId],
    );
    for (const token of [refreshToken, next]) {
      expect(row!.all).not.toContain(token);
      expect(row!.all).not.toContain(decodeRefreshToken(token)!.secret.toString('hex'));
    }
  });
});

describe('a sign-in', () => {
  it('hashes a password anew that was hashed with weaker parameters', async () => {
    const { hash } = await import('@node-rs/argon2');
    const weak = await hash('a fine password', { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    const stored = async (): Promise<string> =>
      (await units.owner<{ hash: string }>('SELECT password_hash AS hash FROM identity.account'))[0]!.hash;
    await units.owner('UPDATE identity.account SET password_hash = $1', [weak]);
    const device = { name: null, userAgent: null, ip: undefined };
    await expect(identity.signIns.signIn('owner@example.org', 'wrong password', device)).rejects.toThrow();
    expect(await stored()).toBe(weak);
    await identity.signIns.signIn('Owner@Example.org', 'a fine password', device);
    expect(await stored()).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    await identity.signIns.signIn('owner@example.org', 'a fine password', device);
  });
});
