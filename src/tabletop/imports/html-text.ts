import sanitizeHtml from 'sanitize-html';

// Biographies and descriptions come as HTML from elsewhere. Readers get what formats and nothing that acts: no scripts, styles, handlers,
// frames, forms or pictures (a picture is a call to somebody else's server). Links go to http(s) and mail only.

const TAGS = [
  ...['p', 'br', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'ul', 'ol', 'li', 'dl', 'dt', 'dd'],
  ...['strong', 'b', 'em', 'i', 'u', 's', 'sub', 'sup', 'code', 'pre', 'a', 'span', 'div'],
  ...['table', 'caption', 'thead', 'tbody', 'tr', 'th', 'td'],
];

const SAFE: sanitizeHtml.IOptions = {
  allowedTags: TAGS,
  allowedAttributes: { a: ['href'], th: ['colspan', 'rowspan'], td: ['colspan', 'rowspan'] },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowProtocolRelative: false,
  disallowedTagsMode: 'discard',
  nestingLimit: 50,
  transformTags: {
    a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, rel: 'noopener noreferrer nofollow' } }),
  },
};

/** What can be shown to anybody. The same again when it is done twice. */
export function safeHtml(html: string): string {
  const rel = { ...SAFE, allowedAttributes: { ...SAFE.allowedAttributes, a: ['href', 'rel'] } };
  return sanitizeHtml(html.replaceAll('\0', ''), rel).toWellFormed().trim();
}

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
