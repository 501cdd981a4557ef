import { z } from 'zod';
import { isStorable } from '../../platform/http/storable.js';

// Bodies of the original's clients. Unknown keys are passed over, as there; what says who somebody is (supabase_uuid, bungie_id,
// access_token) is among them: that is the token's to say.

const MOST_MESSAGES = 500;
const MOST_CONTENT = 4_000;

const text = (most: number) => z.string().max(most);
const storable = (most: number) =>
  text(most).refine((words) => words.trim() === '' || isStorable(words), 'must be text that can be stored');

/** Of what was said only the last is read: the server knows the rest. */
const message = z.object({ role: text(40), content: storable(MOST_CONTENT), id: text(200).optional() });
const conversationId = text(100).nullish();
const persona = text(40).nullish();

export const codeBody = z.object({ code: text(200).min(1) });
export const titleBody = z.object({ title: storable(100) });
export const chatBody = z.object({
  messages: z.array(message).max(MOST_MESSAGES),
  conversation_id: conversationId,
  persona,
  model_name: text(200).nullish(),
});
export const askBody = z.object({ query: storable(MOST_CONTENT), persona });
export const streamBody = z.object({
  messages: z.array(message).max(MOST_MESSAGES),
  conversation_id: conversationId,
  persona,
});
