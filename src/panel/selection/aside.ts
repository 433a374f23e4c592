import { Worker } from 'node:worker_threads'
import type { Progress } from './lottery.ts'
import type { PooledProblem } from './problem.ts'
import type { Found, Infeasible, SelectionWishes, Stopped } from './select.ts'

export type Order = {
  problem: PooledProblem
  files: { pool: Uint8Array; quotas: Uint8Array }
  wishes: Omit<SelectionWishes, 'onProgress' | 'isCancelled'>
}

/** How long past its limit a run may tidy up before it is ended by force, in seconds. */
const GRACE = 15

/**
 * Finds and commits to a lottery in a thread of its own, so that the caller goes on serving. Ends when it is done, when the
 * signal is aborted (answer: stopped) or when the limit and its grace are over; it never holds the process open.
 */
export async function findAside(
  order: Order,
  onProgress: (progress: Progress) => void = () => {},
  signal?: AbortSignal,
): Promise<Found | Infeasible | Stopped> {
  if (signal?.aborted) return { stopped: true }
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: order })
  const limit = order.wishes.timeLimit
  try {
    return await new Promise((resolve, reject) => {
      const stop = () => resolve({ stopped: true })
      signal?.addEventListener('abort', stop, { once: true })
      if (limit !== undefined) setTimeout(stop, (limit + GRACE) * 1000).unref()
      worker.on('message', (told: { progress?: Progress; answer?: Found | Infeasible | Stopped }) => {
        if (told.progress) onProgress(told.progress)
        if (told.answer) resolve(told.answer)
      })
      worker.on('error', reject)
      worker.on('exit', code => reject(new Error(`The selection ended before its answer (exit ${code}).`)))
    })
  } finally {
    await worker.terminate()
  }
}
