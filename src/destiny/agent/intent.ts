import type { CatalystState } from '../catalysts/judge-catalyst.js';
import type { Activity } from '../catalysts/objective-kind.js';
import type { Element, Slot, WeaponType } from '../catalysts/weapon-terms.js';
import { foldText } from '../catalysts/weapon-name.js';
import { type NameIndex, type Named } from './name-index.js';

// What somebody wants to know, by the words of the question, without a model. The weapon is found first and its words are put aside,
// so that "Arc" of a name is no element; then the words that tell states and filters; then the first rule that holds decides. Rules
// are ordered from the narrow to the wide: "how long until" is an ETA though "until" might stand anywhere.

export const INTENTS = [
  'help',
  'age',
  'god_roll',
  'sheet',
  'roll',
  'eta',
  'history',
  'nearest',
  'next',
  'count',
  'missing',
  'summary',
  'progress',
  'weapons',
  'lookup',
] as const;
export type IntentKind = (typeof INTENTS)[number];

export interface IntentFilters {
  readonly weaponType: WeaponType | null;
  readonly element: Element | null;
  readonly slot: Slot | null;
  readonly state: CatalystState | null;
}

export interface Intent {
  readonly kind: IntentKind;
  /** The exotic that is spoken of. */
  readonly weapon: Named | null;
  readonly filters: IntentFilters;
  /** Is it catalysts that are asked for, or weapons. */
  readonly about: 'catalysts' | 'weapons';
  readonly activity: Activity | null;
  /** That somebody has got, minutes. */
  readonly minutes: number | null;
  /** What a count is to be told by. */
  readonly groupBy: 'element' | 'slot' | 'weaponType' | null;
  /** What is left when the words that say nothing are gone: a name that is no exotic's, what is looked for in a sheet. */
  readonly subject: string;
}

const RULES: readonly (readonly [IntentKind, RegExp])[] = [
  [
    'help',
    /^(?:help|hi|hello|hey)\b|\bwhat can (?:you|i (?:ask|say))\b|\bhow (?:do|does) (?:you|this|it) work\b|\bcommands\b/,
  ],
  [
    'age',
    /\bhow (?:old|fresh|recent|current)\b|\bage of\b|\bstale\b|\bout ?dated\b|\bup to date\b|\blast (?:update|updated|sync|synced|refresh|refreshed|read)\b|\b(?:re)?sync\b|\brefresh\b|\bupdate my\b|\bwhen (?:was|were|did) .*\b(?:updated?|synced|refreshed|read)\b/,
  ],
  [
    'god_roll',
    /\bgod ?rolls?\b|\bbest rolls?\b|\bperfect rolls?\b|\bwish ?lists?\b|\bwhat (?:roll|perks) (?:should|to)\b/,
  ],
  ['sheet', /\b(?:spread)?sheets?\b|\btier ?lists?\b|\bbest in slot\b|\bbis\b|\bendgame analysis\b/],
  [
    'roll',
    /\brolls?\b|\bperks?\b|\bdismantle\b|\bshard(?:ed)?\b|\bworth (?:keeping|it)\b|\bevaluate\b|\brate my\b|\bgrade\b|\bshould i keep\b|\bany good\b/,
  ],
  [
    'eta',
    /\beta\b|\bhow (?:much )?(?:long|longer|soon|many (?:days|hours|weeks))\b|\btime (?:left|remaining|needed)\b|\bwhen (?:will|do|can|am|would|could) i\b.*\b(?:finish|finished|done|complete|completed|have|get)\b|\bwhen (?:is|will) .*\b(?:done|finished|complete)\b|\bdays (?:left|until)\b/,
  ],
  [
    'history',
    /\bhistory\b|\bover time\b|\btrend\b|\btimeline\b|\bsince\b|\b(?:last|past|this) (?:\d+ )?(?:day|days|week|weeks|month|months)\b|\byesterday\b|\bchanged\b|\bhow (?:has|have|did) .*\b(?:go|gone|going|progressed|moved|change|developed?)\b/,
  ],
  [
    'nearest',
    /\bnearest\b|\bclosest\b|\balmost\b|\bnearly\b|\bnear (?:completion|complete|done)\b|\bclose to\b|\babout to (?:finish|complete)\b|\bfurthest\b|\bmost (?:complete|progress|advanced)\b|\bhighest\b/,
  ],
  [
    'next',
    /\bnext\b|\bshould i (?:do|work|play|use|grind|run|finish|farm|start|focus|go)\b|\bwhat (?:to|can i) (?:do|play|work|finish|grind|run)\b|\bplan\b|\brecommend\w*\b|\bsuggest\w*\b|\bprioriti[sz]e\b|\bfocus on\b|\btonight\b|\bi (?:have|ve|got|have got) (?:\d+|an|half an|one|two|three) (?:minutes?|mins?|hours?|h)\b|\bworth (?:doing|working|finishing)\b/,
  ],
  [
    'count',
    /\bhow many\b|\bcount\b|\bnumber of\b|\bper (?:element|slot|type)\b|\bby (?:element|slot|type)\b/,
  ],
  [
    'missing',
    /\bmissing\b|\b(?:do|did|have|has) ?n?o?t (?:have|got|found|own|owned|find|unlocked)\b|\b(?:dont|havent|didnt) (?:have|got|get|found|find|own|unlocked)\b|\black(?:ing)?\b|\bneed to (?:find|get)\b|\bunfound\b|\bnot (?:yet )?(?:found|unlocked)\b|\bleft to (?:find|get)\b|\bwhere (?:do|can) i (?:get|find)\b/,
  ],
  [
    'summary',
    /\bsummary\b|\bsummari[sz]e\b|\boverview\b|\btotals?\b|\boverall\b|\bhow am i doing\b|\bin general\b|\bstat(?:s|istics)\b/,
  ],
];

