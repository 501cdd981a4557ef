import {
  CAMPAIGN_LANGUAGES,
  TEXT_CONFIGURATION,
  type CampaignLanguage,
} from '../campaigns/campaign-kinds.js';

// How campaigns lie in an index of Elasticsearch or OpenSearch: one document per object, in fields that both servers understand. What counts is
// which words and pieces of names match, never how rare they are among all documents (similarity `boolean`): the counts behind that
// would tell players of what they cannot see.

/** Of the documents, their fields, and the numbers of pieces of names in them; another number makes a new index beside the old one. */
export const INDEX_LAYOUT = 1;

/** Field of an object's name and aliases in a language. */
export const titleField = (language: CampaignLanguage): string => `title_${language}`;
/** Field of all its texts. */
export const wordsField = (language: CampaignLanguage): string => `words_${language}`;
/** Its name and aliases as they stand. */
export const PLAIN_TITLE = 'title_plain';

const KEYWORD = { type: 'keyword' } as const;
const NOT_SEARCHED = { type: 'keyword', index: false, doc_values: false } as const;
const PIECES = {
  type: 'text',
  analyzer: 'pieces',
  similarity: 'boolean',
  norms: false,
  index_options: 'docs',
} as const;
const SOUNDS = { ...PIECES, analyzer: 'sounds' } as const;

const text = (analyzer: string): object => ({ type: 'text', analyzer, similarity: 'boolean', norms: false });
/** Both servers know each language by PostgreSQL's name for it. */
const analyzerOf = (language: CampaignLanguage): string =>
  language === 'simple' ? 'plain' : TEXT_CONFIGURATION[language];

/** @param hasSounds the server has the plugin `analysis-phonetic` @returns what the index is made with */
export function indexLayout(hasSounds: boolean): object {
  const texts = CAMPAIGN_LANGUAGES.flatMap((language): [field: string, mapping: object][] => [
    [titleField(language), text(analyzerOf(language))],
    [wordsField(language), text(analyzerOf(language))],
  ]);
  const sounds = hasSounds ? { sounds: SOUNDS, masters_sounds: SOUNDS } : {};
  return {
    settings: {
      number_of_shards: 1,
      // PostgreSQL is the other copy, and what is told is there for the next question: replicas may lag.
      number_of_replicas: 0,
      refresh_interval: '-1',
      analysis: {
        analyzer: {
          plain: { type: 'custom', tokenizer: 'standard', filter: ['lowercase'] },
          pieces: { type: 'custom', tokenizer: 'whitespace' },
          ...(hasSounds && {
            sounds: { type: 'custom', tokenizer: 'standard', filter: ['lowercase', 'sound_of_words'] },
          }),
        },
        ...(hasSounds && {
          filter: {
            sound_of_words: {
              type: 'phonetic',
              encoder: 'double_metaphone',
              max_code_len: 12,
              replace: true,
            },
          },
        }),
      },
    },
    mappings: {
      dynamic: 'strict',
      properties: {
        id: KEYWORD,
        campaign_id: KEYWORD,
        change: { type: 'long' },
        is_deleted: { type: 'boolean' },
        kind: KEYWORD,
        tags: KEYWORD,
        is_for_party: { type: 'boolean' },
        seen_by: KEYWORD,
        order: KEYWORD,
        names: NOT_SEARCHED,
        masters_names: NOT_SEARCHED,
        pieces: PIECES,
        masters_pieces: PIECES,
        ...sounds,
        [PLAIN_TITLE]: text('plain'),
        ...Object.fromEntries(texts),
      },
    },
  };
}
