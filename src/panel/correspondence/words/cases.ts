import { type LetterDetail, type LetterName, letters, standardWords } from '../letters.ts'
import { asWritten, conditions, everywhere } from './meanings.ts'
import { readPieces, shownPieces } from './passages.ts'

/** One of the ways in which a letter reads: who gets it, and what it holds for an invented person. */
export interface Case {
  /** The condition, as in `((if by email))`; empty where there is none, or it does not hold. */
  only: string
  title: string
  detail: LetterDetail & { name: string }
}

/** The conditions that the standard words of a letter tell apart. */
export function conditionsOf(name: LetterName): string[] {
  const found = readPieces(standardWords(name).body).flatMap(piece => ('only' in piece ? piece.only : []))
  return [...new Set(found)].sort((a, b) => Number(b === 'by email') - Number(a === 'by email'))
}

/** Every way in which a letter can read, with what an invented person would find in it. */
export function casesOf(name: LetterName): Case[] {
  const detail = { ...letters[name].example, name: 'Amina Okafor' }
  const told = conditionsOf(name)
  const cases = told.map(only => ({
    only,
    title: `${only.charAt(0).toUpperCase()}${only.slice(1)}`,
    detail: { ...detail, ...conditions[only]?.example },
  }))
  if (told.length > 1) return cases
  const none = Object.fromEntries(Object.keys(conditions[told[0] ?? '']?.example ?? {}).map(key => [key, false]))
  return [...cases, { only: '', title: told.length ? 'Otherwise' : '', detail: { ...detail, ...none } }]
}

/** The places that words show in one case. */
export function heldIn(body: string, { detail }: Case): Set<string> {
  const shown = shownPieces(readPieces(body), only => conditions[only]?.holds(detail) ?? false)
  return new Set(shown.flatMap(piece => ('hold' in piece ? piece.hold : [])))
}

/** The places that a letter knows, besides those that every letter knows. */
export function placesOf(name: LetterName): string[] {
  const own = casesOf(name).flatMap(one => [...heldIn(standardWords(name).body, one)])
  return [...new Set(['name', ...own.map(asWritten)])].filter(place => !(place in everywhere))
}
