import { type DynamicModule, Module } from '@nestjs/common';
import { AuditData } from './audit-data.handler.js';
import { AuditRepository } from './audit.repository.js';
import { AuditSealer } from './audit-sealer.service.js';
import { AuditSealsRepository } from './audit-seals.repository.js';
import { Audit } from './audit.service.js';
import { AuditVerifier } from './audit-verifier.service.js';

@Module({})
export class AuditModule {
  /** @param isWorker whether this process seals (roles worker and all) */
  static forRoot(isWorker: boolean): DynamicModule {
    return {
      module: AuditModule,
      global: true,
      providers: [
        Audit,
        AuditData,
        AuditRepository,
        AuditSealsRepository,
        AuditVerifier,
        ...(isWorker ? [AuditSealer] : []),
      ],
      exports: [Audit, AuditRepository, AuditVerifier],
    };
  }
}
