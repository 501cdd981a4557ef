import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { Principal } from '../../platform/auth/principal.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { assertRole } from '../campaigns/campaign-access.service.js';
import { CampaignChanges } from '../objects/campaign-changes.service.js';
import { CampaignObjects } from '../objects/campaign-objects.service.js';
import type { ObjectRow } from '../objects/objects.repository.js';
import { invalidVariables, rollFailed } from './tables.errors.js';
import { FormulaFault, type Variables } from './formula.js';
import { MOST_TABLE_DEPTH, readTable, type ReadTable } from './random-table.js';
import { ENGINE_VERSION, RandomStream } from './random-stream.js';
import { HIDDEN_TABLE, readStoredTable, shownText, type StoredTable } from './table-details.js';
import { oddsOfResults, oddsOfRows } from './table-odds.js';
import { type Decks, RollFault, rollTable } from './table-roll.js';
import type { RollWishDto, TableOddsDto, TableRollDto } from './tables.dto.js';
import { toChanceDto, toTableResultDto } from './tables.mapper.js';
import { TablesRepository } from './tables.repository.js';
import { faultOfVariables, merged } from './variables.js';

/** Tables that one roll may come to. */
const MOST_TABLES = 300;

/** A table with all that it asks. */
interface Whole {
  readonly first: ReadTable;
  readonly tables: ReadonlyMap<string, ReadTable>;
  readonly stored: ReadonlyMap<string, StoredTable>;
  readonly variables: Variables;
}

/**
 * Rolls tables, and tells their odds. A table may ask others that whoever rolls it does not see: these answer, since whoever made the table wanted
 * so, but neither their names nor their rows are told, and what is wrong with them is not said either.
 */
