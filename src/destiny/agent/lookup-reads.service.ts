import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { Profiler } from '../../platform/profiling/profiler.service.js';
import { DefinitionDesk } from '../manifest/definition-desk.service.js';
import { Definitions } from '../manifest/definitions.service.js';
import type { DefinitionView, PlayerReads, SheetRowsView } from './player-views.js';

const TABLE = 'DestinyInventoryItemDefinition';
/** Fewer would find nearly everything. */
const FEWEST_LETTERS = 3;

/** What is the same for everybody, in the words of the agent's tools. */
@Injectable()
export class LookupReads {
  constructor(
    private readonly desk: DefinitionDesk,
    private readonly known: Definitions,
    private readonly profiler: Profiler,
  ) {}

  definitions(caller: Principal, words: string, limit: number): Promise<readonly DefinitionView[]> {
    if (words.length < FEWEST_LETTERS) return Promise.resolve([]);
    return this.profiler.time('manifest_lookup', async () => {
      const { items } = await this.desk.search(caller, TABLE, { q: words, limit });
      const whole = await this.known.list(
        TABLE,
        items.map(({ hash }) => hash),
      );
      return items.map(({ hash, name, kind }) => ({
        hash,
        name,
        kind: kind ?? 'item',
        description: descriptionOf(whole.get(hash)),
      }));
    });
  }

  sheetRows(
    _caller: Principal,
    _wish: Parameters<PlayerReads['sheetRows']>[1],
  ): Promise<SheetRowsView | null> {
    return Promise.resolve(null);
  }
}

function descriptionOf(definition: Record<string, unknown> | undefined): string | null {
  const shown = definition?.['displayProperties'] as { description?: unknown } | undefined;
  return typeof shown?.description === 'string' && shown.description !== '' ? shown.description : null;
}
