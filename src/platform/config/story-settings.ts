import { z } from 'zod';

// What a game calls its chapters and agents, where it differs from the defaults that agent analytics has: a part of the one schema of
// the environment. Categories are added to the known ones; everything else takes the place of its default.

export const AGENT_CATEGORIES = ['routing', 'control', 'content', 'ui', 'meta', 'unknown'] as const;

const agent = z.string().min(1).max(200);

const namesSchema = z.strictObject({
  chapterPrefix: z.string().min(1).max(50).exactOptional(),
  chapters: z.array(z.string().min(1).max(100)).min(1).max(100).exactOptional(),
  endAgent: agent.exactOptional(),
  choiceAgent: agent.exactOptional(),
  endingScore: agent.exactOptional(),
  completeFromChapter: z.int().min(0).max(1_000).exactOptional(),
  workflow: agent.exactOptional(),
  categories: z.record(agent, z.enum(AGENT_CATEGORIES)).exactOptional(),
});

export type StorySettings = Readonly<z.output<typeof namesSchema>>;

export const STORY_VARIABLES = {
  AGENT_NAMES: z
    .string()
    .transform((text, context): StorySettings => {
      const parsed = namesSchema.safeParse(parseJson(text));
      if (parsed.success) return parsed.data;
      const faults = parsed.error.issues.map(({ path, message }) => [...path, message].join(' '));
      context.addIssue({ code: 'custom', message: `must be a JSON object of names (${faults.join('; ')})` });
      return z.NEVER;
    })
    .default({}),
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