@Injectable()
export class TableRolls {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly objects: CampaignObjects,
    private readonly tables: TablesRepository,
    private readonly changes: CampaignChanges,
  ) {}

  /** @throws DomainError unknown object; an observer's role; variables that are none; the roll failed */
  async roll(
    caller: Principal,
    id: string,
    { seed, variables = {}, count = 1 }: RollWishDto,
  ): Promise<TableRollDto> {
    assertVariables(variables);
    const object = await this.uow.run(caller, async (tx) => {
      const found = await this.objects.find(tx, caller, 'table', id);
      assertRole(found.seat, 'player');
      return found.object;
    });
    const usedSeed = seed ?? randomBytes(16).toString('base64url');
    const rolled = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const whole = await this.load(tx, object);
      const inDecks = [...whole.tables.values()].filter(({ isDeck }) => isDeck).map(({ id: deck }) => deck);
      const isKept = seed === undefined && inDecks.length > 0;
      const decks = isKept
        ? await this.openDecks(tx, object.campaignId, inDecks, whole)
        : new Map<string, Set<number>>();
      const world = {
        find: (table: string) => whole.tables.get(table),
        variables: merged(whole.variables, variables),
        stream: RandomStream.ofSeed(usedSeed),
        decks,
      };
      const results = attempt(() => Array.from({ length: count }, () => rollTable(whole.first, world)));
      if (isKept && !(results instanceof RollFault)) await this.closeDecks(tx, decks, whole);
      return { results, whole };
    });
    const names = await this.namesFor(caller, rolled.whole);
    if (rolled.results instanceof RollFault) throw faultFor(rolled.results, names);
    return {
      seed: usedSeed,
      engineVersion: ENGINE_VERSION,
      results: rolled.results.map((result) => toTableResultDto(result, names)),
    };
  }

  /** @param given JSON of values @throws DomainError unknown object; variables that are none; odds that cannot be told */
  async odds(caller: Principal, id: string, given: string | undefined): Promise<TableOddsDto> {
    const variables = variablesOf(given);
    const object = await this.uow.run(
      caller,
      async (tx) => (await this.objects.find(tx, caller, 'table', id)).object,
    );
    const whole = await this.system.run(SYSTEM_SCOPE, (tx) => this.load(tx, object));
    const names = await this.namesFor(caller, whole);
    const world = {
      variables: merged(whole.variables, variables),
      // A table that is hidden is not looked into: its rows would be told by their odds.
      find: (table: string) => (names.has(table) ? whole.tables.get(table) : undefined),
      nameOf: (table: string) => names.get(table) ?? HIDDEN_TABLE,
    };
    const told = attempt(() => ({
      rows: oddsOfRows(whole.first, world.variables),
      results: oddsOfResults(whole.first, world),
    }));
    if (told instanceof RollFault) throw faultFor(told, names);
    return {
      rows: told.rows.map((chance, row) => ({
        row,
        text: shownText(whole.first.rows[row]!.source, names),
        ...toChanceDto(chance),
      })),
      results:
        told.results &&
        [...told.results]
          .map(([text, chance]) => ({ text, ...toChanceDto(chance) }))
          .sort((a, b) => b.ratio - a.ratio || (a.text < b.text ? -1 : 1)),
    };
  }

  /** Puts all rows of a deck back. By masters. @throws DomainError unknown object; a role below a master's */
  async shuffle(caller: Principal, id: string): Promise<void> {
    const objectId = await this.uow.run(caller, async (tx) => {
      const { object, seat } = await this.objects.find(tx, caller, 'table', id);
      assertRole(seat, 'gm');
      await this.changes.record(tx, caller, {
        campaignId: object.campaignId,
        objectId: object.id,
        kind: 'table',
        action: 'shuffled',
      });
      return object.id;
    });
    await this.system.run(SYSTEM_SCOPE, (tx) => this.tables.deleteDeck(tx, objectId));
  }

  /** @param tx of the system role @throws DomainError the roll failed: it comes to too many tables */
  private async load(tx: Tx, object: ObjectRow): Promise<Whole> {
    const stored = new Map([[object.id, readStoredTable(object.details)]]);
    let asked = [...stored.values()].flatMap(({ nested }) => nested);
    for (let depth = 1; asked.length > 0 && depth <= MOST_TABLE_DEPTH + 1; depth += 1) {
      const wanted = [...new Set(asked)].filter((id) => !stored.has(id));
      if (stored.size + wanted.length > MOST_TABLES)
        throw rollFailed('too-many-tables', `One roll comes to at most ${MOST_TABLES} tables.`);
      const nodes = await this.tables.listNodes(tx, object.campaignId, wanted);
      for (const { id, details } of nodes) stored.set(id, readStoredTable(details));
      asked = nodes.flatMap(({ id }) => stored.get(id)!.nested);
    }
    const tables = new Map(
      [...stored].flatMap(([id, table]) => {
        const read = readable(id, table);
        return read === null ? [] : [[id, read] as const];
      }),
    );
    const first = tables.get(object.id);
    if (first === undefined) throw rollFailed('invalid-table', 'The rows of this table cannot be read.');
    // What the first table says of a variable counts before what those within say.
    const variables = merged(...[...stored.values()].map((table) => table.variables).reverse());
    return { first, tables, stored, variables };
  }

  private async openDecks(
    tx: Tx,
    campaignId: string,
    ids: readonly string[],
    { stored }: Whole,
  ): Promise<Decks> {
    const rows = await this.tables.lockDecks(tx, campaignId, ids);
    return new Map(
      rows.map(({ objectId, rowsDigest, drawn }) => [
        objectId,
        new Set(rowsDigest === digestOf(stored.get(objectId)!) ? drawn : []),
      ]),
    );
  }

  private async closeDecks(tx: Tx, decks: Decks, { stored }: Whole): Promise<void> {
    for (const [objectId, drawn] of decks)
      await this.tables.updateDeck(tx, {
        objectId,
        rowsDigest: digestOf(stored.get(objectId)!),
        drawn: [...drawn].sort((a, b) => a - b),
      });
  }

  /** By id, of those that the caller sees. */
  private async namesFor(caller: Principal, { stored }: Whole): Promise<ReadonlyMap<string, string>> {
    const rows = await this.uow.run(caller, (tx) =>
      tx.query<{ id: string; name: string }>(this.tables.listShown([...stored.keys()])),
    );
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}

/** Null for rows that another room has written and nobody has judged. */
function readable(id: string, table: StoredTable): ReadTable | null {
  try {
    return readTable(id, table);
  } catch (error) {
    if (error instanceof FormulaFault) return null;
    throw error;
  }
}

function digestOf({ rows }: StoredTable): string {
  return sha256(JSON.stringify(rows)).toString('base64url').slice(0, 22);
}

function attempt<T>(work: () => T): T | RollFault {
  try {
    return work();
  } catch (error) {
    if (error instanceof RollFault) return error;
    throw error;
  }
}

function faultFor(fault: RollFault, names: ReadonlyMap<string, string>): Error {
  const name = names.get(fault.table);
  if (name === undefined) return rollFailed('hidden-table', 'A table that this one asks gives no result.');
  const row = fault.row === undefined ? '' : `, row ${fault.row + 1}`;
  return rollFailed(fault.code, `${fault.message} (table "${name}"${row}).`);
}

function variablesOf(given: string | undefined): Variables {
  if (given === undefined || given === '') return {};
  let json: unknown;
  try {
    json = JSON.parse(given);
  } catch {
    throw invalidVariables('They are no JSON');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw invalidVariables('They are values by name');
  assertVariables(json);
  return json as Variables;
}

function assertVariables(values: object): void {
  const fault = faultOfVariables(values);
  if (fault !== null) throw invalidVariables(fault);
}
