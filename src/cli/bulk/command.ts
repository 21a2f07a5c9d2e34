/**
 * `dispatch --query`, `--file`, `--batch`: many tickets at once. Promise: nothing is dispatched without `--yes`; the batch
 * goes on in Temporal whatever becomes of the command.
 */
import type { BatchView } from '../../contract/dispatch-batch';
import { countsText, stageText } from '../../domain/dispatch-batch/words';
import { hasFieldNation } from '../../runtime';
import { CannotDispatchError, createCanDispatch } from '../../temporal/can-dispatch';
import { createDispatchBatches, type DispatchBatches } from '../../temporal/dispatch-batches';
import { auditOf } from '../audited';
import { withContext, type CliContext } from '../context';
import { UsageError, WorkFailedError } from '../../command-errors';
import { printJson } from '../output';
import { checkAsked, queryOf, type BulkAsked } from './asked';
import { itemsOf, printOutcome, printPlan, sumOf } from './list';
import { patiently } from './patience';
import { createBatchProgress, type BatchProgress } from './progress';
import { readTicketsFile, type TicketsFile } from './tickets-file';
import { watchBatch } from './watch';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** @throws UsageError, WorkFailedError when a ticket or a row needs a person, or nobody watches any more */
export async function dispatchBulk(asked: BulkAsked): Promise<void> {
  checkAsked(asked);
  const { query, file, batch } = asked;
  const read = file === undefined ? null : await readTicketsFile(file);
  const given = query === undefined ? null : queryOf(query);
  await withContext(async (context) => {
    const batches = createDispatchBatches({ ...context, account: context.runtime.account });
    const session = new Session(context, batches, asked, read);
    try {
      if (batch !== undefined) await session.goOn(batch);
      else await session.begin(given === null ? { tickets: read?.tickets ?? [] } : { query: given });
    } finally {
      session.end();
    }
  });
}

class Session {
  readonly #batches: DispatchBatches;
  readonly #left = new AbortController();
  readonly #progress: BatchProgress;
  readonly #leave = (): void => this.#left.abort();

