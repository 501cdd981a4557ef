import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../platform/config/package-root.js';
import { sha256 } from '../../platform/crypto/digest.js';

export interface AgentPrompt {
  readonly text: string;
  /** Begin of its SHA-256 as hex: which prompt a run was answered with. */
  readonly version: string;
}

const VERSION_DIGITS = 12;
let read: AgentPrompt | undefined;

/** What a model is told first, `seeds/destiny/agent-prompt.md`; the same for everybody. Read at the first call. */
export function agentPrompt(): AgentPrompt {
  if (read !== undefined) return read;
  const text = readFileSync(join(packageRoot(), 'seeds', 'destiny', 'agent-prompt.md'), 'utf8');
  return (read = { text, version: sha256(text).toString('hex').slice(0, VERSION_DIGITS) });
}
