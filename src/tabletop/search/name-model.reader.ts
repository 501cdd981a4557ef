import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { packageRoot } from '../../platform/config/package-root.js';
import { gramWeights } from '../names/name-grams.js';
import { type ComparedName, nameStatistics, toCompared } from '../names/name-likeness.js';
import type { NameModel } from '../names/name-lookup.js';
import { phonesOf } from '../names/phones.js';
import { pronounce, type Pronunciations } from '../names/pronounce.js';
import { learnChannel } from '../names/sound-channel.js';

/** What names are compared by, and how texts become comparable. */
export interface NameEar {
  readonly model: NameModel;
  compared(text: string): ComparedName;
}

const PAIRS = 'seeds/tabletop/misheard-names.json';
/** Stress and remarks, which are of no use here. */
const NO_PHONES = /\d| #.*/g;

/**
 * The dictionary of English (134,000 words) and the channel that is learnt from the shipped pairs: half a second, at the first search of a
 * process; the same for all campaigns, so that what is common among their names changes nobody's answers.
 */
@Injectable()
export class NameModelReader {
  private ear: Promise<NameEar> | undefined;

  /** @throws Error when the shipped file cannot be read; the next call tries again */
  read(): Promise<NameEar> {
    this.ear ??= readEar().catch((error: unknown) => {
      this.ear = undefined;
      throw error;
    });
    return this.ear;
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
