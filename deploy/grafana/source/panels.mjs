/**
 * Panels and dashboards as short as they can be said; build.mjs makes Grafana's JSON of them. A panel has a title, a
 * sentence that explains it, queries by their legends, and a unit.
 */

const SOURCE = { type: 'prometheus', uid: '${datasource}' };
const WIDTH = 24;

/** Curves over time. `queries` are PromQL by legend. */
export function curves(title, description, queries, { unit = 'short', width = 12, max } = {}) {
  const custom = { lineWidth: 1, fillOpacity: 8, showPoints: 'never' };
  const defaults = { unit, min: 0, ...(max !== undefined && { max }), custom };
  return panel({ type: 'timeseries', title, description, width, height: 8, targets: targets(queries), defaults });
}

/** One figure, with what it should be: green, from the second bound on yellow, from the third on red. */
export function figure(title, description, query, { unit = 'short', bounds, width = 4 } = {}) {
  const [yellow, red] = bounds ?? [];
  const colors = bounds
    ? [
        ['green', null],
        ['yellow', yellow],
        ['red', red],
      ]
    : [['blue', null]];
  const steps = colors.map(([color, value]) => ({ color, value }));
  return panel({
    type: 'stat',
    title,
    description,
    width,
    height: 4,
    targets: [{ ...target(query, ''), instant: true }],
    defaults: { unit, thresholds: { mode: 'absolute', steps } },
    options: { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'background' },
  });
}

/** The largest of something, side by side. */
export function bars(title, description, query, legend, { unit = 'short', width = 12 } = {}) {
  return panel({
    type: 'bargauge',
    title,
    description,
    width,
    height: 8,
    targets: [{ ...target(query, legend), instant: true }],
    defaults: { unit, min: 0 },
    options: { orientation: 'horizontal', displayMode: 'gradient', reduceOptions: { calcs: ['lastNotNull'] } },
  });
}

/** How often something took how long. */
export function heat(title, description, bucketRate, { unit = 's', width = 12 } = {}) {
  return panel({
    type: 'heatmap',
    title,
    description,
    width,
    height: 8,
    targets: [{ ...target(bucketRate, '{{le}}'), format: 'heatmap' }],
    defaults: { unit },
    options: { calculate: false, yAxis: { unit }, cellGap: 0, tooltip: { mode: 'single', yHistogram: true } },
  });
}

function panel({ width, height, defaults, options, ...rest }) {
  return {
    ...rest,
    datasource: SOURCE,
    gridPos: { w: width, h: height },
    fieldConfig: { defaults, overrides: [] },
    ...(options && { options }),
  };
}

function targets(queries) {
  return Object.entries(queries).map(([legend, query], index) => target(query, legend, index));
}

function target(query, legend, index = 0) {
  return {
    refId: String.fromCharCode(65 + index),
    datasource: SOURCE,
    expr: query,
    legendFormat: legend,
    exemplar: /histogram_quantile/.test(query),
  };
}

/** A dashboard of rows of panels; `variables` are labels whose values may be chosen, and where they are found. */
export function dashboard({ uid, title, description, variables = [], panels }) {
  return {
    uid: `gatewayz-${uid}`,
    title: `GatewayZ / ${title}`,
    description,
    tags: ['gatewayz'],
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    timezone: 'browser',
    links: [{ type: 'dashboards', title: 'GatewayZ', tags: ['gatewayz'], asDropdown: true, keepTime: true }],
    templating: { list: [DATASOURCE, ...variables.map(choice)] },
    annotations: { list: [ALERTS] },
    panels: placed(panels),
  };
}

const DATASOURCE = { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' };

/** Alerts that fire are shown behind every curve. */
const ALERTS = {
  name: 'Alerts',
  datasource: SOURCE,
  enable: true,
  iconColor: 'red',
  expr: 'ALERTS{alertstate="firing", job=~"gatewayz|"}',
  titleFormat: '{{alertname}}',
};

function choice({ name, metric }) {
  return {
    name,
    label: name,
    type: 'query',
    datasource: SOURCE,
    query: `label_values(${metric}, ${name})`,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: 'All', value: '$__all' },
    refresh: 2,
    sort: 1,
  };
}

/** From left to right, and on as soon as a row is full. */
function placed(panels) {
  let [x, y, rowHeight] = [0, 0, 0];
  return panels.map((given, index) => {
    const { w, h } = given.gridPos;
    if (x + w > WIDTH) [x, y, rowHeight] = [0, y + rowHeight, 0];
    const gridPos = { x, y, w, h };
    [x, rowHeight] = [x + w, Math.max(rowHeight, h)];
    return { id: index + 1, ...given, gridPos };
  });
}