const TYPE_WORDS: readonly (readonly [WeaponType, RegExp])[] = [
  ['Linear Fusion Rifle', /\blinear fusion(?: rifle)?s?\b|\blinears?\b|\blfrs?\b/],
  ['Auto Rifle', /\bauto rifles?\b|\bautos?\b/],
  ['Combat Bow', /\b(?:combat )?bows?\b/],
  ['Fusion Rifle', /\bfusion(?: rifle)?s?\b/],
  ['Glaive', /\bglaives?\b/],
  ['Grenade Launcher', /\bgrenade launchers?\b|\bgls?\b/],
  ['Hand Cannon', /\bhand ?cannons?\b|\bhcs?\b/],
  ['Machine Gun', /\b(?:sub)?(?<!sub)machine ?guns?\b|\blmgs?\b|\bmgs?\b/],
  ['Pulse Rifle', /\bpulse(?: rifle)?s?\b/],
  ['Rocket Launcher', /\brocket launchers?\b|\brockets?\b/],
  ['Scout Rifle', /\bscout(?: rifle)?s?\b/],
  ['Shotgun', /\bshotguns?\b|\bshotties\b/],
  ['Sidearm', /\bside ?arms?\b/],
  ['Sniper Rifle', /\bsniper(?: rifle)?s?\b/],
  ['Submachine Gun', /\bsub ?machine ?guns?\b|\bsmgs?\b/],
  ['Sword', /\bswords?\b/],
  ['Trace Rifle', /\btrace(?: rifle)?s?\b/],
];

const SLOT_WORDS: readonly (readonly [Slot, RegExp])[] = [
  ['kinetic', /\bkinetic slot\b|\bprimary slot\b|\b(?:first|top) slot\b/],
  ['energy', /\benergy(?: slot| weapons?)?\b|\b(?:second|middle) slot\b/],
  ['power', /\bpower (?:slot|weapons?)\b|\bheav(?:y|ies)(?: slot| weapons?)?\b|\b(?:third|bottom) slot\b/],
];

const ELEMENT_WORDS: readonly (readonly [Element, RegExp])[] = [
  ['kinetic', /\bkinetics?\b/],
  ['arc', /\barc\b/],
  ['solar', /\bsolar\b/],
  ['void', /\bvoid\b/],
  ['stasis', /\bstasis\b/],
  ['strand', /\bstrand\b/],
];

