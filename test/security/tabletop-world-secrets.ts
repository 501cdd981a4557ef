import { aUvtt } from '../support/uvtt-files.js';
import type { Planting } from './tabletop-secrets.js';

const TABLETOP = '/api/v1/tabletop';
const PARTY = { visibility: 'party' } as const;

/**
 * What the world of a campaign hides: places between and beside those that all see, ways, who was where, what sessions and events held, threads with
 * what they wait for, milestones and hooks, and what lies on maps.
 */
export async function plantWorld({ campaignId, word, make, call }: Planting): Promise<void> {
  const list = (kind: string): string => `${TABLETOP}/campaigns/${campaignId}/${kind}`;
  const at = (kind: string, id: string, end: string): string => `${TABLETOP}/${kind}/${id}/${end}`;

  const city = await make(list('locations'), { name: 'The open city', ...PARTY });
  const traits = { weather: word('weather'), hazards: { items: [word('hazard')] } };
  const lair = await make(list('locations'), { name: word('lair'), parentId: city, details: { traits } });
  const cellar = await make(list('locations'), { name: 'The cellar', parentId: lair, ...PARTY });
  const gate = await make(list('locations'), { name: 'The gate', parentId: city, ...PARTY });
  const way = (toId: string, more: object): Promise<string> =>
    make(at('locations', cellar, 'edges'), { toId, distanceM: 1, ...more });
  await way(gate, { type: word('way'), note: word('way-note') });
  await way(lair, { type: word('way-to-lair'), ...PARTY });

  const evening = await make(list('sessions'), {
    name: 'An evening',
    ...PARTY,
    details: { day: 10, heldOn: '2026-01-05' },
  });
  const scenes = [{ title: word('scene'), text: word('scene-text') }];
  const planned = await make(list('sessions'), { name: word('session'), details: { day: 12, scenes } });
  const visits = at('locations', gate, 'visits');
  await make(visits, { objectId: evening, note: word('visit'), day: 11 });
  await make(visits, { objectId: planned, note: word('visit-of-hidden'), ...PARTY });
  await make(at('sessions', evening, 'appearances'), { objectId: lair, note: word('appearance'), ...PARTY });
  await make(at('sessions', evening, 'appearances'), { objectId: gate, note: word('hidden-appearance') });

  await make(list('events'), { name: word('event'), parentId: gate, details: { day: 11 } });
  await make(list('events'), { name: 'The rite', parentId: lair, ...PARTY, details: { day: 11 } });

  const [bell, betrayal] = [
    await make(list('plots'), { name: 'The bell', ...PARTY }),
    await make(list('plots'), { name: word('plot') }),
  ];
  await make(at('plots', bell, 'dependencies'), { plotId: betrayal });
  await make(at('plots', bell, 'milestones'), { title: word('milestone'), isDone: true, doneIn: evening });
  await make(at('plots', betrayal, 'milestones'), { title: word('milestone-of-hidden'), ...PARTY });
  const hook = {
    title: word('hook'),
    note: word('hook-note'),
    plantedIn: evening,
    dueSession: 2,
    isDone: true,
    doneDay: 13,
  };
  await make(at('plots', bell, 'foreshadowing'), hook);
  await call('PUT', at('plots', bell, 'progress'), { sessionId: planned, note: word('progress') });

  const upload = `${list('maps')}/import/uvtt?name=The%20cellar%20map&visibility=party&locationId=${cellar}`;
  const map = await make(upload, Buffer.from(JSON.stringify(aUvtt())));
  await make(at('maps', map, 'markers'), {
    kind: 'pin',
    name: word('pin'),
    note: word('pin-note'),
    x: 1,
    y: 1,
  });
  const token = {
    _id: 'abcdefgh12345678',
    name: 'Guard',
    x: 0,
    y: 0,
    hidden: false,
    delta: { name: word('foundry') },
  };
  const hidden = { ...token, _id: 'abcdefgh12345679', name: word('token'), hidden: true };
  const scene = { grid: { size: 10 }, tokens: [token, hidden] };
  await call('POST', at('maps', map, 'tokens/import/foundry'), { scene });
}
