import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { aMember } from '../../../test/support/notification-world.js';
import { aGpxFile, aZipOf } from '../../../test/support/run-files.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { AuditRepository } from '../../platform/audit/audit.repository.js';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { filesPath, parseEnvironment } from '../../platform/config/env.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { JobRun } from '../../platform/jobs/job-definition.js';
import { JobsRepository } from '../../platform/jobs/jobs.repository.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { FolderFileStore } from '../../platform/storage/folder-file-store.js';
import { Storage } from '../../platform/storage/storage.service.js';
import { StoredFilesRepository } from '../../platform/storage/stored-files.repository.js';
import { PreferencesReader } from '../profiles/preferences-reader.service.js';
import { PreferencesRepository } from '../profiles/preferences.repository.js';
import { RunnerProfilesRepository } from '../profiles/runner-profiles.repository.js';
import { RunDefaults } from '../runs/run-defaults.service.js';
import { RunTracks } from '../runs/run-tracks.service.js';
import { RunWriter } from '../runs/run-writer.service.js';
import { RunsRepository } from '../runs/runs.repository.js';
import { TracksRepository } from '../runs/tracks.repository.js';
import { ImportRuns } from './import-runs.service.js';
import { ImportSources } from './import-sources.service.js';
import { ImportedRuns } from './imported-runs.service.js';
import type { RunImportDto, RunImportItemDto } from './run-imports.dto.js';
import { RunImportsRepository } from './run-imports.repository.js';
import { MOST_IMPORTS, RunImports } from './run-imports.service.js';

const START_MS = Date.UTC(2024, 4, 1, 6);
const HOUR_MS = 3_600_000;

let units: TestUnits;
let folder: string;
let imports: RunImports;
let worker: ImportRuns;

beforeAll(async () => {
  units = await openUnits();
  folder = mkdtempSync(join(tmpdir(), 'guildhall-run-files-'));
  const env = parseEnvironment({ NODE_ENV: 'test', DATA_DIR: folder });
  const store = new FolderFileStore(filesPath(env));
  const storage = new Storage(env, store, units.app, units.system, new StoredFilesRepository());
  const [rows, jobRows, runs] = [new RunImportsRepository(), new JobsRepository(), new RunsRepository()];
  const jobs = new Jobs(jobRows, { ring: () => undefined });
  const audit = new Audit(new AuditRepository());
  const preferences = new PreferencesReader(new PreferencesRepository(), new RunnerProfilesRepository());
  const tracks = new RunTracks(units.app, new TracksRepository());
  const writer = new RunWriter(runs, tracks, new RunDefaults(preferences), jobs);
  imports = new RunImports(units.app, rows, storage, jobs, jobRows, audit);
  const taken = new ImportedRuns(runs, writer, rows, preferences);
  worker = new ImportRuns(units.app, rows, new ImportSources(storage), taken, storage, audit);
});

afterAll(async () => {
  await units.close();
  rmSync(folder, { recursive: true, force: true });
});

const somebody = (): Principal => aMember(randomUUID());

function jobOf(owner: Principal, signal = new AbortController().signal): JobRun {
  return {
    ...{ id: 'job', ownerId: owner.id, attempt: 1, signal, progress: () => undefined },
    once: (work) => units.system.run(SYSTEM_SCOPE, work),
  };
}

const send = (owner: Principal, bytes: Buffer): Promise<RunImportDto> =>
  imports.create(owner, Readable.from([bytes]));

/** Sends a file and works through it. */
async function take(
  owner: Principal,
  bytes: Buffer,
): Promise<{ end: RunImportDto; items: RunImportItemDto[] }> {
  const { id } = await send(owner, bytes);
  await worker.work(id, jobOf(owner));
  return {
    end: await imports.find(owner, id),
    items: (await imports.items(owner, id, { limit: 200 })).items,
  };
}

const outcomes = (items: readonly RunImportItemDto[]): string[] =>
  items.map(({ name, outcome, code }) => `${name ?? '-'}: ${outcome}${code === null ? '' : ` ${code}`}`);

