// Actors in the shape that Foundry's dnd5e system writes (documented by its public sample heroes), made up here: one of each kind that an
// import has to understand.

const stats = (source: string | null = null): object => ({
  compendiumSource: source,
  duplicateSource: null,
  coreVersion: '12.331',
  systemId: 'dnd5e',
  systemVersion: '4.0.0',
  createdTime: null,
  modifiedTime: null,
  lastModifiedBy: null,
});

const item = (id: string, name: string, type: string, system: object, more: object = {}): object => ({
  _id: id,
  name,
  type,
  img: `icons/${type}.webp`,
  system: {
    description: { value: `<p>${name}, as the book says.</p>`, chat: '' },
    source: { book: 'SRD 5.1', license: 'CC-BY-4.0', rules: '2014' },
    ...system,
  },
  effects: [],
  flags: {},
  folder: null,
  sort: 100_000,
  ownership: { default: 0 },
  _stats: stats(),
  ...more,
});

const ability = (value: number, proficient = 0): object => ({
  value,
  proficient,
  max: null,
  bonuses: { check: '', save: '' },
});
const skill = (value: number, of: string): object => ({
  value,
  ability: of,
  bonuses: { check: '', passive: '' },
  roll: { min: null, max: null, mode: 0 },
});

/** A druid with spells, features, a pack with things in it, an amulet that nobody has identified, effects and flags of modules. */
export function aFoundryHero(): Record<string, unknown> {
  return {
    _id: 'hERo0000000druid',
    name: 'Brannoch Thistlewind',
    type: 'character',
    img: 'tokens/brannoch.webp',
    system: {
      abilities: {
        str: ability(10),
        dex: ability(14),
        con: ability(13),
        int: ability(12, 1),
        wis: ability(17, 1),
        cha: ability(8),
      },
      attributes: {
        ac: { flat: null, calc: 'default', formula: '' },
        hp: { value: 21, max: null, temp: 3, tempmax: null, bonuses: { level: '', overall: '' } },
        init: { ability: '', bonus: '0', roll: { min: null, max: null, mode: 0 } },
        movement: { burrow: null, climb: null, fly: null, swim: 30, walk: 30, units: null, hover: false },
        attunement: { max: 3 },
        senses: {
          darkvision: 60,
          blindsight: null,
          tremorsense: null,
          truesight: null,
          units: null,
          special: '',
        },
        spellcasting: 'wis',
        death: { success: 0, failure: 1 },
        exhaustion: 1,
        inspiration: true,
        concentration: { ability: '', limit: 1 },
      },
      details: {
        biography: {
          value: '<p>Was once a spy of the <strong>Ashen Court</strong>.</p><script>alert(1)</script>',
          public: '<p>Keeps bees.</p><p>Talks to them, <em>too</em>.</p>',
        },
        alignment: 'Neutral Good',
        race: 'SPeCIes000000elf',
        background: 'BaCKgR0und000her',
        originalClass: 'CLass00000000dru',
        xp: { value: 2_700 },
        appearance: 'Tall & thin',
        trait: 'Hums.',
        ideal: '',
        bond: 'The hive.',
        flaw: '',
        gender: 'he',
      },
      traits: {
        size: 'med',
        di: { value: [], bypasses: [], custom: '' },
        dr: { value: ['cold'], bypasses: ['mgc'], custom: 'bee stings' },
        dv: { value: [], bypasses: [], custom: '' },
        ci: { value: ['charmed'], custom: '' },
        languages: { value: ['common', 'druidic', 'elvish'], custom: 'Bee Dance; Thieves’ Cant' },
        weaponProf: { value: ['sim'], custom: '', mastery: { value: [], bonus: [] } },
        armorProf: { value: ['lgt', 'med', 'shl'], custom: '' },
        dm: { amount: {}, bypasses: [] },
      },
      currency: { pp: 0, gp: 14, ep: 0, sp: 3, cp: 7 },
      skills: {
        acr: skill(0, 'dex'),
        ani: skill(2, 'wis'),
        nat: skill(1, 'int'),
        prc: skill(1, 'wis'),
        ste: skill(0.5, 'dex'),
      },
      tools: { herb: { value: 1, ability: 'wis', bonuses: { check: '' } } },
      spells: {
        spell1: { value: 2, override: null },
        spell2: { value: 1, override: 3 },
        pact: { value: 0, override: null },
      },
      bonuses: { mwak: { attack: '', damage: '' } },
      resources: { primary: { value: 2, max: 2, sr: true, lr: true, label: 'Wild Shape' } },
      favorites: [{ type: 'item', id: '.Item.WEap0n0000scimi', sort: 1 }],
    },
    prototypeToken: {
      name: 'Brannoch',
      actorLink: true,
      texture: { src: 'tokens/brannoch.webp' },
      flags: {},
    },
    items: [
      item('CLass00000000dru', 'Druid', 'class', {
        identifier: 'druid',
        levels: 3,
        hitDice: 'd8',
        hitDiceUsed: 0,
        advancement: [{ _id: 'a1', type: 'HitPoints', value: { 1: 'max', 2: 'avg', 3: 5 } }],
        spellcasting: { progression: 'full', ability: 'wis' },
      }),
      item('SUbcLass0000land', 'Circle of the Land', 'subclass', {
        identifier: 'circle-of-the-land',
        classIdentifier: 'druid',
      }),
      item('SPeCIes000000elf', 'Wood Elf', 'race', { identifier: 'wood-elf', movement: { walk: 35 } }),
      item('BaCKgR0und000her', 'Hermit', 'background', { identifier: 'hermit' }),
      item('SPeLL0000000goo1', 'Goodberry', 'spell', {
        level: 1,
        school: 'trs',
        preparation: { mode: 'prepared', prepared: true },
      }),
      item('SPeLL0000000thu1', 'Thunderwave', 'spell', {
        level: 1,
        school: 'evo',
        preparation: { mode: 'prepared', prepared: false },
      }),
      item('FeAT0000000wild1', 'Wild Shape', 'feat', {
        type: { value: 'class', subtype: '' },
        uses: { max: '2' },
      }),
      item('FeAT000000trance', 'Trance', 'feat', { type: { value: 'race', subtype: '' } }),
      item(
        'WEap0n0000scimi1',
        'Scimitar',
        'weapon',
        { quantity: 1, weight: { value: 3, units: 'lb' }, equipped: true, attuned: false, container: null },
        {
          effects: [
            {
              _id: 'eff1',
              name: 'Poisoned blade',
              changes: [{ key: 'system.bonuses.mwak.damage', value: '1d4' }],
            },
          ],
          flags: { midi: { onUse: 'macro', deep: { er: [1, 2, { 3: null }] } } },
        },
      ),
      item('EQuip000leather1', 'Leather Armor', 'equipment', {
        quantity: 1,
        weight: { value: 5, units: 'kg' },
        equipped: true,
        armor: { value: 11, dex: null },
        type: { value: 'light', baseItem: 'leather' },
      }),
      item('EQuip00000shield', 'Wooden Shield', 'equipment', {
        quantity: 1,
        weight: { value: 6, units: 'lb' },
        equipped: true,
        armor: { value: 2 },
        type: { value: 'shield' },
      }),
      item('CoNT0000backpack', 'Backpack', 'container', {
        quantity: 1,
        weight: { value: 5, units: 'lb' },
        capacity: { type: 'weight', value: 30 },
      }),
      item('LooT0000000honey', 'Jar of Honey', 'loot', {
        quantity: 4,
        weight: { value: 0.5, units: 'lb' },
        container: 'CoNT0000backpack',
        price: { value: 5, denomination: 'sp' },
      }),
      item('EQuip0000amulet1', 'Amulet of the Ashen Court', 'equipment', {
        quantity: 1,
        identified: false,
        unidentified: { name: 'Sooty amulet', description: '<p>Warm to the touch.</p>' },
        attunement: 'required',
        attuned: true,
      }),
      item('FaCiLiTy00000001', 'Apiary', 'facility', { level: 5 }),
    ],
    effects: [{ _id: 'blessed000000001', name: 'Blessed', disabled: true, changes: [], flags: {} }],
    folder: null,
    sort: 0,
    flags: { core: { sheetClass: 'dnd5e.ActorSheet5eCharacter2' }, 'a-module': { notes: ['x', { y: 1 }] } },
    ownership: { default: 0 },
    _stats: stats(),
    _key: '!actors!hERo0000000druid',
  };
}

