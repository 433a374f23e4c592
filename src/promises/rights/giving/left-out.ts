import { z } from 'zod'
import type { AccessCopy } from '../copy.ts'

/** What stands in a copy where something of others was. */
export const mark = '[left out]'

/** Something of other people that is left out of a copy: some words of a value, or all of it when there are none. */
export const leftOut = z.object({ id: z.string(), field: z.string(), words: z.string(), why: z.string() })
export type LeftOut = z.output<typeof leftOut>

/** Whether words stand in a value, however they are spelled there. */
export function standIn(value: string, words: string): boolean {
  return patternOf(value, words) !== undefined
}

/** The copy without what is left out; each value that lacks something says why. */
export function without(copy: AccessCopy, out: readonly LeftOut[]): AccessCopy {
  const values = copy.values.map(one => {
    const mine = out.filter(each => each.field === one.field)
    if (!mine.length) return one
    const value = mine.some(each => !each.words)
      ? mark
      : mine.reduce((text, { words }) => text.replaceAll(patternOf(text, words) ?? /$^/g, mark), one.value)
    return { ...one, value, takenOut: [...new Set(mine.map(each => each.why))].join('; ') }
  })
  const whole = new Set(out.filter(each => !each.words).map(each => each.field))
  return { ...copy, values, files: copy.files.filter(file => !whole.has(file.name)) }
}

/** The words as they stand in the value: in structured values a quotation mark or a new line is written another way. */
function patternOf(value: string, words: string): RegExp | undefined {
  for (const written of [words, JSON.stringify(words).slice(1, -1)]) {
    const pattern = new RegExp(written.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/\s+/g, '\\s+'), 'giu')
    if (pattern.test(value)) return new RegExp(pattern)
  }
  return undefined
}

const signs: readonly RegExp[] = [
  /\b[\w.+-]+@[\w-]+\.[\w.-]+\b/g,
  /(?<!\d)(?:\+44|0)[\d ]{9,12}\d\b/g,
  /\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? [A-Z][\p{L}’'-]+(?: [A-Z][\p{L}’'-]+)?/gu,
  /(?<=[\p{L},] )[A-Z][\p{Ll}’'-]+ [A-Z][\p{Ll}’'-]+/gu,
]

/** What looks like someone else in the words of a value: an address, a number, a name. A person looks, and decides. */
export function looksLikeOthers(copy: AccessCopy, field: string): string[] {
  const own = copy.values.filter(one => plain.has(one.field)).map(one => one.value.toLowerCase())
  const value = plain.has(field) ? '' : (copy.values.find(one => one.field === field)?.value ?? '')
  const found = signs.flatMap(sign => [...value.matchAll(sign)].map(([text]) => text))
  return [...new Set(found)].filter(text => !own.some(mine => mine.includes(text.toLowerCase())))
}
const plain = new Set(['name', 'email', 'phone', 'landlord', 'address', 'area', 'channel', 'addressChanges'])
