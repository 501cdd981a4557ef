// A character in the shape in which D&D Beyond gives them out, made up here. Numbers of kinds (entityTypeId) are the ones that its readers in
// public go by.

const SKILL = 1_958_004_211;
const SAVE = 1_472_902_489;
const ARMOR = 174_869_515;
const WEAPON = 1_782_728_300;
const TOOL = 2_103_445_194;

let nextId = 1;
const modifier = (type: string, subType: string, more: object = {}): object => ({
  id: `m${(nextId += 1)}`,
  type,
  subType,
  friendlyTypeName: type,
  friendlySubtypeName: subType
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' '),
  value: null,
  fixedValue: null,
  statId: null,
  entityTypeId: null,
  componentId: 900,
  isGranted: true,
  ...more,
});

const stats = (values: readonly (number | null)[]): object[] =>
  values.map((value, at) => ({ id: at + 1, name: null, value }));

/** A paladin 5 / sorcerer 2: chain mail, shield, a cloak that is worn and a belt that is not. */
export function aBeyondSheet(): {
  id: number;
  success: boolean;
  message: string;
  data: Record<string, unknown>;
} {
  nextId = 1;
  return {
    id: 0,
    success: true,
    message: 'Character successfully received.',
    data: {
      id: 70_001_234,
      readonlyUrl: 'https://example.org/characters/70001234',
      avatarUrl: 'https://example.org/avatar.png',
      themeColor: { themeColor: '#123456' },
      name: 'Ser Ysolde Marrow',
      username: 'a player',
      gender: 'she',
      inspiration: true,
      baseHitPoints: 48,
      bonusHitPoints: null,
      overrideHitPoints: null,
      removedHitPoints: 10,
      temporaryHitPoints: 5,
      currentXp: 23_500,
      alignmentId: 1,
      stats: stats([16, 10, 14, 8, 12, 16]),
      bonusStats: stats([null, null, null, null, 1, null]),
      overrideStats: stats([null, null, null, 9, null, null]),
      background: {
        hasCustomBackground: false,
        definition: {
          name: 'Noble',
          featureName: 'Position of Privilege',
          featureDescription: '<p>People think the best of you.</p>',
        },
        customBackground: { name: null },
      },
      race: {
        fullName: 'Half-Elf',
        baseName: 'Elf',
        size: 'Medium',
        weightSpeeds: { normal: { walk: 30, fly: 0, burrow: 0, swim: 0, climb: 0 } },
        racialTraits: [
          {
            definition: {
              id: 801,
              name: 'Fey Ancestry',
              description: '<p>Magic can’t put you to sleep.</p>',
            },
          },
        ],
      },
      notes: {
        allies: '<p>The bees of Brannoch</p>',
        backstory: 'Left the court at nineteen.\n\nNever said why.',
        enemies: null,
        otherNotes: '',
      },
      traits: {
        personalityTraits: 'Polite to a fault.',
        ideals: 'Duty',
        bonds: null,
        flaws: 'Proud',
        appearance: null,
      },
      currencies: { cp: 1, sp: 22, gp: 130, ep: 0, pp: 2 },
      conditions: [{ id: 4, level: 2 }],
      classes: [
        {
          id: 501,
          level: 5,
          isStartingClass: true,
          definition: {
            id: 1,
            name: 'Paladin',
            hitDice: 10,
            canCastSpells: true,
            spellCastingAbilityId: 6,
            spellRules: { multiClassSpellSlotDivisor: 2 },
            classFeatures: [{ id: 901, name: 'Divine Sense' }],
          },
          subclassDefinition: {
            id: 2,
            name: 'Oath of the Hive',
            classFeatures: [{ id: 902, name: 'Swarm' }],
          },
          classFeatures: [
            {
              definition: {
                id: 901,
                name: 'Divine Sense',
                description: '<p>You know the <strong>presence</strong>.</p>',
                requiredLevel: 1,
              },
            },
            { definition: { id: 903, name: 'Aura of Protection', description: 'Later.', requiredLevel: 6 } },
          ],
        },
        {
          id: 502,
          level: 2,
          definition: {
            id: 3,
            name: 'Sorcerer',
            hitDice: 6,
            canCastSpells: true,
            spellCastingAbilityId: 6,
            spellRules: { multiClassSpellSlotDivisor: 1 },
            classFeatures: [{ id: 904, name: 'Draconic Resilience' }],
          },
          subclassDefinition: null,
          classFeatures: [],
        },
      ],
      feats: [{ definition: { id: 701, name: 'Tough', description: 'Harder to kill.' } }],
      inventory: [
        item(
          11,
          'Chain Mail',
          { id: 311, filterType: 'Armor', armorTypeId: 3, armorClass: 16, weight: 55 },
          { equipped: true },
        ),
        item(
          12,
          'Shield',
          { id: 312, filterType: 'Armor', armorTypeId: 4, armorClass: 2, weight: 6 },
          { equipped: true },
        ),
        item(
          13,
          'Cloak of Protection',
          { id: 313, filterType: 'Wondrous item', canAttune: true, weight: 0 },
          { equipped: true, isAttuned: true },
        ),
        item(
          14,
          'Belt of Giants',
          { id: 314, filterType: 'Wondrous item', canAttune: true },
          { equipped: true, isAttuned: false },
        ),
        item(
          15,
          'Arrows',
          { id: 315, filterType: 'Other Gear', weight: 1, bundleSize: 20 },
          { quantity: 40, containerEntityId: 16 },
        ),
        item(
          16,
          'Quiver',
          { id: 316, filterType: 'Other Gear', isContainer: true, weight: 1 },
          { containerEntityId: 70_001_234 },
        ),
      ],
      customItems: [
        { id: 21, name: 'Marrow signet', description: 'Her mother’s.', quantity: 1, weight: null },
      ],
      modifiers: {
        race: [
          modifier('bonus', 'charisma-score', { value: 2 }),
          modifier('sense', 'darkvision', { value: 60 }),
          modifier('language', 'elvish'),
        ],
        class: [
          modifier('proficiency', 'wisdom-saving-throws', { entityTypeId: SAVE }),
          modifier('proficiency', 'charisma-saving-throws', { entityTypeId: SAVE }),
          modifier('proficiency', 'athletics', { entityTypeId: SKILL }),
          modifier('proficiency', 'heavy-armor', { entityTypeId: ARMOR }),
          modifier('proficiency', 'martial-weapons', { entityTypeId: WEAPON }),
          modifier('bonus', 'hit-points-per-level', { value: 1, componentId: 904 }),
        ],
        background: [
          modifier('proficiency', 'history', { entityTypeId: SKILL }),
          modifier('expertise', 'persuasion', { entityTypeId: SKILL }),
          modifier('proficiency', 'persuasion', { entityTypeId: SKILL }),
          modifier('proficiency', 'dragonchess-set', { entityTypeId: TOOL }),
        ],
        item: [
          modifier('bonus', 'armor-class', { value: 1, componentId: 313 }),
          modifier('bonus', 'saving-throws', { value: 1, componentId: 313 }),
          modifier('set', 'strength-score', { value: 29, componentId: 314 }),
        ],
        feat: [modifier('bonus', 'hit-points-per-level', { value: 2, componentId: 701 })],
        condition: [modifier('immunity', 'charmed'), modifier('resistance', 'cold')],
      },
      spells: {
        race: [
          {
            id: 1,
            prepared: false,
            alwaysPrepared: true,
            definition: { id: 41, name: 'Light', level: 0, description: '<p>It shines.</p>' },
          },
        ],
        class: [],
        background: null,
        item: [],
        feat: [],
      },
      classSpells: [
        {
          characterClassId: 501,
          spells: [
            {
              id: 2,
              prepared: true,
              definition: { id: 42, name: 'Bless', level: 1, description: 'Up to three.' },
            },
          ],
        },
        {
          characterClassId: 502,
          spells: [
            {
              id: 3,
              prepared: false,
              definition: { id: 42, name: 'Bless', level: 1, description: 'Up to three.' },
            },
          ],
        },
      ],
      spellSlots: [
        { level: 1, used: 1, available: 0 },
        { level: 2, used: 0, available: 0 },
      ],
      pactMagic: [{ level: 1, used: 0, available: 0 }],
      campaign: { id: 5, name: 'Of others', characters: [{ userId: 3, characterName: 'Somebody else' }] },
      somethingNew: { of: 'next year' },
    },
  };
}

function item(id: number, name: string, definition: object, more: object = {}): object {
  return {
    id,
    quantity: 1,
    equipped: false,
    isAttuned: false,
    definition: { name, description: `<p>${name}.</p>`, ...definition },
    ...more,
  };
}
