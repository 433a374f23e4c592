import { daysBetween } from '#src/platform/calendar/dates.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import type { Tx } from '#src/platform/database/database.ts'
import { type Case, cases } from './cases.ts'

export const countsHead = [
  'Month',
  'Received',
  'Acknowledged within 30 days',
  'Acknowledged late',
  'Not acknowledged yet',
  'Upheld',
  'Upheld in part',
  'Not upheld',
  'Not decided yet',
  'Days to the outcome, median',
] as const

/** Complaints about data, counted by the month in which they came: what DPA 2018 s.164B lets the Secretary of State ask for. */
export async function complaintCounts(tx: Tx): Promise<string[][]> {
  const months = new Map<string, (Case & { due: string })[]>()
  for (const one of await cases(tx)) {
    if (one.matter !== 'complaint') continue
    const month = londonDate(one.received_at).slice(0, 7)
    months.set(month, [...(months.get(month) ?? []), one])
  }
  return [...months]
    .sort(([a], [b]) => b.localeCompare(a))
    .map(([month, all]) => {
      const inTime = all.filter(one => one.acknowledged_at && londonDate(one.acknowledged_at) <= one.due).length
      const acknowledged = all.filter(one => one.acknowledged_at).length
      const decided = (what: Case['decision']) => all.filter(one => one.decision === what).length
      const days = all.flatMap(one =>
        one.answered_at ? [daysBetween(londonDate(one.received_at), londonDate(one.answered_at))] : [],
      )
      const counts = [
        all.length,
        inTime,
        acknowledged - inTime,
        all.length - acknowledged,
        decided('granted'),
        decided('part'),
        decided('refused'),
        decided(null),
      ]
      return [month, ...counts.map(String), median(days)]
    })
}

function median(days: number[]): string {
  const sorted = [...days].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return low === undefined || high === undefined ? '' : String((low + high) / 2)
}
