import { type DynamicModule, Module } from '@nestjs/common';
import { StorageModule } from '../../storage/storage.module.js';
import { FilesController } from './files.controller.js';
import { FilesDesk } from './files-desk.service.js';
import { SweepFilesHandler } from './sweep-files.handler.js';

/** Files of accounts over HTTP. */
@Module({})
export class FilesModule {
  /** @param isServing whether this process answers requests (roles api and all) */
  static register(isServing: boolean): DynamicModule {
    return {
      module: FilesModule,
      imports: [StorageModule],
      controllers: isServing ? [FilesController] : [],
      providers: [SweepFilesHandler, ...(isServing ? [FilesDesk] : [])],
    };
  }
}
