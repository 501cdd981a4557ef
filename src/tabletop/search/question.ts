import { plainText } from '../names/name-text.js';
import type { ObjectKind } from '../objects/object-kinds.js';

// "that elf from session 3" says three things: what kind of thing, what it is like, and where it was met. The words that say a kind or a
// session become filters; what is left is searched for. Without such words a question is searched for as it stands.

export interface Question {
  /** What is left to search for; '' where filters say everything. */
  readonly text: string;
  readonly kinds: readonly ObjectKind[];
  /** Number of the session in which it appeared. */
  readonly session: number | null;
  /** Met in the last session that the asker sees. */
  readonly isLastSession: boolean;
}

/** English first, then German, French, Spanish, Italian, Dutch, Portuguese. */
const KIND_WORDS: Readonly<Record<string, readonly ObjectKind[]>> = {
  ...of(
    ['character'],
    'character npc person someone somebody guy man woman charakter figur personnage personaje personaggio personage personagem',
  ),
  ...of(
    ['location'],
    'location place town city village building room ort stadt dorf lieu ville lugar ciudad luogo citta plaats stad cidade',
  ),
  ...of(['plot'], 'plot quest storyline handlung auftrag intrigue trama missione verhaallijn'),
  ...of(['item'], 'item object thing artifact gegenstand objet objeto oggetto voorwerp'),
  ...of(['event'], 'event ereignis evenement evento gebeurtenis'),
  ...of(['map'], 'map karte carte mapa mappa kaart'),
  ...of(['note'], 'note notiz nota notitie'),
  ...of(
    ['encounter'],
    'encounter fight battle begegnung kampf rencontre encuentro incontro ontmoeting encontro',
  ),
  ...of(['achievement'], 'achievement errungenschaft'),
};
const SESSION_WORDS = '(?:session|game|sitzung|spielabend|seance|sesion|sessione|sessie|sessao)';
const FROM_WORDS =
  '(?:from|in|of|during|at|met in|seen in|aus|in der|von|de la|de|en la|durante|della|uit|da)';
const IN_SESSION = new RegExp(
  `(?:\\b${FROM_WORDS}\\s+)?\\b${SESSION_WORDS}\\s*(?:nr\\.?|no\\.?|number|#)?\\s*(\\d{1,6})\\b`,
);
const LAST_SESSION = new RegExp(
  `(?:\\b${FROM_WORDS}\\s+)?(?:the\\s+|der\\s+)?\\b(?:last|previous|letzten?|derniere|ultima|laatste)\\s+(?:${SESSION_WORDS}|time)\\b`,
);
/** Words that point and say nothing. */
const POINTING =
  /^(?:(?:that|this|the|a|an|who|what|which|was|is|were|where|show|find|me|our|dieser?|dieses?|der|die|das|ein|eine|wer|wo|ce|cette|le|la|un|une|el|ese|esa|il|lo|quel|dat|die|de|het)\s+)+/;

function of(kinds: readonly ObjectKind[], words: string): Record<string, readonly ObjectKind[]> {
  return Object.fromEntries(words.split(' ').map((word) => [word, kinds]));
}

/** @param asked what somebody typed @returns filters and what is left; the whole text where no word of it is about a kind or a session */
export function readQuestion(asked: string): Question {
  let rest = ` ${plainText(asked).replaceAll(/[?!]+/g, ' ').replaceAll(/\s+/g, ' ').trim()} `;
  const numbered = IN_SESSION.exec(rest);
  if (numbered) rest = rest.replace(numbered[0], ' ');
  const last = numbered ? null : LAST_SESSION.exec(rest);
  if (last) rest = rest.replace(last[0], ' ');
  const isPointing = POINTING.test(rest.trimStart());
  const hasFilter = numbered !== null || last !== null;
  if (!hasFilter && !isPointing)
    return { text: asked.trim(), kinds: [], session: null, isLastSession: false };
  const words = rest
    .trim()
    .replace(POINTING, '')
    .split(' ')
    .filter((word) => word !== '');
  const place = words.findIndex((word) => Object.hasOwn(KIND_WORDS, word));
  const kinds = place < 0 ? [] : KIND_WORDS[words[place]!]!;
  if (!hasFilter && kinds.length === 0)
    return { text: asked.trim(), kinds: [], session: null, isLastSession: false };
  const left = words.filter(
    (_, at) => at !== place && !(POINTING.test(`${words[at]!} `) && words.length <= 2),
  );
  return {
    text: left.join(' '),
    kinds,
    session: numbered ? Number(numbered[1]) : null,
    isLastSession: last !== null,
  };
}
