import { Global, Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { DataKeysRepository } from './data-keys.repository.js';
import { KeyRing } from './key-ring.js';
import { KeyRotation } from './key-rotation.service.js';
import { VaultData } from './vault-data.handler.js';
import { Vault } from './vault.service.js';

/** A process that could not read what is stored ends before it serves anybody. */
@Injectable()
class VaultDoor implements OnModuleInit {
  constructor(private readonly rotation: KeyRotation) {}

  onModuleInit(): Promise<void> {
    return this.rotation.assertKeysKnown();
  }
}

@Global()
@Module({
  providers: [DataKeysRepository, KeyRing, KeyRotation, Vault, VaultData, VaultDoor],
  exports: [KeyRotation, Vault],
})
export class VaultModule {}
