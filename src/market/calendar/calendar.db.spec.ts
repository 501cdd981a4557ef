import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { useOutbound } from '../../../test/support/outbound-trial.js';
import { openJobWorld } from '../../../test/support/job-world.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { Audit } from '../../platform/audit/audit.service.js';
import { AuditRepository } from '../../platform/audit/audit.repository.js';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import type { Env } from '../../platform/config/env.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { CatalogRepository } from '../catalog/catalog.repository.js';
import { ItemsRepository } from '../catalog/items.repository.js';
import { MARKET_QUEUE } from '../market.queues.js';
import { CalendarImport } from './calendar-import.service.js';
import { CalendarRefresh } from './calendar-refresh.service.js';
import { addDays, dayOf } from './calendar-span.js';
import { CalendarClient } from './calendar.client.js';
import { REFRESH_CALENDAR } from './calendar.jobs.js';
import { CalendarRepository } from './calendar.repository.js';
import { RefreshCalendarHandler } from './refresh-calendar.handler.js';

const world = useOutbound();
const NOW = Date.parse('2031-03-10T06:00:00Z');

interface Stored {
  date: string;
  label: string;
  quantity: number;
  bonus: string | null;
  hash: string;
}
const stored = (source = 'almanax'): Promise<Stored[]> =>
  world.units.owner<Stored>(
    `SELECT d.on_date::text AS date, i.label, d.quantity, d.bonus, md5(d::text || d.xmin || d.ctid) AS hash
     FROM market.calendar_day d JOIN market.calendar_source c ON c.id = d.source_id JOIN market.item i ON i.id = d.item_id
     WHERE c.key = $1 ORDER BY d.on_date`,
    [source],
  );
const sourceRow = async (): Promise<object> =>
  (
    await world.units.owner<object>(
      `SELECT origin, checksum, refreshed_on::text AS "refreshedOn", next_on::text AS "nextOn" FROM market.calendar_source WHERE key = 'almanax'`,
    )
  )[0]!;
const forget = (): Promise<object[]> =>
  world.units.owner('TRUNCATE market.calendar_day, market.calendar_source');

function services(url?: string): { imports: CalendarImport; refresh: CalendarRefresh } {
  const { units, trial } = world;
  const directory = new CatalogDirectory(units.app, new CatalogRepository());
  const rows = new CalendarRepository();
  const audit = new Audit(new AuditRepository());
  const imports = new CalendarImport(units.app, units.system, directory, new ItemsRepository(), rows, audit);
  const env = { marketCalendarUrl: url } as unknown as Env;
  const client = new CalendarClient(trial.outbound);
  return { imports, refresh: new CalendarRefresh(env, units.system, directory, rows, imports, client) };
}

const day = (date: string, externalId = 303, quantity = 1): object => ({
  date,
  tribute: { externalId, quantity },
});
const daysFrom = (from: string, count: number): object[] =>
  Array.from({ length: count }, (_, at) => day(addDays(from, at)));
const answer = (days: readonly object[]): { body: string } => ({ body: JSON.stringify(days) });

