import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { sqlState } from '../../platform/database/database.errors.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { rebuilding } from '../agent-analytics.errors.js';
import { Projects } from '../sync/projects.service.js';
import type { ErasureDto, NewErasureDto } from './erasures.dto.js';
import { TextErasuresRepository } from './text-erasures.repository.js';

/** A rebuild after a run takes seconds at most; one of everything longer. */
const PATIENCE_MS = 15_000;
const LOCK_TIMEOUT = '55P03';

/**
 * Takes the texts of a session or a player out of everything that is kept here, for good: what Langfuse gives again later is taken out in
 * the transaction that stores it (`ErasedPages`).
 */
@Injectable()
export class TextErasures {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly projects: Projects,
    private readonly rows: TextErasuresRepository,
    private readonly audit: Audit,
  ) {}

  /** Safe to repeat. Of something that is not known yet too: then it is never kept. @throws DomainError unknown project, a long rebuild */
  async erase(
    caller: Principal,
    { project: name, kind, id }: NewErasureDto,
    patienceMs = PATIENCE_MS,
  ): Promise<ErasureDto> {
    const project = this.projects.resolve(name);
    try {
      return await this.system.run(SYSTEM_SCOPE, async (tx) => {
        await this.rows.setPatience(tx, patienceMs);
        await this.rows.lock(tx, project, 'exclusive');
        await this.rows.lockFigures(tx, project);
        const { key, ...erased } = await this.wipe(tx, project, kind, id);
        await this.audit.record(tx, caller, {
          action: 'agent-analytics.texts-erased',
          object: { type: `agent-analytics.${kind}`, id: key },
          after: { project, ...erased },
        });
        return { kind, ...erased };
      });
    } catch (error) {
      throw sqlState(error) === LOCK_TIMEOUT ? rebuilding() : error;
    }
  }

  private async wipe(tx: Tx, project: string, kind: ErasureDto['kind'], id: string): Promise<Erased> {
    const { rows } = this;
    const isPlayer = kind === 'player';
    const own = isPlayer ? await rows.listTracesOfPlayer(tx, project, id) : [];
    const sessions = isPlayer ? await rows.listSessionsOfTraces(tx, project, own) : [id];
    const player = isPlayer ? await rows.insertPlayer(tx, project, id) : null;
    const fresh = await rows.insertKeys(tx, project, 'session', sessions);
    const traces = [...new Set([...own, ...(await rows.listTracesOfSessions(tx, project, sessions))])];
    await rows.insertKeys(tx, project, 'trace', traces);
    const textCount = await rows.wipeTraces(tx, project, traces);
    await rows.wipeSessionScores(tx, project, null);
    const told = await rows.listFiguredSessions(tx, project, traces);
    await rows.wipeDerived(tx, project, traces, [...new Set([...sessions, ...told])], isPlayer);
    return {
      key: player?.key ?? id,
      isRepeated: player === null ? fresh.length === 0 : !player.isNew,
      sessionCount: sessions.length,
      traceCount: traces.length,
      textCount,
    };
  }
}

interface Erased extends Omit<ErasureDto, 'kind'> {
  /** What the trail names it by: of players a digest. */
  readonly key: string;
}