const STATE_WORDS: readonly (readonly [CatalystState, RegExp])[] = [
  [
    'unavailable',
    /\bunavailable\b|\bnot available\b|\bcannot (?:get|complete)\b|\bcant (?:get|complete)\b|\bdlcs?\b|\bexpansions? .*own\b/,
  ],
  ['hidden', /\bhidden\b/],
  ['not_found', /\bmissing\b|\bnot (?:yet )?found\b|\bunfound\b|\bnot unlocked\b/],
  [
    'in_progress',
    /\bin progress\b|\bincomplete\b|\bunfinished\b|\bnot (?:yet )?(?:done|complete|completed|finished)\b|\bopen\b|\bstarted\b|\bongoing\b/,
  ],
  ['complete', /\bcompleted?\b|\bfinished\b|\bdone\b/],
];

const ACTIVITY_WORDS: readonly (readonly [Activity, RegExp])[] = [
  ['crucible', /\bcrucible\b|\bpvp\b|\btrials\b|\biron banner\b/],
  ['cabal', /\bcabal\b/],
  ['precision', /\bprecision\b|\bheadshots?\b/],
  ['multikills', /\bmulti ?kills?\b/],
  ['bounties', /\bbount(?:y|ies)\b/],
  ['table', /\breshap\w+\b|\benclave\b/],
  ['anywhere', /\banywhere\b|\bpve\b|\bstrikes?\b|\bvanguard\b/],
];

const GROUP_WORDS: readonly (readonly ['element' | 'slot' | 'weaponType', RegExp])[] = [
  ['element', /\b(?:per|by|each|every) (?:element|damage type)\b/],
  ['slot', /\b(?:per|by|each|every) slot\b/],
  ['weaponType', /\b(?:per|by|each|every) (?:weapon )?(?:type|kind|archetype)\b/],
];

const CATALYST_WORDS = /\bcatalysts?\b|\bexotics?\b/;
const WEAPON_WORDS =
  /\bweapons?\b|\bguns?\b|\bvault\b|\binventory\b|\barsenal\b|\brolls?\b|\bcopies\b|\bduplicates?\b/;
const PROGRESS_WORDS =
  /\bprogress\b|\bstatus\b|\bhow far\b|\bobjectives?\b|\bkills?\b|\bhow(?: i)?s (?:my|the)\b|\blist\b|\bshow\b|\bwhich\b|\bremaining\b/;
const LOOKUP_WORDS =
  /^(?:what|who) (?:is|are|s|does)\b|\bwhat does\b|\btell me about\b|\bdescribe\b|\bexplain\b|\bdefin(?:e|ition)\b|\bhash\b/;

/** Words that say nothing of a subject. They never stand for a name by themselves either. */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  (
    'a about all almost already am an and any anything are around as at available away be been before best better between bit bow bows by ' +
    'can cannon cannons catalyst catalysts chance close closest compare complete completed copies could count current currently day days ' +
    'did dismantle do does doing done dont each element elements enough eta evaluate every everything exotic exotics far farm find finish ' +
    'finished first focus for found fresh from fusion get give go god good got grade grenade grind guns gun had half hand has have havent ' +
    'heavy help her here his history hour hours how i if im in inventory is isnt it its ive keep kill kills kinetic know last launcher ' +
    'launchers left let like list long longer look machine many me mean middle minute minutes missing month months more most much my ' +
    'near nearest need needed next nice no not now number of old on one only open or other our out over own per perk perks plan play ' +
    'please power primary progress pulse rate really recommend remaining rifle rifles right rocket rockets roll rolls say scout search ' +
    'see sheet sheets should show sidearm sidearms since slot slots sniper snipers so some soon source stats status still strand stasis ' +
    'arc solar void such suggest summary sword swords tell than that the their them then there these they thing things this those time ' +
    'to today tonight too top total totals trace trend type types unavailable under until up update us use using vault want was way we ' +
    'weapon weapons week weeks were what whats when where which while who whole will wish wishlist with work working worth would yes ' +
    'yesterday yet you your shotgun shotguns submachine auto autos spreadsheet spreadsheets tier look lookup explain describe owned have ' +
    'called named entire copy copies ' +
    'energy crucible pve pvp hello hi hey okay ok make makes made might must may be against during because'
  ).split(' '),
);

