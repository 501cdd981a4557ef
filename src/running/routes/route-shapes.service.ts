import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Cache } from '../../platform/cache/cache.js';
import { Caches } from '../../platform/cache/caches.service.js';
import type { Statement } from '../../platform/database/unit-of-work.js';
import { decodeShape } from './route-shape-codec.js';
import type { WayShape } from './route-shape.js';
import { RouteShapesRepository, type ShapeRef } from './route-shapes.repository.js';

/** Runs a statement in the scope of whoever asks: `tx.query`, or a read of one statement. */
export type Reader = <Row extends object>(statement: Statement) => Promise<Row[]>;

interface PlacesRow extends ShapeRef {
  places: Buffer;
}

/**
 * Shapes of routes by route and version, which never change: kept in the process, and with each one the index that is worked out of it. The
 * owner is a part of the key, so that an id alone never finds somebody else's.
 */
@Injectable()
export class RouteShapes {
  private readonly cache: Cache<WayShape | undefined>;

  constructor(
    private readonly shapes: RouteShapesRepository,
    caches: Caches,
  ) {
    // A thousand shapes of ten kilometres are some thirty megabytes with their indexes.
    this.cache = caches.open({
      name: 'running.route-shapes',
      ttlMs: 3_600_000,
      mostEntries: 1_000,
      version: 1,
    });
  }

  async one(read: Reader, userId: string, ref: ShapeRef): Promise<WayShape> {
    const [shape] = (await this.many(read, userId, [ref])).values();
    if (shape === undefined) throw new Error(`Route ${ref.routeId} has no shape ${ref.shapeVersion}`);
    return shape;
  }

  /** By route; one statement for all that are not known. What is gone meanwhile is left out. */
  async many(read: Reader, userId: string, refs: readonly ShapeRef[]): Promise<Map<string, WayShape>> {
    const wanted: ShapeRef[] = [];
    let loading: Promise<Map<string, WayShape>> | undefined;
    const load = (ref: ShapeRef) => async (): Promise<WayShape | undefined> => {
      wanted.push(ref);
      // All calls below have said what they need once this turn is over.
      loading ??= nextTurn().then(() => this.load(read, userId, wanted));
      return (await loading).get(ref.routeId);
    };
    const found = await Promise.all(
      refs.map(async (ref) => {
        const key = `${userId}:${ref.routeId}:${ref.shapeVersion}`;
        return [ref.routeId, await this.cache.get(key, load(ref))] as const;
      }),
    );
    return new Map(found.flatMap(([routeId, shape]) => (shape === undefined ? [] : [[routeId, shape]])));
  }

  private async load(
    read: Reader,
    userId: string,
    refs: readonly ShapeRef[],
  ): Promise<Map<string, WayShape>> {
    const rows = await read<PlacesRow>(this.shapes.placesStatement(userId, refs));
    return new Map(rows.map(({ routeId, places }) => [routeId, decodeShape(places)]));
  }
}