const runsOf = (owner: Principal): Promise<{ source: string; title: string; visibility: string }[]> =>
  units.owner('SELECT source, title, visibility FROM running.run WHERE user_id = $1 ORDER BY started_at', [
    owner.id,
  ]);

describe('a file of one run', () => {
  it('becomes an imported, private run with its track, and the file goes', async () => {
    const ada = somebody();
    const sent = await send(ada, aGpxFile(START_MS));
    expect(sent).toMatchObject({ kind: 'file', state: 'running', fileCount: null, doneCount: 0 });
    await worker.work(sent.id, jobOf(ada));
    expect(await imports.find(ada, sent.id)).toMatchObject({
      state: 'finished',
      fileCount: 1,
      doneCount: 1,
      importedCount: 1,
      refusalCode: null,
    });
    expect(await runsOf(ada)).toEqual([{ source: 'imported', title: 'Morning run', visibility: 'private' }]);
    expect(await units.owner('SELECT 1 FROM platform.stored_file WHERE user_id = $1', [ada.id])).toEqual([]);
    await worker.work(sent.id, jobOf(ada)); // a job that comes twice
    expect(await runsOf(ada)).toHaveLength(1);
  });

  it('keeps what cleaning said with the run', async () => {
    const ada = somebody();
    const text = aGpxFile(START_MS, 120).toString();
    const spiked = text.replace(/(<trkpt lat=")48\.2016188/, '$148.9');
    expect(spiked).not.toBe(text);
    await take(ada, Buffer.from(spiked));
    const [track] = await units.owner<{ corrections: object[] }>(
      'SELECT corrections FROM running.track WHERE user_id = $1',
      [ada.id],
    );
    expect(track!.corrections).toEqual([
      expect.objectContaining({
        kind: 'spike',
        pointCount: 1,
        reason: expect.any(String),
        before: expect.any(Object),
        after: expect.any(Object),
      }),
    ]);
  });

  it('is told with the run that is there when it comes again, alone, packed, in an archive or from another device', async () => {
    const ada = somebody();
    const file = aGpxFile(START_MS, 600);
    const first = await take(ada, file);
    const { runId } = first.items[0]!;
    const again = [file, gzipSync(file), await aZipOf({ 'a.gpx': file })];
    for (const bytes of again)
      expect((await take(ada, bytes)).items[0]).toMatchObject({
        outcome: 'duplicate',
        code: 'same-file',
        runId,
      });
    const otherDevice = aGpxFile(START_MS + 4_000, 598, { name: 'Phone' });
    expect((await take(ada, otherDevice)).items[0]).toMatchObject({
      outcome: 'duplicate',
      code: 'same-run',
      runId,
    });
    expect((await take(ada, aGpxFile(START_MS, 300))).items[0]).toMatchObject({ outcome: 'imported' });
    expect((await take(ada, aGpxFile(START_MS + HOUR_MS, 600))).items[0]).toMatchObject({
      outcome: 'imported',
    });
    expect((await take(somebody(), file)).items[0]).toMatchObject({ outcome: 'imported' });
    expect(await runsOf(ada)).toHaveLength(3);
  });

  it('is refused with one reason', async () => {
    const ada = somebody();
    const { end, items } = await take(ada, Buffer.from('<gpx><rte/></gpx>'));
    expect(end).toMatchObject({ state: 'finished', importedCount: 0, refusedCount: 1 });
    expect(items).toEqual([
      expect.objectContaining({ outcome: 'refused', code: 'not-an-activity', detail: expect.any(String) }),
    ]);
    expect((await take(ada, aGpxFile(Date.now() + 48 * HOUR_MS))).items[0]).toMatchObject({
      outcome: 'refused',
      code: 'in-the-future',
    });
  });

  it('is not even stored when it is empty', async () => {
    await expect(send(somebody(), Buffer.alloc(0))).rejects.toMatchObject({
      code: 'operations/file-unreadable',
    });
  });

  it('with several activities becomes several runs', async () => {
    const ada = somebody();
    const [one, two] = [aGpxFile(START_MS), aGpxFile(START_MS + HOUR_MS, 30)].map(String);
    const both = one!.replace('</gpx>', two!.slice(two!.indexOf('<trk>')));
    const { items } = await take(ada, Buffer.from(both));
    expect(items.map(({ activity, outcome }) => [activity, outcome])).toEqual([
      [0, 'imported'],
      [1, 'imported'],
    ]);
    expect(outcomes((await take(ada, Buffer.from(both))).items)).toEqual([
      '-: duplicate same-file',
      '-: duplicate same-file',
    ]);
  });
});

describe('an archive', () => {
  it('is worked through file by file, with a report for each', async () => {
    const ada = somebody();
    const zip = await aZipOf({
      'runs/': Buffer.alloc(0),
      'runs/a.gpx': aGpxFile(START_MS),
      'runs/b.gpx.gz': gzipSync(aGpxFile(START_MS + HOUR_MS)),
      '__MACOSX/runs/._a.gpx': Buffer.from('x'),
      'photo.jpg': Buffer.from('\xff\xd8\xff', 'latin1'),
      'again.zip': await aZipOf({ 'c.gpx': aGpxFile(START_MS + 2 * HOUR_MS) }),
      '../../etc/d.gpx': aGpxFile(START_MS + 3 * HOUR_MS),
      '/etc/e.gpx': aGpxFile(START_MS + 4 * HOUR_MS),
      'copy of a.gpx': aGpxFile(START_MS),
      'z.gpx': aGpxFile(START_MS + 5 * HOUR_MS),
    });
    const { end, items } = await take(ada, zip);
    expect(outcomes(items)).toEqual([
      'runs/a.gpx: imported',
      'runs/b.gpx.gz: imported',
      'photo.jpg: refused unknown-format',
      'again.zip: refused nested-archive',
      '../../etc/d.gpx: refused unsafe-name',
      '/etc/e.gpx: refused unsafe-name',
      'copy of a.gpx: duplicate same-file',
      'z.gpx: imported',
    ]);
    expect(end).toMatchObject({
      kind: 'archive',
      fileCount: 8,
      doneCount: 8,
      importedCount: 3,
      duplicateCount: 1,
      refusedCount: 4,
    });
    const page = await imports.items(ada, end.id, { limit: 2, outcome: 'refused' });
    expect(outcomes(page.items)).toEqual([
      'photo.jpg: refused unknown-format',
      'again.zip: refused nested-archive',
    ]);
    const next = await imports.items(ada, end.id, { limit: 2, outcome: 'refused', cursor: page.nextCursor! });
    expect(next.items.map(({ code }) => code)).toEqual(['unsafe-name', 'unsafe-name']);
    expect(
      readdirSync(join(filesPath(parseEnvironment({ NODE_ENV: 'test', DATA_DIR: folder })), 'incoming')),
    ).toEqual([]);
  });

  it('goes on where its job died, and takes nothing twice', async () => {
    const ada = somebody();
    const names = Array.from(
      { length: 6 },
      (_, at) => [`${at}.gpx`, aGpxFile(START_MS + at * HOUR_MS)] as const,
    );
    const { id } = await send(ada, await aZipOf(Object.fromEntries(names)));
    const dying = new AbortController();
    let seen = 0;
    const run = {
      ...jobOf(ada, dying.signal),
      progress: () => (seen += 1) > 3 && dying.abort(new Error('killed')),
    };
    await expect(worker.work(id, run)).rejects.toThrow('killed');
    const between = await imports.find(ada, id);
    expect(between).toMatchObject({ state: 'running', finishedAt: null });
    expect(between.doneCount).toBeGreaterThan(0);
    expect(between.doneCount).toBeLessThan(6);
    expect(await runsOf(ada)).toHaveLength(between.doneCount);
    await worker.work(id, jobOf(ada));
    expect(await imports.find(ada, id)).toMatchObject({
      state: 'finished',
      doneCount: 6,
      importedCount: 6,
      duplicateCount: 0,
    });
    expect(await runsOf(ada)).toHaveLength(6);
  });

  it('is taken once by two tries at once', async () => {
    const ada = somebody();
    const { id } = await send(
      ada,
      await aZipOf({ 'a.gpx': aGpxFile(START_MS), 'b.gpx': aGpxFile(START_MS + HOUR_MS) }),
    );
    await Promise.allSettled([worker.work(id, jobOf(ada)), worker.work(id, jobOf(ada))]);
    await worker.work(id, jobOf(ada));
    expect(await imports.find(ada, id)).toMatchObject({
      state: 'finished',
      importedCount: 2,
      duplicateCount: 0,
    });
    expect(await runsOf(ada)).toHaveLength(2);
  });

  it('that is damaged is refused as a whole', async () => {
    const zip = await aZipOf({ 'a.gpx': aGpxFile(START_MS) });
    const { end, items } = await take(somebody(), zip.subarray(0, -10));
    expect(end).toMatchObject({
      state: 'finished',
      refusalCode: 'not-readable',
      refusalDetail: expect.any(String),
    });
    expect(items).toEqual([]);
  });
});

describe('an import', () => {
  it('is its sender’s alone', async () => {
    const [ada, eve] = [somebody(), somebody()];
    const { id } = await send(ada, aGpxFile(START_MS));
    const unknown = { code: 'running/unknown-import' };
    await expect(imports.find(eve, id)).rejects.toMatchObject(unknown);
    await expect(imports.items(eve, id, { limit: 1 })).rejects.toMatchObject(unknown);
    await expect(imports.start(eve, id)).rejects.toMatchObject(unknown);
    await expect(imports.discard(eve, id)).rejects.toMatchObject(unknown);
    await expect(imports.find(ada, 'none')).rejects.toMatchObject(unknown);
    expect((await imports.list(eve, { limit: 5 })).items).toEqual([]);
    expect((await imports.list(ada, { limit: 5 })).items.map((each) => each.id)).toEqual([id]);
  });

  it('that was stopped can be started again or discarded; one that runs cannot', async () => {
    const ada = somebody();
    const sent = await send(ada, aGpxFile(START_MS));
    await expect(imports.discard(ada, sent.id)).rejects.toMatchObject({ code: 'running/import-under-way' });
    expect(await imports.start(ada, sent.id)).toMatchObject({ state: 'running', jobId: sent.jobId });
    await units.owner(`UPDATE platform.job SET state = 'cancelled', finished_at = now() WHERE id = $1`, [
      sent.jobId,
    ]);
    expect(await imports.find(ada, sent.id)).toMatchObject({ state: 'stopped' });
    const again = await imports.start(ada, sent.id);
    expect(again.state).toBe('running');
    expect(again.jobId).not.toBe(sent.jobId);
    await units.owner(`UPDATE platform.job SET state = 'dead', finished_at = now() WHERE id = $1`, [
      again.jobId,
    ]);
    await units.owner('DELETE FROM platform.stored_file WHERE user_id = $1', [ada.id]);
    await expect(imports.start(ada, sent.id)).rejects.toMatchObject({ code: 'running/import-file-gone' });
    await imports.discard(ada, sent.id);
    await expect(imports.find(ada, sent.id)).rejects.toMatchObject({ code: 'running/unknown-import' });
  });

  it('is one of few that an account may have unfinished', async () => {
    const ada = somebody();
    for (let at = 0; at < MOST_IMPORTS; at += 1) await send(ada, aGpxFile(START_MS + at));
    await expect(send(ada, aGpxFile(START_MS))).rejects.toMatchObject({ code: 'running/too-many-imports' });
    expect(await units.owner('SELECT 1 FROM platform.stored_file WHERE user_id = $1', [ada.id])).toHaveLength(
      MOST_IMPORTS,
    );
  });
});
