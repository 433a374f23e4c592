import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { checkSelection, Verdict } from './check.ts'

/** Checks a selection in a thread of its own, so that the caller goes on serving. */
export async function checkAside(...order: Parameters<typeof checkSelection>): Promise<Verdict> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: order })
  try {
    const [verdict]: Verdict[] = await once(worker, 'message')
    if (!verdict) throw new Error('The check ended before its verdict.')
    return verdict
  } finally {
    await worker.terminate()
  }
}
