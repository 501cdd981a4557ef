import { z } from 'zod';

// What a language model is sent, as OpenAI's chat completions define it and everybody else serves them: the part that all have in common.

const toolCallSchema = z.strictObject({
  id: z.string().min(1).max(200),
  type: z.literal('function'),
  function: z.strictObject({ name: z.string().max(200), arguments: z.string().max(20_000) }),
});

export const chatMessageSchema = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: z.string().min(1).max(50_000) }),
  z.strictObject({ role: z.literal('user'), content: z.string().min(1).max(50_000) }),
  z.strictObject({
    role: z.literal('assistant'),
    /** null where it only calls tools. */
    content: z.string().max(50_000).nullable(),
    tool_calls: z.array(toolCallSchema).min(1).optional(),
  }),
  z.strictObject({
    role: z.literal('tool'),
    tool_call_id: z.string().min(1).max(200),
    content: z.string().max(50_000),
  }),
]);

export const toolDefinitionSchema = z.strictObject({
  type: z.literal('function'),
  function: z.strictObject({
    name: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
    description: z.string().min(1).max(2_000),
    /** JSON Schema of an object. */
    parameters: z.record(z.string(), z.unknown()),
  }),
});

export const chatRequestSchema = z.strictObject({
  model: z.string().min(1).max(200),
  messages: z.array(chatMessageSchema).min(1).max(200),
  tools: z.array(toolDefinitionSchema).min(1).max(64).optional(),
  tool_choice: z.enum(['auto', 'none']).optional(),
  response_format: z
    .strictObject({
      type: z.literal('json_schema'),
      json_schema: z.strictObject({
        name: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
        schema: z.record(z.string(), z.unknown()),
        strict: z.literal(true),
      }),
    })
    .optional(),
  max_tokens: z.number().int().min(1).max(100_000),
  temperature: z.number().min(0).max(2),
  stream: z.literal(true),
  stream_options: z.strictObject({ include_usage: z.literal(true) }),
});

export type ChatMessage = z.infer<typeof chatMessageSchema>;
export type ToolDefinition = z.infer<typeof toolDefinitionSchema>;
export type ChatRequest = z.infer<typeof chatRequestSchema>;

/** A call as the model wants it; its arguments are text that may be anything. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly argumentsText: string;
}

export interface TokenUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** One answer of a model, whole. */
export interface Completion {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  /** It was cut short by the tokens or characters that it might have. */
  readonly isCutShort: boolean;
  /** As the server counts; null where it does not say. */
  readonly usage: TokenUsage | null;
  /** Who answered, as the server names it. */
  readonly model: string;
}
