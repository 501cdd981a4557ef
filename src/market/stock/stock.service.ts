import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import type { Scope, Tx } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { DomainError } from '../../platform/http/domain-error.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { MARKET_ERROR } from '../market.errors.js';
import { Owners } from '../profiles/owners.service.js';
import { ProfilesService } from '../profiles/profiles.service.js';
import { applyDelta, outOfRange, type StockLine, sumLines } from './stock-sums.js';
import {
  type StockChange,
  type StockPlace,
  StockRepository,
  type StockRow,
  type StockTotals,
} from './stock.repository.js';

/** Where a stock lies, as clients name it. */
export interface StockAddress {
  game: string;
  /** Key of the server. */
  server: string;
  /** Null: under none of the account's profiles. */
  profileId: string | null;
}

/** What has been seen. */
export interface SeenLines {
  lines: readonly StockLine[];
  capturedAtMs: number;
}

/**
 * What lies in a bank. A full sync says all there is, a delta what was put in and taken out; both take the place's lock, so that
 * two of them follow each other. A full sync is safe to repeat, a delta takes an Idempotency-Key.
 */
@Injectable()
export class StockService {
  constructor(
    private readonly owners: Owners,
    private readonly directory: CatalogDirectory,
    private readonly profiles: ProfilesService,
    private readonly stock: StockRepository,
    private readonly idempotency: IdempotencyService,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError unknown game, server or profile; a sum that is too large */
  async sync(
    caller: Principal,
    address: StockAddress,
    { lines, capturedAtMs }: SeenLines,
  ): Promise<StockChange> {
    const quantities = sumLines(lines);
    assertInRange(quantities, lines);
    return this.at(caller, address, async (tx, owner, place) => {
      const change = await this.stock.writeStock(tx, place, quantities, capturedAtMs, true);
      await this.record(tx, caller, owner, { what: 'synced', place, after: summary(change) });
      return change;
    });
  }

  /**
   * @param seen quantities above 0 were put in, below 0 taken out
   * @throws DomainError unknown game, server or profile; less than there is, more than there can be
   */
  async move<T>(
    caller: Principal,
    address: StockAddress,
    { lines, capturedAtMs }: SeenLines,
    request: IdempotentRequest | undefined,
    map: (change: StockChange) => T,
  ): Promise<Outcome<T>> {
    const delta = sumLines(lines);
    return this.at(caller, address, (tx, owner, place) =>
      this.idempotency.once(tx, owner, request, 200, async () => {
        const held = await this.stock.listHeld(tx, place, [...delta.keys()]);
        const quantities = applyDelta(held, delta);
        assertInRange(quantities, lines);
        const change = await this.stock.writeStock(tx, place, quantities, capturedAtMs, false);
        await this.record(tx, caller, owner, { what: 'moved', place, after: summary(change) });
        return map(change);
      }),
    );
  }

  /**
   * @param profileId undefined for every place of the account on the server
   * @returns how many things were there
   * @throws DomainError unknown game, server or profile
   */
  async clear(
    caller: Principal,
    address: { game: string; server: string },
    profileId: string | null | undefined,
  ): Promise<number> {
    if (profileId !== undefined)
      return this.at(caller, { ...address, profileId }, async (tx, owner, place) => {
        const deletedCount = await this.stock.deletePlace(tx, place);
        await this.record(tx, caller, owner, { what: 'cleared', place, after: { deletedCount } });
        return deletedCount;
      });
    const server = await this.directory.server(address.game, address.server);
    return this.owners.run(caller, async (tx, owner) => {
      await this.stock.lockServer(tx, owner.id, server.id);
      const deletedCount = await this.stock.deleteServer(tx, owner.id, server.id);
      const place = { userId: owner.id, serverId: server.id, profileId: null };
      await this.record(tx, caller, owner, {
        what: 'cleared',
        place,
        after: { deletedCount, isWhole: true },
      });
      return deletedCount;
    });
  }

  /** By the game's ids, from `after` on. @throws DomainError unknown game, server or profile */
  async page(
    caller: Principal,
    address: StockAddress,
    after: number,
    limit: number,
  ): Promise<{ rows: StockRow[]; totals: StockTotals }> {
    const { game, server: serverKey, profileId } = address;
    const server = await this.directory.server(game, serverKey);
    return this.owners.run(caller, async (tx, owner) => {
      if (profileId !== null) await this.profiles.get(tx, server.gameId, profileId);
      const place = { userId: owner.id, serverId: server.id, profileId };
      const rows = await tx.query<StockRow>(this.stock.pageStatement(place, after, limit));
      const [totals] = await tx.query<StockTotals>(this.stock.totalsStatement(place));
      return { rows, totals: totals! };
    });
  }

  /**
   * What the catalogue knows of the stock, by name; of a profile that is none of the caller's, nothing.
   * @param profileId undefined for every place of the account on the server
   */
  async listKnown(
    caller: Principal,
    address: { game: string; server: string },
    profileId: string | undefined,
  ): Promise<StockRow[]> {
    const server = await this.directory.server(address.game, address.server);
    if (profileId !== undefined && !isUuid(profileId)) return [];
    const statement = this.stock.knownStatement(this.owners.idOf(caller), server.id, profileId);
    // A whole bank is no short read: it gets a connection of its own.
    return this.owners.run(caller, (tx) => tx.query<StockRow>(statement));
  }

  /**
   * How many lie in a profile's bank, by item; without what the catalogue does not know.
   * @throws DomainError unknown game, server or profile
   */
  async quantities(
    caller: Principal,
    address: { game: string; server: string; profileId: string },
  ): Promise<Map<number, number>> {
    const server = await this.directory.server(address.game, address.server);
    return this.owners.run(caller, async (tx, owner) => {
      await this.profiles.get(tx, server.gameId, address.profileId);
      const rows = await tx.query<StockRow>(
        this.stock.knownStatement(owner.id, server.id, address.profileId),
      );
      return new Map(rows.map(({ itemId, quantity }) => [itemId!, quantity]));
    });
  }

  /** One write of the place, under its lock. */
  private async at<T>(
    caller: Principal,
    { game, server: serverKey, profileId }: StockAddress,
    work: (tx: Tx, owner: Scope, place: StockPlace) => Promise<T>,
  ): Promise<T> {
    const server = await this.directory.server(game, serverKey);
    return this.owners.run(caller, async (tx, owner) => {
      if (profileId !== null) await this.profiles.hold(tx, server.gameId, profileId);
      const place = { userId: owner.id, serverId: server.id, profileId };
      await this.stock.lockPlace(tx, place);
      return work(tx, owner, place);
    });
  }

  private async record(
    tx: Tx,
    caller: Principal,
    owner: Scope,
    event: { what: 'synced' | 'moved' | 'cleared'; place: StockPlace; after: object },
  ): Promise<void> {
    const { serverId, profileId } = event.place;
    await this.audit.record(tx, caller, {
      action: `market.stock-${event.what}`,
      object: { type: 'market.stock', id: `${serverId}/${profileId ?? 'none'}` },
      subjectId: owner.id,
      after: event.after,
    });
  }
}

function summary({ unknownIds, ...counts }: StockChange): object {
  return { ...counts, unknownCount: unknownIds.length };
}

/** @param lines as they came, so that a fault says which of them is meant */
function assertInRange(quantities: ReadonlyMap<number, number>, lines: readonly StockLine[]): void {
  const wrong = new Set(outOfRange(quantities));
  if (wrong.size === 0) return;
  const faults = lines.flatMap(({ externalId }, index) =>
    wrong.delete(externalId)
      ? [
          {
            pointer: `/items/${index}`,
            code: 'out-of-range',
            detail: `would make ${quantities.get(externalId)!} of ${externalId}`,
          },
        ]
      : [],
  );
  throw new DomainError(
    'unprocessable',
    MARKET_ERROR.stockOutOfRange,
    'Of a thing there can be none to 1,000,000,000,000.',
    faults,
  );
}
