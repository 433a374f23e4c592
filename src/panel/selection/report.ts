import type { Selection } from './result.ts'
import type { Infeasible } from './select.ts'

/** A selection as an officer reads it on a terminal. */
export function report(selection: Selection): string {
  const { types, certificate, seconds } = selection
  const people = types.reduce((sum, type) => sum + type.people.length, 0)
  const chances = types.map(type => type.probability)
  const lowest = Math.min(...chances)
  const atLowest = types.reduce((sum, type) => sum + (type.probability < lowest + 1e-7 ? type.people.length : 0), 0)
  const lines = [
    `${selection.size} people selected from ${people}, of ${types.length} types, by a lottery over ${selection.lottery.length} panels.`,
    `Lowest chance ${percent(lowest)} (${atLowest} people), highest ${percent(Math.max(...chances))}.`,
    certificate.optimal
      ? proved(selection.objective)
      : `Stopped before the proof was complete: within ${percent(certificate.gap)} of the best there can be.`,
    ...hard('Cannot be selected', selection.unreachable, types),
    ...hard('Have a very low chance', selection.low, types),
    `Seed: ${selection.seed}`,
    `Commitment: ${selection.commitment}`,
    `Selected: ${selection.selected.join(', ')}`,
    ...(selection.reserves.length ? [`Reserves, in order: ${selection.reserves.join(', ')}`] : []),
    `${seconds.total.toFixed(2)} seconds (target ${seconds.target.toFixed(2)}, panels ${seconds.decompose.toFixed(2)}).`,
  ]
  return `${lines.join('\n')}\n`
}

/** Quotas that cannot be met, as an officer reads it: what conflicts and what would mend it. */
export function reportInfeasible({ conflict, suggestions }: Infeasible): string {
  const lines = ['No panel meets all the quotas.']
  if (conflict.length) lines.push('These cannot all be kept:', ...conflict.map(name => `  ${name}`))
  if (suggestions.length) lines.push('Any one of these would mend it:')
  for (const { changes, reach, withinFlex } of suggestions) {
    const told = changes.map(
      ({ feature, value, bound, from, to }) => `${bound} of “${feature}: ${value}” from ${from} to ${to}`,
    )
    lines.push(
      `  ${told.join('; ')} (${reach} people would have a chance${withinFlex ? '' : '; beyond the flex limits'})`,
    )
  }
  return `${lines.join('\n')}\n`
}

function percent(chance: number): string {
  return `${(chance * 100).toPrecision(4)}%`
}

function hard(title: string, list: { type: number; because: string }[], types: Selection['types']): string[] {
  if (!list.length) return []
  const shown = list.slice(0, 20).map(({ type, because }) => {
    const { features, people } = types[type] ?? { features: {}, people: [] }
    return `  ${people.length} × ${Object.values(features).join(', ')}: ${because}`
  })
  return [`${title}:`, ...shown, ...(list.length > 20 ? [`  and ${list.length - 20} more types`] : [])]
}

function proved(objective: string): string {
  if (objective === 'nash') return 'No lottery gives a greater product of everyone’s chances. Checked.'
  if (objective === 'goldilocks') return 'No lottery balances the highest chance against the lowest better. Checked.'
  return 'Nobody’s chance can be raised without lowering someone whose chance is the same or worse. Checked.'
}
