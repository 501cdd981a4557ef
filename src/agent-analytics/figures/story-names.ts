import type { AGENT_CATEGORIES, StorySettings } from '../../platform/config/story-settings.js';

// What the game calls its chapters and agents, as configuration with the game's own names as defaults.

export interface StoryNames {
  /** Tag of a trace = prefix and number. */
  readonly chapterPrefix: string;
  /** By number. */
  readonly chapters: readonly string[];
  /** Whose run in a session says that the story is over. */
  readonly endAgent: string;
  /** Offers the player what to do next, as JSON. */
  readonly choiceAgent: string;
  /** Name of the score that says how a story ended. */
  readonly endingScore: string;
  /** A story whose traces reach this chapter counts as complete with the original: evaluation began. */
  readonly completeFromChapter: number;
  /** Wraps every run of an agent and is none itself. */
  readonly workflow: string;
  readonly categories: Readonly<Record<string, AgentCategory>>;
  /** As the original's page understands them. */
  readonly compatCategories: Readonly<Record<string, AgentCategory>>;
}

export type AgentCategory = (typeof AGENT_CATEGORIES)[number];

const SHARED: Readonly<Record<string, AgentCategory>> = {
  HasEnded: 'routing',
  Introduction: 'content',
  Mortal: 'content',
  Match: 'content',
  CompatibilityAnalysis: 'content',
  DisplayMortal: 'ui',
  DisplayMatch: 'ui',
  DisplayCompatibilityCard: 'ui',
  DisplayChoices: 'ui',
};

/** The original's page knows no `control`: it has neither a colour nor a filter for it. */
export const COMPAT_CATEGORIES: StoryNames['categories'] = {
  ...SHARED,
  StartCupidGame: 'content',
  CupidEvaluation: 'meta',
  End: 'meta',
};

export const CUPID_NAMES: StoryNames = {
  chapterPrefix: 'chapter_',
  chapters: ['Introduction', 'Mortal', 'Match', 'Compatibility', 'Story', 'Evaluation', 'End'],
  endAgent: 'End',
  choiceAgent: 'DisplayChoices',
  endingScore: 'ending',
  completeFromChapter: 5,
  workflow: 'Agent workflow',
  categories: { ...SHARED, StartCupidGame: 'control', CupidEvaluation: 'content', End: 'control' },
  compatCategories: COMPAT_CATEGORIES,
};

/** The game's own names, and what the settings say otherwise. */
export function storyNames({ categories = {}, ...given }: StorySettings): StoryNames {
  const shown = Object.entries(categories).map(([agent, category]) => [
    agent,
    category === 'control' ? 'content' : category,
  ]);
  return {
    ...CUPID_NAMES,
    ...given,
    categories: { ...CUPID_NAMES.categories, ...categories },
    compatCategories: { ...COMPAT_CATEGORIES, ...(Object.fromEntries(shown) as StoryNames['categories']) },
  };
}

export function categoryOf(categories: StoryNames['categories'], agent: string): AgentCategory {
  return Object.hasOwn(categories, agent) ? categories[agent]! : 'unknown';
}
