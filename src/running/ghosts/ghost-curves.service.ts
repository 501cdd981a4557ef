import { Injectable } from '@nestjs/common';
import type { Cache } from '../../platform/cache/cache.js';
import { Caches } from '../../platform/cache/caches.service.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { z } from 'zod';
import { decodeCurve } from './ghost-curve-codec.js';
import type { GhostCurve } from './ghost-curve.js';
import { GhostCurvesRepository } from './ghost-curves.repository.js';

/** A version never changes, so nothing has to be forgotten; what nobody has raced for a day is loaded anew. */
const KEPT_MS = 24 * 3_600_000;
const MOST_KEPT = 2_000;
/** Curves in the form that races use: whoever races the same ghost shares one. */
const MOST_DECODED = 500;

/**
 * Curves as races use them. Whoever calls has decided that the caller may race the ghost. Bytes are kept by `platform/cache`, in Redis for
 * all processes where there is one; decoded ones in the process.
 */
@Injectable()
export class GhostCurves {
  private readonly bytes: Cache<string | null>;
  private readonly decoded = new Map<string, GhostCurve>();

  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: GhostCurvesRepository,
    caches: Caches,
  ) {
    this.bytes = caches.open({
      name: 'running.ghost-curves',
      ttlMs: KEPT_MS,
      mostEntries: MOST_KEPT,
      version: 1,
      schema: z.string().nullable(),
      isShared: true,
    });
  }

  /** The same object for everybody, which nobody changes. Null = that version is gone, with its ghost. */
  async read(ghostId: string, version: number): Promise<GhostCurve | null> {
    const key = `${ghostId}:${version}`;
    const known = this.decoded.get(key);
    if (known !== undefined) {
      this.decoded.delete(key); // behind the others: those raced longest ago go first
      this.decoded.set(key, known);
      return known;
    }
    const text = await this.load(ghostId, version);
    if (text === null) return null;
    const curve = this.decoded.get(key) ?? decodeCurve(Buffer.from(text, 'base64'));
    this.decoded.set(key, curve);
    if (this.decoded.size > MOST_DECODED) this.decoded.delete(this.decoded.keys().next().value!);
    return curve;
  }

  private async load(ghostId: string, version: number): Promise<string | null> {
    const text = await this.bytes.get(`${ghostId}:${version}`, () =>
      this.system.run(SYSTEM_SCOPE, async (tx) => {
        const curve = await this.rows.findCurve(tx, ghostId, version);
        return curve?.toString('base64') ?? null;
      }),
    );
    if (text === null) await this.bytes.forget(`${ghostId}:${version}`);
    return text;
  }
}
