import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type IdentityServices, newIdentity } from '../../../test/support/identity-services.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import { OneTimeTokensRepository } from '../accounts/one-time-tokens.repository.js';
import { toAccountPrincipal } from '../tokens/account-principal.mapper.js';
import { SessionsRepository } from './sessions.repository.js';
import { WsTickets } from './ws-tickets.service.js';

let units: TestUnits;
let identity: IdentityServices;
let tickets: WsTickets;
let caller: Principal;

beforeAll(async () => {
  units = await openUnits({ poolMax: 12 });
  identity = newIdentity(units);
  tickets = new WsTickets(units.app, units.system, new OneTimeTokensRepository(), new SessionsRepository());
  await identity.operator.create('owner@example.org', 'member', 'a fine password');
  const device = { name: null, userAgent: null, ip: undefined };
  const { accessToken } = await identity.signIns.signIn('owner@example.org', 'a fine password', device);
  const claims = await identity.tokens.verify(accessToken);
  caller = toAccountPrincipal({
    accountId: claims.sub,
    sessionId: claims.sid,
    role: claims.role,
    tokenVersion: claims.ver,
    provedAtMs: claims.pat * 1_000,
    expiresAtMs: claims.exp * 1_000,
  });
});

afterAll(async () => {
  await units.close();
});

const REFUSED = { code: 'auth/invalid-token' };

describe('a WebSocket ticket', () => {
  it('opens one socket as the account and session that asked, also when ten bring it at once', async () => {
    const ticket = await tickets.issue(caller);
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => tickets.redeem(ticket)));
    const opened = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(opened).toHaveLength(1);
    expect(opened[0]!.value).toMatchObject({
      id: caller.id,
      kind: 'account',
      sessionId: caller.sessionId,
      permissions: caller.permissions,
    });
    await expect(tickets.redeem(ticket)).rejects.toMatchObject(REFUSED);
  });

  it('is refused when it is too old, invented, or of another kind', async () => {
    const ticket = await tickets.issue(caller);
    await units.owner('UPDATE identity.one_time_token SET expires_at = now()');
    await expect(tickets.redeem(ticket)).rejects.toMatchObject(REFUSED);
    await expect(tickets.redeem('')).rejects.toMatchObject(REFUSED);
    const reset = await tickets.issue(caller);
    await units.owner("UPDATE identity.one_time_token SET kind = 'password-reset' WHERE expires_at > now()");
    await expect(tickets.redeem(reset)).rejects.toMatchObject(REFUSED);
  });

  it('is refused when the session has ended meanwhile', async () => {
    const ticket = await tickets.issue(caller);
    await units.owner('UPDATE identity.session SET revoked_at = now()');
    await expect(tickets.redeem(ticket)).rejects.toMatchObject(REFUSED);
  });

  it('is for who has a session', async () => {
    const { sessionId: _none, ...keyHolder } = caller;
    await expect(tickets.issue(keyHolder)).rejects.toMatchObject({ code: 'identity/account-needed' });
  });
});
