import type { Readable } from 'node:stream';
import yauzl from 'yauzl';
import { ImportRefusal } from './import-refusal.js';
import { isFileName, isUnsafeName, shownName, ZIP_LIMITS, type ZipLimits } from './zip-limits.js';

// Archives of strangers. The directory is read whole before anything is unpacked: how many files there are and what they say they unpack to is
// judged at once, and yauzl ends a stream that gives more than its entry said. Names are shown, never used.

/** A file of an archive. */
export interface ArchiveEntry {
  readonly name: string;
  /** Not taken, whatever is in it. */
  readonly refusal: ImportRefusal | null;
  /** Its bytes. @throws ImportRefusal where the archive is damaged there */
  open(): AsyncIterable<Uint8Array>;
}

export class ZipArchive {
  private constructor(
    private readonly archive: yauzl.ZipFile,
    readonly entries: readonly ArchiveEntry[],
  ) {}

  /** @param path of a local copy @throws ImportRefusal not-readable, too-many-entries, archive-too-large */
  static async open(path: string, limits: ZipLimits = ZIP_LIMITS): Promise<ZipArchive> {
    const archive = await readable(yauzl.openPromise(path, { decodeStrings: false, autoClose: false }));
    try {
      return new ZipArchive(archive, await directoryOf(archive, limits));
    } catch (error) {
      archive.close();
      throw error;
    }
  }

  close(): void {
    this.archive.close();
  }
}

async function directoryOf(archive: yauzl.ZipFile, limits: ZipLimits): Promise<ArchiveEntry[]> {
  if (archive.entryCount > limits.entries) throw new ImportRefusal('too-many-entries');
  const entries: ArchiveEntry[] = [];
  let bytes = 0;
  try {
    for await (const entry of archive.eachEntry()) {
      bytes += entry.uncompressedSize;
      if (bytes > limits.bytes) throw new ImportRefusal('archive-too-large');
      const name = yauzl.getFileNameLowLevel(
        entry.generalPurposeBitFlag,
        entry.fileNameRaw,
        entry.extraFields,
        true,
      );
      if (isFileName(name)) entries.push(entryOf(archive, entry, name));
    }
  } catch (error) {
    throw error instanceof ImportRefusal
      ? error
      : new ImportRefusal('not-readable', 'the directory of the archive');
  }
  return entries;
}

function entryOf(archive: yauzl.ZipFile, entry: yauzl.Entry, name: string): ArchiveEntry {
  return { name: shownName(name), refusal: refusalOf(entry, name), open: () => contentOf(archive, entry) };
}

function refusalOf(entry: yauzl.Entry, name: string): ImportRefusal | null {
  if (isUnsafeName(name)) return new ImportRefusal('unsafe-name');
  if (entry.isEncrypted()) return new ImportRefusal('encrypted-entry');
  return entry.canDecodeFileData() ? null : new ImportRefusal('not-readable', 'its compression is unknown');
}

async function* contentOf(
  archive: yauzl.ZipFile,
  entry: yauzl.Entry,
): AsyncGenerator<Uint8Array, void, undefined> {
  const stream: Readable = await readable(archive.openReadStreamPromise(entry));
  try {
    for await (const piece of stream) yield piece as Uint8Array;
  } catch {
    throw new ImportRefusal('not-readable', 'within its archive');
  }
}

/** What is wrong with an archive comes as errors of many kinds. */
async function readable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch {
    throw new ImportRefusal('not-readable', 'the archive');
  }
}
