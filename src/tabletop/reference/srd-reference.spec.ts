import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { srdFolder, srdJson } from '../../../test/support/srd-data.js';
import { packageRoot } from '../../platform/config/package-root.js';
import { StartupError } from '../../platform/config/startup-error.js';
import { bareLetters } from '../names/name-text.js';
import { REFERENCE_CATEGORIES } from './reference-entry.js';
import { ReferenceIndex } from './search-reference.js';
import { readReference, shippedReference } from './srd-reference.reader.js';

const shippedPath = join(packageRoot(), 'seeds/tabletop/srd-reference.json.gz');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'srd reference-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the shipped reference', () => {
  const { entries, attribution } = shippedReference();
  const index = new ReferenceIndex(entries);

  it('has the terms of both editions, each with something on its card', () => {
    expect(entries).toHaveLength(2_725);
    expect(new Set(entries.map(({ category }) => category))).toEqual(new Set(REFERENCE_CATEGORIES));
    const empty = entries.filter(({ cards }) =>
      cards.some(({ facts, text }) => facts.length === 0 && text === ''),
    );
    expect(empty).toEqual([]);
    const long = entries.flatMap(({ cards }) => cards).filter(({ text }) => text.length > 480);
    expect(long).toEqual([]);
  });

  it('carries what its licence asks for', () => {
    expect(attribution).toContain('Wizards of the Coast');
    expect(attribution).toContain('creativecommons.org/licenses/by/4.0');
    const sources = readFileSync(join(packageRoot(), 'seeds/tabletop/SOURCES.md'), 'utf8');
    expect(sources).toContain('srd-reference.json.gz');
    expect(sources).toContain('7d44bb0ef62dfe3354c5b293faff62e3d215bcf8');
  });

  it('says of known things what the books say', () => {
    const fireball = index.find('spell-fireball');
    expect(fireball?.cards.map(({ edition }) => edition)).toEqual(['5.1', '5.2']);
    expect(fireball?.cards[1]?.facts).toContain('Level 3 evocation');
    expect(fireball?.cards[1]?.facts).toContain('Damage 8d6 fire');
    expect(index.find('monster-aboleth')?.cards[0]?.facts).toContain(
      'AC 17; HP 135 (18d10+36); speed walk 10 ft., swim 40 ft.',
    );
    expect(index.find('armor-breastplate')?.cards[0]?.facts).toEqual(['AC 14 + Dex modifier (at most 2)']);
    expect(index.find('class-champion')?.cards[0]?.facts).toContain('Subclass of Fighter');
  });
});

const beside = srdFolder();
const whereThere = beside === undefined ? describe.skip : describe;

whereThere('beside the records it was made of (../shared/data/srd)', () => {
  it('is built again byte by byte', () => {
    const output = join(folder, 'again.json.gz');
    const script = join(packageRoot(), 'scripts/build-srd-reference.mjs');
    const built = spawnSync(process.execPath, [script, beside!, output], { encoding: 'utf8' });
    expect(built.stderr).toBe('');
    expect(readFileSync(output).equals(readFileSync(shippedPath))).toBe(true);
  });

  it('has every term of the lexicon', () => {
    const named = (category: string, term: string): string => `${category}: ${bareLetters(term)}`;
    const has = new Set(shippedReference().entries.map(({ category, term }) => named(category, term)));
    const terms = srdJson(beside!, 'lexicon.json.gz') as { term: string; category: string }[];
    expect(terms).toHaveLength(2_749);
    expect(terms.filter(({ term, category }) => !has.has(named(category, term)))).toEqual([]);
  });
});

describe('a reference file that is not in order', () => {
  const card = [0, null, ['Level 1'], 'Text.'];
  const small = {
    format: 'guildhall-srd-reference/1',
    notice: 'Facts.',
    attribution: 'By somebody.',
    editions: ['srd-2014', 'srd-2024'],
    entries: [
      ['spell-a', 'A', 'spell', [card]],
      ['spell-b', 'B', 'spell', [card]],
    ],
  };
  const written = (change: object): string => {
    const path = join(folder, 'changed.json.gz');
    writeFileSync(path, gzipSync(JSON.stringify({ ...small, ...change })));
    return path;
  };

  it('is read as it is where nothing is wrong', () => {
    expect(readReference(written({})).entries.map(({ term }) => term)).toEqual(['A', 'B']);
  });

  it.each([
    ['of another format', { format: 'guildhall-srd-reference/2' }],
    ['without terms', { entries: [] }],
    ['out of order', { entries: small.entries.toReversed() }],
    ['with a term twice', { entries: [small.entries[0], small.entries[0]] }],
    ['with a category that there is not', { entries: [['x-a', 'A', 'x', [card]]] }],
    ['with a card of another edition', { entries: [['spell-a', 'A', 'spell', [[2, null, [], '']]]] }],
  ])('%s is refused as a whole', (_, change) => {
    expect(() => readReference(written(change))).toThrow(StartupError);
  });

  it('is refused where it is damaged or missing', () => {
    const path = join(folder, 'damaged.json.gz');
    writeFileSync(path, readFileSync(shippedPath).subarray(0, 1_000));
    expect(() => readReference(path)).toThrow(StartupError);
    expect(() => readReference(join(folder, 'nowhere.json.gz'))).toThrow(/unusable.*ENOENT/);
  });
});
