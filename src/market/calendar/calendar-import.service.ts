import { Injectable } from '@nestjs/common';
import { Audit, type AuditActor } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { InputFault } from '../../platform/http/input-fault.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { ItemsRepository } from '../catalog/items.repository.js';
import { candidateLabels, type NamedItem, planNewItems } from '../catalog/plan-new-items.js';
import { calendarNotArray, calendarRejected, calendarTooLong } from '../market.errors.js';
import { type CalendarDay, daysOf, judgeDays, type JudgedDays, MAX_DAYS } from './calendar-day.js';
import { CalendarRepository, type RefreshPlace, type StoredDay } from './calendar.repository.js';

/** What is imported and where it comes from. */
export interface CalendarFile {
  /** Key of the calendar. */
  source: string;
  /** `request`, the name of a file, or the host that was asked. */
  origin: string;
  /** Parsed JSON. */
  content: unknown;
}

export interface CalendarImported {
  createdCount: number;
  changedCount: number;
  /** Days that are stored just like this already. */
  unchangedCount: number;
  /** Tributes that the catalogue did not have. */
  createdItemCount: number;
  rejected: InputFault[];
}

/**
 * Takes days into a calendar. Importing is safe to repeat: a day is known by its date and left alone while it says the same. Tributes
 * that the catalogue lacks are added to it, by the rules of prices.
 */
@Injectable()
export class CalendarImport {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly items: ItemsRepository,
    private readonly calendar: CalendarRepository,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError unknown game, no list, too long a list, or not one day that can be read */
  async import(caller: Principal, gameKey: string, file: CalendarFile): Promise<CalendarImported> {
    const { id: gameId } = await this.directory.game(gameKey);
    const judged = judge(file.content);
    return this.uow.run(caller, (tx) => this.store(tx, caller, gameId, file, judged));
  }

  /** The same for jobs and operators. @param place where the refresh stands afterwards; its days may be none */
  async importAsSystem(
    actor: AuditActor,
    gameKey: string,
    file: CalendarFile,
    place?: RefreshPlace,
  ): Promise<CalendarImported> {
    const { id: gameId } = await this.directory.game(gameKey);
    const judged = judge(file.content, place !== undefined);
    return this.system.run(actor, (tx) => this.store(tx, actor, gameId, file, judged, place));
  }

  private async store(
    tx: Tx,
    actor: AuditActor,
    gameId: number,
    { source, origin, content }: CalendarFile,
    { days, faults }: JudgedDays,
    place?: RefreshPlace,
  ): Promise<CalendarImported> {
    const checksum = digest(content);
    const sourceId = await this.calendar.upsertSource(tx, gameId, source, { origin, checksum });
    const { ids, createdItemCount } = await this.resolveItems(tx, gameId, days);
    const written = await this.calendar.upsertDays(
      tx,
      sourceId,
      days.map((day, index) => stored(day, ids[index]!)),
    );
    if (place) await this.calendar.updatePlace(tx, sourceId, place);
    const createdCount = written.filter(Boolean).length;
    const counts = {
      createdCount,
      changedCount: written.length - createdCount,
      unchangedCount: days.length - written.length,
      createdItemCount,
    };
    await this.audit.record(tx, actor, {
      action: 'market.calendar-imported',
      object: { type: 'market.calendar-source', id: source },
      after: { origin, checksum, ...counts, rejectedCount: faults.length },
    });
    return { ...counts, rejected: faults };
  }

  private async resolveItems(
    tx: Tx,
    gameId: number,
    days: readonly CalendarDay[],
  ): Promise<{ ids: number[]; createdItemCount: number }> {
    const named: NamedItem[] = days.map(({ externalId, name }) => ({ externalId, name, category: null }));
    await this.items.lockCatalog(tx, gameId);
    const externalIds = named.flatMap((item) => (item.externalId === null ? [] : [item.externalId]));
    const known = await this.items.listKnown(tx, gameId, externalIds, named.flatMap(candidateLabels));
    const plan = planNewItems(named, known);
    if (plan.changed.length > 0) await this.items.updateItems(tx, plan.changed);
    const created = plan.created.length > 0 ? await this.items.insertItems(tx, gameId, plan.created) : [];
    return {
      ids: plan.resolved.map((found) => ('id' in found ? found.id : created[found.created]!)),
      createdItemCount: created.length,
    };
  }
}

function judge(content: unknown, mayBeEmpty = false): JudgedDays {
  const elements = daysOf(content);
  if (!elements) throw calendarNotArray();
  if (elements.length > MAX_DAYS) throw calendarTooLong(MAX_DAYS);
  const judged = judgeDays(elements);
  if (judged.days.length === 0 && !(mayBeEmpty && elements.length === 0))
    throw calendarRejected(judged.faults);
  return judged;
}

function stored(
  { date, quantity, bonusType, bonus, rewardKamas, xpRatio }: CalendarDay,
  itemId: number,
): StoredDay {
  const facts = { itemId, quantity, bonusType, bonus, rewardKamas, xpRatio };
  return { date, ...facts, checksum: digest(facts) };
}

const digest = (value: unknown): string => sha256(Buffer.from(JSON.stringify(value))).toString('hex');
