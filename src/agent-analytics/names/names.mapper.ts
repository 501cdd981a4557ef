import type { StoryNames } from '../figures/story-names.js';
import type { AgentNamesDto, ChapterNamesDto } from './names.dto.js';

export function toAgentNames({ categories, endAgent, choiceAgent, workflow }: StoryNames): AgentNamesDto {
  const items = Object.entries(categories).map(([name, category]) => ({ name, category }));
  return { items: items.sort((a, b) => (a.name < b.name ? -1 : 1)), endAgent, choiceAgent, workflow };
}

export function toChapterNames({
  chapters,
  chapterPrefix,
  completeFromChapter,
}: StoryNames): ChapterNamesDto {
  const items = chapters.map((name, number) => ({ number, tag: `${chapterPrefix}${number}`, name }));
  return { items, completeFromChapter };
}
