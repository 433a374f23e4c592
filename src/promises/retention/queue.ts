import type { Queue } from '#src/platform/jobs/jobs.ts'

/** The nightly sweep, when London sleeps. */
export const sweepQueue: Queue = { name: 'nightly-sweep', cron: '20 3 * * *' }