/** @param words whatever somebody has written */
export function readIntent(words: string, names: NameIndex): Intent {
  const folded = foldText(words.slice(0, MOST_LETTERS));
  const match = names.find(folded);
  const text = match?.rest ?? folded;
  const weaponType = firstOf(TYPE_WORDS, text);
  const slot = firstOf(SLOT_WORDS, text);
  const slotless =
    slot === null ? text : SLOT_WORDS.reduce((rest, [, words]) => rest.replace(words, ' '), text);
  const about = aboutOf(text, match !== null);
  const kind = kindOf(text, match !== null, about);
  return {
    kind,
    weapon: match?.named ?? null,
    filters: {
      weaponType,
      slot,
      element: firstOf(ELEMENT_WORDS, slotless),
      state: kind === 'missing' ? 'not_found' : stateOf(kind, text),
    },
    about,
    activity: firstOf(ACTIVITY_WORDS, text),
    minutes: minutesOf(text),
    groupBy: firstOf(GROUP_WORDS, text),
    subject: subjectOf(withoutKinds(text)),
  };
}

const MOST_LETTERS = 1_000;

function kindOf(text: string, hasWeapon: boolean, about: Intent['about']): IntentKind {
  for (const [kind, words] of RULES) if (words.test(text)) return refined(kind, hasWeapon, about);
  if (hasWeapon) return 'progress';
  if (about === 'weapons') return 'weapons';
  if (CATALYST_WORDS.test(text) || PROGRESS_WORDS.test(text) || firstOf(STATE_WORDS, text) !== null)
    return CATALYST_WORDS.test(text) || !LOOKUP_WORDS.test(text) ? 'progress' : 'lookup';
  return LOOKUP_WORDS.test(text) ? 'lookup' : 'help';
}

/** Where the weapon is named, a list of all is not what is wanted. */
function refined(kind: IntentKind, hasWeapon: boolean, about: Intent['about']): IntentKind {
  if (hasWeapon && ['missing', 'summary', 'nearest'].includes(kind)) return 'progress';
  if (hasWeapon && kind === 'count' && about === 'catalysts') return 'progress';
  return kind;
}

function aboutOf(text: string, hasWeapon: boolean): Intent['about'] {
  if (/\bcatalysts?\b/.test(text)) return 'catalysts';
  if (WEAPON_WORDS.test(text)) return 'weapons';
  if (hasWeapon || CATALYST_WORDS.test(text) || firstOf(STATE_WORDS, text) !== null) return 'catalysts';
  return firstOf(TYPE_WORDS, text) === null ? 'catalysts' : 'weapons';
}

/** A question for what is nearest, or what is next, is about what is not done: "done" in it is no filter. */
function stateOf(kind: IntentKind, text: string): CatalystState | null {
  if (!['progress', 'count', 'summary'].includes(kind)) return null;
  return firstOf(STATE_WORDS, text);
}

function firstOf<T>(words: readonly (readonly [T, RegExp])[], text: string): T | null {
  return words.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}

const NUMBER_WORDS: Readonly<Record<string, number>> = { an: 1, a: 1, one: 1, two: 2, three: 3, half: 0.5 };
const MOST_MINUTES = 1_440;

function minutesOf(text: string): number | null {
  const found = /\b(\d{1,4}|half an|an|one|two|three) ?(minutes?|mins?|hours?|hrs?|h)\b/.exec(text);
  if (found === null) return null;
  const [, amount = '', unit = ''] = found;
  const count = NUMBER_WORDS[amount.split(' ')[0] ?? ''] ?? Number(amount);
  const minutes = unit.startsWith('m') ? count : count * 60;
  return minutes > 0 ? Math.min(MOST_MINUTES, Math.round(minutes)) : null;
}

/** Without the words that filters were read from. */
function withoutKinds(text: string): string {
  return [...TYPE_WORDS, ...SLOT_WORDS, ...ELEMENT_WORDS].reduce(
    (rest, [, pattern]) => rest.replace(new RegExp(pattern, 'g'), ' '),
    text,
  );
}

const MOST_SUBJECT = 100;

function subjectOf(text: string): string {
  return text
    .split(' ')
    .filter((word) => word.length > 1 && !COMMON_WORDS.has(word))
    .join(' ')
    .slice(0, MOST_SUBJECT);
}
