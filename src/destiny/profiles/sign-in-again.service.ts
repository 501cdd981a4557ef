import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ProviderConnections } from '../../identity/identity.public.js';
import { BUNGIE_PROVIDER } from '../bungie/bungie.provider.js';
import { ProfilesRepository } from './profiles.repository.js';

/** A membership whose permission lapsed is not tried for a day; a sign-in at Bungie ends that wait, with no request of the player's. */
@Injectable()
export class SignInAgain implements OnModuleInit {
  constructor(
    private readonly connections: ProviderConnections,
    private readonly profiles: ProfilesRepository,
  ) {}

  onModuleInit(): void {
    this.connections.onConnected(BUNGIE_PROVIDER, (tx, userId) => this.profiles.updateDueNow(tx, userId));
  }
}
