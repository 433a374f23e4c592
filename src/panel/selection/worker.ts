import { parentPort, workerData } from 'node:worker_threads'
import type { Order } from './aside.ts'
import { findAndCommit } from './select.ts'

// The other side of `aside.ts`: one order, progress on the way, one answer.
const { problem, files, wishes }: Order = workerData
let last = 0
const answer = await findAndCommit(problem, files, {
  ...wishes,
  onProgress: progress => {
    if (performance.now() - last < 100) return
    last = performance.now()
    parentPort?.postMessage({ progress })
  },
})
parentPort?.postMessage({ answer })
