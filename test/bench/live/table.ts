// The costs of live recording as tables in Markdown. Pure.
import type { LiveCost, LoadPair } from './recording.ts';

export function liveTables(costs: readonly LiveCost[]): string {
  return [
    '### Live recording: a service at full load, on against off in turn',
    '',
    'The service does one change in each request; ratios of the rounds, their median and range.',
    '',
    '| Node | requests/s off | on | throughput on/off | p50 on/off | p99 on/off | CPU of a request on/off | recorded | lost |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...costs.map(loadLine),
    '',
    '### Live recording: one event',
    '',
    '| Node | untouched assignment | recorded | event costs | the same place before recording |',
    '| --- | --- | --- | --- | --- |',
    ...costs.map(
      ({ node, on, off }) =>
        `| ${node} | ${ns(on.untouched)} | ${ns(on.recorded)} | ${ns(on.recorded - on.untouched)} | ${ns(off.recorded)} |`,
    ),
    '',
    '### Live recording: events per second',
    '',
    '| Node | asked for | happened/s | recorded | told as lost | unaccounted | CPU of the service for an event |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...costs.flatMap(rateLines),
    '',
    ...costs.map(lossFree),
    '',
    '### Live recording: standstill of the service',
    '',
    '| Node | to arm | to put back | while nothing is done |',
    '| --- | --- | --- | --- |',
    ...costs.map(
      ({ node, editMs, restoreMs, idleMs }) =>
        `| ${node} | ${spread(editMs, 'ms')} | ${spread(restoreMs, 'ms')} | ${spread(idleMs, 'ms')} |`,
    ),
    '',
  ].join('\n');
}

function loadLine({ node, pairs }: LiveCost): string {
  const of = (side: 'off' | 'on'): string => middle(pairs.map((pair) => pair[side].perSecond)).toFixed(0);
  const ratio = (what: 'perSecond' | 'p50' | 'p99' | 'cpuUs'): string =>
    spread(
      pairs.map((pair) => pair.on[what] / pair.off[what]),
      'x',
    );
  const sum = (take: (pair: LoadPair) => number): string => pairs.reduce((all, pair) => all + take(pair), 0).toString();
  return `| ${[
    node,
    of('off'),
    of('on'),
    ratio('perSecond'),
    ratio('p50'),
    ratio('p99'),
    ratio('cpuUs'),
    sum((pair) => pair.recorded.events),
    sum((pair) => pair.recorded.lost),
  ].join(' | ')} |`;
}

function rateLines({ node, rates }: LiveCost): string[] {
  return rates.map(({ rate, done, perSecond, recorded, cpuUs, cpuUsOff }) => {
    const unaccounted = done - recorded.events - recorded.lost;
    const cpu = `${Math.max(0, cpuUs - cpuUsOff).toFixed(1)} µs`;
    return `| ${[node, rate, perSecond.toFixed(0), recorded.events, recorded.lost, unaccounted, cpu].join(' | ')} |`;
  });
}

function lossFree({ node, rates }: LiveCost): string {
  const whole = rates.filter(({ done, recorded }) => recorded.events === done).map(({ perSecond }) => perSecond);
  const most = whole.length > 0 ? Math.max(...whole).toFixed(0) : 'none';
  return `Node ${node}: the highest rate without loss was ${most} events/s.\n`;
}

function middle(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

function spread(numbers: readonly number[], unit: 'x' | 'ms'): string {
  const show = (value: number): string => (unit === 'x' ? value.toFixed(2) : value.toFixed(0));
  const range = `${show(Math.min(...numbers))} to ${show(Math.max(...numbers))}`;
  return unit === 'x' ? `${show(middle(numbers))} (${range})` : `${show(middle(numbers))} ms (${range})`;
}

function ns(value: number): string {
  return `${value.toFixed(0)} ns`;
}
