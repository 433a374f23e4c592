import { readFileSync } from 'node:fs'
import { findLottery } from '#src/panel/selection/lottery.ts'
import { pose } from '#src/panel/selection/problem.ts'
import type { Fault } from '#src/panel/selection/reading/fault.ts'
import { readPool } from '#src/panel/selection/reading/pool.ts'
import { readQuotas } from '#src/panel/selection/reading/quotas.ts'

// One pool in a process of its own, so that time and memory are its alone: node bench/selection-one.ts POOL QUOTAS SIZE
const [poolFile = '', quotasFile = '', size = '0'] = process.argv.slice(2)
const started = performance.now()
const faults: Fault[] = []
const quotas = readQuotas(readFileSync(quotasFile), quotasFile, faults)
const pool = readPool(readFileSync(poolFile), poolFile, quotas, {}, faults)
if (faults.length) throw new Error(JSON.stringify(faults[0]))
const problem = pose(pool, quotas, Number(size))
const read = (performance.now() - started) / 1000
const lottery = await findLottery(problem)
const total = (performance.now() - started) / 1000
const { user, system } = process.cpuUsage()
const measured = {
  people: pool.ids.length,
  features: pool.features.length,
  types: problem.count.length,
  read,
  total,
  cpu: (user + system) / 1e6,
  memory: process.resourceUsage().maxRSS / 1024,
}
const found =
  'conflict' in lottery
    ? { conflict: true }
    : {
        ...lottery.seconds,
        panels: lottery.panels.length,
        lowest: Math.min(...lottery.chance),
        optimal: lottery.certificate.optimal,
        gap: lottery.certificate.gap,
        raise: lottery.certificate.raise,
      }
process.stdout.write(JSON.stringify({ ...measured, ...found }))
