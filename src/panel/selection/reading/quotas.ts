import type { Fault } from './fault.ts'
import { readTable } from './table.ts'

/** The least and most people of one value of one feature, and how far a mend may move them. */
export type Quota = {
  feature: string
  value: string
  min: number
  max: number
  minFlex?: number
  maxFlex?: number
  line: number
}

const headings = [
  { feature: 'category', value: 'feature' },
  { feature: 'feature', value: 'value' },
]

/** Reads quotas in either heading in use: `category,feature,min,max` or `feature,value,min,max`, each with optional flex. */
export function readQuotas(bytes: Uint8Array, file: string, faults: Fault[]): Quota[] {
  const quotas: Quota[] = []
  const seen = new Map<string, number>()
  let at: Record<string, number> | undefined
  let refused = false
  readTable(bytes, file, faults, ({ line, cells }) => {
    if (refused) return
    if (!at) {
      at = columnsOf(cells)
      refused = !at
      if (refused)
        faults.push({
          file,
          line,
          what: `The heading is “${cells.join(',')}”.`,
          mend: 'It must be category,feature,min,max or feature,value,min,max, with min_flex,max_flex after it if wanted.',
        })
      return
    }
    const cell = (name: string) => cells[at?.[name] ?? -1] ?? ''
    const feature = cell('feature')
    const value = cell('value')
    if (!feature || !value)
      return void faults.push({
        file,
        line,
        what: 'The feature or its value is empty.',
        mend: 'Fill in both, or delete the row.',
      })
    const before = seen.get(JSON.stringify([feature, value]))
    if (before)
      faults.push({
        file,
        line,
        what: `“${feature}: ${value}” stands on line ${before} too.`,
        mend: 'Keep one of the two rows.',
      })
    seen.set(JSON.stringify([feature, value]), line)
    const whole = (name: string, optional = false) => {
      const text = cell(name)
      if (optional && text === '') return undefined
      if (/^\d{1,9}$/.test(text)) return Number(text)
      faults.push({
        file,
        line,
        what: `The ${name} of “${feature}: ${value}” is “${text}”.`,
        mend: 'Write a whole number, 0 or more, in digits.',
      })
      return undefined
    }
    const min = whole('min')
    const max = whole('max')
    const minFlex = whole('min_flex', true)
    const maxFlex = whole('max_flex', true)
    if (min !== undefined && max !== undefined && min > max)
      faults.push({
        file,
        line,
        what: `The min of “${feature}: ${value}” is ${min}, above its max, ${max}.`,
        mend: 'Lower the min or raise the max.',
      })
    if ((minFlex ?? 0) > (min ?? Infinity) || (maxFlex ?? Infinity) < (max ?? 0))
      faults.push({
        file,
        line,
        what: `The flex of “${feature}: ${value}” is narrower than its min and max.`,
        mend: 'min_flex must be at most min, and max_flex at least max.',
      })
    const flex = { ...(minFlex === undefined ? {} : { minFlex }), ...(maxFlex === undefined ? {} : { maxFlex }) }
    quotas.push({ feature, value, min: min ?? 0, max: max ?? 0, ...flex, line })
  })
  if (at && !quotas.length)
    faults.push({
      file,
      what: 'There are no quotas below the heading.',
      mend: 'Add a row for every value of a feature.',
    })
  return quotas
}

function columnsOf(heading: string[]): Record<string, number> | undefined {
  const names = heading.map(name => name.toLowerCase())
  const form = headings.find(({ feature, value }) => names.includes(feature) && names.includes(value))
  if (!form || !names.includes('min') || !names.includes('max')) return undefined
  const at = Object.fromEntries(names.map((name, index) => [name, index]))
  return { ...at, feature: names.indexOf(form.feature), value: names.indexOf(form.value) }
}
