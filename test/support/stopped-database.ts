import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A row of `user_transactions`; money as text. */
export interface TransactionRow {
  readonly id: string;
  readonly status: string;
  readonly credits_used: string;
  readonly cost: string;
  readonly token_source: string;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly model_id: string;
  readonly provider_id: string;
  readonly attempts: number;
}

const SCRIPT = `
  import { PGlite } from '@electric-sql/pglite';
  const [folder, sql] = process.argv.slice(1);
  const database = await PGlite.create(folder);
  const { rows } = await database.query(sql);
  await database.close();
  process.stdout.write(JSON.stringify(rows));
`;

/** Queries the embedded database of a gateway that has been stopped: nobody else can open it. */
export function queryStopped<Row>(dataDirectory: string, sql: string): Row[] {
  const node = join(process.cwd(), 'node_modules', '.bin', 'node');
  const argv = ['--input-type=module', '-e', SCRIPT, join(dataDirectory, 'database'), sql];
  return JSON.parse(execFileSync(node, argv, { encoding: 'utf8', maxBuffer: 1024 ** 3 })) as Row[];
}

export function transactionsOf(dataDirectory: string): Map<string, TransactionRow> {
  const columns =
    'id, status, credits_used::text, cost::text, token_source, input_tokens, output_tokens, model_id, provider_id, attempts';
  const rows = queryStopped<TransactionRow>(dataDirectory, `select ${columns} from user_transactions`);
  return new Map(rows.map((row) => [row.id, row]));
}
