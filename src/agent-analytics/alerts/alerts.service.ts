import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { Audit, type AuditEvent } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { invalidQuery, tooManyAlerts, unknownAlert } from '../agent-analytics.errors.js';
import { Projects } from '../sync/projects.service.js';
import { AgentAlertRequests } from './alert-requests.service.js';
import { ALERT_RULE, type AlertRule } from './alert-rule.js';
import type {
  AgentAlertChangeDto,
  AgentAlertDto,
  AgentAlertsDto,
  AgentAlertsQueryDto,
  NewAgentAlertDto,
} from './alerts.dto.js';
import { toAgentAlertDto } from './alerts.mapper.js';
import { AgentAlertsRepository, type AlertChange, type AlertRow } from './alerts.repository.js';

/** Of one account, of all projects. */
export const MOST_ALERTS = 50;
/** Faults of a rule say where in the body they are. */
const GIVEN = z.object({ rule: ALERT_RULE });

/** Alerts of an account. A stranger's is as unknown as one that never was. */
@Injectable()
export class AgentAlertsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly rows: AgentAlertsRepository,
    private readonly projects: Projects,
    private readonly requests: AgentAlertRequests,
    private readonly idempotency: IdempotencyService,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError unknown project, a rule with faults, or too many */
  create(
    caller: Principal,
    given: NewAgentAlertDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<AgentAlertDto>> {
    const { name, rearmPct, silenceH } = given;
    const rule = readRule(given.rule);
    const projectId = this.projects.resolve(given.project);
    const id = uuidv7();
    const make = async (tx: Tx): Promise<AgentAlertDto> => {
      if ((await this.rows.lockCount(tx, caller.id)) >= MOST_ALERTS) throw tooManyAlerts(MOST_ALERTS);
      const row = { id, userId: caller.id, projectId, name, rule, rearmPct, silenceH };
      await this.rows.insertAlert(tx, { ...row, isEnabled: true });
      await this.requests.request(tx, projectId);
      const made = known(await this.rows.findAlert(tx, id));
      await this.audit.record(tx, caller, alertEvent('created', id, { after: shown(made) }));
      return toAgentAlertDto(made);
    };
    return this.uow.run(caller, (tx) => this.idempotency.once(tx, caller, request, 201, () => make(tx)));
  }

  async list(caller: Principal, query: AgentAlertsQueryDto): Promise<AgentAlertsDto> {
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, ['string'] as const)[0];
    if (before !== null && !isUuid(before)) throw invalidQuery('cursor', 'was not made by this list');
    const project = query.project === undefined ? null : this.projects.resolve(query.project);
    const rows = await this.uow.run(caller, (tx) => this.rows.listPage(tx, project, before, query.limit + 1));
    return toPage(rows, query.limit, (row) => [row.id], toAgentAlertDto);
  }

  async find(caller: Principal, id: string): Promise<AgentAlertDto> {
    const row = isUuid(id) ? await this.uow.run(caller, (tx) => this.rows.findAlert(tx, id)) : null;
    return toAgentAlertDto(known(row));
  }

  /** @throws DomainError unknown alert, a rule with faults */
  change(caller: Principal, id: string, given: AgentAlertChangeDto): Promise<AgentAlertDto> {
    const rule = given.rule === undefined ? undefined : readRule(given.rule);
    return this.uow.run(caller, async (tx) => {
      const before = await this.lock(tx, id);
      const change = changed(before, given, rule);
      await this.rows.updateAlert(tx, id, change, rule !== undefined && !isSameRule(rule, before.rule));
      if (change.isEnabled) await this.requests.request(tx, before.projectId);
      const after = known(await this.rows.findAlert(tx, id));
      const states = { before: shown(before), after: shown(after) };
      await this.audit.record(tx, caller, alertEvent('changed', id, states));
      return toAgentAlertDto(after);
    });
  }

  async delete(caller: Principal, id: string): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      const before = await this.lock(tx, id);
      await this.rows.deleteAlert(tx, id);
      await this.audit.record(tx, caller, alertEvent('deleted', id, { before: shown(before) }));
    });
  }

  private async lock(tx: Tx, id: string): Promise<AlertRow> {
    return known(isUuid(id) ? await this.rows.lockAlert(tx, id) : null);
  }
}

/** @throws DomainError with the faults of its fields */
export function readRule(given: object): AlertRule {
  return parseInput(GIVEN, { rule: given }).rule;
}

/** PostgreSQL keeps keys in an order of its own. */
function isSameRule(a: AlertRule, b: AlertRule): boolean {
  const told = ({ filter, ...rest }: AlertRule): string =>
    JSON.stringify([Object.entries(rest).sort(), Object.entries(filter).sort()]);
  return told(a) === told(b);
}

function changed(before: AlertRow, given: AgentAlertChangeDto, rule: AlertRule | undefined): AlertChange {
  return {
    name: given.name ?? before.name,
    rule: rule ?? before.rule,
    rearmPct: given.rearmPct ?? before.rearmPct,
    silenceH: given.silenceH === undefined ? before.silenceH : given.silenceH,
    isEnabled: given.isEnabled ?? before.isEnabled,
  };
}

function known(row: AlertRow | null): AlertRow {
  if (row === null) throw unknownAlert();
  return row;
}

function shown({ projectId, name, rule, rearmPct, silenceH, isEnabled }: AlertRow): object {
  return { project: projectId, name, rule, rearmPct, silenceH, isEnabled };
}

function alertEvent(
  what: 'created' | 'changed' | 'deleted',
  id: string,
  change: Pick<AuditEvent, 'before' | 'after'>,
): AuditEvent {
  return {
    action: `agent-analytics.alert-${what}`,
    object: { type: 'agent-analytics.alert', id },
    ...change,
  };
}
