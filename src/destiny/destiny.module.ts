import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { SheetCopies } from './sheets/sheet-copies.service.js';
import { SheetTabsRepository } from './sheets/sheet-tabs.repository.js';
import { SheetsClient } from './sheets/sheets.client.js';
import { SheetsController } from './sheets/sheets.controller.js';
import { SheetsService } from './sheets/sheets.service.js';

const CONTROLLERS: Type[] = [SheetsController];
const PROVIDERS: Provider[] = [SheetTabsRepository, SheetsClient, SheetCopies, SheetsService];

/** A player's catalysts and weapons in Destiny 2, and an agent that answers from them. */
@Module({})
export class DestinyModule {
  /** @param isServing false for a process that only works */
  static register(isServing: boolean): DynamicModule {
    return {
      module: DestinyModule,
      controllers: isServing ? CONTROLLERS : [],
      providers: PROVIDERS,
    };
  }
}
