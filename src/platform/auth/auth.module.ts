import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AuthGuard } from './auth.guard.js';
import { PrincipalResolver } from './principal-resolver.js';
import { RouteCompleteness } from './route-completeness.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [PrincipalResolver, RouteCompleteness, { provide: APP_GUARD, useClass: AuthGuard }],
})
export class AuthModule {}
