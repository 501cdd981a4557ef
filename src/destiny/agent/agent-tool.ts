import type { z } from 'zod';
import type { Principal } from '../../platform/auth/principal.js';
import type { PlayerReads } from './player-views.js';
import type { ToolName } from './tool-names.js';

/**
 * Something that the agent may ask. It only reads, and only what the caller may read: the server hands the caller in, and no schema has a
 * field for one. What it answers is small (bounded-page.ts).
 */
export interface AgentTool<Schema extends z.ZodObject = z.ZodObject> {
  readonly name: ToolName;
  /** For the model. */
  readonly description: string;
  readonly parameters: Schema;
  run(input: z.output<Schema>, caller: Principal, reads: PlayerReads): Promise<ToolFacts>;
}

/** JSON. `problem` tells why there is nothing to tell. */
export type ToolFacts = Readonly<Record<string, unknown>>;

/** Keeps the type of the schema for `run`. */
export function agentTool<Schema extends z.ZodObject>(tool: AgentTool<Schema>): AgentTool {
  return tool;
}
