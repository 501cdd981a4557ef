import type { RandomStream } from '../tables/random-stream.js';
import { capitalised, type GeneratedDraft } from './draft.js';
import { type GeneratorBook, tell } from './generator-book.js';

export interface HookInputs {
  readonly theme?: string | undefined;
}

export function generateHook(book: GeneratorBook, stream: RandomStream, inputs: HookInputs): GeneratedDraft {
  const theme = inputs.theme ?? stream.fork('theme').pick(book.hooks.kinds);
  const one = (table: string): string => tell(book, table, stream.fork(table));
  const [patron, place, opposition] = [one('patron'), one('place'), one('opposition')];
  const pitch = capitalised(
    tell(book, `hook-${theme}`, stream.fork('pitch'), { Patron: capitalised(patron), place, opposition }),
  );
  const [reward, clue] = [one('reward'), one('clue')];
  return {
    name: one('title'),
    summary: pitch,
    body: [pitch, `First clue: ${clue}.`, `Reward: ${reward}.`].join('\n\n'),
    tags: ['hook', theme],
    details: { theme, patron, place, opposition, clue, reward },
    secrets: [{ field: 'complication', text: capitalised(`${one('complication')}.`) }],
  };
}
