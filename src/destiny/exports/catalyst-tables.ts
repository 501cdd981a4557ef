// A player's catalysts and their moves as tables for spreadsheets: one row per catalyst, one per move. Instants are ISO-8601 in UTC,
// what is not known is an empty cell; names of the game that a spreadsheet would run as a formula are disarmed by the writer.
import { type Cell, toCsv, toCsvRows } from '../../platform/http/csv.js';

export interface ExportedObjective {
  readonly text: string | null;
  readonly progress: number | null;
  readonly target: number | null;
  readonly isComplete: boolean;
}

export interface ExportedCatalyst {
  readonly recordHash: number;
  readonly weaponHash: number;
  readonly weaponName: string;
  readonly name: string;
  readonly weaponType: string | null;
  readonly element: string | null;
  readonly slot: string | null;
  readonly ammo: string | null;
  readonly season: number | null;
  readonly source: string | null;
  readonly activity: string;
  readonly state: string;
  readonly pct: number;
  readonly remaining: number | null;
  readonly isTracked: boolean;
  readonly foundAt: string | null;
  readonly completedAt: string | null;
  readonly progressedAt: string | null;
  readonly objectives: readonly ExportedObjective[];
}

const CATALYST_COLUMNS = [
  'recordHash',
  'weaponHash',
  'weaponName',
  'name',
  'weaponType',
  'element',
  'slot',
  'ammo',
  'season',
  'source',
  'activity',
  'state',
  'pct',
  'remaining',
  'isTracked',
  'foundAt',
  'completedAt',
  'progressedAt',
] as const satisfies readonly (keyof ExportedCatalyst)[];

export function catalystsCsv(catalysts: readonly ExportedCatalyst[]): string {
  return toCsv(
    [...CATALYST_COLUMNS, 'objectives'],
    catalysts.map((each) => [
      ...CATALYST_COLUMNS.map((column): Cell => cellOf(each[column])),
      each.objectives.map(objectiveWords).join('; '),
    ]),
  );
}

function cellOf(value: string | number | boolean | null): Cell {
  return typeof value === 'boolean' ? String(value) : value;
}

/** "Defeat targets 120/400"; a question mark for what Bungie does not say. */
function objectiveWords({ text, progress, target, isComplete }: ExportedObjective): string {
  const words = `${text ?? 'Objective'} ${progress ?? '?'}/${target ?? '?'}`;
  return isComplete ? `${words} (complete)` : words;
}

export interface ExportedMove {
  readonly at: string;
  readonly recordHash: number;
  /** Null for a catalyst that the catalog no longer has. */
  readonly weaponName: string | null;
  readonly objectiveHash: number;
  readonly objective: string | null;
  readonly progress: number;
  readonly target: number;
  readonly isComplete: boolean;
  readonly minutesPlayed: number;
}

const MOVE_COLUMNS = [
  'at',
  'recordHash',
  'weaponName',
  'objectiveHash',
  'objective',
  'progress',
  'target',
  'isComplete',
  'minutesPlayed',
] as const satisfies readonly (keyof ExportedMove)[];

export const movesHeader = (): string => toCsv(MOVE_COLUMNS, []);

/** A portion of them. */
export function movesRows(moves: readonly ExportedMove[]): string {
  return toCsvRows(moves.map((move) => MOVE_COLUMNS.map((column): Cell => cellOf(move[column]))));
}
