import { z } from 'zod'
import { read } from '#src/platform/web/form.ts'
import { councilByCode, councils, regionOf } from '../councils.ts'
import { recallOwn } from './own.ts'
import { page } from './page.ts'

export const areaForm = z.object({
  area: z
    .string('Select your council area')
    .refine(code => councilByCode(code) !== undefined, 'Select your council area'),
})

export const area = page({
  path: 'area',
  title: 'Which council area do you live in?',
  template: 'area',
  recall: async desk => recallOwn(desk, ['area']),
  view: async (_desk, form) => ({
    councils: [
      { value: '', text: 'Choose a council area' },
      ...councils.map(({ code, name }) => ({ value: code, text: name, selected: form.area === code })),
    ],
  }),
  read: async (_desk, body) => {
    const form = read(areaForm, body)
    return form.ok ? { ok: true, values: { area: form.answer.area } } : form
  },
  summary: async desk => {
    const { area: code = '' } = await recallOwn(desk, ['area'])
    const council = councilByCode(code)
    return [{ key: 'Council area', value: council ? `${council.name} (${regionOf(code)})` : '' }]
  },
})
