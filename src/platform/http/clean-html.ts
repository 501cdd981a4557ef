import sanitizeHtml from 'sanitize-html';

/** Links of Markdown that are their own words: `<https://example.org>`. */
const AUTOLINK = /<((?:https?:\/\/|mailto:)[^<>\s]*)>/gi;
/** What a browser takes for the beginning of a tag, a comment or an instruction. */
const TAG = /<[a-z!/?]/i;

const HARMLESS: sanitizeHtml.IOptions = {
  allowedTags: [
    ...[
      'h1',
      'h2',
      'h3',
      'h4',
      'h5',
      'h6',
      'p',
      'br',
      'hr',
      'div',
      'span',
      'section',
      'blockquote',
      'pre',
      'code',
    ],
    ...[
      'b',
      'strong',
      'i',
      'em',
      'u',
      's',
      'sub',
      'sup',
      'small',
      'mark',
      'a',
      'ul',
      'ol',
      'li',
      'dl',
      'dt',
      'dd',
    ],
    ...['table', 'caption', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td'],
  ],
  allowedAttributes: { a: ['href', 'title'], th: ['colspan', 'rowspan'], td: ['colspan', 'rowspan'] },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowProtocolRelative: false,
};

/**
 * Text of people in which there may be HTML: scripts, styles, pictures and handlers go, letters and harmless tags stay. Text without a tag comes
 * back as it is, so that `a < b & c` is no HTML.
 */
export function cleanHtml(text: string): string {
  if (!TAG.test(text.replace(AUTOLINK, ''))) return text;
  return sanitizeHtml(text.replace(AUTOLINK, '$1'), HARMLESS);
}
