import { parentPort, workerData } from 'node:worker_threads'
import { checkSelection } from './check.ts'

// The other side of `aside.ts`: one selection, one verdict.
const order: Parameters<typeof checkSelection> = workerData
parentPort?.postMessage(await checkSelection(...order))
