const SQLSTATE = /^[0-9A-Z]{5}$/;
/** The classes and codes that Lite reports by themselves. */
const REPORTED_BY_LITE = /^(?:21|22|42|53|55|PT)|^(?:23502|23503|23505|25006|PGRST)$/;

interface PostgresError {
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
}

/**
 * Lite reports most of PostgreSQL's errors (a check violated, an exception raised) as one code of its own with status
 * 500, as it does a lost connection. A caller has to tell the two apart: one is cured by waiting. So such an error is
 * given the form in which a function dictates PostgREST's reply, which Lite passes on as it is.
 */
export function describeRefusal(error: unknown): unknown {
  if (!isPostgresError(error) || REPORTED_BY_LITE.test(error.code)) return error;
  const { code, message, detail = null, hint = null } = error;
  return {
    code: 'PGRST',
    message: JSON.stringify({ code, message, details: detail, hint }),
    detail: JSON.stringify({ status: 400, headers: {} }),
  };
}

function isPostgresError(error: unknown): error is PostgresError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && SQLSTATE.test(error.code);
}
