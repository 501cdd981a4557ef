import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { StorageModule } from '../platform/storage/storage.module.js';

// Each room lists what it brings in `<room>/<room>.providers.ts`; a room is one line in each of the two lists.

const CONTROLLERS: Type[] = [];
const PROVIDERS: Provider[] = [];

/** What a group keeps of its campaigns between and around its sessions. */
@Module({})
export class TabletopModule {
  /** @param isServing false for a process that only works */
  static register(isServing: boolean): DynamicModule {
    return {
      module: TabletopModule,
      imports: [StorageModule],
      controllers: isServing ? CONTROLLERS : [],
      providers: PROVIDERS,
    };
  }
}
