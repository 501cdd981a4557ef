import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { RecommendedGhostsDto } from './ghosts.dto.js';
import { toRecommendedGhostDto } from './ghosts.mapper.js';
import type { GhostRow } from './ghosts.repository.js';
import { type Candidate, type Effort, recommendGhosts } from './recommend-ghosts.js';
import { RecommendationsRepository } from './recommendations.repository.js';

const MOST_SHOWN = 10;
/** Candidates that are looked at. */
const MOST_OWN = 200;
const MOST_PUBLIC = 200;
/** Runs of so many days tell a runner's form. */
const FORM_DAYS = 120;
const DAY_MS = 86_400_000;

/** Which ghosts are worth racing next, by what the runner has run lately. */
@Injectable()
export class RecommendedGhosts {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: RecommendationsRepository,
  ) {}

  async recommend({ id: callerId }: Principal, now = new Date()): Promise<RecommendedGhostsDto> {
    const since = new Date(now.getTime() - FORM_DAYS * DAY_MS);
    const { efforts, candidates } = await this.system.run(SYSTEM_SCOPE, async (tx) => ({
      efforts: await this.rows.listEfforts(tx, callerId, since),
      candidates: await this.rows.listCandidates(tx, callerId, MOST_OWN, MOST_PUBLIC),
    }));
    const byId = new Map<string, GhostRow>(candidates.map((row) => [row.id, row]));
    const daysSince = (at: Date): number => Math.max(0, (now.getTime() - at.getTime()) / DAY_MS);
    const recommended = recommendGhosts(
      candidates.map((row): Candidate => {
        const { id, type, distanceM, durationS, racedAt } = row;
        const racedDaysAgo = racedAt === null ? null : daysSince(racedAt);
        return { id, isOwn: row.userId === callerId, type, distanceM, durationS, racedDaysAgo };
      }),
      efforts.map(({ distanceM, durationS, ranAt }): Effort => ({
        distanceM,
        durationS,
        ageDays: daysSince(ranAt),
      })),
      MOST_SHOWN,
    );
    return { items: recommended.map((one) => toRecommendedGhostDto(byId.get(one.id)!, one, callerId)) };
  }
}
