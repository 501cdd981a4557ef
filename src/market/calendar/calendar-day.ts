import { z } from 'zod';
import { faultsOf, type InputFault } from '../../platform/http/input-fault.js';
import { externalIdSchema, MAX_INT4, storableText } from '../ingest/observation.js';

// Days of a calendar as they are sent: in our own words, or as doduapi writes an Almanax (`{date, bonus: {description, type: {name}},
// tribute: {item: {ankama_id, name}, quantity}, reward_kamas, xp_ratio}`). Each day is judged by itself: one that cannot be read
// does not keep the others out. A file may hold the list itself or an object with the list as `days`.

/** Two years and some; a longer file is sent in parts. */
export const MAX_DAYS = 800;
/** The calendar that the game is known for; others have keys of their own. */
export const ALMANAX = 'almanax';
export const SOURCE_KEY = /^[a-z][a-z0-9-]{0,39}$/;

export interface CalendarDay {
  /** `2026-11-28`, UTC. */
  date: string;
  /** The game's own id of the item, or null when only its name is known. */
  externalId: number | null;
  name: string | null;
  quantity: number;
  bonusType: string | null;
  bonus: string | null;
  rewardKamas: number | null;
  xpRatio: number | null;
}

export interface JudgedDays {
  days: CalendarDay[];
  /** First fault of each day that was refused. */
  faults: InputFault[];
}

const date = z.iso
  .date()
  .refine((text) => text >= '2000-01-01' && text <= '2099-12-31', 'must lie between 2000 and 2099');
const quantity = z.int().min(1).max(1_000_000);
const name = storableText(255);
const bonusText = storableText(2_000);
const kamas = z.int().min(0).max(MAX_INT4);
const ratio = z.number().min(0).max(1_000_000);

export const nativeDaySchema = z
  .strictObject({
    date,
    tribute: z
      .strictObject({ externalId: externalIdSchema.optional(), name: name.optional(), quantity })
      .refine(({ externalId, name: named }) => externalId !== undefined || named !== undefined, {
        message: 'needs externalId or name',
        path: ['externalId'],
      }),
    bonusType: name.nullish(),
    bonus: bonusText.nullish(),
    rewardKamas: kamas.nullish(),
    xpRatio: ratio.nullish(),
  })
  .transform(({ tribute, ...day }): CalendarDay => ({
    date: day.date,
    externalId: tribute.externalId ?? null,
    name: tribute.name?.trim() ?? null,
    quantity: tribute.quantity,
    bonusType: day.bonusType?.trim() ?? null,
    bonus: day.bonus?.trim() ?? null,
    rewardKamas: day.rewardKamas ?? null,
    xpRatio: day.xpRatio ?? null,
  }));

/** It carries pictures and links as well, so unknown keys are passed over. */
const doduapiDay = z
  .object({
    date: z.union([
      date,
      z.iso
        .datetime({ offset: true })
        .transform((text) => text.slice(0, 10))
        .pipe(date),
    ]),
    tribute: z.object({
      item: z.object({ ankama_id: externalIdSchema, name: name.nullish() }),
      quantity,
    }),
    bonus: z
      .object({
        description: bonusText.nullish(),
        type: z.union([name, z.object({ name: name.nullish(), id: name.nullish() })]).nullish(),
      })
      .nullish(),
    reward_kamas: kamas.nullish(),
    xp_ratio: ratio.nullish(),
  })
  .transform(({ tribute, bonus, ...day }): CalendarDay => {
    const type = bonus?.type;
    return {
      date: day.date,
      externalId: tribute.item.ankama_id,
      name: tribute.item.name?.trim() ?? null,
      quantity: tribute.quantity,
      bonusType: (typeof type === 'string' ? type : (type?.name ?? type?.id))?.trim() ?? null,
      bonus: bonus?.description?.trim() ?? null,
      rewardKamas: day.reward_kamas ?? null,
      xpRatio: day.xp_ratio ?? null,
    };
  });

/** The list of a file, or null when there is none. */
export function daysOf(content: unknown): unknown[] | null {
  const list = typeof content === 'object' && content !== null && 'days' in content ? content.days : content;
  return Array.isArray(list) ? (list as unknown[]) : null;
}

/** @param elements parsed JSON values, in either form */
export function judgeDays(elements: readonly unknown[]): JudgedDays {
  const judged: JudgedDays = { days: [], faults: [] };
  const dates = new Set<string>();
  elements.forEach((element, index) => {
    const parsed = (isDoduapi(element) ? doduapiDay : nativeDaySchema).safeParse(element);
    if (!parsed.success) judged.faults.push(faultsOf(parsed.error, `/${index}`)[0]!);
    else if (dates.has(parsed.data.date))
      judged.faults.push({
        pointer: `/${index}/date`,
        code: 'duplicate-date',
        detail: 'An earlier element has this date.',
      });
    else {
      dates.add(parsed.data.date);
      judged.days.push(parsed.data);
    }
  });
  return judged;
}

function isDoduapi(element: unknown): boolean {
  const tribute = (element as { tribute?: unknown } | null)?.tribute;
  return typeof tribute === 'object' && tribute !== null && 'item' in tribute;
}