/** A creature, whose armour class and hit points stand in it. */
export function aFoundryCreature(): Record<string, unknown> {
  return {
    _id: 'npC00000000wyrm1',
    name: 'Bog Wyrm',
    type: 'npc',
    img: 'tokens/wyrm.webp',
    system: {
      abilities: {
        str: ability(19),
        dex: ability(12, 1),
        con: ability(17, 1),
        int: ability(6),
        wis: ability(11, 1),
        cha: ability(8),
      },
      attributes: {
        ac: { flat: 15, calc: 'natural', formula: '' },
        hp: { value: 75, max: 75, temp: 0, tempmax: 0, formula: '10d8 + 30' },
        movement: { walk: 20, swim: 40, burrow: 10, climb: 0, fly: 0, units: 'ft', hover: false },
        senses: { darkvision: 60, blindsight: 10, tremorsense: 0, truesight: 0, units: 'ft', special: '' },
        spellcasting: '',
      },
      details: {
        biography: { value: '<p>Guards the drowned gate.</p>', public: '' },
        alignment: 'Unaligned',
        cr: 0.25,
        type: { value: 'dragon', subtype: 'bog', swarm: '', custom: '' },
        habitat: { value: [{ type: 'swamp' }], custom: '' },
        treasure: { value: ['any'] },
        race: null,
      },
      traits: {
        size: 'lg',
        dr: { value: ['acid'], bypasses: [], custom: '' },
        di: { value: ['poison'], bypasses: [], custom: '' },
        dv: { value: [], bypasses: [], custom: '' },
        ci: { value: ['poisoned'], custom: '' },
        languages: { value: [], custom: 'understands Draconic' },
      },
      currency: { pp: 0, gp: 0, ep: 0, sp: 0, cp: 0 },
      skills: { ste: skill(1, 'dex'), prc: skill(0, 'wis') },
      spells: {},
      resources: {
        legact: { value: 3, max: 3 },
        legres: { value: 0, max: 0 },
        lair: { value: false, initiative: null },
      },
    },
    prototypeToken: { name: 'Bog Wyrm', actorLink: false, width: 2, height: 2 },
    items: [
      item('FeAT0000000bite1', 'Bite', 'weapon', {
        equipped: true,
        quantity: 1,
        damage: { base: { number: 2, denomination: 6 } },
      }),
      item('FeAT0000multiatt', 'Multiattack', 'feat', { type: { value: 'monster', subtype: '' } }),
    ],
    effects: [],
    flags: {},
    _stats: stats('Compendium.world.bog.Actor.npC00000000wyrm1'),
  };
}