  constructor(
    private readonly context: CliContext,
    batches: DispatchBatches,
    private readonly asked: BulkAsked,
    private readonly file: TicketsFile | null,
  ) {
    const out = asked.json ? process.stderr : process.stdout;
    this.#progress = createBatchProgress(out, !asked.json && out.isTTY && process.env.TERM !== 'dumb');
    this.#batches = patiently(batches, { say: (text) => this.#progress.say(text), left: this.#left.signal });
    // Once each: who presses Ctrl-C a second time does not want to wait.
    for (const signal of SIGNALS) process.once(signal, this.#leave);
  }

  end(): void {
    for (const signal of SIGNALS) process.off(signal, this.#leave);
    this.#progress.end();
  }

  async begin(of: Parameters<DispatchBatches['start']>[0]): Promise<void> {
    const { settings, dispatching, runtime } = this.context;
    const canDispatch = createCanDispatch({ dispatching, hasFieldNation: hasFieldNation(settings) });
    if (!(await canDispatch())) throw new CannotDispatchError(runtime.account);
    for (const { line, problem } of this.file?.bad ?? []) this.#progress.say(`line ${line}: ${problem}`);
    const name = await this.#batches.start(of, this.asked.nextVisit);
    if (!this.asked.json) this.#progress.say(`${name}: the tickets are read; nothing is dispatched meanwhile.`);
    await this.#list(name);
  }

  async goOn(name: string): Promise<void> {
    const view = await this.#batches.view(name);
    if (this.asked.stop) await this.#stop(name, view);
    else if (view.stage === 'finding' || view.stage === 'reading') await this.#list(name);
    else if (this.asked.yes && view.stage !== 'done') await this.#run(name, view);
    else await this.#show(name, view);
  }

  /** Waits for the list, and shows it or goes on with it. */
  async #list(name: string): Promise<void> {
    const view = await this.#watch(name, ['listed', 'refused']);
    if (this.asked.yes && view.stage === 'listed') {
      if (!this.asked.json) printPlan(itemsOf(await this.#batches.list(name)));
      await this.#run(name, view);
    } else await this.#show(name, view);
  }

  async #run(name: string, before: BatchView): Promise<void> {
    refuse(before);
    await this.#batches.run(name);
    auditOf(this.context.settings)('dispatched', name);
    const told = before.stage === 'listed' ? 'Dispatching the tickets of' : 'Going on with';
    if (!this.asked.json) {
      this.#progress.say(`${told} ${name}. Ctrl-C leaves it running in the background.`);
    }
    await this.#show(name, await this.#watch(name, ['done', 'stopped', 'expired', 'refused']));
  }

  async #stop(name: string, { stage }: BatchView): Promise<void> {
    const runs = stage === 'running' || stage === 'stopped';
    if (runs) await this.#batches.stop(name);
    const after = await this.#batches.view(name);
    if (this.asked.json) printJson({ batch: name, ...after, next: nextOf(name, after) });
    else if (runs) {
      console.log(`${name} begins no further ticket; those under way go on. ${countsText(after)}.`);
      console.log(`To go on with it, run: ${nextOf(name, after)}`);
    } else console.log(`${stageText(name, after)}. There is nothing to stop.`);
  }

  async #watch(name: string, until: BatchView['stage'][]): Promise<BatchView> {
    const view = await watchBatch(
      { batches: this.#batches, name, progress: this.#progress, left: this.#left.signal },
      until,
    );
    this.#progress.end();
    if (view) return view;
    const how = `Watch it, and let it dispatch what it lists, with: ${command(name)} --yes. Stop it with: ${command(name)} --stop`;
    throw new WorkFailedError(`${name} goes on in the background. ${how}`);
  }

  /** @throws UsageError, WorkFailedError for what needs a person */
  async #show(name: string, view: BatchView): Promise<void> {
    const { json } = this.asked;
    const items = itemsOf(await this.#batches.list(name));
    const next = nextOf(name, view);
    if (json) {
      const file = this.file ? { badRows: this.file.bad, repeatedRows: this.file.repeated } : {};
      printJson({ batch: name, dryRun: view.stage === 'listed', ...view, ...sumOf(items), ...file, next, items });
    } else if (view.stage === 'listed') {
      if (this.file?.repeated) console.log(`Rows that repeat a ticket, left out: ${this.file.repeated}.`);
      printPlan(items);
      console.log(
        next === null
          ? 'Nothing is left to dispatch.'
          : `Nothing is dispatched yet. To dispatch exactly these, run: ${next}`,
      );
    } else if (view.stage !== 'refused') {
      printOutcome(name, view, items);
      if (next !== null) console.log(`To go on with it, run: ${next}`);
    }
    refuse(view);
    const { counts, stage } = view;
    if (stage === 'stopped') throw new WorkFailedError(`${name} was stopped.`);
    if (counts.attention + counts.failed > 0) {
      throw new WorkFailedError(
        `Tickets that need a person: ${counts.attention + counts.failed}. \`deskbridge list --state attention\` shows them, and \`deskbridge approve --all\` those that wait for money.`,
      );
    }
    if (counts.problem > 0) {
      throw new WorkFailedError(
        `Tickets that cannot be mapped: ${counts.problem}. Correct what the list names, on the tickets or in the config, and list them again.`,
      );
    }
    const bad = this.file?.bad.length ?? 0;
    if (bad > 0)
      throw new WorkFailedError(`The file has rows without a ticket number: ${bad}. They are listed above by line.`);
  }
}

/** @throws UsageError, WorkFailedError for a batch that has no list, or has ended without a yes */
function refuse({ stage, refusal }: BatchView): void {
  if (refusal) throw refusal.isUsage ? new UsageError(refusal.detail) : new WorkFailedError(refusal.detail);
  if (stage === 'expired') throw new WorkFailedError('Nobody said yes in time. List the tickets again.');
}

const command = (name: string): string => `npx deskbridge dispatch --batch ${name}`;

/** The command that goes on with it; null: there is nothing to go on with. */
function nextOf(name: string, { stage, counts }: BatchView): string | null {
  const isLeft = counts.ready + counts.asks + counts.problem + counts.begun > 0;
  return isLeft && ['listed', 'running', 'stopped'].includes(stage) ? `${command(name)} --yes` : null;
}
