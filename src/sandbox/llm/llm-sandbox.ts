import type { IncomingMessage, ServerResponse } from 'node:http';
import { embeddingsAnswer } from './llm-embeddings.js';
import { eventsOf, type LlmTurn, writeEvents } from './llm-wire.js';
import { openLoopbackServer } from '../loopback-server.js';

// A language model on loopback, for the demo, tests and benchmarks: what vLLM and its like answer below /v1, with a script instead of a
// mind. It can be told to misbehave in every way that small models and busy servers do. POST /sandbox/faults does so from outside,
// GET /sandbox/journal says what it was asked.

export const SANDBOX_HEADER = 'x-guildhall-sandbox';
/** A question with this tool alone tests the connection: it is answered as asked, and the script does not move on. */
export const PROBE_TOOL = 'guildhall_probe';

export interface AskedMessage {
  readonly role: string;
  readonly content: string | null;
  readonly tool_calls?: readonly { id: string; function: { name: string; arguments: string } }[];
  readonly tool_call_id?: string;
}

export interface AskedQuestion {
  readonly model: string;
  readonly messages: readonly AskedMessage[];
  /** Names. */
  readonly tools: readonly string[];
  readonly mostTokens: number | null;
  /** The form that the answer is to have, where one was asked for. */
  readonly answerSchema?: { readonly name: string; readonly schema: object; readonly strict: boolean };
}

/** The nth question, 0 being the first, is answered so. */
export type LlmScript = readonly LlmTurn[] | ((question: AskedQuestion, index: number) => LlmTurn);

export type LlmFault =
  /** Calls a tool of the question with arguments that are no JSON. */
  | { readonly kind: 'bad-json' }
  /** Calls a tool that nobody offered. */
  | { readonly kind: 'unknown-tool' }
  /** Calls the first tool of the question whatever it is told; without tools, one that it remembers. */
  | { readonly kind: 'endless-calls' }
  /** Breaks off after so many events. */
  | { readonly kind: 'cut-stream'; readonly afterEvents: number }
  | { readonly kind: 'slow-first-token'; readonly delayMs: number }
  | { readonly kind: 'rate-limited'; readonly retryAfterS?: number }
  | { readonly kind: 'server-error' }
  /** Answers whole, as JSON, though a stream was asked for. */
  | { readonly kind: 'not-a-stream' }
  /** An event that is no JSON. */
  | { readonly kind: 'broken-event' }
  /** Says in the middle of the stream that something failed. */
  | { readonly kind: 'error-event' };

/** Plays so many times; for good unless said otherwise. */
export type FaultGiven = LlmFault & { readonly times?: number };

export interface LlmJournalEntry {
  readonly atMs: number;
  readonly path: string;
  /** null = not a question. */
  readonly question: AskedQuestion | null;
  readonly isProbe: boolean;
  /** 0 until it is known. */
  status: number;
  readonly fault: LlmFault['kind'] | null;
  /** Whoever asked hung up before the end. */
  isGivenUp: boolean;
}

export interface LlmSandboxOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  /** The last turn of a list is said again and again. */
  readonly script: LlmScript;
  /** Wanted as bearer token; none unless said otherwise. */
  readonly apiKey?: string;
  readonly models?: readonly string[];
  /** false: the list of models says so, and questions with tools are refused, as vLLM does without its switch. */
  readonly hasTools?: boolean;
  /** false: questions with a form of their answer are refused. */
  readonly hasSchemas?: boolean;
  /** Words that mean alike, by meaning: with them, /v1/embeddings answers. */
  readonly meanings?: readonly (readonly string[])[];
  /** Longer texts are refused there. */
  readonly mostEmbedded?: number;
  readonly pieceLength?: number;
  readonly pauseMs?: number;
  readonly nowMs?: () => number;
}

export interface LlmSandbox {
  readonly url: string;
  /** Every request so far; without its key. */
  readonly journal: LlmJournalEntry[];
  /** The questions among them, without those that test the connection. */
  questions(): AskedQuestion[];
  fail(fault: FaultGiven): void;
  /** Ends all faults. */
  heal(): void;
  close(): Promise<void>;
}

