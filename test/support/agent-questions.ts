// Sixty questions of players, and the tool that answers each: what a scripted model calls, and what the rules must come to by themselves.

export interface AgentQuestion {
  readonly words: string;
  readonly tool: string;
  readonly input: object;
}

export const QUESTIONS: readonly AgentQuestion[] = [
  { words: 'how far is Sunshot?', tool: 'get_catalyst', input: { weapon: 'Sunshot' } },
  { words: 'how far is Outbreak Perfected?', tool: 'get_catalyst', input: { weapon: 'Outbreak Perfected' } },
  { words: 'how far is The Jade Rabbit?', tool: 'get_catalyst', input: { weapon: 'The Jade Rabbit' } },
  { words: 'how far is Riskrunner?', tool: 'get_catalyst', input: { weapon: 'Riskrunner' } },
  { words: 'how far is Graviton Lance?', tool: 'get_catalyst', input: { weapon: 'Graviton Lance' } },
  { words: 'how far is Sweet Business?', tool: 'get_catalyst', input: { weapon: 'Sweet Business' } },
  { words: 'how far is Polaris Lance?', tool: 'get_catalyst', input: { weapon: 'Polaris Lance' } },
  { words: 'eta for Borealis', tool: 'get_catalyst', input: { weapon: 'Borealis' } },
  {
    words: 'how long until Skyburner’s Oath is done?',
    tool: 'get_catalyst',
    input: { weapon: "Skyburner's Oath" },
  },
  { words: 'do I have the jotunn catalyst', tool: 'get_catalyst', input: { weapon: 'Jotunn' } },
  { words: 'sunshto', tool: 'get_catalyst', input: { weapon: 'sunshot' } },
  {
    words: 'show my catalysts',
    tool: 'list_catalysts',
    input: { state: 'in_progress', sort: 'percent', limit: 10 },
  },
  {
    words: 'list completed solar catalysts',
    tool: 'list_catalysts',
    input: { state: 'complete', element: 'solar', sort: 'percent', limit: 10 },
  },
  {
    words: 'unfinished void catalysts',
    tool: 'list_catalysts',
    input: { state: 'in_progress', element: 'void', sort: 'percent', limit: 10 },
  },
  {
    words: 'which catalysts am I missing?',
    tool: 'list_catalysts',
    input: { state: 'not_found', sort: 'name', limit: 10 },
  },
  {
    words: 'missing arc catalysts',
    tool: 'list_catalysts',
    input: { state: 'not_found', element: 'arc', sort: 'name', limit: 10 },
  },
  {
    words: 'missing hand cannon catalysts',
    tool: 'list_catalysts',
    input: { state: 'not_found', weaponType: 'Hand Cannon', sort: 'name', limit: 10 },
  },
  {
    words: 'which heavy exotics have I not found',
    tool: 'list_catalysts',
    input: { state: 'not_found', slot: 'power', sort: 'name', limit: 10 },
  },
  {
    words: 'which catalyst is closest to done?',
    tool: 'list_catalysts',
    input: { state: 'in_progress', sort: 'percent', limit: 5 },
  },
  {
    words: 'nearly finished solar catalysts',
    tool: 'list_catalysts',
    input: { state: 'in_progress', element: 'solar', sort: 'percent', limit: 5 },
  },
  {
    words: 'furthest sniper catalyst',
    tool: 'list_catalysts',
    input: { state: 'in_progress', weaponType: 'Sniper Rifle', sort: 'percent', limit: 5 },
  },
  {
    words: 'how many catalysts have I completed',
    tool: 'list_catalysts',
    input: { state: 'complete', sort: 'name', limit: 1 },
  },
  {
    words: 'how many stasis catalysts are in progress',
    tool: 'list_catalysts',
    input: { state: 'in_progress', element: 'stasis', sort: 'name', limit: 1 },
  },
  {
    words: 'which catalysts are unavailable',
    tool: 'list_catalysts',
    input: { state: 'unavailable', sort: 'percent', limit: 10 },
  },
  { words: 'give me an overview', tool: 'catalyst_summary', input: {} },
  { words: 'catalyst summary', tool: 'catalyst_summary', input: {} },
  { words: 'how am I doing overall', tool: 'catalyst_summary', input: {} },
  { words: 'number of catalysts per element', tool: 'catalyst_summary', input: {} },
  { words: 'what should I do next?', tool: 'plan_next', input: { limit: 5 } },
  { words: 'I have 45 minutes, what can I finish', tool: 'plan_next', input: { minutes: 45, limit: 5 } },
  { words: 'what to work on in the crucible', tool: 'plan_next', input: { activity: 'crucible', limit: 5 } },
  { words: 'plan my evening', tool: 'plan_next', input: { limit: 5 } },
  { words: 'recommend a catalyst', tool: 'plan_next', input: { limit: 5 } },
  { words: 'how has Sunshot progressed over time', tool: 'progress_history', input: { weapon: 'Sunshot' } },
  { words: 'history of Riskrunner', tool: 'progress_history', input: { weapon: 'Riskrunner' } },
  { words: 'riskruner progress last week', tool: 'progress_history', input: { weapon: 'Riskrunner' } },
  {
    words: 'how has Borealis developed since yesterday',
    tool: 'progress_history',
    input: { weapon: 'Borealis' },
  },
  { words: 'show my weapons', tool: 'list_weapons', input: { limit: 10 } },
  {
    words: 'hand cannons in my vault',
    tool: 'list_weapons',
    input: { weaponType: 'Hand Cannon', limit: 10 },
  },
  { words: 'void weapons in my inventory', tool: 'list_weapons', input: { element: 'void', limit: 10 } },
  {
    words: 'show the weapons called Funnelweb',
    tool: 'list_weapons',
    input: { name: 'Funnelweb', limit: 10 },
  },
  { words: 'how many hand cannons do I have?', tool: 'count_weapons', input: { weaponType: 'Hand Cannon' } },
  {
    words: 'count my void smgs',
    tool: 'count_weapons',
    input: { weaponType: 'Submachine Gun', element: 'void' },
  },
  { words: 'number of weapons per element', tool: 'count_weapons', input: { groupBy: 'element' } },
  { words: 'how many energy weapons are in my vault', tool: 'count_weapons', input: { slot: 'energy' } },
  { words: 'how many weapons by type', tool: 'count_weapons', input: { groupBy: 'weaponType' } },
  { words: 'how good is my Fatebringer roll?', tool: 'evaluate_roll', input: { weapon: 'fatebringer' } },
  { words: 'should I keep my Palindrome', tool: 'evaluate_roll', input: { weapon: 'palindrome' } },
  { words: 'rate my hung jury', tool: 'evaluate_roll', input: { weapon: 'hung jury' } },
  { words: 'perks on my Austringer', tool: 'evaluate_roll', input: { weapon: 'austringer' } },
  { words: 'god roll for Fatebringer', tool: 'find_god_rolls', input: { weapon: 'fatebringer' } },
  {
    words: 'what is the best roll of The Palindrome',
    tool: 'find_god_rolls',
    input: { weapon: 'palindrome' },
  },
  { words: 'wish list rolls of Funnelweb', tool: 'find_god_rolls', input: { weapon: 'funnelweb' } },
  { words: 'what is Rampage', tool: 'search_manifest', input: { words: 'rampage' } },
  { words: 'what does Kill Clip do', tool: 'search_manifest', input: { words: 'clip' } },
  { words: 'show the sheet', tool: 'read_sheet', input: { limit: 10 } },
  {
    words: 'what does the tier list say about Funnelweb',
    tool: 'read_sheet',
    input: { words: 'funnelweb', limit: 10 },
  },
  { words: 'how old is my data?', tool: 'data_age', input: {} },
  { words: 'refresh', tool: 'data_age', input: {} },
  { words: 'is this up to date', tool: 'data_age', input: {} },
];
