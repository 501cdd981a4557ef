import type { Intent } from './intent.js';
import type { ToolName } from './tool-names.js';

// What the rules say about the facts of a tool. Every figure comes from the facts, which the answer shows as cards besides; a fact that is
// missing is said to be missing.

export interface ToldFacts {
  readonly tool: ToolName;
  readonly facts: Readonly<Record<string, unknown>>;
}

type Facts = Readonly<Record<string, unknown>>;

export const HELP_TEXT = [
  'Ask me about your catalysts and weapons. For example:',
  '',
  '- how far is Outbreak Perfected, and how long does it still take?',
  '- what should I do next? I have 45 minutes',
  '- which solar catalysts am I missing?',
  '- how many hand cannons do I have?',
  '- how good are my rolls of Fatebringer, and what is its god roll?',
  '- how old are my figures?',
].join('\n');

const NEEDS_NAME = 'Which weapon do you mean? I need its name for that.';

/** @param told what the tools have answered, in the order in which they were asked */
export function answerText(intent: Intent, told: readonly ToldFacts[]): string {
  if (told.length === 0) return intent.kind === 'help' ? HELP_TEXT : NEEDS_NAME;
  return told.map(({ tool, facts }) => textOf(intent, tool, facts)).join('\n\n');
}

function textOf(intent: Intent, tool: ToolName, facts: Facts): string {
  if (typeof facts['problem'] === 'string') return problemText(facts['problem'], facts);
  switch (tool) {
    case 'list_catalysts':
      return listText(intent, facts);
    case 'get_catalyst':
      return catalystText(facts);
    case 'catalyst_summary':
      return summaryText(facts);
    case 'plan_next':
      return planText(facts);
    case 'progress_history':
      return historyText(facts);
    case 'list_weapons':
      return weaponsText(facts);
    case 'count_weapons':
      return countText(facts);
    case 'evaluate_roll':
      return rollsText(facts);
    case 'find_god_rolls':
      return godRollsText(facts);
    case 'search_manifest':
      return definitionsText(facts);
    case 'read_sheet':
      return sheetText(facts);
    case 'data_age':
      return ageText(facts);
  }
}

const PROBLEMS: Readonly<Record<string, string>> = {
  'unknown-weapon': 'I know no exotic of that name.',
  'not-owned': 'I see no copy of it among your weapons.',
  'unknown-sheet': 'There is no such sheet here.',
  'not-linked': 'No Bungie account is linked yet: connect one, and I can look.',
  'not-allowed': 'That is nothing I look at in this role; choose another persona for it.',
  unavailable: 'I cannot look at that just now; please try again in a moment.',
};

function problemText(problem: string, facts: Facts): string {
  const weapon = typeof facts['weapon'] === 'string' ? ` (${facts['weapon']})` : '';
  return `${PROBLEMS[problem] ?? PROBLEMS['unavailable']!}${weapon}`;
}

function listText(intent: Intent, facts: Facts): string {
  const total = Number(facts['total']);
  const what = total === 1 ? 'catalyst' : 'catalysts';
  const kind = [intent.filters.element, intent.filters.slot, intent.filters.weaponType]
    .filter((word) => word !== null)
    .map(words)
    .join(' ');
  const state =
    intent.kind === 'missing'
      ? 'not found yet'
      : intent.filters.state === null
        ? ''
        : words(intent.filters.state);
  const head = `${total} ${[kind, what, state].filter((word) => word !== '').join(' ')}.`;
  if (intent.kind === 'count' || total === 0) return head;
  const rows = items(facts).map((one) => {
    const how =
      intent.kind === 'missing' && one['source'] ? `: ${text(one['source'])}` : ` — ${text(one['pct'])} %`;
    return `- ${text(one['weaponName'])}${how}`;
  });
  return [head, '', ...rows, ...more(total, rows.length)].join('\n');
}

function catalystText(facts: Facts): string {
  const head = `**${text(facts['weaponName'])}** is ${words(text(facts['state']))}, ${text(facts['pct'])} %.`;
  const objectives = list(facts['objectives']).map((one) => {
    const target = one['target'] === null ? '' : ` of ${text(one['target'])}`;
    return `- ${one['text'] === null ? 'objective' : text(one['text'])}: ${text(one['progress'] ?? 0)}${target}${one['isComplete'] === true ? ', done' : ''}`;
  });
  const source =
    facts['state'] === 'not_found' && facts['source'] ? [`How to get it: ${text(facts['source'])}.`] : [];
  return [head, ...objectives, ...source, ...etaLines(facts)].join('\n');
}

function etaLines(facts: Facts): string[] {
  if (facts['state'] !== 'in_progress') return [];
  const eta = (facts['eta'] ?? {}) as Facts;
  if (eta['state'] === 'stalled') return ['It has not moved for a while, so any date would be a guess.'];
  const days = eta['days'] as Range | null | undefined;
  if (days === null || days === undefined)
    return ['I have seen too little of your pace to say how long it still takes.'];
  const hours = eta['hoursPlayed'] as Range | null | undefined;
  const played = hours === null || hours === undefined ? '' : `, ${text(hours.mid)} hours of play`;
  return [
    `At your own pace it takes about ${text(days.mid)} days (${text(days.low)} to ${text(days.high)})${played}.`,
  ];
}

