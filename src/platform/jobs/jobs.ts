import { sql } from 'kysely'
import { fromKysely, type Job, type JobResult, PgBoss } from 'pg-boss'
import type { Database, Db, OwnerConnection, Tx } from '../database/database.ts'
import { inWorld, isPractice, REAL, worldNow } from '../database/world.ts'

/**
 * A kind of work done later. Its job carries one id and nothing else, so that no personal value waits in a queue; in
 * practice also whose practice it is, and it is done there.
 */
export interface Queue {
  name: string
  /** How often a failed job is tried again before it is left for a person; by default it is never given up. */
  retries?: number
  /** How many jobs run side by side; 1 by default. */
  atOnce?: number
  /** A cron line in London time, for work that comes round by itself. */
  cron?: string
}

/** A job fails with a code alone: a library's message may hold an address. */
export class JobError extends Error {
  readonly code: string
  constructor(code: string) {
    super(code)
    this.code = code
  }
}

export interface Jobs {
  /** Does the queue's work until stopped. Each job ends by itself, whatever becomes of the others. */
  work(queue: Queue, handle: (id: string) => Promise<void>): Promise<void>
  /** How many jobs wait and how many were given up. */
  counts(): Promise<{ waiting: number; failed: number }>
  /** Finishes the running jobs, then stops. */
  stop(): Promise<void>
}

interface Work {
  id: string
  world?: string
}

const SCHEMA = 'pgboss'
const NEVER = 100_000
/** After so many seconds without a sign from its worker, a job is given to another: a crash delays it no longer. */
const HEARTBEAT = 30
const BATCH = 20
const YEAR = 365 * 24 * 60 * 60

/** Makes pg-boss's tables and every queue; part of `panel migrate`, since the running service may create nothing. */
export async function migrateQueues(owner: OwnerConnection, queues: Queue[]): Promise<void> {
  const boss = new PgBoss({
    db: owner.forJobs,
    schema: SCHEMA,
    backend: owner.engine,
    supervise: false,
    schedule: false,
  })
  boss.on('error', () => {})
  await boss.start()
  for (const queue of queues) {
    const options = {
      retryLimit: queue.retries ?? NEVER,
      retryDelay: 5,
      retryBackoff: true,
      retryDelayMax: 600,
      retentionSeconds: YEAR,
      deleteAfterSeconds: 24 * 60 * 60,
      heartbeatSeconds: HEARTBEAT,
    }
    if (await boss.getQueue(queue.name)) await boss.updateQueue(queue.name, options)
    else await boss.createQueue(queue.name, options)
    if (queue.cron) await boss.schedule(queue.name, queue.cron, { id: 'due' }, { tz: 'Europe/London' })
  }
  await boss.stop({ graceful: false, close: false })
  await owner.exec(`
    grant usage on schema ${SCHEMA} to panel_app;
    grant select, insert, update, delete on all tables in schema ${SCHEMA} to panel_app;
    grant usage on all sequences in schema ${SCHEMA} to panel_app;
    grant execute on all functions in schema ${SCHEMA} to panel_app`)
}

/** Queues one job in the caller's transaction: kept or rolled back with it. `after` is when it may first run. */
export async function later(tx: Tx, queue: Queue, id: string, after?: Date): Promise<void> {
  await insertJobs(tx, queue, [id], after)
}

/** Queues many jobs at once in the caller's transaction. */
export async function insertJobs(tx: Tx, queue: Queue, ids: string[], after?: Date): Promise<void> {
  const db = fromKysely(tx)
  const sender = new PgBoss({ db, schema: SCHEMA }) // never started: it only writes through the caller's transaction
  const where = isPractice() ? { world: worldNow() } : {}
  const jobs = ids.map(id => ({ data: { id, ...where }, ...(after ? { startAfter: after } : {}) }))
  for (let at = 0; at < jobs.length; at += 1000) await sender.insert(queue.name, jobs.slice(at, at + 1000), { db })
}

/** Queues a job in the owner's transaction: a restore puts back what waited. */
export async function insertJobsAsOwner(owner: OwnerConnection, queue: string, id: string, after: Date): Promise<void> {
  const sender = new PgBoss({ db: owner.forJobs, schema: SCHEMA })
  await sender.insert(queue, [{ data: { id }, startAfter: after }], { db: owner.forJobs })
}

/** Starts the worker. Nothing here creates tables: `panel migrate` did. */
export async function startJobs(database: Database, onError: (code: string) => void): Promise<Jobs> {
  const boss = new PgBoss({
    db: database.forJobs,
    schema: SCHEMA,
    backend: database.engine,
    migrate: false,
    createSchema: false,
    reindex: false,
    monitorVacuum: false,
    superviseIntervalSeconds: HEARTBEAT,
    monitorIntervalSeconds: HEARTBEAT,
  })
  boss.on('error', error => onError('code' in error ? String(error.code) : error.name))
  await boss.start()
  let stopping = false
  return {
    work: async (queue, handle) => {
      await boss.work(
        queue.name,
        { pollingIntervalSeconds: 0.5, batchSize: BATCH, burstWhenBatchFull: true, perJobResults: true },
        (jobs: Job<Work>[]) => run(jobs, handle, queue.atOnce ?? 1, () => stopping),
      )
    },
    counts: () => countJobs(database.db),
    stop: () => {
      stopping = true
      return boss.stop({ graceful: true, close: false, timeout: 15_000 })
    },
  }
}

/** Works through a batch; when the service stops, what was not begun goes back to the queue. */
async function run(
  jobs: Job<Work>[],
  handle: (id: string) => Promise<void>,
  atOnce: number,
  isStopping: () => boolean,
): Promise<JobResult[]> {
  const waiting = [...jobs]
  const results: JobResult[] = []
  const hand = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) results.push(await one(job, handle, isStopping()))
  }
  await Promise.all(Array.from({ length: atOnce }, hand))
  return results
}

async function one(job: Job<Work>, handle: (id: string) => Promise<void>, isStopping: boolean): Promise<JobResult> {
  if (isStopping) return { id: job.id, status: 'failed', output: { code: 'stopped' } }
  try {
    await inWorld(job.data.world ?? REAL, () => handle(job.data.id))
    return { id: job.id, status: 'completed' }
  } catch (error) {
    return { id: job.id, status: 'failed', output: { code: codeOf(error) } }
  }
}

/** What is stored of a failure: a code, never a message that may quote a person's data. */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error ? error.constructor.name : 'unknown'
}

async function countJobs(db: Db): Promise<{ waiting: number; failed: number }> {
  const { rows } = await sql<{ waiting: number; failed: number }>`
    select count(*) filter (where state in ('created', 'retry', 'active')) as waiting,
           count(*) filter (where state = 'failed') as failed
    from pgboss.job`.execute(db)
  return { waiting: Number(rows[0]?.waiting ?? 0), failed: Number(rows[0]?.failed ?? 0) }
}
