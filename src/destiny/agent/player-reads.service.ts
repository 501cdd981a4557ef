import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import type {
  AgeView,
  CatalystView,
  DefinitionView,
  EtaView,
  GodRollView,
  HistoryPointView,
  PlanStepView,
  PlayerReads,
  RollView,
  SheetRowsView,
  WeaponView,
} from './player-views.js';
import { ReadProblem } from './read-problem.js';

/** Reads for the agent's tools what the rest of Destiny knows, as the caller and nobody else. */
@Injectable()
export class DestinyReads implements PlayerReads {
  age(_caller: Principal): Promise<AgeView> {
    return Promise.resolve({ link: 'unlinked', mintedAt: null, ageS: null, isStale: false });
  }

  catalysts(_caller: Principal): Promise<readonly CatalystView[]> {
    return Promise.reject(new ReadProblem('not-linked'));
  }

  eta(_caller: Principal, _recordHash: number): Promise<EtaView | null> {
    return Promise.reject(new ReadProblem('not-linked'));
  }

  plan(): Promise<readonly PlanStepView[]> {
    return Promise.reject(new ReadProblem('not-linked'));
  }

  history(): Promise<readonly HistoryPointView[]> {
    return Promise.reject(new ReadProblem('not-linked'));
  }

  weapons(_caller: Principal): Promise<readonly WeaponView[]> {
    return Promise.reject(new ReadProblem('not-linked'));
  }

  rolls(): Promise<readonly RollView[]> {
    return Promise.reject(new ReadProblem('not-linked'));
  }

  godRolls(_caller: Principal, _weaponName: string): Promise<readonly GodRollView[]> {
    return Promise.resolve([]);
  }

  definitions(): Promise<readonly DefinitionView[]> {
    return Promise.resolve([]);
  }

  sheetRows(): Promise<SheetRowsView | null> {
    return Promise.resolve(null);
  }
}
