import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aBeyondSheet } from '../../../test/support/dndbeyond-sample.js';
import { FOUNDRY_SAMPLES } from '../../../test/factories/foundry-samples.js';
import { mutated } from '../../../test/support/mutated-json.js';
import { aSheet } from '../../../test/support/sheets.js';
import { SheetSchemas } from '../characters/sheet-schemas.service.js';
import type { DomainError } from '../../platform/http/domain-error.js';
import type { JsonObject } from '../characters/merge-patch.js';
import { fromCampaignSheet, toCampaignSheet } from './campaign-sheet.js';
import { readDndBeyondCharacter } from './dndbeyond-character.reader.js';
import type { Dnd5eSheet } from './dnd5e-sheet.js';
import { asActor, readFoundryActor } from './foundry-actor.reader.js';
import { ImportRefusal } from './import-refusal.js';

const schemas = new SheetSchemas();
/** As it lies in the database. */
const stored = (sheet: Dnd5eSheet): JsonObject =>
  JSON.parse(
    JSON.stringify(schemas.check('dnd5e', toCampaignSheet(sheet).sheet as JsonObject)),
  ) as JsonObject;

function faultsOf(sheet: Dnd5eSheet): readonly object[] {
  try {
    stored(sheet);
    return [];
  } catch (error) {
    return (error as DomainError).faults;
  }
}

describe('an imported sheet in a campaign', () => {
  it.each([
    ['of D&D Beyond', () => readDndBeyondCharacter(aBeyondSheet()).character.sheet],
    ...FOUNDRY_SAMPLES.map(
      ([what, sample]) => [`of ${what}`, () => readFoundryActor(asActor(sample())).character.sheet] as const,
    ),
  ])('%s is one of its system, and comes back as it was', (_, read) => {
    expect(fromCampaignSheet(stored(read()))).toEqual(read());
  });

  it('comes back as it was, whatever somebody has filled in', () => {
    fc.assert(
      fc.property(aSheet(), (sheet) => {
        expect(fromCampaignSheet(toCampaignSheet(sheet).sheet)).toEqual(sheet);
      }),
      { numRuns: 50 },
    );
  });

  it('is one of its system, whatever a file had in it', () => {
    const files = fc.oneof(
      mutated(aBeyondSheet(), 8).map((value) => () => readDndBeyondCharacter(value).character.sheet),
      ...FOUNDRY_SAMPLES.map(([, sample]) =>
        mutated(sample(), 8).map((value) => () => readFoundryActor(asActor(value)).character.sheet),
      ),
    );
    fc.assert(
      fc.property(files, (read) => {
        let sheet;
        try {
          sheet = read();
        } catch (error) {
          expect(error).toBeInstanceOf(ImportRefusal);
          return;
        }
        expect(faultsOf(sheet)).toEqual([]);
      }),
      { numRuns: 120 },
    );
  });

  it('says what was changed since', () => {
    const sheet = readDndBeyondCharacter(aBeyondSheet()).character.sheet;
    const now = {
      ...stored(sheet),
      alignment: 'Chaotic',
      hitPoints: { value: 3, max: 78, temporary: 0, formula: '' },
    };
    const back = fromCampaignSheet(now);
    expect(back).toMatchObject({ alignment: 'Chaotic', hitPoints: { current: 3 }, experiencePoints: 23_500 });
    expect(back.spells).toEqual(sheet.spells);
  });

  it('has its texts cut where they are more than a sheet may have', () => {
    const sheet = readDndBeyondCharacter(aBeyondSheet()).character.sheet;
    const spells = Array.from({ length: 400 }, (_, at) => ({
      ...sheet.spells[0]!,
      id: `s${at}`,
      description: 'x'.repeat(3_000),
    }));
    const cut = toCampaignSheet({ ...sheet, spells });
    expect(cut.isCut).toBe(true);
    expect(fromCampaignSheet(stored({ ...sheet, spells })).spells).toHaveLength(400);
    expect(toCampaignSheet(sheet).isCut).toBe(false);
  });
});
