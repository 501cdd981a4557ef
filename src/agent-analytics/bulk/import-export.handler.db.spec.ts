import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AgentsTrial, NEVER, PROJECT } from '../../../test/support/agents-trial.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { parseEnvironment } from '../../platform/config/env.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { JobRun } from '../../platform/jobs/job-definition.js';
import { PoisonPayloadError } from '../../platform/jobs/job-errors.js';
import { FolderFileStore } from '../../platform/storage/folder-file-store.js';
import { BULK_IMPORT } from '../../platform/storage/file-purposes.js';
import { Storage } from '../../platform/storage/storage.service.js';
import { StoredFilesRepository } from '../../platform/storage/stored-files.repository.js';
import { ExportImport } from '../store/export-import.service.js';
import { ImportExportHandler } from './import-export.handler.js';

let units: TestUnits;
let storage: Storage;
let handler: ImportExportHandler;
let folder: string;

beforeAll(async () => {
  units = await openUnits();
  folder = mkdtempSync(join(tmpdir(), 'guildhall-imports-'));
  const env = parseEnvironment({ NODE_ENV: 'test', DATA_DIR: folder });
  storage = new Storage(
    env,
    new FolderFileStore(join(folder, 'kept')),
    units.app,
    units.system,
    new StoredFilesRepository(),
  );
  const agents = new AgentsTrial(units);
  handler = new ImportExportHandler(
    units.system,
    storage,
    new ExportImport(units.system, agents.tables, agents.figures),
  );
});

afterAll(async () => {
  await units.close();
  rmSync(folder, { recursive: true, force: true });
});

const run: JobRun = {
  ...{ id: 'job', ownerId: '', attempt: 1, signal: NEVER, progress: () => undefined },
  once: (work) => units.system.run(SYSTEM_SCOPE, work),
};

describe('an import', () => {
  const trace = JSON.stringify({ id: 't1', timestamp: '2026-01-05T10:00:00Z', session_id: 's1', tags: [] });

  it.each([
    ['that is read to its end', Buffer.from(trace), false],
    ['that is damaged', gzipSync(trace).subarray(0, -10), true],
  ])('%s leaves no file behind', async (_what, bytes, isDamaged) => {
    const fileId = randomUUID();
    const path = await storage.incomingPath(fileId);
    writeFileSync(path, bytes);
    const file = await storage.adopt(fileId, path);
    const owned = {
      id: fileId,
      userId: randomUUID(),
      purpose: BULK_IMPORT,
      mediaType: 'application/x-ndjson',
    };
    await units.system.run(SYSTEM_SCOPE, (tx) => storage.record(tx, { ...owned, ...file }));
    expect(await storage.findAny(fileId)).toBeDefined();
    const handled = handler.handle({ project: PROJECT, fileId, writtenAt: '2026-01-06T00:00:00Z' }, run);
    if (isDamaged) await expect(handled).rejects.toThrow(PoisonPayloadError);
    else await handled;
    expect(await storage.findAny(fileId)).toBeUndefined();
  });
});