interface Range {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

function summaryText(facts: Facts): string {
  const states = Object.entries((facts['states'] ?? {}) as Record<string, number>);
  const shares = (key: string): string =>
    Object.entries((facts[key] ?? {}) as Record<string, { complete: number; total: number }>)
      .map(([name, { complete, total }]) => `${words(name)} ${complete}/${total}`)
      .join(', ');
  return [
    `${text(facts['total'])} catalysts: ${states.map(([state, count]) => `${count} ${words(state)}`).join(', ')}.`,
    `Done per slot: ${shares('perSlot')}.`,
    `Done per element: ${shares('perElement')}.`,
  ].join('\n');
}

function planText(facts: Facts): string {
  const steps = items(facts);
  if (steps.length === 0) return 'Nothing that you have begun is left to work on.';
  const rows = steps.map((step, index) => {
    const rest = step['isFinished'] === true ? '' : `, of ${text(step['neededMinutes'])} it takes`;
    const minutes = Number(step['toMinute']) - Number(step['fromMinute']);
    const guess = step['rateSource'] === 'typical' ? ' (a guess: I have not seen your pace)' : '';
    return `${index + 1}. ${text(step['weaponName'])}: ${minutes} minutes${rest}, ${words(text(step['activity']))}${guess}`;
  });
  return ['Next, the nearest first:', '', ...rows].join('\n');
}

function historyText(facts: Facts): string {
  const name = `**${text(facts['weaponName'])}**`;
  const rows = list(facts['series']).flatMap((series) => {
    const points = list(series['points']);
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) return [];
    const what = series['text'] === null ? 'objective' : text(series['text']);
    return [
      `- ${what}: ${text(first['progress'])} on ${day(first['at'])}, ${text(last['progress'])} of ${text(last['target'])} on ${day(last['at'])}`,
    ];
  });
  if (rows.length === 0)
    return `${name} has not moved in the last ${text(facts['days'])} days; it stands at ${text(facts['pct'])} %.`;
  return [
    `${name} stands at ${text(facts['pct'])} %. Over the last ${text(facts['days'])} days:`,
    '',
    ...rows,
  ].join('\n');
}

function weaponsText(facts: Facts): string {
  const total = Number(facts['total']);
  const rows = items(facts).map(
    (one) => `- ${text(one['name'])} (${words(text(one['weaponType']))}, ${text(one['location'])})`,
  );
  return [`${total} ${total === 1 ? 'weapon' : 'weapons'}.`, '', ...rows, ...more(total, rows.length)]
    .join('\n')
    .trim();
}

function countText(facts: Facts): string {
  const total = Number(facts['total']);
  const groups = Object.entries((facts['groups'] ?? {}) as Record<string, number>);
  const rows = groups.map(([group, count]) => `- ${words(group)}: ${count}`);
  return [`You have ${total} of them.`, ...(rows.length > 0 ? ['', ...rows] : [])].join('\n');
}

function rollsText(facts: Facts): string {
  const rows = items(facts).map((roll) => {
    const tier =
      roll['tier'] === null
        ? 'no tier, its traits are not known to me'
        : `tier ${text(roll['tier'])} (${text(roll['score'])})`;
    const wishes = Number(roll['wishCount']) > 0 ? ', on a wish list' : '';
    const trash = Number(roll['trashCount']) > 0 ? ', called trash by a wish list' : '';
    return `- ${text(roll['name'])}: ${tier}${wishes}${trash}`;
  });
  return [`${text(facts['total'])} of your copies:`, '', ...rows].join('\n');
}

function godRollsText(facts: Facts): string {
  const rolls = items(facts);
  if (rolls.length === 0) return `Your wish lists say nothing about ${text(facts['weapon'])}.`;
  const rows = rolls.map((roll) => `- ${(roll['perks'] as readonly string[]).join(' + ')}`);
  return [
    `${text(facts['total'])} rolls of ${text(facts['weapon'])} are on wish lists; you own ${text(facts['owned'])} copies.`,
    '',
    ...rows,
  ].join('\n');
}

function definitionsText(facts: Facts): string {
  const found = items(facts);
  if (found.length === 0) return `The game's definitions hold nothing called "${text(facts['words'])}".`;
  return found
    .map(
      (one) =>
        `- **${text(one['name'])}** (${words(text(one['kind']))})${one['description'] === null ? '' : `: ${text(one['description'])}`}`,
    )
    .join('\n');
}

function sheetText(facts: Facts): string {
  const rows = items(facts);
  const tabs = Array.isArray(facts['tabs']) ? facts['tabs'].map(String) : [];
  if (rows.length === 0 && tabs.length > 0) return `The sheet has these tabs: ${tabs.join(', ')}.`;
  const age = facts['isStale'] === true ? ' (an older copy)' : '';
  const told = rows.map(
    (row) =>
      `- ${Object.entries(row)
        .map(([column, cell]) => `${column}: ${text(cell)}`)
        .join(' · ')}`,
  );
  return [`${text(facts['total'])} rows in ${text(facts['sheet'])}${age}.`, '', ...told].join('\n').trim();
}

function ageText(facts: Facts): string {
  if (facts['link'] === 'unlinked') return PROBLEMS['not-linked']!;
  const lapsed = facts['link'] === 'lapsed' ? ' Your Bungie connection has lapsed: sign in there again.' : '';
  if (facts['mintedAt'] === null) return `I have no figures of yours yet.${lapsed}`;
  const minutes = Math.round(Number(facts['ageS']) / 60);
  const stale = facts['isStale'] === true ? ' They are older than usual.' : '';
  return `Your figures are ${minutes} minutes old (${text(facts['mintedAt'])}).${stale}${lapsed}`;
}

function items(facts: Facts): readonly Facts[] {
  return list(facts['items']);
}

function list(value: unknown): readonly Facts[] {
  return Array.isArray(value) ? (value as readonly Facts[]) : [];
}

function more(total: number, shown: number): string[] {
  return total > shown ? [`- and ${total - shown} more`] : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function words(code: string): string {
  return code.replaceAll('_', ' ');
}

function day(at: unknown): string {
  return text(at).slice(0, 10);
}
