import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { notYoursToShare, providerTerms, runIsPrivate, unknownGhost } from '../running.errors.js';
import { GhostSourcesRepository } from './ghost-sources.repository.js';
import type { GhostLinkDto } from './ghosts.dto.js';
import { type GhostRow, GhostsRepository } from './ghosts.repository.js';

const TOKEN_BYTES = 32;

/** Whom an owner lets race a ghost: everybody, or whoever knows a link. What others then see is decided again in every query of theirs. */
@Injectable()
export class GhostSharing {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly ghosts: GhostsRepository,
    private readonly sources: GhostSourcesRepository,
    private readonly audit: Audit,
  ) {}

  /**
   * Makes a link in place of the one before; whoever took the ghost over by that one has it no more.
   * @throws DomainError unknown ghost; what cannot be shared
   */
  createLink(caller: Principal, id: string, validForS: number, now = new Date()): Promise<GhostLinkDto> {
    return this.uow.run(caller, async (tx) => {
      const ghost = await this.lock(tx, caller, id);
      await this.assertShareable(tx, ghost);
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const expiresAt = new Date(now.getTime() + validForS * 1_000);
      await this.ghosts.updateShare(tx, id, { digest: sha256(token), expiresAt });
      await this.audit.record(tx, caller, {
        action: 'running.ghost-link-created',
        object: { type: 'running.ghost', id },
        after: { expiresAt: expiresAt.toISOString() },
      });
      return { token, path: `/api/v1/running/ghosts/shared/${token}`, expiresAt: expiresAt.toISOString() };
    });
  }

  /** The link is dead, and what was taken over by it. @throws DomainError unknown ghost */
  async revokeLink(caller: Principal, id: string): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      const { shareExpiresAt } = await this.lock(tx, caller, id);
      if (shareExpiresAt === null) return;
      await this.ghosts.updateShare(tx, id, null);
      await this.audit.record(tx, caller, {
        action: 'running.ghost-link-revoked',
        object: { type: 'running.ghost', id },
        before: { expiresAt: shareExpiresAt.toISOString() },
      });
    });
  }

  /** @throws DomainError why others may not see it */
  async assertShareable(tx: Tx, ghost: GhostRow): Promise<void> {
    if (ghost.type === 'shared') throw notYoursToShare();
    for (const { source, privacy } of await this.sources.listRuns(tx, ghost.id)) {
      if (source !== 'app' && source !== 'imported') throw providerTerms();
      if (privacy === 'private') throw runIsPrivate();
    }
  }

  private async lock(tx: Tx, caller: Principal, id: string): Promise<GhostRow> {
    const row = isUuid(id) ? await this.ghosts.lockGhost(tx, caller.id, id) : null;
    if (row === null) throw unknownGhost();
    return row;
  }
}
