/** Every tool of the agent. All of them read; none takes an account. */
export const TOOL_NAMES = [
  'list_catalysts',
  'get_catalyst',
  'catalyst_summary',
  'plan_next',
  'progress_history',
  'list_weapons',
  'count_weapons',
  'evaluate_roll',
  'find_god_rolls',
  'search_manifest',
  'read_sheet',
  'data_age',
] as const;
export type ToolName = (typeof TOOL_NAMES)[number];