/** As versions before 3 of the system wrote it: plain weights, prepared and attuned in the old places, no ids of items. */
export function anOldFoundryHero(): Record<string, unknown> {
  return {
    name: 'Old Marta',
    type: 'character',
    system: {
      abilities: {
        str: ability(8),
        dex: ability(10),
        con: ability(10),
        int: ability(10),
        wis: ability(10),
        cha: ability(16, 1),
      },
      attributes: {
        ac: { flat: 13, calc: 'flat' },
        hp: { value: 9, min: 0, max: 9, temp: null },
        movement: { walk: 25 },
      },
      details: { biography: { value: '', public: '' }, race: 'Halfling', background: 'Sailor', level: 1 },
      traits: { size: 'sm', languages: { value: ['common'], custom: '' } },
      currency: { gp: 2 },
      skills: {},
    },
    items: [
      { name: 'Warlock', type: 'class', system: { levels: 1, hitDice: 'd8' } },
      { name: 'Rope', type: 'backpack', system: { quantity: 1, weight: 10, attunement: 0 } },
      { name: 'Ring', type: 'equipment', system: { quantity: 1, weight: 0, attunement: 2, equipped: true } },
    ],
    flags: {},
  };
}

export const FOUNDRY_SAMPLES: readonly [string, () => Record<string, unknown>][] = [
  ['a hero', aFoundryHero],
  ['a creature', aFoundryCreature],
  ['a hero of an old version', anOldFoundryHero],
];
