/** A record as people read it; beside each figure the ratio to an earlier run's. */
import Table from 'cli-table3';
import type { Figures, PhaseRecord } from './record';

export function headingOf(record: PhaseRecord, what: string): string {
  const { versions, machine, options, unit, units } = record;
  const commit = versions.commit ? ` (${versions.commit})` : '';
  return [
    `\n${record.phase}: ${what}`,
    `${number(units)} × ${unit} in ${number(record.seconds)} s, ${options.perRequest} a batch, ${options.parallel} requests at once, upstreams ${options.latencyMs} ms late`,
    `Deskbridge ${versions.deskbridge}${commit}, Temporal Server ${versions.temporal}, Node ${versions.node}, ${machine.cores} cores (${machine.processor}), load ${number(machine.loadBefore)} before`,
  ].join('\n');
}

export function tablesOf(record: PhaseRecord, before: PhaseRecord | undefined): string {
  const { floor } = record;
  const head = ['Figure', 'Value', ...(floor ? ['Floor', 'of the floor'] : []), ...(before ? ['Before', 'Ratio'] : [])];
  const figures = new Table({ head, ...PLAIN });
  const beside = (value: number | null, other: number | null | undefined): string[] => [
    shown(other),
    ratio(value, other),
  ];
  for (const [name, value] of Object.entries(record.figures)) {
    figures.push([
      words(name),
      shown(value),
      ...(floor ? beside(value, floor.figures[name]) : []),
      ...(before ? beside(value, before.figures[name]) : []),
    ]);
  }
  const columns = Object.keys(Object.values(record.processes)[0] ?? {});
  const processes = new Table({ head: ['Process', ...columns.map(words)], ...PLAIN });
  for (const [name, values] of Object.entries(record.processes)) {
    const old: Figures | undefined = before?.processes[name];
    processes.push([
      name,
      ...columns.map((column) =>
        [shown(values[column]), old && ratio(values[column], old[column])].filter(Boolean).join(' '),
      ),
    ]);
  }
  const answers = Object.entries(record.answers).map(([answer, count]) => `${number(count)} × ${answer}`);
  return [
    figures.toString(),
    processes.toString(),
    ...(floor?.otherCalls ? [`The floor is no measure, it made other calls for each: ${floor.otherCalls}.`] : []),
    ...(answers.length > 0 ? [`Upstreams answered ${answers.join(', ')}.`] : []),
  ].join('\n');
}

/** Without colours and lines between rows: the tables are also kept in files. */
const PLAIN = {
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  colAligns: ['left' as const, ...Array.from({ length: 8 }, () => 'right' as const)],
  style: { head: [], border: [] },
};

/** `ackP50Ms` as `ack p50 ms`. */
const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const shown = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : number(value);

/** Three digits tell enough; counts are shown in full. */
function number(value: number): string {
  const rounded = Number.isInteger(value) ? value : Number(value.toPrecision(3));
  return rounded.toLocaleString('en', { maximumFractionDigits: 6 });
}

const ratio = (value: number | null | undefined, old: number | null | undefined): string =>
  typeof value === 'number' && typeof old === 'number' && old !== 0 ? `×${(value / old).toFixed(2)}` : '–';
