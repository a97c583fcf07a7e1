import type { Carrier, CarrierListener, CarrierOptions, OpenCarrier } from "../src/carrier.js";

/** One carrier that a test plays by hand. */
export class ManualCarrier implements Carrier {
  closed = false;
  topics: unknown;
  readonly renewed: string[] = [];
  /** The approvals that the server was told of. */
  readonly looked: (string | null)[] = [];
  /** What `renew` answers. */
  accepts = true;
  /** Checks that were asked for and not answered. */
  readonly checks: { answer: (serverTime?: number) => void; fail: () => void; timeout: number }[] = [];

  readonly options: CarrierOptions;
  readonly listener: CarrierListener;

  constructor(options: CarrierOptions, listener: CarrierListener) {
    this.options = options;
    this.listener = listener;
    this.topics = options.topics;
  }

  close(): void {
    this.closed = true;
  }

  watch(topics: unknown): void {
    this.topics = topics;
  }

  look(approvalId: string | null): void {
    this.looked.push(approvalId);
  }

  check(timeout: number): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      this.checks.push({ answer: (serverTime) => resolve(serverTime), fail: () => reject(new Error("no answer")), timeout });
    });
  }

  renew(token: string): Promise<boolean> {
    this.renewed.push(token);
    return Promise.resolve(this.accepts);
  }
}

/** Opens manual carriers and keeps them in order. */
export class ManualCarriers {
  readonly all: ManualCarrier[] = [];
  /** New carriers fail before `open` returns. */
  failing = false;

  readonly open: OpenCarrier = (options, listener) => {
    const carrier = new ManualCarrier(options, listener);
    this.all.push(carrier);
    if (this.failing) listener.closed({ reason: "not supported" });
    return carrier;
  };

  /** The newest. */
  get last(): ManualCarrier {
    const last = this.all.at(-1);
    if (last === undefined) throw new Error("no carrier was opened");
    return last;
  }
}
