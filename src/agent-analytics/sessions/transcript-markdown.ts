import type { TranscriptDto } from './sessions.dto.js';

// A transcript to read and to pass on. What players and agents wrote is quoted word for word: no sign of theirs makes a heading, a link, a
// picture or HTML of it, wherever the file is shown.

/** Everything that CommonMark and GitHub give a meaning, as far as it may stand in a line. */
const SIGNS = /[\\`*_{}[\]()<>#+\-.!|~$&:@^=]/g;
/** What is taken for the end of a line somewhere. */
const LINES = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;
/** Invisible, or turning the direction of what follows. */
const CONTROLS = /[\p{Cc}\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;

export function escapeMarkdown(text: string): string {
  return text.replace(CONTROLS, ' ').replace(SIGNS, (sign) => `\\${sign}`);
}

/** As a block quotation, one line of it for each line of the text. */
export function quoteMarkdown(text: string): string {
  return text
    .split(LINES)
    .map((line) => `> ${escapeMarkdown(line).trim()}`.trimEnd())
    .join('  \n');
}

/** @param chapterOf the name of a chapter's tag */
export function transcriptMarkdown(
  { sessionId, mortal, match, turns, asOf }: TranscriptDto,
  chapterOf: (tag: string) => string,
): string {
  const names = [mortal, match].filter((name) => name !== null);
  const title = names.length === 0 ? `Session ${sessionId}` : names.join(' & ');
  const parts = [
    `# ${inLine(title)}`,
    `Session ${inLine(sessionId)}${asOf === null ? '' : `, as of ${inLine(asOf)}`}`,
  ];
  let chapter: string | null = null;
  for (const turn of turns) {
    if (turn.chapter !== null && turn.chapter !== chapter) {
      chapter = turn.chapter;
      parts.push(`## ${inLine(chapterOf(chapter))}`);
    }
    parts.push(`### Turn ${turn.ordinal}, ${inLine(turn.startedAt)}`);
    if (turn.player !== null) parts.push('**Player**', quoteMarkdown(turn.player));
    for (const { agent, text } of turn.lines.filter(({ isInternal }) => !isInternal))
      parts.push(`**${inLine(agent) || 'Agent'}**`, quoteMarkdown(text));
    if (turn.offered.length > 0)
      parts.push(turn.offered.map(({ key, title }) => `- ${inLine(key)}: ${inLine(title)}`).join('\n'));
  }
  return `${parts.join('\n\n')}\n`;
}

function inLine(text: string): string {
  return escapeMarkdown(text.split(LINES).join(' ').trim());
}

/** Of letters, digits and hyphens only, whatever the id has in it. */
export function transcriptFileName(sessionId: string, ending: string): string {
  const safe = sessionId.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '');
  return `transcript-${safe.slice(0, 80) || 'session'}.${ending}`;
}
