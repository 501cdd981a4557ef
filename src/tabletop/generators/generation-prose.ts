// What a model may write of a draft: texts, each with a most. Everything that counts (prices, points, creatures) stays as the rules made it.
import { z } from 'zod';
import type { DraftSecret, GeneratedDraft, GenerationKind } from './draft.js';

interface ProseField {
  readonly name: string;
  readonly most: number;
  /** What the model is told that it is. */
  readonly about: string;
  /** What stands before it in the text of the draft; undefined = it is part of its details alone. */
  readonly label?: string;
}

const COMMON: readonly ProseField[] = [
  { name: 'name', most: 80, about: 'a name or title' },
  { name: 'summary', most: 300, about: 'one sentence that players may read' },
];

const FIELDS: Readonly<Record<GenerationKind, readonly ProseField[]>> = {
  npc: [
    { name: 'appearance', most: 400, about: 'how they look', label: 'Looks' },
    { name: 'personality', most: 400, about: 'two traits and a flaw', label: 'Character' },
    { name: 'motivation', most: 300, about: 'what they want', label: 'Wants' },
    { name: 'speech', most: 300, about: 'how they speak, for whoever plays them', label: 'Voice' },
    { name: 'hook', most: 400, about: 'how the party gets to do with them', label: 'Hook' },
  ],
  location: [
    { name: 'atmosphere', most: 500, about: 'what one sees, hears and smells', label: 'Atmosphere' },
    { name: 'sights', most: 500, about: 'what is worth a look', label: 'Worth a look' },
    { name: 'rumor', most: 300, about: 'what people say', label: 'They say' },
    { name: 'hook', most: 400, about: 'why the party stays', label: 'Hook' },
  ],
  shop: [
    { name: 'look', most: 400, about: 'how the place looks', label: 'The place' },
    { name: 'keeper', most: 400, about: 'who keeps it and how they treat customers', label: 'Keeper' },
    { name: 'hook', most: 400, about: 'why the party comes back', label: 'Hook' },
  ],
  encounter: [
    { name: 'scene', most: 600, about: 'what the party comes upon, as it is read to them', label: 'Scene' },
    { name: 'surroundings', most: 400, about: 'what the ground offers to fight with', label: 'Where' },
  ],
  loot: [
    { name: 'find', most: 500, about: 'how and where it is found', label: 'Find' },
    { name: 'history', most: 500, about: 'whose it was', label: 'History' },
  ],
  hook: [
    { name: 'pitch', most: 600, about: 'what is asked of the party', label: 'Pitch' },
    { name: 'clue', most: 300, about: 'the first clue', label: 'First clue' },
    { name: 'reward', most: 300, about: 'what they get for it', label: 'Reward' },
  ],
};

const SECRET: ProseField = {
  name: 'secret',
  most: 400,
  about: 'what the game master alone knows; nothing of it stands in the other fields',
};

/** Paragraphs of the rules that a model does not touch. */
const FACTS = /^(?:For sale|Who|Experience|Coins|Valuables|Magic|Trade): /;

/** Letters that an answer to a kind may have altogether; more is no answer. */
export type Prose = Readonly<Record<string, string>>;

function fieldsOf(kind: GenerationKind): readonly ProseField[] {
  return [...COMMON, ...FIELDS[kind], SECRET];
}

/** The form of a model's answer, for checking it. */
export function proseSchema(kind: GenerationKind): z.ZodType<Prose> {
  return z.strictObject(
    Object.fromEntries(fieldsOf(kind).map(({ name, most }) => [name, z.string().trim().min(1).max(most)])),
  );
}

/** The same as JSON Schema, for asking. */
export function proseJsonSchema(kind: GenerationKind): Record<string, unknown> {
  const fields = fieldsOf(kind);
  return {
    type: 'object',
    properties: Object.fromEntries(
      fields.map(({ name, most, about }) => [
        name,
        { type: 'string', minLength: 1, maxLength: most, description: about },
      ]),
    ),
    required: fields.map(({ name }) => name),
    additionalProperties: false,
  };
}

/** Of one line: names and sentences have no line ends. */
export const isOneLine = (field: string): boolean => field === 'name' || field === 'summary';

/** The draft of the rules with a model's texts in the place of theirs. @param prose that passed the schema of the kind */
export function withProse(draft: GeneratedDraft, kind: GenerationKind, prose: Prose): GeneratedDraft {
  const written = FIELDS[kind].map(({ name, label }) => `${label}: ${prose[name]!}`);
  const facts = draft.body.split('\n\n').filter((paragraph) => FACTS.test(paragraph));
  const [first, ...others] = draft.secrets;
  const secret: DraftSecret = { field: first?.field ?? 'secret', text: prose['secret']! };
  return {
    name: prose['name']!,
    summary: prose['summary']!,
    body: [...written, ...facts].join('\n\n'),
    tags: draft.tags,
    details: { ...draft.details, ...detailsOf(draft, kind, prose) },
    secrets: [secret, ...others],
  };
}

/** Texts of the details that the model has written anew. What is a list or an object there stays the rules'. */
function detailsOf({ details }: GeneratedDraft, kind: GenerationKind, prose: Prose): Record<string, string> {
  const named = FIELDS[kind].filter(({ name }) => !(name in details) || typeof details[name] === 'string');
  return Object.fromEntries(named.map(({ name }) => [name, prose[name]!]));
}
