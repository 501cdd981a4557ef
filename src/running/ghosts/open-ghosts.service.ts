import { Injectable } from '@nestjs/common';
import { sha256 } from '../../platform/crypto/digest.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { isUuid } from '../../platform/database/uuid.js';
import { ghostNotReady, unknownGhost, unknownGhostLink } from '../running.errors.js';
import { GhostCurves } from './ghost-curves.service.js';
import type { GhostCurve } from './ghost-curve.js';
import type { GhostRow } from './ghosts.repository.js';
import { OpenGhostsRepository, type PublicFilter, type UsableGhost } from './open-ghosts.repository.js';

/**
 * Ghosts that somebody may race, whoever owns them. What comes of another provider is nobody else's: every query here says so itself
 * (open-ghosts.repository.ts).
 */
@Injectable()
export class OpenGhosts {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: OpenGhostsRepository,
    private readonly curves: GhostCurves,
  ) {}

  /** Newest first. @param before only older ones than this id */
  listPublic(filter: PublicFilter, before: string | null, limit: number): Promise<GhostRow[]> {
    return this.system.run(SYSTEM_SCOPE, (tx) => this.rows.listPublic(tx, filter, before, limit));
  }

  /** @throws DomainError unknown ghost */
  async findPublic(id: string): Promise<GhostRow> {
    const row = isUuid(id) ? await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.findPublic(tx, id)) : null;
    if (row === null) throw unknownGhost();
    return row;
  }

  /** @throws DomainError the link never was, was taken back or has ended */
  async findByToken(token: string, now = new Date()): Promise<GhostRow> {
    const row = await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.findByShare(tx, sha256(token), now));
    if (row === null) throw unknownGhostLink();
    return row;
  }

  /**
   * In the order of their ids as given.
   * @throws DomainError one that the caller may not race, whether it is somebody else's or never was
   */
  async usable(callerId: string, ids: readonly string[], now = new Date()): Promise<UsableGhost[]> {
    if (!ids.every(isUuid)) throw unknownGhost();
    const rows = await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.listUsable(tx, callerId, ids, now));
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => {
      const row = byId.get(id.toLowerCase());
      if (row === undefined) throw unknownGhost();
      return row;
    });
  }

  /** @throws DomainError unknown ghost; its curve is not made yet or cannot be made */
  async curve(callerId: string, id: string): Promise<{ curve: GhostCurve; version: number }> {
    const [ghost] = await this.usable(callerId, [id]);
    const { originId, curveVersion: version } = ghost!;
    const curve = version === null ? null : await this.curves.read(originId, version);
    if (version === null || curve === null) throw ghostNotReady();
    return { curve, version };
  }
}
