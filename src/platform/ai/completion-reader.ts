import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import { AI_ERROR, ModelFault } from './ai.errors.js';
import type { Completion, TokenUsage, ToolCall } from './chat.js';

// Puts the pieces of a streamed answer together. Servers differ: some number the calls of tools and some do not, some give the same
// number to all, some send a call whole and some letter by letter; some end with [DONE], some with a finish reason, good ones with both.

const MOST_BUFFERED = 1_000_000;
const MOST_ARGUMENTS = 16_384;
const MOST_CALLS = 64;

const chunkSchema = z.object({
  model: z.string().nullish(),
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: z.string().nullish(),
            tool_calls: z
              .array(
                z.object({
                  index: z.number().int().nullish(),
                  id: z.string().nullish(),
                  function: z
                    .object({ name: z.string().nullish(), arguments: z.string().nullish() })
                    .nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  usage: z
    .object({ prompt_tokens: z.number().nonnegative(), completion_tokens: z.number().nonnegative() })
    .nullish(),
  error: z.unknown().optional(),
});

type Chunk = z.output<typeof chunkSchema>;
type CallPiece = NonNullable<NonNullable<Chunk['choices'][number]['delta']>['tool_calls']>[number];

interface Slot {
  index: number | undefined;
  id: string;
  name: string;
  argumentsText: string;
}

export class CompletionReader {
  private readonly decoder = new TextDecoder();
  private readonly parser = createParser({
    maxBufferSize: MOST_BUFFERED,
    onEvent: ({ data }) => this.take(data),
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') throw new ModelFault(AI_ERROR.tooLarge);
    },
  });
  private readonly slots: Slot[] = [];
  private text = '';
  private model = '';
  private usage: TokenUsage | null = null;
  private finishReason: string | undefined;
  private isDone = false;

  /**
   * @param mostCharacters of text; what comes beyond is not read
   * @param onText hears each piece of text
   */
  constructor(
    private readonly mostCharacters: number,
    private readonly onText: (delta: string) => void,
  ) {}

  /** Something of an answer has come: text, or the beginning of a call. */
  get hasBegun(): boolean {
    return this.text !== '' || this.slots.length > 0 || this.finishReason !== undefined;
  }

  /** Nothing more is of interest. */
  get isFull(): boolean {
    return this.isDone || this.text.length >= this.mostCharacters;
  }

  /** @throws ModelFault */
  feed(bytes: Uint8Array): void {
    this.parser.feed(this.decoder.decode(bytes, { stream: true }));
  }

  /** @throws ModelFault when what came is no whole answer */
  end(): Completion {
    const isCutShort = (): boolean =>
      this.finishReason === 'length' || this.text.length >= this.mostCharacters;
    if (!this.isDone && this.finishReason === undefined && !isCutShort()) this.takeLast();
    const toolCalls = this.slots.map((slot, index): ToolCall => ({
      id: slot.id === '' ? `call_${index}` : slot.id.slice(0, 200),
      name: slot.name.slice(0, 200),
      argumentsText: slot.argumentsText,
    }));
    return { text: this.text, toolCalls, isCutShort: isCutShort(), usage: this.usage, model: this.model };
  }

  /** An event without its blank line still counts: some servers close right behind it. @throws ModelFault when that was no end */
  private takeLast(): void {
    try {
      this.parser.feed('\n\n');
    } catch {
      throw new ModelFault(AI_ERROR.cut);
    }
    if (!this.isDone && this.finishReason === undefined) throw new ModelFault(AI_ERROR.cut);
  }

  private take(data: string): void {
    if (this.isDone) return;
    if (data.trim() === '[DONE]') {
      this.isDone = true;
      return;
    }
    const chunk = readChunk(data);
    if (chunk.model) this.model = chunk.model.slice(0, 200);
    if (chunk.usage)
      this.usage = {
        promptTokens: Math.round(chunk.usage.prompt_tokens),
        completionTokens: Math.round(chunk.usage.completion_tokens),
      };
    const [choice] = chunk.choices;
    if (choice === undefined) return;
    if (choice.delta?.content) this.takeText(choice.delta.content);
    for (const piece of choice.delta?.tool_calls ?? []) this.takeCall(piece);
    if (choice.finish_reason) this.finishReason = choice.finish_reason;
  }

  private takeText(content: string): void {
    const delta = content.slice(0, this.mostCharacters - this.text.length);
    if (delta === '') return;
    this.text += delta;
    this.onText(delta);
  }

  private takeCall(piece: CallPiece): void {
    const slot = this.slotOf(piece);
    slot.name += piece.function?.name ?? '';
    slot.argumentsText += piece.function?.arguments ?? '';
    if (slot.argumentsText.length > MOST_ARGUMENTS) throw new ModelFault(AI_ERROR.tooLarge);
  }

  private slotOf({ index, id }: CallPiece): Slot {
    const last = this.slots.findLast((slot) => index == null || slot.index === index);
    const isAnother = last === undefined || (id != null && id !== '' && last.id !== '' && last.id !== id);
    if (!isAnother) {
      if (id) last.id = id;
      return last;
    }
    if (this.slots.length >= MOST_CALLS) throw new ModelFault(AI_ERROR.tooLarge);
    const slot = { index: index ?? undefined, id: id ?? '', name: '', argumentsText: '' };
    this.slots.push(slot);
    return slot;
  }
}

function readChunk(data: string): Chunk {
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch {
    throw new ModelFault(AI_ERROR.badAnswer);
  }
  const parsed = chunkSchema.safeParse(json);
  if (!parsed.success || parsed.data.error != null) throw new ModelFault(AI_ERROR.badAnswer);
  return parsed.data;
}
