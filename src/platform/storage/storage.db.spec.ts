import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { filesPath, parseEnvironment } from '../config/env.js';
import { PICTURE } from './file-purposes.js';
import { FolderFileStore } from './folder-file-store.js';
import { Storage } from './storage.service.js';
import { StoredFilesRepository } from './stored-files.repository.js';

let units: TestUnits;
let dataDir: string;

beforeAll(async () => {
  units = await openUnits();
  dataDir = mkdtempSync(join(tmpdir(), 'guildhall-storage-'));
});

afterAll(async () => {
  await units.close();
  rmSync(dataDir, { recursive: true });
});

describe('the places of uploads', () => {
  it('are free again after a folder that could not be made', async () => {
    const env = parseEnvironment({ NODE_ENV: 'test', DATA_DIR: dataDir });
    const folder = filesPath(env);
    const store = new FolderFileStore(folder);
    const storage = new Storage(env, store, units.app, units.system, new StoredFilesRepository());
    const receive = () =>
      storage.receive({ id: randomUUID() }, PICTURE, Readable.from([]), () => Promise.resolve());
    writeFileSync(folder, 'no folder');
    for (let upload = 0; upload < 40; upload += 1)
      await expect(receive()).rejects.toMatchObject({ code: 'ENOTDIR' });
    rmSync(folder);
    await expect(receive()).rejects.toMatchObject({ reason: 'empty' }); // looked at, so it had a place
  });
});
