import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../data-rights/owned-rows.repository.js';
import type { Tx } from '../database/unit-of-work.js';
import { ACCOUNT_EXPORT, EXTENSIONS } from './file-purposes.js';
import { Storage } from './storage.service.js';
import { StoredFilesRepository } from './stored-files.repository.js';

const FILES: OwnedTable = {
  name: 'platform.stored_file',
  columns: ['id', 'purpose', 'media_type', 'size_bytes', 'sha256', 'created_at', 'expires_at'],
};

@Injectable()
@HandlesData('storage')
export class StorageData implements DataHandler {
  constructor(
    private readonly owned: OwnedRowsRepository,
    private readonly rows: StoredFilesRepository,
    private readonly storage: Storage,
  ) {}

  /** Rows and files; an export does not hold those before it. */
  async export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    await sink.rows(FILES.name, this.owned.exportRows(tx, FILES, userId));
    for (const file of await this.rows.listOwned(tx, userId, null)) {
      if (file.purpose === ACCOUNT_EXPORT.name) continue;
      sink.file(`files/${file.id}.${EXTENSIONS[file.mediaType] ?? 'bin'}`, () => this.open(file));
    }
  }

  erase(tx: Tx, userId: string): Promise<void> {
    return this.storage.eraseOwned(tx, userId);
  }

  private async open(file: { id: string }): Promise<Readable | undefined> {
    try {
      return await this.storage.read(file);
    } catch (error) {
      if (await this.storage.findAny(file.id)) throw error;
      return undefined;
    }
  }
}
