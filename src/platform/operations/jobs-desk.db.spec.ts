import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { AuditRepository } from '../audit/audit.repository.js';
import { Audit } from '../audit/audit.service.js';
import { ADMIN_PRINCIPAL } from '../auth/principal.js';
import { JobsRepository } from '../jobs/jobs.repository.js';
import { Jobs } from '../jobs/jobs.service.js';
import { JobObstacleRepository } from './job-obstacle.repository.js';
import { JobsDesk } from './jobs-desk.service.js';

let units: TestUnits;
let worker: pg.Client;
let desk: JobsDesk;

beforeEach(async () => {
  units = await openUnits();
  worker = new pg.Client({ connectionString: units.url });
  await worker.connect();
  const rows = new JobsRepository();
  const jobs = new Jobs(rows, { ring: () => undefined });
  const audit = new Audit(new AuditRepository());
  desk = new JobsDesk(units.app, units.system, rows, jobs, new JobObstacleRepository(), audit);
});

afterEach(async () => {
  await worker.end();
  await units.close();
});

/** A job of the administrator's own. */
async function insertJob(state: string): Promise<string> {
  const id = randomUUID();
  await units.owner(
    `INSERT INTO platform.job (id, user_id, name, queue, payload, state) VALUES ($1, $2, 'trial.work', 'trial', '{}', $3)`,
    [id, ADMIN_PRINCIPAL.id, state],
  );
  return id;
}

/** Somebody else is about to commit another state of the job, while the desk is asked. */
async function meanwhile<T>(id: string, state: string, ask: () => Promise<T>): Promise<T> {
  await worker.query('BEGIN');
  await worker.query('UPDATE platform.job SET state = $2 WHERE id = $1', [id, state]);
  const asked = ask();
  await waitUntil('the desk waits for the row', 5_000, async () => {
    const waiting = await units.owner(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return waiting.length > 0;
  });
  await worker.query('COMMIT');
  return asked;
}

const trail = (): Promise<{ before: object; after: object }[]> =>
  units.owner('SELECT before, after FROM platform.audit_detail ORDER BY event_id');

describe('what the trail says of a job', () => {
  it.each(['cancel', 'cancelAny'] as const)('is what %s met', async (cancel) => {
    const id = await insertJob('open');
    const job = await meanwhile(id, 'relayed', () => desk[cancel](ADMIN_PRINCIPAL, id));
    expect(job).toMatchObject({ state: 'relayed', isCancelRequested: true });
    expect(await trail()).toEqual([
      { before: { name: 'trial.work', state: 'relayed' }, after: { name: 'trial.work', state: 'relayed' } },
    ]);
  });

  it('is what redrive met', async () => {
    const id = await insertJob('relayed');
    const job = await meanwhile(id, 'dead', () => desk.redrive(ADMIN_PRINCIPAL, id));
    expect(job).toMatchObject({ state: 'open' });
    expect(await trail()).toEqual([
      { before: { name: 'trial.work', state: 'dead' }, after: { name: 'trial.work', state: 'open' } },
    ]);
  });

  it('is nothing about a second cancellation and about jobs that are not there', async () => {
    const id = await insertJob('relayed');
    await desk.cancel(ADMIN_PRINCIPAL, id);
    await desk.cancel(ADMIN_PRINCIPAL, id);
    for (const unknown of [randomUUID(), id.toUpperCase(), 'x'])
      for (const ask of ['cancel', 'cancelAny', 'redrive'] as const)
        await expect(desk[ask](ADMIN_PRINCIPAL, unknown)).rejects.toMatchObject({
          code: 'operations/job-unknown',
        });
    expect(await trail()).toHaveLength(1);
  });
});
