import { z } from 'zod';
import type { ToolDefinition } from './chat.js';
import { firstBytes, withoutUnseen } from './plain-text.js';

// What a model may ask. A tool reads and never writes; whose things it reads is said by the server, which hands the caller in. No tool has
// a parameter for an account, and a call that names one all the same is an error, which the model is told.

/** What a tool has found. */
export interface ToolFindings<Card> {
  /** JSON, for the model. */
  readonly facts: unknown;
  /** For the person, beside the answer. */
  readonly cards?: readonly Card[];
}

interface ToolSpec<Caller, Card, Schema extends z.ZodObject> {
  /** Lower case, with underscores. */
  readonly name: string;
  /** For the model: when to use it, and what it answers. */
  readonly description: string;
  /** Made strict: unknown keys are refused. */
  readonly parameters: Schema;
  /** @param signal aborts when nobody waits any more */
  run(input: z.output<Schema>, caller: Caller, signal: AbortSignal): Promise<ToolFindings<Card>>;
}

export interface Tool<Caller, Card = unknown> {
  readonly name: string;
  readonly definition: ToolDefinition;
  /** A run with arguments that have been checked, or which faults they have. */
  prepare(
    input: unknown,
  ): { faults: string } | { run: (caller: Caller, signal: AbortSignal) => Promise<ToolFindings<Card>> };
}

/** How a tool call ended; `text` is what the model is told. */
export type ToolOutcome<Card> =
  | { kind: 'answered'; text: string; isTruncated: boolean; cards: readonly Card[] }
  | { kind: 'unknown-tool'; text: string }
  | { kind: 'invalid-arguments'; text: string }
  | { kind: 'timed-out'; text: string }
  | { kind: 'failed'; text: string; error: unknown };

export interface CallLimits {
  readonly toolMs: number;
  /** Of the text that the model is told. */
  readonly mostBytes: number;
  readonly signal: AbortSignal;
}

const NAME = /^[a-z][a-z0-9_]{0,63}$/;
/** Whose things are read is never for the model to say. */
const IDENTITY =
  /^(?:user|account|caller|owner|member(?:ship)?|principal|tenant)(?:_?ids?|_?names?|_?keys?)?$|token|secret|password/i;
const MOST_ARGUMENTS = 8_192;
const MOST_FAULTS = 5;

/** @throws Error for a tool that could be told whose things to read, or that would take keys it does not know */
export function defineTool<Caller, Schema extends z.ZodObject, Card = unknown>(
  spec: ToolSpec<Caller, Card, Schema>,
): Tool<Caller, Card> {
  const { name, description } = spec;
  if (!NAME.test(name)) throw new Error(`${name} is no name of a tool`);
  const parameters = spec.parameters.strict();
  const { $schema: _, ...jsonSchema } = z.toJSONSchema(parameters, { io: 'input' }) as Record<
    string,
    unknown
  >;
  assertClosed(jsonSchema, name);
  return {
    name,
    definition: { type: 'function', function: { name, description, parameters: jsonSchema } },
    prepare: (input) => {
      const parsed = parameters.safeParse(input);
      if (!parsed.success) return { faults: faultsOf(parsed.error) };
      const checked = parsed.data as z.output<Schema>;
      return { run: (caller, signal) => spec.run(checked, caller, signal) };
    },
  };
}

export class ToolSet<Caller, Card = unknown> {
  readonly definitions: readonly ToolDefinition[];
  private readonly tools: ReadonlyMap<string, Tool<Caller, Card>>;

  /** @throws Error for two tools of one name */
  constructor(tools: readonly Tool<Caller, Card>[]) {
    this.tools = new Map(tools.map((tool) => [tool.name, tool]));
    if (this.tools.size < tools.length) throw new Error('Two tools have the same name');
    this.definitions = tools.map(({ definition }) => definition);
  }

