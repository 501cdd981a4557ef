import type { Provider, Type } from '@nestjs/common';
import { TableImports } from './table-imports.service.js';
import { TableRolls } from './table-rolls.service.js';
import { TableWriter } from './table-writer.service.js';
import { TablesController } from './tables.controller.js';
import { TablesRepository } from './tables.repository.js';
import { TablesService } from './tables.service.js';

export const TABLE_CONTROLLERS: Type[] = [TablesController];

export const TABLE_PROVIDERS: Provider[] = [
  TablesRepository,
  TableWriter,
  TablesService,
  TableRolls,
  TableImports,
];
