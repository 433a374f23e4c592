import { barsOf } from './bars.ts'
import { features } from './features.ts'
import type { Plan } from './plan.ts'
import type { Candidates } from './pool.ts'
import { referenceOf } from './reference.ts'
import type { Run } from './run.ts'

/** A feature with its quotas, the pool beside the population, as bars and as a table. */
export function featureShown(feature: (typeof features)[number], plan: Plan, candidates: Candidates) {
  const shares = referenceOf(plan.reference).shares[feature.name]
  const all = [...candidates.values()]
  const count = (value: string) => all.filter(values => values[feature.name] === value).length
  const rows = Object.entries(feature.values).map(([value, words]) => {
    const quota = plan.quotas.find(one => one.feature === feature.name && one.value === value)
    const people = count(value)
    return {
      value,
      words,
      people,
      share: all.length ? (100 * people) / all.length : 0,
      population: shares?.[value],
      min: quota?.min ?? 0,
      max: quota?.max ?? null,
      field: `${feature.name}-${value}`,
    }
  })
  const bars = barsOf(
    rows.map(row => ({
      words: row.words,
      bars: [
        { says: 'Population', share: row.population },
        { says: 'Pool', share: row.share },
      ],
    })),
  )
  const unsaid = all.length - rows.reduce((sum, row) => sum + row.people, 0)
  return { name: feature.name, says: feature.says, rows, bars, unsaid, proposedFrom: shares !== undefined }
}

/** Panel against pool against population, feature by feature. */
export function groupsOf(run: Run, outcomes: readonly { type: number; outcome: string | null }[]) {
  const types = run.types
  if (!types?.length) return []
  const shares = referenceOf(run.reference).shares
  const members = outcomes.filter(one => one.outcome === 'member')
  const named = features.filter(feature => types[0] && feature.name in types[0].features)
  return named.map(feature => {
    const rows = Object.entries(feature.values).map(([value, words]) => {
      const has = (type: number) => types[type]?.features[feature.name] === value
      const pool = types.reduce((sum, type, t) => sum + (has(t) ? type.people : 0), 0)
      const panel = members.filter(one => has(one.type)).length
      const quota = run.quotas.find(one => one.feature === feature.name && one.value === value)
      return { words, pool, panel, population: shares[feature.name]?.[value], min: quota?.min, max: quota?.max }
    })
    const bars = barsOf(
      rows.map(row => ({
        words: row.words,
        bars: [
          { says: 'Population', share: row.population },
          { says: 'Pool', share: (100 * row.pool) / Math.max(1, run.pool_size) },
          ...(members.length
            ? [{ says: run.seated ? 'Drawn' : 'Panel', share: (100 * row.panel) / members.length }]
            : []),
        ],
      })),
    )
    return { name: feature.name, says: feature.says, rows, bars, drawn: members.length > 0 }
  })
}
