import { z } from 'zod';
import { RandomStream } from '../tables/random-stream.js';
import type { GeneratedDraft, GenerationKind } from './draft.js';
import { generateEncounter, DIFFICULTIES } from './generate-encounter.js';
import { generateHook } from './generate-hook.js';
import { generateLoot } from './generate-loot.js';
import { generateNpc, SETTLEMENTS, SURROUNDINGS } from './generate-npc.js';
import { economySchema, generateLocation } from './generate-place.js';
import { generateShop } from './generate-shop.js';
import type { GeneratorBook } from './generator-book.js';
import { GENERATOR_VERSION } from './generator-book.js';

/** Which rules made a draft. The same seed, kind and inputs under the same one give the same draft, byte for byte. */
export const RULES_ENGINE = `rules-${GENERATOR_VERSION}`;

const anyOf = (known: Iterable<string>, what: string) => {
  const words = [...known];
  return z.enum(words, { error: `There is no such ${what}; there are ${words.join(', ')}` }).optional();
};

/** What each generator may be told, checked against the book. Unknown keys are refused. */
export function inputSchemasOf(book: GeneratorBook) {
  const culture = anyOf(book.cultures.keys(), 'culture');
  return {
    npc: z.strictObject({
      ancestry: anyOf(
        book.people.ancestries.map(({ id }) => id),
        'ancestry',
      ),
      culture,
      occupation: z.string().trim().min(1).max(60).optional(),
      surroundings: z.enum(SURROUNDINGS).optional(),
    }),
    location: z.strictObject({
      type: anyOf(
        book.places.types.map(({ id }) => id),
        'type',
      ),
      culture,
    }),
    shop: z.strictObject({
      shop: anyOf(
        book.shops.kinds.map(({ id }) => id),
        'shop',
      ),
      settlement: z.enum(SETTLEMENTS).optional(),
      culture,
      economy: economySchema.optional(),
    }),
    encounter: z.strictObject({
      levels: z.array(z.int().min(1).max(20)).min(1).max(12).optional(),
      difficulty: z.enum(DIFFICULTIES).optional(),
      environment: anyOf(book.encounters.environments, 'environment'),
    }),
    loot: z.strictObject({ challenge: z.number().min(0).max(30).optional() }),
    hook: z.strictObject({ theme: anyOf(book.hooks.kinds, 'theme') }),
  };
}

export type InputSchemas = ReturnType<typeof inputSchemasOf>;
export type GenerationInputs = { [K in GenerationKind]: z.output<InputSchemas[K]> };

const GENERATORS: {
  [K in GenerationKind]: (
    book: GeneratorBook,
    stream: RandomStream,
    inputs: GenerationInputs[K],
  ) => GeneratedDraft;
} = {
  npc: generateNpc,
  location: generateLocation,
  shop: generateShop,
  encounter: generateEncounter,
  loot: generateLoot,
  hook: generateHook,
};

/** @param inputs that passed the schema of that kind */
export function generate<K extends GenerationKind>(
  book: GeneratorBook,
  kind: K,
  seed: string,
  inputs: GenerationInputs[K],
): GeneratedDraft {
  return GENERATORS[kind](book, RandomStream.ofSeed(`${RULES_ENGINE}/${kind}/${seed}`), inputs);
}
