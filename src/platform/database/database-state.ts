/** Whether the database answers: not yet, yes, or no longer. */
export type DatabaseState = 'starting' | 'up' | 'down';
