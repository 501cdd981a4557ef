import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit, type AuditEvent } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { DomainError } from '../../platform/http/domain-error.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { z } from 'zod';
import { SCANNER_RULE, type ScannerRule } from '../analytics/scanner-rule.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { alertsNeedAccount, badCursor, MARKET_ERROR } from '../market.errors.js';
import { AlertRequests } from './alert-requests.service.js';
import type { AlertChangeDto, AlertDto, AlertsDto, AlertsQueryDto, NewAlertDto } from './alerts.dto.js';
import { toAlertDto } from './alerts.mapper.js';
import { type AlertChange, type AlertRow, AlertsRepository } from './alerts.repository.js';

/** Of one account, on all servers. */
export const MOST_ALERTS = 50;
/** Faults of a rule say where in the body they are. */
const GIVEN = z.object({ rule: SCANNER_RULE });

/** Alerts of an account. A stranger's is as unknown as one that never was. */
@Injectable()
export class AlertsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly rows: AlertsRepository,
    private readonly directory: CatalogDirectory,
    private readonly requests: AlertRequests,
    private readonly idempotency: IdempotencyService,
    private readonly audit: Audit,
  ) {}

  /**
   * It is asked within seconds; what the rule holds for at that time fires.
   * @throws DomainError unknown game or server, too many, or a caller whom no notification reaches
   */
  async create(
    caller: Principal,
    given: NewAlertDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<AlertDto>> {
    if (caller.kind !== 'account') throw alertsNeedAccount();
    const { name, rearmPct, silenceH } = given;
    const rule = ruleOf(given.rule);
    const server = await this.directory.server(given.game, given.server);
    const id = uuidv7();
    const make = async (tx: Tx): Promise<AlertDto> => {
      if ((await this.rows.lockCount(tx, caller.id)) >= MOST_ALERTS)
        throw new DomainError(
          'conflict',
          MARKET_ERROR.tooManyAlerts,
          `There are ${MOST_ALERTS} alerts, the most an account may have.`,
        );
      const row = { id, userId: caller.id, serverId: server.id, name, rule, rearmPct, silenceH };
      await this.rows.insertAlert(tx, { ...row, isEnabled: true });
      await this.requests.request(tx, [server.id]);
      const made = known(await this.rows.findAlert(tx, id));
      await this.audit.record(tx, caller, alertEvent('created', id, { after: shown(made) }));
      return toAlertDto(made);
    };
    return this.uow.run(caller, (tx) => this.idempotency.once(tx, caller, request, 201, () => make(tx)));
  }

  async list(caller: Principal, query: AlertsQueryDto): Promise<AlertsDto> {
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, ['string'] as const)[0];
    if (before !== null && !isUuid(before)) throw badCursor();
    const server =
      query.server === undefined ? null : (await this.directory.server(query.game, query.server)).id;
    const rows = await this.uow.run(caller, (tx) => this.rows.listPage(tx, server, before, query.limit + 1));
    return toPage(rows, query.limit, (row) => [row.id], toAlertDto);
  }

  async find(caller: Principal, id: string): Promise<AlertDto> {
    return toAlertDto(await this.uow.run(caller, (tx) => this.get(tx, id)));
  }

  /** @throws DomainError unknown alert, a rule with faults */
  change(caller: Principal, id: string, given: AlertChangeDto): Promise<AlertDto> {
    const rule = given.rule === undefined ? undefined : ruleOf(given.rule);
    return this.uow.run(caller, async (tx) => {
      const before = await this.lock(tx, id);
      const change = changed(before, given, rule);
      const isNewRule = rule !== undefined && JSON.stringify(rule) !== JSON.stringify(ruleOf(before.rule));
      await this.rows.updateAlert(tx, id, change, isNewRule);
      if (change.isEnabled) await this.requests.request(tx, [before.serverId]);
      const after = await this.get(tx, id);
      const states = { before: shown(before), after: shown(after) };
      await this.audit.record(tx, caller, alertEvent('changed', id, states));
      return toAlertDto(after);
    });
  }

  async delete(caller: Principal, id: string): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      const before = await this.lock(tx, id);
      await this.rows.deleteAlert(tx, id);
      await this.audit.record(tx, caller, alertEvent('deleted', id, { before: shown(before) }));
    });
  }

  private async get(tx: Tx, id: string): Promise<AlertRow> {
    return known(isUuid(id) ? await this.rows.findAlert(tx, id) : null);
  }

  private async lock(tx: Tx, id: string): Promise<AlertRow> {
    return known(isUuid(id) ? await this.rows.lockAlert(tx, id) : null);
  }
}

/** Its ids in order and once, so that alerts that ask the same are seen to. */
function ruleOf(given: object): ScannerRule {
  const { rule } = parseInput(GIVEN, { rule: given });
  const sorted = (ids: readonly number[]): number[] => [...new Set(ids)].sort((a, b) => a - b);
  return {
    ...rule,
    ...(rule.itemIds && { itemIds: sorted(rule.itemIds) }),
    ...(rule.categoryIds && { categoryIds: sorted(rule.categoryIds) }),
  };
}

function changed(before: AlertRow, given: AlertChangeDto, rule: ScannerRule | undefined): AlertChange {
  return {
    name: given.name ?? before.name,
    rule: rule ?? before.rule,
    rearmPct: given.rearmPct ?? before.rearmPct,
    silenceH: given.silenceH === undefined ? before.silenceH : given.silenceH,
    isEnabled: given.isEnabled ?? before.isEnabled,
  };
}

function known(row: AlertRow | null): AlertRow {
  if (!row) throw new DomainError('notFound', MARKET_ERROR.unknownAlert, 'There is no such alert.');
  return row;
}

function shown({ game, server, name, rule, rearmPct, silenceH, isEnabled }: AlertRow): object {
  return { game, server, name, rule, rearmPct, silenceH, isEnabled };
}

function alertEvent(
  what: 'created' | 'changed' | 'deleted',
  id: string,
  change: Pick<AuditEvent, 'before' | 'after'>,
): AuditEvent {
  return { action: `market.alert-${what}`, object: { type: 'market.alert', id }, ...change };
}
