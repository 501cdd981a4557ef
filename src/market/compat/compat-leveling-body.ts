import { MAX_JOB_LEVEL } from '../crafting/craft-xp.js';
import type { ClassicLimits } from '../leveling/classic-leveling.js';
import { SCARCITY, SCARCITY_PRESETS } from '../leveling/scarcity.js';
import { bodyOf, type RawBody } from './compat-body.js';

// What the original's page of levelling sends: numbers, or null for a limit that it does not set. Read as leniently as there; a
// figure of scarcity that is none, or that no price could rise by, is the preset's (there, NaN makes every recipe impossible).

export interface CompatLevelingBody {
  jobId: number;
  fromLevel: number;
  toLevel: number;
  limits: ClassicLimits;
}

const MAX_CRAFTS = 1_000_000;

/** @returns the parameters, or which of the two complaints the original has */
export function levelingBody(raw: unknown): CompatLevelingBody | 'missing' | 'backwards' {
  const body = bodyOf(raw);
  const jobId = wholeIn(body, 'job_id', 1, Infinity);
  const fromLevel = wholeIn(body, 'from_level', 1, Infinity);
  const toLevel = wholeIn(body, 'to_level', 1, Infinity);
  if (jobId === undefined || fromLevel === undefined || toLevel === undefined) return 'missing';
  if (fromLevel >= toLevel || fromLevel >= MAX_JOB_LEVEL) return 'backwards';
  return { jobId, fromLevel, toLevel: Math.min(toLevel, MAX_JOB_LEVEL), limits: limitsOf(body) };
}

function limitsOf(body: RawBody): ClassicLimits {
  const name = SCARCITY_PRESETS.find((preset) => preset === body['penalty_mode']) ?? 'none';
  const preset = SCARCITY[name];
  return {
    maxPerRecipe: wholeIn(body, 'max_quantity_per_recipe', 1, MAX_CRAFTS) ?? null,
    scarcity: {
      alpha: numberIn(body, 'custom_alpha', 0, 1_000) ?? preset.alpha,
      threshold: wholeIn(body, 'custom_threshold', 1, 1e9) ?? preset.threshold,
      minBatch: wholeIn(body, 'custom_min_batch', 1, MAX_CRAFTS) ?? preset.minBatch,
      maxUse: wholeIn(body, 'custom_max_resource_usage', 1, 1e9) ?? preset.maxUse,
    },
  };
}

/** A number or its text within the bounds; what lies above is the upper one. */
function numberIn(body: RawBody, key: string, least: number, most: number): number | undefined {
  const value = Object.hasOwn(body, key) ? body[key] : undefined;
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const number = Number.parseFloat(String(value));
  return number >= least ? Math.min(number, most) : undefined;
}

function wholeIn(body: RawBody, key: string, least: number, most: number): number | undefined {
  const number = numberIn(body, key, least, most);
  return number === undefined ? undefined : Math.trunc(number);
}
