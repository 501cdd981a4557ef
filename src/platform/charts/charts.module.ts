import { Global, Module } from '@nestjs/common';
import { ChartRenderer } from './chart-renderer.service.js';

/** Pictures for pages and mails that have no script. */
@Global()
@Module({ providers: [ChartRenderer], exports: [ChartRenderer] })
export class ChartsModule {}
