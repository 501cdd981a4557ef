import type { Persona } from './persona.js';

/**
 * The voice as a message of its own. What a persona is described with is data: it stands in no system text, and the prompt says that it
 * is about style alone.
 */
export function voiceMessage({ title, emoji, tone, signaturePhrases }: Persona): string {
  return JSON.stringify({ voice: { title, emoji, tone, signaturePhrases } });
}
