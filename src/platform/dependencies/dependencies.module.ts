import { Global, Module } from '@nestjs/common';
import { DependencyStates } from './dependency-states.js';

@Global()
@Module({ providers: [DependencyStates], exports: [DependencyStates] })
export class DependenciesModule {}
