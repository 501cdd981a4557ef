import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../platform/config/package-root.js';
import { Catalog } from './catalog.js';
import { catalogPath, readCatalogFile, shippedCatalog } from './catalog.reader.js';
import { activityOf, objectiveKind } from './objective-kind.js';
import { foldText, weaponNameKey } from './weapon-name.js';

/** A triumph with "Catalyst" in its name that the original took for a catalyst. */
const TRAP = 3_959_847_875;

describe('the shipped catalysts', () => {
  const catalog = shippedCatalog();

  it('are 141, each with a weapon, a name and a picture, and the triumph about catalysts is none of them', () => {
    expect(catalog.catalysts).toHaveLength(141);
    expect(catalog.ofRecord(TRAP)).toBeUndefined();
    for (const facts of catalog.catalysts) {
      expect(facts.icon).toMatch(/^\/common\/destiny2_content\/icons\/[0-9a-f]{32}\.(?:jpg|png)$/);
      expect(facts.season).not.toBeNull();
      expect(catalog.ofRecord(facts.recordHash)).toBe(facts);
      expect(catalog.ofWeapon(facts.weaponHash)).toBe(facts);
      expect(catalog.ofName(facts.weaponName)).toBe(facts);
      expect(catalog.ofName(facts.name)).toBe(facts);
    }
  });

  it('know the targets of 67, and tell which of them take more than kills anywhere', () => {
    expect(catalog.catalysts.filter(({ objectives }) => objectives.length > 0)).toHaveLength(67);
    const special = catalog.catalysts.filter(({ activity }) => activity !== 'anywhere');
    expect(Object.fromEntries(special.map((facts) => [facts.weaponName, facts.activity]))).toEqual({
      Borealis: 'element_modes',
      Crimson: 'precision',
      'D.A.R.C.I.': 'precision',
      'Dead Messenger': 'element_modes',
      'Fighting Lion': 'bounties',
      'Graviton Lance': 'exotic_perk',
      'MIDA Multi-Tool': 'crucible',
      'Osteo Striga': 'table',
      'Outbreak Perfected': 'precision',
      'Revision Zero': 'table',
      Riskrunner: 'exotic_perk',
      'SUROS Regime': 'crucible',
      "Skyburner's Oath": 'cabal',
      Sunshot: 'exotic_perk',
      'Sweet Business': 'multikills',
      'The Jade Rabbit': 'crucible',
      'Vigilance Wing': 'crucible',
    });
  });

  it('stand in that one file only: no other source of the program names a hash of theirs', () => {
    const hashes = new Set(catalog.catalysts.flatMap((facts) => [facts.recordHash, facts.weaponHash]));
    const folder = join(packageRoot(), 'src');
    const naming = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
      .filter((path) => {
        const numbers = readFileSync(join(folder, path), 'utf8').match(/\b\d[\d_]{6,}\b/g) ?? [];
        return numbers.some((digits) => hashes.has(Number(digits.replaceAll('_', ''))));
      });
    expect(naming).toEqual([]);
  });

  it('cannot be changed by those who read them', () => {
    const [first] = catalog.catalysts;
    expect(() => Object.assign(first!, { weaponName: 'x' })).toThrow(TypeError);
    expect(() => (first!.objectives as unknown[]).push(1)).toThrow(TypeError);
    expect(shippedCatalog()).toBe(catalog);
  });

  it.each([
    ['jotunn', 'Jötunn'],
    ['JADE RABBIT CATALYST', 'The Jade Rabbit'],
    ['prometheus catalyst', 'Prometheus Lens'],
    ['darci', undefined],
    ['d.a.r.c.i', 'D.A.R.C.I.'],
    ['Tommy’s Matchbook', "Tommy's Matchbook"],
    ['the  last word', 'The Last Word'],
    ['cerberus+1', 'Cerberus+1'],
    ['', undefined],
  ])('are found by the name %s', (spelled, weaponName) => {
    expect(catalog.ofName(spelled)?.weaponName).toBe(weaponName);
  });
});

describe('a file of catalysts', () => {
  it('is refused when a fact is of another kind, and names the place', () => {
    const folder = mkdtempSync(join(tmpdir(), 'catalysts-'));
    try {
      const path = join(folder, 'catalysts.json');
      writeFileSync(
        path,
        readFileSync(catalogPath(), 'utf8').replace(/"element": "arc"/, '"element": "lightning"'),
      );
      expect(() => readCatalogFile(path)).toThrow(/catalysts\.\d+\.element/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is refused when a record, a weapon or a name stands twice', () => {
    const [a, b] = shippedCatalog().catalysts;
    expect(() => new Catalog([a!, { ...b!, recordHash: a!.recordHash }])).toThrow(/record \d+ stands twice/);
    expect(() => new Catalog([a!, { ...b!, weaponHash: a!.weaponHash }])).toThrow(/weapon \d+ stands twice/);
    expect(() => new Catalog([a!, { ...b!, weaponName: `The ${a!.weaponName}` }])).toThrow(
      /name .* stands twice/,
    );
  });
});

describe('names and objectives', () => {
  it('fold alike however they are written', () => {
    expect(foldText('  JÖTUNN ')).toBe('jotunn');
    expect(weaponNameKey('The Wardcliff Coil')).toBe(weaponNameKey('wardcliff-coil catalyst'));
    expect(weaponNameKey('Theatre')).toBe('theatre');
  });

  it.each([
    ['Insert the Catalyst', 'insert'],
    ['Crucible Enemies Defeated', 'crucible_kills'],
    ['Cabal Enemies Defeated', 'cabal_kills'],
    ['Precision final blows', 'precision_kills'],
    ['Blood for Blood Medals', 'medals'],
    ['Void Mode Kills', 'mode_kills'],
    ['Sun Blast Kills', 'perk_kills'],
    ['Targets defeated', 'kills'],
    ['Something new', 'kills'],
  ])('"%s" is %s', (text, kind) => {
    expect(objectiveKind(text)).toBe(kind);
  });

  it('take the place from the description where the objectives do not say it', () => {
    expect(activityOf(['Precision Kills'], null)).toBe('precision');
    expect(activityOf(['Precision Kills'], 'Defeat Guardians in the Crucible by precision.')).toBe(
      'crucible',
    );
  });
});
