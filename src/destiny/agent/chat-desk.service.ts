import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { ModelProbe } from '../../platform/ai/model-probe.service.js';
import { plainText } from './bounded-page.js';
import { ChatService } from './chat.service.js';
import type { ModelDto, ModelsDto, PersonasDto, RunDto } from './conversations.dto.js';
import { toRunDto } from './conversations.mapper.js';
import { Personas } from './personas.service.js';
import { RunLedger } from './run-ledger.service.js';

/** What can be asked about the agent besides its answers. */
@Injectable()
export class ChatDesk {
  constructor(
    private readonly ledger: RunLedger,
    private readonly chat: ChatService,
    private readonly voices: Personas,
    private readonly probe: ModelProbe,
  ) {}

  /** @throws DomainError unknown run */
  async findRun(caller: Principal, id: string): Promise<RunDto> {
    return toRunDto(await this.ledger.find(caller, id));
  }

  /** @throws DomainError unknown run, or one that has ended */
  async cancelRun(caller: Principal, id: string): Promise<RunDto> {
    return toRunDto(await this.chat.cancel(caller, id));
  }

  personas(): PersonasDto {
    return this.voices.list();
  }

  /** Where the model's server does not answer, the rules alone. */
  async models(): Promise<ModelsDto> {
    const { state, models } = await this.probe.capabilities();
    const ids = state === 'ok' ? models : [];
    return {
      items: [
        ...ids.map((id): ModelDto => ({ id: plainText(id), mode: 'llm' })),
        { id: 'rules', mode: 'rules' },
      ],
    };
  }
}
