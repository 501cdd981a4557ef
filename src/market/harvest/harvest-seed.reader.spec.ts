import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { packageRoot } from '../../platform/config/package-root.js';
import { StartupError } from '../../platform/config/startup-error.js';
import { readCatalogSeed } from '../catalog/catalog-seed.reader.js';
import { seedChecksum } from '../catalog/seed-file.reader.js';
import { readHarvestSeed } from './harvest-seed.reader.js';

const root = packageRoot();
const shippedPath = join(root, 'seeds/market/dofus-harvest.json.gz');
const factsFolder = resolve(root, '../shared/data/dofus');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'harvest seed-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the shipped harvest seed', () => {
  const seed = readHarvestSeed(shippedPath);

  it('has everything it promises', () => {
    expect(seed.game).toBe('dofus');
    expect(seed.notice).toContain('not affiliated');
    expect(seed.checksum).toBe(seedChecksum(shippedPath));
    expect(seed.resources).toHaveLength(117);
    expect(seed.resources.filter(({ nameFr }) => nameFr !== null)).toHaveLength(82);
    expect(seed.subareas).toHaveLength(461);
    expect(seed.subareas.filter(({ isOnWorldMap }) => isOnWorldMap)).toHaveLength(262);
    expect(seed.maps).toHaveLength(12_153);
  });

  it('says of known things what is known of them', () => {
    expect(seed.resources).toContainEqual({ externalId: 303, nameFr: 'Bois de Frêne', jobId: 2, level: 1 });
    const astrub = seed.maps.find(({ externalId }) => externalId === 191_105_026);
    expect(astrub).toMatchObject({ x: 5, y: -18 });
    expect(seed.subareas[0]).toMatchObject({ externalId: 1, areaId: 0, level: 15, isOnWorldMap: true });
    expect(seed.subareas[0]!.resourceIds).toContain(303);
  });

  it('names jobs that the catalogue has', () => {
    const jobs = new Set(
      readCatalogSeed(join(root, 'seeds/market/dofus.json.gz')).jobs.map((job) => job.externalId),
    );
    expect(seed.resources.filter(({ jobId }) => !jobs.has(jobId))).toEqual([]);
  });
});

describe('a harvest file that is not in order', () => {
  interface Small {
    resources: { idSteps: number[]; nameFr: (string | null)[]; jobId: number[]; level: number[] };
    subareas: Record<string, number[]>;
    grown: number[];
    maps: { idSteps: number[]; x: number[]; y: number[]; subarea: number[] };
    [key: string]: unknown;
  }
  const small = (): Small => ({
    format: 'guildhall-harvest/1',
    notice: 'Facts.',
    game: 'dofus',
    resources: { idSteps: [303, 9], nameFr: ['Bois', null], jobId: [2, 24], level: [1, 20] },
    subareas: {
      idSteps: [1, 1],
      areaId: [0, 3],
      level: [15, 0],
      isOnWorldMap: [1, 0],
      resourceCount: [2, 0],
    },
    grown: [0, 1],
    maps: { idSteps: [0, 5], x: [-3, 4], y: [2, 0], subarea: [0, 1] },
  });
  const written = (change: (file: Small) => void): string => {
    const file = small();
    change(file);
    const path = join(folder, 'small.json.gz');
    writeFileSync(path, gzipSync(JSON.stringify(file)));
    return path;
  };

  it('is refused as a whole, and one in order is not', () => {
    const seed = readHarvestSeed(written(() => undefined));
    expect(seed.subareas.map(({ resourceIds }) => resourceIds)).toEqual([[303, 312], []]);
    expect(seed.maps).toEqual([
      { externalId: 0, x: -3, y: 2, subareaId: 1 },
      { externalId: 5, x: 4, y: 0, subareaId: 2 },
    ]);
  });

  it.each<[string, (file: Small) => void, RegExp]>([
    ['another format', (file) => (file['format'] = 'guildhall-harvest/2'), /format/],
    ['a column too short', (file) => file.resources.level.pop(), /columns of resources/],
    ['an unknown resource', (file) => (file.grown[1] = 7), /no position 7/],
    ['the same resource twice', (file) => (file.grown[1] = 0), /resource 303 occurs twice/],
    ['places left over', (file) => file.grown.push(0), /count 2 places/],
    ['an unknown subarea', (file) => (file.maps.subarea[0] = 9), /no position 9/],
    ['a map twice', (file) => (file.maps.idSteps[1] = 0), /map 0 occurs twice/],
    ['a map far away', (file) => (file.maps.x[0] = 5_000), /maps\.x/],
  ])('%s', (_what, change, reason) => {
    const path = written(change);
    expect(() => readHarvestSeed(path)).toThrow(StartupError);
    expect(() => readHarvestSeed(path)).toThrow(reason);
  });
});

const withFacts = existsSync(factsFolder) ? describe : describe.skip;
withFacts('scripts/build-dofus-harvest-seed.mjs (needs the folder ../shared/data/dofus)', () => {
  const build = (facts: string, output: string): { status: number | null; stderr: string } =>
    spawnSync(process.execPath, ['scripts/build-dofus-harvest-seed.mjs', facts, output], {
      cwd: root,
      encoding: 'utf8',
    });

  it('makes the shipped seed again, byte for byte', () => {
    const output = join(folder, 'again.json.gz');
    expect(build(factsFolder, output).status).toBe(0);
    expect(gunzipSync(readFileSync(output)).equals(gunzipSync(readFileSync(shippedPath)))).toBe(true);
  });

  it('writes nothing when a fact is amiss', () => {
    const output = join(folder, 'amiss.json.gz');
    const facts = JSON.parse(gunzipSync(readFileSync(join(factsFolder, 'harvest.json.gz'))).toString('utf8'));
    facts.maps[0][3] = 999_999;
    writeFileSync(join(folder, 'harvest.json.gz'), gzipSync(JSON.stringify(facts)));
    writeFileSync(join(folder, 'jobs.json'), readFileSync(join(factsFolder, 'jobs.json')));
    const { status, stderr } = build(folder, output);
    expect(status).toBe(1);
    expect(stderr).toContain('unknown subarea 999999');
    expect(existsSync(output)).toBe(false);
  });
});
