import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AuthGuard } from './auth.guard.js';
import { DomainRoles } from './domain-roles.js';
import { PrincipalResolver } from './principal-resolver.js';
import { RouteCompleteness } from './route-completeness.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [DomainRoles, PrincipalResolver, RouteCompleteness, { provide: APP_GUARD, useClass: AuthGuard }],
  exports: [DomainRoles, PrincipalResolver],
})
export class AuthModule {}
