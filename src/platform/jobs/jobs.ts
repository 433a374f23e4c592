import { sql } from 'kysely'
import { fromKysely, type Job, PgBoss } from 'pg-boss'
import type { Database, Db, OwnerConnection, Tx } from '../database/database.ts'

/** A kind of work done later. Its job carries one id and nothing else, so that no personal value waits in a queue. */
export interface Queue {
  name: string
  /** How often a failed job is tried again before it is left for a person; by default it is never given up. */
  retries?: number
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
  /** Does the queue's work, one job at a time, until stopped. */
  work(queue: Queue, handle: (id: string) => Promise<void>): Promise<void>
  /** How many jobs wait and how many were given up. */
  counts(): Promise<{ waiting: number; failed: number }>
  /** Finishes the running jobs, then stops. */
  stop(): Promise<void>
}

const SCHEMA = 'pgboss'
const NEVER = 100_000
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
  const jobs = ids.map(id => ({ data: { id }, ...(after ? { startAfter: after } : {}) }))
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
  })
  boss.on('error', error => onError('code' in error ? String(error.code) : error.name))
  await boss.start()
  return {
    work: async (queue, handle) => {
      await boss.work<{ id: string }>(queue.name, { pollingIntervalSeconds: 0.5, batchSize: 1 }, jobs =>
        run(jobs, handle),
      )
    },
    counts: () => countJobs(database.db),
    stop: () => boss.stop({ graceful: true, close: false, timeout: 15_000 }),
  }
}

async function run(jobs: Job<{ id: string }>[], handle: (id: string) => Promise<void>): Promise<void> {
  for (const job of jobs)
    try {
      await handle(job.data.id)
    } catch (error) {
      throw withoutDetails(error)
    }
}

/** What pg-boss stores of a failure: a code, never a message that may quote a person's data. */
function withoutDetails(error: unknown): JobError {
  if (error instanceof JobError) return bare(error.code)
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return bare(error.code)
  return bare(error instanceof Error ? error.constructor.name : 'unknown')
}

function bare(code: string): JobError {
  const error = new JobError(code)
  error.stack = ''
  return error
}

async function countJobs(db: Db): Promise<{ waiting: number; failed: number }> {
  const { rows } = await sql<{ waiting: number; failed: number }>`
    select count(*) filter (where state in ('created', 'retry', 'active')) as waiting,
           count(*) filter (where state = 'failed') as failed
    from pgboss.job`.execute(db)
  return { waiting: Number(rows[0]?.waiting ?? 0), failed: Number(rows[0]?.failed ?? 0) }
}
