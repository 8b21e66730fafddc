import { ErrorForPeople } from '../error-for-people';
import { organizationUuid } from '../domain/model/webex-id';

/**
 * The organization of this worker. Where Webex was away at the start, it is the one that the database
 * knows, and nobody has seen yet whether the token opens it: then the first activity that calls Webex
 * asks.
 */
export class OwnOrganization {
  /** Rejects when the token turns out to open another organization: the worker must end. */
  readonly refused: Promise<never>;
  private refuse: (error: ErrorForPeople) => void = () => undefined;
  private checking: Promise<void> | null = null;

  constructor(
    readonly orgId: string,
    private isConfirmed: boolean,
    private readonly check: () => Promise<{ orgId: string; organizationName: string }>,
    /** Of a token that was checked once: throws where it opens another organization by now. */
    private readonly expectSame: () => Promise<void> = () => Promise.resolve(),
  ) {
    this.refused = new Promise((_, reject) => (this.refuse = reject));
    this.refused.catch(() => undefined);
  }

  owns(orgId: unknown): boolean {
    return typeof orgId === 'string' && organizationUuid(orgId) === organizationUuid(this.orgId);
  }

  /**
   * Throws what Webex answers while it can't check the token, and `ErrorForPeople` where the token opens
   * another organization from the start. Where it opened this one before, it may do so again: that is
   * trouble of Webex, and the worker waits.
   */
  async confirm(): Promise<void> {
    if (this.isConfirmed) {
      await this.expectSame();
      return;
    }
    this.checking ??= this.ask().finally(() => (this.checking = null));
    await this.checking;
  }

  private async ask(): Promise<void> {
    const { orgId, organizationName } = await this.check();
    if (!this.owns(orgId)) {
      const error = new ErrorForPeople(
        `The Webex token opens ${organizationName}, not the organization in the database. Start the worker again.`,
      );
      this.refuse(error);
      throw error;
    }
    this.isConfirmed = true;
  }
}
