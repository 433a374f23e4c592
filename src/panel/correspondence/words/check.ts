import { type LetterName, standardWords } from '../letters.ts'
import { type Case, casesOf, conditionsOf, heldIn, placesOf } from './cases.ts'
import { everywhere, meanings } from './meanings.ts'
import { readPieces } from './passages.ts'

/** What a letter may do without: how people are greeted and how it is signed. */
const spare = new Set(['name', 'panel', 'body', 'round', 'size', 'version'])

/**
 * What is wrong with words that staff wrote for a letter, a sentence each. Whatever the standard words tell a person, such
 * as the day of deletion or whom to complain to, theirs must tell the same person.
 */
export function faultsOf(name: LetterName, body: string): string[] {
  const faults = [...spelling(name, body), ...passages(body)]
  return faults.length ? faults : unkept(name, body)
}

function spelling(name: LetterName, body: string): string[] {
  const places = new Set([...placesOf(name), ...Object.keys(everywhere)])
  const told = conditionsOf(name)
  return readPieces(body).flatMap(piece => {
    if ('text' in piece)
      return /\(\(|\)\)/.test(piece.text) ? 'Close each “((” with “))”, with words from the list between them' : []
    if ('hold' in piece && !places.has(piece.hold))
      return `((${piece.hold})) is not known in this letter: use one from the list`
    if ('only' in piece && !told.includes(piece.only))
      return `((if ${piece.only})) is not known in this letter: use one from the list`
    return []
  })
}

function passages(body: string): string[] {
  let open = ''
  const faults: string[] = []
  for (const piece of readPieces(body)) {
    if ('only' in piece) open = piece.only
    if (!('end' in piece)) continue
    if (!open) faults.push('Put an ((if …)) before each ((end)), or take the ((end)) out')
    open = ''
  }
  return open ? [...faults, `Put ((end)) after the words for ((if ${open}))`] : faults
}

function unkept(name: LetterName, body: string): string[] {
  const standard = standardWords(name).body
  const cases = casesOf(name)
  const say = (placesIn: (one: Case) => string[], sentence: (place: string, where: string) => string) => {
    const found = cases.map(one => ({ one, places: placesIn(one) }))
    return [...new Set(found.flatMap(({ places }) => places))].flatMap(place => {
      const there = found.filter(({ places }) => places.includes(place))
      const isEverywhere = there.length === cases.length
      return isEverywhere ? sentence(place, '') : there.map(({ one }) => sentence(place, whereOf(one)))
    })
  }
  const lacks = (one: Case) => {
    const held = heldIn(body, one)
    return [...heldIn(standard, one)].filter(place => !held.has(place) && !spare.has(place))
  }
  const stray = (one: Case) => {
    const known = heldIn(standard, one)
    return [...heldIn(body, one)].filter(place => !known.has(place) && !(place in everywhere) && place !== 'name')
  }
  return [
    ...say(lacks, (place, where) => `Put ((${place})) back${where}: people need ${meanings[place] ?? 'it'}`),
    ...say(stray, (place, where) => `Take ((${place})) out${where}: it is not known there`),
  ]
}

function whereOf({ only }: Case): string {
  return only ? ` in what people get “if ${only}”` : ' outside the passages'
}
