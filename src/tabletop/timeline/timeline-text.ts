import { toCsv } from '../../platform/http/csv.js';
import type { TimelineEntryDto } from './timeline.dto.js';

// A timeline to take along: for people as Markdown, for spreadsheets as CSV.

const COLUMNS = ['kind', 'day', 'endDay', 'dayText', 'onDate', 'title', 'text', 'id'] as const;

export function timelineCsv(entries: readonly TimelineEntryDto[]): string {
  return toCsv(
    COLUMNS,
    entries.map((entry) => COLUMNS.map((column) => entry[column])),
  );
}

/** A heading, and a line per entry. What somebody has written stays a line, and is no markup of ours. */
export function timelineMarkdown(title: string, entries: readonly TimelineEntryDto[]): string {
  const lines = entries.map((entry) => {
    const days = [entry.dayText, entry.onDate].filter((day) => day !== null).map(inLine);
    const when = days.length === 0 ? '' : `**${days.join(' / ')}** `;
    const text = entry.text.trim() === '' ? '' : `: ${inLine(entry.text)}`;
    return `- ${when}${inLine(entry.title)} (${entry.kind})${text}`;
  });
  return `# ${inLine(title)}\n\n${lines.join('\n')}\n`;
}

const SPECIAL = /[\\`*_[\]<>#|~]/g;

function inLine(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(SPECIAL, (letter) => `\\${letter}`);
}
