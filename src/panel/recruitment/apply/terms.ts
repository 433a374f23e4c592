import { z } from 'zod'
import { read } from '#src/platform/web/form.ts'
import { wordsOf } from '../options.ts'
import { recallOwn } from './own.ts'
import { page } from './page.ts'

const terms = { '0': 'None', '1': 'One term', '2': 'Two terms', '3': 'Three terms' } as const

export const termsForm = z.object({ terms: z.enum(['0', '1', '2', '3'], 'Select how many terms you have served') })
export const termsHint = 'A term is three years. We keep this answer if you go on to apply.'
/** Who has served as many may not apply. */
export const TOO_MANY = '3'

export function termItems(chosen = ''): { value: string; text: string; checked: boolean }[] {
  return Object.entries(terms).map(([value, text]) => ({ value, text, checked: value === chosen }))
}

/** The terms that someone has served, put right from “check your answers”; they are asked before the form begins. */
export const termsServed = page({
  path: 'terms',
  title: 'Terms served on the panel before',
  template: 'eligibility',
  recall: async desk => ({ terms: (await recallOwn(desk, ['termsServed'])).termsServed }),
  view: async ({ round }, form) => ({
    title: round.rules.terms.words,
    field: 'terms',
    hint: 'A term is three years.',
    items: termItems(String(form.terms ?? '')),
  }),
  read: async (_desk, body) => {
    const form = read(termsForm, body)
    if (!form.ok) return form
    if (form.answer.terms === TOO_MANY) return { ok: true, values: {}, detour: '/apply/not-eligible' }
    return { ok: true, values: { termsServed: form.answer.terms } }
  },
  summary: async desk => {
    const held = (await recallOwn(desk, ['termsServed'])).termsServed
    return desk.round.rules.terms.on ? [{ key: 'Terms served on the panel before', value: wordsOf(terms, held) }] : []
  },
})
