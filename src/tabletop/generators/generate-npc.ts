import type { RandomStream } from '../tables/random-stream.js';
import { capitalised, type GeneratedDraft, withArticle } from './draft.js';
import { type GeneratorBook, tell, tellSome } from './generator-book.js';
import { cultureOf, familyOfWords, nameOf } from './names.js';

export const SETTLEMENTS = ['hamlet', 'village', 'town', 'city'] as const;
export const SURROUNDINGS = [...SETTLEMENTS, 'wild'] as const;

export interface NpcInputs {
  /** One of the book's; by weight where it is not given. */
  readonly ancestry?: string | undefined;
  /** Whose names they bear; one of the ancestry's where it is not given. */
  readonly culture?: string | undefined;
  /** Any; one that fits the surroundings where it is not given. */
  readonly occupation?: string | undefined;
  readonly surroundings?: (typeof SURROUNDINGS)[number] | undefined;
}

/** How somebody speaks, for whoever plays them. */
export interface Voice {
  readonly pitch: string;
  readonly pace: string;
  readonly accent: string;
  readonly tic: string;
  readonly phrase: string;
}

/** Each part has a stream of its own, so that fixing one changes no other. */
export function generateNpc(book: GeneratorBook, stream: RandomStream, inputs: NpcInputs): GeneratedDraft {
  const { ancestries, occupations } = book.people;
  const ancestry =
    ancestries.find(({ id }) => id === inputs.ancestry) ??
    ancestries[stream.fork('ancestry').weighted(ancestries.map(({ weight }) => weight))]!;
  const culture = inputs.culture ?? stream.fork('culture').pick(ancestry.cultures);
  const fitting = occupations.filter(
    ({ places }) => inputs.surroundings === undefined || places.includes(inputs.surroundings),
  );
  const occupation =
    inputs.occupation === undefined
      ? stream.fork('occupation').pick(fitting)
      : (occupations.find(({ id }) => id === inputs.occupation) ?? { id: inputs.occupation, wealth: 1 });
  const given = nameOf(cultureOf(book, culture), stream.fork('name'));
  const family = stream.fork('family');
  const name =
    ancestry.family === 'none'
      ? given
      : `${given} ${ancestry.family === 'words' ? familyOfWords(book, family) : nameOf(cultureOf(book, culture), family)}`;
  const one = (table: string): string => tell(book, table, stream.fork(table));
  const [trait, otherTrait] = tellSome(book, 'trait', stream.fork('trait'), 2) as [string, string];
  const voice: Voice = {
    pitch: one('pitch'),
    pace: one('pace'),
    accent: one('accent'),
    tic: one('tic'),
    phrase: one('phrase'),
  };
  const appearance = `${one('build')}, with ${one('feature')}`;
  const details = {
    type: 'npc',
    ancestry: ancestry.id,
    culture,
    occupation: occupation.id,
    pronouns: one('pronouns'),
    age: one('age'),
    wealth: occupation.wealth,
    appearance,
    traits: [trait, otherTrait],
    flaw: one('flaw'),
    motivation: one('motivation'),
    voice,
    hook: one('hook'),
  };
  return {
    name,
    summary: `${capitalised(withArticle(ancestry.id))} ${occupation.id}, ${details.age}, who ${trait}.`,
    body: [
      `Looks: ${appearance}.`,
      `Character: ${trait}; ${otherTrait}; but ${details.flaw}.`,
      `Wants ${details.motivation}.`,
      `Voice: ${voice.pitch}; ${voice.pace}; ${voice.accent}; ${voice.tic}. ${voice.phrase}`,
      `Hook: ${given} ${details.hook}.`,
    ].join('\n\n'),
    tags: ['npc', ancestry.id, occupation.id],
    details,
    secrets: [{ field: 'secret', text: `${given} ${one('secret')}.` }],
  };
}
