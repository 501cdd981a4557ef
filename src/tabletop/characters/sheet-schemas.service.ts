import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { packageRoot } from '../../platform/config/package-root.js';
import { cleanHtml } from '../../platform/http/clean-html.js';
import type { InputFault } from '../../platform/http/input-fault.js';
import { isStorableJson } from '../../platform/http/storable.js';
import { GAME_SYSTEMS, type GameSystem } from '../campaigns/campaign-kinds.js';
import { invalidSheet, sheetTooLarge, unknownSystem } from '../tabletop.errors.js';
import { cleanTexts, MOST_SHEET_CHARACTERS, MOST_SHEET_DEPTH } from './clean-sheet.js';
import type { JsonObject } from './merge-patch.js';

/** As many as somebody reads. */
const MOST_FAULTS = 20;

interface Known {
  readonly schema: object;
  readonly validate: ValidateFunction;
}

/** What sheets look like by the rules of each system: JSON Schemas that are shipped (seeds/tabletop/sheets), read and compiled when first needed. */
@Injectable()
export class SheetSchemas {
  private readonly known = new Map<GameSystem, Known>();

  /** @throws DomainError no system of ours */
  find(system: string): object {
    const known = GAME_SYSTEMS.find((one) => one === system);
    if (known === undefined) throw unknownSystem();
    return this.of(known).schema;
  }

  /**
   * The sheet as it is stored: its texts cleaned.
   * @throws DomainError too large, too deep, of text that cannot be stored, or not as its system has it, with up to 20 places
   */
  check(system: GameSystem, sheet: JsonObject): JsonObject {
    if (!isStorableJson(sheet, MOST_SHEET_DEPTH))
      throw invalidSheet([
        {
          pointer: '/sheet',
          code: 'storable',
          detail: `must be text that can be stored, at most ${MOST_SHEET_DEPTH} levels deep`,
        },
      ]);
    const clean = cleanTexts(sheet, cleanHtml) as JsonObject;
    if (JSON.stringify(clean).length > MOST_SHEET_CHARACTERS) throw sheetTooLarge(MOST_SHEET_CHARACTERS);
    const { validate } = this.of(system);
    if (!validate(clean)) throw invalidSheet((validate.errors ?? []).slice(0, MOST_FAULTS).map(toFault));
    return clean;
  }

  private of(system: GameSystem): Known {
    const known = this.known.get(system);
    if (known !== undefined) return known;
    const path = join(packageRoot(), 'seeds', 'tabletop', 'sheets', `${system}.schema.json`);
    const schema = JSON.parse(readFileSync(path, 'utf8')) as object;
    const made = { schema, validate: new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema) };
    this.known.set(system, made);
    return made;
  }
}

function toFault({ instancePath, keyword, message, params }: ErrorObject): InputFault {
  const besides = (params as { additionalProperty?: string; allowedValues?: unknown[] }).additionalProperty;
  const allowed = (params as { allowedValues?: unknown[] }).allowedValues;
  const words = [
    message ?? 'is not as the system has it',
    ...(besides === undefined ? [] : [`(${besides.slice(0, 100)})`]),
    ...(allowed === undefined ? [] : [`(${allowed.join(', ')})`]),
  ];
  return { pointer: `/sheet${instancePath}`.slice(0, 500), code: kebab(keyword), detail: words.join(' ') };
}

function kebab(keyword: string): string {
  return keyword.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