describe('an import', () => {
  const file = (content: unknown, source: string) => ({ source, origin: 'spec.json', content });

  it('adds days, leaves alone what it knows, and changes what is said anew', async () => {
    const { imports } = services();
    const source = 'spec-changes';
    const import_ = (days: object[]) => imports.importAsSystem(SYSTEM_PRINCIPAL, 'dofus', file(days, source));
    const first = daysFrom('2031-01-01', 5);
    expect(await import_(first)).toMatchObject({ createdCount: 5, changedCount: 0, unchangedCount: 0 });
    const before = await stored(source);
    expect(await import_(first)).toMatchObject({ createdCount: 0, changedCount: 0, unchangedCount: 5 });
    expect(await stored(source)).toEqual(before);
    const next = [...first.slice(0, 4), { ...day('2031-01-05', 303, 9), bonus: 'new' }, day('2031-01-06')];
    expect(await import_(next.reverse())).toMatchObject({
      createdCount: 1,
      changedCount: 1,
      unchangedCount: 4,
    });
    const after = await stored(source);
    expect(after.slice(0, 4)).toEqual(before.slice(0, 4));
    expect(after[4]).toMatchObject({ date: '2031-01-05', quantity: 9, bonus: 'new' });
  });

  it('is the same for two at once', async () => {
    const { imports } = services();
    const days = daysFrom('2031-01-01', 50);
    const import_ = () => imports.importAsSystem(SYSTEM_PRINCIPAL, 'dofus', file(days, 'spec-two'));
    const both = await Promise.all([import_(), import_()]);
    expect(both.map(({ createdCount }) => createdCount).sort((a, b) => a - b)).toEqual([0, 50]);
    expect(await stored('spec-two')).toHaveLength(50);
  });

  it('adds items that the catalogue lacks, once, and knows those that it has by name or id', async () => {
    const { imports } = services();
    const name = `Offrande ${randomUUID()}`;
    const days = [
      { date: '2031-02-01', tribute: { externalId: 1_777_001, name, quantity: 1 } },
      { date: '2031-02-02', tribute: { externalId: 1_777_001, quantity: 2 } },
      { date: '2031-02-03', tribute: { name: 'Bois de Frêne', quantity: 3 } },
    ];
    const import_ = () => imports.importAsSystem(SYSTEM_PRINCIPAL, 'dofus', file(days, 'spec-items'));
    expect(await import_()).toMatchObject({ createdCount: 3, createdItemCount: 1 });
    expect(await import_()).toMatchObject({ unchangedCount: 3, createdItemCount: 0 });
    expect((await stored('spec-items')).map(({ label }) => label)).toEqual([name, name, 'Bois de Frêne']);
  });

  it('takes what it can, names the rest, and refuses when nothing is left', async () => {
    const { imports } = services();
    const import_ = (content: unknown) =>
      imports.importAsSystem(SYSTEM_PRINCIPAL, 'dofus', file(content, 'spec-bad'));
    const mixed = await import_({ days: [day('2031-01-01'), day('2031-13-01'), day('2031-01-01')] });
    expect(mixed).toMatchObject({
      createdCount: 1,
      rejected: [{ pointer: '/1/date' }, { pointer: '/2/date' }],
    });
    await expect(import_([day('soon')])).rejects.toMatchObject({ code: 'market/calendar-rejected' });
    await expect(import_([])).rejects.toMatchObject({ code: 'market/calendar-rejected' });
    await expect(import_({ dates: [] })).rejects.toMatchObject({ code: 'market/calendar-not-array' });
    await expect(import_(daysFrom('2031-01-01', 801))).rejects.toMatchObject({
      code: 'market/calendar-too-long',
    });
    await expect(
      imports.importAsSystem(SYSTEM_PRINCIPAL, 'chess', file([day('2031-01-01')], 'spec-bad')),
    ).rejects.toMatchObject({ code: 'market/unknown-game' });
    expect(await stored('spec-bad')).toHaveLength(1);
  });
});

