import { z } from 'zod';
import { OBJECT_KINDS } from '../objects/object-kinds.js';
import type { Question } from './question.js';

// How a language model is asked to read a question: it says the same filters as the rules, and nothing of the campaign is told to it. What it
// answers is believed where it fits the schema, and words that nobody typed are not searched for.

export const QUESTION_TOOL = 'search_campaign';
const MOST_TEXT = 200;
const MOST_SESSION = 1_000_000;

const answerSchema = z.strictObject({
  text: z.string().max(MOST_TEXT).default(''),
  types: z.array(z.enum(OBJECT_KINDS)).max(OBJECT_KINDS.length).default([]),
  session: z.number().int().min(1).max(MOST_SESSION).nullable().default(null),
  lastSession: z.boolean().default(false),
});

/** JSON Schema of what the model fills. */
export const QUESTION_SCHEMA: Readonly<Record<string, unknown>> = {
  type: 'object',
  additionalProperties: false,
  required: ['text', 'types', 'session', 'lastSession'],
  properties: {
    text: {
      type: 'string',
      maxLength: MOST_TEXT,
      description:
        'Names, traits and other words of the question that are to be searched for; empty where filters say all.',
    },
    types: {
      type: 'array',
      items: { type: 'string', enum: [...OBJECT_KINDS] },
      description: 'Kinds of things that are asked for; empty = any.',
    },
    session: {
      type: ['integer', 'null'],
      minimum: 1,
      description: 'Number of the session in which it was met, where the question says one.',
    },
    lastSession: { type: 'boolean', description: 'The question says that it was met in the last session.' },
  },
};

export const QUESTION_ORDER =
  'You read questions that players of a tabletop role-playing game ask about their campaign, in any language. ' +
  `Call ${QUESTION_TOOL} once with what the question says. Use only words of the question for the text. Never answer the question itself.`;

/** @param argumentsText what the model wrote, which may be anything @returns undefined where it is no reading of the question */
export function readAnswer(asked: string, argumentsText: string): Question | undefined {
  let json: unknown;
  try {
    json = JSON.parse(argumentsText);
  } catch {
    return undefined;
  }
  const parsed = answerSchema.safeParse(json);
  if (!parsed.success) return undefined;
  const { text, types, session, lastSession } = parsed.data;
  const known = new Set(wordsIn(asked));
  const words = text.split(/\s+/).filter((word) => wordsIn(word).every((part) => known.has(part)));
  return {
    text: words.join(' ').trim(),
    kinds: types,
    session,
    isLastSession: lastSession && session === null,
  };
}

function wordsIn(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
