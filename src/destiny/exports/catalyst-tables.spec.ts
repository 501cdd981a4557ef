import { describe, expect, it } from '@jest/globals';
import {
  catalystsCsv,
  type ExportedCatalyst,
  type ExportedMove,
  movesHeader,
  movesRows,
} from './catalyst-tables.js';

const CATALYST: ExportedCatalyst = {
  recordHash: 7,
  weaponHash: 8,
  weaponName: '=HYPERLINK("http://example.org")',
  name: 'Jötunn Catalyst',
  weaponType: 'Fusion Rifle',
  element: 'solar',
  slot: 'energy',
  ammo: 'special',
  season: null,
  source: 'a, b',
  activity: 'any',
  state: 'in_progress',
  pct: 12.5,
  remaining: 350,
  isTracked: true,
  foundAt: null,
  completedAt: null,
  progressedAt: '2026-11-01T00:00:00.000Z',
  objectives: [
    { text: 'Insert the Catalyst', progress: 4, target: 2, isComplete: true },
    { text: null, progress: null, target: 400, isComplete: false },
  ],
};
const MOVE: ExportedMove = {
  at: '2026-11-01T00:00:00.000Z',
  recordHash: 7,
  weaponName: '@import',
  objectiveHash: 9,
  objective: null,
  progress: 50,
  target: 400,
  isComplete: false,
  minutesPlayed: 1_000,
};

describe('the table of catalysts', () => {
  it('has a cell for every column, disarms formulas and leaves empty what is not known', () => {
    expect(catalystsCsv([CATALYST])).toBe(
      'recordHash,weaponHash,weaponName,name,weaponType,element,slot,ammo,season,source,activity,state,pct,remaining,isTracked,' +
        'foundAt,completedAt,progressedAt,objectives\r\n' +
        `7,8,"'=HYPERLINK(""http://example.org"")",Jötunn Catalyst,Fusion Rifle,solar,energy,special,,"a, b",any,in_progress,12.5,350,` +
        'true,,,2026-11-01T00:00:00.000Z,Insert the Catalyst 4/2 (complete); Objective ?/400\r\n',
    );
  });
});

describe('the table of moves', () => {
  it('is its header and any number of portions', () => {
    expect(movesHeader()).toBe(
      'at,recordHash,weaponName,objectiveHash,objective,progress,target,isComplete,minutesPlayed\r\n',
    );
    const row = "2026-11-01T00:00:00.000Z,7,'@import,9,,50,400,false,1000\r\n";
    expect(movesRows([MOVE, MOVE])).toBe(row + row);
    expect(movesRows([])).toBe('');
  });
});
