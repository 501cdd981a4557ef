import { Module } from '@nestjs/common';
import { ENV } from '../config/config.module.js';
import { type Env, filesPath } from '../config/env.js';
import { allSecretsKeys } from '../config/secrets-key.js';
import { FileLinks } from './file-links.js';
import type { FileStore } from './file-store.js';
import { FolderFileStore } from './folder-file-store.js';
import { S3FileStore } from './s3-file-store.js';
import { StorageData } from './storage-data.handler.js';
import { Storage } from './storage.service.js';
import { FILE_STORE } from './storage.tokens.js';
import { StoredFilesRepository } from './stored-files.repository.js';

/** Files of accounts, private to their owners. */
@Module({
  providers: [
    {
      provide: FILE_STORE,
      inject: [ENV],
      useFactory: (env: Env): FileStore =>
        env.storage.kind === 'folder' ? new FolderFileStore(filesPath(env)) : new S3FileStore(env.storage),
    },
    {
      provide: FileLinks,
      inject: [ENV],
      useFactory: (env: Env) => new FileLinks(allSecretsKeys(env)),
    },
    StoredFilesRepository,
    Storage,
    StorageData,
  ],
  exports: [Storage, FileLinks],
})
export class StorageModule {}