describe('the refresh', () => {
  const today = dayOf(NOW);
  const url = (path: string): string => `${world.provider.url}${path}`;
  const dated = (): string => url('/almanax?range[from]={from}&range[to]={to}&key=s3cret');

  it('does nothing without an address', async () => {
    await forget();
    const report = await services().refresh.refresh({ nowMs: NOW });
    expect(report).toEqual({ isConfigured: false, attemptedCount: 0, processedCount: 0, remainingCount: 90 });
    expect(world.provider.seen).toEqual([]);
  });

  it('asks for 90 days in portions of 30, once a day, and keeps source and checksum', async () => {
    await forget();
    const { refresh } = services(dated());
    world.provider.script(...[0, 30, 60].map((at) => answer(daysFrom(addDays(today, at), 30))));
    const progress: number[] = [];
    const onProgress = ({ done }: { done: number }): void => void progress.push(done);
    expect(await refresh.refresh({ nowMs: NOW, onProgress })).toEqual({
      isConfigured: true,
      attemptedCount: 90,
      processedCount: 90,
      remainingCount: 0,
    });
    expect(progress).toEqual([30, 60, 90]);
    const asked = world.provider.seen.map(({ url: path }) => decodeURIComponent(path));
    expect(asked).toHaveLength(3);
    expect(asked[1]).toBe(
      `/almanax?range[from]=${addDays(today, 30)}&range[to]=${addDays(today, 59)}&key=s3cret`,
    );
    expect(await sourceRow()).toEqual({
      origin: new URL(world.provider.url).host,
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
      refreshedOn: today,
      nextOn: addDays(today, 90),
    });
    expect(await refresh.refresh({ nowMs: NOW + 3_600_000 })).toMatchObject({
      attemptedCount: 0,
      remainingCount: 0,
    });
    expect(world.provider.seen).toHaveLength(3);

    // On the next day everything is asked for again; what is the same stays untouched.
    const before = await stored();
    world.provider.script(...[1, 31, 61].map((at) => answer(daysFrom(addDays(today, at), 30))));
    expect(await refresh.refresh({ nowMs: NOW + 86_400_000 })).toMatchObject({
      attemptedCount: 90,
      remainingCount: 0,
    });
    expect((await stored()).slice(0, 90)).toEqual(before);
    expect(await stored()).toHaveLength(91);
  });

  it('goes on where it broke off', async () => {
    await forget();
    const { refresh } = services(dated());
    world.provider.script(answer(daysFrom(today, 30)), { status: 404 });
    await expect(refresh.refresh({ nowMs: NOW })).rejects.toMatchObject({ code: 'outbound/refused' });
    expect(await stored()).toHaveLength(30);
    world.provider.script(answer(daysFrom(addDays(today, 30), 30)), answer([]));
    expect(await refresh.refresh({ nowMs: NOW + 60_000 })).toEqual({
      isConfigured: true,
      attemptedCount: 60,
      processedCount: 30,
      remainingCount: 30,
    });
    expect(decodeURIComponent(world.provider.seen[0]!.url)).toContain(`[from]=${addDays(today, 30)}`);
  });

  it('reads a whole file where the address names no days', async () => {
    await forget();
    const { refresh } = services(url('/calendar.json'));
    world.provider.script({ body: JSON.stringify({ days: daysFrom(addDays(today, -5), 200) }) });
    expect(await refresh.refresh({ nowMs: NOW })).toMatchObject({ attemptedCount: 90, remainingCount: 0 });
    expect(world.provider.seen).toHaveLength(1);
    expect(await stored()).toHaveLength(200);
  });

  it.each<[string, Parameters<typeof world.provider.script>[0], string]>([
    ['no JSON', { body: '<html>' }, 'outbound/bad-answer'],
    ['no list', { body: '{"error":"x"}' }, 'outbound/bad-answer'],
    ['a cut answer', 'half-body', 'outbound/connection-failed'],
    ['a fault', { status: 500 }, 'outbound/unavailable'],
    ['no day that can be read', { body: '[{"date":"x"}]' }, 'market/calendar-rejected'],
  ])('keeps nothing of %s', async (_what, step, code) => {
    await forget();
    world.provider.script(step);
    await expect(services(dated()).refresh.refresh({ nowMs: NOW })).rejects.toMatchObject({ code });
    expect(await world.units.owner('SELECT 1 FROM market.calendar_source')).toEqual([]);
  });

  it('is a job that comes back when the provider says', async () => {
    await forget();
    const { refresh } = services(dated());
    world.provider.script({ status: 429, headers: { 'retry-after': '900' } });
    const jobs = await openJobWorld({
      databaseUrl: world.units.url,
      catalog: { queues: [MARKET_QUEUE], jobs: [REFRESH_CALENDAR], schedules: [] },
      handlers: [RefreshCalendarHandler, { provide: CalendarRefresh, useValue: refresh }],
    });
    try {
      const enqueue = (): Promise<string | undefined> =>
        jobs.app
          .get(SystemUnitOfWork)
          .run(SYSTEM_PRINCIPAL, (tx) =>
            jobs.app.get(Jobs).enqueue(tx, SYSTEM_PRINCIPAL, REFRESH_CALENDAR, {}),
          );
      const states = (): Promise<{ state: string; isLater: boolean }[]> =>
        world.units.owner(
          `SELECT state, run_at > now() + interval '10 minutes' AS "isLater" FROM platform.job WHERE name = $1 ORDER BY created_at, id`,
          [REFRESH_CALENDAR.name],
        );
      await enqueue();
      await waitUntil('it has given way to a later one', 20_000, async () => (await states()).length === 2);
      await waitUntil('it is done', 20_000, async () => (await states())[0]!.state === 'done');
      expect((await states())[1]).toMatchObject({ isLater: true });
    } finally {
      await jobs.close();
    }
  });
});
