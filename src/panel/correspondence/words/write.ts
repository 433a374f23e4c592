import { join } from 'node:path'
import nunjucks from 'nunjucks'
import { contact } from '#src/promises/notice/contact.ts'
import type { LetterDetail } from '../letters.ts'
import { asWritten, conditions, everywhere } from './meanings.ts'
import { readPieces, shownPieces } from './passages.ts'

/** The words of a letter, and which they are: `standard 2`, or `own 3` of the staff's own. */
export interface Words {
  subject: string
  body: string
  version: string
}

/** Fills words in for one person: paragraphs parted by an empty line. Throws when a value is not there. */
export function write(body: string, detail: LetterDetail): string {
  const values = new Map<string, string>(Object.entries(everywhere))
  for (const [name, value] of Object.entries(detail)) values.set(asWritten(name), String(value))
  const shown = shownPieces(readPieces(body), condition => conditions[condition]?.holds(detail) ?? false)
  const filled = shown.map(piece => {
    if ('text' in piece) return piece.text
    const value = 'hold' in piece ? values.get(piece.hold) : ''
    if (value === undefined) throw new Error('A letter lacks a value that its words need.')
    return value
  })
  const paragraphs = filled.join('').split(/\n\s*\n/)
  return paragraphs
    .map(text => text.trim().replace(/[^\S\n]*\n[^\S\n]*/g, '\n'))
    .filter(Boolean)
    .join('\n\n')
}

const views = new nunjucks.Environment(new nunjucks.FileSystemLoader(join(import.meta.dirname, '..', 'letters')), {
  autoescape: true,
  throwOnUndefined: true,
})

/** A written letter as it goes out: its text, and the same words as HTML. */
export function laidOut(subject: string, written: string): { subject: string; text: string; html: string } {
  const paragraphs = written.split('\n\n').map(text => text.split('\n').map(partsOf))
  return { subject, text: `${written}\n`, html: views.render('layout.html.njk', { paragraphs, contact, subject }) }
}

/** A line as text and web addresses; the full stop after an address is no part of it. */
function partsOf(line: string): { text: string; href: string }[] {
  return line
    .split(/(https?:\/\/\S*[^\s.,;:!?)])/)
    .filter(Boolean)
    .map(text => ({ text, href: /^https?:\/\//.test(text) ? text : '' }))
}
