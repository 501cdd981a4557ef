import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { CatalystHistory } from '../catalysts/catalyst-history.service.js';
import { CatalystPlans } from '../catalysts/catalyst-plans.service.js';
import { CatalystReads } from '../catalysts/catalyst-reads.service.js';
import type { OwnCatalyst } from '../catalysts/own-catalysts.js';
import { BungieLink, type LinkState } from '../link/bungie-link.service.js';
import { LookupReads } from './lookup-reads.service.js';
import type {
  AgeView,
  CatalystView,
  DefinitionView,
  EtaView,
  GodRollView,
  HistorySeriesView,
  PlanStepView,
  PlayerReads,
  RollView,
  SheetRowsView,
  WeaponView,
} from './player-views.js';
import { ReadProblem } from './read-problem.js';
import { WeaponReads } from './weapon-reads.service.js';

const DAY_MS = 86_400_000;

const LINKS: Readonly<Record<LinkState, AgeView['link']>> = {
  connected: 'linked',
  'no-destiny-account': 'unlinked',
  'not-connected': 'unlinked',
  'needs-sign-in': 'lapsed',
};

/** Reads for the agent's tools what the rest of Destiny knows, as the caller and nobody else. */
@Injectable()
export class DestinyReads implements PlayerReads {
  constructor(
    private readonly catalystReads: CatalystReads,
    private readonly catalystHistory: CatalystHistory,
    private readonly plans: CatalystPlans,
    private readonly link: BungieLink,
    private readonly weaponReads: WeaponReads,
    private readonly lookups: LookupReads,
  ) {}

  async age(caller: Principal, nowMs = Date.now()): Promise<AgeView> {
    const own = await this.catalystReads.read(caller, nowMs);
    const { state } = await this.link.view(caller);
    return {
      link: LINKS[state],
      mintedAt: own.asOf?.toISOString() ?? null,
      ageS: own.asOf === null ? null : Math.max(0, Math.round((nowMs - own.asOf.getTime()) / 1_000)),
      isStale: own.isStale,
    };
  }

  /** @throws ReadProblem where nobody is connected */
  async catalysts(caller: Principal): Promise<readonly CatalystView[]> {
    const own = await this.catalystReads.read(caller);
    if (own.membershipId === null) throw new ReadProblem('not-linked');
    return own.entries.map(toCatalystView);
  }

  async eta(caller: Principal, recordHash: number): Promise<EtaView | null> {
    const { state, days, hoursPlayed } = await this.catalystHistory.eta(caller, recordHash);
    return { state, days, hoursPlayed };
  }

  /** @throws ReadProblem where nobody is connected */
  async plan(
    caller: Principal,
    { activity, minutes, limit }: Parameters<PlayerReads['plan']>[1],
  ): Promise<readonly PlanStepView[]> {
    await this.catalysts(caller);
    const wish = { limit, ...(activity !== null && { activity }), ...(minutes !== null && { minutes }) };
    const { groups } = await this.plans.plan(caller, wish);
    return groups.flatMap((group) =>
      group.steps.map(({ objectives: _objectives, ...step }) => ({ ...step, activity: group.activity })),
    );
  }

  async history(caller: Principal, recordHash: number, days: number): Promise<readonly HistorySeriesView[]> {
    const from = new Date(Date.now() - days * DAY_MS).toISOString();
    const { series } = await this.catalystHistory.series(caller, recordHash, { from, bucket: 'day' });
    return series.map(({ text, points }) => ({
      text,
      points: points.map(({ at, progress, target, isComplete }) => ({ at, progress, target, isComplete })),
    }));
  }

  weapons(caller: Principal): Promise<readonly WeaponView[]> {
    return this.weaponReads.weapons(caller);
  }

  rolls(caller: Principal, itemInstanceIds: readonly string[]): Promise<readonly RollView[]> {
    return this.weaponReads.rolls(caller, itemInstanceIds);
  }

  godRolls(caller: Principal, weaponName: string): Promise<readonly GodRollView[]> {
    return this.weaponReads.godRolls(caller, weaponName);
  }

  definitions(caller: Principal, words: string, limit: number): Promise<readonly DefinitionView[]> {
    return this.lookups.definitions(caller, words, limit);
  }

  sheetRows(caller: Principal, wish: Parameters<PlayerReads['sheetRows']>[1]): Promise<SheetRowsView | null> {
    return this.lookups.sheetRows(caller, wish);
  }
}

function toCatalystView({ facts, status }: OwnCatalyst): CatalystView {
  const { recordHash, weaponName, weaponType, element, slot, season, source, activity } = facts;
  const known = status.objectives.filter(({ isVisible }) => isVisible);
  return {
    recordHash,
    weaponName,
    state: status.state,
    pct: status.pct,
    weaponType,
    element,
    slot,
    season,
    source,
    activity,
    objectives: known.map(({ text, progress, target, isComplete }) => ({
      text,
      progress,
      target,
      isComplete,
    })),
  };
}
