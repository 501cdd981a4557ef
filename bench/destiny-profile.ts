// one full profile of Bungie, from bytes to what is to be written of it, against JSON.parse of the same bytes
import { readEnvelope } from '../src/destiny/bungie/read-envelope.js';
import type { ProfileSnapshot } from '../src/destiny/bungie/profile-snapshot.js';
import { readProfile } from '../src/destiny/bungie/read-profile.js';
import { shippedCatalog } from '../src/destiny/catalysts/catalog.reader.js';
import { judgeCatalyst } from '../src/destiny/catalysts/judge-catalyst.js';
import { advanceStatus, type StoredStatus } from '../src/destiny/profiles/advance-status.js';
import { digestUuid } from '../src/platform/crypto/digest.js';
import { contentOf, isWeapon } from '../src/destiny/profiles/weapon-content.js';
import { profileText } from './support/destiny-profile.js';
import { type Figures, runBenchmark } from './support/run-benchmark.js';
import { median, printVariant, ratios } from './support/statistics.js';

// Ours: envelope, snapshot, and the difference to what is stored: the state of each catalyst and the digest of each weapon, as the store of a
// profile compares them. The profile is the stored one, so nothing may come out as changed; one number more must come out as one catalyst.
// Reference: the text and JSON.parse alone, which whoever reads profiles pays. Both in turn in one process, by its CPU time.

const KEY = { membershipType: 3, membershipId: '4611686018400000001' };
const ASKED = { ...KEY, receivedAtMs: Date.parse('2026-06-09T17:00:05Z') };
const PROFILES_PER_ROUND = { quick: 10, full: 40 };

interface Stored {
  readonly statuses: ReadonlyMap<number, StoredStatus>;
  readonly weapons: ReadonlyMap<string, string>;
}

const read = (bytes: Buffer): ProfileSnapshot =>
  readProfile(readEnvelope(200, bytes.toString(), true), ASKED);

/** What is to be written of it. */
function difference(
  snapshot: ProfileSnapshot,
  stored: Stored,
): { steps: StoredStatus[]; weapons: [string, string][] } {
  const minutesPlayed = snapshot.characters.reduce((sum, character) => sum + character.minutesPlayed, 0);
  const reading = { mintedAt: new Date(snapshot.recordsMintedAtMs), minutesPlayed };
  const steps = shippedCatalog().catalysts.flatMap((facts) => {
    const status = judgeCatalyst(snapshot, facts);
    return advanceStatus(stored.statuses.get(facts.recordHash), status, reading)?.row ?? [];
  });
  const weapons = snapshot.items
    .filter(isWeapon)
    .map((item): [string, string] => [item.itemInstanceId, digestUuid(contentOf(item))])
    .filter(([id, digest]) => stored.weapons.get(id) !== digest);
  return { steps, weapons };
}

function storedOf(snapshot: ProfileSnapshot): Stored {
  const { steps, weapons } = difference(snapshot, { statuses: new Map(), weapons: new Map() });
  return { statuses: new Map(steps.map((row) => [row.recordHash, row])), weapons: new Map(weapons) };
}

function cpuMs(work: () => void, times: number): number {
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / times;
}

await runBenchmark('destiny-profile', ({ isQuick, seed, rounds }): Promise<Figures> => {
  const hashes = shippedCatalog().catalysts.map(({ recordHash }) => recordHash);
  const text = profileText(seed, KEY, hashes);
  const bytes = Buffer.from(text);
  const first = read(bytes);
  const stored = storedOf(first);
  console.log(
    `  ${(bytes.length / 1e6).toFixed(2)} MB, ${first.items.length} items, ${first.profileRecords.size} records, ` +
      `${stored.statuses.size} catalysts, ${stored.weapons.size} weapons`,
  );
  const moved = { ...first, profileRecords: new Map(first.profileRecords) };
  const before = first.profileRecords.get(hashes[0]!)!;
  const objectives = before.objectives.map((objective) => ({
    ...objective,
    isComplete: false,
    progress: (objective.progress! + 1) % 600,
  }));
  moved.profileRecords.set(hashes[0]!, { ...before, state: 4, objectives });
  if (difference(moved, stored).steps.length !== 1) throw new Error('A catalyst that moved is not seen');

  let changed = 0;
  let parsed = 0;
  const times = PROFILES_PER_ROUND[isQuick ? 'quick' : 'full'];
  const variants = {
    ours: (): void => {
      const { steps, weapons } = difference(read(bytes), stored);
      changed += steps.length + weapons.length;
    },
    read: (): void => {
      parsed += read(bytes).items.length;
    },
    parse: (): void => {
      parsed += Object.keys(JSON.parse(bytes.toString()) as object).length;
    },
  };
  const measured = { ours: [] as number[], read: [] as number[], parse: [] as number[] };
  for (const work of Object.values(variants)) cpuMs(work, times); // warm
  for (let round = 0; round < rounds; round += 1)
    for (const name of ['ours', 'read', 'parse'] as const) measured[name].push(cpuMs(variants[name], times));
  if (changed > 0 || parsed === 0) throw new Error(`${changed} changes of a profile that has not changed`);
  printVariant('ours: text to difference', 'ms', measured.ours);
  printVariant('of it text to snapshot', 'ms', measured.read);
  printVariant('JSON.parse alone', 'ms', measured.parse);
  return Promise.resolve({
    cpu_ms: median(measured.ours),
    read_cpu_ms: median(measured.read),
    ratio_to_json_parse: median(ratios(measured.ours, measured.parse)),
    profile_mb: bytes.length / 1e6,
    changed,
  });
});
