import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditRepository } from '../../src/platform/audit/audit.repository.js';
import { AuditSealer } from '../../src/platform/audit/audit-sealer.service.js';
import { AuditSealsRepository } from '../../src/platform/audit/audit-seals.repository.js';
import { Audit } from '../../src/platform/audit/audit.service.js';
import { AuditVerifier } from '../../src/platform/audit/audit-verifier.service.js';
import { type AuditHead, readHeads } from '../../src/platform/audit/audit-heads.js';
import { auditHeadsPath, parseEnvironment } from '../../src/platform/config/env.js';
import { createLogger } from '../../src/platform/logging/logger.js';
import { openUnits, type TestUnits } from './units.js';

/** The audit room on a database and a data folder of its own. */
export interface AuditWorld {
  units: TestUnits;
  audit: Audit;
  verifier: AuditVerifier;
  /** Another worker's sealer. */
  newSealer(): AuditSealer;
  heads(): AuditHead[];
  /** SQL by whoever owns the database and does not care for triggers. */
  tamper(sql: string, values?: unknown[]): Promise<void>;
  close(): Promise<void>;
}

export async function openAuditWorld(): Promise<AuditWorld> {
  const units = await openUnits({ poolMax: 10 });
  const dataDir = mkdtempSync(join(tmpdir(), 'guildhall-audit-'));
  const env = parseEnvironment({ NODE_ENV: 'test', DATA_DIR: dataDir });
  const { logger } = createLogger({ role: 'test', logLevel: 'silent' });
  const seals = new AuditSealsRepository();
  const lifetime = {
    beforeClose: () => undefined,
    pools: () => [],
    onApplicationShutdown: () => Promise.resolve(),
  };
  return {
    units,
    audit: new Audit(new AuditRepository()),
    verifier: new AuditVerifier(units.system, seals),
    newSealer: () => new AuditSealer(units.system, seals, env, logger, lifetime as never),
    heads: () => (readdirSync(dataDir).length === 0 ? [] : readHeads(auditHeadsPath(env))),
    tamper: async (sql, values = []) => {
      const tables = ['audit_event', 'audit_seal', 'audit_detail'];
      const all = (what: string): string =>
        tables.map((table) => `ALTER TABLE platform.${table} ${what} TRIGGER USER`).join(';');
      await units.owner(all('DISABLE'));
      try {
        await units.owner(sql, values);
      } finally {
        await units.owner(all('ENABLE'));
      }
    },
    close: async () => {
      await units.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}
