import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { hasPgBouncer, type PgBouncer, startPgBouncer } from '../../../test/support/pgbouncer.js';
import { INGEST_TOKEN, startServerProcess } from '../../../test/support/server-process.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { tryUserScopes, userScopeSteps } from '../../../test/support/user-scope-trial.js';

/**
 * DB_POOLER=transaction behind a real PgBouncer: each transaction may land on another connection, and what a session would
 * keep (a role, a setting, a prepared statement) would be met there by somebody else.
 */
(hasPgBouncer() ? describe : describe.skip)('through pgbouncer in transaction mode', () => {
  let bouncer: PgBouncer;
  let units: TestUnits;

  beforeAll(async () => {
    units = await openUnits({ pooler: 'transaction', poolMax: 8 }, async (url) => {
      bouncer = await startPgBouncer(url);
      return bouncer.urlOf(url);
    });
  });

  afterAll(async () => {
    await units.close();
    await bouncer.stop();
  });

  it('shows each user their own rows only, on two connections shared by ten', async () => {
    await fc.assert(
      fc.asyncProperty(userScopeSteps, (steps) => tryUserScopes(units, steps)),
      { numRuns: 3, endOnFailure: true },
    );
    const [backends] = await units.owner<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'guildhall %'`,
    );
    expect(backends!.n).toBeLessThanOrEqual(2);
  }, 120_000);

  it('runs the same named statement on connection after connection', async () => {
    const statement = { name: 'spec.same', text: 'SELECT $1::int AS n', values: [7] };
    const answers = Array.from({ length: 40 }, () => units.app.read({ id: randomUUID() }, statement));
    for (const rows of await Promise.all(answers)) expect(rows).toEqual([{ n: 7 }]);
  });

  it('refuses a connection that asks for a role at start-up, which is why roles are set inside transactions', async () => {
    const direct = openUnits({ pooler: 'none' }, (url) => Promise.resolve(bouncer.urlOf(url)));
    await expect(direct).rejects.toThrow(/startup parameter/i);
  });

  it('carries a whole server: a batch goes in and comes out again', async () => {
    const server = await startServerProcess({
      DATABASE_URL: bouncer.urlOf(units.url),
      DATABASE_DIRECT_URL: units.url,
      DB_POOLER: 'transaction',
    });
    try {
      const place = `${server.url}/api/v1/market/games/dofus/servers/draconiros`;
      const headers = {
        authorization: `Bearer ${INGEST_TOKEN}`,
        'content-type': 'application/json',
        'idempotency-key': 'one',
      };
      const body = JSON.stringify([
        { name: 'Pooled Item', unitPrice: 12.5, capturedAt: new Date(Date.now() - 60_000).toISOString() },
      ]);
      const [first, second] = [
        await fetch(`${place}/observations`, { method: 'POST', headers, body }),
        await fetch(`${place}/observations`, { method: 'POST', headers, body }),
      ];
      expect([first.status, second.status]).toEqual([201, 201]);
      const stored = await first.json();
      expect(stored).toMatchObject({ acceptedCount: 1 });
      expect(await second.json()).toEqual(stored);
      const [item] = await units.owner<{ id: number }>(
        "SELECT id FROM market.item WHERE label = 'Pooled Item'",
      );
      const prices = await fetch(`${place}/prices?ids=${item!.id}`, { headers });
      expect(await prices.json()).toMatchObject({ items: [{ label: 'Pooled Item', unitPrice: 12.5 }] });
    } finally {
      await server.stop();
    }
  });
});
