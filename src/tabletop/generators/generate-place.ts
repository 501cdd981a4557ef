import { z } from 'zod';
import { evaluate } from '../tables/formula-roll.js';
import { parseFormula } from '../tables/formula.js';
import type { RandomStream } from '../tables/random-stream.js';
import { capitalised, type GeneratedDraft, withArticle } from './draft.js';
import { type GeneratorBook, tell, tellSome } from './generator-book.js';
import { cultureOf, nameOf } from './names.js';

export interface LocationInputs {
  readonly type?: string | undefined;
  readonly culture?: string | undefined;
}

/** What a place is rich and poor in; shops there follow it. */
export interface Economy {
  /** 0 destitute, 1 poor, 2 modest, 3 well off, 4 rich. */
  readonly wealth: number;
  /** What the place is known for. */
  readonly trades: readonly string[];
  /** Kinds of goods, by the words of {@link GOODS}. */
  readonly abundant: readonly string[];
  readonly scarce: readonly string[];
}

export const GOODS = [
  'adventuring-gear',
  'ammunition',
  'armor',
  'poison',
  'shield',
  'tools',
  'trade-good',
  'weapon',
] as const;

const goods = z.array(z.enum(GOODS)).max(GOODS.length);

/** What may be said of an economy; what is left out is as usual. */
export const economySchema = z.strictObject({
  wealth: z.int().min(0).max(4).optional(),
  trades: z.array(z.string().max(60)).max(10).optional(),
  abundant: goods.optional(),
  scarce: goods.optional(),
});

const SETTLED = new Set(['city', 'town', 'village', 'hamlet']);
const WILD: Readonly<Record<string, readonly string[]>> = {
  forest: ['Wood', 'Forest', 'Thicket', 'Weald'],
  cave: ['Cave', 'Grotto', 'Deep', 'Hollow'],
  ruin: ['Ruins', 'Priory', 'Halls', 'Watch'],
};

export function generateLocation(
  book: GeneratorBook,
  stream: RandomStream,
  inputs: LocationInputs,
): GeneratedDraft {
  const { types } = book.places;
  const type = types.find(({ id }) => id === inputs.type) ?? stream.fork('type').pick(types);
  const culture = inputs.culture ?? 'common';
  const base = nameOf(cultureOf(book, culture), stream.fork('base'));
  const wild = stream.fork('wild').pick(WILD[type.id] ?? ['Place']);
  const name = tell(book, namesOf(type.id), stream.fork('name'), { base, wild });
  const one = (table: string): string => tell(book, table, stream.fork(table));
  const population = Number(evaluate(parseFormula(type.population), {}, stream.fork('population')));
  const features = tellSome(book, featuresOf(type.id), stream.fork('features'), 3);
  const wealth = Number(stream.fork('wealth').pick(type.wealth));
  const economy =
    SETTLED.has(type.id) || type.id === 'district' ? economyOf(book, stream.fork('economy'), wealth) : null;
  const environment = { light: one('light'), sounds: one('sound'), smells: one('smell') };
  const trouble = economy === null ? null : one('trouble');
  return {
    name: capitalised(name),
    summary: `${capitalised(withArticle(type.id))}${population > 1 && SETTLED.has(type.id) ? ` of about ${roundly(population)}` : ''}, known for ${features[0]}.`,
    body: [
      `Light: ${environment.light}. Sounds: ${environment.sounds}. Smells: ${environment.smells}.`,
      `Worth a look: ${listed(features)}.`,
      ...(economy === null ? [] : [`Trade: ${listed(economy.trades)}.`, capitalised(`${trouble}.`)]),
      `They say that ${one('rumor')}.`,
      one('hook-place'),
    ].join('\n\n'),
    tags: ['location', type.id],
    details: { type: type.id, culture, environment, features, population, economy, trouble },
    secrets: [{ field: 'secret', text: `${capitalised(name)} ${one('secret-place')}.` }],
  };
}

function namesOf(type: string): string {
  if (SETTLED.has(type)) return 'name-settlement';
  return type in WILD ? 'name-wild' : `name-${type}`;
}

function featuresOf(type: string): string {
  if (SETTLED.has(type) || type === 'district') return 'feature-settlement';
  return type === 'forest' || type === 'cave' || type === 'ruin' ? 'feature-wild' : 'feature-building';
}

function economyOf(book: GeneratorBook, stream: RandomStream, wealth: number): Economy {
  const [abundant, scarce] = stream.sample(GOODS, 2) as [string, string];
  return {
    wealth,
    trades: tellSome(book, 'trade', stream.fork('trade'), 2),
    abundant: [abundant],
    scarce: [scarce],
  };
}

function roundly(count: number): string {
  const step = count >= 1_000 ? 100 : count >= 100 ? 10 : 1;
  return String(Math.round(count / step) * step);
}

function listed(things: readonly string[]): string {
  return things.length < 2 ? things.join('') : `${things.slice(0, -1).join(', ')} and ${things.at(-1)!}`;
}
