import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { packageRoot } from '../../platform/config/package-root.js';
import type { CampaignLanguage } from '../campaigns/campaign-kinds.js';
import { gramWeights } from '../names/name-grams.js';
import { type ComparedName, nameStatistics, toCompared } from '../names/name-likeness.js';
import type { NameModel } from '../names/name-lookup.js';
import { phonesOf } from '../names/phones.js';
import { pronounce, type Pronunciations } from '../names/pronounce.js';
import { learnChannel } from '../names/sound-channel.js';
import type { Spelling } from '../names/spelling.js';
import { GERMAN } from '../names/spelling-rules/de.js';
import { SPANISH } from '../names/spelling-rules/es.js';
import { FRENCH } from '../names/spelling-rules/fr.js';
import { ITALIAN } from '../names/spelling-rules/it.js';
import { DUTCH } from '../names/spelling-rules/nl.js';
import { PORTUGUESE } from '../names/spelling-rules/pt.js';

/** What names are compared by, and how texts become comparable. */
export interface NameEar {
  readonly model: NameModel;
  compared(text: string): ComparedName;
}

const PAIRS = 'seeds/tabletop/misheard-names.json';
/** Stress and remarks, which are of no use here. */
const NO_PHONES = /\d| #.*/g;
/** Languages that are read by rules of their own; all others are read as English is. */
const SPELLINGS: Partial<Record<CampaignLanguage, Spelling>> = {
  de: GERMAN,
  es: SPANISH,
  fr: FRENCH,
  it: ITALIAN,
  nl: DUTCH,
  pt: PORTUGUESE,
};
const NO_WORDS = (): undefined => undefined;

/**
 * The dictionary of English (134,000 words) and the channel that is learnt from the shipped pairs: half a second, at the first search of a
 * process; the same for all campaigns, so that what is common among their names changes nobody's answers. A language says how texts become
 * phones; what is taken for what is the same in all.
 */
@Injectable()
export class NameModelReader {
  private ear: Promise<NameEar> | undefined;

  /** @param language of a campaign; null of none @throws Error when the shipped file cannot be read; the next call tries again */
  async read(language: CampaignLanguage | null = null): Promise<NameEar> {
    this.ear ??= readEar().catch((error: unknown) => {
      this.ear = undefined;
      throw error;
    });
    const ear = await this.ear;
    const spelling = language === null ? undefined : SPELLINGS[language];
    if (spelling === undefined) return ear;
    const words: Pronunciations = { find: NO_WORDS, spelling };
    return { model: ear.model, compared: (text) => toCompared(text, words) };
  }
}

async function readEar(): Promise<NameEar> {
  const [{ dictionary }, text] = await Promise.all([
    import('cmu-pronouncing-dictionary'),
    readFile(join(packageRoot(), PAIRS), 'utf8'),
  ]);
  const pairs = JSON.parse(text) as [name: string, heard: string][];
  const words: Pronunciations = { find: remembering(dictionary) };
  const compared = (name: string): ComparedName => toCompared(name, words);
  const channel = learnChannel(
    pairs.map(([said, heard]) => ({ said: pronounce(said, words), heard: pronounce(heard, words) })),
  );
  const statistics = nameStatistics(pairs.map(([name]) => compared(name)));
  return { model: { channel, statistics, weights: gramWeights(statistics) }, compared };
}

/** Words are read when they are asked for, each once. */
function remembering(dictionary: Readonly<Record<string, string>>): Pronunciations['find'] {
  const read = new Map<string, readonly number[]>();
  return (word) => {
    if (!Object.hasOwn(dictionary, word)) return undefined;
    let phones = read.get(word);
    if (phones === undefined) {
      phones = phonesOf(dictionary[word]!.replace(NO_PHONES, ''));
      read.set(word, phones);
    }
    return phones;
  };
}
