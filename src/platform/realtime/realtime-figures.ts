import { Injectable } from '@nestjs/common';

/** What the sockets of this process have done since it started. Plain numbers: they are counted with every frame. */
@Injectable()
export class RealtimeFigures {
  framesIn = 0;
  framesOut = 0;
  bytesOut = 0;
  /** Frames that gave way to newer ones of their key before they were sent. */
  conflated = 0;
  /** Refused frames: unreadable, unknown or with invalid data. */
  refused = 0;
  /** Frames to and from other processes. */
  fanoutOut = 0;
  fanoutIn = 0;
  readonly closes = new Map<number, number>();
  readonly refusedUpgrades = new Map<number, number>();

  noteClose(code: number): void {
    this.closes.set(code, (this.closes.get(code) ?? 0) + 1);
  }

  noteRefusedUpgrade(status: number): void {
    this.refusedUpgrades.set(status, (this.refusedUpgrades.get(status) ?? 0) + 1);
  }
}
