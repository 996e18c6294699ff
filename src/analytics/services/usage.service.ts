import { Injectable } from '@nestjs/common';
import { PermissionError } from '../../auth/auth-errors.js';
import type { Caller } from '../../auth/caller.js';
import { UsageRepository } from '../persistence/usage.repository.js';
import type { UsageQuestion, UsageReport } from '../usage-report.js';

/** Below the thousand rows that a hosted Supabase gives at most, and above the days of the retention. */
const MOST_GROUPS = 900;

/** What was used, as it stands in the database: a call is in it within seconds. */
@Injectable()
export class UsageService {
  constructor(private readonly usage: UsageRepository) {}

  /**
   * The caller's own usage. Administrators, with keys that may administrate, see that of one user or of all.
   * @throws PermissionError, DatabaseUnavailableError
   */
  async report(caller: Caller, asked: UsageQuestion): Promise<UsageReport> {
    const isOperator = caller.isAdmin && caller.scopes.includes('admin');
    if (!isOperator && asked.userId !== undefined && asked.userId !== caller.userId) {
      throw new PermissionError('admin_required', 'user_id');
    }
    const question = isOperator ? asked : { ...asked, userId: caller.userId };
    // One more than shown tells whether there are further ones.
    const groups = await this.usage.report(question, MOST_GROUPS + 1);
    const hasMore = groups.length > MOST_GROUPS;
    return { question, groups: groups.slice(0, MOST_GROUPS), hasMore, showsCost: isOperator };
  }
}
