import type { JWT } from 'google-auth-library';
import type { ServiceAccount } from '../../platform/config/sheets-settings.js';
import { defineProvider } from '../../platform/outbound/outbound-policy.js';
import { OutboundError } from '../../platform/outbound/outbound.errors.js';
import type { Outbound } from '../../platform/outbound/outbound.service.js';
import { SheetFault } from './sheet-fault.js';

const TOKEN = defineProvider({ provider: 'google-token', mostResponseBytes: 65_536 });
const SCOPE = 'https://www.googleapis.com/auth/spreadsheets.readonly';

/**
 * The service account's access token, signed for and renewed by Google's own library, which calls out through our way alone: whatever
 * address it has in mind, its request goes to the account's `token_uri`.
 */
export class GoogleToken {
  private signer: Promise<JWT> | undefined;
  private failure: unknown;

  constructor(
    private readonly outbound: Outbound,
    private readonly account: ServiceAccount,
  ) {}

  /** @throws SheetFault, OutboundError */
  async get(): Promise<string> {
    try {
      const { token } = await (await (this.signer ??= this.newSigner())).getAccessToken();
      if (typeof token === 'string' && token !== '') return token;
    } catch (error) {
      this.signer = undefined;
      // What the library says may repeat what it was sent.
      if (this.failure instanceof OutboundError) throw this.failure;
      if (!isAnswered(error))
        throw new SheetFault('malformed', 'Nothing can be signed with the key of the service account.');
    }
    throw new SheetFault('not-shared', 'Google does not take the key of the service account.');
  }

  /** It was not taken, though it should last. */
  forget(): void {
    this.signer = undefined;
  }

  private async newSigner(): Promise<JWT> {
    const google = await import('google-auth-library');
    const { clientEmail: email, privateKey: key, privateKeyId } = this.account;
    return new google.JWT({
      email,
      key,
      scopes: [SCOPE],
      ...(privateKeyId === undefined ? {} : { keyId: privateKeyId }),
      transporterOptions: { fetchImplementation: this.fetch() },
    });
  }

  /** Failures of the way out are remembered and answered as refusals: the library would repeat the call by itself. */
  private fetch(): typeof fetch {
    const send = this.outbound.fetchFor(TOKEN);
    return async (_address, init) => {
      this.failure = undefined;
      try {
        return await send(this.account.tokenUrl, init);
      } catch (error) {
        this.failure = error;
        return Response.json({ error: 'unavailable' }, { status: 400 });
      }
    };
  }
}

/** The library's error for an answer that was no token. */
function isAnswered(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'response' in error && error.response !== undefined;
}
