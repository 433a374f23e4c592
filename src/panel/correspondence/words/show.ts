import { sayInstant } from '#src/platform/calendar/london.ts'
import { type LetterName, writeLetter } from '../letters.ts'
import { type Case, casesOf, conditionsOf, placesOf } from './cases.ts'
import { everywhere, meanings } from './meanings.ts'
import type { Version } from './versions.ts'
import type { Words } from './write.ts'

/** Letters are named in addresses with hyphens. */
export function slug(text: string): string {
  return text.replaceAll(' ', '-')
}

/** How a letter reads in one of its cases, the first unless another is asked for. */
export function previewOf(name: LetterName, words: Words, asked: unknown) {
  const cases = casesOf(name)
  const at = Math.max(
    0,
    cases.findIndex(one => caseSlug(one) === asked),
  )
  const shown = cases[at] ?? { only: '', title: '', detail: { name: 'Amina Okafor' } }
  return {
    ...writeLetter(name, shown.detail, undefined, words),
    case: caseSlug(shown),
    cases: cases.length > 1 ? cases.map(one => ({ text: one.title, slug: caseSlug(one), current: one === shown })) : [],
    onPaper: shown.only !== 'by email',
    byEmail: shown.only !== 'by post or phone',
  }
}

function caseSlug(one: Case): string {
  return slug(one.title.toLowerCase())
}

/** What may stand between double brackets, as the page explains it. */
export function bracketsOf(name: LetterName) {
  const explained = (place: string) => ({ place, means: meanings[place] ?? '' })
  return {
    places: placesOf(name).map(explained),
    everywhere: Object.keys(everywhere).map(explained),
    conditions: conditionsOf(name),
  }
}

/** Which words, as people say it: "Your own, version 3". */
export function sayVersion(version: string): string {
  const [kind, number] = version.split(' ')
  return `${kind === 'own' ? 'Our own words' : 'Standard words'}, version ${number}`
}

/** The story of a letter's words, the newest first, with the names of who wrote and used them. */
export function storyOf(versions: readonly Version[], names: ReadonlyMap<string, string>, sent: Map<string, number>) {
  const who = (id: string | null) => (id && names.get(id)) || 'someone who has left'
  return versions.map(one => ({
    number: one.number,
    isStandard: one.body === null,
    written: `${who(one.written_by)}, ${sayInstant(one.written_at)}`,
    used: one.used_at ? `${who(one.used_by)}, ${sayInstant(one.used_at)}` : '',
    sent: sent.get(`own ${one.number}`) ?? 0,
  }))
}
