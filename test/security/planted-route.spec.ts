import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, Module, Post, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthModule } from '../../src/platform/auth/auth.module.js';
import { CompatMount, Public, RequirePermission } from '../../src/platform/auth/route.decorators.js';
import { ConfigModule } from '../../src/platform/config/config.module.js';
import { parseEnvironment } from '../../src/platform/config/env.js';
import { StartupError } from '../../src/platform/config/startup-error.js';

@Controller('declared')
class DeclaredController {
  @Get()
  @RequirePermission('market:read')
  read(): string {
    return 'read';
  }

  @Get('open')
  @Public()
  open(): string {
    return 'open';
  }
}

@Public()
@Controller('open')
class OpenController {
  @Get()
  open(): string {
    return 'open';
  }
}

@Controller('planted')
class PlantedController {
  @Get()
  @RequirePermission('market:read')
  read(): string {
    return 'read';
  }

  @Post('forgotten')
  forgotten(): string {
    return 'stored';
  }
}

/** A compat mount says who strangers are, not what a route needs. */
@CompatMount('dofus')
@Controller('compat/planted')
class MountedController {
  @Get()
  read(): string {
    return 'read';
  }
}

/** What it inherits is a route of its own. */
@Controller('heir')
class HeirController extends PlantedController {}

@Public()
@Controller('torn')
class TornController {
  @Get('open')
  open(): string {
    return 'open';
  }

  @Get()
  @RequirePermission('admin:read')
  read(): string {
    return 'read';
  }
}

@Controller('twice')
class TwiceController {
  @Get()
  @Public()
  @RequirePermission('admin:read')
  read(): string {
    return 'read';
  }
}

async function boot(...controllers: Type[]): Promise<INestApplication> {
  class PlantedModule {}
  const env = parseEnvironment({ NODE_ENV: 'test', DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
  Module({ imports: [ConfigModule.forRoot(env), AuthModule], controllers })(PlantedModule);
  const app = await NestFactory.create(PlantedModule, { logger: false, abortOnError: false });
  return app.init();
}

describe('a boot', () => {
  it('succeeds when every route declares who may call it', async () => {
    await (await boot(DeclaredController, OpenController)).close();
  });

  it.each([
    ['without a permission', [DeclaredController, PlantedController], 'PlantedController.forgotten'],
    ['of a compat mount without a permission', [MountedController], 'MountedController.read'],
    ['inherited without a permission', [HeirController], 'HeirController.forgotten'],
    [
      'without a permission beside another',
      [PlantedController, MountedController],
      'PlantedController.forgotten, MountedController.read',
    ],
  ])('fails for a route %s, and says which in one sentence', async (_what, controllers, names) => {
    const failure = await boot(...controllers).then(
      () => 'it booted',
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(StartupError);
    expect((failure as StartupError).message).toBe(
      `These routes declare neither @RequirePermission() nor @Public(): ${names}; declare one of them.`,
    );
  });

  it('fails for a permission that @Public() would outdo, of the controller or of the route', async () => {
    await expect(boot(DeclaredController, TornController, TwiceController)).rejects.toThrow(
      new StartupError(
        'These routes declare @RequirePermission() and, they or their controller, @Public(): TornController.read, TwiceController.read; keep one.',
      ),
    );
  });
});
