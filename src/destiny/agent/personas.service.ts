import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { packageRoot } from '../../platform/config/package-root.js';
import { unknownPersona } from '../destiny.errors.js';
import type { PersonasDto } from './conversations.dto.js';
import { type Persona, PERSONAS } from './persona.js';

/** The voices of the agent, from `seeds/destiny/personas.json`; a file with faults keeps the process from starting. */
@Injectable()
export class Personas {
  private readonly all: readonly Persona[];

  constructor() {
    const path = join(packageRoot(), 'seeds', 'destiny', 'personas.json');
    this.all = PERSONAS.parse(JSON.parse(readFileSync(path, 'utf8')));
  }

  list(): PersonasDto {
    return {
      items: this.all.map(({ name, title, emoji, tone, allowedTools }) => ({
        name,
        title,
        emoji,
        tone,
        allowedTools: [...allowedTools],
      })),
    };
  }

  /** @returns the name itself; null for the default @throws DomainError for a name that there is not */
  check(name: string | null): string | null {
    if (name !== null && !this.all.some((persona) => persona.name === name)) throw unknownPersona();
    return name;
  }

  /** The default where there is none of that name any more. */
  get(name: string | null): Persona {
    return this.all.find((persona) => persona.name === name) ?? this.all[0]!;
  }
}
