import type { Intent, IntentFilters } from './intent.js';
import type { ToolName } from './tool-names.js';

export interface PlannedCall {
  readonly tool: ToolName;
  readonly input: Readonly<Record<string, unknown>>;
}

const NEAREST = 5;
const MOST_ITEMS = 10;

/** Which tools answer an intent, in their order; none for what needs no facts, or lacks a name to ask for. */
export function planCalls(intent: Intent): readonly PlannedCall[] {
  const weapon = intent.weapon?.weaponName;
  const subject = weapon ?? (intent.subject === '' ? undefined : intent.subject);
  const { state, ...kinds } = intent.filters;
  switch (intent.kind) {
    case 'help':
      return [];
    case 'age':
      return [{ tool: 'data_age', input: {} }];
    case 'summary':
      return [intent.about === 'weapons' ? counted(intent) : { tool: 'catalyst_summary', input: {} }];
    case 'eta':
      return weapon === undefined ? [planned(intent)] : [{ tool: 'get_catalyst', input: { weapon } }];
    case 'next':
      return [planned(intent)];
    case 'history':
      return weapon === undefined
        ? [{ tool: 'catalyst_summary', input: {} }]
        : [{ tool: 'progress_history', input: { weapon } }];
    case 'nearest':
      return [listed({ ...kinds, state: 'in_progress' }, 'percent', NEAREST)];
    case 'missing':
      return [listed({ ...kinds, state: 'not_found' }, 'name', MOST_ITEMS)];
    case 'count':
      if (intent.about === 'weapons') return [counted(intent)];
      return [
        intent.groupBy === null
          ? listed({ ...kinds, state }, 'name', 1)
          : { tool: 'catalyst_summary', input: {} },
      ];
    case 'progress':
      if (weapon !== undefined) return [{ tool: 'get_catalyst', input: { weapon } }];
      return [listed({ ...kinds, state: state ?? 'in_progress' }, 'percent', MOST_ITEMS)];
    case 'weapons':
      return [{ tool: 'list_weapons', input: { ...given(kinds), ...named(subject), limit: MOST_ITEMS } }];
    case 'roll':
      return subject === undefined ? [] : [{ tool: 'evaluate_roll', input: { weapon: subject } }];
    case 'god_roll':
      return subject === undefined ? [] : [{ tool: 'find_god_rolls', input: { weapon: subject } }];
    case 'sheet':
      return [
        {
          tool: 'read_sheet',
          input: { ...(subject !== undefined && { words: subject }), limit: MOST_ITEMS },
        },
      ];
    case 'lookup':
      return subject === undefined ? [] : [{ tool: 'search_manifest', input: { words: subject } }];
  }
}

function planned({ activity, minutes }: Intent): PlannedCall {
  return { tool: 'plan_next', input: { ...given({ activity, minutes }), limit: NEAREST } };
}

function counted({ filters, groupBy, weapon, subject }: Intent): PlannedCall {
  const { state: _state, ...kinds } = filters;
  const name = weapon?.weaponName ?? (subject === '' ? undefined : subject);
  return { tool: 'count_weapons', input: { ...given({ ...kinds, groupBy }), ...named(name) } };
}

function listed(filters: IntentFilters, sort: 'name' | 'percent', limit: number): PlannedCall {
  return { tool: 'list_catalysts', input: { ...given({ ...filters }), sort, limit } };
}

function named(name: string | undefined): { name?: string } {
  return name === undefined ? {} : { name };
}

/** Without what is null. */
function given(wish: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== null));
}
