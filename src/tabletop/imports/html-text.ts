import sanitizeHtml from 'sanitize-html';

// Biographies and descriptions come as HTML from elsewhere. What is taken over of them is their words; the HTML stays with the original, for
// the way back.

const BLOCK_END = /<\/(?:p|div|h[1-6]|li|tr|blockquote|dd|dt|table|ul|ol)>|<br\s*\/?>|<hr\s*\/?>/gi;

/** Its words, a line per paragraph. */
export function htmlToText(html: string): string {
  const words = sanitizeHtml(
    html.replaceAll('\0', '').replaceAll(BLOCK_END, (end) => `${end}\n`),
    {
      allowedTags: [],
      allowedAttributes: {},
      nestingLimit: 50,
    },
  );
  return decoded(words)
    .toWellFormed()
    .split('\n')
    .map((line) => line.replaceAll(/[^\S\n]+/g, ' ').trim())
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

/** Text that may be HTML or not: what has no tags and no entities is taken as it is. */
export function anyToText(text: string): string {
  return /<[a-z/!]|&[a-z#]\w*;/i.test(text)
    ? htmlToText(text)
    : text.replaceAll('\0', '').toWellFormed().trim();
}

/** A text as HTML that shows it. */
export function textToHtml(text: string): string {
  return text
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => `<p>${encoded(paragraph.trim()).replaceAll('\n', '<br>')}</p>`)
    .join('');
}

function encoded(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What the sanitiser writes, and the blank that cannot be broken. */
function decoded(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('\u00a0', ' ')
    .replaceAll('&amp;', '&');
}
