import type { Answer } from '../support/api-client.js';
import type { Person } from '../support/people.js';
import { plantWorld } from './tabletop-world-secrets.js';
import { plantSearch } from './tabletop-search-stories.js';
import { plantGenerations } from './tabletop-generation-stories.js';
import { plantTables } from './tabletop-table-stories.js';

const TABLETOP = '/api/v1/tabletop';

export type MasterCall = (method: string, path: string, body?: object) => Promise<Answer>;

export interface PlantedSecrets {
  /** Each stands in one place that others than masters may not see. */
  readonly words: readonly string[];
  /** Those of them that are sealed at rest. */
  readonly sealed: readonly string[];
  /** Names of secrets' fields. */
  readonly fields: readonly string[];
  /** Of everything in the campaign, hidden or not. */
  readonly ids: readonly string[];
  /** A secret's word with one of the same shape that stands nowhere. */
  readonly alike: readonly (readonly [word: string, nonsense: string])[];
}

/** What rooms add: more things with secrets in them, made by the campaign's master. */
export interface Planting {
  readonly campaignId: string;
  readonly people: Readonly<Record<'player' | 'observer' | 'stranger', Person>>;
  /** A new word; hidden from all but masters. */
  readonly word: (place: string) => string;
  /** A new word that is stored sealed. */
  readonly sealedWord: (place: string) => string;
  /** Makes something and remembers its id. @throws Error when it is refused */
  readonly make: (path: string, body: object) => Promise<string>;
  /** Any other call of the master's. @throws Error when it is refused */
  readonly call: MasterCall;
  /** Remembers a field of secrets. */
  readonly field: (name: string) => string;
}

/** Plants of each room; a room adds its own here. */
const ROOMS: readonly ((planting: Planting) => Promise<void>)[] = [
  plantCore,
  plantWorld,
  plantSearch,
  plantTables,
  plantGenerations,
];

const SYLLABLES = ['zor', 'vek', 'qua', 'mir', 'thul', 'bax', 'nyr', 'osh', 'gral', 'ipt', 'wend', 'ulm'];

/** Words that sound like names, so that searches by sound might find them. */
function secretWord(at: number): string {
  const pick = (by: number): string => SYLLABLES[Math.floor(at / by) % SYLLABLES.length]!;
  return `${pick(1)}${pick(12)}${pick(144)}x${String.fromCodePoint(97 + (at % 26))}th${at}`;
}

export async function plantTabletopSecrets(
  master: MasterCall,
  campaignId: string,
  people: Planting['people'],
): Promise<PlantedSecrets> {
  const [words, sealed, fields, ids]: [string[], string[], string[], string[]] = [[], [], [], []];
  const checked = async (method: string, path: string, body?: object): Promise<Answer> => {
    const answer = await master(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  };
  const planting: Planting = {
    campaignId,
    people,
    word: () => {
      words.push(secretWord(words.length));
      return words.at(-1)!;
    },
    sealedWord: () => {
      words.push(secretWord(words.length));
      sealed.push(words.at(-1)!);
      return words.at(-1)!;
    },
    make: async (path, body) => {
      const { json } = await checked('POST', path, body);
      const { id } = json as { id: string };
      ids.push(id);
      return id;
    },
    call: checked,
    field: (name) => {
      fields.push(name);
      return name;
    },
  };
  for (const plant of ROOMS) await plant(planting);
  const alike = words.slice(0, 12).map((word, at) => [word, secretWord(1_000 + at)] as const);
  return { words, sealed, fields, ids, alike };
}

/** Objects that masters keep to themselves, with every text of theirs; secrets of objects that all see; what was deleted. */
async function plantCore({
  campaignId,
  people,
  word,
  sealedWord,
  make,
  call,
  field,
}: Planting): Promise<void> {
  const notes = `${TABLETOP}/campaigns/${campaignId}/notes`;
  await make(notes, {
    name: word('name'),
    summary: word('summary'),
    body: `It was ${word('body')} all along.`,
    tags: [word('tag')],
    aliases: [word('alias')],
  });
  await make(notes, { name: word('members'), visibility: 'members', shownTo: [] });
  const open = await make(notes, { name: 'The open inn', visibility: 'party', body: 'Known to all.' });
  const secrets = (id: string): string => `${TABLETOP}/objects/${id}/secrets`;
  await call('PUT', `${secrets(open)}/${field('owner')}`, { text: sealedWord('secret') });
  await call('PUT', `${secrets(open)}/${field('cellar')}`, { text: `Below lies ${sealedWord('secret')}.` });
  const deleted = await make(notes, { name: word('deleted'), visibility: 'party' });
  await call('DELETE', `${TABLETOP}/notes/${deleted}`);
  const changed = await make(notes, { name: word('former-name'), visibility: 'gm' });
  await call('PATCH', `${TABLETOP}/notes/${changed}`, { name: 'Now known', visibility: 'party' });
  const taken = await make(notes, { name: word('taken-back') });
  const { json } = await call('POST', `${TABLETOP}/campaigns/${campaignId}/grants`, {
    objectId: taken,
    userId: people.player.id,
    level: 'read',
  });
  await call('DELETE', `${TABLETOP}/campaigns/${campaignId}/grants/${(json as { id: string }).id}`);
}
