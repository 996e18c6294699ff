import { parser } from '@prometheus-io/lezer-promql';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** A question to Prometheus, and where it stands. */
export interface Expression {
  readonly where: string;
  readonly text: string;
}

/** What stands for something in Grafana only, and what may stand there for Prometheus. */
const GRAFANA: readonly (readonly [RegExp, string])[] = [
  [/\$__rate_interval/g, '5m'],
  [/"\$\w+"/g, '".*"'],
];

interface Rules {
  readonly groups: { readonly rules: { readonly record?: string; readonly alert?: string; readonly expr: string }[] }[];
}

interface Dashboard {
  readonly title: string;
  readonly panels: { readonly title: string; readonly targets: { readonly expr: string }[] }[];
  readonly templating: { readonly list: { readonly name: string; readonly type: string; readonly query: string }[] };
}

export function rulesIn(folder: string): { readonly records: string[]; readonly expressions: Expression[] } {
  const rules = filesIn(folder).flatMap((file) => (parse(readFileSync(file, 'utf8')) as Rules).groups);
  const all = rules.flatMap((group) => group.rules);
  return {
    records: all.flatMap(({ record = [] }) => record),
    expressions: all.map(({ record, alert, expr }) => ({ where: record ?? alert ?? '', text: expr })),
  };
}

export function expressionsOfDashboards(folder: string): Expression[] {
  return filesIn(folder).flatMap((file) => {
    const { title, panels, templating } = JSON.parse(readFileSync(file, 'utf8')) as Dashboard;
    const ofPanels = panels.flatMap((panel) =>
      panel.targets.map(({ expr }) => ({ where: `${title}: ${panel.title}`, text: plain(expr) })),
    );
    const choices = templating.list.filter(({ type }) => type === 'query');
    const ofChoices = choices.map(({ name, query }) => {
      return { where: `${title}: $${name}`, text: query.replace(/^label_values\((.*), \w+\)$/, '$1') };
    });
    return [...ofPanels, ...ofChoices];
  });
}

/** The metrics that an expression asks for; of a histogram by its own name. Undefined when it is no PromQL. */
export function metricsIn({ text }: Expression): string[] | undefined {
  const names: string[] = [];
  const faults: number[] = [];
  parser.parse(text).iterate({
    enter: ({ type, node, from }) => {
      if (type.isError) faults.push(from);
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector')
        names.push(text.slice(node.from, node.to));
    },
  });
  return faults.length === 0 ? names : undefined;
}

function plain(expression: string): string {
  return GRAFANA.reduce((text, [pattern, value]) => text.replaceAll(pattern, value), expression);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}
