import { type AgentTool, agentTool, type ToolFacts } from './agent-tool.js';
import { boundedPage, plainText } from './bounded-page.js';
import type { NameIndex } from './name-index.js';
import type { CatalystView, PlayerReads } from './player-views.js';
import { CATALYST_FILTER, CATALYST_NAME, HISTORY_WISH, NOTHING, PLAN_WISH } from './tool-schemas.js';

/** Points of one objective, the newest. */
const MOST_POINTS = 14;
const MOST_SERIES = 3;

/** Those that speak of all catalysts. */
const TOTALS: readonly AgentTool[] = [
  agentTool({
    name: 'catalyst_summary',
    description: 'How many catalysts there are in each state, overall, per slot and per element.',
    parameters: NOTHING,
    run: async (_wish, caller, reads) => summaryOf(await reads.catalysts(caller)),
  }),
  agentTool({
    name: 'plan_next',
    description: "What to work on next, best first: by what remains over the player's own rate.",
    parameters: PLAN_WISH,
    run: async ({ activity, minutes, limit }, caller, reads) => {
      const wish = { activity: activity ?? null, minutes: minutes ?? null, limit };
      return { ...boundedPage(await reads.plan(caller, wish), limit) };
    },
  }),
];

/** @param names of the weapons that have a catalyst */
export function catalystTools(names: NameIndex): readonly AgentTool[] {
  const find = async (
    reads: PlayerReads,
    caller: Parameters<PlayerReads['catalysts']>[0],
    weapon: string,
  ): Promise<CatalystView | undefined> => {
    const named = names.find(weapon)?.named;
    if (named === undefined) return undefined;
    return (await reads.catalysts(caller)).find(({ recordHash }) => recordHash === named.recordHash);
  };
  return [
    agentTool({
      name: 'list_catalysts',
      description:
        "The player's exotic catalysts with state and percent, filtered and sorted. `total` counts all that match.",
      parameters: CATALYST_FILTER,
      run: async (wish, caller, reads) => {
        const all = (await reads.catalysts(caller)).filter(
          (one) =>
            (wish.state === undefined || one.state === wish.state) &&
            (wish.weaponType === undefined || one.weaponType === wish.weaponType) &&
            (wish.element === undefined || one.element === wish.element) &&
            (wish.slot === undefined || one.slot === wish.slot) &&
            (wish.minPercent === undefined || one.pct >= wish.minPercent),
        );
        const sorted = wish.sort === 'percent' ? [...all].sort((a, b) => b.pct - a.pct) : all;
        return { ...boundedPage(sorted.map(shortOf), wish.limit) };
      },
    }),
    agentTool({
      name: 'get_catalyst',
      description:
        'One catalyst by the name of its weapon: state, percent, objectives, source, and how long it still takes.',
      parameters: CATALYST_NAME,
      run: async ({ weapon }, caller, reads) => {
        const one = await find(reads, caller, weapon);
        if (one === undefined) return noCatalyst(weapon);
        const eta = one.state === 'in_progress' ? await reads.eta(caller, one.recordHash) : null;
        return { ...shortOf(one), objectives: one.objectives.map(objectiveOf), eta };
      },
    }),
    ...TOTALS,
    agentTool({
      name: 'progress_history',
      description: 'How the objectives of one catalyst have moved, oldest first; of each day the last point.',
      parameters: HISTORY_WISH,
      run: async ({ weapon, days }, caller, reads) => {
        const one = await find(reads, caller, weapon);
        if (one === undefined) return noCatalyst(weapon);
        const { weaponName, recordHash, pct, state } = one;
        const all = await reads.history(caller, recordHash, days);
        const series = all.slice(0, MOST_SERIES).map(({ text, points }) => ({
          text: text === null ? null : plainText(text),
          total: points.length,
          points: points.slice(-MOST_POINTS),
        }));
        return { weaponName, recordHash, state, pct, days, total: all.length, series };
      },
    }),
  ];
}

function shortOf(one: CatalystView): ToolFacts {
  const { weaponName, recordHash, state, pct, weaponType, element, slot, source } = one;
  return { weaponName, recordHash, state, pct, weaponType, element, slot, source };
}

function objectiveOf({ text, progress, target, isComplete }: CatalystView['objectives'][number]): ToolFacts {
  return { text: text === null ? null : plainText(text), progress, target, isComplete };
}

function noCatalyst(weapon: string): ToolFacts {
  return { problem: 'unknown-weapon', weapon: plainText(weapon, 100) };
}

/** Counts by state, and of those done and all per slot and element. */
export function summaryOf(all: readonly CatalystView[]): ToolFacts {
  const states: Record<string, number> = {};
  for (const { state } of all) states[state] = (states[state] ?? 0) + 1;
  return { total: all.length, states, perSlot: sharesOf(all, 'slot'), perElement: sharesOf(all, 'element') };
}

function sharesOf(
  all: readonly CatalystView[],
  key: 'slot' | 'element',
): Record<string, { complete: number; total: number }> {
  const shares: Record<string, { complete: number; total: number }> = {};
  for (const one of all) {
    const share = (shares[one[key] ?? 'unknown'] ??= { complete: 0, total: 0 });
    share.total += 1;
    if (one.state === 'complete') share.complete += 1;
  }
  return shares;
}
