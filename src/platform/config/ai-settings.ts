import { z } from 'zod';
import { isOfOwnNetwork } from './own-network.js';
import { StartupError } from './startup-error.js';

// Which language model is asked: a part of the one schema of the environment. Any server that speaks OpenAI's chat completions will do
// (vLLM, llama.cpp, Ollama, a gateway). Without it everything works by rules.

export interface AiSettings {
  /** `<this>/chat/completions` is what is called; without a slash at the end. */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  /** undefined = the first one that the server lists. */
  readonly model: string | undefined;
  /** Which one makes vectors of texts, at `<baseUrl>/embeddings`; undefined = none does. */
  readonly embeddingModel: string | undefined;
}

const webUrl = z.url({ protocol: /^https?$/ });
const modelName = z
  .string()
  .max(200)
  .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
  .optional();

export const AI_VARIABLES = {
  AI_ENABLED: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['true', 'false', '1', '0']))
    .transform((value) => value === 'true' || value === '1')
    .default(false),
  VLLM_API_URL: webUrl.optional(),
  AI_API_KEY: z
    .string()
    .max(512)
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
    .optional(),
  AI_MODEL: modelName,
  AI_EMBEDDING_MODEL: modelName,
};

type Given = z.output<z.ZodObject<typeof AI_VARIABLES>>;

/** undefined = no model is asked. @throws StartupError when it is to be asked and nobody says where */
export function aiSettings(given: Given): AiSettings | undefined {
  if (!given.AI_ENABLED) return undefined;
  if (given.VLLM_API_URL === undefined)
    throw new StartupError('AI_ENABLED needs VLLM_API_URL, where the model answers.');
  return {
    baseUrl: baseUrlOf(given.VLLM_API_URL),
    apiKey: given.AI_API_KEY,
    model: given.AI_MODEL,
    embeddingModel: given.AI_EMBEDDING_MODEL,
  };
}

/** In production: what people ask, and the key, do not go over the Internet in the open. @throws StartupError */
export function refuseUnsafeAi(ai: AiSettings | undefined): void {
  if (ai === undefined || !ai.baseUrl.startsWith('http:')) return;
  if (!isOfOwnNetwork(new URL(ai.baseUrl).hostname))
    throw new StartupError(
      'VLLM_API_URL must be an https:// URL in production, unless the model is in your own network.',
    );
}

/** The whole address, the server alone (then /v1 is meant), or what documents call the base URL. */
function baseUrlOf(given: string): string {
  const url = new URL(given);
  url.hash = '';
  url.search = '';
  const path = url.pathname.replace(/\/+$/, '').replace(/\/chat\/completions$/, '');
  url.pathname = path === '' ? '/v1' : path;
  return url.href.replace(/\/+$/, '');
}
