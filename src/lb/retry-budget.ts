/**
 * Lets retries be a share of the traffic and no more: each job deposits a little, each retry withdraws one.
 * Without it a dying worker would double the load exactly when there is least to spare. After Finagle's
 * RetryBudget; a small reserve keeps a quiet node able to retry at all.
 */
export class RetryBudget {
  readonly #share: number;
  readonly #balanceMax: number;
  #balance: number;

  constructor(share = 0.1, balanceMax = 10) {
    this.#share = share;
    this.#balanceMax = balanceMax;
    this.#balance = balanceMax / 2;
  }

  deposit(): void {
    this.#balance = Math.min(this.#balanceMax, this.#balance + this.#share);
  }

  tryWithdraw(): boolean {
    if (this.#balance < 1) return false;
    this.#balance -= 1;
    return true;
  }
}
