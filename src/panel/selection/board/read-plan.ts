import { refuse } from '#src/platform/web/form.ts'
import { textOf } from '../../recruitment/rounds/desk.ts'
import { features } from './features.ts'
import { referenceOf } from './reference.ts'

/** Reads size, reserves and quotas as an officer typed them; a sentence for each that cannot be. */
export function readPlan(fields: { [field: string]: unknown }) {
  const number = (field: string) => textOf(fields, field).replace(/[\s,]/g, '')
  const whole = (field: string) => (/^\d{1,5}$/.test(number(field)) ? Number(number(field)) : undefined)
  const faults: Record<string, string> = {}
  const size = whole('size')
  const reserves = whole('reserves')
  if (!size) faults.size = 'The number of members must be a whole number, 1 or more'
  if (reserves === undefined) faults.reserves = 'The number of reserves must be a whole number, 0 or more'
  const quotas = features.flatMap(feature =>
    Object.entries(feature.values).map(([value, words]) => {
      const field = `${feature.name}-${value}`
      const min = number(`${field}-min`) ? whole(`${field}-min`) : 0
      const max = number(`${field}-max`) ? whole(`${field}-max`) : null
      if (min === undefined) faults[`${field}-min`] = `The least for “${words}” must be a whole number, or empty`
      else if (max === undefined) faults[`${field}-max`] = `The most for “${words}” must be a whole number, or empty`
      else if (max !== null && min > max)
        faults[`${field}-min`] = `The least for “${words}” must not be more than the most`
      return { feature: feature.name, value, min: min ?? 0, max: max ?? null }
    }),
  )
  if (Object.keys(faults).length || !size || reserves === undefined)
    return { ok: false as const, refusal: refuse(faults) }
  const { code } = referenceOf(textOf(fields, 'reference'))
  return { ok: true as const, plan: { size, reserves, reference: code, quotas } }
}
