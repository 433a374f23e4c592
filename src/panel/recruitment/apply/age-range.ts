import { z } from 'zod'
import { read } from '#src/platform/web/form.ts'
import { ageRanges, codesOf, itemsOf, wordsOf } from '../options.ts'
import { recallOwn } from './own.ts'
import { page } from './page.ts'

export const ageRangeForm = z.object({ ageRange: z.enum(codesOf(ageRanges)).optional().catch(undefined) })

export const ageRange = page({
  path: 'age-range',
  title: 'What is your age range? (optional)',
  template: 'age-range',
  recall: async desk => recallOwn(desk, ['ageRange']),
  view: async (_desk, form) => ({ items: itemsOf(ageRanges, String(form.ageRange ?? '')) }),
  read: async (_desk, body) => {
    const form = read(ageRangeForm, body)
    return form.ok ? { ok: true, values: { ageRange: form.answer.ageRange } } : form
  },
  summary: async desk => [
    { key: 'Age range', value: wordsOf(ageRanges, (await recallOwn(desk, ['ageRange'])).ageRange) },
  ],
})
