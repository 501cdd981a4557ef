import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mutated, mutatedText } from '../../../test/support/mutated-json.js';
import { ImportRefusal } from './import-refusal.js';
import { readCsvList, readJsonList } from './object-list.reader.js';

const csv = (text: string) => readCsvList(Buffer.from(text), 'note');
const json = (value: unknown) => readJsonList(Buffer.from(JSON.stringify(value)), 'note');

const A_TABLE = [
  'Name;Kind;Tags;Summary;Population;Notes',
  'Bellhaven;City;"port, foggy";"Where the bell sank";1200;<b>Rich</b> in eels',
  'Ulssin Gloomburn;NPC;#smith;;;',
  ';City;;nobody;;',
  'The Thing;Sandwich;;;;"two\nlines"',
  '',
].join('\r\n');

const A_LIST = {
  generatedBy: 'another program',
  items: [
    {
      id: 'a1',
      title: 'Bellhaven',
      type: 'town',
      aliases: ['Haven'],
      population: 1_200,
      ruler: { name: 'x' },
    },
    { name: 'Ulssin', category: 'people', tags: 'smith; gloomy', isAlive: true, marks: ['scar', 3, null] },
    { name: 'Ulssin', text: '<p>Another <script>alert(1)</script>one</p>' },
    'not an object',
    { kind: 'item' },
  ],
};

describe('a table of things', () => {
  it('becomes objects, whatever its columns are called', () => {
    const { objects, report } = csv(A_TABLE);
    expect(objects).toMatchObject([
      { kind: 'location', name: 'Bellhaven', tags: ['port', 'foggy'], summary: 'Where the bell sank', body: 'Rich in eels', extra: { population: '1200' } },
      { kind: 'character', name: 'Ulssin Gloomburn', tags: ['smith'], sourceKey: 'ulssin gloomburn' },
      { kind: 'note', name: 'The Thing', body: 'two\nlines' },
    ]); // prettier-ignore
    expect(report.source).toBe('csv');
    expect(report.odd).toEqual([
      { at: '/2', reason: 'has no name; left out' },
      { at: '/3/Kind', reason: 'is no kind of object that there is here; made a note' },
    ]);
  });

  it.each([
    ['commas', 'name,kind\nA,item\n'],
    ['tabs', 'kind\tname\nitem\tA\n'],
    ['a mark of its order of bytes', '\uFEFFname,kind\nA,item\n'],
  ])('is read with %s', (_, text) => {
    expect(csv(text).objects).toMatchObject([{ name: 'A', kind: 'item' }]);
  });

  it.each([
    ['empty', ' \n', 'empty'],
    ['a head alone', 'name,kind\n', 'not-a-list'],
    ['without names', 'a,b\n1,2\n', 'not-a-list'],
    ['endless', `name\n${'x\n'.repeat(6_000)}`, 'too-many-rows'],
    ['of an endless cell', `name\n"${'x'.repeat(2_000_000)}`, 'not-csv'],
  ])('is refused where it is %s', (_, text, code) => {
    expect(() => csv(text)).toThrow(expect.objectContaining({ name: 'ImportRefusal', code }));
  });

  it('with strange signs is read or refused', () => {
    fc.assert(
      fc.property(mutatedText(A_TABLE), (text) => {
        try {
          for (const { name } of csv(text).objects) expect(name).toMatch(/\S/);
        } catch (error) {
          expect(error).toBeInstanceOf(ImportRefusal);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('a list of things in JSON', () => {
  it('becomes objects', () => {
    const { objects, report } = json(A_LIST);
    expect(objects).toMatchObject([
      {
        sourceKey: 'a1',
        kind: 'location',
        name: 'Bellhaven',
        aliases: ['Haven'],
        extra: { population: 1_200 },
      },
      {
        sourceKey: 'ulssin',
        kind: 'character',
        tags: ['smith', 'gloomy'],
        extra: { isalive: true, marks: ['scar', 3] },
      },
      { sourceKey: 'ulssin (2)', kind: 'note', body: 'Another one' },
    ]);
    expect(report.kept).toEqual(['/generatedBy']);
    expect(report.ignored).toEqual([{ at: '/items/0/ruler', reason: expect.any(String) }]);
    expect(report.odd.map(({ at }) => at)).toEqual(['/items/3', '/items/4', '/']);
  });

  it('is taken without anything around it', () => {
    expect(json(A_LIST.items.slice(0, 1)).objects).toHaveLength(1);
  });

  it.each([
    ['a sheet', { name: 'Akra', system: {} }, 'not-a-list'],
    ['empty', [], 'not-a-list'],
    ['endless', Array.from({ length: 5_001 }, () => ({ name: 'x' })), 'too-many-rows'],
  ])('is refused where it is %s', (_, value, code) => {
    expect(() => json(value)).toThrow(expect.objectContaining({ name: 'ImportRefusal', code }));
  });

  it('with strange parts is read or refused, and holds nothing that cannot be stored', () => {
    fc.assert(
      fc.property(mutated(A_LIST), (value) => {
        try {
          expect(JSON.stringify(json(value))).not.toMatch(/\\u0000|\\ud800|<script/);
        } catch (error) {
          expect(error).toBeInstanceOf(ImportRefusal);
        }
      }),
      { numRuns: 300 },
    );
  });
});