const MOST_BODY_BYTES = 4_000_000;

export async function openLlmSandbox(options: LlmSandboxOptions): Promise<LlmSandbox> {
  const llm = new Llm(options);
  const server = await openLoopbackServer(options.port, (request, response) => llm.serve(request, response));
  return {
    url: server.url,
    journal: llm.journal,
    questions: () =>
      llm.journal.flatMap((entry) => (entry.question && !entry.isProbe ? [entry.question] : [])),
    fail: (fault) => llm.plan(fault),
    heal: () => llm.heal(),
    close: () => server.close(),
  };
}

class Llm {
  readonly journal: LlmJournalEntry[] = [];
  private readonly faults: { fault: LlmFault; left: number }[] = [];
  private readonly models: readonly string[];
  private turns = 0;

  constructor(private readonly options: LlmSandboxOptions) {
    this.models = options.models ?? ['sandbox-model'];
  }

  plan({ times = Infinity, ...fault }: FaultGiven): void {
    this.faults.push({ fault, left: times });
  }

  heal(): void {
    this.faults.length = 0;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader(SANDBOX_HEADER, 'llm');
    const path = new URL(request.url ?? '/', 'http://sandbox').pathname;
    const body = await readBody(request);
    if (path.startsWith('/sandbox/')) {
      this.control(request.method, path, body, response);
      return;
    }
    const route = `${request.method} ${path}`;
    const question = route === 'POST /v1/chat/completions' ? readQuestion(body) : null;
    const fault = this.takeFault();
    const isProbe = question?.tools.length === 1 && question.tools[0] === PROBE_TOOL;
    const atMs = this.options.nowMs?.() ?? Date.now();
    const entry: LlmJournalEntry = {
      ...{ atMs, path, question, isProbe, fault: fault?.kind ?? null },
      status: 0,
      isGivenUp: false,
    };
    this.journal.push(entry);
    response.once('close', () => {
      entry.status = response.headersSent ? response.statusCode : 0;
      entry.isGivenUp = !response.writableFinished && fault?.kind !== 'cut-stream';
    });
    const { apiKey } = this.options;
    if (apiKey !== undefined && request.headers.authorization !== `Bearer ${apiKey}`)
      refuse(response, 401, 'Unauthorized');
    else if (fault?.kind === 'server-error') refuse(response, 500, 'Internal Server Error');
    else if (fault?.kind === 'rate-limited') {
      response.setHeader('retry-after', String(fault.retryAfterS ?? 1));
      refuse(response, 429, 'Too many requests');
    } else if (route === 'GET /v1/models') send(response, 200, this.modelList());
    else if (route === 'POST /v1/embeddings') this.embed(body, response);
    else if (question === null) refuse(response, 404, 'Not Found');
    else await this.answer(question, isProbe, fault, response);
  }

  private embed(body: string, response: ServerResponse): void {
    const { meanings, mostEmbedded = Infinity } = this.options;
    if (meanings === undefined) {
      refuse(response, 404, 'The model does not support the Embeddings API');
      return;
    }
    const { input, model } = parse(body) as { input?: unknown; model?: string };
    const answer = embeddingsAnswer(input, model ?? '', meanings);
    const isLong = Array.isArray(input) && input.some((text) => String(text).length > mostEmbedded);
    if (answer === undefined || isLong) refuse(response, 400, 'This cannot be embedded');
    else send(response, 200, answer);
  }

