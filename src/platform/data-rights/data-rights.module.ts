import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { DataHandler } from './data-handler.js';
import { DataHandlers } from './data-handlers.js';
import { OwnedRowsRepository } from './owned-rows.repository.js';

@Module({})
export class DataRightsModule {
  /**
   * @param handlers of domains: they speak for their tables whether the process serves the domain or not
   * @param modules that they need beside the global ones
   */
  static forRoot(handlers: readonly Type<DataHandler>[], modules: readonly Type[] = []): DynamicModule {
    return {
      module: DataRightsModule,
      global: true,
      imports: [DiscoveryModule, ...modules],
      providers: [OwnedRowsRepository, DataHandlers, ...handlers],
      exports: [OwnedRowsRepository, DataHandlers],
    };
  }
}
