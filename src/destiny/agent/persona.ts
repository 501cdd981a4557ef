import { z } from 'zod';
import { TOOL_NAMES } from './tool-names.js';

const WORDS = z.string().min(1).max(200);

/**
 * In whose voice the agent speaks. Its words are given to the model as something to sound like and never as something to do; what it may
 * use is seen to by the server.
 */
export const PERSONA = z.strictObject({
  name: z.string().regex(/^[a-z][a-z-]{0,39}$/),
  title: WORDS,
  emoji: z.string().min(1).max(16),
  tone: WORDS,
  signaturePhrases: z.array(WORDS).max(5),
  allowedTools: z.array(z.enum(TOOL_NAMES)).min(1),
});
export type Persona = z.output<typeof PERSONA>;

/** The first one is the default. */
export const PERSONAS = z
  .array(PERSONA)
  .min(1)
  .max(50)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'a name stands twice');
