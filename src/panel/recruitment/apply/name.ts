import { z } from 'zod'
import { line, read } from '#src/platform/web/form.ts'
import { recallOwn } from './own.ts'
import { page } from './page.ts'

export const nameForm = z.object({ name: line('Enter your full name', 'Full name') })

export const name = page({
  path: 'name',
  title: 'What is your name?',
  template: 'name',
  recall: async desk => ({ name: (await recallOwn(desk, ['name'])).name }),
  read: async (_desk, body) => {
    const form = read(nameForm, body)
    return form.ok ? { ok: true, values: { name: form.answer.name } } : form
  },
  summary: async desk => [{ key: 'Name', value: (await recallOwn(desk, ['name'])).name ?? '' }],
})
