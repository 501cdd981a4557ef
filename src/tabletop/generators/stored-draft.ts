import { z } from 'zod';
import type { DraftSecret, GeneratedDraft } from './draft.js';

/** A draft as it is stored, without its secrets. */
export type OpenDraft = Omit<GeneratedDraft, 'secrets'>;

const openSchema = z.object({
  name: z.string(),
  summary: z.string(),
  body: z.string(),
  tags: z.array(z.string()),
  details: z.record(z.string(), z.unknown()),
});

export function openPart({ name, summary, body, tags, details }: GeneratedDraft): OpenDraft {
  return { name, summary, body, tags, details };
}

export function storedDraft(output: unknown, secrets: readonly DraftSecret[]): GeneratedDraft {
  return { ...openSchema.parse(output), secrets };
}
