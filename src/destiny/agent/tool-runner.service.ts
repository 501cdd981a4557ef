import { Inject, Injectable } from '@nestjs/common';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
import { MarkdownCleaner } from '../../platform/ai/markdown-cleaner.js';
import type { Principal } from '../../platform/auth/principal.js';
import { Profiler } from '../../platform/profiling/profiler.service.js';
import { shippedCatalog } from '../catalysts/catalog.reader.js';
import type { AgentTool, ToolFacts } from './agent-tool.js';
import { plainFacts } from './bounded-page.js';
import { catalystTools } from './catalyst-tools.js';
import { COMMON_WORDS } from './intent.js';
import { LOOKUP_TOOLS } from './lookup-tools.js';
import { NameIndex } from './name-index.js';
import type { Persona } from './persona.js';
import { DestinyReads } from './player-reads.service.js';
import type { PlayerReads } from './player-views.js';
import { ReadProblem } from './read-problem.js';
import type { ToolName } from './tool-names.js';
import { WEAPON_TOOLS } from './weapon-tools.js';

/** Of one call. */
const TOOL_MS = 8_000;

/** Runs tools for one caller, who is told by the server and by nobody else. */
@Injectable()
export class ToolRunner {
  readonly names = new NameIndex(shippedCatalog().catalysts, COMMON_WORDS);
  readonly tools: readonly AgentTool[] = [...catalystTools(this.names), ...WEAPON_TOOLS, ...LOOKUP_TOOLS];
  private readonly byName = new Map(this.tools.map((tool) => [tool.name, tool]));

  constructor(
    @Inject(DestinyReads) private readonly reads: PlayerReads,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'warn'>,
    private readonly profiler: Profiler,
  ) {}

  /** Those that a persona may use. */
  allowed({ allowedTools }: Persona): readonly AgentTool[] {
    return this.tools.filter(({ name }) => allowedTools.includes(name));
  }

  /** Never throws: what goes wrong is a fact with a `problem`. @param input checked by the tool's schema here */
  async run(caller: Principal, persona: Persona, name: ToolName, input: unknown): Promise<ToolFacts> {
    const tool = this.byName.get(name);
    if (tool === undefined || !persona.allowedTools.includes(name)) return { problem: 'not-allowed' };
    const parsed = tool.parameters.safeParse(input);
    if (!parsed.success) return { problem: 'invalid-arguments' };
    return this.answer(tool, parsed.data, caller);
  }

  /** @param input by the tool's own schema */
  async answer(tool: AgentTool, input: unknown, caller: Principal): Promise<ToolFacts> {
    try {
      const work = (): Promise<ToolFacts> => withinTime(tool.run(input as never, caller, this.reads));
      return plainFacts(await this.profiler.time('destiny.run-tool', work), withoutLinks);
    } catch (error) {
      if (error instanceof ReadProblem) return { problem: error.code };
      this.logger.warn({ err: error, tool: tool.name }, 'a tool of the agent failed');
      return { problem: 'unavailable' };
    }
  }
}

async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('A tool took too long')), TOOL_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What pages might take for a link or a picture. */
const LIKE_MARKUP = /[<[\]&]|:\/\/|www\.|@/i;

/** Cards are shown too: nothing in them leads anywhere. */
function withoutLinks(text: string): string {
  if (!LIKE_MARKUP.test(text)) return text;
  const cleaner = new MarkdownCleaner();
  return cleaner.push(text) + cleaner.end();
}
