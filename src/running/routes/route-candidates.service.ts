import { Injectable } from '@nestjs/common';
import { cellsAround } from './route-cells.js';
import { type Reader, RouteShapes } from './route-shapes.service.js';
import { RouteShapesRepository, type ShapeRef } from './route-shapes.repository.js';
import { NEAR_M } from './shape-index.js';
import type { WayShape } from './route-shape.js';

export interface Candidate extends ShapeRef {
  readonly shape: WayShape;
}

/** A shared square may be a crossing; three of them are 200 m of way. */
const LEAST_SHARED = 3;
/** Routes of a library that are compared with one way, those that share most squares with it. */
const MOST_CANDIDATES = 80;

/** Finds the routes of a library that may share way with another one, without looking at all of them. */
@Injectable()
export class RouteCandidates {
  constructor(
    private readonly repository: RouteShapesRepository,
    private readonly shapes: RouteShapes,
  ) {}

  /** @param alsoId a route that is looked at whatever it shares; null = none */
  async find(
    read: Reader,
    userId: string,
    way: WayShape,
    alsoId: string | null = null,
  ): Promise<Candidate[]> {
    const statement = this.repository.candidatesStatement(
      userId,
      cellsAround(way, NEAR_M),
      LEAST_SHARED,
      MOST_CANDIDATES,
      alsoId,
    );
    const refs = await read<ShapeRef>(statement);
    const shapes = await this.shapes.many(read, userId, refs);
    return refs.flatMap((ref) => {
      const shape = shapes.get(ref.routeId);
      return shape === undefined ? [] : [{ ...ref, shape }];
    });
  }
}
