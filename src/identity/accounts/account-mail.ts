import type { AccountMail } from './accounts.jobs.js';

/** What a mail is about. */
export interface MailOccasion {
  /** Null where there is none to give. */
  code: string | null;
  /** Whether the address of the account was confirmed before. */
  isConfirmed: boolean;
  /** Ways to sign in elsewhere. */
  linkedIdentities: number;
}

/** What account mails say. */
export function accountMailText(
  mail: AccountMail,
  { code, isConfirmed, linkedIdentities }: MailOccasion,
): { subject: string; text: string } {
  switch (mail) {
    case 'verify-address':
      return {
        subject: 'Confirm your address',
        text: `Somebody, hopefully you, has made an account with this address.\n\nTo confirm it, enter this code within a day:\n\n${code}\n\nIf it was not you, do nothing: without the code the account cannot be used.\n`,
      };
    case 'reset-password':
      if (!isConfirmed)
        return {
          subject: 'Set your password',
          text: `An account was made with this address, which was never confirmed. Somebody, hopefully you, wants to use it.\n\nTo confirm the address and set the password, enter this code within half an hour where you would reset a forgotten password; passwords chosen before do not count:\n\n${code}\n\nIf it was not you, do nothing: without the code the account cannot be used.\n`,
        };
      return {
        subject: 'Reset your password',
        text: `Somebody, hopefully you, wants a new password for the account with this address.\n\nTo set one, enter this code within half an hour:\n\n${code}\n\nAll devices are signed out then, and API keys end. Sign-ins elsewhere that are linked to the account stay (${linkedIdentities} at present): look whether you know them.\n\nIf it was not you, do nothing: your password stays as it is.\n`,
      };
    case 'confirm-new-address':
      return {
        subject: 'Confirm your new address',
        text: `Somebody, hopefully you, wants this to be the address of an account.\n\nTo confirm it, enter this code within a day where you have asked for it:\n\n${code}\n\nIf it was not you, do nothing: nothing changes.\n`,
      };
    case 'address-wish':
      return {
        subject: 'Another address for your account',
        text: 'Somebody, hopefully you, wants another address for your account instead of this one.\n\nIf it was not you, change your password and sign your other devices out now.\n',
      };
    case 'address-wanted':
      return {
        subject: 'Your address was asked for',
        text: 'Somebody, hopefully you, wants this to be the address of another account, but you have an account with it already.\n\nNothing has changed. If it was you, delete that account or change its address first.\n',
      };
    case 'already-registered':
      return {
        subject: 'You have an account already',
        text: 'Somebody, hopefully you, has tried to make an account with this address, which has one already.\n\nSign in, or reset your password if you have forgotten it. If it was not you, do nothing.\n',
      };
  }
}
