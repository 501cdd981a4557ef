import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Storage } from '../../platform/storage/storage.service.js';
import { type ArchiveEntry, ZipArchive } from './zip-archive.reader.js';

/** What an import's file holds: itself, or the files of an archive. */
export interface ImportSource {
  readonly entries: readonly (Omit<ArchiveEntry, 'name'> & { readonly name: string | null })[];
  close(): Promise<void>;
}

/** Opens files of imports from the store. An archive is read from its end, so it is copied here first, wherever the store is. */
@Injectable()
export class ImportSources {
  constructor(private readonly storage: Storage) {}

  /** @throws ImportRefusal for an archive that is not opened */
  async open(fileId: string, kind: 'file' | 'archive', signal: AbortSignal): Promise<ImportSource> {
    if (kind === 'file') {
      const storage = this.storage;
      const open = async function* (): AsyncGenerator<Uint8Array> {
        for await (const piece of await storage.read({ id: fileId })) yield piece as Uint8Array;
      };
      return { entries: [{ name: null, refusal: null, open }], close: () => Promise.resolve() };
    }
    const path = await this.storage.incomingPath(`${uuidv7()}.zip`);
    try {
      await pipeline(await this.storage.read({ id: fileId }), createWriteStream(path, { mode: 0o600 }), {
        signal,
      });
      const archive = await ZipArchive.open(path);
      const close = async (): Promise<void> => {
        archive.close();
        await rm(path, { force: true });
      };
      return { entries: archive.entries, close };
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }
}