  /** Never throws: what goes wrong is an outcome. @param argumentsText as the model wrote it, so it may be anything */
  async call(
    name: string,
    argumentsText: string,
    caller: Caller,
    limits: CallLimits,
  ): Promise<ToolOutcome<Card>> {
    const told = (text: string): string => cappedText(text, limits.mostBytes).text;
    const tool = this.tools.get(name);
    if (tool === undefined) {
      const known = [...this.tools.keys()].join(', ');
      return { kind: 'unknown-tool', text: told(`Error: there is no such tool. There are: ${known}.`) };
    }
    const invalid = (faults: string): ToolOutcome<Card> => ({
      kind: 'invalid-arguments',
      text: told(`Error: the arguments are not valid (${faults}). Call the tool again with valid ones.`),
    });
    const input = readArguments(argumentsText);
    if (typeof input === 'string') return invalid(input);
    const prepared = tool.prepare(input.value);
    if ('faults' in prepared) return invalid(prepared.faults);
    try {
      const findings = await within(limits, (signal) => prepared.run(caller, signal));
      if (findings === LATE) return { kind: 'timed-out', text: told('Error: the tool took too long.') };
      const { text, isTruncated } = cappedText(toPlainJson(findings.facts), limits.mostBytes);
      return { kind: 'answered', text, isTruncated, cards: findings.cards ?? [] };
    } catch (error) {
      return { kind: 'failed', text: told('Error: the tool failed. Its facts are not known.'), error };
    }
  }
}

const LATE = Symbol('Late');

/** The work, or LATE when its time or its caller's is over first. */
async function within<T>(
  { toolMs, signal: given }: CallLimits,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | typeof LATE> {
  const controller = new AbortController();
  const signal = AbortSignal.any([given, controller.signal]);
  const timer = setTimeout(() => controller.abort(), toolMs);
  const late = new Promise<typeof LATE>((resolve) => {
    if (signal.aborted) resolve(LATE);
    signal.addEventListener('abort', () => resolve(LATE), { once: true });
  });
  try {
    return await Promise.race([work(signal), late]);
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}

/** The object that the text is, or what is wrong with it. Nothing at all means no arguments. */
function readArguments(text: string): { value: object } | string {
  if (text.length > MOST_ARGUMENTS) return 'they are too long';
  if (text.trim() === '') return { value: {} };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'they are no JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'they are no JSON object';
  return { value };
}

/** Where and what, without the values: those may be instructions. */
function faultsOf(error: z.ZodError): string {
  const faults = error.issues.slice(0, MOST_FAULTS).map(({ path, code, message }) => {
    const place = path.length === 0 ? 'arguments' : path.map(String).join('.');
    return code === 'unrecognized_keys'
      ? `${place}: there is a key that the tool does not take`
      : `${withoutUnseen(place).slice(0, 80)}: ${withoutUnseen(message).slice(0, 120)}`;
  });
  return faults.join('; ');
}

/** JSON whose texts hold nothing unseen: names, notes and cells of sheets are somebody else's. */
function toPlainJson(facts: unknown): string {
  const plain = (_: string, value: unknown): unknown => {
    if (typeof value === 'bigint') return value.toString();
    return typeof value === 'string' ? withoutUnseen(value) : value;
  };
  return JSON.stringify(facts ?? null, plain) ?? 'null';
}

/** @returns the text, or as much of it as fits together with the mark that says so */
export function cappedText(text: string, mostBytes: number): { text: string; isTruncated: boolean } {
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes <= mostBytes) return { text, isTruncated: false };
  const mark = `…[cut off: ${sizeBytes} bytes in all; ask for less]`;
  const room = mostBytes - Buffer.byteLength(mark);
  if (room <= 0) return { text: firstBytes(mark, mostBytes), isTruncated: true };
  return { text: firstBytes(text, room) + mark, isTruncated: true };
}

/** Walks a JSON Schema: every object refuses keys that it does not name, and none names an account. */
function assertClosed(schema: unknown, tool: string): void {
  if (typeof schema !== 'object' || schema === null) return;
  const { type, properties, additionalProperties } = schema as Record<string, unknown>;
  if (type === 'object' && additionalProperties !== false)
    throw new Error(`${tool} takes an object with keys that it does not know; make it strict`);
  for (const name of Object.keys((properties as object | undefined) ?? {}))
    if (IDENTITY.test(name)) throw new Error(`${tool} must not be told whose things to read (${name})`);
  for (const part of Object.values(schema)) assertClosed(part, tool);
}