  private async answer(
    question: AskedQuestion,
    isProbe: boolean,
    fault: LlmFault | undefined,
    response: ServerResponse,
  ): Promise<void> {
    const { hasTools = true, pauseMs = 0, pieceLength = 12 } = this.options;
    if (!this.models.includes(question.model)) {
      refuse(response, 404, `The model ${question.model} does not exist.`);
      return;
    }
    if (!hasTools && question.tools.length > 0) {
      refuse(response, 400, '"auto" tool choice requires --enable-auto-tool-choice to be set');
      return;
    }
    if (this.options.hasSchemas === false && question.answerSchema !== undefined) {
      refuse(response, 400, 'response_format json_schema is not supported');
      return;
    }
    const turn = misbehaving(fault, question) ?? (isProbe ? PROBE_TURN : this.nextTurn(question));
    if (fault?.kind === 'not-a-stream') {
      send(response, 200, wholeAnswer(turn, question.model));
      return;
    }
    if (fault?.kind === 'slow-first-token')
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, fault.delayMs);
        response.once('close', () => {
          clearTimeout(timer);
          resolve();
        });
      });
    if (response.destroyed) return;
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const events = eventsOf(turn, { model: question.model, pieceLength, pauseMs });
    if (fault?.kind === 'broken-event') events.splice(1, 0, '{"choices":[{');
    if (fault?.kind === 'error-event')
      events.splice(1, 0, JSON.stringify({ error: { message: 'CUDA out of memory', code: 500 } }));
    const cut = fault?.kind === 'cut-stream' ? { cutAfter: fault.afterEvents } : {};
    await writeEvents(response, events, { pauseMs, ...cut });
  }

  private nextTurn(question: AskedQuestion): LlmTurn {
    const index = this.turns;
    this.turns += 1;
    const { script } = this.options;
    if (typeof script === 'function') return script(question, index);
    return script[Math.min(index, script.length - 1)] ?? { text: 'Nothing was scripted.' };
  }

  private takeFault(): LlmFault | undefined {
    const [planned] = this.faults;
    if (planned === undefined) return undefined;
    planned.left -= 1;
    if (planned.left <= 0) this.faults.shift();
    return planned.fault;
  }

  private modelList(): object {
    const { hasTools = true } = this.options;
    const more = hasTools ? {} : { capabilities: { function_calling: false } };
    return {
      object: 'list',
      data: this.models.map((id) => ({ id, object: 'model', owned_by: 'sandbox', ...more })),
    };
  }

  private control(method: string | undefined, path: string, body: string, response: ServerResponse): void {
    if (path === '/sandbox/journal') send(response, 200, this.journal);
    else if (path === '/sandbox/faults' && method === 'POST') {
      const given = parse(body) as FaultGiven | undefined;
      if (given?.kind === undefined) refuse(response, 400, 'A fault has a kind');
      else {
        this.plan(given);
        send(response, 200, {});
      }
    } else if (path === '/sandbox/faults' && method === 'DELETE') {
      this.heal();
      send(response, 200, {});
    } else refuse(response, 404, 'Not Found');
  }
}

const PROBE_TURN: LlmTurn = { toolCalls: [{ name: PROBE_TOOL, arguments: { word: 'ping' } }] };

/** What the model says instead of its turn. */
function misbehaving(fault: LlmFault | undefined, { tools }: AskedQuestion): LlmTurn | undefined {
  const name = tools[0] ?? 'remembered_tool';
  if (fault?.kind === 'bad-json') return { toolCalls: [{ name, arguments: '{"limit": 3,, "sort": ' }] };
  if (fault?.kind === 'unknown-tool') return { toolCalls: [{ name: 'delete_everything', arguments: {} }] };
  if (fault?.kind === 'endless-calls') return { toolCalls: [{ name, arguments: {} }] };
  return undefined;
}

function wholeAnswer(turn: LlmTurn, model: string): object {
  const message = { role: 'assistant', content: turn.text ?? '' };
  return {
    id: 'chatcmpl-sandbox',
    object: 'chat.completion',
    model,
    choices: [{ index: 0, message, finish_reason: 'stop' }],
  };
}

function readQuestion(body: string): AskedQuestion {
  const given = parse(body) as {
    model?: string;
    messages?: AskedMessage[];
    tools?: { function: { name: string } }[];
    max_tokens?: number;
    response_format?: { json_schema?: NonNullable<AskedQuestion['answerSchema']> };
  };
  const answerSchema = given.response_format?.json_schema;
  return {
    model: given.model ?? '',
    messages: given.messages ?? [],
    tools: (given.tools ?? []).map((tool) => tool.function.name),
    mostTokens: given.max_tokens ?? null,
    ...(answerSchema && { answerSchema }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return {};
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  send(response, status, { error: { message, type: 'sandbox', code: status } });
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MOST_BODY_BYTES) throw new Error('The body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
