// Everything that generators draw from, as it is shipped (seeds/tabletop/generators): tables in the form of src/tabletop/tables, syllables of
// names, and facts of the System Reference Document. A change of any of it changes what a seed gives, so it takes a new GENERATOR_VERSION;
// a test holds the files by their digest.
import { z } from 'zod';
import { type ReadTable, readTable, type TableRow } from '../tables/random-table.js';
import type { RandomStream } from '../tables/random-stream.js';
import { rollTable } from '../tables/table-roll.js';
import type { Variables } from '../tables/formula.js';

/** Of these rules and their files. */
export const GENERATOR_VERSION = 1;

const rowSchema = z.union([
  z.string(),
  z.strictObject({ text: z.string(), weight: z.number().optional(), when: z.string().optional() }),
]);
const tablesSchema = z.record(z.string(), z.array(rowSchema).min(1));
const words = z.string().transform((text) => text.split(' ').filter((word) => word !== ''));
const cultureSchema = z.object({ start: words, middle: words, end: words });

export const bookSchemas = {
  names: z.object({ cultures: z.record(z.string(), cultureSchema) }),
  srd: z.object({
    items: z.array(z.tuple([z.string(), z.number(), z.string()])),
    creatures: z.array(z.tuple([z.string(), z.number(), z.string(), z.string(), words])),
    magicItems: z.array(z.tuple([z.string(), z.string(), z.string()])),
  }),
  people: z.object({
    commonNames: cultureSchema,
    familyWords: z.object({ first: words, last: words }),
    ancestries: z.array(
      z.object({
        id: z.string(),
        weight: z.number().int(),
        cultures: z.array(z.string()).min(1),
        family: z.enum(['words', 'culture', 'none']),
      }),
    ),
    occupations: z.array(z.object({ id: z.string(), wealth: z.number().int(), places: words })),
    tables: tablesSchema,
  }),
  places: z.object({
    types: z.array(z.object({ id: z.string(), population: z.string(), wealth: words })),
    tables: tablesSchema,
  }),
  shops: z.object({
    kinds: z.array(
      z.object({
        id: z.string(),
        goods: words,
        /** Of these goods those alone whose names hold one of the words. */
        only: words.optional(),
        hasMagic: z.boolean().optional(),
        nouns: words,
        keeper: z.string(),
      }),
    ),
    tables: tablesSchema,
  }),
  encounters: z.object({
    xpByChallenge: z.array(z.tuple([z.number(), z.number().int()])),
    budgets: z.record(z.enum(['low', 'moderate', 'high']), z.array(z.number().int()).length(20)),
    environments: z.array(z.string()),
    tables: tablesSchema,
  }),
  loot: z.object({
    tiers: z.array(
      z.object({
        fromChallenge: z.number(),
        coins: z.partialRecord(z.enum(['cp', 'sp', 'gp', 'pp']), z.string()),
        valuables: z.string(),
        valuableGp: z.array(z.number().int()),
        magic: z.string(),
        rarities: z.record(z.string(), z.number().int()),
      }),
    ),
    tables: tablesSchema,
  }),
  hooks: z.object({ kinds: z.array(z.string()), tables: tablesSchema }),
} as const;

export type BookFile = keyof typeof bookSchemas;
type Files = { readonly [F in BookFile]: z.output<(typeof bookSchemas)[F]> };

export type Culture = z.output<typeof cultureSchema>;

export interface GeneratorBook extends Omit<Files, 'names'> {
  readonly cultures: ReadonlyMap<string, Culture>;
  readonly tables: ReadonlyMap<string, ReadTable>;
  readonly xpByChallenge: ReadonlyMap<number, number>;
}

/** @throws RangeError where two files have a table of the same name, or a table asks for one that there is not */
export function buildBook(files: Files): GeneratorBook {
  const tables = new Map<string, ReadTable>();
  for (const { tables: own } of [
    files.people,
    files.places,
    files.shops,
    files.encounters,
    files.loot,
    files.hooks,
  ])
    for (const [id, rows] of Object.entries(own)) {
      if (tables.has(id)) throw new RangeError(`two tables are called ${id}`);
      tables.set(
        id,
        readTable(id, { rows: rows.map((row): TableRow => (typeof row === 'string' ? { text: row } : row)) }),
      );
    }
  for (const { id, rows } of tables.values())
    for (const { pieces } of rows)
      for (const piece of pieces)
        if (piece.kind === 'table' && !tables.has(piece.table))
          throw new RangeError(`${id} asks for ${piece.table}, which is not there`);
  const { names, ...rest } = files;
  return {
    ...rest,
    tables,
    cultures: new Map([['common', files.people.commonNames], ...Object.entries(names.cultures)]),
    xpByChallenge: new Map(files.encounters.xpByChallenge),
  };
}

/** What a table of the book says. */
export function tell(
  book: GeneratorBook,
  table: string,
  stream: RandomStream,
  variables: Variables = {},
): string {
  const first = book.tables.get(table);
  if (first === undefined) throw new RangeError(`there is no table ${table}`);
  return rollTable(first, { find: (id) => book.tables.get(id), variables, stream, decks: new Map() }).text;
}

/** Several things that a table says, none twice; of a short table fewer. */
export function tellSome(book: GeneratorBook, table: string, stream: RandomStream, count: number): string[] {
  const told = new Set<string>();
  for (let tries = 0; tries < count * 8 && told.size < count; tries += 1) told.add(tell(book, table, stream));
  return [...told];
}
