import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { aZipOf } from '../../../test/support/run-files.js';
import { ImportRefusal } from './import-refusal.js';
import { ZipArchive } from './zip-archive.reader.js';
import { isUnsafeName, shownName, type ZipLimits } from './zip-limits.js';

let folder: string;
let count = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guildhall-zip-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function opened(bytes: Buffer, limits?: ZipLimits): Promise<ZipArchive> {
  const path = join(folder, `${(count += 1)}.zip`);
  writeFileSync(path, bytes);
  return ZipArchive.open(path, limits);
}

const FILES = { 'a.gpx': Buffer.from('a'.repeat(600)), 'b.gpx': Buffer.from('b'.repeat(600)) };

describe('an archive', () => {
  it('tells its files and gives their bytes', async () => {
    const archive = await opened(
      await aZipOf({ 'x/': Buffer.alloc(0), ...FILES, 'x/.DS_Store': Buffer.from('x') }),
    );
    expect(archive.entries.map(({ name }) => name)).toEqual(['a.gpx', 'b.gpx']);
    expect((await buffer(archive.entries[1]!.open())).toString()).toBe('b'.repeat(600));
    archive.close();
  });

  it.each<[string, ZipLimits, string]>([
    ['too many files', { entries: 1, bytes: 10_000 }, 'too-many-entries'],
    ['files that say they unpack to too much', { entries: 9, bytes: 1_000 }, 'archive-too-large'],
  ])('with %s is refused before anything is unpacked', async (_what, limits, code) => {
    await expect(opened(await aZipOf(FILES), limits)).rejects.toMatchObject({ code });
  });

  it('that unpacks to more than it says is cut off there', async () => {
    // A bomb with a modest directory: 4 MB of zeros that call themselves a hundred bytes.
    const bytes = await aZipOf({ 'a.gpx': Buffer.alloc(4_000_000) });
    const directory = bytes.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
    bytes.writeUInt32LE(100, directory + 24);
    const archive = await opened(bytes);
    await expect(buffer(archive.entries[0]!.open())).rejects.toMatchObject({ code: 'not-readable' });
    archive.close();
  });

  it('with an encrypted file, or one packed in an unknown way, refuses that one', async () => {
    const encrypted = await aZipOf(FILES);
    const directory = encrypted.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
    encrypted.writeUInt16LE(encrypted.readUInt16LE(directory + 8) | 1, directory + 8);
    const second = encrypted.indexOf(Buffer.from('PK\x01\x02', 'latin1'), directory + 4);
    encrypted.writeUInt16LE(99, second + 10);
    const archive = await opened(encrypted);
    expect(archive.entries.map(({ refusal }) => refusal?.code)).toEqual(['encrypted-entry', 'not-readable']);
    archive.close();
  });

  it('of any damage throws nothing but refusals', async () => {
    const whole = await aZipOf(FILES);
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 5 }),
        fc.nat(whole.length),
        async (changes, cut) => {
          const bytes = Buffer.from(whole);
          for (const [at, byte] of changes) bytes[at] = byte;
          try {
            const archive = await opened(cut % 3 === 0 ? bytes.subarray(0, cut) : bytes);
            try {
              for (const entry of archive.entries) if (!entry.refusal) await buffer(entry.open());
            } finally {
              archive.close();
            }
          } catch (error) {
            expect(error).toBeInstanceOf(ImportRefusal);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a name', () => {
  it.each(['../a.gpx', 'a/../../b', '..\\a.gpx', '/etc/passwd', '\\\\host\\a', 'C:\\a.gpx', 'a\0.gpx', ''])(
    '%j is unsafe',
    (name) => {
      expect(isUnsafeName(name)).toBe(true);
    },
  );
  it.each(['a.gpx', 'a/b.gpx', 'a..b.gpx', '.hidden', 'c/d/..e.gpx'])('%j is not', (name) => {
    expect(isUnsafeName(name)).toBe(false);
  });
  it('is shown so that it can be stored', () => {
    expect(shownName('a\0b\n')).toBe('a\ufffdb\ufffd');
    expect(shownName('x'.repeat(1_000))).toHaveLength(300);
  });
});
